import dataclasses
import datetime as dt

import pytest

from proposals.memos.content import MemoContent
from proposals.models import (
    Assessment,
    CalibrationReference,
    Check,
    Consensus,
    Docket,
    GateOverride,
    MemoWords,
    MitigationScore,
    Proposal,
    RiskScore,
    Score,
)
from proposals.services.assessing import assess_proposal
from proposals.services.memo_content import build_memo_content
from proposals.services.memo_sources import AssessmentDiffersError, officer_label
from rubrics.models import Criterion
from rubrics.services.defaults import default_rubric_document
from rubrics.services.loading import load_rubric_version
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.factories import (
    NOW,
    ProposalFactory,
    assign,
    bar,
    make_check,
    make_evidence,
    make_scorecard,
    make_user,
    unguarded,
)
from tests.proposals.memos.full_record import make_full_proposal


def assessed(proposal: Proposal) -> Assessment:
    assessment = assess_proposal(proposal=proposal, by=None, at=NOW)
    assert assessment is not None
    return assessment


def build(proposal: Proposal) -> MemoContent:
    return build_memo_content(proposal=proposal, assessment=assessed(proposal), at=NOW, number="2026-014", edition=2)


@pytest.fixture
def officers(proposal: Proposal, officer: User, other_officer: User) -> tuple[User, User]:
    return officer, other_officer


@pytest.fixture
def scored(proposal: Proposal, officers: tuple[User, User]) -> Proposal:
    """Two scorecards, both checks sufficient."""
    for user, value in zip(officers, (3, 2), strict=True):
        make_scorecard(proposal, user, value=value)
    make_check(proposal)
    make_check(proposal, "capacity")
    return proposal


def test_content_head_says_what_the_memo_is(scored: Proposal) -> None:
    head = build(scored).head

    assert (head.number, head.edition, head.code, head.sides) == ("2026-014", 2, scored.code, ("Side A", "Side B"))
    assert (head.date, head.moment) == ("2 March 2026", "2026-03-02T09:30:00Z")
    assert (head.kind, head.marking, head.paper) == ("live", "", "A4")
    assert head.rubric == "Track 2 dialogue rubric, version 1"


@pytest.mark.parametrize(
    ("kind", "marking"),
    [
        ("sample", "Sample, invented"),
        ("calibration", "Calibration case: documented history, reference figures suggested, unconfirmed"),
    ],
)
def test_content_of_a_docket_that_is_not_live_is_marked(scored: Proposal, kind: str, marking: str) -> None:
    Docket.objects.filter(pk=scored.docket_id).update(kind=kind)

    assert build(scored).head.marking == marking


def test_content_shows_the_stored_figures(scored: Proposal) -> None:
    assessment = assessed(scored)

    content = build(scored)

    assert content.decision.suggestion.index == f"{assessment.result['index']:.1f}"
    assert [bar.value for bar in content.decision.bars] == [
        f"{value:.1f}" for value in assessment.result["sections"].values()
    ]
    assert (
        content.decision.bars[0].dots[0].value
        == f"{assessment.detail['officers']['officer-a']['sections']['theories']:.1f}"
    )
    assert content.bundle["proposals"] == [assessment.inputs]


def test_content_letters_officers_in_the_order_of_assignment(scored: Proposal) -> None:
    officers = build(scored).decision.officers

    assert [(officer.letter, officer.label) for officer in officers] == [
        ("A", "Officer A, sponsor"),
        ("B", "Officer B"),
    ]


def test_content_leaves_out_a_barred_officer(scored: Proposal, other_officer: User) -> None:
    bar(scored, other_officer, kind="family", statement="A cousin.")

    content = build(scored)

    assert [officer.letter for officer in content.decision.officers] == ["A"]
    assert content.conflicts == (
        "Officer B: family. Barred: no view, no score, no vote.",
        "One person declared that there is no conflict.",
    )


def test_content_counts_those_without_a_conflict(scored: Proposal) -> None:
    assert build(scored).conflicts == ("Two persons declared that there is no conflict.",)


def test_content_lowest_grade_counts_scores_of_three_or_more(proposal: Proposal, officer: User) -> None:
    make_scorecard(proposal, officer, value=3, grade=3)
    with unguarded():
        Score.objects.filter(criterion__key="focus").update(value=2, grade=0)
        Score.objects.filter(criterion__key="window").update(grade=2)

    grades = {bar.key: bar.grade for bar in build(proposal).decision.bars}

    assert grades == {"theories": "E3", "issue": "E2", "convening": "E3", "transfer": "E3", "risk": "E3"}


