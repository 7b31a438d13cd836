"""Memos rendered by the real processes: the child, the sweeper, a Celery worker on Redis."""

import datetime as dt
import hashlib
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from proposals.memos.child import RenderFailedError, render_in_child
from proposals.models import Memo, MemoJob
from proposals.services.memo_jobs import claim_job, run_job
from proposals.services.memos import request_memo
from tests.memo_rows import make_memo, make_sponsored
from tests.plugins.processes import children_of, eventually, manage, process_environment, started
from tests.plugins.services import Services

WORKER = ["-m", "celery", "-A", "t2eval", "worker", "--concurrency", "1", "--loglevel", "INFO"]


@pytest.fixture
def environment(services: Services, transactional_db: None) -> dict[str, str]:
    """For processes on the database of this test, without Redis."""
    name = connection.settings_dict["NAME"]
    server = services.urls["postgresql"].rpartition("/")[0] if connection.vendor == "postgresql" else "sqlite:///"
    return process_environment(DATABASE_URL=f"{server}/{name}", DATA_DIR=os.environ["DATA_DIR"], REDIS_URL="")


def queued_memo() -> Memo:
    return make_memo(make_sponsored()[0])


def state_of(memo: Memo) -> str:
    return MemoJob.objects.values_list("state", flat=True).get(memo=memo)


def assert_whole(memo: Memo) -> None:
    memo.refresh_from_db()
    content = memo.pdf.read()
    assert state_of(memo) == "ready"
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == memo.pdf_sha256


class Killer(threading.Thread):
    """Kills every rendering child of this process as it appears, and keeps the names in its environment."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.killed: list[int] = []
        self.environments: list[set[str]] = []

    def run(self) -> None:
        while not self.over.wait(0.02):
            for pid, line in children_of(os.getpid()).items():
                if "proposals.memos.render_child" in line and pid not in self.killed:
                    names = Path(f"/proc/{pid}/environ").read_text().split("\0")
                    self.environments.append({name.partition("=")[0] for name in names if name})
                    self.killed.append(pid)
                    os.kill(pid, signal.SIGKILL)


# --- the child ------------------------------------------------------------------------------------------------------


@pytest.mark.chaos
@pytest.mark.django_db
def test_child_that_is_killed_each_time_fails_the_job_with_the_reason() -> None:
    memo = queued_memo()
    killer = Killer()
    killer.start()

    run_job(job=memo.job.pk, clock=timezone.now)

    killer.over.set()
    killer.join()
    memo.job.refresh_from_db()
    assert len(killer.killed) == 2
    assert (memo.job.state, memo.job.reason) == ("failed", "The rendering was ended by signal 9 (SIGKILL).")


@pytest.mark.django_db
def test_child_gets_nothing_of_our_environment() -> None:
    memo = queued_memo()
    killer = Killer()
    killer.start()

    run_job(job=memo.job.pk, clock=timezone.now)

    killer.over.set()
    killer.join()
    assert killer.environments[0] == {"PATH", "LANG", "HOME", "TMPDIR", "PYTHONDONTWRITEBYTECODE"}


@pytest.mark.chaos
@pytest.mark.django_db
def test_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    memo = queued_memo()

    with pytest.raises(RenderFailedError) as refusal:
        render_in_child(memo.content, tmp_path / "memo.pdf", wall_seconds=0.2)

    assert str(refusal.value) == "The rendering took longer than 0.2 seconds."
    assert not [line for line in children_of(os.getpid()).values() if "render_child" in line]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_child_writes_the_same_bytes_again(tmp_path: Path) -> None:
    memo = queued_memo()

    for name in ("one.pdf", "two.pdf"):
        render_in_child(memo.content, tmp_path / name)

    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


# --- the sweeper ----------------------------------------------------------------------------------------------------


def test_sweep_once_renders_what_is_queued(environment: dict[str, str]) -> None:
    memo = queued_memo()

    swept = manage("sweep", "--once", environment=environment)

    assert swept.returncode == 0, swept.stderr
    assert_whole(memo)


@pytest.mark.chaos
def test_sweep_takes_over_a_lapsed_lease_and_leaves_a_live_one(environment: dict[str, str]) -> None:
    lapsed, live = queued_memo(), queued_memo()
    claim_job(job=lapsed.job.pk, at=timezone.now() - dt.timedelta(minutes=10))
    claim_job(job=live.job.pk, at=timezone.now())

    manage("sweep", "--once", environment=environment)

    assert_whole(lapsed)
    assert state_of(live) == "rendering"


@pytest.mark.chaos
def test_sweeper_renders_what_comes_and_stops_when_asked(environment: dict[str, str], tmp_path: Path) -> None:
    with started(["manage.py", "sweep"], environment, tmp_path / "sweep.log") as sweeper:
        memo = queued_memo()
        assert eventually(lambda: state_of(memo) == "ready")
        asked = time.monotonic()
        sweeper.process.send_signal(signal.SIGTERM)
        code = sweeper.process.wait(10)

    assert code == 0
    assert time.monotonic() - asked < 5
    assert_whole(memo)


@pytest.mark.chaos
def test_two_sweepers_render_each_memo_once(environment: dict[str, str], tmp_path: Path) -> None:
    memos = [queued_memo() for _ in range(3)]

    with (
        started(["manage.py", "sweep"], environment, tmp_path / "one.log"),
        started(["manage.py", "sweep"], environment, tmp_path / "two.log"),
    ):
        assert eventually(lambda: {state_of(memo) for memo in memos} == {"ready"}, 60)

    assert set(MemoJob.objects.values_list("attempts", flat=True)) == {1}
    folder = Path(default_storage.path("memos/2026"))
    stored = {Path(memo.pdf.name).name for memo in Memo.objects.all()}
    assert stored <= {path.name for path in folder.iterdir()}


# --- Celery on Redis ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not django_settings.REDIS_URL, reason="this run is without Redis: nobody rings")
def test_worker_renders_a_memo_when_rung(environment: dict[str, str], services: Services, tmp_path: Path) -> None:
    on_redis = {**environment, "REDIS_URL": services.redis()}
    log = tmp_path / "worker.log"

    with started(WORKER, on_redis, log) as worker:
        worker.wait_until(lambda: "ready." in log.read_text())
        proposal, sponsor = make_sponsored()
        memo = request_memo(proposal=proposal, by=sponsor, at=timezone.now())
        assert eventually(lambda: state_of(memo) == "ready"), log.read_text()

    assert_whole(memo)


@pytest.mark.chaos
def test_sweeper_rings_again_for_a_forgotten_job(
    environment: dict[str, str], services: Services, tmp_path: Path
) -> None:
    on_redis = {**environment, "REDIS_URL": services.redis()}
    log = tmp_path / "worker.log"
    memo = queued_memo()  # queued long ago, and nobody rang

    with started(WORKER, on_redis, log) as worker:
        worker.wait_until(lambda: "ready." in log.read_text())
        swept = manage("sweep", "--once", environment=on_redis)
        assert eventually(lambda: state_of(memo) == "ready"), log.read_text()

    assert swept.returncode == 0, swept.stderr
    assert_whole(memo)
