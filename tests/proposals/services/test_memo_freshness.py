import datetime as dt

import pytest

from proposals.models import Assessment, Memo, Organizer, Proposal
from proposals.services.memo_freshness import ASSESSMENT, changes_since, moved_on
from proposals.services.memo_words import save_memo_words, signatures, stored_words
from proposals.services.memos import MemoNotIssuableError, issue_memo
from t2eval.accounts.roles import Role
from tests.factories import NOW, make_evidence, make_user
from tests.memo_rows import add_officer, make_memo, make_sponsored

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(minutes=5)
REVISED = "The record is now revision 2, this memo has revision 1."
READY = {"job": "ready", "pdf": "memos/one.pdf", "pdf_sha256": "1" * 64}


def draft(**facts):
    """Read anew, as a page does."""
    proposal, sponsor = make_sponsored()
    memo = make_memo(proposal, **READY, **facts)
    return Memo.objects.get(pk=memo.pk), sponsor


def revise(memo, **fields):
    Proposal.objects.filter(pk=memo.proposal_id).update(revision=2, **fields)
    return Memo.objects.get(pk=memo.pk)


def test_changes_of_a_memo_as_fresh_as_its_records_are_none():
    memo, _ = draft()

    assert (moved_on(memo), changes_since(memo)) == ([], [])


def test_changes_after_another_scorecard_name_the_assessment_alone():
    memo, _ = draft()
    add_officer(memo.proposal)

    assert changes_since(Memo.objects.get(pk=memo.pk)) == [ASSESSMENT]


def test_changes_after_a_revision_that_moved_the_assessment_name_both():
    memo, _ = draft()
    Assessment.objects.update(is_current=False)

    assert changes_since(revise(memo)) == [REVISED, ASSESSMENT]


def test_changes_after_a_revision_name_the_parts_that_read_otherwise():
    memo, _ = draft()

    changes = changes_since(revise(memo, summary="They meet twice."))

    assert changes == [REVISED, "Its words or sources have changed since it was frozen: what the grant does."]


def test_changes_after_a_revision_that_no_part_shows_are_the_revision():
    memo, _ = draft()

    assert changes_since(revise(memo)) == [REVISED]


def test_changes_of_words_and_sources_name_their_parts():
    memo, sponsor = draft()
    seen = signatures(stored_words(memo.proposal))
    save_memo_words(proposal=memo.proposal, typed={"case_for": "Much."}, seen=seen, by=sponsor, at=LATER)
    make_evidence(memo.proposal)
    Organizer.objects.update(country="Norway")

    (change,) = changes_since(Memo.objects.get(pk=memo.pk))

    assert change == "Its words or sources have changed since it was frozen: the organizer, the case for, the annex."


def test_changes_that_no_named_part_shows_are_told_without_a_list():
    memo, _ = draft(content={"bundle": {}})

    assert changes_since(memo) == ["Its words or sources have changed since it was frozen."]


def test_changes_where_the_method_gives_another_result_say_so():
    memo, _ = draft()
    memo.assessment.exact = {**memo.assessment.exact, "index": "1/1"}

    assert changes_since(memo) == ["The method has changed since this assessment. Assess the proposal again."]


def test_issue_of_a_memo_that_would_say_something_else_now_is_refused():
    memo, sponsor = draft()
    seen = signatures(stored_words(memo.proposal))
    save_memo_words(proposal=memo.proposal, typed={"case_for": "Much."}, seen=seen, by=sponsor, at=LATER)

    with pytest.raises(MemoNotIssuableError) as refusal:
        issue_memo(memo=memo, by=make_user(Role.CHAIR), at=LATER)

    memo.refresh_from_db()
    assert refusal.value.reasons == ["Its words or sources have changed since it was frozen: the case for."]
    assert memo.state == "draft"
