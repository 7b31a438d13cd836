"""What Celery's workers run, and the sweeper without them: ids in, one service call."""

import uuid

from celery import shared_task
from django.utils import timezone

from proposals.services.memo_jobs import run_job


@shared_task(name="proposals.render_memo")
def render_memo(job_id: str) -> None:
    run_job(job=uuid.UUID(job_id), clock=timezone.now)
