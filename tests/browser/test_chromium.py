"""The browser that the other tests trust."""

import pytest
from playwright.sync_api import Error, Page


def test_browser_asking_another_host_is_refused_and_noted(page: Page, strangers: list[str]) -> None:
    with pytest.raises(Error, match="ERR_FAILED"):
        page.goto("http://example.org/")

    assert strangers == ["http://example.org/"]
    strangers.clear()
