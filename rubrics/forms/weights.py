"""The forms of weights: bars that sum to 100, and the strengths of theories, which need not."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BoundField
from django.http import QueryDict

from rubrics.forms.fields import ExactNumber
from rubrics.forms.part_form import DraftPartForm
from rubrics.scoring.document import is_usable
from rubrics.scoring.weights import HUNDRED, fill
from rubrics.services.draft_parts import CriteriaWeightsPart, Document, DraftPart, Values, find_section
from rubrics.services.storable import DIGITS_BEFORE
from rubrics.services.weighing import in_hundredths, is_shown_exactly, to_show, weights_of

PREFIX = "weight-"
NOTHING_LEFT = (
    "What you typed and what is held leave nothing that could be rescaled. Hold fewer, or type smaller numbers."
)


def exact_number(text: Any) -> Fraction | None:
    """What somebody typed as a number from 0 up; None where it is none."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return Fraction(number) if is_usable(number) and 0 <= number < 10**DIGITS_BEFORE else None


class Hundredths(ExactNumber):
    """A weight of 0 to 100 in steps of 0.01, in a field that arrow keys move."""

    def __init__(self, label: str) -> None:
        facts = {"step": "0.01", "class": "input--number", "autocomplete": "off"}
        super().__init__(label, high=100, decimal_places=2, widget=forms.NumberInput(attrs=facts))


class PartWeightsForm(DraftPartForm):
    """Weights of siblings. `proposed` are weights that somebody wants to try, shown instead of those that are held."""

    def __init__(
        self,
        part: DraftPart,
        document: Document,
        data: QueryDict | None = None,
        *,
        proposed: Mapping[str, str] | None = None,
    ) -> None:
        self.proposed = proposed or {}
        super().__init__(part, document, data)

    def siblings(self) -> Sequence[Mapping[str, Any]]:
        raise NotImplementedError  # each page's own form says it; this class is never shown

    def weight_field(self, label: str) -> forms.Field:
        raise NotImplementedError  # each page's own form says it; this class is never shown

    def build(self, held: Values) -> None:
        for sibling in self.siblings():
            title = sibling.get("title") or sibling["key"]
            field = self.weight_field(f"Weight of {title}")
            field.widget.attrs["data-number"] = True
            self.fields[f"{PREFIX}{sibling['key']}"] = field
        asked = {name: self.proposed[name] for name in held if exact_number(self.proposed.get(name)) is not None}
        self.is_proposal = bool(asked)
        self.initial.update(asked)

    def weights(self) -> dict[str, Fraction | None]:
        """What the fields show at this moment, by key; None where that is not a number."""
        keys = [sibling["key"] for sibling in self.siblings()]
        return {key: exact_number(self[f"{PREFIX}{key}"].value()) for key in keys}


class BarsForm(PartWeightsForm):
    """Weights that sum to 100. `shown` is what was last shown: by it a page without a script tells what was typed."""

    locked = forms.MultipleChoiceField(required=False)
    shown = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def build(self, held: Values) -> None:
        stored = weights_of(self.siblings())
        self.is_rounded = not is_shown_exactly(stored)
        self.initial.update({f"{PREFIX}{key}": weight for key, weight in to_show(stored).items()})
        super().build(held)
        keys = list(stored)
        locked = self.fields["locked"]
        assert isinstance(locked, forms.MultipleChoiceField)  # noqa: S101 - declared above, told to mypy
        locked.choices = [(key, key) for key in keys]
        self.initial["shown"] = " ".join(str(self.initial[f"{PREFIX}{key}"]) for key in keys)

    def weight_field(self, label: str) -> forms.Field:
        return Hundredths(label)

    def values(self) -> Values:
        return {name: value for name, value in super().values().items() if name not in ("locked", "shown")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        weights = self._typed(cleaned)
        total = sum(weights.values())
        if len(weights) == len(self.siblings()) and total != HUNDRED:
            by = f"{in_hundredths(abs(total - HUNDRED))} {'more than' if total > HUNDRED else 'short of'} 100"
            self.add_error(None, f"The weights sum to {in_hundredths(Fraction(total))}, {by}. They must sum to 100.")
        return cleaned

    @staticmethod
    def _typed(cleaned: Mapping[str, Any]) -> dict[str, Fraction]:
        texts = {name: text for name, text in cleaned.items() if name.startswith(PREFIX)}
        return {name.removeprefix(PREFIX): Fraction(text) for name, text in texts.items()}

    def rescale(self) -> bool:
        """Bring what is neither held nor typed since the page was shown to what the rest leaves. Nothing is saved."""
        assert isinstance(self.data, QueryDict)  # noqa: S101 - only what was sent is rescaled
        if set(self.errors) - {NON_FIELD_ERRORS}:
            return False
        weights = self._typed(self.cleaned_data)
        shown = dict(zip(weights, map(exact_number, self.cleaned_data["shown"].split()), strict=False))
        kept = {key for key, weight in weights.items() if shown.get(key, weight) != weight}
        try:
            filled = fill(weights, kept | set(self.cleaned_data["locked"]))
        except ValueError:
            self.add_error(None, NOTHING_LEFT)
            return False
        texts = {key: in_hundredths(weight) for key, weight in filled.items()}
        self.data = self.data.copy()
        for key, text in texts.items():
            self.data[f"{PREFIX}{key}"] = text
        self.data["shown"] = " ".join(texts.values())
        self.full_clean()
        return True


class WeightsForm(BarsForm):
    """The weights of the sections, and from which index each band begins."""

    def build(self, held: Values) -> None:
        for band in self.document["bands"]:
            number = ExactNumber(band.get("title") or band["key"], high=100)
            number.widget.attrs["data-band"] = band["key"]
            self.fields[f"band-{band['key']}"] = number
        super().build(held)

    def siblings(self) -> Sequence[Mapping[str, Any]]:
        sections: Sequence[Mapping[str, Any]] = self.document["sections"]
        return sections

    def bands(self) -> list[BoundField]:
        return [self[f"band-{band['key']}"] for band in self.document["bands"]]


def criteria_of(document: Document, part: DraftPart) -> Sequence[Mapping[str, Any]]:
    assert isinstance(part, CriteriaWeightsPart)  # noqa: S101 - the pages pair them
    criteria: Sequence[Mapping[str, Any]] = find_section(document, part.section).get("criteria", ())
    return criteria


class CriteriaWeightsForm(BarsForm):
    """The weights of the criteria of a mean."""

    def siblings(self) -> Sequence[Mapping[str, Any]]:
        return criteria_of(self.document, self.part)


class PathwayWeightsForm(PartWeightsForm):
    """The weights of theories, each counted against the largest."""

    def siblings(self) -> Sequence[Mapping[str, Any]]:
        return criteria_of(self.document, self.part)

    def weight_field(self, label: str) -> forms.Field:
        return ExactNumber(label)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        texts = [text for name, text in cleaned.items() if name.startswith(PREFIX)]
        if len(texts) == len(self.siblings()) and not any(map(Fraction, texts)):
            self.add_error(None, "Every weight is 0. Strength is counted against the largest, so one is above 0.")
        return cleaned
