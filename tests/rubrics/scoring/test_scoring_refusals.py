from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from rubrics.scoring.faults import FaultyDocumentError, show
from rubrics.scoring.parse import load_rubric, parse_bundle, parse_rubric
from tests.rubrics.scoring.scoring_cases import NEI, NOT_APPLICABLE, RUBRIC, bundle, card, proposal
from tests.rubrics.scoring.scoring_faults import (
    AGREED,
    CARD,
    GATE,
    MISSING,
    SECTIONS,
    changed,
    faults_of,
    paths_of,
    steps,
)

REQUIRED = [
    "format",
    "rubric",
    "proposals",
    *(f"rubric.{key}" for key in RUBRIC),
    *(f"{SECTIONS}[0].{key}" for key in ("key", "weight", "rule", "overlap", "criteria")),
    *(f"{SECTIONS}[1].{key}" for key in ("key", "weight", "rule", "criteria")),
    *(f"{SECTIONS}[3].{key}" for key in RUBRIC["sections"][3]),
    f"{SECTIONS}[1].criteria[0].key",
    f"{SECTIONS}[1].criteria[0].weight",
    f"{SECTIONS}[3].risks[0].key",
    f"{SECTIONS}[3].mitigations[0].key",
    f"{SECTIONS}[3].mitigations[0].reduces",
    *(f"rubric.gates[0].{key}" for key in GATE),
    "rubric.bands[0].key",
    "rubric.bands[0].min",
    *(f"proposals[0].{key}" for key in ("key", "sides", "claims", "scorecards")),
    *(f"{CARD}.{key}" for key in ("officer", "round", "scores", "mitigations", "risks")),
    f"{CARD}.scores.stakes.score",
    f"{CARD}.scores.stakes.evidence",
    f"{CARD}.risks.leak.probability",
    f"{CARD}.risks.leak.loss",
]


@pytest.mark.parametrize("path", REQUIRED)
def test_bundle_without_required_key_names_its_place(path: str) -> None:
    assert paths_of(changed(path, MISSING)) == [f"$.{path}"]


@pytest.mark.parametrize("value", [None, True, 5, "text", [], [[]], {}, {"a": {}}, float("nan"), 1e300, 10**400])
@pytest.mark.parametrize("path", REQUIRED)
def test_bundle_with_any_value_anywhere_is_read_or_refused_near_it(path: str, value: Any) -> None:
    try:
        parse_bundle(changed(path, value))
    except FaultyDocumentError as error:
        lines = [str(fault) for fault in error.faults]
        assert all(line.isprintable() for line in lines)
        assert len(set(lines)) == len(lines)


