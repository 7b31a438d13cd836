"""The rendering of memos as jobs. The row is the truth: Celery and the sweeper only ring, and may ring twice."""

import datetime as dt
import hashlib
import logging
import os
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet

from proposals.memos.child import RenderFailedError, render_in_child
from proposals.models import Memo, MemoJob
from t2eval.celery import app

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=150)  # longer than the wall time of a rendering, so that it needs no renewal
RING_AGAIN_AFTER = dt.timedelta(seconds=15)
MOST_ATTEMPTS = 2
TASK = "proposals.render_memo"
LOST = "The rendering stopped twice without an answer. The document may be too large or too intricate."

Clock = Callable[[], dt.datetime]


def ring(job: uuid.UUID) -> None:
    """Tell Celery's workers of a job, where there are any. A dead Redis is an error here, never of the caller."""
    if settings.REDIS_URL:
        app.send_task(TASK, args=[str(job)], retry=False, ignore_result=True)


def run_job(*, job: uuid.UUID, clock: Clock) -> bool:
    """Render the memo of a job that is free, once more if it fails; say whether there was anything to do.

    Safe to call twice and by many: only who holds the token of the claim can finish.
    """
    ran = False
    while token := claim_job(job=job, at=clock()):
        ran = True
        memo = Memo.objects.get(job=job)
        try:
            stored = render_to_storage(memo=memo, token=token)
        except RenderFailedError as error:
            logger.warning("Memo %s was not rendered: %s", memo.number, error)
            give_back(job=job, token=token, reason=str(error), at=clock())
        else:
            finish_job(job=job, token=token, name=stored[0], sha256=stored[1], at=clock())
            return True
    return ran


def due_jobs(*, at: dt.datetime) -> QuerySet[MemoJob]:
    """Jobs that nobody is rendering now: queued, or left behind by a renderer whose lease has lapsed."""
    return MemoJob.objects.filter(_free(at)).order_by("queued_at")


def forgotten_jobs(*, at: dt.datetime) -> QuerySet[MemoJob]:
    """Due jobs for which a bell has been lost: queued for a while, or lapsed."""
    return due_jobs(at=at).filter(Q(state=MemoJob.State.RENDERING) | Q(queued_at__lte=at - RING_AGAIN_AFTER))


@transaction.atomic
def claim_job(*, job: uuid.UUID, at: dt.datetime) -> uuid.UUID | None:
    """Take a free job by one conditional update; the token is proof. None where others have it or it is over."""
    free = MemoJob.objects.filter(_free(at), pk=job)
    free.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=MemoJob.State.FAILED, reason=LOST, finished_at=at, token=None, lease_until=None
    )
    token = uuid.uuid4()
    claimed = free.update(
        state=MemoJob.State.RENDERING, attempts=F("attempts") + 1, token=token, lease_until=at + LEASE
    )
    return token if claimed == 1 else None


@transaction.atomic
def finish_job(*, job: uuid.UUID, token: uuid.UUID, name: str, sha256: str, at: dt.datetime) -> bool:
    """Make the stored file the memo's, in one transaction with the job's state, if the job is still ours."""
    ours = MemoJob.objects.filter(pk=job, token=token, state=MemoJob.State.RENDERING).update(
        state=MemoJob.State.READY, finished_at=at, token=None, lease_until=None, reason=""
    )
    if ours:
        Memo.objects.filter(job=job, pdf="").update(pdf=name, pdf_sha256=sha256)
        return True
    default_storage.delete(name)
    return False


@transaction.atomic
def give_back(*, job: uuid.UUID, token: uuid.UUID, reason: str, at: dt.datetime) -> None:
    """After a rendering that failed: queue the job once more, or fail it with the reason."""
    ours = MemoJob.objects.filter(pk=job, token=token, state=MemoJob.State.RENDERING)
    ours.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=MemoJob.State.FAILED, reason=reason, finished_at=at, token=None, lease_until=None
    )
    ours.update(state=MemoJob.State.QUEUED, reason=reason, token=None, lease_until=None)


@transaction.atomic
def queue_again(*, job: MemoJob, at: dt.datetime) -> bool:
    """Give a failed job its attempts back; say whether it had failed."""
    failed = MemoJob.objects.filter(pk=job.pk, state=MemoJob.State.FAILED)
    return bool(failed.update(state=MemoJob.State.QUEUED, reason="", attempts=0, finished_at=None, queued_at=at))


def render_to_storage(*, memo: Memo, token: uuid.UUID) -> tuple[str, str]:
    """Render in a child process; the file is whole on the disk before any row names it. Gives name and SHA-256."""
    try:
        return _render_to_storage(memo, token)
    except OSError as error:
        raise RenderFailedError(f"The PDF could not be stored: {error.strerror}.") from error


def _render_to_storage(memo: Memo, token: uuid.UUID) -> tuple[str, str]:
    name = f"memos/{memo.requested_at:%Y}/{memo.number}-{memo.edition}-{token.hex[:12]}.pdf"
    target = Path(_storage().path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".rendering-") as folder:
        written = Path(folder) / "memo.pdf"
        render_in_child(memo.content, written)
        with written.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        written.replace(target)
    _sync_folder(target.parent)
    return name, sha256


def _free(at: dt.datetime) -> Q:
    return Q(state=MemoJob.State.QUEUED) | Q(state=MemoJob.State.RENDERING, lease_until__lt=at)


def _storage() -> FileSystemStorage:
    if not isinstance(default_storage, FileSystemStorage):
        raise TypeError("Memos are written whole, by a rename: the default storage has to be a file system.")
    return default_storage


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
