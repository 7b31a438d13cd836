"""The forms of the two helpers. They are sent by GET: they compute and save nothing."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from rubrics.forms.fields import ExactNumber
from rubrics.services.draft_parts import Document

MOST_POINTS = Fraction(100)


class SectionsForm(forms.Form):
    """One field for each section; bound once any of them is sent."""

    prefix_of_names = ""

    def __init__(self, document: Document, data: QueryDict) -> None:
        self.sections: Sequence[Mapping[str, Any]] = document["sections"]
        self.keys = [section["key"] for section in self.sections]
        sent = data if any(self.name(key) in data for key in self.keys) else None
        super().__init__(sent, use_required_attribute=False)
        for section in self.sections:
            self.fields[self.name(section["key"])] = self.section_field(section.get("title") or section["key"])

    def name(self, key: str) -> str:
        return f"{self.prefix_of_names}-{key}"

    def field_of(self, key: str) -> BoundField:
        return self[self.name(key)]

    def section_field(self, title: str) -> forms.Field:
        raise NotImplementedError  # each page's own form says it; this class is never shown


class SwingForm(SectionsForm):
    prefix_of_names = "points"

    def section_field(self, title: str) -> forms.Field:
        return ExactNumber(f"Points for {title}", high=int(MOST_POINTS))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if len(cleaned) == len(self.keys) and MOST_POINTS not in [Fraction(text) for text in cleaned.values()]:
            self.add_error(
                None, "No swing has 100 points. Give 100 to the one that matters most, and start from there."
            )
        return cleaned

    def points(self) -> dict[str, Fraction]:
        return {key: Fraction(self.cleaned_data[self.name(key)]) for key in self.keys}


class RankOrderForm(SectionsForm):
    prefix_of_names = "rank"

    def section_field(self, title: str) -> forms.Field:
        places = [("", "–"), *((str(place), str(place)) for place in range(1, len(self.keys) + 1))]
        return forms.TypedChoiceField(label=f"Rank of {title}", choices=places, coerce=int)

    def ranks(self) -> dict[str, int]:
        return {key: self.cleaned_data[self.name(key)] for key in self.keys}
