"""Typed text as it is kept."""

from collections.abc import Mapping
from typing import Any

from django import forms


def clean_lines(text: str) -> str:
    """Browsers send CR LF; one kind of line end keeps the same words the same."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_clean_lines(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {name: clean_lines(value) if isinstance(value, str) else value for name, value in cleaned.items()}


class TextLines(forms.CharField):
    """Lines of text whose length is counted as the browser counts it, a line end as one."""

    def to_python(self, value: Any) -> str:
        return clean_lines(super().to_python(value) or "")
