"""Chromium for the browser tests, and nothing but localhost for Chromium."""

import os
from collections.abc import Generator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Route

from tests.browser.site import Site, serve, serve_privately
from tests.plugins.chromium import Chromium, bring_chromium
from tests.plugins.services import Services

LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1"}


@pytest.fixture(scope="session", autouse=True)
def allow_database_beside_playwright() -> Generator[None, None, None]:
    """Playwright keeps an event loop in this thread, in which Django would refuse the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    return bring_chromium()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: Chromium) -> dict[str, Any]:
    arguments = chromium.launch_arguments()
    return {
        **browser_type_launch_args,
        "executable_path": str(chromium.path),
        "args": arguments,
        "chromium_sandbox": "--no-sandbox" not in arguments,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture
def strangers(context: BrowserContext) -> list[str]:
    """The addresses outside localhost that pages asked for. All are refused; a test may assert that there are none."""
    asked: list[str] = []

    def let_through_or_refuse(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.hostname in LOCAL or address.scheme in {"data", "blob", "about"}:
            route.continue_()
            return
        asked.append(route.request.url)
        route.abort()

    context.route("**/*", let_through_or_refuse)
    return asked


@pytest.fixture(autouse=True)
def no_strangers(strangers: list[str]) -> Generator[None, None, None]:
    """Every page of ours stands alone: a request to another host fails the test."""
    yield
    assert strangers == []


@pytest.fixture(scope="session")
def site(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Generator[Site, None, None]:
    with serve(services, tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def private_site(tmp_path_factory: pytest.TempPathFactory) -> Generator[Site, None, None]:
    with serve_privately(tmp_path_factory.mktemp("private")) as running:
        yield running
