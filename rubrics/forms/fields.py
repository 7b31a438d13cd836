"""The fields of which the pages of a draft are made. Values are the flat texts of `draft_parts`."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from rubrics.services.draft_parts import plain
from rubrics.services.storable import LONGEST_TITLE
from t2eval.text import TextLines

LONGEST_WORDS = 4000


class ExactNumber(forms.DecimalField):
    """A decimal as exact text: "0.6" for "0.60". Four places, as the tables keep."""

    def __init__(self, label: str, *, low: int = 0, high: int | None = None, help_text: str = "", **facts: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input--number", "autocomplete": "off"})
        facts = {"decimal_places": 4, "widget": widget, **facts}
        super().__init__(label=label, min_value=low, max_value=high, max_digits=12, help_text=help_text, **facts)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return plain(number) if isinstance(number, Decimal) else ""


def words(label: str, *, rows: int = 3, required: bool = False, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return TextLines(label=label, max_length=LONGEST_WORDS, required=required, widget=area, help_text=help_text)


def line(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_WORDS, required=False)


def alternating(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """One of each in turn, for the layout in pairs."""
    return [name for pair in zip(first, second, strict=True) for name in pair]


def title(help_text: str = "") -> forms.CharField:
    return forms.CharField(label="Title", max_length=LONGEST_TITLE, help_text=help_text)


def basis() -> forms.CharField:
    return words("Basis", rows=2, help_text="Where it comes from: guidance, scholarship, or a choice of ours.")


def questions() -> forms.CharField:
    return words("Questions to ask, one on each line", rows=4, help_text="Officers see them beside the criterion.")


def choice(
    label: str, options: Sequence[tuple[str, str]], *, help_text: str = "", required: bool = True
) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=options, help_text=help_text, required=required)
