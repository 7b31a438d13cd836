"""The content of a memo, read from the records and the stored assessment."""

from datetime import datetime

from proposals.memos.content import MemoContent
from proposals.models import Assessment, Proposal


def draft_reasons(*, assessment: Assessment) -> list[str]:
    """Say why a memo on this assessment can only be a draft, in sentences; empty when it may be issued."""
    raise NotImplementedError


def build_memo_content(
    *, proposal: Proposal, assessment: Assessment, at: datetime, number: str, edition: int
) -> MemoContent:
    """Freeze everything that a memo on this assessment shows."""
    raise NotImplementedError
