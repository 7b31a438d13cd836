"""Practice on calibration cases: allowed where all else is closed, counted and shown nowhere."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from proposals.models import Assessment, Docket, MitigationScore, RiskScore, Score, Scorecard
from proposals.permissions import can_add_evidence, can_argue_in_memo, can_practise, can_score
from proposals.services.assessing import assess_proposal
from proposals.services.bundles import proposal_document
from proposals.services.evidence import EvidenceFacts, add_evidence
from proposals.services.locking import DocketClosedError, ProposalNotVisibleError
from proposals.services.memo_content import build_memo_content
from proposals.services.own_work import own_work
from proposals.services.practice import next_case, practice_cases, practice_offer
from proposals.services.saving import save_cells
from proposals.services.scorecards import submit_scorecard
from proposals.services.scoring_locks import NotScorableError
from proposals.services.standings import docket_groups
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    bar,
    make_scorecard,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def docket(version):
    return DocketFactory(rubric_version=version, kind="calibration", state="closed", closed_at=NOW)


@pytest.fixture
def case(docket):
    return ProposalFactory(docket=docket)


def ready(case, officer):
    """A practice scorecard that says everywhere that nobody could tell: complete, whatever the evidence."""
    card = make_scorecard(case, officer, submitted=False, round=0)
    for cells in (Score, MitigationScore):
        cells.objects.filter(scorecard=card).update(answer="not_enough_information", value=None, grade=None)
    RiskScore.objects.filter(scorecard=card).update(likelihood=None, consequence=None)
    return card


def save(proposal, officer):
    return save_cells(proposal_id=proposal.pk, officer=officer, cells={}, by=officer, at=NOW).scorecard


def test_saving_on_a_closed_calibration_case_makes_a_practice_scorecard(case, officer):
    card = save(case, officer)

    assert (card.round, card.state, card.officer) == (Scorecard.Round.PRACTICE, "draft", officer)


def test_saving_on_a_closed_live_docket_is_refused(proposal, officer):
    Docket.objects.update(state="closed", closed_at=NOW)

    with pytest.raises(DocketClosedError):
        save(proposal, officer)


def test_saving_on_a_live_docket_is_round_one(proposal, officer):
    assert save(proposal, officer).round == Scorecard.Round.BLIND


def test_practice_of_the_conflicted_is_refused(case, officer):
    bar(case, officer)

    with pytest.raises(ProposalNotVisibleError):
        save(case, officer)


def test_practice_of_a_chair_is_refused(case, chair):
    with pytest.raises(NotScorableError):
        save(case, chair)


def test_submitting_practice_assesses_nothing(case, officer):
    card = ready(case, officer)

    submitted = submit_scorecard(scorecard=card, by=officer, at=NOW)

    assert (submitted.state, Assessment.objects.count()) == ("submitted", 0)
    assert [event.event for event in Event.objects.filter(event__startswith="scorecard")] == ["scorecard.submitted"]


def test_practice_leaves_the_cases_assessment_as_it_is(case, officer, other_officer):
    make_scorecard(case, other_officer)
    before = assess_proposal(proposal=case, by=None, at=NOW)
    card = ready(case, officer)

    submit_scorecard(scorecard=card, by=officer, at=NOW)

    assert Assessment.objects.get() == before
    assert assess_proposal(proposal=case, by=None, at=NOW) == before
    assert [row["officer"] for row in proposal_document(case, case.docket.rubric_version)["scorecards"]] == [
        "officer-a"
    ]


def test_practice_is_not_in_the_memo_of_the_case(case, officer, other_officer):
    make_scorecard(case, officer, round=0, value=1)
    make_scorecard(case, other_officer)
    assessment = assess_proposal(proposal=case, by=None, at=NOW)

    annex = build_memo_content(proposal=case, assessment=assessment, at=NOW, number="1", edition=1).annex

    items = [item for section in annex.scores for item in section.items]
    assert {len(item.lines) for item in items} == {1}


def test_practice_is_seen_by_its_officer_alone(case, officer, other_officer, chair):
    card = make_scorecard(case, officer, round=0)

    seen = {user.username: list(Scorecard.objects.visible_to(user)) for user in (officer, other_officer, chair)}

    assert seen == {"officer": [card], "other-officer": [], "chair": []}


def test_practice_is_no_own_work(case, officer):
    assign(case, officer)
    make_scorecard(case, officer, round=0)

    (one,) = own_work(officer, today=TODAY)

    assert (one.scorecard, one.answered) == (None, 0)


def test_practice_does_not_stand_in_the_docket(case, docket, officer):
    make_scorecard(case, officer, round=0)

    (group,) = docket_groups(docket, officer)

    assert [row.own_state for row in group.rows] == [""]


@pytest.mark.parametrize(("roles", "may"), [([Role.OFFICER], True), ([Role.CHAIR], False), ([], False)])
def test_practice_is_for_officers(case, roles, may):
    user = make_user(*roles)

    assert (can_practise(user, case), can_score(user, case)) == (may, may)


def test_practice_is_on_calibration_cases_only(proposal, officer):
    assert (can_practise(officer, proposal), can_score(officer, proposal)) == (False, True)


def test_practice_is_not_offered_where_ones_scorecard_is_documented(case, officer):
    make_scorecard(case, officer)

    assert (can_practise(officer, case), practice_cases(officer)) == (False, [])


def test_practice_goes_on_once_begun(case, officer):
    make_scorecard(case, officer, submitted=False, round=0)

    assert can_score(officer, case)


def test_practice_adds_no_evidence(case, officer):
    assert can_add_evidence(officer, case) is False
    with pytest.raises(PermissionDenied):
        add_evidence(proposal=case, facts=EvidenceFacts(kind="document", claim="New", grade=2), by=officer, at=NOW)


def test_practice_opens_no_arguments(case, officer):
    assign(case, officer)
    make_scorecard(case, officer, round=0)

    assert can_argue_in_memo(officer, case) is False


def test_cases_come_in_order_with_ones_own_practice(docket, officer, other_officer):
    first, second, third = (ProposalFactory(docket=docket, number=number) for number in (1, 2, 3))
    make_scorecard(first, officer, round=0)
    begun = make_scorecard(third, officer, submitted=False, round=0)
    make_scorecard(second, other_officer, round=0)

    cases = practice_cases(officer)

    assert [(case.proposal, case.is_done, case.is_begun) for case in cases] == [
        (first, True, False),
        (second, False, False),
        (third, False, True),
    ]
    assert next_case(cases).scorecard == begun.pk


def test_cases_barred_by_a_conflict_are_left_out(case, officer):
    bar(case, officer)

    assert practice_cases(officer) == []


@pytest.mark.parametrize("rows", [1, 4])
def test_cases_take_as_many_queries_however_many(docket, officer, django_assert_num_queries, rows):
    for _ in range(rows):
        make_scorecard(ProposalFactory(docket=docket), officer, round=0, submitted=False)
    assert officer.has_role(Role.OFFICER)

    with django_assert_num_queries(2):
        practice_cases(officer)


def test_offer_to_whoever_is_no_officer_is_none(case, chair):
    assert practice_offer(chair) is None


def test_offer_without_a_case_is_none(officer):
    assert practice_offer(officer) is None


def test_offer_to_a_new_officer_names_the_first_case(case, officer):
    offer = practice_offer(officer)

    assert (offer.is_new, offer.done, offer.next.proposal) == (True, 0, case)


def test_offer_after_a_real_scorecard_is_quiet(case, officer, proposal):
    make_scorecard(proposal, officer)

    assert practice_offer(officer).is_new is False


def test_offer_after_a_real_draft_stays_a_card(case, officer, proposal):
    make_scorecard(proposal, officer, submitted=False)

    assert practice_offer(officer).is_new is True


@pytest.mark.parametrize(("done", "is_new"), [(1, True), (2, False)])
def test_offer_is_quiet_after_two_cases(docket, officer, done, is_new):
    for _ in range(done):
        make_scorecard(ProposalFactory(docket=docket), officer, round=0)

    offer = practice_offer(officer)

    assert (offer.is_new, offer.done, offer.next) == (is_new, done, None)
