"""Memos for tests, with the content that their proposal has."""

from typing import Any

from proposals.memos.content import content_from_json, content_sha256, content_to_json
from proposals.models import Assessment, Memo, MemoJob, Proposal
from proposals.services.assessing import assess_proposal
from proposals.services.memo_content import build_memo_content
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


def make_memo(proposal: Proposal, *, job: str = "queued", **facts: Any) -> Memo:
    """A memo on the current assessment, as it would be frozen now; its rendering in state `job`.

    `content` replaces parts of the content, `content_override` all of it.
    """
    assessment = Assessment.objects.current().get(proposal=proposal)
    edition = proposal.memos.count() + 1
    number = facts.pop("number", f"T2-2026-{Memo.objects.count() + 1:03d}")
    frozen = build_memo_content(proposal=proposal, assessment=assessment, at=NOW, number=number, edition=edition)
    content = {**content_to_json(frozen), **facts.pop("content", {})}
    memo = Memo.objects.create(
        proposal=proposal,
        assessment=assessment,
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
