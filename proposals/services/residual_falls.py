"""What meeting a condition does to risk: by how much each residual falls, written in one way for pages and memos."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from proposals.models import Assessment
from proposals.services.index_figures import read_exact
from rubrics.scoring.figures import one_place
from rubrics.scoring.spec import Value
from rubrics.services.words import RubricWords

SMALLEST_FALL = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Fall:
    """The residual of one risk before and after; a fall that no figure shows is none."""

    risk: str
    figures: str

    def __str__(self) -> str:
        return f"{self.risk}: {self.figures}"


def falls(words: RubricWords, residuals: Iterable[tuple[str, Value | None, Value | None]]) -> Iterator[Fall]:
    """Those worth a figure, from the key of each risk with its residual before and after."""
    limits = [Fraction(str(limit)) for section in words.of_rule("residual_risk") for limit in section["risk_bands"]]
    for key, before, after in residuals:
        if isinstance(before, Fraction) and isinstance(after, Fraction) and before - after >= SMALLEST_FALL:
            was, then = one_place(before, limits), one_place(after, limits)
            if was != then:
                yield Fall(words.title(key), f"{was} → {then}")


def stored_falls(assessment: Assessment, words: RubricWords, mitigation: str) -> list[Fall]:
    """Of a condition of a stored assessment, in the order of the rubric. One stored before falls were has none."""
    before = assessment.exact.get("risks", {})
    after = assessment.exact.get("residuals_after", {}).get(mitigation, {})
    keys = [key for key in words.section_of if key in before and key in after]
    return list(falls(words, ((key, read_exact(before[key]["residual"]), read_exact(after[key])) for key in keys)))


def residuals_sentence(found: Iterable[Fall]) -> str:
    """As a sentence of a memo; empty without a fall."""
    written = "; ".join(f"{fall.risk.lower()}: {fall.figures}" for fall in found)
    return f"Lowers the residual of {written}." if written else ""
