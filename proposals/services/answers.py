"""What an officer says in one cell, apart from where it is kept; and which evidence grade it may claim."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from proposals.models import Answer
from rubrics.models import RubricVersion

UNCITED_GRADE = 1
EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """A value with its grade, the two levels of a risk, an absence, or words that came before an answer (open).

    A level that is None is not known, but for one that `open_level` names, which is not answered yet. A scored cell
    without a grade claims the best that its evidence carries.
    """

    answer: Answer
    value: int | None = None
    grade: int | None = None
    likelihood: int | None = None
    consequence: int | None = None
    open_level: str = ""
    rationale: str = ""
    citations: frozenset[uuid.UUID] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.answer == Answer.OPEN


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The judgement as a whole: the key of a band, empty while there is none, and why."""

    band: str = ""
    reason: str = ""


NOT_ENOUGH_INFORMATION = CellAnswer(Answer.NOT_ENOUGH_INFORMATION)


def as_unknown(said: CellAnswer | None) -> CellAnswer:
    """Not enough information where nothing was answered, with the words that were written."""
    if said is None:
        return NOT_ENOUGH_INFORMATION
    if not said.is_open:
        return said
    return replace(said, answer=Answer.NOT_ENOUGH_INFORMATION, likelihood=None, consequence=None, open_level="")


def risk_answer(likelihood: int | None, consequence: int | None, *, open_level: str = "", **words: Any) -> CellAnswer:
    """Two levels as one answer: open while one is not answered, not enough information where neither is known."""
    answer = Answer.SCORED
    if open_level:
        answer = Answer.OPEN
    elif likelihood is None and consequence is None:
        answer = Answer.NOT_ENOUGH_INFORMATION
    return CellAnswer(answer, likelihood=likelihood, consequence=consequence, open_level=open_level, **words)


def version_of(said: CellAnswer | Recommendation | None) -> str:
    """What names this content, to tell whether it is still the one that somebody saw. Equal content, equal version."""
    if said is None:
        return EMPTY
    facts = asdict(said)
    if isinstance(said, CellAnswer):
        facts["citations"] = sorted(str(cited) for cited in said.citations)
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:20]


def answer_json(said: CellAnswer | None, numbers: Mapping[uuid.UUID, int]) -> dict[str, Any] | None:
    """An answer as the history of a scorecard keeps it: evidence by its number."""
    if said is None:
        return None
    cited = sorted(numbers[cited] for cited in said.citations)
    return {**asdict(said), "answer": said.answer.value, "citations": cited}


def recommendation_json(said: Recommendation) -> dict[str, str]:
    return {"recommendation": said.band, "reason": said.reason}


def highest_grade(citations: Iterable[uuid.UUID], grades: Mapping[uuid.UUID, int]) -> int:
    """The best grade that a score citing this evidence may claim; with nothing cited, the organizer's own word."""
    return max((grades[cited] for cited in citations), default=UNCITED_GRADE)


def cap_note(version: RubricVersion, value: int | None, grade: int | None) -> str:
    """The sentence that says what the evidence cap does to a score; empty where it does nothing.

    With caps 2, 2, 3, 4, 4 a score of 4 on E1: "A 4 needs E3; this rests on E1: counted as 2."
    """
    if value is None or grade is None or value <= version.evidence_caps[grade]:
        return ""
    enough = next((grade for grade, cap in enumerate(version.evidence_caps) if cap >= value), None)
    needed = f"A {value} needs E{enough}" if enough is not None else f"No evidence carries a {value}"
    return f"{needed}; this rests on E{grade}: counted as {version.evidence_caps[grade]}."


def headline(said: CellAnswer) -> str:
    """The answer in two or three words: "3, E2", "likelihood 2, consequence not known", "Open"."""
    if said.value is not None:
        return f"{said.value}, E{said.grade}"
    if said.answer == Answer.SCORED or said.open_level in {"likelihood", "consequence"}:
        levels = {"likelihood": said.likelihood, "consequence": said.consequence}
        return ", ".join(f"{name} {_level(said, name, level)}" for name, level in levels.items())
    return str(said.answer.label)


def _level(said: CellAnswer, name: str, level: int | None) -> str:
    if level is None:
        return "open" if said.open_level == name else "not known"
    return str(level)
