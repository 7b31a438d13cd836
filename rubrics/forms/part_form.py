"""What the forms of a draft's parts share: they show and clean the values that the part reads and writes."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from rubrics.services.draft_parts import Document, DraftPart, Values
from rubrics.services.drafts import digest


@dataclass(frozen=True)
class Group:
    """Fields under one legend. `layout` sets them beside each other as they fit ("row"), or two by two ("pairs")."""

    legend: str
    names: Sequence[str]
    help: str = ""
    layout: str = ""


@dataclass(frozen=True)
class FieldGroup:
    legend: str
    help: str
    layout: str
    fields: Sequence[BoundField]


@dataclass(frozen=True, slots=True)
class Clash:
    """One value that somebody else saved, beside what is typed."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class DraftPartForm(forms.Form):
    """Bound where `data` is given; `seen` carries the digest of what the page was opened on."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    groups: Sequence[Group] = ()

    def __init__(self, part: DraftPart, document: Document, data: QueryDict | None = None) -> None:
        self.part, self.document = part, document
        held = part.read(document)
        super().__init__(data, initial={**held, "seen": digest(held)}, use_required_attribute=False)
        self.build(held)

    def build(self, held: Values) -> None:
        """Add the fields that depend on the document, and lay all out in `groups`."""

    def values(self) -> Values:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def laid_out(self) -> list[FieldGroup]:
        return [
            FieldGroup(group.legend, group.help, group.layout, [self[name] for name in group.names])
            for group in self.groups
        ]

    def clashes_with(self, current: Values) -> list[Clash]:
        """How what is typed differs from what somebody else saved; saving what is typed then replaces that."""
        assert isinstance(self.data, QueryDict)  # noqa: S101 - only what was sent can clash
        self.data = self.data.copy()
        self.data["seen"] = digest(current)
        typed = self.values()
        return [
            Clash(str(self[name].label), _lines(current[name]), _lines(typed[name]))
            for name in current
            if name in typed and current[name] != typed[name]
        ]


def _lines(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(str, value))
    if isinstance(value, bool):
        return ("Yes" if value else "No",)
    return (str(value),) if value else ()
