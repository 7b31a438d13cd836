"""Likelihood against consequence, with the expected loss of each pair before mitigation, as the version has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rubrics.models import Section
from rubrics.scoring.figures import one_place
from rubrics.scoring.risk import BANDS, LOWEST_CATASTROPHIC


@dataclass(frozen=True, slots=True)
class Square:
    """One pair of levels. `inherent` is in points of expected loss, 0 to 100."""

    likelihood: int
    consequence: int
    inherent: str
    band: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.likelihood}-{self.consequence}"


@dataclass(frozen=True, slots=True)
class Line:
    likelihood: int
    squares: tuple[Square, ...]


def risk_grid(section: Section) -> list[Line]:
    """The likeliest on top, the mildest consequence on the left."""
    probability, loss = section.probability or [], section.loss or []
    return [
        Line(level, tuple(_square(section, level, consequence) for consequence in range(len(loss))))
        for level in range(len(probability), 0, -1)
    ]


def _square(section: Section, likelihood: int, consequence: int) -> Square:
    probability, loss = section.probability or [], section.loss or []
    inherent = Fraction(str(probability[likelihood - 1])) * Fraction(str(loss[consequence]))
    limits = [Fraction(str(limit)) for limit in section.risk_bands or []]
    place = sum(inherent >= limit for limit in limits)
    if section.catastrophic_from is not None and consequence >= section.catastrophic_from:
        place = max(place, LOWEST_CATASTROPHIC)
    anchors = section.anchors or {}
    likely = _words(anchors.get("likelihood", []), likelihood - 1)
    bad = _words(anchors.get("consequence", []), consequence)
    words = f"{likelihood}: {likely}; {consequence}: {bad}; before mitigation {BANDS[place]}"
    return Square(likelihood, consequence, one_place(inherent, limits), BANDS[place], words)


def _words(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""
