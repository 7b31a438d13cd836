"""The form of one cell of a scorecard."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField

from proposals.models import Answer, Evidence, Grade
from proposals.services.answers import CellAnswer, cap_note, headline, highest_grade
from proposals.services.grids import Grid, GridCell

OPEN = ("", "Open")
UNKNOWN = ("nei", "Not enough information")
NOT_APPLICABLE = ("na", "Not applicable")
ABSENCES = {"nei": Answer.NOT_ENOUGH_INFORMATION, "na": Answer.NOT_APPLICABLE}

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Sources:
    """What the cells' forms draw on: the grid, and the evidence that may be cited."""

    grid: Grid
    evidence: Sequence[Evidence]
    choices: Choices = field(init=False)
    grades: Mapping[uuid.UUID, int] = field(init=False)
    numbers: Mapping[uuid.UUID, int] = field(init=False)

    def __post_init__(self) -> None:
        choices = [(str(item.pk), f"[{item.number}] E{item.grade} {item.claim}") for item in self.evidence]
        object.__setattr__(self, "choices", choices)
        object.__setattr__(self, "grades", {item.pk: item.grade for item in self.evidence})
        object.__setattr__(self, "numbers", {item.pk: item.number for item in self.evidence})


@dataclass(frozen=True, slots=True)
class Option:
    """A radio, box or entry of a list, ready to be written out."""

    value: str
    label: str
    id: str
    is_chosen: bool


