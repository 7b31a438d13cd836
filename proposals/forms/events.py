from collections.abc import Sequence
from typing import Any

from django import forms


class EventFilterForm(forms.Form):
    event = forms.ChoiceField(required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, events: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.fields["event"]
        assert isinstance(event, forms.ChoiceField)  # noqa: S101 - tells mypy what is declared above
        event.choices = [("", "All events"), *((name, name) for name in events)]

    def lookups(self) -> dict[str, Any]:
        if not self.is_valid():
            return {}
        names = {"event": "event", "since": "at__date__gte", "until": "at__date__lte"}
        return {lookup: self.cleaned_data[name] for name, lookup in names.items() if self.cleaned_data[name]}
