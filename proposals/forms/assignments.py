from typing import Any

from django import forms
from django.db.models import QuerySet

from t2eval.accounts.models import User


class AssignmentForm(forms.Form):
    officer = forms.ModelChoiceField(User.objects.none(), empty_label="Choose an officer")
    due_date = forms.DateField(
        label="Scorecard due",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_sponsor = forms.BooleanField(
        label="Sponsor officer",
        required=False,
        help_text="Keeps the record and writes the words of the memo. Takes over from the present sponsor.",
    )

    def __init__(self, *args: Any, officers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officer = self.fields["officer"]
        assert isinstance(officer, forms.ModelChoiceField)  # noqa: S101 - tells mypy what is declared above
        officer.queryset = officers.order_by("name")
