from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from proposals.models import ProposalRevision
from proposals.services.snapshots import Difference, differences


@dataclass(frozen=True, slots=True)
class Compared:
    before: ProposalRevision
    after: ProposalRevision
    differences: list[Difference]


class RevisionsForm(forms.Form):
    """Two revisions of one record, to compare."""

    before = forms.TypedChoiceField(label="From revision", coerce=int)
    after = forms.TypedChoiceField(label="To revision", coerce=int)

    def __init__(self, *args: Any, revisions: Sequence[ProposalRevision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._revisions = {revision.number: revision for revision in revisions}
        for name in ("before", "after"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - tells mypy what is declared above
            field.choices = [(revision.number, str(revision.number)) for revision in revisions]
        if len(revisions) > 1:
            self.initial = {"after": revisions[0].number, "before": revisions[1].number}

    def compared(self) -> Compared | None:
        if not self.is_bound or not self.is_valid():
            return None
        before = self._revisions[self.cleaned_data["before"]]
        after = self._revisions[self.cleaned_data["after"]]
        return Compared(before, after, differences(before.content, after.content))
