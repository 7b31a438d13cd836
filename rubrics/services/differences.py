"""How two documents of a rubric differ, in words: what an admin publishes, and what a reader of the history sees."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from rubrics.scoring.validate_common import DESCRIPTIVE
from rubrics.services.clauses import sentence
from rubrics.services.draft_parts import LIMITS, RISK_NUMBERS, plain
from rubrics.services.words import RubricWords

Part = Mapping[str, Any]
Home = tuple[Part, str, Part]
"""The section of an item, the name of the list that it stands in, and the item."""

RULE_NAMES = {"mean": "weighted mean", "pathways": "pathways", "residual_risk": "residual risk"}
NUMBER_NAMES = {
    "weight": "weight",
    "min": "index from",
    "overlap": "overlap",
    "reduction_cap": "most that mitigations together take off",
    "condition_level": "level below which a mitigation becomes a condition",
    "catastrophic_from": "consequence from which a risk is never below high",
    "loss_at_zero": "total expected loss at which the section is worth nothing",
}
LIMIT_NAMES = ("moderate from", "high from", "severe from")
KINDS = {"criteria": "criterion", "risks": "risk", "mitigations": "mitigation"}
ORDER = "order of the "
NONE = "none"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what, from what to what. `before` or `after` is empty for what is new or gone.

    `counts` tells whether it can move a result; words alone cannot.
    """

    place: str
    what: str
    before: str
    after: str
    counts: bool

    @property
    def sentence(self) -> str:
        """Such as "Policy transfer: weight 25 → 30"."""
        told = f"{self.place}: {self.what}"
        if self.counts:
            return f"{told} {' → '.join(value for value in (self.before, self.after) if value)}"
        if not self.before or not self.after:
            return f"{told} {'removed' if self.before else 'added'}: {self.before or self.after}"
        return f"{told} {'changed' if self.what.startswith(ORDER) else 'rewritten'}"

    @property
    def is_wording(self) -> bool:
        return not self.counts


def differences(before: Part, after: Part) -> list[Change]:
    """Everything that differs, in the order of the later document; the version's own number is left out."""
    return list(_Comparison(before, after).all())


