"""What-if where there is much: from an input to the painted table in Chromium, and by the official method."""

import os
import statistics
from collections.abc import Generator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from proposals.models import Docket
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.benchmarks.figures import say
from tests.benchmarks.test_docket_of_500 import PROPOSALS, measure
from tests.factories import make_user
from tests.load.rows import build_docket
from tests.plugins.chromium import bring_chromium
from tests.proposals.drafts import draft_of, regate

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

HTMX = {"HX-Request": "true"}
MOVES = 15
# Milliseconds from the input event until the frame after the one that holds the new table.
MOVE = """([name, weight]) => new Promise(done => {
  const input = document.querySelector(`[name="${name}"]`), began = performance.now();
  document.body.addEventListener("htmx:afterSettle", () => requestAnimationFrame(() => requestAnimationFrame(
    () => done(performance.now() - began))), {once: true});
  input.value = weight;
  input.dispatchEvent(new Event("input", {bubbles: true}));
})"""


@pytest.fixture
def docket() -> Docket:
    return build_docket(proposals=PROPOSALS, officers=[make_user(Role.OFFICER) for _ in range(3)])


@pytest.fixture
def admin(client: Client) -> User:
    user = make_user(Role.ADMIN)
    client.force_login(user)
    return user


@pytest.fixture
def page(client: Client, admin: User, live_server, monkeypatch) -> Generator[Page, None, None]:
    """A page of Chromium, signed in, on a server in this process."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    chromium = bring_chromium()
    with sync_playwright() as playwright:
        arguments = chromium.launch_arguments()
        browser = playwright.chromium.launch(executable_path=chromium.path, args=arguments)
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        yield context.new_page()
        browser.close()


def test_bench_what_if_of_weights_from_input_to_painted_table(client: Client, page: Page, docket: Docket) -> None:
    draft = draft_of()
    address = reverse("proposals:what-if", args=[draft.pk])
    asked, took = measure(lambda: client.get(address, {"docket": docket.pk, "weight-transfer": "30"}, headers=HTMX), 5)
    say(f"what-if of weights on {PROPOSALS} proposals × 3 officers: {asked} queries, {took:.0f} ms CPU (target 5)")

    for name, where in (("the page of weights", "rubrics:draft-weights"), ("its own page", "proposals:what-if")):
        page.goto(reverse(where, args=[draft.pk]))
        page.locator(".what-if-rows tbody tr").nth(100).wait_for()
        waits = sorted(page.evaluate(MOVE, ["weight-transfer", str(26 + move)]) for move in range(MOVES))
        say(
            f"from an input on {name} to the painted table: median {statistics.median(waits):.0f} ms,"
            f" slowest {waits[-1]:.0f} ms (target 250 ms)"
        )
    say(f"load average meanwhile: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def test_bench_what_if_of_other_edits_by_the_official_method(client: Client, admin: User, docket: Docket) -> None:
    address = reverse("proposals:what-if", args=[draft_of(regate).pk])

    asked, took = measure(lambda: client.get(address, {"docket": docket.pk, "official": "1"}, headers=HTMX), 3)

    say(
        f"what-if of other edits on {PROPOSALS} proposals × 3 officers: {asked} queries, {took:.0f} ms CPU"
        " (target 3000 ms)"
    )
