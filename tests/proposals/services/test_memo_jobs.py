import datetime as dt
import hashlib
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from proposals.models import Memo, MemoJob
from proposals.services.memo_jobs import (
    LEASE,
    LOST,
    claim_job,
    due_jobs,
    finish_job,
    forgotten_jobs,
    give_back,
    queue_again,
    run_job,
)
from tests.factories import NOW
from tests.memo_rows import make_memo, make_sponsored

pytestmark = pytest.mark.django_db

LATER = NOW + LEASE + dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def job():
    proposal, _ = make_sponsored()
    return make_memo(proposal).job


def test_claim_takes_a_queued_job_once(job):
    first = claim_job(job=job.pk, at=NOW)
    second = claim_job(job=job.pk, at=NOW)

    job.refresh_from_db()
    assert second is None
    assert (job.state, job.attempts, job.token, job.lease_until) == ("rendering", 1, first, NOW + LEASE)


def test_claim_takes_over_a_lapsed_lease(job):
    first = claim_job(job=job.pk, at=NOW)

    second = claim_job(job=job.pk, at=LATER)

    job.refresh_from_db()
    assert first != second
    assert (job.attempts, job.token) == (2, second)


def test_claim_after_two_lost_attempts_fails_the_job_with_a_reason(job):
    claim_job(job=job.pk, at=NOW)
    claim_job(job=job.pk, at=LATER)

    third = claim_job(job=job.pk, at=LATER + LEASE + dt.timedelta(seconds=1))

    job.refresh_from_db()
    assert third is None
    assert (job.state, job.reason, job.token) == ("failed", LOST, None)


def test_finish_with_a_stale_token_changes_nothing_and_removes_its_file(job):
    stale = claim_job(job=job.pk, at=NOW)
    claim_job(job=job.pk, at=LATER)
    name = default_storage.save("memos/stale.pdf", ContentFile(b"%PDF"))

    finished = finish_job(job=job.pk, token=stale, name=name, sha256="0" * 64, at=LATER)

    job.refresh_from_db()
    assert not finished
    assert (job.state, job.memo.pdf.name) == ("rendering", "")
    assert not default_storage.exists(name)


def test_finish_makes_the_file_the_memos(job):
    token = claim_job(job=job.pk, at=NOW)

    finished = finish_job(job=job.pk, token=token, name="memos/one.pdf", sha256="1" * 64, at=LATER)

    memo = Memo.objects.select_related("job").get(job=job)
    assert finished
    assert (memo.pdf.name, memo.pdf_sha256) == ("memos/one.pdf", "1" * 64)
    assert (memo.job.state, memo.job.finished_at, memo.job.token) == ("ready", LATER, None)


def test_give_back_queues_once_more_then_fails(job):
    token = claim_job(job=job.pk, at=NOW)
    give_back(job=job.pk, token=token, reason="First.", at=NOW)
    job.refresh_from_db()
    states = [(job.state, job.reason)]
    token = claim_job(job=job.pk, at=NOW)

    give_back(job=job.pk, token=token, reason="Second.", at=LATER)

    job.refresh_from_db()
    assert [*states, (job.state, job.reason)] == [("queued", "First."), ("failed", "Second.")]


def test_give_back_with_a_stale_token_changes_nothing(job):
    claim_job(job=job.pk, at=NOW)

    give_back(job=job.pk, token=uuid.uuid4(), reason="Not mine.", at=NOW)

    job.refresh_from_db()
    assert (job.state, job.reason) == ("rendering", "")


def test_queue_again_gives_a_failed_job_its_attempts_back():
    proposal, _ = make_sponsored()
    job = make_memo(proposal, job="failed").job

    queued = queue_again(job=job, at=LATER)

    job.refresh_from_db()
    assert queued
    assert (job.state, job.attempts, job.reason, job.queued_at) == ("queued", 0, "", LATER)


def test_queue_again_leaves_a_waiting_job_alone(job):
    assert not queue_again(job=job, at=LATER)


def test_due_jobs_are_queued_or_lapsed(job):
    proposal = job.memo.proposal
    make_memo(proposal, job="ready")
    make_memo(proposal, job="failed")
    rendering = make_memo(proposal).job
    claim_job(job=rendering.pk, at=NOW)

    assert set(due_jobs(at=NOW)) == {job}
    assert set(due_jobs(at=LATER)) == {job, rendering}


def test_forgotten_jobs_have_been_queued_for_a_while(job):
    assert list(forgotten_jobs(at=NOW + dt.timedelta(seconds=14))) == []
    assert list(forgotten_jobs(at=NOW + dt.timedelta(seconds=15))) == [job]


def test_run_renders_the_memo_in_a_child_and_stores_it_whole(job):
    ran = run_job(job=job.pk, clock=lambda: NOW)

    memo = Memo.objects.select_related("job").get(job=job)
    content = memo.pdf.read()
    assert ran
    assert memo.job.state == MemoJob.State.READY
    assert content[:5] == b"%PDF-"
    assert memo.pdf_sha256 == hashlib.sha256(content).hexdigest()


def test_run_twice_renders_once(job):
    run_job(job=job.pk, clock=lambda: NOW)

    ran = run_job(job=job.pk, clock=lambda: LATER)

    job.refresh_from_db()
    assert not ran
    assert job.attempts == 1


def test_run_of_a_poison_document_fails_with_a_reason_after_two_attempts():
    proposal, _ = make_sponsored()
    job = make_memo(proposal, content_override={"format": "t2eval-memo/1"}).job

    ran = run_job(job=job.pk, clock=lambda: NOW)

    job.refresh_from_db()
    assert ran
    assert (job.state, job.attempts) == ("failed", 2)
    assert job.reason.startswith("The rendering stopped: proposals.memos.codec.ContentFormatError: $: missing")


def test_run_that_cannot_store_fails_with_a_reason(job, settings, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    settings.MEDIA_ROOT = tmp_path / "file"

    run_job(job=job.pk, clock=lambda: NOW)

    job.refresh_from_db()
    assert (job.state, job.reason) == ("failed", "The PDF could not be stored: Not a directory.")
