import pytest

from proposals.models import Assessment
from proposals.services.assessing import assess_proposal
from proposals.services.memo_suggestions import proposed_conditions
from proposals.services.residual_falls import stored_falls
from proposals.services.weak_points import level_to_reach
from rubrics.services.words import RubricWords, rubric_words
from tests.factories import NOW, ProposalFactory, assign, make_scorecard, make_user

pytestmark = pytest.mark.django_db


def assessed(**cells):
    proposal = ProposalFactory()
    officer = make_user()
    assign(proposal, officer)
    make_scorecard(proposal, officer, **cells)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    return Assessment.objects.current().get(proposal=proposal)


def test_proposed_conditions_of_a_strong_proposal_are_none():
    assessment = assessed(value=3)

    assert proposed_conditions(assessment) == []


def test_proposed_conditions_name_weak_mitigations_then_weak_cells_by_side():
    assessment = assessed(values={"hotwash": 1, "route": 2, "continuity": 2})

    keys = [condition.key for condition in proposed_conditions(assessment)]

    assert keys == [
        "mitigation:hotwash",
        "criterion:continuity:",
        "criterion:route:a",
        "criterion:route:b",
    ]


def test_proposed_condition_brings_the_anchor_of_level_3_as_proof():
    assessment = assessed(values={"tracking": 0})
    anchor = assessment.rubric_version.sections.get(key="transfer").criteria.get(key="tracking").anchors.get(level=3)

    (condition,) = proposed_conditions(assessment)

    assert condition.proof == anchor.text


def test_proposed_condition_tells_which_gate_it_clears():
    assessment = assessed(values={"governments-informed": 0})

    (condition,) = [c for c in proposed_conditions(assessment) if c.key == "mitigation:governments-informed"]

    assert condition.effect.startswith("Clears the gate “")


def test_proposed_condition_tells_which_residuals_it_lowers():
    assessment = assessed(values={"hotwash": 0})

    (condition,) = [c for c in proposed_conditions(assessment) if c.key == "mitigation:hotwash"]

    words = rubric_words(assessment.rubric_version)
    found = "; ".join(str(fall).lower() for fall in stored_falls(assessment, words, "hotwash"))
    assert condition.effect == f"Lowers the residual of {found}."


def test_proposed_condition_without_a_fall_worth_a_figure_says_so():
    assessment = assessed(values={"hotwash": 0}, risk=(1, 0))

    (condition,) = proposed_conditions(assessment)

    assert condition.effect == "Changes no residual risk by as much as a figure shows."


def test_proposed_condition_of_a_level_between_two_asks_for_the_upper_one():
    words = RubricWords(
        {
            "bands": [],
            "gates": [],
            "sections": [
                {"key": "risk", "rule": "residual_risk", "condition_level": "2.5", "mitigations": [{"key": "hotwash"}]}
            ],
        }
    )

    assert level_to_reach(words, "hotwash") == 3


def test_proposed_conditions_keep_the_order_of_sides_whatever_the_database_does():
    proposal = ProposalFactory(sides=["soviet-union", "us"])
    officer = make_user()
    assign(proposal, officer)
    make_scorecard(proposal, officer, values={"route": 1})
    assess_proposal(proposal=proposal, by=None, at=NOW)

    conditions = proposed_conditions(Assessment.objects.current().get(proposal=proposal))

    assert [condition.key for condition in conditions] == ["criterion:route:soviet-union", "criterion:route:us"]
