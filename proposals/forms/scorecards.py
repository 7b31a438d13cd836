"""The scoring page's forms: one small form for each cell, so that a fault in one never loses the others."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime

from proposals.forms.cells import OPEN, CellForm, Option, RiskForm, ScoreForm, Sources, choose
from proposals.models import Scorecard
from proposals.services.answers import NOT_ENOUGH_INFORMATION, CellAnswer
from proposals.services.grids import Grid, GridCell, GridRow, GridSection
from rubrics.models import Risk


class RecommendationForm(forms.Form):
    """The judgement as a whole, after the criteria; and the state of the scorecard that the page was made from."""

    recommendation = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    recommendation_reason = forms.CharField(
        label="Reason", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )
    opened_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, grid: Grid, scorecard: Scorecard | None, **kwargs: Any) -> None:
        initial = {}
        if scorecard is not None:
            initial = {name: getattr(scorecard, name) for name in ("recommendation", "recommendation_reason")}
        super().__init__(initial=initial, use_required_attribute=False, **kwargs)
        self.scorecard = scorecard
        choose(self.fields["recommendation"], [*((band.key, str(band)) for band in grid.bands), OPEN])

    def clean_opened_at(self) -> dt.datetime | None:
        """When the scorecard that the page shows was saved; None where there was none, or nobody can tell."""
        try:
            return parse_datetime(self.cleaned_data["opened_at"])
        except ValueError:
            return None

    @property
    def options(self) -> list[Option]:
        chosen = str(self["recommendation"].value() or "")
        choices = getattr(self.fields["recommendation"], "choices", [])
        return [
            Option(key, label, f"id_recommendation_{place}", key == chosen)
            for place, (key, label) in enumerate(choices)
        ]

    @property
    def clash(self) -> str:
        if not self.is_bound or self.scorecard is None:
            return ""
        names = ("recommendation", "recommendation_reason")
        if self.is_valid() and all(self.cleaned_data[name] == getattr(self.scorecard, name) for name in names):
            return ""
        return f"{self.scorecard.recommendation or 'open'}: {self.scorecard.recommendation_reason}"


@dataclass(frozen=True)
class RowForms:
    row: GridRow
    forms: tuple[CellForm, ...]


@dataclass(frozen=True)
class SectionForms:
    section: GridSection
    rows: tuple[RowForms, ...]

    @property
    def forms(self) -> list[CellForm]:
        return [form for row in self.rows for form in row.forms]

    @property
    def answered(self) -> int:
        return sum(form.is_answered for form in self.forms)


class ScorecardForms:
    """All forms of the page, in rubric order."""

    def __init__(
        self,
        sources: Sources,
        scorecard: Scorecard | None,
        answers: Mapping[str, CellAnswer],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        def cell_form(cell: GridCell) -> CellForm:
            kind = RiskForm if isinstance(cell.part, Risk) else ScoreForm
            return kind(cell, sources, answers.get(cell.key), data=data)

        self.sources = sources
        self.scorecard = scorecard
        self.recommendation = RecommendationForm(sources.grid, scorecard, data=data)
        self.sections = [
            SectionForms(section, tuple(RowForms(row, tuple(map(cell_form, row.cells))) for row in section.rows))
            for section in sources.grid.sections
        ]

    def __iter__(self) -> Iterator[CellForm]:
        return (form for section in self.sections for form in section.forms)

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def total(self) -> int:
        return sum(1 for _ in self)

    @property
    def token(self) -> str:
        """The state that this page shows, to be sent back with it."""
        return self.scorecard.updated_at.isoformat() if self.scorecard else ""

    @property
    def opened_at(self) -> dt.datetime | None:
        """The state that the page was made from, as it came back."""
        opened: dt.datetime | None = self.recommendation.cleaned_data.get("opened_at")
        return opened

    def words(self) -> dict[str, str]:
        """The recommendation and its reason, each as typed, or as stored where what is typed has a fault."""
        typed, stored = self.recommendation.cleaned_data, self.recommendation.initial
        return {name: typed.get(name, stored.get(name, "")) for name in ("recommendation", "recommendation_reason")}

    def answers(self, *, fill_open: bool = False) -> dict[str, CellAnswer | None]:
        """The answers of the cells without a fault; on wish the open ones as not enough information."""
        said = {form.cell.key: form.said for form in self if form.is_valid()}
        if fill_open:
            return {key: answer or NOT_ENOUGH_INFORMATION for key, answer in said.items()}
        return dict(said)

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Place on the page, label and message of every fault, in the order of the page."""
        if not self.recommendation.is_bound:
            return []
        cells = [(f"cell-{form.cell.key}", form.cell.label, form.errors) for form in self]
        last = ("id_recommendation", "Recommendation", self.recommendation.errors)
        return [
            (place, label, str(message))
            for place, label, errors in [*cells, last]
            for messages in errors.values()
            for message in messages
        ]
