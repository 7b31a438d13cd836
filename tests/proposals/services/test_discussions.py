"""Round 2: how it opens, what it copies, what may change in it, and how it ends."""

import datetime as dt

import pytest

from proposals.models import Assessment, Discussion, Docket, Scorecard
from proposals.permissions import can_argue_in_memo, can_lead_discussion, can_read_arguments, owes_round_two
from proposals.services.answer_rows import answers_of
from proposals.services.assessing import assess_proposal
from proposals.services.discussions import (
    NoOpenDiscussionError,
    NotDiscussableError,
    close_discussion,
    open_discussion,
)
from proposals.services.locking import DocketClosedError
from proposals.services.refusals import NotAllowedError
from proposals.services.rescoring import (
    NoRoundOneError,
    RoundTwoDiffersError,
    stand_by_round_one,
    start_round_two,
)
from proposals.services.rounds import open_cells
from proposals.services.scoring_locks import NotScorableError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import (
    NOW,
    assign,
    make_discussion,
    make_evidence,
    make_scorecard,
    make_user,
    submit,
)

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=3)


@pytest.fixture
def split(proposal, officer, other_officer):
    """Both officers are in, and differ on one criterion, one side and one risk."""
    first = make_scorecard(proposal, officer, values={"stakes": 0, "governments-informed": 0}, risk=(5, 4))
    make_scorecard(proposal, other_officer, values={"stakes": 3}, risk=(2, 4))
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return first


def events() -> list[str]:
    return list(Event.objects.filter(event__startswith="discussion").order_by("at").values_list("event", flat=True))


def test_open_discussion_freezes_the_flagged_cells_with_reasons_and_gates(split, proposal, chair):
    discussion = open_discussion(proposal=proposal, by=chair, at=LATER)

    cells = {one["cell"]: one for one in discussion.cells}
    assert next(iter(cells)) == "stakes"
    assert cells["stakes"] == {"cell": "stakes", "reasons": ["gap"], "gates": []}
    assert cells["governments-informed"] == {
        "cell": "governments-informed",
        "reasons": ["gap", "gate"],
        "gates": ["governments-uninformed", "governments-uninformed-minor"],
    }
    assert (discussion.opened_by, discussion.opened_at, discussion.is_open) == (chair, LATER, True)
    assert events() == ["discussion.opened"]


