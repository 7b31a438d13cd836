import datetime as dt
import threading

import pytest
from django.db import connections

from proposals.memos.content import content_from_json, content_sha256
from proposals.models import Assessment, Memo, MemoJob, Participant
from proposals.services import assessing
from proposals.services.assessing import assess_proposal
from proposals.services.locking import ProposalNotVisibleError
from proposals.services.memo_words import save_memo_words, signatures, stored_words
from proposals.services.memos import (
    MemoNotIssuableError,
    NoAssessmentError,
    issue_memo,
    request_memo,
)
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, ProposalFactory, make_check, make_user
from tests.memo_rows import add_officer, make_memo, make_sponsored

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(minutes=5)
READY = {"job": "ready", "pdf": "memos/one.pdf", "pdf_sha256": "1" * 64}


@pytest.fixture(autouse=True)
def _no_bell(settings):
    settings.REDIS_URL = ""


def write(proposal, by, **typed):
    save_memo_words(proposal=proposal, typed=typed, seen=signatures(stored_words(proposal)), by=by, at=LATER)


# --- request --------------------------------------------------------------------------------------------------------


def test_request_freezes_the_content_and_queues_a_job():
    proposal, sponsor = make_sponsored()

    memo = request_memo(proposal=proposal, by=sponsor, at=NOW)

    content = content_from_json(memo.content)
    assert (memo.number, memo.edition, memo.state) == ("T2-2026-001", 1, "draft")
    assert (content.head.number, content.head.edition) == (memo.number, memo.edition)
    assert memo.content_sha256 == content_sha256(content)
    assert memo.draft_reasons == list(content.draft_reasons)
    assert (memo.job.state, memo.job.queued_at) == ("queued", NOW)
    assert Event.objects.filter(event="memo.requested", target_id=str(memo.pk), by_id=sponsor.pk).count() == 1


def test_request_without_an_assessment_is_refused():
    proposal = ProposalFactory()

    with pytest.raises(NoAssessmentError):
        request_memo(proposal=proposal, by=make_user(Role.CHAIR), at=NOW)

    assert not Memo.objects.exists()


def test_request_twice_gives_one_memo_and_one_job():
    proposal, sponsor = make_sponsored()
    first = request_memo(proposal=proposal, by=sponsor, at=NOW)

    second = request_memo(proposal=proposal, by=sponsor, at=LATER)

    assert second == first
    assert MemoJob.objects.count() == 1
    assert Event.objects.filter(event="memo.requested").count() == 1


def test_request_after_other_words_is_a_new_edition():
    proposal, sponsor = make_sponsored()
    first = request_memo(proposal=proposal, by=sponsor, at=NOW)
    write(proposal, sponsor, case_for="Much.")

    second = request_memo(proposal=proposal, by=sponsor, at=LATER)

    assert (first.edition, second.edition, second.number) == (1, 2, "T2-2026-002")


def test_request_after_a_failed_job_queues_the_same_memo_again():
    proposal, sponsor = make_sponsored()
    memo = request_memo(proposal=proposal, by=sponsor, at=NOW)
    MemoJob.objects.filter(memo=memo).update(state="failed", reason="No paper.", finished_at=NOW, attempts=2)

    again = request_memo(proposal=proposal, by=sponsor, at=LATER)

    again.job.refresh_from_db()
    assert again == memo
    assert (again.job.state, again.job.attempts) == ("queued", 0)
    assert Event.objects.filter(event="memo.retried").count() == 1


def test_request_after_a_change_of_method_assesses_again(monkeypatch):
    proposal, sponsor = make_sponsored()
    monkeypatch.setattr(assessing, "METHOD_VERSION", "2")

    memo = request_memo(proposal=proposal, by=sponsor, at=LATER)

    assert (memo.assessment.method_version, memo.assessment.is_current) == ("2", True)
    assert Assessment.objects.filter(proposal=proposal).count() == 2


def test_numbers_start_over_with_the_year():
    proposal, sponsor = make_sponsored()
    make_memo(make_sponsored()[0], number="T2-2026-041")

    memo = request_memo(proposal=proposal, by=sponsor, at=NOW.replace(year=2027))

    assert memo.number == "T2-2027-001"


