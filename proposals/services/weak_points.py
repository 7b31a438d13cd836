"""What is weak enough for a condition of the grant: one rule for the assessment's page, the words and the memo."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rubrics.services.words import RubricWords

WEAK = 2
SOUND = 3
SMALLEST_GAIN = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class WeakCell:
    """An answer on convening or transfer of 2 or less; `side` is empty where the criterion is undivided."""

    section: str
    item: str
    side: str
    value: Fraction
    proof: str


def side_sections(words: RubricWords) -> list[dict[str, Any]]:
    """The sections that ask about each side: convening and transfer in the default rubric."""
    return [section for section in words.of_rule("mean") if any(item.get("per_side") for item in section["criteria"])]


def weak_cells(words: RubricWords, criteria: Mapping[str, Any], sides: Iterable[str]) -> Iterator[WeakCell]:
    """Every weak answer among stored results, in the order of the rubric and of the sides, with the proof to bring."""
    order = list(sides)
    for section in side_sections(words):
        for item in section["criteria"]:
            for side, value in values_of(criteria.get(item["key"], {}), order):
                if not isinstance(value, str) and value <= WEAK:
                    proof = words.anchor(item["key"], SOUND)
                    yield WeakCell(section["key"], item["key"], side, Fraction(str(value)), proof)


def values_of(criterion: Mapping[str, Any], sides: Iterable[str]) -> list[tuple[str, Any]]:
    """The stored value of each side in the order of sides; of an undivided criterion its one value, under no side.

    A database keeps the keys of JSON in an order of its own.
    """
    if "sides" in criterion:
        return [(side, criterion["sides"][side]) for side in sides if side in criterion["sides"]]
    return [("", criterion["value"])] if "value" in criterion else []


def level_to_reach(words: RubricWords, mitigation: str) -> int:
    """The whole level that a condition asks of a mitigation: the condition level of its section, rounded up."""
    section = next(section for section in words.sections if section["key"] == words.section_of[mitigation])
    return math.ceil(Fraction(str(section["condition_level"])))


def is_worth_a_number(gain: Fraction | None) -> bool:
    """Gains of the index below half a point are not worth a number."""
    return gain is not None and gain >= SMALLEST_GAIN


def gain_of(condition: Mapping[str, Any]) -> Fraction | None:
    """What a stored condition adds to the index, where it is worth a number."""
    stored = condition["index_gain"]
    gain = None if stored is None else Fraction(str(stored))
    return gain if is_worth_a_number(gain) else None
