"""What holds for every writing service: a conflict of interest bars, a closed docket and a calibration case stay."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from proposals.models import Answer, Docket, MitigationScore, Organizer, Participant, Proposal, RiskScore
from proposals.services.answer_rows import answers_of
from proposals.services.answers import CellAnswer, version_of
from proposals.services.assessing import assess_proposal
from proposals.services.assignments import assign_officer, withdraw_assignment
from proposals.services.consensus import record_consensus
from proposals.services.evidence import EvidenceFacts, add_evidence, edit_evidence
from proposals.services.gates import override_gate, set_check, withdraw_override
from proposals.services.locking import DocketClosedError, ProposalNotVisibleError
from proposals.services.memo_words import save_memo_words, signatures, stored_words
from proposals.services.memos import issue_memo, request_memo
from proposals.services.participants import edit_participant, enter_participant, erase_participant
from proposals.services.reassessing import reassess_proposal
from proposals.services.records import edit_proposal
from proposals.services.refusals import NotAllowedError
from proposals.services.saving import Proposed, save_cells
from proposals.services.scorecards import submit_scorecard
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import (
    NOW,
    ProposalFactory,
    assign,
    bar,
    make_evidence,
    make_newer_version,
    make_scorecard,
    make_user,
)
from tests.memo_rows import make_memo
from tests.record_entries import make_entry

pytestmark = pytest.mark.django_db
FACTS = EvidenceFacts(kind="document", claim="The agenda names both offices.", grade=2)
SCORING = (
    "record_consensus",
    "edit_proposal",
    "assign_officer",
    "withdraw_assignment",
    "add_evidence",
    "edit_evidence",
    "save_cells",
    "submit_scorecard",
)
DECIDING = ("set_check", "override_gate", "withdraw_override", "reassess_proposal")
MEMOS = ("save_memo_words", "request_memo", "issue_memo")
NAMES = ("enter_participant", "edit_participant", "erase_participant")


@pytest.fixture(autouse=True)
def _no_bell(settings):
    settings.REDIS_URL = ""


@pytest.fixture
def by() -> User:
    """Somebody who may do everything: chair, and officer assigned as sponsor."""
    return make_user(Role.CHAIR, Role.OFFICER)


@pytest.fixture
def proposal(by) -> Proposal:
    """Assessed from the scorecard of another officer; that of `by` is a complete draft."""
    made, other = ProposalFactory(), make_user(Role.OFFICER)
    assign(made, by, sponsor=True)
    assign(made, other)
    make_scorecard(made, other)
    make_scorecard(made, by, value=2, grade=1, submitted=False)
    RiskScore.objects.filter(scorecard__officer=by).update(rationale="Why.")
    MitigationScore.objects.filter(scorecard__officer=by).update(rationale="Why.")
    assess_proposal(proposal=made, by=None, at=NOW)
    return made


def _person(proposal: Proposal) -> dict:
    return {"name": "Ada Example", "role": "a role", "side": proposal.sides.first()}


def _participant(proposal: Proposal) -> Participant:
    return Participant.objects.create(proposal=proposal, **_person(proposal))


def _records(proposal: Proposal, who: dict) -> dict[str, Callable]:
    person = {"fields": _person(proposal), **who}
    revision = {"opened_revision": proposal.revision}
    draft = proposal.scorecards.get(state="draft")
    said = Proposed(CellAnswer(Answer.NOT_ENOUGH_INFORMATION), version_of(answers_of(draft)["stakes"]))
    return {
        "edit_proposal": lambda: edit_proposal(proposal=proposal, entry=make_entry(), **revision, **who),
        "save_cells": partial(save_cells, proposal_id=proposal.pk, officer=who["by"], cells={"stakes": said}, **who),
        "submit_scorecard": partial(submit_scorecard, scorecard=draft, **who),
        "add_evidence": partial(add_evidence, proposal=proposal, facts=FACTS, **who),
        "edit_evidence": partial(edit_evidence, evidence=make_evidence(proposal), facts=FACTS, **who),
        "enter_participant": partial(enter_participant, proposal=proposal, **person),
        "edit_participant": partial(edit_participant, participant=_participant(proposal), **person),
        "erase_participant": partial(erase_participant, participant=_participant(proposal), **who),
    }


def _decisions(proposal: Proposal, who: dict) -> dict[str, Callable]:
    target, gate = {"proposal": proposal, **who}, {"gate": "provenance"}
    free, seen = assign(proposal, make_user(Role.OFFICER)), signatures(stored_words(proposal))
    facts = {"officer": make_user(Role.OFFICER), "due_date": None, "is_sponsor": False}
    agreed = {"item": "stakes", "part": "", "value": Decimal(2), "grade": 2, "reason": "Agreed."}
    memo = make_memo(proposal, job="ready", pdf="memos/one.pdf", pdf_sha256="1" * 64)
    return {
        "record_consensus": partial(record_consensus, **agreed, **target),
        "set_check": partial(set_check, key="provenance", status="sufficient", note="", **target),
        "override_gate": partial(override_gate, reason="Counsel agreed.", **gate, **target),
        "withdraw_override": partial(withdraw_override, **gate, **target),
        "assign_officer": partial(assign_officer, **facts, **target),
        "withdraw_assignment": partial(withdraw_assignment, assignment=free, **who),
        "save_memo_words": partial(save_memo_words, typed={"case_for": "Yes."}, seen=seen, **target),
        "request_memo": partial(request_memo, **target),
        "issue_memo": partial(issue_memo, memo=memo, **who),
    }


def prepared(name: str, proposal: Proposal, by: User) -> Callable:
    """The call of that service by `by`, with all that it needs."""
    who = {"by": by, "at": NOW}
    if name == "withdraw_override":
        override_gate(proposal=proposal, gate="provenance", reason="Counsel agreed.", **who)
    if name == "reassess_proposal":
        return partial(reassess_proposal, proposal=proposal, version=make_newer_version(), reason="Asked for.", **who)
    call = (_records(proposal, who) | _decisions(proposal, who))[name]
    if name == "request_memo":  # else the newest edition says the same, and is given again
        Organizer.objects.update(country="Norway")
    return call


def events() -> int:
    return Event.objects.count()


@pytest.mark.parametrize("name", [*SCORING, *DECIDING, *MEMOS, *NAMES])
def test_service_by_the_barred_is_refused(name, proposal, by):
    call = prepared(name, proposal, by)
    bar(proposal, by)
    before = events()

    with pytest.raises(ProposalNotVisibleError):
        call()

    assert events() == before


def close(proposal: Proposal, kind: str = "live") -> None:
    Docket.objects.filter(pk=proposal.docket_id).update(state="closed", closed_at=NOW, kind=kind)


@pytest.mark.parametrize("name", SCORING)
def test_service_of_scoring_in_a_closed_docket_is_refused(name, proposal, by):
    call = prepared(name, proposal, by)
    close(proposal)
    before = events()

    with pytest.raises(DocketClosedError):
        call()

    assert events() == before


@pytest.mark.parametrize("name", [*DECIDING, *MEMOS, *NAMES])
def test_service_between_closing_and_committee_goes_on(name, proposal, by):
    call = prepared(name, proposal, by)
    close(proposal)
    before = events()

    call()

    assert events() > before


@pytest.mark.parametrize("state", ["open", "closed"])
@pytest.mark.parametrize("name", DECIDING)
def test_decision_on_a_calibration_case_is_refused(name, state, proposal, by):
    call = prepared(name, proposal, by)
    close(proposal, "calibration")
    if state == "open":
        Docket.objects.update(state="open", closed_at=None)
    before = events()

    with pytest.raises(NotAllowedError):
        call()

    assert events() == before


def test_consensus_on_an_open_calibration_case_is_refused(proposal, by):
    call = prepared("record_consensus", proposal, by)
    Docket.objects.update(kind="calibration")

    with pytest.raises(NotAllowedError):
        call()
