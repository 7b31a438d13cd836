"""Starts PostgreSQL and Redis before pytest-django reads the settings, and tells what the tests run on.

`--database=sqlite`, or T2EVAL_TEST_DATABASE=sqlite, runs the same tests on SQLite without Redis, as a private
installation runs. T2EVAL_SERVERS=installed or =wheels forbids the other kind of server.
"""

import atexit
import importlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.plugins.chromium import NoChromiumError, find_chromium
from tests.plugins.servers import (
    NoServerError,
    Program,
    Server,
    find_postgresql,
    find_redis,
    start_postgresql,
    start_redis,
    temporary_folder,
)

CLEARED = ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "PRODUCTION", "SECRET_KEY", "SECRET_KEY_FILE", "TIME_ZONE")


class Services:
    """The servers of one test run, started when first asked for and stopped at its end."""

    def __init__(self) -> None:
        self.folder = temporary_folder()
        self.programs: dict[str, Program] = {}
        self.servers: list[Server] = []
        self.urls: dict[str, str] = {}
        atexit.register(self.stop)

    def postgresql(self) -> str:
        """DATABASE_URL of a running PostgreSQL."""
        if "postgresql" not in self.urls:
            program = self.programs["postgresql"] = find_postgresql()
            server, self.urls["postgresql"] = start_postgresql(program, self.folder / "postgresql")
            self.servers.append(server)
        return self.urls["postgresql"]

    def redis(self) -> str:
        """REDIS_URL of a running Redis."""
        if "redis" not in self.urls:
            program = self.programs["redis"] = find_redis()
            server, self.urls["redis"] = start_redis(program, self.folder / "redis")
            self.servers.append(server)
        return self.urls["redis"]

    def stop(self) -> None:
        while self.servers:
            self.servers.pop().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


SERVICES = pytest.StashKey[Services]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["postgresql", "sqlite"],
        default=os.environ.get("T2EVAL_TEST_DATABASE", "postgresql"),
        help="what the tests run on (default: T2EVAL_TEST_DATABASE, else postgresql)",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, None, None]:
    """Around pytest-django, which reads the settings here: what the settings read must be in place before."""
    options = parser.parse_known_args(args)
    if options.database not in {"postgresql", "sqlite"}:
        raise pytest.UsageError(f"T2EVAL_TEST_DATABASE is {options.database!r}: set it to postgresql or sqlite.")
    services = early_config.stash[SERVICES] = Services()
    for name in CLEARED:
        os.environ.pop(name, None)
    os.environ |= {"ENV_FILE": os.devnull, "DATA_DIR": str(services.folder / "var"), "LOG_LEVEL": "WARNING"}
    leads_others = (
        bool(getattr(options, "numprocesses", None)) and "PYTEST_XDIST_WORKER" not in os.environ
    )  # and runs no test itself
    on_servers = options.database == "postgresql" and not (options.help or options.version or leads_others)
    try:
        os.environ["DATABASE_URL"] = (
            services.postgresql() if on_servers else f"sqlite:///{services.folder}/t2eval.sqlite3"
        )
        os.environ["REDIS_URL"] = services.redis() if on_servers else ""
    except NoServerError as error:
        raise pytest.UsageError(str(error)) from error
    result = yield
    databases = importlib.import_module("tests.plugins.databases")  # reads the settings, so not before here
    databases.install(services.folder)
    return result


def pytest_unconfigure(config: pytest.Config) -> None:
    if services := config.stash.get(SERVICES, None):
        services.stop()


def pytest_report_header(config: pytest.Config) -> list[str]:
    services = config.stash[SERVICES]
    try:
        chromium = str(find_chromium())
    except NoChromiumError:
        chromium = "none yet; browser tests bring one"
    lines = [f"{name}: {program}" for name, program in services.programs.items()]
    return [f"database: {config.getoption('database')}", *lines, f"chromium: {chromium}"]


@pytest.fixture(scope="session")
def services(pytestconfig: pytest.Config) -> Services:
    """For tests that start the product's processes: `services.postgresql()` and `services.redis()`, in any mode."""
    return pytestconfig.stash[SERVICES]


@pytest.fixture(scope="session")
def services_folder(services: Services) -> Path:
    """A short private folder that goes with the test run."""
    return services.folder
