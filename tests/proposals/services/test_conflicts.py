import pytest

from proposals.models import Assessment, Assignment, ConflictDeclaration, Docket, Memo, Proposal, Scorecard
from proposals.services.assessing import assess_proposal
from proposals.services.conflicts import ConflictIsFinalError, declare_conflict
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, make_scorecard, make_user

pytestmark = pytest.mark.django_db


def declare(proposal, by, kind="money"):
    return declare_conflict(proposal=proposal, kind=kind, statement="", by=by, at=NOW)


def test_conflict_bars_everything_of_the_proposal(proposal, officer):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)

    declare(proposal, officer)

    models = (Proposal, Docket, Scorecard, Assessment, Assignment, Memo)
    assert {model.__name__: model.objects.visible_to(officer).exists() for model in models} == {
        model.__name__: False for model in models if model is not Docket
    } | {"Docket": False}


def test_conflict_takes_the_scorecard_out_of_the_assessment(proposal, officer, other_officer):
    make_scorecard(proposal, officer, value=4)
    make_scorecard(proposal, other_officer, value=2)
    assess_proposal(proposal=proposal, by=officer, at=NOW)

    declare(proposal, officer)

    current = proposal.assessments.get(is_current=True)
    assert [card["officer"] for card in current.inputs["scorecards"]] == ["officer-b"]


def test_conflict_keeps_the_assignment_and_leaves_an_event(proposal, officer):
    declare(proposal, officer)

    assert Assignment.objects.get(proposal=proposal, officer=officer).is_sponsor
    event = Event.objects.get(event="conflict.declared")
    assert (event.by_id, event.proposal_id, event.details) == (officer.pk, proposal.pk, {"kind": "money"})


def test_conflict_bars_a_superuser_with_the_chair_role(proposal):
    chair = make_user(Role.CHAIR, is_superuser=True)

    declare(proposal, chair)

    assert not Proposal.objects.visible_to(chair).exists()


@pytest.mark.parametrize("kind", ["none", "family"])
def test_conflict_once_declared_is_final(proposal, officer, kind):
    declare(proposal, officer)

    with pytest.raises(ConflictIsFinalError):
        declare(proposal, officer, kind=kind)

    assert ConflictDeclaration.objects.get(user=officer).kind == "money"


def test_statement_of_no_conflict_bars_nothing_and_may_become_a_conflict(proposal, officer):
    declare(proposal, officer, kind="none")
    seen = Proposal.objects.visible_to(officer).exists()

    declare(proposal, officer, kind="family")

    declaration = ConflictDeclaration.objects.get(user=officer)
    assert (seen, declaration.has_conflict, declaration.kind) == (True, True, "family")
    assert not Proposal.objects.visible_to(officer).exists()
