"""Two proposals of one docket with three officers, for tests of what one of them may learn of the other two."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from proposals import models
from proposals.services.assessing import assess_proposal
from proposals.services.consensus import record_consensus
from proposals.services.gates import override_gate, set_check
from proposals.services.memos import issue_memo
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.consistency.addresses import TABLE
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    make_evidence,
    make_scorecard,
    make_user,
    submit,
)
from tests.memo_rows import make_memo

# What is another at each request: the token, and the key under which a new proposal would be entered.
CSRF = re.compile(rb'(?:name="csrfmiddlewaretoken" value=|"X-CSRFToken": |name="key" value=)"[\w-]+"')
PAGES = [row for row in TABLE if row.name.startswith("proposals:")]


@dataclass
class Panel:
    """`proposal` and `decided` are both scored by all three; the viewer has entered the evidence of both."""

    viewer: User
    others: list[User]
    chair: User
    proposal: models.Proposal
    decided: models.Proposal
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def both(self) -> tuple[models.Proposal, models.Proposal]:
        return self.proposal, self.decided


def make_panel(*roles: Role, sponsors: bool = False) -> Panel:
    viewer, chair = make_user(Role.OFFICER, *roles), make_user(Role.CHAIR)
    others = [make_user(Role.OFFICER), make_user(Role.OFFICER)]
    docket = DocketFactory()
    panel = Panel(viewer, others, chair, ProposalFactory(docket=docket), ProposalFactory(docket=docket))
    for proposal in panel.both:
        assign(proposal, viewer, sponsor=sponsors)
        assign(proposal, others[0], sponsor=not sponsors)
        assign(proposal, others[1])
        make_evidence(proposal, added_by=viewer)
    side = panel.proposal.sides.get(key="a")
    person = models.Participant.objects.create(proposal=panel.proposal, side=side, name="A person", role="a role")
    of_proposal = {"pk": panel.proposal.pk}
    panel.objects = {
        "": {},
        "docket": {"pk": docket.pk},
        "proposal": of_proposal,
        "decided": {"pk": panel.decided.pk},
        "organizer": {"pk": panel.proposal.organizer_id},
        "participant": {**of_proposal, "participant_pk": person.pk},
        "evidence": {"pk": panel.proposal.evidence.get().pk},
        "check": {**of_proposal, "key": "provenance"},
        "gate": {**of_proposal, "key": "governments-uninformed-minor"},
        "overridden gate": {**of_proposal, "key": "provenance"},
        "consensus": {**of_proposal, "item": "stakes"},
        "consensus part": {**of_proposal, "item": "route", "part": "a"},
    }
    return panel


def score(proposal: models.Proposal, officer: User, *, value: int, round: int = 1) -> models.Scorecard:
    """A scorecard as it comes about: begun, filled, handed in and assessed; its cells rest on the evidence."""
    card = make_scorecard(proposal, officer, value=value, round=round, submitted=False)
    for cell in card.scores.all():
        cell.citations.set(proposal.evidence.all())
    submit(card)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return card


def judge(panel: Panel) -> None:
    """What a chair decides meanwhile, on both proposals; and a memo on each, one of them issued."""
    by = {"by": panel.chair, "at": NOW}
    for proposal in panel.both:
        facts = {"item": "stakes", "part": "", "value": 2, "grade": 2, "reason": "Agreed."}
        record_consensus(proposal=proposal, **facts, **by)
        set_check(proposal=proposal, key="provenance", status="insufficient", note="Not seen.", **by)
        override_gate(proposal=proposal, gate="provenance", reason="Counsel saw it.", **by)
    for proposal in panel.both:
        words = {"case_against": "No.", "case_against_by": panel.others[1], "minority_view": "Split."}
        models.MemoWords.objects.filter(proposal=proposal).update(**words)
    drafted, issued = _memo(panel.proposal), _memo(panel.decided)
    issue_memo(memo=issued, **by)
    panel.objects |= {"draft memo": {"pk": drafted.pk}, "issued memo": {"pk": issued.pk}}


def _memo(proposal: models.Proposal) -> models.Memo:
    name = default_storage.save("memos/one.pdf", ContentFile(b"%PDF-1.7 test"))
    return make_memo(
        proposal,
        job="ready",
        pdf=name,
        pdf_sha256=hashlib.sha256(b"%PDF-1.7 test").hexdigest(),
        requested_by=proposal.assignments.order_by("assigned_at").first().officer,
    )


def answers(panel: Panel, client: Client, objects: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Every page of the product as it is sent to the viewer, to the byte, but for the token of forms and the date."""
    kwargs = {"version": {"pk": panel.proposal.docket.rubric_version_id}, **panel.objects}
    rows = [row for row in PAGES if row.object in objects]
    return {f"{row.name} {row.object}": _sent(client.get(reverse(row.name, kwargs=kwargs[row.object]))) for row in rows}


def _sent(response: HttpResponse) -> tuple[Any, ...]:
    body = b"".join(response) if response.streaming else response.content
    headers = {name: value for name, value in response.headers.items() if name != "Date"}
    cookies = sorted(set(response.cookies) - {settings.CSRF_COOKIE_NAME})
    return response.status_code, headers, cookies, CSRF.sub(b"", body)