NUMBERS = [
    (f"{SECTIONS}[0].weight", -1),
    (f"{SECTIONS}[0].weight", True),
    (f"{SECTIONS}[0].weight", "1/3"),
    (f"{SECTIONS}[0].weight", "٣"),
    (f"{SECTIONS}[0].weight", "1e999"),
    (f"{SECTIONS}[0].weight", "NaN"),
    (f"{SECTIONS}[0].weight", float("inf")),
    (f"{SECTIONS}[0].weight", Decimal("NaN")),
    (f"{SECTIONS}[0].weight", 10**100),
    (f"{SECTIONS}[0].overlap", "1.01"),
    (f"{SECTIONS}[1].criteria[0].weight", "-0.5"),
    (f"{SECTIONS}[3].reduction_cap", 2),
    (f"{SECTIONS}[3].condition_level", 5),
    (f"{SECTIONS}[3].catastrophic_from", -1),
    (f"{SECTIONS}[3].loss_at_zero", 0),
    (f"{SECTIONS}[3].probability[1]", 2),
    (f"{SECTIONS}[3].loss[5]", 101),
    (f"{SECTIONS}[3].mitigations[0].reduces.leak", 2),
    ("rubric.version", 0),
    ("rubric.version", "1"),
    ("rubric.version", 1.5),
    ("rubric.evidence_caps[0]", 5),
    ("rubric.bands[0].min", 101),
    ("proposals[0].amount", -1),
    (f"{CARD}.round", 3),
    (f"{CARD}.round", 0),
    (f"{CARD}.scores.stakes.score", 5),
    (f"{CARD}.scores.stakes.score", -1),
    (f"{CARD}.scores.stakes.score", 2.5),
    (f"{CARD}.scores.stakes.score", "3"),
    (f"{CARD}.scores.stakes.score", True),
    (f"{CARD}.risks.leak.probability", 0),
    (f"{CARD}.risks.leak.probability", 6),
    (f"{CARD}.risks.leak.loss", -1),
    (f"{CARD}.risks.leak.loss", 6),
    (f"{CARD}.risks.leak.loss", 1.5),
]
KINDS = [
    ("format", "t2eval-bundle/2"),
    ("rubric", []),
    ("rubric.sections", {}),
    ("rubric.sections", []),
    (f"{SECTIONS}[1]", "issue"),
    (f"{SECTIONS}[1].rule", "median"),
    (f"{SECTIONS}[1].criteria", []),
    (f"{SECTIONS}[1].criteria[0].per_side", 1),
    (f"{SECTIONS}[1].criteria[0].not_applicable_allowed", "yes"),
    (f"{SECTIONS}[1].criteria[0].key", "a\nb"),
    (f"{SECTIONS}[1].criteria[0].key", " "),
    (f"{SECTIONS}[1].criteria[0].key", "x" * 201),
    (f"{SECTIONS}[3].risk_bands", [2, 8]),
    (f"{SECTIONS}[3].risk_bands", [8, 2, 20]),
    (f"{SECTIONS}[3].risks", []),
    (f"{SECTIONS}[3].probability", []),
    (f"{SECTIONS}[3].loss", [0, 3, 2, 30, 60, 100]),
    ("rubric.evidence_caps", [2, 2, 3, 4]),
    ("rubric.evidence_caps", [2, 2, 4, 3, 4]),
    ("rubric.bands", [{"key": "fund", "min": 75}]),
    ("rubric.bands", []),
    ("proposals", {}),
    ("proposals[0]", 5),
    ("proposals[0].sides", ["us"]),
    ("proposals[0].checks", []),
    ("proposals[0].checks.capacity", "good"),
    ("proposals[0].flags.risky", "true"),
    ("proposals[0].claims", "exchange"),
    ("proposals[0].claims[0]", 5),
    ("proposals[0].claims[0]", "goodwill"),
    ("proposals[0].claims[0]", "stakes"),
    (f"{CARD}.officer", ""),
    (f"{CARD}.recommendation", 5),
    (f"{CARD}.scores", []),
    (f"{CARD}.scores.stakes", None),
    (f"{CARD}.scores.stakes", "good"),
    (f"{CARD}.scores.stakes", NOT_APPLICABLE),
    (f"{CARD}.scores.stakes.evidence", "E5"),
    (f"{CARD}.scores.stakes.evidence", 3),
    (f"{CARD}.scores.route", NEI),
    (f"{CARD}.scores.route", {"score": 2, "evidence": "E2"}),
    (f"{CARD}.mitigations.brief", NOT_APPLICABLE),
    (f"{CARD}.risks.leak", NOT_APPLICABLE),
    (f"{CARD}.risks.leak.loss", NOT_APPLICABLE),
    ("proposals[0].consensus.stakes", {"value": 2}),
    ("proposals[0].consensus.stakes", {"value": 5, "reason": "agreed"}),
    ("proposals[0].consensus.stakes", {"value": "two", "reason": "agreed"}),
    ("proposals[0].consensus.stakes", {**AGREED, "evidence": "E9"}),
    ("proposals[0].consensus.stakes", {**AGREED, "reason": None}),
    ("proposals[0].consensus.route", AGREED),
    ("proposals[0].consensus.leak", {"probability": {"value": "0.5", "reason": "agreed"}}),
    ("proposals[0].overrides", {"absent": {"by": "chair", "reason": "minuted"}}),
    ("proposals[0].overrides", {"g": "chair"}),
]
NAMES = [
    (f"{SECTIONS}[3].mitigations[0].reduces.rumour", "0.1"),
    (f"{CARD}.scores.unheard-of", 1),
    (f"{CARD}.scores.brief", 1),
    (f"{CARD}.scores.route.ru", NEI),
    (f"{CARD}.mitigations.stakes", 1),
    (f"{CARD}.risks.rumour", NEI),
    ("proposals[0].consensus.rumour", AGREED),
    ("proposals[0].consensus.route.ru", AGREED),
    ("extra", 1),
    ("rubric.extra", 1),
    (f"{SECTIONS}[1].overlap", 1),
    (f"{SECTIONS}[1].criteria[0].extra", 1),
    (f"{SECTIONS}[3].risks[0].weight", 1),
    ("rubric.gates[0].extra", 1),
    ("rubric.bands[0].max", 1),
    ("proposals[0].extra", 1),
    (f"{CARD}.extra", 1),
    (f"{CARD}.scores.stakes.extra", 1),
]


