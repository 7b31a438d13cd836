from typing import Any

from django import forms

from t2eval.accounts.models import Affiliation


class AffiliationForm(forms.Form):
    organization = forms.CharField(
        label="Organization or dialogue",
        max_length=200,
        help_text="As it calls itself: names are compared word by word with organizers, co-funders and convenings.",
    )
    kind = forms.ChoiceField(label="Your interest", choices=Affiliation.Kind.choices)
    until_year = forms.IntegerField(
        label="Until the year", required=False, min_value=1900, max_value=2200, help_text="Empty while it lasts."
    )
    note = forms.CharField(label="Note to yourself", max_length=300, required=False)


class RemindersForm(forms.Form):
    wants_reminders = forms.BooleanField(
        label="Mail me when scorecards are due: how many and when, and nothing else.", required=False
    )

    def __init__(self, data: Any = None, **facts: Any) -> None:
        super().__init__(data, auto_id="id_reminders_%s", **facts)
