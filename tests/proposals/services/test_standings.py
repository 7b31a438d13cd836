import pytest

from proposals.services.assessing import assess_proposal
from proposals.services.standings import docket_groups
from t2eval.accounts.roles import Role
from tests.factories import NOW, DocketFactory, ProposalFactory, assign, bar, make_scorecard, make_user

pytestmark = pytest.mark.django_db


def scored(docket, officer, *, value, values=None, submitted=True):
    proposal = ProposalFactory(docket=docket)
    assign(proposal, officer)
    make_scorecard(proposal, officer, value=value, values=values, submitted=submitted)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return proposal


def shown(docket, user):
    return [
        (group.title.partition(":")[0], [(row.proposal.pk, row.standing and row.standing.rank) for row in group.rows])
        for group in docket_groups(docket, user)
    ]


def test_ties_share_a_rank_and_the_next_one_is_skipped():
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    low, one, two = (scored(docket, officer, value=value) for value in (2, 3, 3))

    assert shown(docket, officer) == [("Ranked", [(one.pk, "1="), (two.pk, "1="), (low.pk, "3")])]


def test_proposal_with_a_failed_decline_gate_is_not_eligible_however_high():
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    low = scored(docket, officer, value=2)
    high = scored(docket, officer, value=4, values={"epistemic-standards": 0})

    assert shown(docket, officer) == [("Ranked", [(low.pk, "1")]), ("Not eligible", [(high.pk, "")])]


def test_proposal_without_own_scorecard_is_not_in_yet_and_leaves_no_gap_in_the_ranks():
    docket, officer, other = DocketFactory(), make_user(Role.OFFICER), make_user(Role.OFFICER)
    mine = scored(docket, officer, value=2)
    theirs = scored(docket, other, value=4)
    assign(theirs, officer)

    assert shown(docket, officer) == [("Ranked", [(mine.pk, "1")]), ("Not in yet", [(theirs.pk, None)])]


def test_proposal_that_a_conflict_bars_is_left_out_and_the_rest_is_ranked():
    docket, officer, chair = DocketFactory(), make_user(Role.OFFICER), make_user(Role.CHAIR)
    best, other = scored(docket, officer, value=4), scored(docket, officer, value=3)

    bar(best, chair)

    assert shown(docket, chair) == [("Ranked", [(other.pk, "1")])]


def test_own_state_says_what_the_officer_has_done():
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    scored(docket, officer, value=3)
    scored(docket, officer, value=3, submitted=False)
    assign(ProposalFactory(docket=docket), officer)

    states = [row.own_state for group in docket_groups(docket, officer) for row in group.rows]

    assert states == ["Submitted", "Draft", "Not started"]


def test_scorecards_in_are_counted_for_chairs_only():
    docket, officer, chair = DocketFactory(), make_user(Role.OFFICER), make_user(Role.CHAIR)
    proposal = scored(docket, officer, value=3)
    assign(proposal, make_user(Role.OFFICER))

    counts = [docket_groups(docket, user)[0].rows[0].scorecards_in for user in (officer, chair)]

    assert counts == ["", "1 of 2"]


def test_sides_are_named_in_their_order():
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    proposal = ProposalFactory(docket=docket, sides=["b", "a"])
    assign(proposal, officer)

    (row,) = docket_groups(docket, officer)[0].rows

    assert row.sides == "Side B, Side A"


def test_chair_who_scores_too_sees_the_own_state_and_how_many_are_in():
    docket, judge = DocketFactory(), make_user(Role.OFFICER, Role.CHAIR)
    scored(docket, judge, value=3)
    owed = ProposalFactory(docket=docket)
    assign(owed, judge)
    ProposalFactory(docket=docket)

    rows = [row for group in docket_groups(docket, judge) for row in group.rows]

    assert [(row.own_state, row.scorecards_in) for row in rows] == [
        ("Submitted", "1 of 1"),
        ("Not started", "0 of 1"),
        ("", "0 of 0"),
    ]
