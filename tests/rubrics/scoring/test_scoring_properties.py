"""What must hold of every bundle, tried on bundles drawn at random."""

import json
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from rubrics.scoring.assess import AssessmentResult, assess_all
from rubrics.scoring.cli import run
from rubrics.scoring.dump import bundle_document
from rubrics.scoring.parse import load_bundle, parse_bundle
from tests.rubrics.scoring.scoring_cases import MITIGATIONS, NEI, RISKS, THEORIES
from tests.rubrics.scoring.scoring_draws import PER_SIDE, SINGLE, bundles, judged_bundles, proposals, quick, scores


def first(data: dict[str, Any]) -> AssessmentResult:
    return assess_all(parse_bundle(data)).proposals[0]


def is_not_lower(after: Fraction | None, before: Fraction | None) -> bool:
    if before is None or after is None:
        return before is after
    return after >= before


def scored_cells(data: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for card in data["proposals"][0]["scorecards"]:
        for group in (card["scores"], card["mitigations"]):
            for cell in group.values():
                found += (
                    [cell]
                    if "score" in cell
                    else [one for one in cell.values() if isinstance(one, dict)]
                    if isinstance(cell, dict)
                    else []
                )
    return [cell for cell in found if isinstance(cell, dict)]


@quick
@given(judged_bundles(), st.data())
def test_index_never_falls_when_a_score_or_grade_rises(data: dict[str, Any], draw: st.DataObject) -> None:
    cells = scored_cells(data)
    assume(cells)
    before = first(data)

    cell = draw.draw(st.sampled_from(cells))
    if draw.draw(st.booleans()):
        cell["score"] = min(4, cell["score"] + 1)
    else:
        cell["evidence"] = f"E{min(4, int(cell['evidence'][1]) + 1)}"
    after = first(data)

    assert is_not_lower(after.index, before.index)
    for key, section in before.sections.items():
        assert is_not_lower(after.sections[key].value, section.value)


@quick
@given(judged_bundles(), st.data())
def test_index_never_rises_when_a_risk_level_rises(data: dict[str, Any], draw: st.DataObject) -> None:
    risks = [risk for card in data["proposals"][0]["scorecards"] for risk in card["risks"].values()]
    assume(risks)
    risk = draw.draw(st.sampled_from(risks))
    part = draw.draw(st.sampled_from(["probability", "loss"]))
    assume(risk[part] not in (NEI, 5))
    before = first(data)

    risk[part] += 1

    assert is_not_lower(before.index, first(data).index)


@quick
@given(judged_bundles(), st.sampled_from(THEORIES), scores)
def test_one_more_claim_with_a_score_never_lowers_the_theories(
    data: dict[str, Any], theory: str, score: dict[str, Any]
) -> None:
    given_proposal = data["proposals"][0]
    given_proposal["claims"] = [claim for claim in given_proposal["claims"] if claim != theory]
    for card in given_proposal["scorecards"]:
        card["scores"][theory] = score
    before = first(data).sections["theories"].value

    given_proposal["claims"].append(theory)
    after = first(data).sections["theories"].value

    assert after is not None
    assert before is None or after >= before


@quick
@given(bundles(), proposals("p0"), proposals("p2"))
def test_result_is_not_moved_by_other_proposals(
    data: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> None:
    alone = first(data)

    together = assess_all(parse_bundle({**data, "proposals": [before, *data["proposals"], after]}))

    assert together.proposals[1] == alone


def unordered(result: AssessmentResult) -> dict[str, Any]:
    """Leave out what only lists things in order; mappings compare without order."""
    return {
        "index": (result.index, result.index_low, result.index_high, result.provisional),
        "sections": result.sections,
        "criteria": result.criteria,
        "mitigations": result.mitigations,
        "risks": result.risks,
        "gates": result.gates,
        "outcome": (result.band, result.suggested, result.officers),
        "conditions": {item.mitigation: item for item in result.conditions},
        "flagged": {(flagged.cell, flagged.reasons, frozenset(flagged.gates)) for flagged in result.flagged},
        "missing": set(result.missing),
    }


def shuffled(data: Any, draw: st.DataObject) -> Any:
    """Shuffle everything whose order must not count."""
    mixed = deepcopy(data)
    lists = [
        section[key]
        for section in mixed["rubric"]["sections"]
        for key in ("criteria", "risks", "mitigations")
        if key in section
    ]
    lists += [mixed["rubric"][key] for key in ("sections", "gates", "bands")]
    lists += [mixed["proposals"][0][key] for key in ("sides", "claims", "scorecards")]
    for listed in lists:
        listed[:] = draw.draw(st.permutations(listed))
    return mixed


@quick
@given(bundles(), st.data())
def test_result_is_not_moved_by_any_order(data: dict[str, Any], draw: st.DataObject) -> None:
    mixed = first(shuffled(data, draw))
    plain = first(data)

    assert {**unordered(mixed), "conditions": None} == {**unordered(plain), "conditions": None}
    gains = [
        {item.mitigation: (item.index_gain, set(item.clears)) for item in found.conditions} for found in (mixed, plain)
    ]
    assert gains[0] == gains[1]


@quick
@given(bundles(), st.sampled_from(["0.125", "0.3", "1.7", "400"]), st.integers(2, 9))
def test_result_is_not_moved_by_rescaling_weights(data: dict[str, Any], factor: str, other: int) -> None:
    scaled = deepcopy(data)
    for section in scaled["rubric"]["sections"]:
        section["weight"] = str(Decimal(section["weight"]) * Decimal(factor))
        for criterion in section.get("criteria", []):
            criterion["weight"] *= other

    assert first(scaled) == first(data)


@quick
@given(bundles())
def test_residual_is_never_above_inherent(data: dict[str, Any]) -> None:
    result = first(data)

    for risk in result.risks.values():
        assert 0 <= risk.reduction <= 1
        if isinstance(risk.inherent, Fraction) and isinstance(risk.residual, Fraction):
            assert 0 <= risk.residual <= risk.inherent <= 100
    for totals in result.risk_totals.values():
        assert 0 <= totals.residual <= totals.inherent <= 100


@quick
@given(bundles())
def test_bounds_enclose_the_index_and_meet_when_nothing_is_missing(data: dict[str, Any]) -> None:
    result = first(data)

    assert result.index_low is not None
    assert result.index_high is not None
    assert 0 <= result.index_low <= result.index_high <= 100
    if result.index is not None:
        assert result.index_low <= result.index <= result.index_high
    if result.index is not None and not result.missing:
        assert result.index_low == result.index == result.index_high
        assert not result.provisional


@quick
@given(judged_bundles())
def test_filling_every_open_answer_lands_within_the_bounds(data: dict[str, Any]) -> None:
    """Let the middle of each scale stand in for every open answer of every card, uncapped."""
    given_proposal = data["proposals"][0]
    given_proposal["consensus"] = {}
    filler = {"score": 2, "evidence": "E4"}
    data["rubric"]["evidence_caps"] = [4, 4, 4, 4, 4]
    before = first(data)
    for card in given_proposal["scorecards"]:
        for key in SINGLE:
            card["scores"][key] = filler if card["scores"].get(key, NEI) == NEI else card["scores"][key]
        for key in PER_SIDE:
            held = card["scores"].get(key, {})
            card["scores"][key] = {
                side: filler if held.get(side, NEI) == NEI else held[side] for side in given_proposal["sides"]
            }
        for key in MITIGATIONS:
            card["mitigations"][key] = filler if card["mitigations"].get(key, NEI) == NEI else card["mitigations"][key]
        for key in RISKS:
            held = card["risks"].get(key, {})
            card["risks"][key] = {
                part: 3 if held.get(part, NEI) == NEI else held[part] for part in ("probability", "loss")
            }

    after = first(data)

    assert after.missing == ()
    assert before.index_low is not None
    assert before.index_high is not None
    if after.index is not None:
        assert before.index_low <= after.index <= before.index_high


@quick
@given(bundles())
def test_conditions_never_lower_the_index(data: dict[str, Any]) -> None:
    for condition in first(data).conditions:
        assert condition.index_gain is None or condition.index_gain >= 0


@quick
@given(bundles())
def test_result_survives_a_round_trip_through_text(data: dict[str, Any]) -> None:
    text = json.dumps(data)

    assert load_bundle(text) == parse_bundle(data) == parse_bundle(json.loads(text))
    assert parse_bundle(bundle_document(load_bundle(text))) == load_bundle(text)
    assert run(text) == run(json.dumps(json.loads(text), indent=3).encode())


nonsense = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just(NEI)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@quick
@given(bundles(), nonsense, st.data())
def test_run_of_a_damaged_bundle_never_raises(data: dict[str, Any], damage: Any, draw: st.DataObject) -> None:
    place: Any = data
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw.draw(st.sampled_from(keys))
        deeper = isinstance(place[key], dict | list) and place[key]
        if not deeper or draw.draw(st.integers(0, 5)) == 0:
            break
        place = place[key]
    place[key] = damage

    status, output, errors = run(json.dumps(data))

    assert (status == 0) == bool(output) == (not errors)
    assert all(line.startswith("$") for line in errors.splitlines())
