"""One row of each kind, and one person of each role, for the tests that try every address.

The sponsor's scorecard is submitted; that of the other assigned officer is a draft. There is a draft memo and, on
another proposal with the same people, an issued one, and a result under a newer version of the rubric. On a calibration
case the officer has practised.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from proposals import models
from proposals.services.assessing import assess_proposal
from proposals.services.gates import override_gate
from proposals.services.memos import issue_memo
from proposals.services.reassessing import reassess_proposal
from rubrics.models import RubricVersion
from rubrics.services.drafts import start_draft
from t2eval.accounts.models import Affiliation, User
from t2eval.accounts.roles import Role
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    make_evidence,
    make_newer_version,
    make_scorecard,
    make_user,
)
from tests.memo_rows import make_memo

PEOPLE = ("anonymous", "sponsor", "officer", "stranger", "chair", "committee", "admin", "auditor", "superuser")


@dataclass(frozen=True)
class World:
    people: dict[str, User | None]
    objects: dict[str, dict[str, Any]]
    sessions: dict[str, str]


def _people() -> dict[str, User | None]:
    return {
        "anonymous": None,
        "sponsor": make_user(Role.OFFICER),
        "officer": make_user(Role.OFFICER),
        "stranger": make_user(Role.OFFICER),
        "chair": make_user(Role.CHAIR),
        "committee": make_user(Role.COMMITTEE),
        "admin": make_user(Role.ADMIN),
        "auditor": make_user(Role.AUDITOR),
        "superuser": make_user(is_superuser=True, is_staff=True),
    }


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)


def _proposal(docket: models.Docket, people: dict[str, User | None]) -> models.Proposal:
    proposal = ProposalFactory(docket=docket)
    assign(proposal, people["sponsor"], sponsor=True)
    assign(proposal, people["officer"])
    make_scorecard(proposal, people["sponsor"], values={"governments-informed": 0})
    make_scorecard(proposal, people["officer"], submitted=False)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    return proposal


def _practice(people: dict[str, User | None]) -> tuple[models.Proposal, models.Scorecard]:
    """A calibration case on which the officer has practised."""
    case = ProposalFactory(docket__kind="calibration", docket__state="closed", docket__closed_at=NOW)
    return case, make_scorecard(case, people["officer"], round=0)


def _memo(proposal: models.Proposal) -> models.Memo:
    name = default_storage.save("memos/one.pdf", ContentFile(b"%PDF-1.7 test"))
    return make_memo(proposal, job="ready", pdf=name, pdf_sha256=hashlib.sha256(b"%PDF-1.7 test").hexdigest())


def _newer_version() -> RubricVersion:
    """With other weights, so that results under it have figures of their own."""
    return make_newer_version(lambda document: document["sections"][0].update(weight=60))


def _interest(user: User | None) -> Affiliation:
    return Affiliation.objects.create(user=user, organization="An institute", kind="advisory")


def _drafts(version: RubricVersion, admin: User | None) -> dict[str, dict[str, Any]]:
    """A draft of the next version, and parts of it."""
    assert admin is not None
    one = start_draft(base=version, name="Next", by=admin, at=NOW).pk
    return {
        "draft": {"pk": one},
        "section": {"pk": one, "section": "risk"},
        "section list": {"pk": one, "section": "issue", "kind": "criteria"},
        "weighed section": {"pk": one, "section": "issue"},
        "item": {"pk": one, "key": "stakes"},
        "rubric gate": {"pk": one, "key": "provenance"},
    }


def make_world() -> World:
    people = _people()
    docket = DocketFactory()
    proposal, decided = _proposal(docket, people), _proposal(docket, people)
    side = proposal.sides.first()
    participant = models.Participant.objects.create(proposal=proposal, side=side, name="Ada Example", role="a role")
    free = assign(proposal, make_user(Role.OFFICER))
    override_gate(proposal=proposal, gate="provenance", reason="Counsel saw it.", by=people["chair"], at=NOW)
    issued = _memo(decided)
    issue_memo(memo=issued, by=people["chair"], at=NOW)
    newer = _newer_version()
    reassess_proposal(proposal=decided, version=newer, reason="The committee asked.", by=people["chair"], at=NOW)
    case, practice = _practice(people)
    of_proposal = {"pk": proposal.pk}
    cards = {card.state: card for card in proposal.scorecards.all()}
    objects: dict[str, dict[str, Any]] = {
        "": {},
        "interest": {"pk": _interest(people["sponsor"]).pk},
        "version": {"pk": docket.rubric_version_id},
        **_drafts(docket.rubric_version, people["admin"]),
        "docket": {"pk": docket.pk},
        "docket, newer version": {"pk": docket.pk, "number": newer.number},
        "newer version": {**of_proposal, "number": newer.number},
        "proposal": of_proposal,
        "decided": {"pk": decided.pk},
        "case": {"pk": case.pk},
        "practice": {"pk": practice.pk},
        "organizer": {"pk": proposal.organizer_id},
        "participant": {**of_proposal, "participant_pk": participant.pk},
        "assignment": {**of_proposal, "assignment_pk": free.pk},
        "draft scorecard": {"pk": cards["draft"].pk},
        "submitted scorecard": {"pk": cards["submitted"].pk},
        "evidence": {"pk": make_evidence(proposal).pk},
        "cell": {**of_proposal, "cell": "stakes"},
        "check": {**of_proposal, "key": "provenance"},
        "gate": {**of_proposal, "key": "governments-uninformed-minor"},
        "overridden gate": {**of_proposal, "key": "provenance"},
        "consensus": {**of_proposal, "item": "stakes"},
        "consensus part": {**of_proposal, "item": "route", "part": "a"},
        "draft memo": {"pk": _memo(proposal).pk},
        "issued memo": {"pk": issued.pk},
    }
    return World(people, objects, {name: _session(user) for name, user in people.items() if user})
