"""Saving, scoring and ranking where there is much: figures for `make bench`, which asserts nothing of them."""

import os
import statistics
import time
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals.models import Proposal
from proposals.services.answer_rows import answers_of
from proposals.services.answers import version_of
from t2eval.accounts.roles import Role
from tests.benchmarks.figures import say
from tests.factories import make_user
from tests.load.rows import begin_draft, build_docket

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

PROPOSALS = int(os.environ.get("T2EVAL_BENCH_PROPOSALS", "500"))


def measure(work: Callable[[], object], times: int) -> tuple[int, float]:
    """Queries of one run, and the median milliseconds of CPU of many; the first, which fills memory, not counted."""
    work()
    with CaptureQueriesContext(connection) as queries:
        work()
    asked, took = len(queries), []
    for _ in range(times):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return asked, 1000 * statistics.median(took)


def test_bench_save_page_and_docket_among_many(client: Client) -> None:
    officers = [make_user(Role.OFFICER) for _ in range(3)]
    docket = build_docket(proposals=PROPOSALS, officers=officers)
    draft = begin_draft(docket, officers[0])
    client.force_login(officers[0])
    saver = Saver(client, draft, "stakes")

    def report(what: str, work: Callable[[], object], times: int, target: str) -> None:
        asked, took = measure(work, times)
        say(f"{what} among {PROPOSALS} proposals × 3 officers: {asked} queries, {took:.0f} ms CPU (target {target})")

    docket_url = reverse("proposals:docket-detail", args=[docket.pk])
    page_url = reverse("proposals:scorecard-edit", args=[draft.pk])
    report("save", saver.save, 50, "12, 20 ms")
    report("scoring page", lambda: client.get(page_url), 20, "15, 60 ms")
    report("docket, to an officer", lambda: client.get(docket_url), 5, "10, 400 ms")
    client.force_login(make_user(Role.CHAIR))
    report("docket, to the chair", lambda: client.get(docket_url), 5, "10, 400 ms")
    say(f"load average meanwhile: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


class Saver:
    """Saves one cell, another text each time, against the version that the last saving gave."""

    def __init__(self, client: Client, draft: Proposal, cell: str) -> None:
        self.client, self.count = client, 0
        self.url = reverse("proposals:scorecard-cell", args=[draft.pk, cell])
        self.seen = version_of(answers_of(draft.scorecards.get())[cell])

    def save(self) -> None:
        self.count += 1
        fields = {"answer": "3", "grade": "", "rationale": f"Saving {self.count}."}
        response = self.client.post(self.url, fields, headers={"If-Match": f'"{self.seen}"'})
        assert response.status_code == HTTPStatus.OK, response.content
        self.seen = response.json()["version"]