class _Comparison:
    def __init__(self, before: Part, after: Part) -> None:
        self.before, self.after = before, after
        self.words = {id(before): RubricWords(before), id(after): RubricWords(after)}
        self.homes = [_homes(document) for document in (before, after)]
        places = [{key: (home[0]["key"], home[1]) for key, home in homes.items()} for homes in self.homes]
        self.moved = {key for key in places[0].keys() & places[1].keys() if places[0][key] != places[1][key]}

    def all(self) -> Iterator[Change]:
        yield from self._scale()
        yield from self._keyed("The rubric", "section", self.before["sections"], self.after["sections"], self._section)
        yield from self._moved()
        yield from self._keyed("Gates", "gate", self.before["gates"], self.after["gates"], self._gate)
        yield from self._keyed("Bands", "band", self.before["bands"], self.after["bands"], self._band)

    def _scale(self) -> Iterator[Change]:
        old, new = self.before, self.after
        yield from _number("Scale", "top score", old["top_score"], new["top_score"])
        for grade, (cap, then) in enumerate(zip(old["evidence_caps"], new["evidence_caps"], strict=True)):
            yield from _number(f"Evidence grade E{grade}", "counts at most", cap, then)
        yield from _words("The rubric", old, new)
        yield from _texts("Scale", "general anchor for", old.get("anchors", []), new.get("anchors", []))
        for name in sorted(_note(old).keys() | _note(new).keys()):
            was, now = _note(old).get(name), _note(new).get(name)
            label = name.replace("_", " ")
            if isinstance(was, list) and isinstance(now, list) and name == "evidence_grades":
                yield from _texts("Scale", "words of evidence grade E", was, now)
            elif was != now:
                yield Change("The rubric", label, _shown(was), _shown(now), counts=False)

    def _keyed(
        self,
        place: str,
        kind: str,
        before: Sequence[Part],
        after: Sequence[Part],
        compare: Callable[[Part, Part], Iterator[Change]],
    ) -> Iterator[Change]:
        """Lists of parts with keys: what is new, gone, in another order, and what differs within."""
        old, new = {part["key"]: part for part in before}, {part["key"]: part for part in after}
        for key, part in new.items():
            if key in old:
                yield from compare(old[key], part)
            else:
                yield Change(place, f"new {kind}", "", self._told(part, self.after), counts=True)
        for key, part in old.items():
            if key not in new:
                yield Change(place, f"{kind} removed:", self._told(part, self.before), "", counts=True)
        kept = [key for key in old if key in new], [key for key in new if key in old]
        if kept[0] != kept[1]:
            order = [
                ", ".join(_title(parts[key]) for key in keys) for parts, keys in zip((old, new), kept, strict=True)
            ]
            plural = next((many for many, one in KINDS.items() if one == kind), f"{kind}s")
            yield Change(place, f"{ORDER}{plural}", order[0], order[1], counts=False)

    def _told(self, part: Part, document: Part) -> str:
        """A part that is new or gone: its title, with what it weighs or when it fires."""
        title = f"“{_title(part)}”"
        if "when" in part:
            words = self.words[id(document)]
            return f"{title} ({words.effect(part['effect']).lower()}): {sentence(part, words)}"
        if "min" in part:
            return f"{title}, index from {plain(part['min'])}"
        return f"{title}, weight {plain(part['weight'])}" if "weight" in part else title

    def _section(self, old: Part, new: Part) -> Iterator[Change]:
        place = _title(new)
        yield from _number(place, NUMBER_NAMES["weight"], old["weight"], new["weight"])
        if old["rule"] != new["rule"]:
            yield Change(place, "rule", RULE_NAMES[old["rule"]], RULE_NAMES[new["rule"]], counts=True)
        for name in ("overlap", *RISK_NUMBERS):
            yield from _number(place, NUMBER_NAMES[name], old.get(name), new.get(name))
        for name, was, now in zip_longest(LIMIT_NAMES, old.get("risk_bands", []), new.get("risk_bands", [])):
            yield from _number(place, name, was, now)
        yield from _levels(
            place, "likelihood level {} counts as", 1, old.get("probability", []), new.get("probability", [])
        )
        yield from _levels(place, "loss of consequence level {}", 0, old.get("loss", []), new.get("loss", []))
        yield from _described(place, old, new)
        was, now = old.get("anchors") or {}, new.get("anchors") or {}
        for name, first in (("likelihood", 1), ("consequence", 0)):
            yield from _texts(place, f"words of {name} level", was.get(name, []), now.get(name, []), first)
        for name, kind in KINDS.items():
            yield from self._items(place, name, kind, old, new)

    def _items(self, place: str, name: str, kind: str, old: Part, new: Part) -> Iterator[Change]:
        """Items that came from another list, or went there, are told by `_moved`."""
        lists = [[item for item in part.get(name, []) if item["key"] not in self.moved] for part in (old, new)]

        def compare(was: Part, now: Part) -> Iterator[Change]:
            return self._item(f"{place}, {_title(now)}", was, now)

        yield from self._keyed(place, kind, lists[0], lists[1], compare)

    def _moved(self) -> Iterator[Change]:
        for key, (section, name, item) in self.homes[1].items():
            if key in self.moved:
                origin, kind, was = self.homes[0][key]
                place = f"{_title(section)}, {_title(item)}"
                if origin["key"] != section["key"]:
                    yield Change(place, "section", _title(origin), _title(section), counts=True)
                if kind != name:
                    yield Change(place, "is a", KINDS[kind], KINDS[name], counts=True)
                yield from self._item(place, was, item)

    def _item(self, place: str, old: Part, new: Part) -> Iterator[Change]:
        yield from _number(place, NUMBER_NAMES["weight"], old.get("weight"), new.get("weight"))
        for name, label in (("per_side", "scored per side"), ("not_applicable_allowed", "not applicable allowed")):
            if bool(old.get(name)) != bool(new.get(name)):
                yield Change(place, label, _yes(old.get(name)), _yes(new.get(name)), counts=True)
        shares, then = old.get("reduces", {}), new.get("reduces", {})
        for risk in dict.fromkeys([*shares, *then]):
            title = self.homes[risk in self.homes[1]][risk][2].get("title") or risk
            yield from _number(place, f"share of “{title}”", shares.get(risk, 0), then.get(risk, 0))
        yield from _described(place, old, new)
        yield from _texts(place, "anchor for", old.get("anchors", []), new.get("anchors", []))

    def _gate(self, old: Part, new: Part) -> Iterator[Change]:
        place = f"Gate “{_title(new)}”"
        was, now = self.words[id(self.before)], self.words[id(self.after)]
        if old["effect"] != new["effect"]:
            yield Change(place, "effect", was.effect(old["effect"]), now.effect(new["effect"]), counts=True)
        same = _comparable(old["when"]) == _comparable(new["when"]) and old.get("sides", "") == new.get("sides", "")
        if not same:
            yield Change(place, "fires when:", sentence(old, was), sentence(new, now), counts=True)
        for test, then in zip(old["when"], new["when"], strict=False):
            yield from _described(place, test, then)
        yield from _described(place, old, new)

    def _band(self, old: Part, new: Part) -> Iterator[Change]:
        place = f"Band “{_title(new)}”"
        yield from _number(place, NUMBER_NAMES["min"], old["min"], new["min"])
        yield from _described(place, old, new)


