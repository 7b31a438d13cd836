"""In words for people: what a newer version of the rubric leaves out, what it asks anew, and what it says otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from proposals.analysis.carrying import Kind, Reason
from proposals.memos.figures import counted, listed
from rubrics.services.words import RubricWords

PARTS = {"probability": "likelihood", "loss": "consequence"}
LEVELS = (("likelihood", 1), ("consequence", 0))
WHY = {
    Reason.REMOVED: "The newer version does not have it.",
    Reason.OTHER_KIND: "It is something of another kind in the newer version.",
    Reason.PER_SIDE_CHANGED: "One version asks it side by side, the other once for all sides.",
    Reason.NOT_CLAIMED: "It is a theory of change now, and the proposal does not claim it.",
    Reason.MUST_APPLY: "“Not applicable” is no answer to it any more.",
    Reason.BEYOND_SCALE: "The answer lies beyond the newer scale.",
    Reason.GATE_CHANGED: "The gate is another rule now, and nobody has set that one aside.",
}
SINGLE = {Kind.CONSENSUS: "the consensus", Kind.CLAIM: "the claim", Kind.OVERRIDE: "that it is set aside"}
COUNTED = {Kind.SCORE: "answer", Kind.RECOMMENDATION: "recommendation"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell, theory, gate or band of the older version, what of it has no counterpart, and why."""

    title: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """Something that is asked under both versions in other words: the scores were given to the older ones."""

    title: str
    what: str


@dataclass(frozen=True, slots=True)
class CarriedWords:
    """`facts` are the checks and flags that only gates of the newer version look at, and that nobody answered."""

    left_out: list[LeftOut]
    unanswered: list[str]
    facts: list[str]

    @property
    def is_whole(self) -> bool:
        return not (self.left_out or self.unanswered or self.facts)


def carried_words(
    stored: Mapping[str, Any], before: RubricWords, after: RubricWords, sides: Mapping[str, str]
) -> CarriedWords:
    """Of what a re-assessment stores as without a counterpart; `sides` are the names of sides by key."""
    groups: dict[tuple[str, str, str], list[Kind]] = {}
    for lost in stored["lost"]:
        groups.setdefault((lost["key"], lost["part"], lost["reason"]), []).append(Kind(lost["kind"]))
    left_out = [
        LeftOut(_lost_title(before, sides, key, part, kinds), _lost_what(kinds), WHY[Reason(reason)])
        for (key, part, reason), kinds in groups.items()
    ]
    unanswered = [_cell_title(after, sides, cell["item"], cell["part"]) for cell in stored["unanswered"]]
    return CarriedWords(left_out, unanswered, [fact.replace("-", " ") for fact in stored["open_facts"]])


def _cell_title(words: RubricWords, sides: Mapping[str, str], item: str, part: str) -> str:
    where = sides.get(part) or PARTS.get(part, part)
    return f"{words.title(item)}, {where}" if where else words.title(item)


def _lost_title(words: RubricWords, sides: Mapping[str, str], key: str, part: str, kinds: Sequence[Kind]) -> str:
    if Kind.RECOMMENDATION in kinds:
        return f"Band “{words.band(key)}”"
    return _cell_title(words, sides, key, part)


def _lost_what(kinds: Sequence[Kind]) -> str:
    named = [
        SINGLE[kind] if kind in SINGLE else counted(kinds.count(kind), COUNTED[kind]) for kind in dict.fromkeys(kinds)
    ]
    return listed(named)


def reworded(before: RubricWords, after: RubricWords) -> list[Reworded]:
    """The scale, and everything that both versions ask, wherever its words are others; in the newer version's order."""
    found = [*_scale(before, after)]
    for section in after.sections:
        for item in RubricWords.items(section):
            if item["key"] not in before.section_of:
                continue
            what = [*_words(before.item(item["key"]), item), *_anchors(before.anchors(item["key"]), after, item["key"])]
            if what:
                found.append(Reworded(after.title(item["key"]), listed(what)))
        found += _levels(before, section)
    return found


def _scale(before: RubricWords, after: RubricWords) -> Iterator[Reworded]:
    old, new = before.document, after.document
    if old["top_score"] != new["top_score"]:
        yield Reworded("Scale", f"the top score was {old['top_score']} and is {new['top_score']}")
    general = _rewritten(old.get("anchors", []), new.get("anchors", []), 0)
    if general:
        yield Reworded("Scale", f"general anchors for {general}")


def _words(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in ("title", "guidance", "questions"):
        if (old.get(name) or "") != (new.get(name) or ""):
            yield name


def _anchors(old: Sequence[str], after: RubricWords, key: str) -> Iterator[str]:
    if rewritten := _rewritten(old, after.anchors(key), 0):
        yield f"anchors for {rewritten}"


def _levels(before: RubricWords, section: Mapping[str, Any]) -> Iterator[Reworded]:
    """The words of the levels of risks belong to their section."""
    if section["rule"] != "residual_risk":
        return
    old: Mapping[str, Any] = next((one for one in before.sections if one["key"] == section["key"]), {})
    was, now = old.get("anchors") or {}, section.get("anchors") or {}
    what = [
        f"levels {rewritten} of {name}"
        for name, first in LEVELS
        if (rewritten := _rewritten(was.get(name, []), now.get(name, []), first))
    ]
    if what:
        yield Reworded(section.get("title") or section["key"], listed(what))


def _rewritten(old: Sequence[str], new: Sequence[str], first: int) -> str:
    """Which texts of two lists differ, by their numbers: "1, 2 and 4"."""
    pairs = zip_longest(old, new, fillvalue="")
    numbers = [str(place) for place, (was, now) in enumerate(pairs, first) if was != now]
    return listed(numbers) if numbers else ""