def test_open_discussion_flags_a_risk_once_for_both_levels(proposal, officer, other_officer, chair):
    make_scorecard(proposal, officer, risk=(5, 5))
    make_scorecard(proposal, other_officer, risk=(1, 1))

    keys = [one["cell"] for one in open_discussion(proposal=proposal, by=chair, at=NOW).cells]

    risks = set(proposal.docket.rubric_version.sections.get(rule="residual_risk").risks.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    assert set(keys) == risks


def test_open_discussion_by_who_does_not_lead_is_refused(split, proposal, officer):
    with pytest.raises(NotAllowedError, match="The chair opens"):
        open_discussion(proposal=proposal, by=officer, at=NOW)

    assert Discussion.objects.count() == 0


def test_open_discussion_by_a_chair_who_owes_a_scorecard_is_refused(split, proposal):
    both = make_user(Role.CHAIR, Role.OFFICER)
    assign(proposal, both)

    with pytest.raises(NotAllowedError):
        open_discussion(proposal=proposal, by=both, at=NOW)


def test_open_discussion_of_one_scorecard_is_refused(proposal, officer, chair):
    make_scorecard(proposal, officer)

    with pytest.raises(NotDiscussableError, match="two officers"):
        open_discussion(proposal=proposal, by=chair, at=NOW)


def test_open_discussion_where_officers_agree_is_refused(proposal, officer, other_officer, chair):
    for one in (officer, other_officer):
        make_scorecard(proposal, one)

    with pytest.raises(NotDiscussableError, match="nothing to discuss"):
        open_discussion(proposal=proposal, by=chair, at=NOW)


@pytest.mark.parametrize("is_closed", [False, True])
def test_open_discussion_twice_is_refused(split, proposal, chair, is_closed):
    open_discussion(proposal=proposal, by=chair, at=NOW)
    if is_closed:
        close_discussion(proposal=proposal, by=chair, at=NOW)

    with pytest.raises(NotDiscussableError, match="only one"):
        open_discussion(proposal=proposal, by=chair, at=LATER)


def test_open_discussion_in_a_closed_docket_or_on_a_calibration_case_is_refused(split, proposal, chair):
    Docket.objects.filter(pk=proposal.docket_id).update(state="closed", closed_at=NOW)
    with pytest.raises(DocketClosedError):
        open_discussion(proposal=proposal, by=chair, at=NOW)

    Docket.objects.filter(pk=proposal.docket_id).update(state="open", closed_at=None, kind="calibration")
    with pytest.raises(NotAllowedError, match="calibration"):
        open_discussion(proposal=proposal, by=chair, at=NOW)


def test_close_discussion_ends_it_once(split, proposal, chair):
    open_discussion(proposal=proposal, by=chair, at=NOW)

    closed = close_discussion(proposal=proposal, by=chair, at=LATER)

    assert (closed.is_open, closed.closed_by, closed.closed_at) == (False, chair, LATER)
    with pytest.raises(NoOpenDiscussionError):
        close_discussion(proposal=proposal, by=chair, at=LATER)
    assert events() == ["discussion.opened", "discussion.closed"]


def test_close_discussion_that_was_never_opened_is_refused(split, proposal, chair):
    with pytest.raises(NoOpenDiscussionError):
        close_discussion(proposal=proposal, by=chair, at=NOW)


def test_start_round_two_copies_cells_citations_and_recommendation(proposal, officer, other_officer, chair):
    first = make_scorecard(proposal, officer, values={"stakes": 0}, submitted=False)
    item = make_evidence(proposal)
    for cell in (*first.scores.all(), *first.mitigation_scores.all(), *first.risk_scores.all()):
        cell.citations.add(item)
    submit(first)
    make_discussion(proposal)

    second = start_round_two(proposal=proposal, officer=officer, by=officer, at=LATER)

    assert answers_of(second) == answers_of(first)
    assert {said.citations for said in answers_of(second).values()} == {frozenset([item.pk])}
    assert (second.round, second.state, second.created_at) == (2, "draft", LATER)
    assert (second.recommendation, second.recommendation_reason) == (first.recommendation, "On balance.")
    assert second.proposal_revision == first.proposal_revision


def test_start_round_two_again_gives_the_same_draft(split, proposal, officer):
    make_discussion(proposal)

    drafts = {start_round_two(proposal=proposal, officer=officer, by=officer, at=NOW).pk for _ in range(2)}

    assert len(drafts) == 1
    assert Event.objects.filter(event="scorecard.rescored").count() == 1


@pytest.mark.parametrize("many", [1, 5])
def test_start_round_two_queries_do_not_grow(proposal, officer, many, django_assert_max_num_queries):
    card = make_scorecard(proposal, officer, submitted=False)
    for _ in range(many):
        item = make_evidence(proposal)
        for score in card.scores.all():
            score.citations.add(item)
    submit(card)
    make_discussion(proposal)

    with django_assert_max_num_queries(30):
        start_round_two(proposal=proposal, officer=officer, by=officer, at=NOW)


def test_start_round_two_without_an_open_discussion_is_refused(split, proposal, officer, chair):
    with pytest.raises(NoOpenDiscussionError):
        start_round_two(proposal=proposal, officer=officer, by=officer, at=NOW)

    make_discussion(proposal, closed_by=chair, closed_at=NOW)
    with pytest.raises(NoOpenDiscussionError):
        start_round_two(proposal=proposal, officer=officer, by=officer, at=NOW)


def test_start_round_two_without_a_submitted_round_1_is_refused(proposal, officer, other_officer):
    make_scorecard(proposal, officer, submitted=False)
    make_discussion(proposal)

    for one in (officer, other_officer):
        with pytest.raises(NoRoundOneError):
            start_round_two(proposal=proposal, officer=one, by=one, at=NOW)


def test_start_round_two_for_somebody_else_is_refused(split, proposal, officer, other_officer, chair):
    make_discussion(proposal)

    with pytest.raises(NotScorableError):
        start_round_two(proposal=proposal, officer=officer, by=other_officer, at=NOW)
    with pytest.raises(NotScorableError):
        start_round_two(proposal=proposal, officer=chair, by=chair, at=NOW)


def test_stand_by_round_one_hands_in_the_same_answers_once(split, proposal, officer, chair):
    open_discussion(proposal=proposal, by=chair, at=NOW)

    second = stand_by_round_one(proposal=proposal, officer=officer, by=officer, at=LATER)
    again = stand_by_round_one(proposal=proposal, officer=officer, by=officer, at=LATER)

    assert (second.pk, second.is_submitted, second.submitted_at) == (again.pk, True, LATER)
    assert answers_of(second) == answers_of(split)
    rounds = [card["round"] for card in Assessment.objects.current().get(proposal=proposal).inputs["scorecards"]]
    assert rounds == [2, 1]


def test_stand_by_round_one_with_changes_in_the_draft_is_refused(split, proposal, officer):
    make_discussion(proposal)
    second = start_round_two(proposal=proposal, officer=officer, by=officer, at=NOW)
    second.scores.filter(criterion__key="stakes").update(value=2)

    with pytest.raises(RoundTwoDiffersError):
        stand_by_round_one(proposal=proposal, officer=officer, by=officer, at=LATER)

    second.refresh_from_db()
    assert second.is_submitted is False


def test_stand_by_round_one_after_closing_is_refused(split, proposal, officer, chair):
    open_discussion(proposal=proposal, by=chair, at=NOW)
    start_round_two(proposal=proposal, officer=officer, by=officer, at=NOW)
    close_discussion(proposal=proposal, by=chair, at=NOW)

    with pytest.raises(NoOpenDiscussionError):
        stand_by_round_one(proposal=proposal, officer=officer, by=officer, at=LATER)


def test_open_cells_are_all_in_round_1_and_those_under_discussion_in_round_2(split, proposal, officer, chair):
    discussion = open_discussion(proposal=proposal, by=chair, at=NOW)
    second = start_round_two(proposal=proposal, officer=officer, by=officer, at=NOW)

    while_open = open_cells(second)
    close_discussion(proposal=proposal, by=chair, at=NOW)

    assert open_cells(split) is None
    assert while_open == {one["cell"] for one in discussion.cells}
    assert open_cells(second) == frozenset()


def test_owing_round_two_closes_judgements_until_it_is_in(split, proposal, officer, other_officer, chair):
    open_discussion(proposal=proposal, by=chair, at=NOW)

    owing = _sees(officer, proposal)
    stand_by_round_one(proposal=proposal, officer=officer, by=officer, at=NOW)

    assert owing == (True, False, False, False, 2)
    assert _sees(officer, proposal) == (False, True, True, True, 3)
    assert _sees(other_officer, proposal) == (True, False, False, False, 2)


def test_closing_round_two_opens_judgements_to_who_never_rescored(split, proposal, officer, other_officer, chair):
    open_discussion(proposal=proposal, by=chair, at=NOW)
    stand_by_round_one(proposal=proposal, officer=officer, by=officer, at=NOW)

    close_discussion(proposal=proposal, by=chair, at=NOW)

    assert _sees(other_officer, proposal) == (False, True, True, True, 3)


def _sees(user, proposal):
    return (
        owes_round_two(user, proposal),
        Assessment.objects.visible_to(user).filter(proposal=proposal).current().exists(),
        can_argue_in_memo(user, proposal),
        can_read_arguments(user, proposal),
        Scorecard.objects.visible_to(user).count(),
    )


def test_chair_who_owes_round_two_does_not_lead_before_it_is_in(split, proposal, chair):
    both = make_user(Role.CHAIR, Role.OFFICER)
    assign(proposal, both)
    make_scorecard(proposal, both, values={"stakes": 1})
    open_discussion(proposal=proposal, by=chair, at=NOW)

    owing = can_lead_discussion(both, proposal)
    stand_by_round_one(proposal=proposal, officer=both, by=both, at=NOW)

    assert (owing, can_lead_discussion(both, proposal)) == (False, True)
