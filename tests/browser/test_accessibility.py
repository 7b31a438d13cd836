"""axe on every page, wide and narrow, and no page wider than its screen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site, sign_in

SIZES = [1440, 390]


@pytest.fixture(scope="session")
def ids(browser: Browser, site: Site) -> dict[str, str]:
    """One row of each kind in the demo, with a memo that has been asked for and is ready."""
    queries = {
        "docket": "SELECT id FROM proposals_docket WHERE slug = 'sample'",
        "calibration": "SELECT id FROM proposals_docket WHERE slug = 'calibration'",
        "proposal": "SELECT id FROM proposals_proposal WHERE title LIKE 'Distress below%'",
        "draft": "SELECT id FROM proposals_proposal WHERE title LIKE 'A common test%'",
        "disputed": "SELECT id FROM proposals_proposal WHERE title LIKE 'A quiet line%'",
        "unstated": "SELECT id FROM proposals_proposal WHERE title LIKE 'Counting what%'",
        "case": "SELECT id FROM proposals_proposal WHERE title LIKE 'Inter-Tajik%'",
        "organizer": "SELECT id FROM proposals_organizer WHERE is_sample ORDER BY name LIMIT 1",
        "version": "SELECT id FROM rubrics_rubricversion",
        "evidence": "SELECT e.id FROM proposals_evidence e JOIN proposals_proposal p ON p.id = e.proposal_id"
        " WHERE p.title LIKE 'Distress below%' ORDER BY e.number LIMIT 1",
        "scorecard": "SELECT s.id FROM proposals_scorecard s JOIN proposals_proposal p ON p.id = s.proposal_id"
        " JOIN accounts_user u ON u.id = s.officer_id WHERE p.title LIKE 'Distress below%' AND u.username = 'officer'",
    }
    found = {name: str(site.rows(query)[0][0]) for name, query in queries.items()}
    page = sign_in(browser, site, "officer")
    page.goto(reverse("proposals:memo-words-edit", kwargs={"pk": found["proposal"]}))
    page.get_by_role("button", name="Save and ask for the memo").first.click()
    expect(page.get_by_role("link", name=re.compile("PDF")).first).to_be_visible(timeout=90_000)
    memo = page.url.rstrip("/").rpartition("/")[2]
    admin = sign_in(browser, site, "admin")
    admin.goto(reverse("rubrics:draft-start"))
    admin.get_by_label("Name of the draft").fill("To be looked at")
    admin.get_by_role("button", name="Start the draft").click()
    admin.get_by_role("link", name="Stakes").last.click()
    admin.get_by_label("What it judges").fill("Other words.")
    admin.get_by_role("button", name="Save", exact=True).click()
    draft = admin.url.rstrip("/").split("/")[-3]
    return found | {"memo": memo, "rubric draft": draft}


def of(name: str, **which: str) -> tuple[str, dict[str, str]]:
    return name, which


PAGES = {
    "officer": [
        of("proposals:assignment-list"),
        of("proposals:docket-list"),
        of("proposals:docket-detail", pk="docket"),
        of("proposals:docket-detail", pk="calibration"),
        of("proposals:proposal-create", pk="docket"),
        of("proposals:proposal-detail", pk="proposal"),
        of("proposals:proposal-detail", pk="case"),
        of("proposals:proposal-edit", pk="proposal"),
        of("proposals:proposal-revisions", pk="proposal"),
        of("proposals:participant-list", pk="proposal"),
        of("proposals:participant-create", pk="proposal"),
        of("proposals:conflict-declare", pk="proposal"),
        of("proposals:conflict-declare", pk="unstated"),
        of("accounts:interest-list"),
        of("proposals:organizer-list"),
        of("proposals:organizer-detail", pk="organizer"),
        of("proposals:organizer-create"),
        of("proposals:organizer-edit", pk="organizer"),
        of("proposals:scorecard-edit", pk="draft"),
        of("proposals:scorecard-detail", pk="scorecard"),
        of("proposals:evidence-create", pk="draft"),
        of("proposals:evidence-edit", pk="evidence"),
        of("proposals:assessment-detail", pk="proposal"),
        of("proposals:assessment-detail", pk="draft"),
        of("proposals:assessment-detail", pk="disputed"),
        of("proposals:assessment-detail", pk="case"),
        of("proposals:memo-words-edit", pk="proposal"),
        of("proposals:memo-list"),
        of("proposals:memo-detail", pk="memo"),
        of("rubrics:version-list"),
        of("rubrics:version-detail", pk="version"),
    ],
    "chair": [
        of("proposals:docket-create"),
        of("proposals:docket-edit", pk="docket"),
        of("proposals:proposal-detail", pk="disputed"),
        of("proposals:check-edit", pk="disputed", key="=provenance"),
        of("proposals:gate-override", pk="disputed", key="=severe-residual-risk"),
        of("proposals:consensus-record", pk="disputed", item="=governments-informed"),
        of("proposals:consensus-record-part", pk="disputed", item="=hampering-track-1", part="=probability"),
        of("proposals:assignment-make", pk="disputed"),
        of("proposals:memo-issue", pk="memo"),
    ],
    "committee": [of("proposals:assignment-list"), of("proposals:memo-list"), of("proposals:docket-list")],
    "auditor": [of("proposals:event-list")],
    "admin": [
        of("proposals:assignment-list"),
        of("rubrics:version-list"),
        of("rubrics:version-detail", pk="version"),
        of("rubrics:draft-start"),
        of("rubrics:draft-import"),
        *(of(f"rubrics:draft-{name}", pk="rubric draft") for name in ("detail", "rename", "discard", "scale", "bands")),
        of("proposals:what-if", pk="rubric draft"),
        of("rubrics:draft-section", pk="rubric draft", section="=theories"),
        of("rubrics:draft-section", pk="rubric draft", section="=risk"),
        of("rubrics:draft-pairings", pk="rubric draft", section="=risk"),
        of("rubrics:draft-item", pk="rubric draft", key="=route"),
        of("rubrics:draft-item", pk="rubric draft", key="=hotwash"),
        of("rubrics:draft-item-add", pk="rubric draft", section="=issue", kind="=criteria"),
        of("rubrics:draft-item-remove", pk="rubric draft", key="=stakes"),
        of("rubrics:draft-gate", pk="rubric draft", key="=policy-disconnection"),
        of("rubrics:draft-gate-remove", pk="rubric draft", key="=provenance"),
        of("proposals:what-if", pk="rubric draft"),
        of("proposals:rubric-publish", pk="rubric draft"),
    ],
}


def address(page: tuple[str, dict[str, str]], ids: dict[str, str]) -> str:
    name, which = page
    return reverse(name, kwargs={key: ids.get(value, value.lstrip("=")) for key, value in which.items()})


def faults_of(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    faults = [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return faults + ([f"{width} px wider than the screen"] if width > 0 else [])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("user", PAGES)
def test_pages_are_accessible(browser: Browser, site: Site, ids: dict[str, str], user: str, size: int) -> None:
    page = sign_in(browser, site, user, width=size)
    faults = {}
    for place in PAGES[user]:
        url = address(place, ids)
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, f"{place[0]}: {answer.status}"
        if found := faults_of(page):
            faults[f"{place[0]} {place[1]}"] = found

    assert faults == {}


@pytest.mark.parametrize("size", SIZES)
def test_pages_for_strangers_are_accessible(browser: Browser, site: Site, size: int) -> None:
    page = browser.new_context(base_url=site.address, viewport={"width": size, "height": 900}).new_page()
    faults = {}
    for url in ("/sign-in/", "/no-such-page/"):
        page.goto(url)
        if found := faults_of(page):
            faults[url] = found

    assert faults == {}
