"""Conflicts, assignments and the restricted list of participants."""

import pytest
from django.urls import reverse

from proposals.models import ConflictDeclaration, Participant
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import bar, make_user

pytestmark = pytest.mark.django_db


def url(name, proposal, *others):
    return reverse(f"proposals:{name}", args=[proposal.pk, *others])


@pytest.fixture
def participant(proposal):
    return Participant.objects.create(
        proposal=proposal, side=proposal.sides.first(), name="Secret Name", role="former minister"
    )


def test_conflict_page_states_every_kind_and_the_consequence(client, proposal, officer):
    client.force_login(officer)

    page = client.get(url("conflict-declare", proposal)).content.decode()

    missing = [str(label) for _, label in ConflictDeclaration.Kind.choices if str(label).split("'")[0] not in page]
    assert missing == []
    assert "you will not see this proposal again" in page


def test_conflict_declared_leads_to_the_assignments_and_closes_the_proposal(client, proposal, officer):
    client.force_login(officer)

    response = client.post(url("conflict-declare", proposal), {"kind": "money", "understood": "on"})

    assert response.url == reverse("proposals:assignment-list")
    assert client.get(url("proposal-detail", proposal)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"kind": "money"}, "Confirm that you will not see this proposal again"),
        ({"kind": "other", "understood": "on"}, "Say which reason."),
        ({}, "This field is required."),
    ],
)
def test_conflict_without_confirmation_or_reason_is_not_recorded(client, proposal, officer, typed, message):
    client.force_login(officer)

    page = client.post(url("conflict-declare", proposal), {"statement": "x" * 0, **typed}).content.decode()

    declared = ConflictDeclaration.objects.filter(has_conflict=True)
    assert (message in page, declared.count()) == (True, 0)


def test_statement_of_no_conflict_leads_back_to_the_proposal(client, proposal, officer):
    client.force_login(officer)

    response = client.post(url("conflict-declare", proposal), {"kind": "none"})

    assert response.url == url("proposal-detail", proposal)


def test_assignment_by_the_chair_offers_no_conflicted_officer(client, proposal, chair, other_officer):
    bar(proposal, other_officer)
    client.force_login(chair)

    response = client.get(url("assignment-make", proposal))

    offered = set(response.context["form"].fields["officer"].queryset)
    assert other_officer not in offered
    assert f"{other_officer.name}: Money" in response.content.decode()


def test_assignment_by_the_chair_is_made(client, proposal, chair):
    officer = make_user(Role.OFFICER)
    client.force_login(chair)

    response = client.post(url("assignment-make", proposal), {"officer": str(officer.pk), "due_date": "2026-04-01"})

    assert response.url == url("proposal-detail", proposal)
    assert proposal.assignments.filter(officer=officer).count() == 1


def test_withdrawal_by_the_chair_is_made(client, proposal, chair, other_officer):
    client.force_login(chair)

    client.post(url("assignment-withdraw", proposal, proposal.assignments.get(officer=other_officer).pk))

    assert not proposal.assignments.filter(officer=other_officer).exists()


def test_participant_is_entered_by_the_sponsor(client, proposal, officer):
    client.force_login(officer)
    side = proposal.sides.first()
    facts = {"name": "A Name", "role": "former minister", "side": str(side.pk), "status": "confirmed"}

    response = client.post(url("participant-create", proposal), facts)

    participant = Participant.objects.get()
    assert response.url == url("participant-list", proposal)
    assert (participant.name, participant.side, participant.status) == ("A Name", side, "confirmed")


def test_participant_of_another_proposals_side_is_refused(client, proposal, officer):
    client.force_login(officer)
    facts = {"name": "A Name", "role": "former minister", "side": "999999", "status": "confirmed"}

    client.post(url("participant-create", proposal), facts)

    assert not Participant.objects.exists()


def test_participant_is_edited_by_the_sponsor(client, proposal, officer, participant):
    client.force_login(officer)
    facts = {"name": "Other Name", "role": "adviser", "side": str(participant.side_id), "status": "declined"}

    client.post(url("participant-edit", proposal, participant.pk), facts)

    participant.refresh_from_db()
    assert (participant.name, participant.status) == ("Other Name", "declined")


def test_participant_is_erased_only_after_a_question(client, proposal, officer, participant):
    client.force_login(officer)

    client.get(url("participant-erase", proposal, participant.pk))
    asked = Participant.objects.count()
    client.post(url("participant-erase", proposal, participant.pk))

    assert (asked, Participant.objects.count()) == (1, 0)


def test_events_about_participants_never_carry_a_name(client, proposal, officer, participant):
    client.force_login(officer)
    facts = {"name": "Secret Name", "role": "adviser", "side": str(participant.side_id), "status": "declined"}
    client.post(url("participant-edit", proposal, participant.pk), facts)
    client.post(url("participant-erase", proposal, participant.pk))

    events = Event.objects.filter(event__startswith="participant.")

    assert events.count() == 2
    assert [event for event in events if "Secret" in f"{event.target_label} {event.details}"] == []


def test_names_stand_on_no_other_page_of_the_proposal(client, proposal, officer, participant):
    client.force_login(officer)

    pages = [client.get(url(name, proposal)).content.decode() for name in ("proposal-detail", "proposal-edit")]

    assert [page for page in pages if "Secret Name" in page] == []
