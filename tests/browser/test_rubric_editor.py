"""From a draft to the version in force, by keyboard alone; and what everybody then sees."""

import json
import uuid
from collections.abc import Generator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.browser.keyboard import press_until
from tests.browser.site import Site, serve_privately, sign_in


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Generator[Site, None, None]:
    """A version is published here for good."""
    with serve_privately(tmp_path_factory.mktemp("editor")) as running:
        yield running


def press(page: Page, link_or_button: str) -> None:
    press_until(page, "Tab", link_or_button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def retype(page: Page, field: str, text: str) -> None:
    """Tab to a field by its name, and type over what it holds."""
    press_until(page, "Tab", field)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_draft_is_edited_tried_and_published_by_keyboard_alone(browser: Browser, own_site: Site) -> None:
    before = own_site.rows("SELECT id, result FROM proposals_assessment ORDER BY id")
    page = sign_in(browser, own_site, "admin")
    press(page, "Rubric")
    press(page, "Start a draft")
    retype(page, "name", "More weight on transfer")
    press(page, "Start the draft")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("More weight on transfer")

    press(page, "Weights and bands")
    expect(page.locator("#what-if tbody tr").first).to_be_visible()
    retype(page, "weight-transfer", "40")
    retype(page, "band-fund", "82")
    expect(page.locator("#what-if")).to_contain_text("Fund with conditions")
    press(page, "Save in the draft")
    expect(page.get_by_role("status").first).to_contain_text("Saved in the draft.")

    press(page, "Gate: Convening below the floor")
    retype(page, "mean_below_0", "2.2")
    press(page, "Save")
    press(page, "Overview")
    expect(page.locator(".changes")).to_contain_text("Policy transfer: weight 25 → 40")

    press(page, "Publish…")
    expect(page.get_by_text("Scores have been seen already.")).to_be_visible()
    press_until(page, "Tab", "reason")
    page.keyboard.type("Transfer is the bottleneck.")
    press(page, "Publish version 2")

    expect(page.get_by_role("status").first).to_contain_text("Version 2 is in force.")
    press(page, "Rubric")
    expect(page.locator(".timeline__step--now")).to_contain_text("Transfer is the bottleneck.")
    expect(page.locator(".timeline__step--now")).to_contain_text("Policy transfer: weight 25 → 40")
    assert own_site.rows("SELECT id, result FROM proposals_assessment ORDER BY id") == before
    weights = own_site.rows(
        "SELECT s.weight FROM rubrics_section s JOIN rubrics_rubricversion v ON v.id = s.version_id"
        " WHERE v.state = 'published' AND s.key = 'transfer'"
    )
    assert weights == [(40,)]


def test_chair_reassesses_under_the_new_version_beside_the_old_result(browser: Browser, own_site: Site) -> None:
    if own_site.rows("SELECT 1 FROM rubrics_rubricversion WHERE number = 2") == []:
        test_draft_is_edited_tried_and_published_by_keyboard_alone(browser, own_site)
    ((proposal,),) = own_site.rows("SELECT id FROM proposals_proposal WHERE title LIKE 'Distress below%'")
    page = sign_in(browser, own_site, "chair")
    page.goto(reverse("proposals:assessment-detail", args=[uuid.UUID(str(proposal))]))

    page.get_by_role("link", name="Re-assess under version 2").first.click()
    page.get_by_label("Reason").fill("To see what the new weights make of it.")
    page.get_by_role("button", name="Re-assess").first.click()

    expect(page.locator("main")).to_contain_text("To see what the new weights make of it.")
    current = own_site.rows(
        "SELECT result FROM proposals_assessment WHERE proposal_id = %s AND is_current", str(proposal)
    )
    remade = own_site.rows("SELECT result FROM proposals_reassessment WHERE proposal_id = %s", str(proposal))
    official, newer = (json.loads(str(rows[0][0])) for rows in (current, remade))
    assert official["sections"] == newer["sections"]
    assert official["index"] != newer["index"]
