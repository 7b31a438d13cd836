"""The whole content of a memo, frozen: whatever the page and the PDF show stands here, and nothing else does."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from proposals.memos.codec import from_json_value, to_json_value
from proposals.memos.judgements import (
    Agreed,
    Annex,
    Condition,
    Disagreement,
    Milestone,
    Prediction,
    Proposed,
    Risks,
    SideBySide,
)
from proposals.memos.parts import Budget, Decision, Grant, Head, Organizer, Theory

FORMAT = "t2eval-memo/1"


@dataclass(frozen=True, slots=True)
class MemoContent:
    """`draft_reasons` says why it can only be a draft; `bundle` holds what the assessment can be recomputed from."""

    format: str
    head: Head
    draft_reasons: tuple[str, ...]
    decision: Decision
    grant: Grant
    organizer: Organizer
    budget: Budget
    theory: Theory
    case_for: str
    case_against: str
    case_against_by: str
    sides: SideBySide
    risks: Risks
    counterfactual: str
    conditions: tuple[Condition, ...]
    proposed: tuple[Proposed, ...]
    milestones: tuple[Milestone, ...]
    predictions: tuple[Prediction, ...]
    disagreements: tuple[Disagreement, ...]
    agreed: tuple[Agreed, ...]
    minority_view: str
    conflicts: tuple[str, ...]
    exit_triggers: str
    follow_up: str
    annex: Annex
    bundle: dict[str, Any]

    @property
    def is_draft(self) -> bool:
        return bool(self.draft_reasons)


def content_to_json(content: MemoContent) -> dict[str, Any]:
    """Give the content as JSON values, for storage on the memo's row."""
    value: dict[str, Any] = to_json_value(content)
    return value


def content_from_json(data: dict[str, Any]) -> MemoContent:
    """Read stored content back; raises ContentFormatError for anything else."""
    content: MemoContent = from_json_value(MemoContent, data)
    return content


def canonical_json(content: MemoContent) -> str:
    """Write the content in the one form that is hashed: keys sorted, no spaces, characters as they are."""
    return json.dumps(content_to_json(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_sha256(content: MemoContent) -> str:
    """Identify the content by the SHA-256 of its canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
