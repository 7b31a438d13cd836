"""The record of a proposal as one page: a form for its own fields, and rows for its parts."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from proposals.forms.parts import PART_FORMS
from proposals.forms.rows import MOST_ROWS, RowFormSet, row_formset, typed_values
from proposals.models import Docket, Evidence, Organizer, Proposal
from proposals.services.records import RecordEntry, SideEntry
from proposals.services.snapshots import FIELDS, LONG_TEXTS, PARTS, part_rows
from rubrics.models import Criterion, Mitigation, Section
from t2eval.text import with_clean_lines

HAZARDOUS = [("", "Not answered yet"), ("true", "Yes"), ("false", "No")]
BLANK_AT_FIRST = {"sides": 2, "meetings": 2, "agenda": 3, "budget_lines": 3}


class ProposalForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Proposal
        fields = FIELDS
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            **{name: forms.Textarea(attrs={"rows": 7}) for name in LONG_TEXTS},
            "hazardous_content": forms.RadioSelect(choices=HAZARDOUS),
            "hazardous_content_note": forms.Textarea(attrs={"rows": 3}),
            "start_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, organizers: QuerySet[Organizer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organizer = self.fields["organizer"]
        assert isinstance(organizer, forms.ModelChoiceField)  # noqa: S101 - tells mypy what Meta made
        organizer.queryset = organizers.order_by("name")
        organizer.empty_label = "Choose an organizer"
        self.fields["amount"] = forms.DecimalField(
            label="Amount asked", min_value=1, max_digits=14, decimal_places=2, required=False
        )
        self.fields["term_months"] = forms.IntegerField(
            label="Term in months", min_value=1, max_value=120, required=False
        )

    def clean(self) -> dict[str, Any]:
        return with_clean_lines(super().clean() or {})


class RecordForm:
    """The form and the rows together. Bound where `data` is given; else filled from `initial`."""

    def __init__(
        self,
        docket: Docket,
        *,
        organizers: QuerySet[Organizer],
        proposal: Proposal | None = None,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        more: str = "",
    ) -> None:
        self._arguments: dict[str, Any] = {"docket": docket, "organizers": organizers, "proposal": proposal}
        start = initial if initial is not None else (record_initial(proposal) if proposal else blank_initial())
        self.own = ProposalForm(data, initial=start.get("own"), organizers=organizers)
        self.parts = {
            part: self._formset(part, data, start.get(part, []), more=part == more)
            for part in PARTS
            if part != "transfer_mechanisms"
        }
        self._side_names = self._names_of_sides()
        self.parts["transfer_mechanisms"] = self._formset(
            "transfer_mechanisms", data, start.get("transfer_mechanisms", []), more=more == "transfer_mechanisms"
        )

    def is_valid(self) -> bool:
        valid = [self.own.is_valid(), *(formset.is_valid() for formset in self.parts.values())]
        return all(valid) and self._sides_are_enough() and self._rows_are_single()

    def entry(self) -> RecordEntry:
        sides = self.parts["sides"].kept()
        places = {self.parts["sides"].forms.index(form): place for place, form in enumerate(sides)}
        mechanisms = [{**row, "side": places[int(row["side"])]} for row in self.parts["transfer_mechanisms"].rows()]
        return RecordEntry(
            fields={name: self.own.cleaned_data[name] for name in FIELDS},
            sides=[SideEntry(name=form.cleaned_data["name"], key=form.cleaned_data["key"]) for form in sides],
            parts={
                **{part: formset.rows() for part, formset in self.parts.items() if part != "sides"},
                "transfer_mechanisms": mechanisms,
            },
        )

    def again(self, *, more: str = "", revision: int | None = None) -> "RecordForm":
        """The same page with all that is typed, unchecked, and a further row of the part `more`."""
        initial: dict[str, Any] = {part: formset.typed() for part, formset in self.parts.items()}
        initial["own"] = typed_values(self.own)
        if revision is not None:
            initial["own"]["revision"] = revision
        return RecordForm(**self._arguments, initial=initial, more=more)

    @property
    def errors_count(self) -> int:
        rows = sum(formset.total_error_count() for formset in self.parts.values())
        return rows + sum(len(errors) for errors in self.own.errors.values())

    def _formset(self, part: str, data: Any, rows: Sequence[Mapping[str, Any]], *, more: bool) -> RowFormSet:
        made = row_formset(PART_FORMS[part])(data, initial=rows, prefix=part, form_kwargs=self._form_kwargs(part))
        at_first = 0 if rows else BLANK_AT_FIRST.get(part, 1)
        made.extra = 1 if more else at_first
        return made

    def _form_kwargs(self, part: str) -> dict[str, Any]:
        version = self._arguments["docket"].rubric_version
        proposal = self._arguments["proposal"]
        if part == "pathway_cards":
            theories = Criterion.objects.filter(section__version=version, section__rule=Section.Rule.PATHWAYS)
            return {"theories": theories.order_by("position")}
        if part == "planned_mitigations":
            return {"mitigations": Mitigation.objects.filter(section__version=version).order_by("position")}
        if part == "transfer_mechanisms":
            return {"sides": self._side_names, "evidence": Evidence.objects.filter(proposal=proposal)}
        return {}

    def _names_of_sides(self) -> list[str]:
        sides = self.parts["sides"]
        names = [form["name"].value() or "" for form in sides.forms]
        return [*names, *([""] * (2 - len(names)))][:MOST_ROWS]

    def _sides_are_enough(self) -> bool:
        sides = self.parts["sides"]
        names = [form.cleaned_data["name"].casefold() for form in sides.kept()]
        if len(names) < 2:
            self.own.add_error(None, "A dialogue has at least two sides: name them under “Sides”.")
        for form in sides.kept():
            if names.count(form.cleaned_data["name"].casefold()) > 1:
                form.add_error("name", "Two sides have this name.")
        return len(names) >= 2 and len(set(names)) == len(names) and self._mechanisms_have_sides()

    def _mechanisms_have_sides(self) -> bool:
        kept = {str(self.parts["sides"].forms.index(form)) for form in self.parts["sides"].kept()}
        lost = [form for form in self.parts["transfer_mechanisms"].kept() if form.cleaned_data["side"] not in kept]
        for form in lost:
            form.add_error("side", "This side has no name, or is being removed: choose another.")
        return not lost

    def _rows_are_single(self) -> bool:
        """One card for a theory, one plan for a mitigation."""
        single = True
        for part, field in (("pathway_cards", "theory"), ("planned_mitigations", "mitigation")):
            seen: set[str] = set()
            for form in self.parts[part].kept():
                chosen = form.cleaned_data[field]
                if chosen in seen:
                    form.add_error(field, "There is a row for this one already.")
                    single = False
                seen.add(chosen)
        return single


def blank_initial() -> dict[str, Any]:
    """A form for a new proposal carries the key that the proposal will have, so that it can be sent twice."""
    return {"own": {"key": uuid.uuid4()}}


def record_initial(proposal: Proposal) -> dict[str, Any]:
    """What the page shows of a saved record."""
    initial: dict[str, Any] = {"own": {name: _initial(getattr(proposal, name)) for name in FIELDS}}
    initial["own"]["revision"] = proposal.revision
    for part, names in PARTS.items():
        initial[part] = [{name: getattr(row, name) for name in names} for row in part_rows(proposal, part)]
    places = {row["key"]: place for place, row in enumerate(initial["sides"])}
    for row in initial["transfer_mechanisms"]:
        row["side"] = places[row["side"].key]
    return initial


def _initial(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
