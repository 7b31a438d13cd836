from typing import Any

from django import forms
from django.db.models import QuerySet

from proposals.models import Participant, Side


class ParticipantForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    class Meta:
        model = Participant
        fields = ("name", "role", "side", "status")

    def __init__(self, *args: Any, sides: QuerySet[Side], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side = self.fields["side"]
        assert isinstance(side, forms.ModelChoiceField)  # noqa: S101 - tells mypy what Meta made
        side.queryset = sides.order_by("position", "pk")
        side.empty_label = "Choose a side"
