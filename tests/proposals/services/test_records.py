import datetime as dt
import uuid

import pytest

from proposals.models import Assignment, Participant, Proposal, ProposalRevision, Side
from proposals.services.assessing import assess_proposal
from proposals.services.locking import DocketClosedError
from proposals.services.records import (
    AlreadyEnteredError,
    RecordChangedError,
    SideEntry,
    SideInUseError,
    edit_proposal,
    enter_proposal,
)
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, DocketFactory, make_scorecard, make_user
from tests.record_entries import make_entry

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def chair(db):
    return make_user(Role.CHAIR)


@pytest.fixture
def entered(db, chair):
    return enter_proposal(docket=DocketFactory(), entry=make_entry(), by=chair, at=NOW)


def edit(proposal, by, *, opened=1, **changes):
    kept = {"sides": [SideEntry(side.name, side.key) for side in proposal.sides.order_by("position")]}
    entry = make_entry(**{"organizer": proposal.organizer, **kept, **changes})
    return edit_proposal(proposal=proposal, entry=entry, opened_revision=opened, by=by, at=LATER)


def test_proposal_entered_gets_the_next_number_and_its_first_revision(entered, chair):
    second = enter_proposal(docket=entered.docket, entry=make_entry(), by=chair, at=NOW)

    revision = ProposalRevision.objects.get(proposal=second)
    assert (entered.number, second.number) == (1, 2)
    assert (revision.number, revision.by, revision.changed) == (1, chair, [])
    assert revision.content["sides"] == [
        {"key": "united-states", "name": "United States"},
        {"key": "china", "name": "China"},
    ]
    assert revision.content["transfer_mechanisms"][0]["side"] == "china"


def test_proposal_entered_twice_with_one_key_is_one_proposal_that_has_it(chair):
    docket, key = DocketFactory(), uuid.uuid4()
    first = enter_proposal(docket=docket, entry=make_entry(), by=chair, at=NOW, key=key)
    type(docket).objects.filter(pk=docket.pk).update(state="closed", closed_at=NOW)

    with pytest.raises(AlreadyEnteredError) as refusal:
        enter_proposal(docket=docket, entry=make_entry(title="Again"), by=chair, at=LATER, key=key)

    assert (first.pk, refusal.value.proposal) == (key, first)
    assert Proposal.objects.count() == 1


def test_proposal_entered_with_a_key_of_somebody_else_gets_one_of_its_own(chair):
    docket, key = DocketFactory(), uuid.uuid4()
    enter_proposal(docket=docket, entry=make_entry(), by=make_user(Role.OFFICER), at=NOW, key=key)

    second = enter_proposal(docket=docket, entry=make_entry(), by=chair, at=NOW, key=key)

    assert (second.pk == key, second.number) == (False, 2)


def test_proposal_entered_by_an_officer_makes_them_sponsor():
    officer = make_user(Role.OFFICER)
    docket = DocketFactory(due_date=dt.date(2026, 4, 1))

    proposal = enter_proposal(docket=docket, entry=make_entry(), by=officer, at=NOW)

    assignment = Assignment.objects.get(proposal=proposal)
    assert (assignment.officer, assignment.is_sponsor, assignment.due_date) == (officer, True, dt.date(2026, 4, 1))


def test_proposal_entered_by_a_chair_has_no_sponsor(entered):
    assert not Assignment.objects.filter(proposal=entered).exists()


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.ADMIN, Role.AUDITOR])
def test_proposal_entered_by_another_role_is_refused(role):
    with pytest.raises(NotAllowedError):
        enter_proposal(docket=DocketFactory(), entry=make_entry(), by=make_user(role), at=NOW)

    assert not Proposal.objects.exists()


def test_proposal_entered_in_a_closed_docket_is_refused(chair):
    docket = DocketFactory(state="closed", closed_at=NOW)

    with pytest.raises(DocketClosedError):
        enter_proposal(docket=docket, entry=make_entry(), by=chair, at=NOW)