def test_content_gates_show_what_did_not_pass_and_count_the_rest(proposal: Proposal, officer: User) -> None:
    make_scorecard(proposal, officer)
    make_check(proposal, "provenance", "needs-more")

    decision = build(proposal).decision

    assert [(gate.key, gate.word, gate.reason) for gate in decision.gates] == [
        ("provenance", "failed", "Provenance check: needs more."),
        ("capacity", "unknown", "Capacity check: not answered."),
    ]
    assert decision.others == "The other 13 pass."


def test_content_override_says_who_when_and_why(scored: Proposal, chair: User) -> None:
    Check.objects.filter(key="provenance").update(status="insufficient")
    GateOverride.objects.create(proposal=scored, gate="provenance", reason="Counsel cleared it.", by=chair, at=NOW)

    (gate,) = build(scored).decision.gates

    assert (gate.state, gate.word) == ("overridden", "failed, set aside")
    assert gate.reason == "Provenance check: insufficient. Set aside by the chair on 2 March 2026: Counsel cleared it."


def test_content_passed_gate_that_officers_split_on_is_named(proposal: Proposal, officers: tuple[User, User]) -> None:
    make_scorecard(proposal, officers[0], value=4, grade=4)
    make_scorecard(
        proposal, officers[1], value=3, grade=4, values={"tracking": 0, "products": 0, "route": 0, "link": 0}
    )
    make_check(proposal)
    make_check(proposal, "capacity")

    decision = build(proposal).decision

    assert decision.contested.endswith("officers’ scorecards, each taken alone, do not agree.")
    assert "Transfer below the floor" in decision.contested


def test_content_recommendation_stands_beside_what_was_asked(scored: Proposal) -> None:
    MemoWords.objects.create(
        proposal=scored, recommendation="revise", amount=90_000, term_months=12, resolution="Resolved.", updated_at=NOW
    )
    Proposal.objects.filter(pk=scored.pk).update(term_months=18)

    said = build(scored).decision.recommendation

    assert (said.label, said.amount, said.asked) == ("Revise", "$90,000", "$150,000")
    assert (said.term, said.term_asked, said.by) == ("12 months", "18 months", "Officer A, sponsor")


def test_content_agreement_counts_recommendations(scored: Proposal) -> None:
    decision = build(scored).decision

    suggested = decision.suggestion.key
    agreeing = sum(officer.recommendation_key == suggested for officer in decision.officers)

    assert agreeing in {0, 2}
    expected = "all agree" if agreeing == 2 else "0 of 2"
    assert expected in decision.suggestion.agreement


def test_content_of_open_answers_gives_the_range_and_stays_draft(scored: Proposal) -> None:
    with unguarded():
        Score.objects.filter(criterion__key="focus").update(answer="not_enough_information", value=None, grade=None)

    content = build(scored)

    assert content.decision.suggestion.range.endswith(" over two open answers")
    assert content.draft_reasons == ("The assessment is provisional: answers are open in Issue-area importance.",)
    assert [bar.incomplete for bar in content.decision.bars] == [False, True, False, False, False]


def test_draft_reasons_of_a_blocked_proposal_name_the_gates(proposal: Proposal, officer: User) -> None:
    make_scorecard(proposal, officer)
    make_check(proposal, "provenance", "insufficient")

    assert build(proposal).draft_reasons == (
        "The gate “Provenance not cleared” has failed.",
        "The gate “Capacity insufficient” is unknown.",
    )


def test_draft_reasons_of_a_clear_proposal_are_none(scored: Proposal) -> None:
    assert build(scored).draft_reasons == ()


def test_content_weaker_side_is_marked(scored: Proposal) -> None:
    with unguarded():
        Score.objects.filter(criterion__key="route", side__key="b").update(value=1)

    rows = {row.title: row.cells for row in build(scored).sides.rows}

    assert [cell.is_weaker for cell in rows["Route to officials"]] == [False, True]
    assert [cell.is_weaker for cell in rows["The right people"]] == [False, False]


def test_content_proposes_weak_answers_with_the_anchor_to_reach(scored: Proposal) -> None:
    with unguarded():
        Score.objects.filter(criterion__key="route", side__key="b").update(value=1)

    lines = {line.title: line for line in build(scored).proposed}

    assert lines["Route to officials, Side B"].now == "1"
    assert lines["Route to officials, Side B"].proof == Criterion.objects.get(key="route").anchors.get(level=3).text


