"""The scoring page's forms: one small form for each cell, so that a fault in one never loses the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from proposals.forms.cells import OPEN, CellForm, Option, RiskForm, ScoreForm, Sources, choose
from proposals.models import Scorecard
from proposals.services.answers import CellAnswer, Recommendation, as_unknown, version_of
from proposals.services.grids import Grid, GridCell, GridRow, GridSection
from proposals.services.saving import Proposed, ProposedRecommendation, Saved
from rubrics.models import Risk
from t2eval.text import TextLines


class RecommendationForm(forms.Form):
    """The judgement as a whole, after the criteria."""

    recommendation = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    recommendation_reason = TextLines(
        label="Reason", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )
    recommendation_seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, grid: Grid, stored: Recommendation, **kwargs: Any) -> None:
        initial = {"recommendation": stored.band, "recommendation_reason": stored.reason}
        super().__init__(initial=initial, use_required_attribute=False, **kwargs)
        self.stored = stored
        self.is_clash = False
        choose(self.fields["recommendation"], [*((band.key, str(band)) for band in grid.bands), OPEN])

    @property
    def options(self) -> list[Option]:
        chosen = str(self["recommendation"].value() or "")
        choices = getattr(self.fields["recommendation"], "choices", [])
        return [
            Option(key, label, f"id_recommendation_{place}", key == chosen)
            for place, (key, label) in enumerate(choices)
        ]

    @property
    def shown_version(self) -> str:
        if self.is_bound and not self.is_valid():
            return str(self["recommendation_seen"].value() or "")
        return version_of(self.stored)

    @property
    def said(self) -> Recommendation:
        return Recommendation(self.cleaned_data["recommendation"], self.cleaned_data["recommendation_reason"])

    @property
    def clash(self) -> str:
        return f"{self.stored.band or 'open'}: {self.stored.reason}" if self.is_clash else ""


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
    """All forms of the page: in rubric order, within a section what carries a gate first."""

    def __init__(
        self,
        sources: Sources,
        scorecard: Scorecard | None,
        answers: Mapping[str, CellAnswer],
        data: Mapping[str, Any] | None = None,
        opened: frozenset[str] | None = None,
        saved: Saved | None = None,
    ) -> None:
        """`saved` tells what the data came to: cells that only somebody else changed show what is stored now."""
        untouched = saved.untouched if saved else frozenset()

        def cell_form(cell: GridCell) -> CellForm:
            kind = RiskForm if isinstance(cell.part, Risk) else ScoreForm
            is_closed = opened is not None and cell.key not in opened
            form = kind(cell, sources, answers.get(cell.key), data=None if is_closed or cell.key in untouched else data)
            form.is_closed = is_closed
            form.is_clash = saved is not None and cell.key in saved.clashes
            return form

        self.sources = sources
        self.scorecard = scorecard
        given = (scorecard.recommendation, scorecard.recommendation_reason) if scorecard else ()
        shown = None if saved and saved.recommendation_untouched else data
        self.recommendation = RecommendationForm(sources.grid, Recommendation(*given), data=shown)
        self.recommendation.is_clash = saved is not None and saved.recommendation_clashes
        self.sections = [
            SectionForms(
                section, tuple(RowForms(row, tuple(map(cell_form, row.cells))) for row in gates_first(section))
            )
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

    def proposed(self, *, fill_open: bool = False) -> dict[str, Proposed]:
        """The answers of the cells without a fault; on wish the open ones as not enough information."""
        valid = [form for form in self if not form.is_closed and form.is_valid()]
        return {
            form.cell.key: Proposed(as_unknown(form.said) if fill_open else form.said, form.seen_version)
            for form in valid
        }

    def proposed_recommendation(self) -> ProposedRecommendation | None:
        form = self.recommendation
        if not form.is_valid():
            return None
        return ProposedRecommendation(form.said, form.cleaned_data["recommendation_seen"])

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """Place on the page, label and message of every fault, in the order of the page."""
        cells = [(f"cell-{form.cell.key}", form.cell.label, form.errors) for form in self if form.is_bound]
        given = self.recommendation.errors if self.recommendation.is_bound else {}
        last = ("id_recommendation", "Recommendation", given)
        return [
            (place, label, str(message))
            for place, label, errors in [*cells, last]
            for messages in errors.values()
            for message in messages
        ]


def gates_first(section: GridSection) -> list[GridRow]:
    return sorted(section.rows, key=lambda row: not row.gates)
