"""Conditions that several models' constraints share."""

from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan


def has_words(field: str) -> GreaterThan:
    """More than nothing, and more than spaces."""
    return GreaterThan(Length(Trim(field)), 0)