def test_content_proposed_conditions_never_show_a_small_gain(db: None) -> None:
    lines = build(make_full_proposal()).proposed

    gains = [float(line.effect.rpartition("Index +")[2].rstrip(".")) for line in lines if "Index +" in line.effect]

    assert [gain for gain in gains if gain < 0.5] == []
    assert lines[0].effect.startswith("Lowers the residual of intelligence collection: ")


def test_content_reduction_on_promises_is_shown(proposal: Proposal, officer: User) -> None:
    make_scorecard(proposal, officer, value=2, grade=1)

    risks = build(proposal).risks

    assert {row.promised for row in risks.rows} == {row.reduction for row in risks.rows}
    assert risks.promise.startswith("On promises:")


def test_content_reduction_on_artefacts_is_no_promise(scored: Proposal) -> None:
    risks = build(scored).risks

    assert {row.promised for row in risks.rows} == {""}
    assert risks.promise == "No mitigation rests on the organizer’s word alone."


def test_content_keeps_both_rounds(proposal: Proposal, officer: User) -> None:
    make_scorecard(proposal, officer, value=1)
    make_scorecard(proposal, officer, value=3, round=2)

    (item,) = build(proposal).annex.scores[0].items

    assert [(line.round, line.answer, line.counted) for line in item.lines] == [
        ("round 1", "1", False),
        ("round 2", "3", True),
    ]


def test_content_score_above_its_grade_shows_what_counts(proposal: Proposal, officer: User) -> None:
    make_scorecard(proposal, officer, value=4, grade=1)
    evidence = make_evidence(proposal, grade=1)
    with unguarded():
        Score.objects.get(criterion__key="stakes").citations.add(evidence)

    (line,) = next(item for item in build(proposal).annex.scores[1].items if item.title == "Stakes").lines

    assert (line.answer, line.grade, line.cites, line.round) == ("4 → 2", "E1", "[1]", "")


def test_content_consensus_is_listed_with_its_reason(scored: Proposal, chair: User) -> None:
    Consensus.objects.create(
        proposal=scored,
        rubric_version=scored.docket.rubric_version,
        criterion=Criterion.objects.get(key="focus"),
        half_points=5,
        grade=2,
        reason="The agenda was shown.",
        recorded_by=chair,
        recorded_at=NOW,
    )

    (agreed,) = build(scored).agreed

    assert dataclasses.astuple(agreed) == ("Focus on the risk", "2.5 · E2", "The agenda was shown.")


def test_content_case_against_names_the_role_of_its_author(scored: Proposal, other_officer: User, chair: User) -> None:
    words = MemoWords.objects.create(proposal=scored, case_against="No.", case_against_by=other_officer, updated_at=NOW)
    by_officer = build(scored).case_against_by
    words.case_against_by = chair
    words.save()

    assert (by_officer, build(scored).case_against_by) == ("Officer B, not the sponsor", "Chair, not the sponsor")


def test_content_of_a_calibration_case_shows_reference_figures(scored: Proposal) -> None:
    CalibrationReference.objects.create(
        proposal=scored,
        case=99,
        figures={
            "best_theory": {"theories": ["diplomatic-subsidy"], "value": 3},
            "stakes": 4,
            "right_people": 3,
            "transfer_mean": {"low": 2, "high": 3},
            "worst_residual": {"band": "moderate"},
            "evidence_grade": {"low": "E2", "high": "E2"},
        },
        teaches="Sequence is not transfer.",
    )

    annex = build(scored).annex

    assert [line.reference for line in annex.references] == ["3", "4", "3", "2 to 3", "moderate", "E2"]
    assert annex.reference_note.endswith("Teaches: Sequence is not transfer.")


def test_content_of_an_assessment_that_the_method_no_longer_gives_is_refused(scored: Proposal) -> None:
    assessment = assessed(scored)
    assessment.exact = assessment.exact | {"index": "1/3"}

    with pytest.raises(AssessmentDiffersError):
        build_memo_content(proposal=scored, assessment=assessment, at=NOW, number="1", edition=1)


def test_content_is_the_same_for_the_same_record_and_time(db: None) -> None:
    proposal = make_full_proposal()

    assert build(proposal) == build(proposal)


def test_content_without_words_or_record_can_be_built(db: None) -> None:
    proposal = ProposalFactory(amount=None, claims=[])
    officer = make_user(Role.OFFICER)
    assign(proposal, officer, assigned_at=NOW)
    make_scorecard(proposal, officer)

    content = build(proposal)

    assert (content.theory.cards, content.budget.total, content.decision.recommendation.asked) == ((), "", "")
    assert content.budget.per_meeting == "Not known: neither a budget nor an amount is on record."


