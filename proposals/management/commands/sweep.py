"""The sweeper: with Redis it rings again for forgotten jobs; without, it runs them itself, in this process."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.db.utils import Error as DatabaseError
from django.utils import timezone

from proposals.services.memo_jobs import due_jobs, forgotten_jobs, ring
from proposals.tasks import render_memo

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
RING_EVERY_SECONDS = 15.0


class Command(BaseCommand):
    help = "Take memo jobs from the database: render them here, or ring Celery's workers again where REDIS_URL is set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what there is to do now, and end")

    def handle(self, *_args: Any, once: bool = False, **_options: Any) -> None:
        stop = threading.Event()
        if once:
            sweep(stop)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        pause = RING_EVERY_SECONDS if settings.REDIS_URL else POLL_SECONDS
        logger.info("Sweeping for memo jobs every %g s.", pause)
        while not stop.is_set():
            sweep_calmly(stop)
            stop.wait(pause)
        logger.info("Sweeper stopped.")


def sweep_calmly(stop: threading.Event) -> None:
    """One sweep that outlives a database or Redis that is away for a while."""
    close_old_connections()
    try:
        sweep(stop)
    except (DatabaseError, OSError):
        logger.exception("The sweep was cut short; the next one comes.")
    finally:
        close_old_connections()


def sweep(stop: threading.Event) -> None:
    jobs = forgotten_jobs if settings.REDIS_URL else due_jobs
    for pk in list(jobs(at=timezone.now()).values_list("pk", flat=True)):
        if stop.is_set():
            return
        if settings.REDIS_URL:
            ring(pk)
        else:
            render_memo(str(pk))