@pytest.mark.parametrize(("path", "value"), NUMBERS + KINDS + NAMES)
def test_bundle_with_one_fault_names_it_once(path: str, value: Any) -> None:
    lines = paths_of(changed(path, value))

    assert len(lines) == 1
    assert lines[0].startswith(f"$.{path}")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{CARD}.mitigations.brief", {"us": NEI, "cn": NEI}),
        (f"{CARD}.scores.products", {"us": NEI, "cn": NEI}),
        ("proposals[0].consensus.leak", AGREED),
    ],
)
def test_answer_divided_wrongly_is_refused_under_its_path(path: str, value: Any) -> None:
    assert {line.rpartition(".")[0] for line in paths_of(changed(path, value))} == {f"$.{path}"}


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        (f"{SECTIONS}[1].key", "theories", f"{SECTIONS}[1].key"),
        (f"{SECTIONS}[3].risks[1].key", "focus", f"{SECTIONS}[3].risks[1].key"),
        ("rubric.bands[1].key", "fund", "rubric.bands[1].key"),
        ("rubric.bands[1].min", 75, "rubric.bands[1].min"),
        ("rubric.gates", [GATE, GATE], "rubric.gates[1].key"),
        ("proposals", [proposal(), proposal()], "proposals[1].key"),
        ("proposals[0].sides", ["us", "cn", "us"], "proposals[0].sides[2]"),
        ("proposals[0].claims", ["exchange", "exchange"], "proposals[0].claims[1]"),
        ("proposals[0].scorecards", [card(), card("b"), card()], "proposals[0].scorecards[2]"),
    ],
)
def test_bundle_with_a_name_used_twice_names_the_second(path: str, value: Any, at: str) -> None:
    assert f"$.{at}" in paths_of(changed(path, value))


@pytest.mark.parametrize("path", [f"{SECTIONS}[1].criteria", SECTIONS, f"{SECTIONS}[0].criteria"])
def test_weights_that_sum_to_zero_are_refused_at_the_list(path: str) -> None:
    data = bundle()
    place: Any = data
    for step in steps(path):
        place = place[step]
    for item in place:
        item["weight"] = 0

    assert paths_of(data) == [f"$.{path}"]


def test_faults_are_reported_all_at_once() -> None:
    data = changed(f"{SECTIONS}[1].criteria[0].weight", -1)
    data["proposals"][0]["scorecards"][0]["scores"]["stakes"]["score"] = 9
    data["proposals"][0]["scorecards"][0]["scores"]["route"]["cn"]["score"] = 5

    assert faults_of(lambda: parse_bundle(data)) == [
        "$.rubric.sections[1].criteria[0].weight: -1 is not at least 0",
        "$.proposals[0].scorecards[0].scores.stakes.score: 9 is not within 0\u20134",
        "$.proposals[0].scorecards[0].scores.route.cn.score: 5 is not within 0\u20134",
    ]


def test_faulty_scale_is_not_blamed_on_scores() -> None:
    assert paths_of(changed("rubric.top_score", "four")) == ["$.rubric.top_score"]


def test_faulty_sides_are_not_blamed_on_scores() -> None:
    assert paths_of(changed("proposals[0].sides", ["us", 5])) == ["$.proposals[0].sides[1]"]


def test_parse_rubric_reports_under_the_path_it_is_given() -> None:
    assert faults_of(lambda: parse_rubric({**RUBRIC, "version": 0}, "$.rubric")) == [
        "$.rubric.version: 0 is not at least 1"
    ]
    assert faults_of(lambda: parse_rubric(None)) == ["$: null is not an object"]


def test_parse_rubric_reads_the_values_of_a_document() -> None:
    assert parse_rubric(RUBRIC) == parse_bundle(bundle()).rubric


def test_load_rubric_reports_text_and_content_together() -> None:
    lines = faults_of(lambda: load_rubric('{"key": "a", "key": "b", "version": 1e999999}'))

    assert lines[0] == "$.key: is given more than once"
    assert "$.version: 1e999999 is not a number that can be computed with" in lines
    assert "$.sections: is missing" in lines


def test_parse_object_with_keys_that_are_no_text_is_refused() -> None:
    data = bundle()
    data["proposals"][0]["flags"] = {5: True}

    assert paths_of(data) == ["$.proposals[0].flags"]


def test_descriptive_keys_change_nothing() -> None:
    data: Any = bundle(proposal(card(), title="A title", organizer={"name": "Somebody"}), gates=[deepcopy(GATE)])
    words = {"title": "t", "guidance": "g", "anchors": ["a"], "questions": [], "basis": None, "note": {"any": "thing"}}
    rubric = data["rubric"]
    for place in (
        rubric,
        *rubric["sections"],
        rubric["sections"][0]["criteria"][0],
        rubric["sections"][3]["risks"][0],
        rubric["sections"][3]["mitigations"][0],
        rubric["gates"][0],
        rubric["gates"][0]["when"][0],
        rubric["bands"][0],
    ):
        place.update(words)

    assert parse_bundle(data) == parse_bundle(bundle(proposal(card()), gates=[GATE]))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({}, "an object"),
        ([1], "a list"),
        ("x" * 60, '"' + "x" * 39 + "…"),
        (10**60, "a very large number"),
        (object(), "a object"),
        (2.5, "2.5"),
        (None, "null"),
    ],
)
def test_show_keeps_a_value_short(value: object, shown: str) -> None:
    assert show(value) == shown