def test_content_of_a_proposal_whose_only_officer_was_barred_says_that_nothing_counts(
    proposal: Proposal, officer: User
) -> None:
    make_scorecard(proposal, officer)
    assessed(proposal)
    bar(proposal, officer)
    CalibrationReference.objects.create(proposal=proposal, case=99, figures={})

    content = build(proposal)

    suggestion = content.decision.suggestion
    assert (suggestion.index, suggestion.label, suggestion.range) == (
        "",
        "Blocked",
        "0.0 to 100.0 over 32 open answers",
    )
    assert suggestion.sentence == "No scorecard counts yet, so there is no index and no band."
    assert (suggestion.spread, suggestion.agreement) == ("no scorecard counts yet", "no officer has recommended yet")
    assert content.draft_reasons[0] == "No scorecard counts yet."
    assert content.risks.promise == "No mitigation could be scored."
    assert [line.panel for line in content.annex.references][-2:] == ["unknown", "–"]


def test_content_condition_that_clears_a_gate_says_so(scored: Proposal, officer: User) -> None:
    with unguarded():
        MitigationScore.objects.filter(mitigation__key="governments-informed").update(value=0)

    first = build(scored).proposed[0]

    assert first.title == "Governments informed"
    assert "Clears: Governments uninformed." in first.effect
    assert "Suggested after: " in first.effect


def test_content_unknown_levels_of_a_risk_are_said_once(proposal: Proposal, officer: User) -> None:
    make_scorecard(proposal, officer)
    with unguarded():
        RiskScore.objects.filter(risk__key="disinformation").update(likelihood=None, consequence=None)
        RiskScore.objects.filter(risk__key="information-hazard").update(consequence=None)

    items = {item.title: item for item in build(proposal).annex.scores[-1].items}

    assert items["Disinformation"].lines[0].answer == "not enough information"
    assert items["Information hazard"].lines[0].answer == "likelihood 2, consequence not enough information"


def test_content_gate_on_a_theory_that_is_not_claimed_says_so(officer: User) -> None:
    gate = {"key": "salience", "effect": "cap:revise", "when": [{"criterion": "issue-salience", "below": 2}]}
    document = default_rubric_document()
    document = {**document, "key": "other", "gates": [*document["gates"], gate]}
    version = load_rubric_version(document, by=None, at=NOW, reason="For a test")
    proposal = ProposalFactory(docket__rubric_version=version)
    assign(proposal, officer, assigned_at=NOW)
    make_scorecard(proposal, officer)

    line = build(proposal).annex.gates[-1]

    assert (line.title, line.word, line.reason) == ("salience", "passed", "Issue salience not claimed.")


def test_content_moment_is_written_in_universal_time(scored: Proposal) -> None:
    at = dt.datetime(2026, 3, 3, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))

    head = build_memo_content(proposal=scored, assessment=assessed(scored), at=at, number="1", edition=1).head

    assert (head.date, head.moment) == ("2 March 2026", "2026-03-02T22:30:00Z")


def test_officer_label_of_nobody_is_empty() -> None:
    assert (officer_label(""), officer_label("officer-c")) == ("", "Officer C")


# --- whose words they are -------------------------------------------------------------------------------------------

NO_SPONSOR = "There is no sponsor officer without a conflict: the chair names one."


def test_content_of_a_barred_sponsor_names_no_sponsor_and_stays_a_draft(scored: Proposal, officer: User) -> None:
    bar(scored, officer)

    content = build(scored)

    assert content.decision.recommendation.by == ""
    assert [line.label for line in content.decision.officers] == ["Officer B"]
    assert content.draft_reasons == (NO_SPONSOR,)


def test_content_with_a_case_against_by_who_became_the_sponsor_stays_a_draft(
    scored: Proposal, officer: User, other_officer: User
) -> None:
    MemoWords.objects.create(proposal=scored, case_against="Too early.", case_against_by=other_officer, updated_at=NOW)
    before = build(scored).draft_reasons
    scored.assignments.filter(officer=officer).update(is_sponsor=False)
    scored.assignments.filter(officer=other_officer).update(is_sponsor=True)

    after = build(scored).draft_reasons

    assert before == ()
    assert after == ("The case against was written by the officer who is now the sponsor: somebody else writes it.",)
