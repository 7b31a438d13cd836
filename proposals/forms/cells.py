"""The form of one cell of a scorecard."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html

from proposals.forms.cell_answers import level_said, levels_typed, score_said, score_typed
from proposals.models import Evidence, Grade
from proposals.services.answers import CellAnswer, cap_note, headline, highest_grade, version_of
from proposals.services.grids import Grid, GridCell
from proposals.services.risk_grids import Line, risk_grid
from t2eval.text import TextLines

OPEN = ("", "Open")
UNKNOWN = ("nei", "Not enough information")
NOT_APPLICABLE = ("na", "Not applicable")

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
        choices: Choices = [  # escaped here, once for all cells
            (str(item.pk), format_html("[{}] E{} {}", item.number, item.grade, item.claim)) for item in self.evidence
        ]
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
    """What every cell takes. `said` is the cleaned answer, None while the cell is empty. A draft is never incomplete.

    `seen` names the stored answer that the page shows, and comes back with what is typed.
    """

    rationale = TextLines(label="Reason", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    citations = forms.TypedMultipleChoiceField(
        label="Evidence cited", required=False, coerce=uuid.UUID, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, cell: GridCell, sources: Sources, said: CellAnswer | None, **kwargs: Any) -> None:
        super().__init__(
            prefix=cell.key, initial=self.initial_from(said) if said else {}, use_required_attribute=False, **kwargs
        )
        self.cell, self.sources, self.stored = cell, sources, said
        self.is_clash = self.is_closed = False
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
    def seen_version(self) -> str:
        """The version of the stored answer that the page showed when this was typed."""
        seen: str = self.cleaned_data["seen"]
        return seen

    @property
    def is_answered(self) -> bool:
        """Whether an answer stands in the form as shown: typed, else stored."""
        names = [name for name in ("answer", "likelihood", "consequence") if name in self.fields]
        return all(self[name].value() not in (None, "") for name in names)

    @property
    def shown_version(self) -> str:
        """The version of what the page shows as saved. While a fault keeps what is typed from being compared, the
        one that its writer saw.
        """
        if self.is_bound and not self.is_valid():
            return str(self["seen"].value() or "")
        return version_of(self.stored)

    def options(self, name: str) -> list[Option]:
        """What may be chosen in a field, with what is chosen as it stands in the form."""
        field = self[name]
        value, id_ = field.value(), field.auto_id
        chosen = {str(one) for one in value} if isinstance(value, list) else {"" if value is None else str(value)}
        choices = getattr(self.fields[name], "choices", [])
        return [
            Option(str(key), str(label), f"{id_}_{place}", str(key) in chosen)
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
        """What the saved scorecard says here, where somebody changed it since the page was opened."""
        return describe(self.stored, self.sources.numbers) if self.is_clash else ""

    def _differs(self) -> bool:
        return not self.is_valid() or self.said != self.stored

    def _common(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {"rationale": cleaned.get("rationale", ""), "citations": frozenset(cleaned.get("citations", ()))}


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
        return {**CellForm.initial_from(said), "answer": score_typed(said), "grade": said.grade}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "answer" in cleaned:
            words = self._common(cleaned)
            grade = self._grade(cleaned.get("grade"), words["citations"]) if cleaned["answer"].isdigit() else None
            cleaned["said"] = score_said(cleaned["answer"], grade, **words)
            if cleaned["answer"] == "" and cleaned.get("grade") is not None:
                self.add_error("grade", "Choose a score too: a grade alone is not kept.")
        return cleaned

    def _grade(self, chosen: int | None, citations: Iterable[uuid.UUID]) -> int:
        best = highest_grade(citations, self.sources.grades)
        if chosen is not None and chosen > best:
            self.add_error(
                "grade", f"E{chosen} needs evidence of grade E{chosen} or better. Cite it below, or choose E{best}."
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

    @property
    def grid(self) -> list[Line]:
        return risk_grid(self.cell.section)

    @property
    def consequence_levels(self) -> range:
        return range(len(self.cell.section.loss or []))

    @staticmethod
    def initial_from(said: CellAnswer) -> dict[str, Any]:
        return {**CellForm.initial_from(said), **levels_typed(said)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "likelihood" in cleaned and "consequence" in cleaned:
            cleaned["said"] = level_said(cleaned["likelihood"], cleaned["consequence"], **self._common(cleaned))
        return cleaned


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
