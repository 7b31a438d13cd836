"""The weights of a draft in Chromium: the script rescales as Python does; the keyboard suffices, and no script too."""

import random
import re
import textwrap
from fractions import Fraction

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from rubrics.scoring.weights import rescale, to_hundred
from tests.browser.keyboard import press_until
from tests.browser.site import Site, sign_in

SECTIONS = ("theories", "issue", "convening", "transfer", "risk")
MAKE = """
    from django.utils import timezone
    from rubrics.models import RubricVersion
    from rubrics.services.drafts import start_draft
    from t2eval.accounts.models import User

    version, user = RubricVersion.objects.get(state="published"), User.objects.get(username="admin")
    print(start_draft(base=version, name="Weights to move", by=user, at=timezone.now()).pk)
"""


@pytest.fixture
def draft(site: Site) -> str:
    return site.run("shell", "--verbosity=0", "-c", textwrap.dedent(MAKE)).strip().splitlines()[-1]


def address(draft: str, name: str = "weights", **keys: str) -> str:
    return reverse(f"rubrics:draft-{name}", kwargs={"pk": draft, **keys})


def open_weights(browser: Browser, site: Site, draft: str, width: int = 1440) -> Page:
    page = sign_in(browser, site, "admin", width=width)
    page.goto(address(draft))
    expect(page.locator("#what-if tbody tr").first).to_be_visible()
    return page


def weights(page: Page) -> list[str]:
    return [page.locator(f'input[name="weight-{key}"]').input_value() for key in SECTIONS]


def stored(site: Site, draft: str) -> list[str]:
    code = f"""
        from rubrics.models import RubricDraft
        print(*[section["weight"] for section in RubricDraft.objects.get(pk="{draft}").document["sections"]])
    """
    return site.run("shell", "--verbosity=0", "-c", textwrap.dedent(code)).strip().splitlines()[-1].split()


def test_script_rescales_as_the_method_does(browser: Browser, site: Site, draft: str) -> None:
    page = open_weights(browser, site, draft)
    source = random.Random(4)  # noqa: S311 - draws, not secrets
    draws = []
    for _ in range(2000):
        count = source.randint(1, 9)
        numbers = [source.choice([0, 1, 5, source.randint(0, 10_000)]) for _ in range(count)]
        units = [int(weight * 100) for weight in to_hundred(dict(enumerate(map(Fraction, numbers)))).values()]
        moved = source.randrange(count)
        locked = [place for place in range(count) if source.random() < 0.3]
        draws.append({"weights": units, "moved": moved, "value": source.randint(0, 10_000), "locked": locked})

    found = page.evaluate(
        """async (draws) => {
            const { rescale } = await import("/static/js/rubric/rescale.js");
            return draws.map(({ weights, moved, value, locked }) => rescale(weights, moved, value, new Set(locked)));
        }""",
        draws,
    )

    def expected(draw: dict) -> list[int]:
        given = {place: Fraction(unit, 100) for place, unit in enumerate(draw["weights"])}
        after = rescale(given, draw["moved"], Fraction(draw["value"], 100), draw["locked"])
        return [int(weight * 100) for weight in after.values()]

    assert found == [expected(draw) for draw in draws]


def test_script_that_is_held_to_more_than_all_rescales_nothing(browser: Browser, site: Site, draft: str) -> None:
    page = open_weights(browser, site, draft)

    found = page.evaluate(
        """async () => {
            const { rescale } = await import("/static/js/rubric/rescale.js");
            return rescale([1, 6000, 6000], 0, 5, new Set([1, 2]));
        }"""
    )

    assert found is None


def test_keyboard_alone_moves_holds_types_and_saves(browser: Browser, site: Site, draft: str) -> None:
    page = open_weights(browser, site, draft)
    index = page.locator("#what-if tbody tr:has(th:has-text('P01')) td").first
    before = index.inner_text()

    press_until(page, "Tab", "Hold Issue-area importance")
    page.keyboard.press("Space")
    press_until(page, "Tab", "Policy transfer: move the weight")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    moved = weights(page)
    expect(page.locator("[data-told]")).to_have_text(
        "Policy transfer 30. Theories of change 18.18, Issue-area importance 20, Convening power 18.18,"
        " Risk and mitigation 13.64. Sum 100."
    )
    expect(index).to_have_text(re.compile(rf"^{re.escape(before)} → "))
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("27.5")
    page.keyboard.press("Tab")
    typed = weights(page)
    press_until(page, "Tab", "Save in the draft")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Saved in the draft.")
    assert moved == ["18.18", "20", "18.18", "30", "13.64"]
    assert typed == ["19.09", "20", "19.09", "27.5", "14.32"]
    assert stored(site, draft) == typed


