"""The numbers of a what-if: a docket, and section weights and bands that take the place of a draft's own."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from rubrics.scoring.faults import FaultyDocumentError
from rubrics.scoring.parse import parse_rubric
from rubrics.services.draft_faults import place_of
from rubrics.services.words import RubricWords

WEIGHT, BAND = "weight-", "band-"
PER_SECTION = "sections", WEIGHT, "weight"
PER_BAND = "bands", BAND, "min"


class WhatIfForm(forms.Form):
    """Read from an address; what it leaves out is as in the draft. `cleaned_data["target"]` is the rubric."""

    docket = forms.UUIDField(label="Docket", required=False)
    official = forms.BooleanField(required=False)
    bands = forms.BooleanField(required=False)
    all = forms.BooleanField(required=False)

    def __init__(self, query: QueryDict, document: Mapping[str, Any]) -> None:
        self.document = document
        own = {f"{prefix}{part['key']}": str(part[number]) for _, prefix, number, part in self._parts()}
        super().__init__({**own, **query.dict()})
        words = RubricWords(document)
        for _, prefix, _, part in self._parts():
            key, most = part["key"], 100 if prefix == BAND else None
            label = words.band(key) if prefix == BAND else words.title(key)
            self.fields[f"{prefix}{key}"] = forms.DecimalField(
                label=label, min_value=0, max_value=most, max_digits=12, decimal_places=6,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
                error_messages={"required": "Give a number.", "invalid": "Give a number."},
            )  # fmt: skip

    def _parts(self) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
        for listed, prefix, number in (PER_SECTION, PER_BAND):
            for part in self.document[listed]:
                yield listed, prefix, number, part

    def section_weights(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith(WEIGHT)]

    def band_minima(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith(BAND)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            document = {**self.document}
            for listed, prefix, number in (PER_SECTION, PER_BAND):
                document[listed] = [
                    _with(part, number, cleaned[f"{prefix}{part['key']}"]) for part in self.document[listed]
                ]
            try:
                cleaned["target"] = parse_rubric(document)
            except FaultyDocumentError as error:
                for fault in error.faults:
                    self.add_error(None, f"{place_of(fault.path, document).label}: {fault.message}")
        return cleaned

    def problems(self) -> list[str]:
        """Every error in one line, with the name of its field."""
        return [
            f"{self.fields[name].label}: {message}" if name in self.fields else str(message)
            for name, messages in self.errors.items()
            for message in messages
        ]


def _with(part: Mapping[str, Any], name: str, number: Decimal) -> dict[str, Any]:
    return {**part, name: number}
