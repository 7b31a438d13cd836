"""What must be mended in a draft before it can be published, and what its admin should look at, each with its place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from rubrics.scoring.faults import Fault, FaultyDocumentError, child_path, item_path
from rubrics.scoring.parse import parse_rubric
from rubrics.scoring.weights import mirrored
from rubrics.services.storable import ITEM_LISTS, Part, gates_of, items_of, sections_of, storable_faults
from rubrics.services.weighing import in_hundredths, parts_of, weights_of
from rubrics.services.words import RubricWords

_STEP = re.compile(r'\.([A-Za-z0-9_-]+)|\[(\d+)\]|\["(?:[^"\\]|\\.)*"\]')
LARGEST_LOSS = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a draft: `page` is the kind of page on which it is edited, `key` the part on it, `label` its words."""

    page: str
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class DraftFault:
    place: Place
    message: str


# What the last step of a path is called, where the place does not say it yet.
FIELD_NAMES = {
    "loss": "losses of the consequence levels",
    "probability": "likelihood levels",
    "risk_bands": "bands of the residual",
    "evidence_caps": "caps of the evidence grades",
    "anchors": "anchors",
    "overlap": "overlap",
    "min": "where it begins",
    "loss_at_zero": "total expected loss at which it is worth nothing",
    "reduction_cap": "most that mitigations take off",
    "condition_level": "level of a condition",
    "catastrophic_from": "consequence that is never below high",
}


def draft_faults(document: Mapping[str, Any]) -> list[DraftFault]:
    """Everything that keeps the draft from being published; first what the scoring method itself cannot read."""
    return [_placed(fault, document) for fault in _faults(document)]


def _placed(fault: Fault, document: Mapping[str, Any]) -> DraftFault:
    place = place_of(fault.path, document)
    names = [FIELD_NAMES[name] for name, _ in _STEP.findall(fault.path) if name in FIELD_NAMES]
    return DraftFault(replace(place, label=", ".join([place.label, *names])), fault.message)


def _faults(document: Mapping[str, Any]) -> list[Fault]:
    try:
        parse_rubric(document)
    except FaultyDocumentError as error:
        return list(error.faults)
    faults = storable_faults(document)
    return [*faults, *([] if faults else _missing_anchors(document)), *_thresholds(document)]


