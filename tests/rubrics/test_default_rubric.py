"""The shipped rubric is the reference's numbers with words added: nothing else may differ."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DEFAULT = json.loads((ROOT / "rubrics/data/track-2.json").read_text(encoding="utf-8"))
REFERENCE = Path(__file__).parent / "scoring/acceptance/rubric.json"
DESCRIPTIVE = frozenset({"title", "guidance", "anchors", "questions", "basis", "note"})
BASIS = re.compile(r"(seed|literature|ours)( and (literature|ours))?: \S")
RISK = DEFAULT["sections"][-1]
CRITERIA = [criterion for section in DEFAULT["sections"] for criterion in section.get("criteria", [])]


def stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items() if key not in DESCRIPTIVE}
    return [stripped(item) for item in value] if isinstance(value, list) else value


def ordered(value: Any) -> str:
    return json.dumps(value, indent=1)


def sentences(anchors: list[str]) -> list[str]:
    return [text for text in anchors if text and text == text.strip() and text.endswith(".")]


def described() -> Iterator[tuple[str, dict[str, Any], frozenset[str]]]:
    criterion = frozenset({"title", "guidance", "anchors", "questions", "basis"})
    yield "rubric", DEFAULT, frozenset({"title", "guidance", "anchors", "note"})
    for section in DEFAULT["sections"]:
        yield section["key"], section, frozenset({"title", "guidance", "questions", "basis"})
    for item in CRITERIA:
        yield item["key"], item, criterion
    for item in RISK["risks"]:
        yield item["key"], item, frozenset({"title", "guidance", "basis"})
    for item in RISK["mitigations"]:
        yield item["key"], item, frozenset({"title", "guidance", "anchors", "basis", "note"})
    for item in DEFAULT["gates"]:
        yield item["key"], item, frozenset({"title", "guidance", "basis"})
    for item in DEFAULT["bands"]:
        yield item["key"], item, frozenset({"title", "guidance"})


def test_default_rubric_without_words_is_the_reference_in_the_same_order() -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))

    assert ordered(stripped(DEFAULT)) == ordered(reference)


@pytest.mark.parametrize(("key", "item", "required"), [pytest.param(*row, id=row[0]) for row in described()])
def test_default_rubric_object_carries_its_words(key: str, item: dict[str, Any], required: frozenset[str]) -> None:
    missing = required - item.keys()

    assert missing == set()
    assert item["title"]
    assert len(item["title"]) <= 45
    assert item["guidance"].endswith(".")
    assert "basis" not in item or BASIS.match(item["basis"]), key


@pytest.mark.parametrize("item", [*CRITERIA, *RISK["mitigations"]], ids=lambda item: item["key"])
def test_default_rubric_anchors_are_five_distinct_sentences(item: dict[str, Any]) -> None:
    anchors = sentences(item["anchors"])

    assert len(set(anchors)) == len(item["anchors"]) == 5


def test_default_rubric_general_anchors_say_meaning_and_funding_meaning() -> None:
    assert [anchor.count(" — ") for anchor in DEFAULT["anchors"]] == [1] * 5


def test_default_rubric_risk_levels_are_described_one_by_one() -> None:
    levels = RISK["anchors"]

    assert {name: len(sentences(texts)) for name, texts in levels.items()} == {
        "likelihood": len(RISK["probability"]),
        "consequence": len(RISK["loss"]),
    }


def test_default_rubric_evidence_grades_are_described_one_by_one() -> None:
    grades = DEFAULT["note"]["evidence_grades"]

    assert len(sentences(grades)) == len(DEFAULT["evidence_caps"])


def test_default_rubric_mitigations_say_when_they_act_and_what_they_cost() -> None:
    acts = {item["key"]: item["note"]["acts"] for item in RISK["mitigations"]}
    costs = [item["note"]["cost"] for item in RISK["mitigations"]]

    assert acts == {
        "brief-participants": ["before"],
        "hotwash": ["after"],
        "governments-informed": ["before", "after"],
        "epistemic-standards": ["before"],
        "off-limits-topics": ["before", "during"],
        "demand-evidence": ["during", "after"],
    }
    assert sentences(costs) == costs
