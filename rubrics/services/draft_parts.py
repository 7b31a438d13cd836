"""The parts of a draft's document that have a page of their own, each read and written as flat values by name.

Reading and writing are opposites: what is read and written back leaves the document as it was. Numbers are read as
exact text, so that values compare as they look. Lists of texts stand under numbered names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Protocol

from django.http import Http404

from rubrics.services.documents import number
from rubrics.services.storable import ITEM_LISTS

Document = dict[str, Any]
Values = dict[str, Any]

WORDS = ("title", "guidance", "basis")
GRADES = range(5)
EMPTY: tuple[Any, ...] = ("", [], None, False)
RISK_NUMBERS = ("reduction_cap", "condition_level", "catastrophic_from", "loss_at_zero")
LIMITS = ("moderate_from", "high_from", "severe_from")
TESTS = ("below", "at_least", "mean_below", "inherent_at_least", "best_claim_below", "any_risk_residual_at_least")
SUBJECTS = ("criterion", "mitigation", "risk", "section")


class PartGoneError(Http404):
    """The draft has no such part: it was never there, or has been removed. Pages answer "not found"."""


class DraftPart(Protocol):
    def read(self, document: Document) -> Values: ...

    def write(self, document: Document, values: Values) -> None: ...


def plain(value: Any) -> str:
    """A number of a document as text: "0.6" for "0.60", "20" for 20."""
    return str(number(Decimal(str(value))))


def exact(text: Any, held: Any = None) -> Any:
    """And back: whole numbers as such, others as exact text; as `held` is written where that is the same number."""
    return held if held is not None and plain(held) == plain(text) else number(Decimal(str(text)))


def _all_exact(texts: list[Any], held: list[Any]) -> list[Any]:
    return [exact(text, given) for text, given in zip_longest(texts, held[: len(texts)])]


def find(listed: list[Any], key: str) -> Any:
    for part in listed:
        if part["key"] == key:
            return part
    raise PartGoneError(key)


def find_section(document: Document, key: str) -> Any:
    return find(document["sections"], key)


def find_item(document: Document, key: str) -> tuple[Any, str, Any]:
    """The section of an item, the name of the list that it stands in, and the item."""
    for section in document["sections"]:
        for name in ITEM_LISTS:
            for item in section.get(name, []):
                if item["key"] == key:
                    return section, name, item
    raise PartGoneError(key)


def _read_words(part: Mapping[str, Any]) -> Values:
    return {name: part.get(name, "") for name in WORDS}


def _write_words(part: Document, values: Values) -> None:
    for name in WORDS:
        _put(part, name, values[name])


def _put(part: Document, name: str, value: Any) -> None:
    """Set what says something; leave out what has become empty, as files do."""
    if value not in EMPTY:
        part[name] = value
    elif part.get(name) not in EMPTY:
        del part[name]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _anchors(part: Mapping[str, Any], document: Document) -> Values:
    """One for each level, and those that are too many, so that they can be emptied."""
    given = part.get("anchors", [])
    return _numbered("anchor", given, max(document["top_score"] + 1, len(given)))


def _numbered(prefix: str, given: list[Any], size: int) -> Values:
    return {f"{prefix}_{place}": given[place] if place < len(given) else "" for place in range(size)}


def _collected(prefix: str, values: Values) -> list[Any]:
    """The numbered values in order, without what is empty at the end."""
    listed = [values[name] for name in values if name.startswith(f"{prefix}_")]
    while listed and listed[-1] == "":
        listed.pop()
    return listed


@dataclass(frozen=True)
class ScalePart:
    """The version as a whole: its words, the general anchors, and what each evidence grade allows."""

    def read(self, document: Document) -> Values:
        note = document.get("note")
        grades = note.get("evidence_grades", []) if isinstance(note, dict) else []
        caps = [plain(cap) for cap in document["evidence_caps"]]
        return {
            **_read_words(document),
            **_anchors(document, document),
            **_numbered("cap", caps, len(GRADES)),
            **_numbered("grade", grades, len(GRADES)),
        }

    def write(self, document: Document, values: Values) -> None:
        _write_words(document, values)
        _put(document, "anchors", _collected("anchor", values))
        document["evidence_caps"] = _all_exact(_collected("cap", values), document["evidence_caps"])
        note = document.get("note") if isinstance(document.get("note"), dict) else {}
        note = {**(note or {}), "evidence_grades": _collected("grade", values)}
        if note["evidence_grades"] or isinstance(document.get("note"), dict):
            document["note"] = note


@dataclass(frozen=True)
class SectionPart:
    """The words of a section, and the numbers of its rule. Its weight has another page, as its items have."""

    key: str

    def read(self, document: Document) -> Values:
        section = find_section(document, self.key)
        values = {**_read_words(section), "questions": "\n".join(section.get("questions", []))}
        if section["rule"] == "pathways":
            values["overlap"] = plain(section["overlap"])
        if section["rule"] == "residual_risk":
            values |= self._read_risk(section)
        return values

    def write(self, document: Document, values: Values) -> None:
        section = find_section(document, self.key)
        _write_words(section, values)
        _put(section, "questions", _lines(values["questions"]))
        if section["rule"] == "pathways":
            section["overlap"] = exact(values["overlap"], section["overlap"])
        if section["rule"] == "residual_risk":
            self._write_risk(section, values)

    @staticmethod
    def _read_risk(section: Document) -> Values:
        words = section.get("anchors") or {}
        levels = {
            "probability": [plain(value) for value in section["probability"]],
            "loss": [plain(value) for value in section["loss"]],
        }
        return {
            **{name: plain(section[name]) for name in RISK_NUMBERS},
            **dict(zip(LIMITS, map(plain, section["risk_bands"]), strict=True)),
            **_numbered("probabilities", levels["probability"], len(levels["probability"])),
            **_numbered("likelihood", words.get("likelihood", []), len(levels["probability"])),
            **_numbered("losses", levels["loss"], len(levels["loss"])),
            **_numbered("consequence", words.get("consequence", []), len(levels["loss"])),
        }

    @staticmethod
    def _write_risk(section: Document, values: Values) -> None:
        section |= {name: exact(values[name], section[name]) for name in RISK_NUMBERS}
        section["risk_bands"] = _all_exact([values[name] for name in LIMITS], section["risk_bands"])
        section["probability"] = _all_exact(_collected("probabilities", values), section["probability"])
        section["loss"] = _all_exact(_collected("losses", values), section["loss"])
        words = {name: _collected(name, values) for name in ("likelihood", "consequence")}
        _put(section, "anchors", {name: texts for name, texts in words.items() if texts} or None)


@dataclass(frozen=True)
class ItemPart:
    """A criterion, risk or mitigation. The weight of a criterion has another page, with those of its siblings."""

    key: str

    def read(self, document: Document) -> Values:
        _, kind, item = find_item(document, self.key)
        values = {**_read_words(item), "questions": "\n".join(item.get("questions", []))}
        if kind != "risks":
            values |= _anchors(item, document)
        if kind == "criteria":
            values |= {name: bool(item.get(name)) for name in ("per_side", "not_applicable_allowed")}
        note = item.get("note", "")
        if kind == "mitigations":
            note = note if isinstance(note, dict) else {"cost": note}
            return {**values, "acts": list(note.get("acts", [])), "cost": note.get("cost", "")}
        return {**values, "note": note} if isinstance(note, str) else values

    def write(self, document: Document, values: Values) -> None:
        _, kind, item = find_item(document, self.key)
        _write_words(item, values)
        _put(item, "questions", _lines(values["questions"]))
        if kind != "risks":
            _put(item, "anchors", _collected("anchor", values))
        if kind == "criteria":
            for name in ("per_side", "not_applicable_allowed"):
                _put(item, name, values[name])
        if kind == "mitigations":
            self._write_note(item, values)
        elif "note" in values:
            _put(item, "note", values["note"])

    @staticmethod
    def _write_note(mitigation: Document, values: Values) -> None:
        """What else a file says in the note stays; a note that is one text is about the cost."""
        held = mitigation.get("note", "")
        note = dict(held) if isinstance(held, dict) else {}
        _put(note, "acts", list(values["acts"]))
        _put(note, "cost", values["cost"])
        if note != {"cost": held}:
            _put(mitigation, "note", note or None)


@dataclass(frozen=True)
class GatePart:
    """What a gate compares with, and what it does. Another kind of test comes in with a file."""

    key: str

    def read(self, document: Document) -> Values:
        gate = find(document["gates"], self.key)
        values = {**_read_words(gate), "effect": gate["effect"], "sides": gate.get("sides", "")}
        for place, test in enumerate(gate["when"]):
            values |= {f"{name}_{place}": test[name] for name in (*SUBJECTS, "is", "is_not") if name in test}
            values |= {f"{name}_{place}": plain(test[name]) for name in TESTS if name in test}
        return values

    def write(self, document: Document, values: Values) -> None:
        gate = find(document["gates"], self.key)
        _write_words(gate, values)
        gate["effect"] = values["effect"]
        _put(gate, "sides", values["sides"])
        for place, test in enumerate(gate["when"]):
            for name in list(test):
                if f"{name}_{place}" in values:
                    value = values[f"{name}_{place}"]
                    test[name] = exact(value, test[name]) if name in TESTS else value


@dataclass(frozen=True)
class BandsPart:
    def read(self, document: Document) -> Values:
        return {
            f"{name}-{band['key']}": value
            for band in document["bands"]
            for name, value in {
                "band": plain(band["min"]),
                "title": band.get("title", ""),
                "guidance": band.get("guidance", ""),
            }.items()
        }

    def write(self, document: Document, values: Values) -> None:
        for band in document["bands"]:
            if f"band-{band['key']}" in values:
                band["min"] = exact(values[f"band-{band['key']}"], band["min"])
                for name in ("title", "guidance"):
                    _put(band, name, values[f"{name}-{band['key']}"])


@dataclass(frozen=True)
class WeightsPart:
    """The weights of the sections, and where the bands begin."""

    def read(self, document: Document) -> Values:
        weights = {f"weight-{section['key']}": plain(section["weight"]) for section in document["sections"]}
        return weights | {f"band-{band['key']}": plain(band["min"]) for band in document["bands"]}

    def write(self, document: Document, values: Values) -> None:
        for section in document["sections"]:
            section["weight"] = exact(values.get(f"weight-{section['key']}", section["weight"]), section["weight"])
        for band in document["bands"]:
            band["min"] = exact(values.get(f"band-{band['key']}", band["min"]), band["min"])


@dataclass(frozen=True)
class CriteriaWeightsPart:
    """The weights of the criteria within one section."""

    section: str

    def read(self, document: Document) -> Values:
        criteria = find_section(document, self.section).get("criteria", [])
        return {f"weight-{criterion['key']}": plain(criterion["weight"]) for criterion in criteria}

    def write(self, document: Document, values: Values) -> None:
        for criterion in find_section(document, self.section).get("criteria", []):
            held = criterion["weight"]
            criterion["weight"] = exact(values.get(f"weight-{criterion['key']}", held), held)


@dataclass(frozen=True)
class PairingsPart:
    """Which share of which risk each mitigation takes at full quality; empty where it has no effect on it."""

    section: str

    def read(self, document: Document) -> Values:
        section = find_section(document, self.section)
        if "mitigations" not in section:
            raise PartGoneError(self.section)
        return {
            pairing_name(mitigation["key"], risk["key"]): plain(mitigation["reduces"][risk["key"]])
            if risk["key"] in mitigation["reduces"]
            else ""
            for mitigation in section.get("mitigations", [])
            for risk in section.get("risks", [])
        }

    def write(self, document: Document, values: Values) -> None:
        section = find_section(document, self.section)
        for mitigation in section.get("mitigations", []):
            for risk in section.get("risks", []):
                share = values.get(pairing_name(mitigation["key"], risk["key"]), None)
                if share:
                    mitigation["reduces"][risk["key"]] = exact(share, mitigation["reduces"].get(risk["key"]))
                elif share == "":
                    mitigation["reduces"].pop(risk["key"], None)


def pairing_name(mitigation: str, risk: str) -> str:
    """Keys hold no dot, so no two pairs share a name."""
    return f"{mitigation}.{risk}"
