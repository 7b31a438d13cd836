from typing import Any

from django import forms

from proposals.models import ConflictDeclaration

KINDS = ConflictDeclaration.Kind


class ConflictForm(forms.Form):
    kind = forms.ChoiceField(label="Your statement", choices=KINDS.choices, widget=forms.RadioSelect)
    statement = forms.CharField(
        label="In a sentence",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The chair reads it, and the kind is printed in the memo. Name no third person.",
    )
    understood = forms.BooleanField(
        label="I understand that, with a conflict, I will not see this proposal again.", required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_conflict = cleaned.get("kind") not in (None, KINDS.NONE)
        if has_conflict and not cleaned.get("understood"):
            self.add_error("understood", "Confirm that you will not see this proposal again, or choose “No conflict”.")
        if cleaned.get("kind") == KINDS.OTHER and not cleaned.get("statement"):
            self.add_error("statement", "Say which reason.")
        return cleaned
