from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.analysis.carrying import Carried, Kind, Lost, Reason, carry_proposal
from rubrics.scoring.assess import assess_proposal
from rubrics.scoring.dump import bundle_document, proposal_document
from rubrics.scoring.parse import parse_bundle
from rubrics.scoring.spec import BundleInput, Cell, Level
from tests.rubrics.scoring.scoring_cases import NOT_APPLICABLE, RUBRIC, bundle, card, proposal, section
from tests.rubrics.scoring.scoring_draws import bundles, quick

AGREED = {"value": 3, "reason": "agreed"}


def rubric(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(RUBRIC), **changes}


def without(part: str, key: str) -> list[dict[str, Any]]:
    """Give the sections of the small rubric without one of their criteria, risks or mitigations."""
    sections: list[dict[str, Any]] = deepcopy(RUBRIC["sections"])
    for held in sections:
        if part in held:
            held[part] = [item for item in held[part] if item["key"] != key]
        for mitigation in held.get("mitigations", []):
            mitigation["reduces"].pop(key, None)
    return sections


def criterion(key: str, **changes: Any) -> list[dict[str, Any]]:
    """Give the sections of the small rubric with one criterion changed."""
    sections: list[dict[str, Any]] = deepcopy(RUBRIC["sections"])
    for held in sections:
        for item in held.get("criteria", []):
            if item["key"] == key:
                item.update(changes)
    return sections


def carried(given_proposal: dict[str, Any], target: dict[str, Any], **source: Any) -> Carried:
    read = parse_bundle(bundle(given_proposal, **source))
    to = parse_bundle({**bundle(), "rubric": target, "proposals": []}).rubric
    return carry_proposal(read.proposals[0], read.rubric, to)


def card_cells(result: Carried) -> set[str]:
    return {str(cell) for cell in result.proposal.scorecards[0].cells}


def all_cells(given_proposal: dict[str, Any]) -> set[str]:
    return {str(cell) for cell in parse_bundle(bundle(given_proposal)).proposals[0].scorecards[0].cells}


def score(key: str, reason: Reason, part: str = "") -> Lost:
    return Lost(Kind.SCORE, key, reason, part, "a", 1)


@quick
@given(bundles())
def test_carry_to_an_equal_rubric_loses_and_changes_nothing(data: dict[str, Any]) -> None:
    source, target = parse_bundle(data), parse_bundle(deepcopy(data))

    result = carry_proposal(source.proposals[0], source.rubric, target.rubric)

    assert result == Carried(source.proposals[0], (), (), ())


@st.composite
def edited(draw: st.DrawFn, data: dict[str, Any]) -> dict[str, Any]:
    """Draw a version that somebody could have made of the rubric: scales, items and gates changed, moved or gone."""
    made: dict[str, Any] = deepcopy(data["rubric"])
    top = made["top_score"] = draw(st.integers(3, 5))
    made["evidence_caps"] = [min(cap, top) for cap in made["evidence_caps"]]
    theories, issue, transfer, risk = made["sections"]
    for item in [*theories["criteria"], *issue["criteria"], *transfer["criteria"]]:
        item["per_side"] = draw(st.booleans())
        item["not_applicable_allowed"] = draw(st.booleans())
    moving = [*issue["criteria"], transfer["criteria"].pop()]
    issue["criteria"] = [{"key": "new", "weight": 1}]
    for item in moving:
        draw(st.sampled_from([theories, issue, transfer, {"criteria": []}]))["criteria"].append(item)
    if draw(st.booleans()):
        theories["criteria"].pop(0)
    risk["loss"] = risk["loss"][: draw(st.integers(2, 6))]
    risk["probability"] = risk["probability"][: draw(st.integers(2, 5))]
    if draw(st.booleans()):
        risk["mitigations"].pop()
        theories["criteria"].append({"key": "hotwash", "weight": 1})
    keys = {item["key"] for held in made["sections"] for item in held.get("criteria", [])}
    spin = draw(st.booleans()) and "spin" not in keys
    risk["risks"] = risk["risks"] if spin else risk["risks"][:1]
    for mitigation in risk["mitigations"]:
        mitigation["reduces"] = {key: held for key, held in mitigation["reduces"].items() if spin or key == "leak"}
    made["gates"] = []
    return made


@quick
@given(st.data())
def test_carry_gives_what_parses_under_the_target_and_counts_all(data: st.DataObject) -> None:
    drawn = data.draw(bundles())
    source = parse_bundle(drawn)
    target = parse_bundle({**drawn, "rubric": data.draw(edited(drawn)), "proposals": []}).rubric

    result = carry_proposal(source.proposals[0], source.rubric, target)

    document = bundle_document(BundleInput(target, (result.proposal,)))
    read = parse_bundle(document).proposals[0]
    assert proposal_document(target, read) == document["proposals"][0]
    assert assess_proposal(target, read) == assess_proposal(target, result.proposal)
    for before, after in zip(source.proposals[0].scorecards, result.proposal.scorecards, strict=True):
        gone = {Cell(one.key, one.part) for one in result.lost if one.officer == before.officer}
        assert {cell: held for cell, held in before.cells.items() if cell not in gone} == after.cells


