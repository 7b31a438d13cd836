import hashlib
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from proposals.models import Assessment, Memo, MemoJob, Participant, Proposal
from proposals.services.memo_freshness import ASSESSMENT
from proposals.services.memos import issue_memo
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, ProposalFactory, assign, bar, make_user
from tests.memo_rows import add_officer, make_memo, make_sponsored

pytestmark = pytest.mark.django_db

PAGES = ("memo-detail", "memo-status", "memo-pdf", "memo-issue")
BYTES = b"%PDF-1.7 test"
READY = {"job": "ready", "pdf_sha256": hashlib.sha256(BYTES).hexdigest()}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT, settings.REDIS_URL = tmp_path, ""


def ready_memo(proposal=None, **facts):
    proposal = proposal or make_sponsored()[0]
    name = default_storage.save("memos/one.pdf", ContentFile(BYTES))
    return make_memo(proposal, **{**READY, "pdf": name, **facts})


def issued_memo():
    memo = ready_memo()
    return issue_memo(memo=memo, by=make_user(Role.CHAIR), at=NOW)


def address(page, memo):
    return reverse(f"proposals:{page}", args=[memo.pk])


def signed_in(client, *roles):
    user = make_user(*roles)
    client.force_login(user)
    return user


# --- who may open what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_memo_pages_for_the_anonymous_ask_to_sign_in(client, page):
    response = client.get(address(page, ready_memo()))

    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("accounts:sign-in"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("roles", [[Role.COMMITTEE], [Role.ADMIN], [Role.AUDITOR], [Role.OFFICER], []])
def test_draft_is_not_found_by_who_has_no_part_in_it(client, page, roles):
    memo = ready_memo()
    signed_in(client, *roles)

    assert client.get(address(page, memo)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("roles", [[Role.CHAIR], [Role.CHAIR, Role.COMMITTEE]])
def test_memo_is_not_found_by_a_conflicted_chair(client, page, roles):
    memo = issued_memo()
    bar(memo.proposal, signed_in(client, *roles))

    assert client.get(address(page, memo), HTTP_HX_REQUEST="true").status_code == 404
    assert client.post(address("memo-issue", memo)).status_code == 404


def test_draft_is_not_found_by_an_officer_who_has_not_scored(client):
    memo = ready_memo()
    client.force_login(add_officer(memo.proposal, submitted=False))

    assert [client.get(address(page, memo)).status_code for page in PAGES] == [404] * 4


@pytest.mark.parametrize("page", ["memo-detail", "memo-pdf"])
def test_issued_memo_is_read_by_the_committee(client, page):
    memo = issued_memo()
    signed_in(client, Role.COMMITTEE)

    assert client.get(address(page, memo)).status_code == 200


def test_statement_of_no_conflict_by_the_committee_leads_back_to_the_memo(client):
    memo = issued_memo()
    signed_in(client, Role.COMMITTEE)
    declare = reverse("proposals:conflict-declare", args=[memo.proposal_id])
    linked = f'href="{declare}"' in client.get(address("memo-detail", memo)).content.decode()

    response = client.post(declare, {"kind": "none"}, follow=True)

    assert (linked, response.redirect_chain) == (True, [(address("memo-detail", memo), 302)])
    assert response.status_code == 200


def test_issuing_is_forbidden_to_officers(client):
    memo = ready_memo()
    client.force_login(memo.requested_by)

    asked, posted = client.get(address("memo-issue", memo)), client.post(address("memo-issue", memo))

    assert (asked.status_code, posted.status_code) == (403, 403)


# --- asking ---------------------------------------------------------------------------------------------------------


def test_request_by_the_sponsor_leads_to_the_memo(client):
    proposal, sponsor = make_sponsored()
    client.force_login(sponsor)

    response = client.post(reverse("proposals:memo-request", args=[proposal.pk]))

    memo = Memo.objects.get(proposal=proposal)
    assert response.url == address("memo-detail", memo)


def test_request_by_get_is_refused(client):
    proposal, sponsor = make_sponsored()
    client.force_login(sponsor)

    assert client.get(reverse("proposals:memo-request", args=[proposal.pk])).status_code == 405


def test_request_by_another_officer_is_forbidden(client):
    proposal, _ = make_sponsored()
    client.force_login(add_officer(proposal))

    assert client.post(reverse("proposals:memo-request", args=[proposal.pk])).status_code == 403
    assert not Memo.objects.exists()


def test_request_by_a_sponsor_who_has_not_scored_is_forbidden(client):
    proposal = ProposalFactory()
    sponsor = make_user(Role.OFFICER)
    assign(proposal, sponsor, sponsor=True)
    add_officer(proposal)
    client.force_login(sponsor)

    assert client.post(reverse("proposals:memo-request", args=[proposal.pk])).status_code == 403


def test_request_without_an_assessment_leads_back_to_the_words_with_the_reason(client):
    proposal = ProposalFactory()
    signed_in(client, Role.CHAIR)

    response = client.post(reverse("proposals:memo-request", args=[proposal.pk]), follow=True)

    assert response.redirect_chain == [(reverse("proposals:memo-words-edit", args=[proposal.pk]), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "A memo needs an assessment: the first submitted scorecard makes one."
    ]


def test_request_where_the_method_gives_another_result_leads_back_to_the_words_with_the_reason(client):
    proposal, sponsor = make_sponsored()
    stored = Assessment.objects.get(proposal=proposal)
    Assessment.objects.filter(pk=stored.pk).update(is_current=False)
    facts = {field.attname: getattr(stored, field.attname) for field in Assessment._meta.concrete_fields}
    Assessment.objects.create(**facts | {"id": uuid.uuid4(), "exact": stored.exact | {"index": "1/3"}})
    client.force_login(sponsor)

    response = client.post(reverse("proposals:memo-request", args=[proposal.pk]), follow=True)

    assert response.redirect_chain == [(reverse("proposals:memo-words-edit", args=[proposal.pk]), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "The method has changed since this assessment. Assess the proposal again."
    ]


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["queued", "failed", "ready"])
def test_memo_in_every_state_of_its_job_opens_and_only_a_waiting_one_polls(client, state):
    memo = make_memo(make_sponsored()[0], job=state) if state != "ready" else ready_memo()
    client.force_login(memo.requested_by)

    content = client.get(address("memo-detail", memo)).content.decode()

    assert content.count("every 1500ms") == (1 if state == "queued" else 0)
    assert content.count(address("memo-pdf", memo)) == (1 if state == "ready" else 0)
    assert content.count("Try again") == (1 if state == "failed" else 0)


def test_status_partial_is_the_panel_alone(client):
    memo = ready_memo()
    client.force_login(memo.requested_by)

    content = client.get(address("memo-status", memo), HTTP_HX_REQUEST="true").content.decode()

    assert content.lstrip().startswith('<section class="card')
    assert content.count("every 1500ms") == 0


def test_status_without_htmx_leads_to_the_page(client):
    memo = ready_memo()
    client.force_login(memo.requested_by)

    assert client.get(address("memo-status", memo)).url == address("memo-detail", memo)


def test_memo_says_what_changed_and_offers_a_new_edition_to_who_may_ask(client):
    memo = ready_memo()
    other = add_officer(memo.proposal)

    answers = []
    for user in (memo.requested_by, other):
        client.force_login(user)
        answers.append(client.get(address("memo-detail", memo)))

    assert [answer.context["changes"] for answer in answers] == [[ASSESSMENT], [ASSESSMENT]]
    assert [answer.text.count("Ask for a new edition") for answer in answers] == [1, 0]


def test_issued_memo_says_that_the_record_has_another_revision_now(client):
    memo = issued_memo()
    Proposal.objects.filter(pk=memo.proposal_id).update(revision=2)
    signed_in(client, Role.COMMITTEE)

    changes = client.get(address("memo-detail", memo)).context["changes"]

    assert changes == ["The record is now revision 2, this memo has revision 1."]


def test_superseded_memo_says_nothing_of_later_changes(client):
    memo = issued_memo()
    issue_memo(memo=ready_memo(memo.proposal), by=make_user(Role.CHAIR), at=NOW)
    add_officer(memo.proposal)
    signed_in(client, Role.COMMITTEE)

    response = client.get(address("memo-detail", memo))

    assert (response.context["changes"], response.text.count("This edition is superseded.")) == ([], 1)


def test_failed_memo_offers_no_retry_to_another_officer(client):
    memo = make_memo(make_sponsored()[0], job="failed")
    client.force_login(add_officer(memo.proposal))

    content = client.get(address("memo-detail", memo)).content.decode()

    assert (content.count("The rendering stopped: test"), content.count("Try again")) == (1, 0)


def test_pdf_is_sent_inline_under_its_number_and_the_reading_is_recorded(client):
    memo = ready_memo()
    client.force_login(memo.requested_by)

    response = client.get(address("memo-pdf", memo))

    assert b"".join(response.streaming_content) == b"%PDF-1.7 test"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="T2-2026-001-1.pdf"'
    assert response.headers["Cache-Control"] == "no-store, private"
    assert Event.objects.get(event="memo.pdf-read").target_id == str(memo.pk)


def test_pdf_whose_bytes_are_not_those_that_were_rendered_is_not_sent(client):
    memo = ready_memo(pdf_sha256="2" * 64)
    signed_in(client, Role.CHAIR)

    response = client.get(address("memo-pdf", memo), follow=True)

    assert response.redirect_chain == [(address("memo-detail", memo), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "The stored PDF is not the one that was rendered: its SHA-256 differs. It is not sent; tell an administrator."
    ]
    events = Event.objects.filter(target_id=str(memo.pk)).values_list("event", flat=True)
    assert list(events) == ["memo.pdf-altered"]


def test_pdf_that_is_not_ready_is_not_found(client):
    memo = make_memo(make_sponsored()[0])
    client.force_login(memo.requested_by)

    assert client.get(address("memo-pdf", memo)).status_code == 404


def test_pdf_whose_file_is_lost_is_not_found_and_not_recorded_as_read(client):
    memo = ready_memo()
    default_storage.delete(memo.pdf.name)
    client.force_login(memo.requested_by)

    assert client.get(address("memo-pdf", memo)).status_code == 404
    assert not Event.objects.filter(event="memo.pdf-read").exists()


# --- the list -------------------------------------------------------------------------------------------------------


def listed(client):
    return [memo.pk for memo in client.get(reverse("proposals:memo-list")).context["memos"]]


def test_memo_list_of_the_committee_holds_issued_and_superseded_ones(client):
    first = issued_memo()
    second = ready_memo(first.proposal)
    issue_memo(memo=second, by=make_user(Role.CHAIR), at=NOW)
    ready_memo(first.proposal)
    ready_memo()
    signed_in(client, Role.COMMITTEE)

    assert listed(client) == [second.pk, first.pk]


def test_memo_list_of_a_chair_leaves_out_what_a_conflict_bars(client):
    seen, barred = ready_memo(), issued_memo()
    bar(barred.proposal, signed_in(client, Role.CHAIR))

    assert listed(client) == [seen.pk]


@pytest.mark.parametrize(
    ("role", "heading"),
    [(Role.OFFICER, "No memos yet"), (Role.COMMITTEE, "No memo has been issued yet")],
)
def test_memo_list_without_memos_teaches(client, role, heading):
    signed_in(client, role)

    content = client.get(reverse("proposals:memo-list")).content.decode()

    assert content.count(f"<h2>{heading}</h2>") == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_memo_list_asks_the_database_as_often_for_three_as_for_one(client, django_assert_num_queries, rows):
    for _ in range(rows):
        ready_memo()
    signed_in(client, Role.CHAIR)

    with django_assert_num_queries(4):
        client.get(reverse("proposals:memo-list"))


# --- issuing --------------------------------------------------------------------------------------------------------


def test_issue_asks_first_and_writes_nothing(client):
    memo = ready_memo()
    signed_in(client, Role.CHAIR)

    response = client.get(address("memo-issue", memo))

    memo.refresh_from_db()
    assert response.context["may_issue"]
    assert memo.state == "draft"


def test_issue_of_a_memo_that_is_out_of_date_says_why_and_offers_a_new_edition(client):
    memo = ready_memo()
    Proposal.objects.filter(pk=memo.proposal_id).update(revision=2)
    signed_in(client, Role.CHAIR)

    asked, posted = (do(address("memo-issue", memo)) for do in (client.get, client.post))

    memo.refresh_from_db()
    reasons = ["The record is now revision 2, this memo has revision 1."]
    assert [answer.context["reasons"] for answer in (asked, posted)] == [reasons, reasons]
    assert (asked.text.count("Ask for a new edition"), memo.state) == (1, "draft")


def test_issue_by_the_chair_issues(client):
    memo = ready_memo()
    signed_in(client, Role.CHAIR)

    response = client.post(address("memo-issue", memo))

    memo.refresh_from_db()
    assert (response.url, memo.state) == (address("memo-detail", memo), "issued")


def test_issue_refused_for_names_links_to_the_fields(client):
    memo = ready_memo(content={"case_for": "Ada Example leads.", "exit_triggers": "Ada Example leaves."})
    side = memo.proposal.sides.first()
    Participant.objects.create(proposal=memo.proposal, side=side, name="Ada Example", role="adviser")
    signed_in(client, Role.CHAIR)

    response = client.post(address("memo-issue", memo))

    words = reverse("proposals:memo-words-edit", args=[memo.proposal_id])
    assert [link for _, link in response.context["names"]] == [f"{words}#id_case_for", f"{words}#id_exit_triggers"]
    memo.refresh_from_db()
    assert memo.state == "draft"


@pytest.mark.parametrize("part", ["organizer", "annex", "grant", "theory", "bundle", "decision"])
def test_issue_refused_for_a_name_anywhere_links_to_a_page_that_is_there(client, part):
    memo = make_memo(make_sponsored()[0], content_override={"head": {"revision": 1}, part: {"words": "Ada Example"}})
    side = memo.proposal.sides.first()
    Participant.objects.create(proposal=memo.proposal, side=side, name="Ada Example", role="adviser")
    signed_in(client, Role.CHAIR)

    ((_, link),) = client.get(address("memo-issue", memo)).context["names"]

    assert client.get(link.partition("#")[0]).status_code == 200


def test_issue_of_a_memo_whose_job_waits_says_so(client):
    memo = make_memo(make_sponsored()[0])
    signed_in(client, Role.CHAIR)

    response = client.post(address("memo-issue", memo))

    assert response.context["reasons"] == ["Its PDF is not ready."]
    assert MemoJob.objects.get(memo=memo).state == "queued"