def _homes(document: Part) -> dict[str, Home]:
    return {
        item["key"]: (section, name, item)
        for section in document["sections"]
        for name in KINDS
        for item in section.get(name, [])
    }


def _title(part: Part) -> str:
    return str(part.get("title") or part["key"])


def _yes(value: Any) -> str:
    return "yes" if value else "no"


def _note(document: Part) -> Part:
    note = document.get("note")
    return note if isinstance(note, dict) else ({} if note is None else {"note": note})


def _comparable(tests: Sequence[Part]) -> list[dict[str, str]]:
    """What the tests do, without the words that a file may hold beside it."""
    return [{name: number_text(value) for name, value in test.items() if name not in DESCRIPTIVE} for test in tests]


def number_text(value: Any) -> str:
    try:
        return plain(value)
    except ArithmeticError:
        return str(value)


def _number(place: str, what: str, before: Any, after: Any) -> Iterator[Change]:
    was, now = (NONE if value is None else plain(value) for value in (before, after))
    if was != now:
        yield Change(place, what, was, now, counts=True)


def _levels(place: str, name: str, first: int, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    for level, (was, now) in enumerate(zip_longest(before, after), first):
        yield from _number(place, name.format(level), was, now)


def _described(place: str, old: Part, new: Part) -> Iterator[Change]:
    yield from _words(place, old, new)
    if _shown(old.get("note")) != _shown(new.get("note")):
        yield Change(place, "note", _shown(old.get("note")), _shown(new.get("note")), counts=False)


def _words(place: str, old: Part, new: Part) -> Iterator[Change]:
    for name in ("title", "guidance", "basis"):
        if (was := old.get(name, "")) != (now := new.get(name, "")):
            yield Change(place, name, was, now, counts=False)
    was, now = ("\n".join(part.get("questions", [])) for part in (old, new))
    if was != now:
        yield Change(place, "questions", was, now, counts=False)


def _texts(place: str, what: str, before: Sequence[str], after: Sequence[str], first: int = 0) -> Iterator[Change]:
    for index in range(max(len(before), len(after))):
        was, now = (given[index] if index < len(given) else "" for given in (before, after))
        if was != now:
            gap = "" if what.endswith("grade E") else " "
            yield Change(place, f"{what}{gap}{index + first}", was, now, counts=False)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_shown(held)}" for name, held in value.items())
    if isinstance(value, list):
        return "\n".join(str(held) for held in value)
    return "" if value is None else str(value)


# The limits of the risk bands stand in the order of their names.
assert len(LIMITS) == len(LIMIT_NAMES)  # noqa: S101 - two tables that must not drift apart
