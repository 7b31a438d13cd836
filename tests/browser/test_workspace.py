"""What the scoring page promises: what it calls saved is in the database, and nothing that was typed is lost."""

import re
from collections.abc import Generator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from proposals.services.demo import PASSWORD
from tests.browser.site import sign_in
from tests.browser.workspace import Workspace, choose, open_scorecard, press, reason, serve_workspace, state
from tests.plugins.services import Services

SAVED = re.compile(r"^Saved \d\d:\d\d:\d\d$")
PATIENCE = 45_000


@pytest.fixture(scope="module")
def workspace(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Generator[Workspace, None, None]:
    with serve_workspace(services, tmp_path_factory.mktemp("workspace")) as running:
        yield running


@pytest.fixture
def proposal(workspace: Workspace, request: pytest.FixtureRequest) -> str:
    name = request.node.name.removeprefix("test_").replace("[chromium", "").replace("_", " ")
    return workspace.make_proposal(name.strip("]-")[:70])


def is_saved(page: Page) -> None:
    expect(state(page)).to_have_text(SAVED, timeout=PATIENCE)


def test_typing_saves_by_itself(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)

    choose(page, "4")
    reason(page).fill("Officials said so.")
    is_saved(page)

    assert workspace.stored(proposal) == (4, "Officials said so.")
    expect(page.locator("#cell-stakes [data-cap]")).to_have_text("A 4 needs E3; this rests on E1: counted as 2.")


def test_two_tabs_on_the_same_cell_lose_nothing(browser: Browser, workspace: Workspace, proposal: str) -> None:
    first = open_scorecard(browser, workspace, proposal)
    second = open_scorecard(browser, workspace, proposal)
    reason(first).fill("Typed in the first tab.")
    is_saved(first)

    reason(second).fill("Typed in the second tab.")
    clash = second.locator("#cell-stakes .cell__clash")
    expect(clash).to_contain_text("Typed in the first tab.")
    expect(clash).to_contain_text("Demo officer")
    expect(state(second)).to_have_text(re.compile("^Not saved"))
    expect(reason(second)).to_have_value("Typed in the second tab.")
    assert workspace.stored(proposal) == (None, "Typed in the first tab.")

    second.get_by_role("button", name="Keep what I typed here").click()
    is_saved(second)
    assert workspace.stored(proposal) == (None, "Typed in the second tab.")

    reason(first).fill("The first tab again.")
    first.get_by_role("button", name="Take what is saved").click()
    is_saved(first)
    expect(reason(first)).to_have_value("Typed in the second tab.")


def test_a_tab_that_changed_nothing_does_not_call_saved_what_it_does_not_show(
    browser: Browser, workspace: Workspace, proposal: str
) -> None:
    stale = open_scorecard(browser, workspace, proposal)
    other = open_scorecard(browser, workspace, proposal)
    reason(other).fill("Words of the other tab.")
    is_saved(other)

    reason(stale).press_sequentially("x")
    reason(stale).press("Backspace")
    expect(stale.locator("#cell-stakes .cell__clash")).to_contain_text("Words of the other tab.", timeout=PATIENCE)

    assert workspace.stored(proposal) == (None, "Words of the other tab.")


def test_a_grade_waits_for_its_score(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)
    grade = page.locator('select[name="stakes-grade"]')

    expect(grade).to_be_disabled()
    choose(page, "2")

    expect(grade).to_be_enabled()


def test_a_reply_lost_after_the_commit_is_no_conflict(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)
    lost: list[str] = []

    def lose_once(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        reason(page).press_sequentially(" And more.", delay=1)
        route.abort()

    page.route("**/cells/stakes/", lose_once)
    reason(page).fill("Kept.")
    expect(state(page)).to_have_text(re.compile("trying again"), timeout=PATIENCE)
    is_saved(page)

    assert len(lost) == 1
    expect(page.locator("#cell-stakes .cell__clash")).to_have_count(0)
    assert workspace.stored(proposal) == (None, "Kept. And more.")


def test_database_down_for_20_seconds_costs_nothing(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)

    with workspace.database_away():
        reason(page).fill("While it is away.")
        expect(state(page)).to_have_text(re.compile("^Not saved: the database is away, trying again"), timeout=PATIENCE)
        page.wait_for_timeout(20_000)
        choose(page, "3", "focus")
    is_saved(page)

    assert workspace.stored(proposal) == (None, "While it is away.")
    assert workspace.stored(proposal, "focus") == (3, "")


def test_web_process_killed_while_typing_costs_nothing(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)
    words = "The process behind this page is killed while these words are typed. " * 3

    reason(page).focus()
    for place, word in enumerate(words.split()):
        page.keyboard.type(f"{word} ")
        if place % 12 == 6:
            workspace.kill_workers()
    is_saved(page)

    assert workspace.stored(proposal) == (None, words.strip())


def test_session_that_ends_while_typing_is_taken_up_in_place(
    browser: Browser, workspace: Workspace, proposal: str
) -> None:
    page = open_scorecard(browser, workspace, proposal)
    page.context.clear_cookies(name="sessionid")

    reason(page).fill("Typed after the session had ended.")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Username").fill("officer-2")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button").click()
    expect(dialog.get_by_role("alert")).to_contain_text("this scorecard is not theirs")
    assert workspace.stored(proposal) == ()
    dialog.get_by_label("Username").fill("officer")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button").click()
    is_saved(page)

    expect(dialog).to_be_hidden()
    expect(reason(page)).to_have_value("Typed after the session had ended.")
    assert workspace.stored(proposal) == (None, "Typed after the session had ended.")


def test_token_that_went_stale_is_fetched_anew(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("Username").fill("officer")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("My assignments")

    reason(page).fill("From before the other tab signed in.")
    is_saved(page)

    assert workspace.stored(proposal) == (None, "From before the other tab signed in.")


def answer_all(page: Page) -> None:
    """Not enough information everywhere, which needs no reasons, and a recommendation."""
    for radio in page.locator("[data-cell] input[type=radio][value=nei]").all():
        press(radio)
    press(page.locator('input[name="recommendation"][value="decline"]'))
    page.locator('textarea[name="recommendation_reason"]').fill("Nobody could tell.")


def test_double_click_on_submit_hands_in_once(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)
    answer_all(page)

    page.get_by_role("button", name="Submit").dblclick(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your scorecard", timeout=PATIENCE)

    query = "SELECT count(*) FROM audit_event WHERE event = 'scorecard.submitted' AND proposal_id = %s"
    assert workspace.site.rows(query, proposal) == [(1,)]


def test_conflict_declared_while_the_form_is_open_leaves_the_text(
    browser: Browser, workspace: Workspace, proposal: str
) -> None:
    page = open_scorecard(browser, workspace, proposal)
    reason(page).fill("Before.")
    is_saved(page)
    other = page.context.new_page()
    other.goto(f"/proposals/{proposal}/conflict/")
    other.locator('input[name="kind"][value="money"]').check(force=True)
    other.locator('input[name="understood"]').check(force=True)
    other.get_by_role("button", name="Record my statement").click()
    expect(other).to_have_url(f"{workspace.site.address}/")

    reason(page).fill("Typed after the conflict.")
    expect(state(page)).to_have_text(re.compile("^Not saved: This proposal is not open to you"), timeout=PATIENCE)

    expect(page.get_by_text("What you typed stays on this page for you to copy.")).to_be_visible()
    expect(reason(page)).to_have_value("Typed after the conflict.")
    assert workspace.stored(proposal) == (None, "Before.")
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_role("link", name="Dockets").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dockets", timeout=PATIENCE)


def test_leaving_at_once_and_coming_back_finds_every_word(
    browser: Browser, workspace: Workspace, proposal: str
) -> None:
    page = open_scorecard(browser, workspace, proposal)

    choose(page, "2")
    reason(page).fill("Typed, and gone at once.")
    page.get_by_role("link", name="Dockets").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dockets", timeout=PATIENCE)
    page.goto(f"/proposals/{proposal}/scorecard/")

    expect(reason(page)).to_have_value("Typed, and gone at once.")
    expect(page.locator('input[name="stakes-answer"][value="2"]')).to_be_checked()


def test_leaving_with_unsaved_words_asks(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)
    page.route("**/cells/**", lambda route: route.abort())

    reason(page).press_sequentially("Nobody saves this.")
    expect(state(page)).to_have_text(re.compile("^Not saved: offline"), timeout=PATIENCE)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)

    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_bad_value_is_said_at_its_cell_and_the_text_stays(
    browser: Browser, workspace: Workspace, proposal: str
) -> None:
    page = open_scorecard(browser, workspace, proposal)

    reason(page).fill("Kept on the page.")
    choose(page, "3")
    page.locator('select[name="stakes-grade"]').select_option("4")
    fault = page.locator("#cell-stakes .field__error")
    expect(fault).to_contain_text("E4 needs evidence of grade E4 or better", timeout=PATIENCE)
    expect(reason(page)).to_have_value("Kept on the page.")
    page.locator('select[name="stakes-grade"]').select_option("")
    is_saved(page)

    expect(fault).to_have_count(0)
    assert workspace.stored(proposal) == (3, "Kept on the page.")


def test_passage_of_the_proposal_becomes_evidence_that_the_cell_cites(
    browser: Browser, workspace: Workspace, proposal: str
) -> None:
    page = open_scorecard(browser, workspace, proposal)
    choose(page, "3")
    is_saved(page)
    page.evaluate(
        """() => {
            const text = document.querySelector('#read-problem .source-text').firstChild;
            getSelection().setBaseAndExtent(text, 0, text, 23);
        }"""
    )
    page.get_by_role("button", name="Make the selected passage evidence").click()
    dialog = page.get_by_role("dialog", name="New evidence")
    expect(dialog.get_by_label("The words themselves")).to_have_value("Two lexicons, one word.")
    dialog.get_by_role("button", name="Enter and cite").click()
    expect(dialog.get_by_text("This field is required.").first).to_be_visible()
    dialog.get_by_label("What it shows").fill("The two lexicons differ.")
    dialog.locator('input[name="grade"][value="2"]').check(force=True)
    dialog.get_by_role("button", name="Enter and cite").dblclick()
    expect(dialog).to_be_hidden()
    is_saved(page)

    expect(page.locator('#cell-stakes [data-grade] option[value=""]')).to_have_text("As cited: E2")
    expect(page.locator("#cell-stakes [data-cap]")).to_be_hidden()
    expect(page.locator("[data-evidence-list]")).to_contain_text("The two lexicons differ.")
    expect(page.locator("#read-problem mark")).to_have_text("Two lexicons, one word.")
    query = "SELECT kind, page, quote FROM proposals_evidence WHERE proposal_id = %s AND number > 1"
    assert workspace.site.rows(query, proposal) == [("passage", "The problem, and why now", "Two lexicons, one word.")]


def test_risk_is_set_on_the_grid(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)

    page.locator('#cell-disinformation [data-square="3-4"]').click()
    is_saved(page)

    expect(page.locator('input[name="disinformation-likelihood"][value="3"]')).to_be_checked()
    expect(page.locator('input[name="disinformation-consequence"][value="4"]')).to_be_checked()


def focused(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
    return name


def press_until(page: Page, key: str, wanted: str, most: int = 80) -> None:
    for _ in range(most):
        if focused(page) == wanted:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} was not reached by {key}, the focus is on {focused(page)}")


def test_keyboard_alone_goes_from_the_queue_to_submit(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = sign_in(browser, workspace.site, "officer")
    title = page.locator(f'tr:has(a[href="/proposals/{proposal}/"]) a[href="/proposals/{proposal}/scorecard/"]')
    title.focus()
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text("Nothing to save yet")
    press_until(page, "Tab", "diplomatic-subsidy-answer")

    page.keyboard.press("3")
    page.keyboard.press("a")
    expect(page.locator('select[name="diplomatic-subsidy-grade"]')).to_have_value("0")
    page.keyboard.press("r")
    page.keyboard.type("A draft lexicon is named. 2 of 3.")
    expect(page.locator('input[name="diplomatic-subsidy-answer"][value="3"]')).to_be_checked()
    page.keyboard.press("Control+Enter")
    while focused(page) != "recommendation":
        page.keyboard.press("n")
        if focused(page).endswith("-likelihood"):
            page.keyboard.press("Tab")
            page.keyboard.press("n")
        page.keyboard.press("Control+Enter")
    page.keyboard.press("ArrowRight")
    press_until(page, "Tab", "recommendation_reason", 4)
    page.keyboard.type("Nobody could tell.")
    page.keyboard.press("Control+Enter")
    assert focused(page) == "action"
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Your scorecard", timeout=PATIENCE)


def test_question_mark_shows_the_keys_and_only_outside_text(
    browser: Browser, workspace: Workspace, proposal: str
) -> None:
    page = open_scorecard(browser, workspace, proposal)
    dialog = page.get_by_role("dialog", name="Keys")

    reason(page).press_sequentially("Why?")
    expect(dialog).to_be_hidden()
    page.locator('input[name="stakes-answer"][value="2"]').focus()
    page.keyboard.press("?")

    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_divider_moves_by_keyboard_and_pointer(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)
    divider, reader = page.get_by_role("separator"), page.locator("#reader")
    before = reader.bounding_box()["width"]  # type: ignore[index] - it is on the page

    divider.focus()
    page.keyboard.press("ArrowLeft")
    wider = reader.bounding_box()["width"]  # type: ignore[index] - same
    divider.hover(position={"x": 4, "y": 300})
    page.mouse.down()
    page.mouse.move(900, 300)
    page.mouse.up()

    assert wider == pytest.approx(before + 24, abs=1)
    assert reader.bounding_box()["width"] == pytest.approx(540, abs=12)  # type: ignore[index] - same


@pytest.mark.parametrize("width", [1440, 390])
def test_scoring_page_has_no_fault_for_axe_and_fits(
    browser: Browser, workspace: Workspace, proposal: str, width: int
) -> None:
    page = open_scorecard(browser, workspace, proposal, width=width)
    choose(page, "4")
    is_saved(page)

    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth")

    assert found.response["violations"] == []
    assert wide == width


def test_reduced_motion_moves_nothing(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)

    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(element => {
            const style = getComputedStyle(element);
            const lasts = name => style[name].split(',').some(each => parseFloat(each) > 0.01);
            return lasts('transitionDuration') || lasts('animationDuration') || style.scrollBehavior === 'smooth';
        }).length"""
    )

    assert moving == 0


def test_nothing_sensitive_is_kept_by_the_browser(browser: Browser, workspace: Workspace, proposal: str) -> None:
    page = open_scorecard(browser, workspace, proposal)
    choose(page, "4")
    reason(page).fill("A frank sentence.")
    is_saved(page)

    kept = page.evaluate("({...localStorage, ...sessionStorage})")

    assert kept == {"htmx-current-path-for-history": f"/proposals/{proposal}/scorecard/"}


def test_without_script_the_page_saves_and_guards_against_a_stale_page(
    browser: Browser, workspace: Workspace, proposal: str
) -> None:
    first = open_scorecard(browser, workspace, proposal)
    context = browser.new_context(
        base_url=workspace.site.address, java_script_enabled=False, storage_state=first.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(f"/proposals/{proposal}/scorecard/")
    reason(first).fill("Saved by the page with a script.")
    is_saved(first)

    reason(plain).fill("Typed without a script.")
    plain.get_by_role("button", name="Save draft").last.click()
    expect(plain.get_by_text("Saved elsewhere since you opened this page")).to_be_visible()
    expect(plain.locator("#cell-stakes .cell__clash")).to_contain_text("Saved by the page with a script.")
    expect(reason(plain)).to_have_value("Typed without a script.")
    plain.get_by_role("button", name="Save draft").last.click()
    expect(plain.get_by_text(re.compile("Draft saved at"))).to_be_visible()

    assert workspace.stored(proposal) == (None, "Typed without a script.")
