"""The product as in production: gunicorn and a Celery worker as processes, on PostgreSQL and Redis, with the demo."""

import secrets
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import environ
import psycopg2
from playwright.sync_api import Browser, Page

from proposals.services.demo import PASSWORD
from tests.plugins.processes import free_port, manage, process_environment, started, status_of
from tests.plugins.services import Services


@dataclass(frozen=True, slots=True)
class Site:
    address: str
    environment: dict[str, str]

    def run(self, *command: str) -> str:
        finished = manage(*command, environment=self.environment)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def rows(self, query: str, *values: str) -> list[tuple[object, ...]]:
        """What is in the database, asked from outside."""
        if "DATABASE_URL" not in self.environment:
            with closing(sqlite3.connect(Path(self.environment["DATA_DIR"], "t2eval.sqlite3"))) as private:
                return private.execute(query.replace("%s", "?"), values).fetchall()
        address = environ.Env.db_url_config(self.environment["DATABASE_URL"])
        connection = psycopg2.connect(dbname=address["NAME"], host=address["HOST"], user=address["USER"])
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return cursor.fetchall()
        finally:
            connection.close()


def new_database(services: Services) -> str:
    """DATABASE_URL of a new, empty database on the PostgreSQL of this test run."""
    url = services.postgresql()
    address = environ.Env.db_url_config(url)
    name = f"site_{secrets.token_hex(4)}"
    connection = psycopg2.connect(dbname=address["NAME"], host=address["HOST"], user=address["USER"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return url.removesuffix(address["NAME"]) + name


@contextmanager
def serve_privately(folder: Path) -> Generator[Site, None, None]:
    """As `make demo` runs: SQLite, no Redis, one supervised child that takes the memo jobs."""
    environment = process_environment(DATA_DIR=str(folder))
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", environment)
    site.run("migrate", "--noinput", "-v0")
    site.run("demo_data", "--quiet")
    with started(["manage.py", "serve", "--port", str(port)], environment, folder / "serve.log") as server:
        server.wait_until(lambda: status_of(f"{site.address}/healthz") == 200)
        yield site


@contextmanager
def serve(services: Services, folder: Path) -> Generator[Site, None, None]:
    environment = process_environment(
        DATABASE_URL=new_database(services),
        REDIS_URL=services.redis().removesuffix("0") + "2",
        DATA_DIR=str(folder / "data"),
        ALLOWED_HOSTS="127.0.0.1",
    )
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", environment)
    site.run("migrate", "--noinput", "-v0")
    site.run("demo_data", "--quiet")
    web = ["-m", "gunicorn", "t2eval.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    worker = [
        "-m",
        "celery",
        "-A",
        "t2eval",
        "worker",
        "--pool=prefork",
        "--concurrency=1",
        "-l",
        "warning",
    ]
    with started(web, environment, folder / "web.log") as server, started(worker, environment, folder / "worker.log"):
        server.wait_until(lambda: status_of(f"{site.address}/healthz") == 200)
        yield site


def sign_in(browser: Browser, site: Site, user: str, *, width: int = 1440) -> Page:
    """A page of its own, signed in, in a browser that reaches localhost only."""
    context = browser.new_context(
        base_url=site.address, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/sign-in/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page