@quick
@given(st.data())
def test_carry_with_other_numbers_only_keeps_every_judgement(data: st.DataObject) -> None:
    drawn = data.draw(bundles())
    source = parse_bundle(drawn)
    other = data.draw(bundles())["rubric"]
    target = parse_bundle({**drawn, "rubric": other, "proposals": []}).rubric

    result = carry_proposal(source.proposals[0], source.rubric, target)

    assert result == Carried(source.proposals[0], (), (), ())


def test_carry_of_a_removed_criterion_loses_its_scores_and_consensus() -> None:
    given_proposal = proposal(card(), consensus={"stakes": AGREED})

    result = carried(given_proposal, rubric(sections=without("criteria", "stakes")))

    assert result.lost == (score("stakes", Reason.REMOVED), Lost(Kind.CONSENSUS, "stakes", Reason.REMOVED))
    assert card_cells(result) == all_cells(given_proposal) - {"stakes"}
    assert result.proposal.consensus == {}
    assert result.unanswered == ()


def test_carry_of_a_criterion_in_another_section_with_other_words_keeps_it() -> None:
    sections = without("criteria", "stakes")
    sections[2]["criteria"].append({"key": "stakes", "weight": 5, "title": "What hangs on it"})

    result = carried(proposal(card()), rubric(sections=sections))

    assert result == Carried(parse_bundle(bundle(proposal(card()))).proposals[0], (), (), ())


def test_carry_to_one_answer_for_all_sides_loses_both_sides_and_asks_anew() -> None:
    given_proposal = proposal(card(), consensus={"route": {"us": AGREED}})

    result = carried(given_proposal, rubric(sections=criterion("route", per_side=False)))

    changed = Reason.PER_SIDE_CHANGED
    assert result.lost == (
        score("route", changed, "us"),
        score("route", changed, "cn"),
        Lost(Kind.CONSENSUS, "route", changed, "us"),
    )
    assert result.unanswered == (Cell("route"),)


def test_carry_to_answers_side_by_side_loses_the_one_answer() -> None:
    result = carried(proposal(card()), rubric(sections=criterion("stakes", per_side=True)))

    assert result.lost == (score("stakes", Reason.PER_SIDE_CHANGED),)
    assert result.unanswered == (Cell("stakes", "us"), Cell("stakes", "cn"))


def test_carry_of_not_applicable_to_what_must_apply_loses_that_answer_only() -> None:
    given_proposal = proposal(card(focus=NOT_APPLICABLE), card("b"))

    result = carried(given_proposal, rubric(sections=criterion("focus", not_applicable_allowed=False)))

    assert result.lost == (score("focus", Reason.MUST_APPLY),)
    assert result.unanswered == ()


def test_carry_to_a_lower_top_score_loses_what_is_beyond_it() -> None:
    given_proposal = proposal(card(stakes=4), consensus={"products": {"value": "3.5", "reason": "agreed"}})

    sections = deepcopy(RUBRIC["sections"])
    result = carried(given_proposal, rubric(top_score=3, evidence_caps=[2, 2, 3, 3, 3], sections=sections))

    assert result.lost == (score("stakes", Reason.BEYOND_SCALE), Lost(Kind.CONSENSUS, "products", Reason.BEYOND_SCALE))


def test_carry_to_fewer_levels_of_a_risk_loses_the_level_and_keeps_the_other() -> None:
    result = carried(proposal(card(leak=(5, 2))), rubric(sections=section("risk", probability=["0.1", "0.5", "0.9"])))

    assert result.lost == (score("leak", Reason.BEYOND_SCALE, "probability"),)
    assert result.proposal.scorecards[0].cells[Cell("leak", "loss")] == Level(2)


def test_carry_to_a_rubric_without_a_mitigation_and_a_risk_loses_both() -> None:
    sections = without("risks", "spin")
    sections[3]["mitigations"] = sections[3]["mitigations"][:1]

    result = carried(proposal(card()), rubric(sections=sections))

    assert result.lost == (
        score("hotwash", Reason.REMOVED),
        score("spin", Reason.REMOVED, "probability"),
        score("spin", Reason.REMOVED, "loss"),
    )


def test_carry_of_a_key_that_names_another_kind_of_item_loses_it() -> None:
    sections = without("mitigations", "hotwash")
    sections[1]["criteria"].append({"key": "hotwash", "weight": 5})

    result = carried(proposal(card()), rubric(sections=sections))

    assert result.lost == (score("hotwash", Reason.OTHER_KIND),)
    assert result.unanswered == (Cell("hotwash"),)


