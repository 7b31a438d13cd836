"""How a cell's answer is written in a form, and read from it: the same on the page and in a single saving."""

import uuid
from typing import Any

from django import forms

from proposals.models import Answer
from proposals.services.answers import CellAnswer, Recommendation, risk_answer
from t2eval.text import TextLines

ABSENCES = {"nei": Answer.NOT_ENOUGH_INFORMATION, "na": Answer.NOT_APPLICABLE}
UNKNOWN = "nei"
LEVEL_NAMES = ("likelihood", "consequence")


def score_said(answer: str, grade: int | None, **words: Any) -> CellAnswer | None:
    """A score, an absence, or words that came before an answer; None for nothing at all."""
    if answer in ABSENCES:
        return CellAnswer(ABSENCES[answer], **words)
    if answer:
        return CellAnswer(Answer.SCORED, value=int(answer), grade=grade, **words)
    return CellAnswer(Answer.OPEN, **words) if any(words.values()) else None


def score_typed(said: CellAnswer) -> str:
    if said.is_open:
        return ""
    return {kind: typed for typed, kind in ABSENCES.items()}.get(said.answer) or str(said.value)


def level_said(likelihood: str, consequence: str, **words: Any) -> CellAnswer | None:
    """Two levels, each a figure, not known, or open; None for nothing at all."""
    typed = dict(zip(LEVEL_NAMES, (likelihood, consequence), strict=True))
    open_levels = [name for name, level in typed.items() if level == ""]
    if len(open_levels) == len(typed) and not any(words.values()):
        return None
    known = {name: int(level) for name, level in typed.items() if level not in {"", UNKNOWN}}
    open_level = "both" if len(open_levels) == len(typed) else "".join(open_levels)
    return risk_answer(known.get("likelihood"), known.get("consequence"), open_level=open_level, **words)


def levels_typed(said: CellAnswer) -> dict[str, str]:
    def typed(name: str) -> str:
        level = getattr(said, name)
        if level is not None:
            return str(level)
        return "" if said.open_level in {name, "both"} else UNKNOWN

    return {name: typed(name) for name in LEVEL_NAMES}


class Citations(forms.Field):
    """Evidence by its ids; whether the proposal has it is for the service to say."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> frozenset[uuid.UUID]:
        try:
            return frozenset(uuid.UUID(one) for one in value or ())
        except ValueError as error:
            raise forms.ValidationError("This is not the id of a piece of evidence.") from error


class CellPost(forms.Form):
    """One cell as the scoring page sends it by itself: a score has an answer, a risk two levels."""

    answer = forms.RegexField(r"^(\d|nei|na)$", required=False)
    grade = forms.TypedChoiceField(
        choices=[(str(grade), "") for grade in range(5)], required=False, coerce=int, empty_value=None
    )
    likelihood = forms.RegexField(r"^(\d|nei)$", required=False)
    consequence = forms.RegexField(r"^(\d|nei)$", required=False)
    rationale = TextLines(required=False, max_length=4000)
    citations = Citations(required=False)

    @property
    def said(self) -> CellAnswer | None:
        typed = self.cleaned_data
        words = {name: typed[name] for name in ("rationale", "citations")}
        if "likelihood" in self.data or "consequence" in self.data:
            return level_said(typed["likelihood"], typed["consequence"], **words)
        return score_said(typed["answer"], typed["grade"], **words)


class RecommendationPost(forms.Form):
    """The recommendation as the scoring page sends it by itself; which bands there are, the service knows."""

    recommendation = forms.SlugField(required=False, max_length=80)
    recommendation_reason = TextLines(required=False, max_length=3000)

    @property
    def said(self) -> Recommendation:
        return Recommendation(self.cleaned_data["recommendation"], self.cleaned_data["recommendation_reason"])
