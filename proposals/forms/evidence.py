from typing import Any

from django import forms

from proposals.models import Evidence, Proposal, Side
from proposals.services.evidence import EvidenceFacts
from t2eval.text import TextLines


class EvidenceForm(forms.Form):
    """A piece of evidence as it is entered."""

    kind = forms.ChoiceField(choices=Evidence.Kind.choices, widget=forms.RadioSelect)
    claim = forms.CharField(
        label="What it shows",
        max_length=600,
        help_text="One checkable statement, in your words.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    source = forms.CharField(
        max_length=300,
        required=False,
        help_text="The document, the office that was called (a role, not a name), or the publication.",
    )
    page = forms.CharField(label="Page or passage", max_length=120, required=False)
    quote = TextLines(
        label="The words themselves", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    address = forms.URLField(label="Web address", max_length=600, required=False, assume_scheme="https")
    side = forms.ModelChoiceField(Side.objects.none(), required=False, empty_label="Both, or none")
    grade = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    note = forms.CharField(
        max_length=600,
        required=False,
        label="Why raised or lowered",
        help_text="Lowered: one-sided, interested, told afterwards. Raised: word for word, against interest.",
    )

    def __init__(self, proposal: Proposal, grades: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        side, grade = self.fields["side"], self.fields["grade"]
        if isinstance(side, forms.ModelChoiceField):
            side.queryset = proposal.sides.order_by("position", "pk")
        if isinstance(grade, forms.ChoiceField):
            grade.choices = grades

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Evidence.Kind.PUBLIC_SOURCE and not (cleaned.get("source") or cleaned.get("address")):
            self.add_error("source", "A public source needs its publication or its web address.")
        return cleaned

    def facts(self) -> EvidenceFacts:
        return EvidenceFacts(**self.cleaned_data)

    @staticmethod
    def initial_from(evidence: Evidence) -> dict[str, Any]:
        names = ("kind", "claim", "source", "page", "quote", "address", "side", "grade", "note")
        return {name: getattr(evidence, name) for name in names}
