from typing import Any

import pytest

from rubrics.scoring.gates import every, negate, some
from tests.rubrics.scoring.scoring_cases import NEI, NOT_APPLICABLE, assessed, card, proposal, section


def gate(*when: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    return [{"key": "g", "effect": "block", "when": list(when), **changes}]


def state(given: dict[str, Any], *when: dict[str, Any], **changes: Any) -> str:
    return assessed(given, gates=gate(*when, **changes)).gates["g"].state.value


@pytest.mark.parametrize("left", [True, False, None])
@pytest.mark.parametrize("right", [True, False, None])
def test_kleene_logic_agrees_with_its_tables(left: Any, right: Any) -> None:
    rank = {False: 0, None: 1, True: 2}

    assert rank[every([left, right])] == min(rank[left], rank[right])
    assert rank[some([left, right])] == max(rank[left], rank[right])
    assert rank[negate(left)] == 2 - rank[left]


@pytest.mark.parametrize(
    ("stakes", "below", "at_least"),
    [(1, "fail", "pass"), (2, "pass", "fail"), (3, "pass", "fail"), (NEI, "unknown", "unknown")],
)
def test_criterion_test_compares_panel_value(stakes: Any, below: str, at_least: str) -> None:
    given = proposal(card(stakes=stakes))

    assert state(given, {"criterion": "stakes", "below": 2}) == below
    assert state(given, {"criterion": "stakes", "at_least": 2}) == at_least


@pytest.mark.parametrize("condition", ["below", "at_least"])
def test_criterion_test_does_not_hold_on_absence_by_nature(condition: str) -> None:
    threshold = {condition: 2}

    assert state(proposal(card(focus=NOT_APPLICABLE)), {"criterion": "focus", **threshold}) == "pass"
    assert state(proposal(card(subsidy=1)), {"criterion": "subsidy", **threshold}) == "pass"


@pytest.mark.parametrize(
    ("route", "below", "at_least"),
    [
        ((1, 3), "fail", "pass"),
        ((3, 3), "pass", "fail"),
        ((1, NEI), "fail", "pass"),
        ((3, NEI), "unknown", "unknown"),
        ((NEI, NEI), "unknown", "unknown"),
        ((NOT_APPLICABLE, 1), "fail", "pass"),
        ((NOT_APPLICABLE, 3), "pass", "fail"),
        ((NOT_APPLICABLE, NOT_APPLICABLE), "pass", "pass"),
    ],
)
def test_criterion_test_without_sides_looks_at_weaker_side(route: Any, below: str, at_least: str) -> None:
    given = proposal(card(route=route))

    assert state(given, {"criterion": "route", "below": 2}) == below
    assert state(given, {"criterion": "route", "at_least": 2}) == at_least


@pytest.mark.parametrize(
    ("route", "link", "on_every", "on_some"),
    [
        ((1, 1), (0, 0), "fail", "fail"),
        ((1, 1), (0, 1), "pass", "fail"),
        ((1, 3), (1, 0), "pass", "pass"),
        ((1, NEI), (0, 0), "unknown", "fail"),
        ((3, NEI), (0, 0), "pass", "unknown"),
        ((3, NEI), (0, 3), "pass", "pass"),
        ((NOT_APPLICABLE, 1), (0, 0), "fail", "fail"),
        ((NOT_APPLICABLE, 3), (0, 0), "pass", "pass"),
        ((NOT_APPLICABLE, NOT_APPLICABLE), (0, 0), "pass", "pass"),
    ],
)
def test_per_side_tests_hold_together_on_a_side(route: Any, link: Any, on_every: str, on_some: str) -> None:
    given = proposal(card(route=route, link=link))
    when = [{"criterion": "link", "below": 1}, {"criterion": "route", "below": 2}]

    assert state(given, *when, sides="every") == on_every
    assert state(given, *when, sides="some") == on_some


def test_per_side_tests_join_the_plain_ones() -> None:
    when = [{"criterion": "link", "below": 1}, {"criterion": "stakes", "below": 2}]

    assert state(proposal(card(link=(0, 0), stakes=1)), *when, sides="every") == "fail"
    assert state(proposal(card(link=(0, 0), stakes=3)), *when, sides="every") == "pass"
    assert state(proposal(card(link=(0, 0), stakes=NEI)), *when, sides="every") == "unknown"


def test_sides_without_a_per_side_test_change_nothing() -> None:
    assert state(proposal(card(stakes=1)), {"criterion": "stakes", "below": 2}, sides="some") == "fail"


def test_per_side_theory_not_claimed_does_not_hold_on_any_side() -> None:
    criteria = [{"key": "exchange", "weight": 1}, {"key": "subsidy", "weight": 1, "per_side": True}]

    found = assessed(
        proposal(card()),
        sections=section("theories", criteria=criteria),
        gates=gate({"criterion": "subsidy", "below": 4}, sides="some"),
    )

    assert found.gates["g"].state.value == "pass"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"stakes": 1, "focus": 2}, "fail"),
        ({"stakes": 0, "focus": 4}, "pass"),
        ({"stakes": 1, "focus": NOT_APPLICABLE}, "fail"),
        ({"stakes": 0, "focus": NEI}, "unknown"),
    ],
)
def test_section_mean_is_unweighted(cells: dict[str, Any], expected: str) -> None:
    assert state(proposal(card(**cells)), {"section": "issue", "mean_below": "2.0"}) == expected