class CellForm(forms.Form):
    """What every cell takes. `said` is the cleaned answer, None while the cell is open."""

    rationale = forms.CharField(
        label="Reason", required=False, max_length=4000, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )
    citations = forms.TypedMultipleChoiceField(
        label="Evidence cited", required=False, coerce=uuid.UUID, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, cell: GridCell, sources: Sources, said: CellAnswer | None, **kwargs: Any) -> None:
        super().__init__(
            prefix=cell.key, initial=self.initial_from(said) if said else {}, use_required_attribute=False, **kwargs
        )
        self.cell, self.sources, self.stored = cell, sources, said
        citations = self.fields["citations"]
        if isinstance(citations, forms.TypedMultipleChoiceField):
            citations.choices = sources.choices

    @staticmethod
    def initial_from(said: CellAnswer) -> dict[str, Any]:
        return {"rationale": said.rationale, "citations": [str(pk) for pk in said.citations]}

    @property
    def said(self) -> CellAnswer | None:
        said: CellAnswer | None = self.cleaned_data.get("said")
        return said

    @property
    def is_answered(self) -> bool:
        """Whether an answer stands in the form as shown: typed, else stored."""
        names = [name for name in ("answer", "likelihood") if name in self.fields]
        return any(self[name].value() not in (None, "") for name in names)

    def options(self, name: str) -> list[Option]:
        """What may be chosen in a field, with what is chosen as it stands in the form."""
        value = self[name].value()
        chosen = {str(one) for one in value} if isinstance(value, list) else {"" if value is None else str(value)}
        choices = getattr(self.fields[name], "choices", [])
        return [
            Option(str(key), str(label), f"{self[name].auto_id}_{place}", str(key) in chosen)
            for place, (key, label) in enumerate(choices)
        ]

    @property
    def citation_options(self) -> list[Option]:
        return self.options("citations")

    @property
    def is_risk(self) -> bool:
        return isinstance(self, RiskForm)

    @property
    def cap_note(self) -> str:
        """What the cap does to the saved answer, while the page still shows that one."""
        if self.stored is None or (self.is_bound and self._differs()):
            return ""
        return cap_note(self.sources.grid.version, self.stored.value, self.stored.grade)

    @property
    def cited_count(self) -> int:
        return len(self["citations"].value() or [])

    @property
    def clash(self) -> str:
        """What the saved scorecard says here, where that differs from what is typed."""
        return describe(self.stored, self.sources.numbers) if self.is_bound and self._differs() else ""

    def _differs(self) -> bool:
        return not self.is_valid() or self.said != self.stored

    def _common(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {"rationale": cleaned.get("rationale", ""), "citations": frozenset(cleaned.get("citations", ()))}

    def _refuse_words_without_answer(self, cleaned: Mapping[str, Any], name: str, message: str) -> None:
        if cleaned.get("rationale") or cleaned.get("citations"):
            self.add_error(name, message)


class ScoreForm(CellForm):
    """A criterion (of a side) or a mitigation: 0 to the top score with a grade, or an absence."""

    answer = forms.ChoiceField(label="Score", required=False, widget=forms.RadioSelect)
    grade = forms.TypedChoiceField(label="Evidence grade", required=False, coerce=int, empty_value=None)

    def __init__(self, cell: GridCell, sources: Sources, said: CellAnswer | None, **kwargs: Any) -> None:
        super().__init__(cell, sources, said, **kwargs)
        absences = [UNKNOWN, NOT_APPLICABLE] if cell.not_applicable_allowed else [UNKNOWN]
        scores = [(str(level), str(level)) for level in range(sources.grid.version.top_score + 1)]
        choose(self.fields["answer"], [*scores, *absences, OPEN])
        as_cited = said is not None and said.grade == highest_grade(said.citations, sources.grades)
        if as_cited:  # stays as cited, so that better evidence raises it at the next save
            self.initial["grade"] = None
        label = f"As cited: E{said.grade}" if said is not None and as_cited else "As cited"
        choose(self.fields["grade"], [("", label), *((str(value), label) for value, label in Grade.choices)])

    @property
    def scale(self) -> list[Option]:
        return [option for option in self.options("answer") if option.value.isdigit()]

    @property
    def absences(self) -> list[Option]:
        return [option for option in self.options("answer") if not option.value.isdigit()]

    @property
    def grade_options(self) -> list[Option]:
        return self.options("grade")

    @staticmethod
    def initial_from(said: CellAnswer) -> dict[str, Any]:
        absence = {kind: key for key, kind in ABSENCES.items()}.get(said.answer)
        answer = absence or str(said.value)
        return {**CellForm.initial_from(said), "answer": answer, "grade": said.grade}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answer = cleaned.get("answer", "")
        if answer == "" and "answer" in cleaned:
            self._refuse_words_without_answer(cleaned, "answer", "Choose an answer for the reason or evidence given.")
        elif answer in ABSENCES:
            cleaned["said"] = CellAnswer(ABSENCES[answer], **self._common(cleaned))
        elif answer:
            common = self._common(cleaned)
            grade = self._grade(cleaned.get("grade"), common["citations"])
            cleaned["said"] = CellAnswer(Answer.SCORED, value=int(answer), grade=grade, **common)
        return cleaned

    def _grade(self, chosen: int | None, citations: Iterable[uuid.UUID]) -> int:
        best = highest_grade(citations, self.sources.grades)
        if chosen is not None and chosen > best:
            self.add_error(
                "grade", f"E{chosen} needs evidence of grade E{chosen} or better: cite it below or choose E{best}."
            )
        return best if chosen is None else chosen


class RiskForm(CellForm):
    """A risk before mitigation: how likely, and how bad; either level may be unknown."""

    likelihood = forms.ChoiceField(label="Likelihood", required=False, widget=forms.RadioSelect)
    consequence = forms.ChoiceField(label="Consequence", required=False, widget=forms.RadioSelect)

    def __init__(self, cell: GridCell, sources: Sources, said: CellAnswer | None, **kwargs: Any) -> None:
        super().__init__(cell, sources, said, **kwargs)
        words = cell.section.anchors or {}
        likelihoods = levels(1, len(cell.section.probability or []), words.get("likelihood", []))
        consequences = levels(0, len(cell.section.loss or []), words.get("consequence", []))
        choose(self.fields["likelihood"], [*likelihoods, UNKNOWN, OPEN])
        choose(self.fields["consequence"], [*consequences, UNKNOWN, OPEN])

    @property
    def scales(self) -> list[tuple[BoundField, list[Option]]]:
        return [(self[name], self.options(name)) for name in ("likelihood", "consequence")]

    @staticmethod
    def initial_from(said: CellAnswer) -> dict[str, Any]:
        shown = {name: getattr(said, name) for name in ("likelihood", "consequence")}
        return {
            **CellForm.initial_from(said),
            **{name: "nei" if level is None else str(level) for name, level in shown.items()},
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "likelihood" not in cleaned or "consequence" not in cleaned:
            return cleaned
        open_levels = [name for name in ("likelihood", "consequence") if cleaned[name] == ""]
        if len(open_levels) == 1:
            self.add_error(open_levels[0], f"Choose the {open_levels[0]} too, or that it is not known.")
        elif open_levels:
            self._refuse_words_without_answer(
                cleaned, "likelihood", "Choose both levels for the reason or evidence given."
            )
        else:
            cleaned["said"] = self._said(cleaned)
        return cleaned

    def _said(self, cleaned: Mapping[str, Any]) -> CellAnswer:
        likelihood, consequence = (
            None if cleaned[name] == "nei" else int(cleaned[name]) for name in ("likelihood", "consequence")
        )
        unknown = likelihood is None and consequence is None
        return CellAnswer(
            Answer.NOT_ENOUGH_INFORMATION if unknown else Answer.SCORED,
            likelihood=likelihood,
            consequence=consequence,
            **self._common(cleaned),
        )


def choose(choice_field: forms.Field, choices: Choices) -> None:
    if isinstance(choice_field, forms.ChoiceField):
        choice_field.choices = choices


def levels(first: int, count: int, words: Sequence[str]) -> Choices:
    """The levels of a risk with their words, where the rubric has some."""
    texts = [*words, *[""] * (count - len(words))]
    return [(str(first + place), text) for place, text in enumerate(texts[:count])]


def describe(said: CellAnswer | None, numbers: Mapping[uuid.UUID, int]) -> str:
    """An answer in one line."""
    if said is None:
        return "open"
    cited = ", ".join(
        f"[{numbers[pk]}]" for pk in sorted(said.citations, key=lambda pk: numbers.get(pk, 0)) if pk in numbers
    )
    return " · ".join(filter(None, [headline(said), cited, said.rationale]))
