from collections.abc import Mapping
from copy import copy
from typing import Any

from django import forms

from proposals.forms.rows import RowForm, row_formset, typed_values
from proposals.models import Organizer
from proposals.services.organizers import FIELDS, OrganizerEntry, organizer_digest, organizer_snapshot


class OrganizerFields(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Organizer
        fields = FIELDS
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}

    opened = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    website = forms.URLField(required=False, max_length=400, assume_scheme="https")


class PastConveningRow(RowForm):
    title = forms.CharField(max_length=200)
    period = forms.CharField(label="Year or years", max_length=60)
    place = forms.CharField(max_length=120, required=False)
    sides = forms.CharField(max_length=200, required=False)
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class EarlierGrantRow(RowForm):
    quiet = ("currency",)
    year = forms.IntegerField(min_value=1900, max_value=2200)
    purpose = forms.CharField(max_length=200)
    amount = forms.DecimalField(min_value=0.01, max_digits=14, decimal_places=2)
    currency = forms.CharField(max_length=3, min_length=3, initial="USD")
    outcome = forms.CharField(
        label="What became of it", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


ROWS = {"past_convenings": PastConveningRow, "earlier_grants": EarlierGrantRow}


class OrganizerForm:
    """The organizer's own fields and the rows below them. Bound where `data` is given."""

    def __init__(
        self,
        *,
        organizer: Organizer | None = None,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        more: str = "",
    ) -> None:
        self._organizer = organizer
        start = initial if initial is not None else (organizer_initial(organizer) if organizer else {})
        instance = copy(organizer) if organizer else None  # cleaning must not touch the one that the page shows
        self.own = OrganizerFields(data, initial=start.get("own"), instance=instance)
        self.parts = {}
        for part, form in ROWS.items():
            rows = list(start.get(part, []))
            self.parts[part] = row_formset(form)(data, initial=rows, prefix=part)
            self.parts[part].extra = 1 if more == part or not rows else 0

    def is_valid(self) -> bool:
        return all([self.own.is_valid(), *(formset.is_valid() for formset in self.parts.values())])

    def entry(self) -> OrganizerEntry:
        return OrganizerEntry(
            fields={name: self.own.cleaned_data[name] for name in FIELDS},
            past_convenings=self.parts["past_convenings"].rows(),
            earlier_grants=self.parts["earlier_grants"].rows(),
        )

    def again(self, *, more: str = "", opened: str | None = None) -> "OrganizerForm":
        """The same page with all that is typed, unchecked, and a further row of the part `more`."""
        initial: dict[str, Any] = {part: formset.typed() for part, formset in self.parts.items()}
        initial["own"] = typed_values(self.own)
        if opened is not None:
            initial["own"]["opened"] = opened
        return OrganizerForm(organizer=self._organizer, initial=initial, more=more)

    @property
    def errors_count(self) -> int:
        rows = sum(formset.total_error_count() for formset in self.parts.values())
        return rows + sum(len(errors) for errors in self.own.errors.values())


def organizer_initial(organizer: Organizer) -> dict[str, Any]:
    saved = organizer_snapshot(organizer)
    own = {name: saved[name] for name in FIELDS} | {"opened": organizer_digest(organizer)}
    return {"own": own, **{part: saved[part] for part in ROWS}}