def test_section_mean_open_side_is_unknown() -> None:
    assert state(proposal(card(route=(0, NEI))), {"section": "transfer", "mean_below": 2}) == "unknown"


def test_section_mean_without_a_number_does_not_hold() -> None:
    criteria = [{"key": "focus", "weight": 40, "not_applicable_allowed": True}]

    found = assessed(
        proposal(card(stakes=None, focus=NOT_APPLICABLE)),
        sections=section("issue", criteria=criteria),
        gates=gate({"section": "issue", "mean_below": 2}),
    )

    assert found.gates["g"].state.value == "pass"


@pytest.mark.parametrize(
    ("claims", "cells", "expected"),
    [
        ([], {}, "fail"),
        (["exchange"], {"exchange": 1}, "fail"),
        (["exchange"], {"exchange": 2}, "pass"),
        (["exchange"], {"exchange": NEI}, "unknown"),
        (["exchange", "hedge"], {"exchange": 2, "hedge": NEI}, "pass"),
        (["exchange", "hedge"], {"exchange": 1, "hedge": NEI}, "unknown"),
        (["subsidy"], {"subsidy": NOT_APPLICABLE}, "fail"),
    ],
)
def test_best_claim_is_settled_by_one_good_claim(claims: list[str], cells: dict[str, Any], expected: str) -> None:
    assert state(proposal(card(**cells), claims=claims), {"best_claim_below": 2}) == expected


@pytest.mark.parametrize(("brief", "expected"), [(0, "fail"), (1, "pass"), (NEI, "unknown"), (None, "unknown")])
def test_mitigation_test_compares_panel_value(brief: Any, expected: str) -> None:
    assert state(proposal(card(brief=brief)), {"mitigation": "brief", "below": 1}) == expected


@pytest.mark.parametrize(
    ("leak", "expected"), [((3, 3), "fail"), ((2, 3), "pass"), ((NEI, 0), "unknown"), ((5, NEI), "unknown")]
)
def test_risk_test_looks_at_inherent(leak: Any, expected: str) -> None:
    assert state(proposal(card(leak=leak)), {"risk": "leak", "inherent_at_least": "10.5"}) == expected


@pytest.mark.parametrize(
    ("leak", "spin", "expected"),
    [
        ((5, 5), (1, 1), "fail"),
        ((1, 1), (1, 1), "pass"),
        ((5, 5), NEI, "fail"),
        ((1, 1), NEI, "unknown"),
    ],
)
def test_any_residual_is_settled_by_one_bad_risk(leak: Any, spin: Any, expected: str) -> None:
    assert state(proposal(card(leak=leak, spin=spin)), {"any_risk_residual_at_least": 20}) == expected


@pytest.mark.parametrize(
    ("checks", "is_not", "is_bad"),
    [
        ({"capacity": "sufficient"}, "pass", "pass"),
        ({"capacity": "needs-more"}, "fail", "pass"),
        ({"capacity": "insufficient"}, "fail", "fail"),
        ({}, "unknown", "unknown"),
    ],
)
def test_check_test_reads_the_check(checks: dict[str, str], is_not: str, is_bad: str) -> None:
    given = proposal(card(), checks=checks)

    assert state(given, {"check": "capacity", "is_not": "sufficient"}) == is_not
    assert state(given, {"check": "capacity", "is": "insufficient"}) == is_bad


@pytest.mark.parametrize(("flags", "expected"), [({"f": True}, "fail"), ({"f": False}, "pass"), ({}, "unknown")])
def test_flag_test_reads_the_flag(flags: dict[str, bool], expected: str) -> None:
    assert state(proposal(card(), flags=flags), {"flag": "f"}) == expected


def test_gate_one_definite_no_beats_an_unknown() -> None:
    unknown, no = {"flag": "f"}, {"criterion": "stakes", "below": 2}

    assert state(proposal(card(stakes=3)), unknown, no) == "pass"
    assert state(proposal(card(stakes=1)), unknown, no) == "unknown"


@pytest.mark.parametrize(("stakes", "expected"), [(1, "overridden"), (NEI, "overridden"), (3, "pass")])
def test_override_sets_aside_what_did_not_pass(stakes: Any, expected: str) -> None:
    overrides = {"g": {"by": "chair", "reason": "minuted"}}

    assert state(proposal(card(stakes=stakes), overrides=overrides), {"criterion": "stakes", "below": 2}) == expected


@pytest.mark.parametrize(
    ("first", "second", "contested"), [(1, 3, True), (1, 1, False), (3, NEI, True), (NEI, NEI, False), (2, 4, False)]
)
def test_contested_when_officers_alone_differ(first: Any, second: Any, contested: bool) -> None:
    given = proposal(
        card("a", stakes=first), card("b", stakes=second), overrides={"g": {"by": "chair", "reason": "minuted"}}
    )

    found = assessed(given, gates=gate({"criterion": "stakes", "below": 2}))

    assert found.gates["g"].contested is contested


def test_contested_lays_consensus_over_each_officer() -> None:
    given = proposal(card("a", stakes=1), card("b", stakes=3), consensus={"stakes": {"value": 1, "reason": "agreed"}})

    found = assessed(given, gates=gate({"criterion": "stakes", "below": 2})).gates["g"]

    assert (found.contested, found.state.value) == (False, "fail")