def test_weight_moved_to_the_end_and_back_brings_the_others_back(browser: Browser, site: Site, draft: str) -> None:
    page = open_weights(browser, site, draft)
    slider = page.get_by_role("slider", name="Policy transfer")

    slider.focus()
    page.keyboard.press("End")
    at_the_end = weights(page)
    for _ in range(75):
        page.keyboard.press("ArrowLeft")

    assert (at_the_end, weights(page)) == (["0", "0", "0", "100", "0"], ["20", "20", "20", "25", "15"])


def test_weight_typed_beyond_what_is_held_is_held_once_the_field_is_left(
    browser: Browser, site: Site, draft: str
) -> None:
    page = open_weights(browser, site, draft)
    for key in ("theories", "issue", "convening"):
        page.locator(f'input[name="locked"][value="{key}"]').check()
    number = page.locator('input[name="weight-transfer"]')

    number.fill("90")
    while_typing = weights(page)
    number.press("Tab")
    held = weights(page)
    number.fill("")
    number.press("Tab")

    assert while_typing == ["20", "20", "20", "90", "0"]
    assert held == weights(page) == ["20", "20", "20", "40", "0"]


def test_mark_of_a_mirrored_weight_comes_and_goes_while_it_moves(browser: Browser, site: Site, draft: str) -> None:
    page = open_weights(browser, site, draft)
    note = page.get_by_text("A weight mirrors how many criteria its section holds.")
    number = page.locator('input[name="weight-theories"]')
    expect(note).to_be_hidden()

    number.fill("29")
    expect(note).to_be_visible()
    expect(page.locator('[data-weight="theories"]')).to_contain_text("7 criteria, which the weight mirrors")
    number.fill("40")

    expect(note).to_be_hidden()


def test_without_script_the_others_are_rescaled_by_a_button(browser: Browser, site: Site, draft: str) -> None:
    first = sign_in(browser, site, "admin")
    expect(first.get_by_role("heading", level=1)).to_be_visible()
    context = browser.new_context(
        base_url=site.address, java_script_enabled=False, storage_state=first.context.storage_state()
    )
    page = context.new_page()
    page.goto(address(draft))

    page.locator('input[name="weight-transfer"]').fill("40")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The weights sum to 115, 15 more than 100.")
    page.get_by_role("button", name="Rescale the others to 100").click()
    expect(page.get_by_role("status")).to_contain_text("Rescaled to 100, and not saved yet.")
    rescaled = weights(page)
    page.get_by_role("button", name="Save in the draft").click()

    expect(page.get_by_role("status")).to_contain_text("Saved in the draft.")
    assert rescaled == ["16", "16", "16", "40", "12"] == stored(site, draft)


def test_helper_leads_to_the_weights_that_it_found(browser: Browser, site: Site, draft: str) -> None:
    page = sign_in(browser, site, "admin")
    page.goto(address(draft, "swing"))

    for key, points in zip(SECTIONS, ("100", "80", "60", "90", "35"), strict=True):
        page.locator(f'input[name="points-{key}"]').fill(points)
    page.get_by_role("button", name="Show the weights").click()
    page.get_by_role("link", name="Try these weights").click()

    expect(page.get_by_text("They come from swing weighting")).to_be_visible()
    expect(page.locator("#what-if tbody tr").first).to_contain_text(re.compile("."))
    assert weights(page) == ["27.39", "21.92", "16.44", "24.66", "9.59"]
    assert stored(site, draft) == ["20", "20", "20", "25", "15"]


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_of_weights_have_no_fault_for_axe_and_fit(browser: Browser, site: Site, draft: str, width: int) -> None:
    page = open_weights(browser, site, draft, width)
    points = "&".join(f"points-{key}=100" for key in SECTIONS)
    ranks = "&".join(f"rank-{key}={place}" for place, key in enumerate(SECTIONS, start=1))
    addresses = (
        address(draft),
        address(draft, "criteria-weights", section="issue"),
        address(draft, "criteria-weights", section="theories"),
        f"{address(draft, 'swing')}?{points}",
        f"{address(draft, 'rank-order')}?{ranks}",
    )
    found = {}
    for url in addresses:
        page.goto(url)
        page.wait_for_load_state("networkidle")
        faults = [rule["id"] for rule in Axe().run(page).response["violations"]]
        found[url] = (faults, page.evaluate("document.documentElement.scrollWidth"))

    assert found == dict.fromkeys(addresses, ([], width))
