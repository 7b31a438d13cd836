"""Memos for tests, with the smallest content that is one."""

import dataclasses
import types
import typing
from typing import Any

from proposals.memos.content import FORMAT, MemoContent, content_from_json, content_sha256
from proposals.models import Assessment, Memo, MemoJob, Proposal
from proposals.services.assessing import assess_proposal
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, assign, make_scorecard, make_user


def make_sponsored(**facts: Any) -> tuple[Proposal, User]:
    """A proposal with an assessment, and its sponsor officer, whose scorecard is in."""
    proposal = ProposalFactory(**facts)
    sponsor = make_user(Role.OFFICER)
    assign(proposal, sponsor, sponsor=True)
    make_scorecard(proposal, sponsor)
    assess_proposal(proposal=proposal, by=sponsor, at=NOW)
    return proposal, sponsor


def add_officer(proposal: Proposal, *, submitted: bool = True, value: int = 2) -> User:
    officer = make_user(Role.OFFICER)
    assign(proposal, officer)
    if submitted:
        make_scorecard(proposal, officer, value=value)
        assess_proposal(proposal=proposal, by=officer, at=NOW)
    return officer


def blank(kind: Any) -> Any:
    """The emptiest JSON value that fits a type hint."""
    if dataclasses.is_dataclass(kind):
        return {name: blank(hint) for name, hint in typing.get_type_hints(kind).items()}
    origin = typing.get_origin(kind) or kind
    if origin in (types.UnionType, typing.Union):
        return None
    return {tuple: [], dict: {}, int: 0, bool: False, str: ""}[origin]


def blank_content(proposal: Proposal, *, number: str, edition: int, **changes: Any) -> dict[str, Any]:
    content = blank(MemoContent)
    content["format"] = FORMAT
    content["head"] |= {
        "number": number,
        "edition": edition,
        "title": proposal.title,
        "moment": NOW.isoformat(),
        "kind": "live",
        "paper": "A4",
    }
    return {**content, **changes}


def make_memo(proposal: Proposal, *, job: str = "queued", **facts: Any) -> Memo:
    """A memo on the current assessment, its rendering in state `job`.

    `content` replaces parts of the content, `content_override` all of it.
    """
    edition = proposal.memos.count() + 1
    number = facts.pop("number", f"T2-2026-{Memo.objects.count() + 1:03d}")
    content = blank_content(proposal, number=number, edition=edition, **facts.pop("content", {}))
    memo = Memo.objects.create(
        proposal=proposal,
        assessment=Assessment.objects.current().get(proposal=proposal),
        number=number,
        edition=edition,
        content=facts.pop("content_override", content),
        content_sha256=content_sha256(content_from_json(content)),
        requested_by=facts.pop("requested_by", None) or proposal.assignments.get(is_sponsor=True).officer,
        requested_at=NOW,
        **facts,
    )
    over = {"ready": {"finished_at": NOW}, "failed": {"finished_at": NOW, "reason": "The rendering stopped: test"}}
    MemoJob.objects.create(memo=memo, queued_at=NOW, state=job, **over.get(job, {}))
    return memo
