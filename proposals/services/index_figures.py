"""The figures of a stored assessment as they are written everywhere: from the exact values, by one function."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from proposals.models.assessment import MethodResult
from rubrics.scoring.figures import one_place
from rubrics.services.words import RubricWords

NO_OPEN_ANSWERS = "no open answers"


def band_limits(words: RubricWords) -> list[Fraction]:
    """Where bands begin: an index is written so that one sees on which side of each it lies."""
    return [Fraction(str(band["min"])) for band in words.document["bands"]]


def read_exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def written_range(low: str, high: str, *, has_missing: bool) -> str:
    """Of two bounds as they are written; empty where there is no index."""
    if not low:
        return ""
    return f"{low}–{high}" if has_missing else NO_OPEN_ANSWERS


class IndexFigures:
    """Index, bounds, and what each section and officer has; empty where there is no value."""

    def __init__(self, assessment: MethodResult, limits: Iterable[Fraction]) -> None:
        self._exact: dict[str, Any] = assessment.exact
        self._limits = list(limits)
        self._has_missing = bool(assessment.detail["missing"])

    def _written(self, text: str | None) -> str:
        return one_place(read_exact(text), self._limits)

    @property
    def index(self) -> str:
        return self._written(self._exact["index"])

    @property
    def low(self) -> str:
        return self._written(self._exact["index_low"])

    @property
    def high(self) -> str:
        return self._written(self._exact["index_high"])

    @property
    def range(self) -> str:
        return written_range(self.low, self.high, has_missing=self._has_missing)

    def officer(self, key: str) -> str:
        return self._written(self._exact["officers"][key])

    def section(self, key: str) -> Fraction | None:
        return read_exact(self._exact["sections"][key])

    def section_of(self, officer: str, key: str) -> Fraction | None:
        return read_exact(self._exact.get("officer_sections", {}).get(officer, {}).get(key))
