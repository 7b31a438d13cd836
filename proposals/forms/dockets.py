from typing import Any

from django import forms

from proposals.models import Docket
from rubrics.models import RubricVersion

FIELDS = (
    "title", "description", "currency", "budget", "extreme_risk_mandate", "due_date", "committee_date",
    "rubric_version",
)  # fmt: skip


class DocketForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Docket
        fields = FIELDS
        labels = {
            "due_date": "Scorecards due",
            "committee_date": "Committee meets",
            "extreme_risk_mandate": "The money may go to extreme risks only",
        }
        help_texts = {"extreme_risk_mandate": "The gate on the mandate looks at this."}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "due_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "committee_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = RubricVersion.objects.filter(state=RubricVersion.State.PUBLISHED)
        if self.instance.rubric_version_id:
            published |= RubricVersion.objects.filter(pk=self.instance.rubric_version_id)
        version = self.fields["rubric_version"]
        assert isinstance(version, forms.ModelChoiceField)  # noqa: S101 - tells mypy what Meta made
        version.queryset = published.order_by("rubric__key", "-number")
        version.empty_label = None
        self.fields["budget"] = forms.DecimalField(min_value=1, max_digits=14, decimal_places=2, required=False)

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError("Three letters, such as USD.")
        return currency

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        due, meets = cleaned.get("due_date"), cleaned.get("committee_date")
        if due and meets and meets < due:
            self.add_error("committee_date", "The committee meets after the scorecards are due.")
        return cleaned
