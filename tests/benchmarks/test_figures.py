"""Figures and ratios for `make bench`; nothing here asserts on time."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals.memos.html import render_document
from proposals.memos.pdf import render_pdf
from proposals.models import Proposal
from proposals.services.demo import make_demo
from proposals.services.memo_content import build_memo_content
from rubrics.scoring import cli
from t2eval.accounts.models import User
from tests.benchmarks.figures import cpu, say
from tests.factories import NOW

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

PANEL = Path(__file__).parents[1] / "rubrics/scoring/acceptance/02-panel.json"


def test_bench_assess_beside_reading_the_same_json() -> None:
    text = PANEL.read_text(encoding="utf-8")
    proposals = len(json.loads(text)["proposals"])

    read = cpu(lambda: json.loads(text), 20)
    assess = cpu(lambda: cli.run(text), 1)

    say(f"assess: {assess / proposals:.1f} ms CPU a proposal of {proposals}; {assess / read:.0f} times json.loads")


@pytest.mark.parametrize("page", ["docket-detail", "scorecard-edit", "assessment-detail", "proposal-detail"])
def test_bench_page(client, page: str) -> None:
    make_demo(at=NOW)
    client.force_login(User.objects.get(username="officer"))
    proposal = Proposal.objects.get(docket__slug="sample", number=5 if page == "scorecard-edit" else 1)
    url = reverse(f"proposals:{page}", args=[proposal.docket_id if page == "docket-detail" else proposal.pk])
    client.get(url)

    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    asked = len(queries)
    floor = cpu(lambda: client.get(reverse("rubrics:version-list")), 3)
    took = cpu(lambda: client.get(url), 3)

    say(f"{page}: {asked} queries, {took:.0f} ms CPU; {took / floor:.0f} times the plainest page")


def test_bench_memo_beside_bare_weasyprint() -> None:
    from weasyprint import HTML

    from proposals.memos.assets import ORIGIN, PackagedAssets

    make_demo(at=NOW)
    proposal = Proposal.objects.get(docket__slug="sample", number=1)
    assessment = proposal.assessments.get(is_current=True)
    content = build_memo_content(proposal=proposal, assessment=assessment, at=NOW, number="T2-2026-001", edition=1)
    html = render_document(content)
    render_pdf(content)

    bare = cpu(lambda: HTML(string=html, base_url=f"{ORIGIN}/static/", url_fetcher=PackagedAssets()).write_pdf(), 1)
    ours = cpu(lambda: render_pdf(content), 1)

    say(f"memo: {ours:.0f} ms CPU warm; {ours / bare:.2f} times bare WeasyPrint on the same HTML")
