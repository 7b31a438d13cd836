"""A site of its own for the scoring page's promises: its web process may be killed, its database put away."""

import os
import signal
import textwrap
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import environ
import psycopg2
from django.utils.text import slugify
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.site import Site, new_database, sign_in
from tests.plugins.processes import children_of, eventually, free_port, process_environment, started, status_of
from tests.plugins.servers import Server
from tests.plugins.services import Services

MAKE = """
    from tests.factories import DocketFactory, IssueAreaFactory, ProposalFactory, assign, make_evidence
    from t2eval.accounts.models import User

    officer = User.objects.get(username="{username}")
    docket = DocketFactory(title="Workspace {title}", slug="{slug}")
    proposal = ProposalFactory(
        docket=docket, organizer__name="Institute of {title}", title="{title}", problem="Two lexicons, one word. " * 20
    )
    assign(proposal, officer)
    make_evidence(proposal, grade=3)
    print(proposal.pk)
"""


@dataclass
class Workspace:
    site: Site
    server: Server
    made: list[str] = field(default_factory=list)

    def make_proposal(self, title: str, username: str = "officer") -> str:
        """A new proposal, assigned to this officer, who has stated to have no conflict; its id."""
        facts = {"title": title, "slug": slugify(title), "username": username}
        return (
            self.site.run("shell", "--verbosity=0", "-c", textwrap.dedent(MAKE).format(**facts))
            .strip()
            .splitlines()[-1]
        )

    def kill_workers(self) -> None:
        """As when a web process runs out of memory; gunicorn starts another."""
        for pid in children_of(self.server.process.pid):
            os.kill(pid, signal.SIGKILL)

    def is_up(self) -> bool:
        return status_of(f"{self.site.address}/healthz") == 200

    @contextmanager
    def database_away(self) -> Generator[None, None, None]:
        """Nobody is connected, and nobody may connect."""
        address = environ.Env.db_url_config(self.site.environment["DATABASE_URL"])
        administration = psycopg2.connect(dbname="postgres", host=address["HOST"], user=address["USER"])
        administration.autocommit = True
        with administration.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {address['NAME']} WITH ALLOW_CONNECTIONS false")
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [address["NAME"]]
            )
            yield
            cursor.execute(f"ALTER DATABASE {address['NAME']} WITH ALLOW_CONNECTIONS true")
        administration.close()

    def stored(self, proposal: str, criterion: str = "stakes") -> tuple[object, ...]:
        """Value and reason of a criterion's cell, as the database has them."""
        rows = self.site.rows(
            "SELECT s.value, s.rationale FROM proposals_score s JOIN proposals_scorecard k ON k.id = s.scorecard_id"
            " JOIN rubrics_criterion c ON c.id = s.criterion_id WHERE k.proposal_id = %s AND c.key = %s",
            proposal,
            criterion,
        )
        return rows[0] if rows else ()


@contextmanager
def serve_workspace(services: Services, folder: Path) -> Generator[Workspace, None, None]:
    environment = process_environment(
        DATABASE_URL=new_database(services), DATA_DIR=str(folder / "data"), ALLOWED_HOSTS="127.0.0.1"
    )
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", environment)
    site.run("migrate", "--noinput", "-v0")
    site.run("demo_data", "--quiet")
    web = ["-m", "gunicorn", "t2eval.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4", "--workers", "1"]
    with started(web, environment, folder / "web.log") as server:
        workspace = Workspace(site, server)
        assert eventually(workspace.is_up, 60)
        yield workspace


def open_scorecard(browser: Browser, workspace: Workspace, proposal: str, *, width: int = 1440) -> Page:
    page = sign_in(browser, workspace.site, "officer", width=width)
    page.goto(f"/proposals/{proposal}/scorecard/")
    expect(state(page)).to_have_text("Nothing to save yet")
    return page


def state(page: Page) -> Locator:
    return page.locator("[data-state]")


def reason(page: Page, cell: str = "stakes") -> Locator:
    return page.locator(f'textarea[name="{cell}-rationale"]')


def choose(page: Page, value: str, cell: str = "stakes") -> None:
    press(page.locator(f'input[name="{cell}-answer"][value="{value}"]'))


def press(radio: Locator) -> None:
    """Its label lies over it, and bars lie over both: pressed as a script or a reader of screens presses it."""
    radio.evaluate("radio => radio.click()")
