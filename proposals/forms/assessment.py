from decimal import Decimal
from typing import Any

from django import forms

from proposals.models import Check, Grade


class CheckForm(forms.Form):
    status = forms.ChoiceField(
        label="Answer",
        choices=[("", "Nobody could tell yet"), *Check.Status.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="What it rests on", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class OverrideForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Printed on page 1 of the memo, as the chair's, with the date.",
        error_messages={"required": "Say why this gate is set aside: the committee reads it on page 1."},
    )


class ReassessForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Shown beside the result to everybody who may see the assessment, and kept.",
        error_messages={"required": "Say why this is assessed again: it is shown beside the result."},
    )


class ConsensusForm(forms.Form):
    value = forms.DecimalField(
        label="Agreed value",
        max_digits=3,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
        help_text="Halves are allowed here.",
    )
    grade = forms.TypedChoiceField(
        label="Evidence grade", choices=[("", "Choose…"), *Grade.choices], coerce=int, empty_value=None, required=False
    )
    reason = forms.CharField(
        label="Reason",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was said that settled it.",
    )

    def __init__(self, *args: Any, lowest: int, highest: int, graded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lowest, self.highest = Decimal(lowest), Decimal(highest)
        if graded:
            self.fields["grade"].required = True
        else:
            del self.fields["grade"]

    def clean_value(self) -> Decimal:
        value: Decimal = self.cleaned_data["value"]
        if not self.lowest <= value <= self.highest or value * 2 != int(value * 2):
            raise forms.ValidationError(f"The scale runs from {self.lowest} to {self.highest}, in halves.")
        return value
