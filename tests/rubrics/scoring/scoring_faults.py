"""One fault at a time, and what is said about it."""

from collections.abc import Callable
from typing import Any

import pytest

from rubrics.scoring.faults import FaultyDocumentError
from rubrics.scoring.parse import parse_bundle
from tests.rubrics.scoring.scoring_cases import bundle, card, proposal

MISSING = object()
CARD = "proposals[0].scorecards[0]"
SECTIONS = "rubric.sections"
GATE = {"key": "g", "effect": "block", "when": [{"flag": "f"}]}
AGREED = {"value": 2, "reason": "agreed"}


def steps(path: str) -> list[str | int]:
    parts = path.replace("]", "").replace("[", ".#").split(".")
    return [int(part[1:]) if part.startswith("#") else part for part in parts]


def changed(path: str, value: Any) -> dict[str, Any]:
    data: Any = bundle(proposal(card()), gates=[GATE])
    *way, last = steps(path)
    place = data
    for step in way:
        place = place[step] if isinstance(place, list) else place.setdefault(step, {})
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return data  # type: ignore[no-any-return]


def faults_of(read: Callable[[], object]) -> list[str]:
    with pytest.raises(FaultyDocumentError) as refused:
        read()
    return [str(fault) for fault in refused.value.faults]


def paths_of(data: Any) -> list[str]:
    return [line.partition(": ")[0] for line in faults_of(lambda: parse_bundle(data))]
