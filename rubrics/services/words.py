"""The words of a rubric version by key, for pages and memos that show results."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rubrics.models import RubricVersion
from rubrics.services.documents import frozen_document


class RubricWords:
    """The words of a rubric document, by the keys that the numbers use."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.sections: list[dict[str, Any]] = document["sections"]
        self.gates: list[dict[str, Any]] = document["gates"]
        self._items = {item["key"]: item for section in self.sections for item in self.items(section)}
        self._titled = {part["key"]: part for part in (*self.sections, *self.gates)} | self._items
        self._bands = {band["key"]: band.get("title") or band["key"] for band in document["bands"]}
        self.section_of = {item["key"]: section["key"] for section in self.sections for item in self.items(section)}

    @staticmethod
    def items(section: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Criteria, or mitigations and risks, of a section."""
        for name in ("criteria", "mitigations", "risks"):
            yield from section.get(name, [])

    def of_rule(self, rule: str) -> list[dict[str, Any]]:
        return [section for section in self.sections if section["rule"] == rule]

    def title(self, key: str) -> str:
        """What a criterion, mitigation, risk, section or gate is called."""
        return self._titled.get(key, {}).get("title") or key

    def item(self, key: str) -> Mapping[str, Any]:
        """A criterion, mitigation or risk; empty where the rubric has none of this key."""
        return self._items.get(key, {})

    def anchors(self, key: str) -> Sequence[str]:
        """The anchors of a criterion or mitigation, from 0 up; empty where the rubric has none."""
        anchors: Sequence[str] = self._items.get(key, {}).get("anchors", ())
        return anchors

    def anchor(self, key: str, level: int) -> str:
        anchors = self.anchors(key)
        return anchors[level] if 0 <= level < len(anchors) else ""

    def note(self, key: str) -> Mapping[str, Any]:
        note = self._items.get(key, {}).get("note")
        return note if isinstance(note, dict) else {}

    def band(self, key: str) -> str:
        """What a band, or a suggestion, is called."""
        return "Blocked" if key == "blocked" else self._bands.get(key, key)

    def effect(self, effect: str) -> str:
        """What a gate does, in words: "decline", "block" or "cap:revise"."""
        if effect.startswith("cap:"):
            return f"No better than “{self.band(effect.removeprefix('cap:'))}”"
        return {"decline": "Decline", "block": "Blocks issuing"}[effect]

    @property
    def name(self) -> str:
        return f"{self.document.get('title') or self.document['key']}, version {self.document['version']}"

    @property
    def reference_points(self) -> tuple[str, ...]:
        note = self.document.get("note")
        return tuple(note.get("reference_points", [])) if isinstance(note, dict) else ()


def rubric_words(version: RubricVersion) -> RubricWords:
    return RubricWords(frozen_document(version))


def check_keys(document: Mapping[str, Any]) -> list[str]:
    """The checks that some gate looks at, in the order of the gates."""
    tests = [test for gate in document["gates"] for test in gate["when"] if "check" in test]
    return list(dict.fromkeys(test["check"] for test in tests))
