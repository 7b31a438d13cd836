"""The sections of a draft with their items, as its overview lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rubrics.services.draft_parts import plain
from rubrics.services.draft_structure import LISTS_OF_RULE

LIST_TITLES = {"criteria": "Criteria", "risks": "Risks", "mitigations": "Mitigations"}
NOUNS = {"criteria": "criterion", "risks": "risk", "mitigations": "mitigation"}


@dataclass(frozen=True, slots=True)
class ItemLine:
    key: str
    title: str
    weight: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class ItemList:
    kind: str
    title: str
    noun: str
    items: Sequence[ItemLine]


@dataclass(frozen=True, slots=True)
class SectionOutline:
    key: str
    title: str
    weight: str
    rule: str
    lists: Sequence[ItemList]


def section_outlines(document: Mapping[str, Any]) -> list[SectionOutline]:
    return [
        SectionOutline(
            key=section["key"],
            title=section.get("title") or section["key"],
            weight=plain(section["weight"]),
            rule=section["rule"],
            lists=[
                ItemList(kind, LIST_TITLES[kind], NOUNS[kind], _lines(section[kind]))
                for kind in LISTS_OF_RULE[section["rule"]]
            ],
        )
        for section in document["sections"]
    ]


def _lines(items: Sequence[Mapping[str, Any]]) -> list[ItemLine]:
    return [
        ItemLine(
            key=item["key"],
            title=item.get("title") or item["key"],
            weight=plain(item["weight"]) if "weight" in item else "",
            is_first=place == 0,
            is_last=place == len(items) - 1,
        )
        for place, item in enumerate(items)
    ]
