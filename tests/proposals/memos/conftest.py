import dataclasses
import datetime as dt

import pytest

from proposals.memos.content import MemoContent
from proposals.models import Proposal
from proposals.services.assessing import assess_proposal
from proposals.services.memo_content import build_memo_content
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, assign, make_scorecard, make_user
from tests.proposals.memos.full_record import make_full_proposal


def content_of(proposal: Proposal, at: dt.datetime = NOW) -> MemoContent:
    assessment = proposal.assessments.get(is_current=True)
    return build_memo_content(proposal=proposal, assessment=assessment, at=at, number="2026-014", edition=2)


def make_bare_proposal(**facts: object) -> Proposal:
    """One scorecard, no words, no check, nothing else on record."""
    proposal = ProposalFactory(**facts)
    officer = make_user(Role.OFFICER)
    assign(proposal, officer, assigned_at=NOW)
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    return proposal


@pytest.fixture
def full_proposal(db: None) -> Proposal:
    return make_full_proposal()


@pytest.fixture
def full(full_proposal: Proposal) -> MemoContent:
    return content_of(full_proposal)


@pytest.fixture
def bare(db: None) -> MemoContent:
    return content_of(make_bare_proposal())


@pytest.fixture
def issuable(full: MemoContent) -> MemoContent:
    return dataclasses.replace(full, draft_reasons=())