@pytest.mark.django_db(transaction=True)
def test_numbers_of_two_requests_at_once_follow_without_a_gap():
    pairs = [make_sponsored(title=f"Proposal {n}") for n in range(2)]
    together = threading.Barrier(2)
    made: list[str] = []

    def ask(proposal, sponsor):
        together.wait(10)
        for minute in range(3):
            write(proposal, sponsor, case_for=f"Version {minute}.")
            made.append(request_memo(proposal=proposal, by=sponsor, at=NOW + dt.timedelta(minutes=minute)).number)
        connections.close_all()

    threads = [threading.Thread(target=ask, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(made) == [f"T2-2026-{n:03d}" for n in range(1, 7)]


@pytest.mark.django_db(transaction=True)
def test_request_with_a_dead_redis_still_succeeds(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    proposal, sponsor = make_sponsored()

    memo = request_memo(proposal=proposal, by=sponsor, at=NOW)

    assert MemoJob.objects.get(memo=memo).state == "queued"


# --- issue ----------------------------------------------------------------------------------------------------------


def issuable(**facts):
    proposal, sponsor = make_sponsored()
    return make_memo(proposal, **READY, **facts), make_user(Role.CHAIR), sponsor


def refusal_of(memo, chair):
    with pytest.raises(MemoNotIssuableError) as refusal:
        issue_memo(memo=memo, by=chair, at=LATER)
    memo.refresh_from_db()
    return refusal.value


def test_issue_of_a_ready_memo_opens_it_to_the_committee():
    memo, chair, _ = issuable()

    issued = issue_memo(memo=memo, by=chair, at=LATER)

    assert (issued.state, issued.issued_by, issued.issued_at) == ("issued", chair, LATER)
    assert Event.objects.filter(event="memo.issued", target_id=str(memo.pk)).count() == 1


def test_issue_supersedes_the_one_issued_before():
    first, chair, _ = issuable()
    issue_memo(memo=first, by=chair, at=NOW)
    second = make_memo(first.proposal, job="ready", pdf="memos/two.pdf", pdf_sha256="2" * 64)

    issue_memo(memo=second, by=chair, at=LATER)

    first.refresh_from_db()
    assert (first.state, first.superseded_at) == ("superseded", LATER)
    assert Memo.objects.get(state="issued") == second
    assert Event.objects.filter(event="memo.superseded", target_id=str(first.pk)).count() == 1


def test_issue_of_a_draft_only_memo_is_refused_with_its_reasons():
    memo, chair, _ = issuable(draft_reasons=["A gate blocks."])

    refusal = refusal_of(memo, chair)

    assert refusal.reasons == ["It can only be a draft: A gate blocks."]
    assert memo.state == "draft"


def test_issue_before_the_pdf_is_ready_is_refused():
    proposal, _ = make_sponsored()
    memo = make_memo(proposal)

    assert refusal_of(memo, make_user(Role.CHAIR)).reasons == ["Its PDF is not ready."]


def test_issue_twice_is_refused():
    memo, chair, _ = issuable()
    issue_memo(memo=memo, by=chair, at=NOW)

    assert refusal_of(memo, chair).reasons == ["It is already issued."]


def test_issue_of_an_older_edition_than_the_issued_one_is_refused():
    first, chair, _ = issuable()
    second = make_memo(first.proposal, job="ready", pdf="memos/two.pdf", pdf_sha256="2" * 64)
    issue_memo(memo=second, by=chair, at=NOW)

    assert refusal_of(first, chair).reasons == ["A later edition has been issued."]


def test_issue_of_an_older_edition_beside_a_newer_one_that_is_ready_is_refused():
    first, chair, _ = issuable()
    make_memo(first.proposal, job="ready", pdf="memos/two.pdf", pdf_sha256="2" * 64)

    assert refusal_of(first, chair).reasons == ["A later edition is ready: issue that one, or ask for a new one."]


def test_issue_with_a_registered_name_is_refused_and_says_where():
    memo, chair, _ = issuable(content={"case_for": "Ada Example leads it."})
    side = memo.proposal.sides.first()
    Participant.objects.create(proposal=memo.proposal, side=side, name="Ada Example", role="adviser")

    refusal = refusal_of(memo, chair)

    assert [(found.name, found.field) for found in refusal.names] == [("Ada Example", "case_for")]
    assert memo.state == "draft"


def test_request_then_issue_of_a_full_memo_goes_through():
    proposal, sponsor = make_sponsored()
    add_officer(proposal, value=3)
    for key in ("provenance", "capacity"):
        make_check(proposal, key)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    memo = request_memo(proposal=proposal, by=sponsor, at=NOW)
    MemoJob.objects.filter(memo=memo).update(state="ready", finished_at=NOW)
    Memo.objects.filter(pk=memo.pk).update(pdf="memos/one.pdf", pdf_sha256="1" * 64)

    issued = issue_memo(memo=memo, by=make_user(Role.CHAIR), at=LATER)

    assert (issued.draft_reasons, issued.state) == ([], "issued")


def test_memo_services_are_for_those_whose_role_it_is():
    proposal, sponsor = make_sponsored()
    outsider, arguing = make_user(Role.OFFICER), add_officer(proposal)
    memo = make_memo(proposal, **READY)

    with pytest.raises(NotAllowedError):
        request_memo(proposal=proposal, by=arguing, at=NOW)
    with pytest.raises(NotAllowedError):
        issue_memo(memo=memo, by=sponsor, at=NOW)
    with pytest.raises(ProposalNotVisibleError):
        write(proposal, outsider, case_against="No.")
    with pytest.raises(NotAllowedError):
        write(proposal, arguing, case_for="Yes.")
