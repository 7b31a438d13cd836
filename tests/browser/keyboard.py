"""Ways through a page by keyboard alone."""

from playwright.sync_api import Page


def focused(page: Page) -> str:
    name: str = page.evaluate(
        "(document.activeElement.ariaLabel || document.activeElement.name || document.activeElement.textContent).trim()"
    )
    return name


def press_until(page: Page, key: str, wanted: str, most: int = 120) -> None:
    for _ in range(most):
        if focused(page) == wanted:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} was not reached by {key}, the focus is on {focused(page)}")
