"""The words of a rubric version by key, for pages that show results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rubrics.models import RubricVersion
from rubrics.services.documents import frozen_document


@dataclass(frozen=True, slots=True)
class RubricWords:
    """Titles, anchors and places of everything in a version, read from its document."""

    document: Mapping[str, Any]
    titles: Mapping[str, str]
    anchors: Mapping[str, Sequence[str]]
    section_of: Mapping[str, str]

    def title(self, key: str) -> str:
        return self.titles.get(key, key)

    def anchor(self, key: str, level: int) -> str:
        levels = self.anchors.get(key, ())
        return levels[level] if level < len(levels) else ""

    def sections(self) -> Sequence[Mapping[str, Any]]:
        sections: Sequence[Mapping[str, Any]] = self.document["sections"]
        return sections

    def effect(self, effect: str) -> str:
        """What a gate does, in words: "decline", "block" or "cap:revise"."""
        if effect.startswith("cap:"):
            return f"No better than “{self.title(effect.removeprefix('cap:'))}”"
        return {"decline": "Decline", "block": "Blocks issuing"}[effect]


def rubric_words(version: RubricVersion) -> RubricWords:
    document = frozen_document(version)
    titles: dict[str, str] = {}
    anchors: dict[str, Sequence[str]] = {}
    section_of: dict[str, str] = {}
    for section in document["sections"]:
        titles[section["key"]] = section.get("title", section["key"])
        for item in (*section.get("criteria", ()), *section.get("risks", ()), *section.get("mitigations", ())):
            titles[item["key"]] = item.get("title", item["key"])
            anchors[item["key"]] = item.get("anchors", ())
            section_of[item["key"]] = section["key"]
    for item in (*document["gates"], *document["bands"]):
        titles[item["key"]] = item.get("title", item["key"])
    return RubricWords(document, titles, anchors, section_of)


def check_keys(document: Mapping[str, Any]) -> list[str]:
    """The checks that some gate looks at, in the order of the gates."""
    tests = [test for gate in document["gates"] for test in gate["when"] if "check" in test]
    return list(dict.fromkeys(test["check"] for test in tests))
