import pytest

from proposals.models import Docket
from proposals.services.acting_chairs import (
    acting_chairs,
    count_without_chair,
    is_last_chair,
    own_bars_without_chair,
)
from proposals.services.assessing import assess_proposal
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, bar, make_scorecard, make_user
from tests.memo_rows import make_memo

pytestmark = pytest.mark.django_db


def test_acting_chairs_are_the_active_ones_without_a_conflict_by_name(proposal, officer):
    second, first = make_user(Role.CHAIR, name="Zoe"), make_user(Role.CHAIR, Role.OFFICER, name="Abe")
    bar(proposal, make_user(Role.CHAIR))
    make_user(Role.CHAIR, is_active=False)
    bar(ProposalFactory(docket=proposal.docket), first)

    assert list(acting_chairs(proposal)) == [first, second]


def test_last_chair_is_the_only_one_who_may_act(proposal, chair, officer):
    alone = is_last_chair(chair, proposal), is_last_chair(officer, proposal)
    other = make_user(Role.CHAIR)
    beside = is_last_chair(chair, proposal)
    bar(proposal, chair)

    assert (alone, beside) == ((True, False), False)
    assert (is_last_chair(chair, proposal), is_last_chair(other, proposal)) == (False, True)


def test_proposals_without_a_chair_are_counted(proposal, chair):
    before = count_without_chair(), own_bars_without_chair(chair, proposal.docket)
    ProposalFactory(docket=proposal.docket)
    bar(proposal, chair)
    barred = count_without_chair(), own_bars_without_chair(chair, proposal.docket)
    make_user(Role.CHAIR)

    assert (before, barred) == ((0, 0), (1, 1))
    assert (count_without_chair(), own_bars_without_chair(chair, proposal.docket)) == (0, 0)


def test_proposals_without_a_chair_leave_out_bars_of_others_and_other_dockets(proposal, chair):
    bar(proposal, chair)
    other = make_user(Role.CHAIR)
    bar(proposal, other)
    elsewhere = ProposalFactory()
    bar(elsewhere, chair)
    bar(elsewhere, other)

    assert (count_without_chair(), own_bars_without_chair(chair, proposal.docket)) == (2, 1)
    assert own_bars_without_chair(make_user(Role.CHAIR), proposal.docket) == 0


def test_proposals_without_a_chair_leave_out_calibration_cases(proposal, chair):
    Docket.objects.update(kind="calibration")
    bar(proposal, chair)

    assert count_without_chair() == 0


@pytest.mark.parametrize(("state", "issued", "count"), [("open", True, 1), ("closed", False, 1), ("closed", True, 0)])
def test_proposals_without_a_chair_leave_out_what_is_decided(proposal, chair, officer, state, issued, count):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    memo = make_memo(proposal)
    if issued:
        type(memo).objects.filter(pk=memo.pk).update(
            state="issued", issued_at=NOW, issued_by=chair, pdf="memos/one.pdf", pdf_sha256="1" * 64
        )
    Docket.objects.update(state=state, closed_at=NOW if state == "closed" else None)
    bar(proposal, chair)

    assert count_without_chair() == count