def test_carry_of_a_claim_without_its_theory_loses_claim_and_score() -> None:
    result = carried(proposal(card()), rubric(sections=without("criteria", "exchange")))

    assert result.lost == (Lost(Kind.CLAIM, "exchange", Reason.REMOVED), score("exchange", Reason.REMOVED))
    assert result.proposal.claims == frozenset()


def test_carry_of_a_theory_that_became_an_ordinary_criterion_keeps_its_score() -> None:
    sections = without("criteria", "exchange")
    sections[1]["criteria"].append({"key": "exchange", "weight": 5})

    result = carried(proposal(card()), rubric(sections=sections))

    assert result.lost == (Lost(Kind.CLAIM, "exchange", Reason.OTHER_KIND),)
    assert card_cells(result) == all_cells(proposal(card()))


def test_carry_of_an_ordinary_criterion_that_became_a_theory_claims_nothing() -> None:
    sections = without("criteria", "stakes")
    sections[0]["criteria"].append({"key": "stakes", "weight": 1})

    result = carried(proposal(card()), rubric(sections=sections))

    assert result.lost == (score("stakes", Reason.NOT_CLAIMED),)
    assert result.proposal.claims == {"exchange"}
    assert result.unanswered == ()


def test_carry_of_a_score_on_an_unclaimed_theory_that_became_ordinary_counts_it_as_answered() -> None:
    sections = without("criteria", "hedge")
    sections[1]["criteria"].append({"key": "hedge", "weight": 5})

    answered = carried(proposal(card(hedge=2)), rubric(sections=sections))
    unasked = carried(proposal(card()), rubric(sections=sections))

    assert answered.unanswered == ()
    assert unasked.unanswered == (Cell("hedge"),)


def test_carry_to_a_rubric_with_a_new_criterion_leaves_it_unanswered() -> None:
    sections = deepcopy(RUBRIC["sections"])
    sections[1]["criteria"].append({"key": "urgency", "weight": 10, "per_side": True})

    result = carried(proposal(card()), rubric(sections=sections))

    assert result.lost == ()
    assert result.unanswered == (Cell("urgency", "us"), Cell("urgency", "cn"))


def test_carry_of_an_override_needs_the_same_gate() -> None:
    gates = [
        {"key": key, "effect": "block", "when": [{"criterion": "stakes", "below": 2}]} for key in ("a", "b", "c", "d")
    ]
    held = {key: {"by": "chair", "reason": "minuted"} for key in "abcd"}
    target = [
        gates[0],
        {**gates[1], "when": [{"criterion": "stakes", "below": "2.5"}]},
        {**gates[2], "effect": "decline"},
    ]

    result = carried(proposal(card(), overrides=held), rubric(gates=target), gates=gates)

    assert result.lost == (
        Lost(Kind.OVERRIDE, "b", Reason.GATE_CHANGED),
        Lost(Kind.OVERRIDE, "c", Reason.GATE_CHANGED),
        Lost(Kind.OVERRIDE, "d", Reason.REMOVED),
    )
    assert list(result.proposal.overrides) == ["a"]


@pytest.mark.parametrize(
    ("given_band", "lost"),
    [("revise", True), ("fund", False), ("neither", False)],
)
def test_carry_of_a_recommendation_needs_its_band(given_band: str, lost: bool) -> None:
    target = rubric(bands=[band for band in RUBRIC["bands"] if band["key"] != "revise"])

    result = carried(proposal(card() | {"recommendation": given_band}), target)

    named = (Lost(Kind.RECOMMENDATION, "revise", Reason.REMOVED, "", "a", 1),)
    assert result.lost == (named if lost else ())
    assert result.proposal.scorecards[0].recommendation == (None if lost else given_band)


def test_carry_names_the_facts_that_only_new_gates_look_at() -> None:
    source = [{"key": "old", "effect": "block", "when": [{"check": "capacity", "is_not": "sufficient"}]}]
    looked_at = [
        {"check": "capacity", "is": "insufficient"},
        {"check": "ethics", "is_not": "sufficient"},
        {"flag": "f"},
    ]
    new = {"key": "new", "effect": "block", "when": [*looked_at, {"flag": "g"}, {"criterion": "stakes", "below": 2}]}

    result = carried(proposal(card(), flags={"g": True}), rubric(gates=[*source, new]), gates=source)

    assert result.open_facts == ("ethics", "f")


def test_carry_keeps_checks_flags_amount_and_sides() -> None:
    given_proposal = proposal(card(), checks={"capacity": "sufficient"}, flags={"f": True}, amount="12.5")

    result = carried(given_proposal, rubric(sections=without("criteria", "stakes")))

    read = parse_bundle(bundle(given_proposal)).proposals[0]
    assert result.proposal.amount == Fraction(25, 2)
    assert replace(result.proposal, scorecards=read.scorecards) == read
