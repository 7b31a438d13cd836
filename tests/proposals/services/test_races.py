"""Two people at once. The pauses make the order certain: the second begins while the first holds its locks."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from proposals.models import Docket, MitigationScore, Reassessment, RiskScore, Scorecard
from proposals.services.assessing import assess_proposal
from proposals.services.conflicts import declare_conflict
from proposals.services.dockets import close_docket, edit_docket
from proposals.services.gates import set_check
from proposals.services.locking import DocketClosedError, ProposalNotVisibleError
from proposals.services.reassessing import reassess_proposal
from proposals.services.saving import save_cells
from proposals.services.scorecards import submit_scorecard
from proposals.services.scoring_locks import ScorecardSubmittedError
from rubrics.models import RubricVersion
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, ProposalFactory, assign, make_newer_version, make_scorecard, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft() -> Scorecard:
    """Complete, by the only officer of its proposal."""
    proposal, officer = ProposalFactory(), make_user(Role.OFFICER)
    assign(proposal, officer)
    made = make_scorecard(proposal, officer, value=2, grade=1, submitted=False)
    RiskScore.objects.update(rationale="Why.")
    MitigationScore.objects.update(rationale="Why.")
    return made


def in_thread(call: Callable[[], Any], found: list[Any]) -> threading.Thread:
    def run() -> None:
        try:
            found.append(call())
        except Exception as error:  # noqa: BLE001 - what it raised is what the test looks at
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def overtaken(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What `second` comes to, begun after `first` wrote and before it committed."""
    found: list[Any] = []
    with transaction.atomic():
        first()
        thread = in_thread(second, found)
        thread.join(0.7)
        assert found == []
    thread.join(30)
    return found[0]


def test_submit_while_the_docket_is_being_closed_is_refused(draft):
    chair, docket = make_user(Role.CHAIR), draft.proposal.docket

    outcome = overtaken(
        lambda: close_docket(docket=docket, by=chair, at=NOW),
        lambda: submit_scorecard(scorecard=draft, by=draft.officer, at=NOW),
    )

    assert type(outcome) is DocketClosedError
    assert Scorecard.objects.get().state == "draft"


def test_close_while_a_scorecard_is_being_submitted_waits_for_it(draft):
    chair, docket = make_user(Role.CHAIR), draft.proposal.docket

    outcome = overtaken(
        lambda: submit_scorecard(scorecard=draft, by=draft.officer, at=NOW),
        lambda: close_docket(docket=docket, by=chair, at=NOW),
    )

    assert (outcome.state, Scorecard.objects.get().state) == ("closed", "submitted")


def test_scorecard_submitted_twice_at_once_is_submitted_once(draft):
    together, found = threading.Barrier(2), []

    def submit() -> Scorecard:
        together.wait(10)
        return submit_scorecard(scorecard=draft, by=draft.officer, at=NOW)

    for thread in [in_thread(submit, found) for _ in range(2)]:
        thread.join(30)

    assert sorted(type(one).__name__ for one in found) == [Scorecard.__name__, ScorecardSubmittedError.__name__]
    assert Event.objects.filter(event="scorecard.submitted").count() == 1
    assert draft.proposal.assessments.count() == 1


def test_second_click_while_the_first_submits_leads_to_the_scorecard(draft):
    client = Client()
    client.force_login(draft.officer)
    page, typed = reverse("proposals:scorecard-edit", args=[draft.proposal_id]), {"action": "submit"}

    response = overtaken(
        lambda: submit_scorecard(scorecard=draft, by=draft.officer, at=NOW),
        lambda: client.post(page, typed),
    )

    assert (response.status_code, response.url) == (302, reverse("proposals:scorecard-detail", args=[draft.pk]))
    assert Event.objects.filter(event="scorecard.submitted").count() == 1


def test_decision_while_its_maker_declares_a_conflict_is_refused(draft):
    chair, proposal = make_user(Role.CHAIR), draft.proposal

    outcome = overtaken(
        lambda: declare_conflict(proposal=proposal, kind="money", statement="", by=chair, at=NOW),
        lambda: set_check(proposal=proposal, key="provenance", status="sufficient", note="", by=chair, at=NOW),
    )

    assert type(outcome) is ProposalNotVisibleError
    assert proposal.checks.count() == 0


def test_first_save_while_another_version_is_pinned_is_written_under_that():
    proposal, officer, chair = ProposalFactory(), make_user(Role.OFFICER), make_user(Role.CHAIR)
    assign(proposal, officer)
    docket = proposal.docket
    old = docket.rubric_version
    RubricVersion.objects.filter(pk=old.pk).update(state="retired", retired_at=NOW)
    new = RubricVersion.objects.create(
        rubric=old.rubric, number=2, title="Next", top_score=4, evidence_caps=[2, 2, 3, 4, 4]
    )
    RubricVersion.objects.filter(pk=new.pk).update(state="published", published_at=NOW)
    new.refresh_from_db()
    names = ("title", "description", "currency", "budget", "extreme_risk_mandate", "due_date", "committee_date")
    fields = {name: getattr(docket, name) for name in names} | {"rubric_version": new}

    saved = overtaken(
        lambda: edit_docket(docket=docket, fields=fields, by=chair, at=NOW),
        lambda: save_cells(proposal_id=proposal.pk, officer=officer, cells={}, by=officer, at=NOW).scorecard,
    )

    assert (saved.rubric_version_id, Docket.objects.get().rubric_version_id) == (new.pk, new.pk)


def test_reassess_by_two_chairs_at_once_makes_one_row_and_one_event(draft):
    Scorecard.objects.update(state="submitted", submitted_at=NOW)
    assess_proposal(proposal=draft.proposal, by=draft.officer, at=NOW)
    asked = {"proposal": draft.proposal, "version": make_newer_version(), "reason": "Asked for.", "at": NOW}
    chairs = [make_user(Role.CHAIR) for _ in range(2)]

    outcome = overtaken(
        lambda: reassess_proposal(by=chairs[0], **asked), lambda: reassess_proposal(by=chairs[1], **asked)
    )

    assert outcome == Reassessment.objects.get()
    assert outcome.created_by == chairs[0]
    assert Event.objects.filter(event="assessment.remade").count() == 1
