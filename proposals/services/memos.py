"""Asking for a memo, and issuing it."""

import datetime as dt
from functools import partial

from django.db import connection, transaction

from proposals.memos.content import MemoContent, content_sha256, content_to_json
from proposals.models import Assessment, Memo, MemoJob, Proposal
from proposals.permissions import can_issue_memo, can_read_arguments, can_write_memo
from proposals.services.assessing import assess_proposal
from proposals.services.locking import locked_proposal
from proposals.services.memo_content import build_memo_content
from proposals.services.memo_freshness import changes_since, content_now
from proposals.services.memo_jobs import queue_again, ring
from proposals.services.memo_names import NameFound, names_in_content
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.models import User
from t2eval.audit.services import record

NUMBERS_LOCK = 0x7432_6D65_6D6F  # "t2memo", one number for this purpose on PostgreSQL
NAMED = "The memo names registered participants. What is issued carries roles only."


class NoAssessmentError(Exception):
    """A memo rests on an assessment, and this proposal has none yet."""


class MemoNotIssuableError(Exception):
    """The memo cannot be issued as it stands; `reasons` are sentences, `names` the places of registered names."""

    def __init__(self, reasons: list[str], names: list[NameFound] | None = None) -> None:
        super().__init__(" ".join([*reasons, *([NAMED] if names else [])]))
        self.reasons = reasons
        self.names = names or []


@transaction.atomic
def request_memo(*, proposal: Proposal, by: User, at: dt.datetime) -> Memo:
    """Freeze the memo's content as a new edition, on an assessment by today's method, and queue its rendering.

    Where the newest edition says exactly the same, that one is returned, and rendered again if its job had failed.
    """
    proposal = locked_proposal(proposal.pk, by=by, must_be_open=False)
    if not (can_write_memo(by, proposal) and can_read_arguments(by, proposal)):
        raise NotAllowedError("The sponsor officer, with the own scorecard in, and the chair ask for a memo.")
    assessment = assess_proposal(proposal=proposal, by=by, at=at)
    if assessment is None:
        raise NoAssessmentError("A memo needs an assessment: the first submitted scorecard makes one.")
    newest = Memo.objects.filter(proposal=proposal).select_related("job").order_by("-edition").first()
    if (
        newest
        and newest.assessment_id == assessment.pk
        and newest.content_sha256 == content_sha256(content_now(newest, assessment))
    ):
        return _same_again(newest, by, at)
    number, edition = _next_number(at), newest.edition + 1 if newest else 1
    content = build_memo_content(proposal=proposal, assessment=assessment, at=at, number=number, edition=edition)
    memo = _create(proposal, assessment, content, by, at)
    record("memo.requested", by=by, at=at, target=memo, proposal_id=proposal.pk, edition=edition)
    return memo


@transaction.atomic
def issue_memo(*, memo: Memo, by: User, at: dt.datetime) -> Memo:
    """Issue a finished memo to the committee; the one issued before is superseded in the same moment."""
    locked_proposal(memo.proposal_id, by=by, must_be_open=False)
    if not can_issue_memo(by):
        raise NotAllowedError("The chair issues memos.")
    memo = Memo.objects.select_related("job", "assessment", "proposal").get(pk=memo.pk)
    reasons, names = reasons_not_to_issue(memo), names_in_content(memo)
    if reasons or names:
        raise MemoNotIssuableError(reasons, names)
    for earlier in Memo.objects.filter(proposal=memo.proposal, state=Memo.State.ISSUED):
        earlier.state, earlier.superseded_at = Memo.State.SUPERSEDED, at
        earlier.save(update_fields=["state", "superseded_at"])
        record("memo.superseded", by=by, at=at, target=earlier, proposal_id=memo.proposal_id, edition=earlier.edition)
    memo.state, memo.issued_by, memo.issued_at = Memo.State.ISSUED, by, at
    memo.save(update_fields=["state", "issued_by", "issued_at"])
    record("memo.issued", by=by, at=at, target=memo, proposal_id=memo.proposal_id, edition=memo.edition)
    return memo


def reasons_not_to_issue(memo: Memo) -> list[str]:
    """Why the memo cannot be issued, apart from names in its text; empty when it can."""
    reasons = [f"It can only be a draft: {reason}" for reason in memo.draft_reasons]
    if memo.state != Memo.State.DRAFT:
        reasons.append(f"It is already {memo.get_state_display().lower()}.")
    if memo.job.state != MemoJob.State.READY:
        reasons.append("Its PDF is not ready.")
    if memo.state == Memo.State.DRAFT:
        reasons += changes_since(memo)
    later = Memo.objects.filter(proposal=memo.proposal_id, edition__gt=memo.edition)
    if later.filter(issued_at__isnull=False).exists():
        reasons.append("A later edition has been issued.")
    elif later.filter(job__state=MemoJob.State.READY).exists():
        reasons.append("A later edition is ready: issue that one, or ask for a new one.")
    return reasons


def _same_again(memo: Memo, by: User, at: dt.datetime) -> Memo:
    if queue_again(job=memo.job, at=at):
        record("memo.retried", by=by, at=at, target=memo, proposal_id=memo.proposal_id, edition=memo.edition)
        transaction.on_commit(partial(ring, memo.job.pk), robust=True)
    return memo


def _create(proposal: Proposal, assessment: Assessment, content: MemoContent, by: User, at: dt.datetime) -> Memo:
    memo = Memo.objects.create(
        proposal=proposal,
        assessment=assessment,
        number=content.head.number,
        edition=content.head.edition,
        draft_reasons=list(content.draft_reasons),
        content=content_to_json(content),
        content_sha256=content_sha256(content),
        requested_by=by,
        requested_at=at,
    )
    job = MemoJob.objects.create(memo=memo, queued_at=at)
    transaction.on_commit(partial(ring, job.pk), robust=True)
    return memo


def _next_number(at: dt.datetime) -> str:
    """The next number of the year, without gaps: the lock is held to the end of the transaction.

    On SQLite every transaction already holds the write lock from its start (IMMEDIATE).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERS_LOCK])
    prefix = f"T2-{at:%Y}-"
    numbers = Memo.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    last = max((int(number.removeprefix(prefix)) for number in numbers), default=0)
    return f"{prefix}{last + 1:03d}"
