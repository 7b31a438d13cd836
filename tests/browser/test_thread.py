"""The main job from sign-in to an issued memo, in Chromium, as production runs and as the demo runs.

Production: gunicorn, PostgreSQL, Redis and a Celery worker. Demo: SQLite and one child process for the memo jobs.
"""

import json
import re
from pathlib import Path
from uuid import UUID

import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from rubrics.scoring import cli
from tests.browser.site import Site, sign_in
from tests.browser.workspace import press

SAVED = re.compile(r"^Saved \d\d:\d\d:\d\d$")
SCREENSHOTS = Path(__file__).resolve().parents[2] / "test-results"


@pytest.fixture(params=["site", "private_site"])
def product(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    return found


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def state_no_conflict(page: Page) -> None:
    """The page that stands before every page of a proposal that is assigned to one."""
    expect(page.get_by_role("heading", level=1)).to_have_text("First: have you a conflict of interest?")
    page.get_by_label("No conflict of interest").check()
    page.get_by_role("button", name="Record my statement").click()


def answer_everything(page: Page, value: str) -> None:
    """Pick `value` for each criterion and mitigation, a reason for each, and low levels for each risk."""
    page.evaluate(
        """value => {
            const first = name => document.querySelector(`input[type=radio][name="${name}"][value="${value}"]`);
            for (const name of new Set([...document.querySelectorAll('input[type=radio]')].map(e => e.name))) {
                if (name.endsWith('-answer')) first(name).click();
            }
            for (const e of document.querySelectorAll('input[type=radio][value="2"]')) {
                if (/likelihood|consequence/.test(e.name)) e.click();
            }
            for (const e of document.querySelectorAll('textarea[name$="-rationale"]')) {
                e.value = `Reason for ${e.name}`;
                e.dispatchEvent(new Event('input', {bubbles: true}));
            }
        }""",
        value,
    )


def test_officer_enters_an_organizer_and_a_proposal_and_edits_both(browser: Browser, product: Site) -> None:
    page = sign_in(browser, product, "officer")
    page.get_by_role("link", name="Organizers").click()
    page.get_by_role("link", name=re.compile("organizer", re.IGNORECASE)).and_(page.locator(".button")).first.click()
    page.get_by_label("Name", exact=True).fill("Thread Institute")
    page.locator("main form").get_by_role("button", name=re.compile("^Save|^Enter")).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thread Institute")

    page.get_by_role("link", name="Dockets").click()
    page.get_by_role("link", name="Sample docket: spring cycle").click()
    page.get_by_role("link", name="Enter a proposal").first.click()
    page.locator("[name=title]").fill("A dialogue entered by a test")
    page.locator("[name=summary]").fill("Experts of two states meet to agree on a lexicon.")
    page.locator("[name=organizer]").select_option(label="Thread Institute")
    page.locator("[name=issue_area]").select_option(label="Nuclear war")
    page.locator("[name=sides-0-name]").fill("Japan")
    page.locator("[name=sides-1-name]").fill("China")
    page.locator("[name=pathway_cards-0-theory]").select_option("diplomatic-subsidy")
    page.locator("[name=amount]").fill("-5")
    save = page.locator("main form").get_by_role("button", name=re.compile("^Save|^Enter")).last
    save.click()
    expect(page.locator("[name=title]")).to_have_value("A dialogue entered by a test")
    page.locator("[name=amount]").fill("120000")
    page.locator("main form").get_by_role("button", name=re.compile("^Save|^Enter")).last.click()
    state_no_conflict(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("A dialogue entered by a test")
    picture(page, "proposal")

    page.get_by_role("link", name="Edit the record").first.click()
    page.locator("[name=problem]").fill("Two lexicons, one word.")
    page.locator("main form").get_by_role("button", name=re.compile("^Save")).last.click()
    expect(page).to_have_url(re.compile(r"/proposals/[0-9a-f-]+/$"))
    expect(page.get_by_text("Two lexicons, one word.")).to_be_visible()
    assert product.rows(
        "SELECT revision, amount FROM proposals_proposal WHERE title = %s", "A dialogue entered by a test"
    ) == [(2, pytest.approx(120000))]


def test_officer_scores_a_proposal_and_sees_the_assessment_that_the_bundle_gives(
    browser: Browser, product: Site
) -> None:
    page = sign_in(browser, product, "officer")
    expect(page.get_by_role("heading", level=1)).to_have_text("My assignments")
    picture(page, "assignments")
    page.get_by_role("link", name=re.compile("Passing at a distance")).first.click()
    picture(page, "declaration")
    state_no_conflict(page)
    page.get_by_role("link", name="Assessment").first.click()
    expect(page.get_by_text("Your own scorecard comes first")).to_be_visible()
    page.get_by_role("link", name="Score this proposal").click()
    expect(page.locator('input[name="stakes-answer"]').first).to_be_attached()
    page.wait_for_load_state()  # or the form would be filled in before all of it is there

    answer_everything(page, "2")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator("[data-state]")).to_have_text(SAVED, timeout=60_000)
    page.reload()
    expect(page.locator('input[name="stakes-answer"][value="2"]')).to_be_checked()
    picture(page, "scorecard")
    with page.expect_navigation(timeout=30_000):
        page.get_by_role("button", name="Submit").last.click()
    expect(page.get_by_text("Saved as a draft, not submitted: 2 things missing")).to_be_visible()
    expect(page.locator('textarea[name="stakes-rationale"]')).to_have_value("Reason for stakes-rationale")
    press(page.locator('input[name="recommendation"][value="revise"]'))
    page.locator('textarea[name="recommendation_reason"]').fill("Promising, and not yet connected.")
    page.get_by_role("button", name="Submit").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your scorecard", timeout=60_000)

    page.get_by_role("link", name="See the assessment").click()
    expect(page.get_by_role("heading", name="Sections")).to_be_visible()
    picture(page, "assessment")
    status, output, _ = cli.run(product.run("export_bundle", "sample", "--proposal", "8"))
    result = json.loads(output)["proposals"][0]
    assert status == 0
    assert f"{result['index']:.1f}" in page.locator(".page-head__facts").inner_text()
    assert [float(text) for text in page.locator(".profile tbody td.num strong").all_inner_texts()] == [
        pytest.approx(value, abs=0.051) for value in result["sections"].values()
    ]


def test_memo_goes_from_words_to_the_committee(browser: Browser, product: Site) -> None:
    page = sign_in(browser, product, "officer")
    page.get_by_role("link", name=re.compile("A protocol for missile incidents")).first.click()
    page.get_by_role("link", name="Memo", exact=True).first.click()
    page.locator("[name$=uncertainty]").fill("Whether the review opens in time, says the thread.")
    page.get_by_role("button", name="Save and ask for the memo").first.click()
    expect(page.get_by_text(re.compile("Queued|Rendering|Ready")).first).to_be_visible()
    pdf = page.get_by_role("link", name=re.compile("PDF")).first
    expect(pdf).to_be_visible(timeout=90_000)
    expect(page.get_by_text("Whether the review opens in time, says the thread.").first).to_be_visible()
    picture(page, "memo")
    address = page.url

    answer = page.request.get(str(pdf.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    (SCREENSHOTS / "memo.pdf").write_bytes(answer.body())
    with pikepdf.open(SCREENSHOTS / "memo.pdf") as document:
        assert str(document.Root.Lang).startswith("en")
        assert document.Root.MarkInfo.Marked
        assert len(document.pages) > 4
        assert len(document.attachments) == 1

    committee = sign_in(browser, product, "committee")
    assert committee.goto(address).status == 404  # type: ignore[union-attr] - a page that was asked for answers

    chair = sign_in(browser, product, "chair")
    chair.goto(address)
    chair.get_by_role("link", name=re.compile("Issue")).or_(
        chair.get_by_role("button", name=re.compile("Issue"))
    ).first.click()
    chair.locator("main").get_by_role("button", name=re.compile("Issue")).first.click()
    expect(chair.get_by_text(re.compile("Issued")).first).to_be_visible()

    committee.goto("/memos/")
    committee.get_by_role("link", name=re.compile("missile incidents")).first.click()
    expect(committee.get_by_text("Whether the review opens in time, says the thread.").first).to_be_visible()
    picture(committee, "memo-committee")
    assert committee.request.get(f"{address}pdf/").status == 200
    assert product.rows(
        "SELECT m.state, j.state, j.attempts FROM proposals_memojob j JOIN proposals_memo m ON m.id = j.memo_id"
        " JOIN proposals_proposal p ON p.id = m.proposal_id WHERE p.title LIKE 'A protocol for missile%'"
    ) == [("issued", "ready", 1)]


def test_admin_sees_the_rubric_and_no_scores(browser: Browser, product: Site) -> None:
    page = sign_in(browser, product, "admin")
    page.get_by_role("navigation").get_by_role("link", name="Rubric").click()
    page.get_by_role("link", name="Version 1", exact=True).click()
    expect(page.get_by_text("Policy transfer").first).to_be_visible()
    picture(page, "rubric")

    [(proposal,)] = product.rows("SELECT id FROM proposals_proposal WHERE title LIKE %s", "A protocol for missile%")
    assert page.goto(f"/proposals/{UUID(str(proposal))}/assessment/").status == 404  # type: ignore[union-attr] - same


def test_records_of_the_sample_docket_save_as_they_stand(browser: Browser, product: Site) -> None:
    page = sign_in(browser, product, "chair")
    ids = product.rows(
        "SELECT p.id FROM proposals_proposal p JOIN proposals_docket d ON d.id = p.docket_id WHERE d.slug = 'sample'"
    )
    for (proposal,) in ids:
        page.goto(f"/proposals/{UUID(str(proposal))}/edit/")
        with page.expect_navigation():
            page.get_by_role("button", name="Save the record").first.click()
        expect(page).to_have_url(re.compile(f"/proposals/{UUID(str(proposal))}/$"))

    changed = "SELECT count(*) FROM proposals_proposal WHERE revision > 1 AND title NOT LIKE 'A dialogue entered%'"
    assert product.rows(changed) == [(0,)]
