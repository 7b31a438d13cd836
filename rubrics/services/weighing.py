"""The weights of a document as exact numbers, what each counts among its siblings, and how they are written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rubrics.scoring.weights import to_hundred
from rubrics.services.draft_parts import plain

NOUNS = {"criteria": ("criterion", "criteria"), "risks": ("risk", "risks")}


@dataclass(frozen=True, slots=True)
class Parts:
    """How many criteria, or risks, a section is made of."""

    count: int
    noun: str

    def __str__(self) -> str:
        return f"{self.count} {self.noun}"


def weights_of(parts: Iterable[Mapping[str, Any]]) -> dict[str, Fraction]:
    """The weights of sections, or of the criteria of one, by key."""
    return {part["key"]: Fraction(str(part["weight"])) for part in parts}


def parts_of(document: Mapping[str, Any]) -> dict[str, Parts]:
    """What each section is made of: criteria, or risks where it has none."""
    return {section["key"]: _parts(section) for section in document["sections"]}


def _parts(section: Mapping[str, Any]) -> Parts:
    name = "criteria" if "criteria" in section else "risks"
    count = len(section[name])
    return Parts(count, NOUNS[name][count != 1])


def in_hundredths(weight: Fraction) -> str:
    """Write a weight that lies on a step of 0.01: "33.34", "20"."""
    return plain(Decimal(weight.numerator) / Decimal(weight.denominator))


def to_show(weights: Mapping[str, Fraction]) -> dict[str, str]:
    """The weights as bars show them: in hundredths that sum to 100, whatever they were stored as."""
    return {key: in_hundredths(weight) for key, weight in to_hundred(weights).items()} if weights else {}


def is_shown_exactly(weights: Mapping[str, Fraction]) -> bool:
    """Whether bars show the weights as they are stored."""
    return not weights or to_hundred(weights) == weights
