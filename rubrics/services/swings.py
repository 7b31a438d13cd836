"""The swing of each section from its worst to its best, in the rubric's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rubrics.services.draft_parts import plain

ONE_IS_ENOUGH = "Only claimed theories count, and one at its best is enough for the best of the section."


@dataclass(frozen=True, slots=True)
class End:
    """One end of a swing: what a criterion or risk looks like there."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Swing:
    key: str
    title: str
    worst: Sequence[End]
    best: Sequence[End]
    note: str = ""


def swings(document: Mapping[str, Any]) -> list[Swing]:
    """Of each section: every criterion at its lowest and highest anchor, or all risks together at worst and best."""
    top = document["top_score"]
    return [_swing(section, top) for section in document["sections"]]


def _swing(section: Mapping[str, Any], top: int) -> Swing:
    title = section.get("title") or section["key"]
    if section["rule"] == "residual_risk":
        return Swing(section["key"], title, *_risk_ends(section))
    worst, best = ([_end(item, level) for item in section["criteria"]] for level in (0, top))
    return Swing(section["key"], title, worst, best, ONE_IS_ENOUGH if section["rule"] == "pathways" else "")


def _end(item: Mapping[str, Any], level: int) -> End:
    anchors = item.get("anchors", ())
    words = anchors[level] if level < len(anchors) else f"A score of {level}."
    return End(item.get("title") or item["key"], words)


def _risk_ends(section: Mapping[str, Any]) -> tuple[list[End], list[End]]:
    words = section.get("anchors") or {}
    worst = f"An expected loss of {plain(section['loss_at_zero'])} points of 100 or more is left after all mitigations."
    worst_words = _extreme(words, -1)
    best_words = _extreme(words, 0)
    return (
        [End("All risks together", worst), *worst_words],
        [End("All risks together", "No expected loss is left."), *best_words],
    )


def _extreme(words: Mapping[str, Sequence[str]], place: int) -> list[End]:
    named = (("Likelihood", words.get("likelihood", ())), ("Consequence", words.get("consequence", ())))
    return [End(title, texts[place]) for title, texts in named if texts]