def _missing_anchors(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Officers score against anchors: each level of each criterion and mitigation has its own."""
    levels = document["top_score"] + 1
    for section in sections_of(document):
        for path, item in items_of(section):
            anchors = item.get("anchors", [])
            missing = [str(level) for level in range(levels) if level >= len(anchors) or not anchors[level].strip()]
            if missing and ".risks[" not in path:
                yield Fault(child_path(path, "anchors"), f"no anchor for {', '.join(missing)}: say what each level is")
            if len(anchors) > levels:
                yield Fault(child_path(path, "anchors"), f"holds {len(anchors)} anchors for {levels} levels")


def _limits(test: Mapping[str, Any], top: int) -> tuple[str, int] | None:
    """The number that a test compares with, by its name, and the highest that its scale knows."""
    for name in ("below", "at_least", "mean_below", "best_claim_below"):
        if name in test:
            return name, top
    for name in ("inherent_at_least", "any_risk_residual_at_least"):
        if name in test:
            return name, LARGEST_LOSS
    return None


def _tests(document: Mapping[str, Any]) -> Iterator[tuple[Part, str, Fraction, int, str]]:
    """Each comparison of each gate: the gate, the test's name, its number, the top of its scale, its path."""
    for path, gate in gates_of(document):
        for index, test in enumerate(gate["when"]):
            limit = _limits(test, document["top_score"])
            if limit is not None:
                name, top = limit
                at = child_path(item_path(child_path(path, "when"), index), name)
                yield (path, gate), name, Fraction(str(test[name])), top, at


def _thresholds(document: Mapping[str, Any]) -> Iterator[Fault]:
    for path, section in sections_of(document):
        top = len(section.get("loss", ())) - 1
        if "catastrophic_from" in section and Fraction(str(section["catastrophic_from"])) > top:
            given = float(section["catastrophic_from"])
            yield Fault(
                child_path(path, "catastrophic_from"), f"{given:g} is out of the scale: consequences end at {top}"
            )
    for _, _, number, top, path in _tests(document):
        if not 0 <= number <= top:
            yield Fault(path, f"{float(number):g} is out of the scale: it runs from 0 to {top}")


def draft_warnings(document: Mapping[str, Any]) -> list[DraftFault]:
    """What is allowed and hardly meant. Empty while the draft has faults: these come first."""
    if _faults(document):
        return []
    warnings = [*_never(document), *_always(document), *_weightless(document), *_mirrored(document)]
    warnings += [*_not_a_hundred(document), *_falling_bands(document)]
    return [_placed(fault, document) for fault in warnings]


def _never(document: Mapping[str, Any]) -> Iterator[Fault]:
    for _, name, number, _, path in _tests(document):
        if "below" in name and number == 0:
            yield Fault(path, "this gate can never fire: nothing is below 0")


def _always(document: Mapping[str, Any]) -> Iterator[Fault]:
    for path, gate in gates_of(document):
        tests = [(name, number) for (at, _), name, number, _, _ in _tests(document) if at == path]
        if len(tests) == len(gate["when"]) and all("at_least" in name and number == 0 for name, number in tests):
            yield Fault(path, "this gate fires on whatever has a number: everything is at least 0")


def _weightless(document: Mapping[str, Any]) -> Iterator[Fault]:
    for path, section in sections_of(document):
        if Fraction(str(section["weight"])) == 0:
            yield Fault(child_path(path, "weight"), "with a weight of 0 the section is scored and counts for nothing")
        for at, item in items_of((path, section)):
            if "weight" in item and Fraction(str(item["weight"])) == 0:
                yield Fault(
                    child_path(at, "weight"), "with a weight of 0 the criterion is scored and counts for nothing"
                )


def _not_a_hundred(document: Mapping[str, Any]) -> Iterator[Fault]:
    total = sum(weights_of(document["sections"]).values(), start=Fraction())
    if total != 100:
        yield Fault("$.sections", f"they sum to {in_hundredths(total)}, not to 100: each section counts by its share")


def _falling_bands(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Bands stand from the best to the worst; caps go by where they begin."""
    minima = [Fraction(str(band["min"])) for band in document["bands"]]
    for place, (better, worse) in enumerate(pairwise(minima)):
        if better < worse:
            titles = [band.get("title") or band["key"] for band in document["bands"][place : place + 2]]
            yield Fault(f"$.bands[{place}].min", f"“{titles[0]}” begins below “{titles[1]}”, which stands after it")


def _mirrored(document: Mapping[str, Any]) -> Iterator[Fault]:
    counts = {key: parts.count for key, parts in parts_of(document).items()}
    mirrors = mirrored(weights_of(document["sections"]), counts)
    for path, section in sections_of(document):
        if section["key"] in mirrors:
            title = section.get("title") or section["key"]
            yield Fault(
                child_path(path, "weight"),
                f"the weight of “{title}” merely mirrors its number of criteria: was it chosen for what it is worth?",
            )


# --- from a JSON path to a place -------------------------------------------------------------------------------------


def place_of(path: str, document: Mapping[str, Any]) -> Place:
    """Find where a fault is mended: the page, the part, and both in words."""
    steps = [int(index) if index else name for name, index in _STEP.findall(path)]
    words = RubricWords(document)
    match steps:
        case ["sections"] | ["sections", int(), "weight"]:
            return Place("weights", "", "Weights of the sections")
        case ["sections", int(index), *rest]:
            return _place_in_section(document["sections"][index], rest, words)
        case ["gates", int(index), *_]:
            key = document["gates"][index]["key"]
            return Place("gate", key, f"Gate “{words.title(key)}”")
        case ["bands", *_]:
            return Place("bands", "", "Bands")
    return Place("scale", "", "Scale and evidence")


def _place_in_section(section: Mapping[str, Any], steps: list[str | int], words: RubricWords) -> Place:
    title = words.title(section["key"])
    match steps:
        case ["criteria" | "risks"] if not section[str(steps[0])]:
            return Place("detail", "", title)  # where items are added
        case ["criteria"] | ["criteria", int(), "weight"]:
            return Place("criteria-weights", section["key"], title)
        case ["mitigations", int(), "reduces", *_]:
            return Place("pairings", section["key"], title)
        case [str(name), int(place), *_] if name in ITEM_LISTS:
            key = section[name][place]["key"]
            return Place("item", key, f"{title}, {words.title(key)}")
    return Place("section", section["key"], title)