def test_edit_writes_a_revision_with_the_names_of_what_changed(entered, chair):
    edit(entered, chair, title="Another title", meetings=[{"title": "First round"}])

    entered.refresh_from_db()
    revision = entered.revisions.get(number=2)
    assert (entered.title, entered.revision, entered.updated_at) == ("Another title", 2, LATER)
    assert (revision.changed, revision.by, revision.at) == (["title", "meetings"], chair, LATER)
    event = Event.objects.get(event="proposal.edited")
    assert event.details == {"revision": 2, "changed": ["title", "meetings"]}


def test_edit_that_changes_nothing_leaves_no_revision(entered, chair):
    edit(entered, chair)

    entered.refresh_from_db()
    assert (entered.revision, entered.revisions.count()) == (1, 1)


def test_edit_of_a_revision_that_is_no_longer_the_latest_is_refused(entered, chair):
    edit(entered, chair, title="Theirs")

    with pytest.raises(RecordChangedError) as refusal:
        edit(entered, chair, opened=1, title="Mine")

    entered.refresh_from_db()
    assert (refusal.value.opened, refusal.value.current, entered.title) == (1, 2, "Theirs")


def test_edit_by_an_officer_who_is_not_the_sponsor_is_refused(entered):
    officer = make_user(Role.OFFICER)
    Assignment.objects.create(proposal=entered, officer=officer, assigned_at=NOW)

    with pytest.raises(NotAllowedError):
        edit(entered, officer, title="Mine")


def test_edit_in_a_closed_docket_is_refused(entered, chair):
    docket = entered.docket
    docket.state, docket.closed_at = "closed", NOW
    docket.save()

    with pytest.raises(DocketClosedError):
        edit(entered, chair, title="Late")


def test_edit_keeps_the_row_of_a_side_that_is_renamed(entered, chair):
    before = entered.sides.get(key="china").pk

    edit(entered, chair, sides=[SideEntry("China", "united-states"), SideEntry("United States", "china")])

    assert Side.objects.get(pk=before).name == "United States"
    assert list(entered.sides.order_by("position").values_list("key", "name")) == [
        ("united-states", "China"),
        ("china", "United States"),
    ]


def test_edit_adds_and_removes_sides_that_carry_nothing(entered, chair):
    edit(entered, chair, sides=[SideEntry("United States", "united-states"), SideEntry("India"), SideEntry("India!")])

    keys = list(entered.sides.order_by("position").values_list("key", flat=True))
    assert keys == ["united-states", "india", "india-2"]


def test_edit_that_removes_a_side_with_scores_is_refused_and_changes_nothing(entered, chair):
    make_scorecard(entered, make_user(Role.OFFICER), submitted=False)

    with pytest.raises(SideInUseError) as refusal:
        edit(entered, chair, title="Other", sides=[SideEntry("United States", "united-states"), SideEntry("India")])

    entered.refresh_from_db()
    assert str(refusal.value) == "“China” cannot be removed: it carries scores. Rename it instead, or keep it."
    assert (entered.title, entered.sides.filter(key="china").exists()) == ("A dialogue", True)


def test_edit_that_removes_a_side_with_participants_is_refused(entered, chair):
    side = entered.sides.get(key="china")
    Participant.objects.create(proposal=entered, side=side, name="A person", role="a role")

    with pytest.raises(SideInUseError):
        edit(entered, chair, sides=[SideEntry("United States", "united-states"), SideEntry("India")])


def test_edit_of_the_claims_assesses_again(entered, chair):
    officer = make_user(Role.OFFICER)
    Assignment.objects.create(proposal=entered, officer=officer, assigned_at=NOW)
    make_scorecard(entered, officer)
    before = assess_proposal(proposal=entered, by=officer, at=NOW)

    edit(entered, chair, pathway_cards=[])

    current = entered.assessments.get(is_current=True)
    assert (before.inputs["claims"], current.inputs["claims"]) == (["diplomatic-subsidy"], [])


def test_edit_of_words_only_keeps_the_assessment(entered, chair):
    officer = make_user(Role.OFFICER)
    Assignment.objects.create(proposal=entered, officer=officer, assigned_at=NOW)
    make_scorecard(entered, officer)
    before = assess_proposal(proposal=entered, by=officer, at=NOW)

    edit(entered, chair, summary="Other words.")

    assert entered.assessments.get(is_current=True) == before
