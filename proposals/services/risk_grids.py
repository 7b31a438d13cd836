"""Likelihood against consequence, with the expected loss of each pair before mitigation, as the version has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Scales:
    """What of a section the grid is made from."""

    probability: tuple[Fraction, ...]
    loss: tuple[Fraction, ...]
    limits: tuple[Fraction, ...]
    catastrophic_from: Decimal | None
    likelihood_words: tuple[str, ...]
    consequence_words: tuple[str, ...]


def risk_grid(section: Section) -> list[Line]:
    """The likeliest on top, the mildest consequence on the left."""
    anchors = section.anchors or {}
    scales = Scales(
        _exact(section.probability),
        _exact(section.loss),
        _exact(section.risk_bands),
        section.catastrophic_from,
        tuple(anchors.get("likelihood", ())),
        tuple(anchors.get("consequence", ())),
    )
    return list(_lines(scales))


def _exact(numbers: Iterable[Any] | None) -> tuple[Fraction, ...]:
    return tuple(Fraction(str(number)) for number in numbers or ())


@lru_cache(maxsize=16)
def _lines(scales: Scales) -> tuple[Line, ...]:
    """Kept, since every risk of every scoring page shows it."""
    levels = range(len(scales.probability), 0, -1)
    return tuple(Line(level, tuple(_square(scales, level, bad) for bad in range(len(scales.loss)))) for level in levels)


def _square(scales: Scales, likelihood: int, consequence: int) -> Square:
    inherent = scales.probability[likelihood - 1] * scales.loss[consequence]
    place = sum(inherent >= limit for limit in scales.limits)
    if scales.catastrophic_from is not None and consequence >= scales.catastrophic_from:
        place = max(place, LOWEST_CATASTROPHIC)
    likely, bad = _words(scales.likelihood_words, likelihood - 1), _words(scales.consequence_words, consequence)
    words = f"{likelihood}: {likely}; {consequence}: {bad}; before mitigation {BANDS[place]}"
    return Square(likelihood, consequence, one_place(inherent, scales.limits), BANDS[place], words)


def _words(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""
