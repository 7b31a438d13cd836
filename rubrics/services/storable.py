"""What the tables of a rubric can keep of a document that the scoring method can read."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rubrics.scoring.faults import Fault, child_path, item_path, show

PLACES = 4
DIGITS_BEFORE = 8
LONGEST_TITLE = 200
LARGEST_TOP_SCORE = 10
DEEPEST = 20
_KEY = re.compile(r"[-a-zA-Z0-9_]{1,80}")
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
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
    faults = [*_key("$", document), *_top_score(document), *_words("$", document), *_anchors("$", document)]
    for path, part in parts_of(document):
        faults += _key(path, part)
        faults += _words(path, part)
        faults += _anchors(path, part)
        faults += _numbers(path, part)
        faults += _shares(path, part)
    return [*faults, *_unkept("$", document, 0)]


def _top_score(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Pages show a choice for each level, and each level has its anchor."""
    if document["top_score"] > LARGEST_TOP_SCORE:
        yield Fault("$.top_score", f"{show(document['top_score'])} is more than {LARGEST_TOP_SCORE}")


def _key(path: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    if not _KEY.fullmatch(part["key"]):
        yield Fault(
            child_path(path, "key"), f"{show(part['key'])} is not made of letters, digits, - and _ (at most 80)"
        )


def _words(path: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("title", "guidance", "basis"):
        if not isinstance(part.get(name, ""), str):
            yield Fault(child_path(path, name), f"{show(part[name])} is not text")
    if isinstance(part.get("title"), str) and len(part["title"]) > LONGEST_TITLE:
        yield Fault(child_path(path, "title"), f"has more than {LONGEST_TITLE} characters")
    if not _is_texts(part.get("questions", [])):
        yield Fault(child_path(path, "questions"), "is not a list of texts")


def _anchors(path: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    """The rubric, criteria and mitigations have a text for each score; a section of risks has words for its levels."""
    given = part.get("anchors", [])
    if part.get("rule") == "residual_risk":
        named = given if isinstance(given, dict) else {"": given}
        if given and not (named.keys() <= {"likelihood", "consequence"} and all(map(_is_texts, named.values()))):
            yield Fault(child_path(path, "anchors"), "does not hold lists of texts for likelihood and consequence")
    elif path == "$" or "reduces" in part or ("weight" in part and "rule" not in part):
        if not _is_texts(given):
            yield Fault(child_path(path, "anchors"), "is not a list of texts")
    elif given:
        yield Fault(child_path(path, "anchors"), "is not kept here")


def _is_texts(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(text, str) for text in given)


def _unkept(path: str, value: Any, depth: int) -> Iterator[Fault]:
    """What no database keeps: characters that are none, and notes within notes without end."""
    if depth > DEEPEST:
        yield Fault(path, "is nested too deeply")
    elif isinstance(value, dict):
        for name, held in value.items():
            yield from _unkept(path, name, depth)
            yield from _unkept(child_path(path, name), held, depth + 1)
    elif isinstance(value, list):
        for index, held in enumerate(value):
            yield from _unkept(item_path(path, index), held, depth + 1)
    elif isinstance(value, str) and _NO_CHARACTER.search(value):
        yield Fault(path, "holds a character that is none")


def _numbers(path: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    for name in STORED_NUMBERS:
        if name in part:
            yield from _number(child_path(path, name), part[name])


def _shares(path: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    for risk, share in part.get("reduces", {}).items():
        yield from _number(child_path(child_path(path, "reduces"), risk), share)


def _number(path: str, value: Any) -> Iterator[Fault]:
    number = Decimal(str(value))
    if number >= 10**DIGITS_BEFORE:
        yield Fault(path, f"{show(value)} is not below {10**DIGITS_BEFORE}")
    elif number != round(number, PLACES):
        yield Fault(path, f"{show(value)} has more than {PLACES} decimals")
