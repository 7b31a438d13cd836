"""What the tables of a rubric can keep of a document that the scoring method can read."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rubrics.scoring.faults import Fault, child_path, item_path, show

PLACES = 4
DIGITS_BEFORE = 8
LONGEST_TITLE = 200
_KEY = re.compile(r"[-a-zA-Z0-9_]{1,80}")
STORED_NUMBERS = (
    "weight", "overlap", "reduction_cap", "condition_level", "catastrophic_from", "loss_at_zero", "min",
)  # fmt: skip
ITEM_LISTS = ("criteria", "risks", "mitigations")

Part = tuple[str, Mapping[str, Any]]
"""An object of the document with its JSON path."""


def sections_of(document: Mapping[str, Any]) -> Iterator[Part]:
    return _listed("$", document, "sections")


def items_of(section: Part) -> Iterator[Part]:
    for name in ITEM_LISTS:
        yield from _listed(*section, name)


def gates_of(document: Mapping[str, Any]) -> Iterator[Part]:
    return _listed("$", document, "gates")


def parts_of(document: Mapping[str, Any]) -> Iterator[Part]:
    """Every object that has a key of its own: sections, their items, gates, bands."""
    for section in sections_of(document):
        yield section
        yield from items_of(section)
    yield from gates_of(document)
    yield from _listed("$", document, "bands")


def _listed(path: str, holder: Mapping[str, Any], name: str) -> Iterator[Part]:
    for index, held in enumerate(holder.get(name, ())):
        yield item_path(child_path(path, name), index), held


def storable_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Why the tables could not keep this document exactly. It must have been read by the scoring method before."""
    faults = list(_words("$", document, levels=True))
    for path, part in parts_of(document):
        faults += _key(path, part)
        faults += _words(path, part, levels=part.get("rule") is None)
        faults += _numbers(path, part)
        faults += _shares(path, part)
    return faults


def _key(path: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    if not _KEY.fullmatch(part["key"]):
        yield Fault(
            child_path(path, "key"), f"{show(part['key'])} is not made of letters, digits, - and _ (at most 80)"
        )


def _words(path: str, part: Mapping[str, Any], *, levels: bool) -> Iterator[Fault]:
    for name in ("title", "guidance", "basis"):
        if not isinstance(part.get(name, ""), str):
            yield Fault(child_path(path, name), f"{show(part[name])} is not text")
    if isinstance(part.get("title"), str) and len(part["title"]) > LONGEST_TITLE:
        yield Fault(child_path(path, "title"), f"has more than {LONGEST_TITLE} characters")
    for name in ("questions", *(["anchors"] if levels else [])):
        given = part.get(name, [])
        if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
            yield Fault(child_path(path, name), "is not a list of texts")


def _numbers(path: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    for name in STORED_NUMBERS:
        if name in part:
            yield from _number(child_path(path, name), part[name])


def _shares(path: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    for risk, share in part.get("reduces", {}).items():
        yield from _number(child_path(child_path(path, "reduces"), risk), share)


def _number(path: str, value: Any) -> Iterator[Fault]:
    number = Decimal(str(value))
    if number != round(number, PLACES):
        yield Fault(path, f"{show(value)} has more than {PLACES} decimals")
    elif number >= 10**DIGITS_BEFORE:
        yield Fault(path, f"{show(value)} is not below {10**DIGITS_BEFORE}")
