import re
from urllib.parse import quote

import pytest
from django.urls import reverse

from proposals.models import Docket, Proposal
from proposals.services.records import SideEntry, edit_proposal, enter_proposal
from t2eval.accounts.roles import Role
from tests.factories import (
    NOW,
    DocketFactory,
    IssueAreaFactory,
    OrganizerFactory,
    assign,
    bar,
    make_check,
    make_evidence,
    make_scorecard,
    make_user,
    state_no_conflict,
)
from tests.record_entries import make_entry, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def sponsor(client):
    user = make_user(Role.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def record(sponsor):
    entered = enter_proposal(docket=DocketFactory(), entry=make_entry(), by=sponsor, at=NOW)
    state_no_conflict(entered, sponsor)
    return entered


def new_record(docket, **changes):
    facts = {
        "title": "A new dialogue",
        "summary": "Who meets whom.",
        "organizer": str(OrganizerFactory().pk),
        "issue_area": str(IssueAreaFactory().pk),
        "sides-0-name": "United States",
        "sides-1-name": "China",
    }
    return posted(docket, **{**facts, **changes})


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_create_enters_the_record_and_shows_it(client, sponsor):
    docket = DocketFactory()
    data = new_record(
        docket,
        **{
            "transfer_mechanisms-0-kind": "testimony",
            "transfer_mechanisms-0-side": "1",
            "transfer_mechanisms-0-audience": "A committee",
            "agenda-0-title": "The risk",
            "agenda-0-hours": "6",
            "agenda-0-is_on_risk": "on",
            "hazardous_content": "false",
        },
    )

    response = client.post(reverse("proposals:proposal-create", args=[docket.pk]), data)

    proposal = Proposal.objects.get()
    assert (response.status_code, response.url) == (302, reverse("proposals:proposal-detail", args=[proposal.pk]))
    mechanism = proposal.transfer_mechanisms.get()
    assert (mechanism.side.name, proposal.agenda.get().is_on_risk, proposal.hazardous_content) == ("China", True, False)


def test_create_sent_twice_enters_one_and_leads_to_it(client, sponsor):
    docket = DocketFactory()
    address, data = reverse("proposals:proposal-create", args=[docket.pk]), new_record(docket)
    first = client.post(address, data)

    second = client.post(address, data, follow=True)

    statement = f"{reverse('proposals:conflict-declare', args=[data['key']])}?next={quote(first.url, safe='')}"
    assert second.redirect_chain == [(first.url, 302), (statement, 302)]
    assert second.text.count("This form was sent before: it entered P01") == 1
    assert Proposal.objects.count() == 1


def test_create_keeps_the_key_of_the_form_through_further_rows(client, sponsor):
    docket = DocketFactory()
    data = new_record(docket, add="meetings")

    page = client.post(reverse("proposals:proposal-create", args=[docket.pk]), data)

    assert page.text.count(f'<input type="hidden" name="key" value="{data["key"]}"') == 1


def test_create_without_two_sides_keeps_everything_and_says_so(client, sponsor):
    docket = DocketFactory()
    data = new_record(docket, **{"sides-1-name": "", "meetings-0-title": "First round"})

    response = client.post(reverse("proposals:proposal-create", args=[docket.pk]), data)

    page = text(response)
    assert (response.status_code, Proposal.objects.count()) == (200, 0)
    assert "A dialogue has at least two sides" in page
    assert 'value="First round"' in page


def test_create_with_two_sides_of_one_name_is_refused(client, sponsor):
    docket = DocketFactory()

    response = client.post(
        reverse("proposals:proposal-create", args=[docket.pk]), new_record(docket, **{"sides-1-name": "united states"})
    )

    assert (response.status_code, Proposal.objects.count()) == (200, 0)
    assert "Two sides have this name." in text(response)


def test_create_with_a_mechanism_of_an_unnamed_side_is_refused(client, sponsor):
    docket = DocketFactory()
    mechanism = {"kind": "testimony", "side": "2", "audience": "A committee"}
    typed = {f"transfer_mechanisms-0-{name}": value for name, value in mechanism.items()}
    data = new_record(docket, **typed, **{"sides-TOTAL_FORMS": "3", "sides-2-name": "", "sides-2-key": ""})

    response = client.post(reverse("proposals:proposal-create", args=[docket.pk]), data)

    assert "This side has no name, or is being removed" in text(response)


def test_create_with_one_theory_twice_is_refused(client, sponsor):
    docket = DocketFactory()
    cards = {"pathway_cards-TOTAL_FORMS": "2"} | {f"pathway_cards-{row}-theory": "issue-salience" for row in (0, 1)}

    response = client.post(reverse("proposals:proposal-create", args=[docket.pk]), new_record(docket, **cards))

    assert "There is a row for this one already." in text(response)


def test_add_another_row_keeps_what_is_typed_and_saves_nothing(client, sponsor):
    docket = DocketFactory()
    data = new_record(
        docket, title="", add="meetings", **{"meetings-0-title": "First round", "meetings-0-days": "many"}
    )

    page = text(client.post(reverse("proposals:proposal-create", args=[docket.pk]), data))

    assert Proposal.objects.count() == 0
    assert 'name="meetings-TOTAL_FORMS" value="3"' in page
    assert ('value="First round"' in page, 'value="many"' in page) == (True, True)
    assert "Not saved yet" not in page


def test_create_in_a_closed_docket_is_not_found(client, sponsor):
    docket = DocketFactory(state="closed", closed_at=NOW)

    assert client.get(reverse("proposals:proposal-create", args=[docket.pk])).status_code == 404


def test_edit_saves_and_counts_up_the_revision(client, record):
    data = posted(record.docket, record, title="A better title")

    response = client.post(reverse("proposals:proposal-edit", args=[record.pk]), data)

    record.refresh_from_db()
    assert (response.status_code, record.title, record.revision) == (302, "A better title", 2)
    assert record.revisions.get(number=2).changed == ["title"]


def test_edit_removes_the_rows_that_are_marked_or_emptied(client, record):
    data = posted(
        record.docket,
        record,
        **{"budget_lines-0-DELETE": "on", "transfer_mechanisms-0-kind": "", "transfer_mechanisms-0-side": ""}
        | {"transfer_mechanisms-0-audience": ""},
    )

    client.post(reverse("proposals:proposal-edit", args=[record.pk]), data)

    assert (record.budget_lines.count(), record.transfer_mechanisms.count()) == (0, 0)


def test_edit_in_a_second_tab_shows_what_changed_and_loses_nothing(client, record, sponsor):
    data = posted(record.docket, record, summary="What I typed.")
    sides = [SideEntry(side.name, side.key) for side in record.sides.order_by("position")]
    theirs = make_entry(organizer=record.organizer, sides=sides, title="Their title")
    edit_proposal(proposal=record, entry=theirs, opened_revision=1, by=sponsor, at=NOW)

    page = text(client.post(reverse("proposals:proposal-edit", args=[record.pk]), data))

    record.refresh_from_db()
    assert (record.revision, record.summary) == (2, "Experts meet.")
    assert "Revision 2 was saved while you were editing revision 1." in page
    assert ("Their title" in page, "What I typed." in page) == (True, True)
    assert '<input type="hidden" name="revision" value="2"' in page


def test_edit_after_a_second_tab_saves_on_the_next_try(client, record, sponsor):
    data = posted(record.docket, record, summary="What I typed.", revision="2")
    sides = [SideEntry(side.name, side.key) for side in record.sides.order_by("position")]
    theirs = make_entry(organizer=record.organizer, sides=sides, title="Their title")
    edit_proposal(proposal=record, entry=theirs, opened_revision=1, by=sponsor, at=NOW)

    client.post(reverse("proposals:proposal-edit", args=[record.pk]), data)

    record.refresh_from_db()
    assert (record.revision, record.summary) == (3, "What I typed.")


def test_edit_that_removes_a_scored_side_says_why_not(client, record, sponsor):
    make_scorecard(record, sponsor, submitted=False)
    data = posted(record.docket, record, **{"sides-1-DELETE": "on", "sides-TOTAL_FORMS": "3", "sides-2-name": "India"})
    data["transfer_mechanisms-0-side"] = "0"

    page = text(client.post(reverse("proposals:proposal-edit", args=[record.pk]), data))

    assert "“China” cannot be removed: it carries scores." in page
    assert record.sides.count() == 2


def test_edit_without_its_management_form_is_refused_not_broken(client, record):
    response = client.post(reverse("proposals:proposal-edit", args=[record.pk]), {"title": "Spoilt"})

    record.refresh_from_db()
    assert (response.status_code, record.title) == (200, "A dialogue")


def test_detail_shows_cost_per_meeting_and_share_of_hours(client, record, sponsor):
    sides = [SideEntry(side.name, side.key) for side in record.sides.order_by("position")]
    entry = make_entry(
        organizer=record.organizer,
        sides=sides,
        meetings=[{"title": "First"}, {"title": "Second"}],
        agenda=[{"title": "Risk", "hours": 6, "is_on_risk": True}, {"title": "Rest", "hours": 2, "is_on_risk": False}],
    )
    edit_proposal(proposal=record, entry=entry, opened_revision=1, by=sponsor, at=NOW)

    page = text(client.get(reverse("proposals:proposal-detail", args=[record.pk])))

    assert ("USD 50,000 per meeting" in page, "75 % of 8 hours on the risk itself" in page) == (True, True)


@pytest.mark.parametrize("name", ["proposal-detail", "assessment-detail"])
def test_pages_of_a_proposal_say_when_its_docket_closed(client, record, name):
    address = reverse(f"proposals:{name}", args=[record.pk])
    before = client.get(address).text.count("Docket closed on")
    Docket.objects.update(state="closed", closed_at=NOW)

    page = client.get(address)

    assert (before, page.text.count("<strong>Docket closed on 2 March 2026:</strong>")) == (0, 1)


def test_detail_hides_the_assessment_until_the_own_scorecard_is_in(client, record, sponsor):
    page = text(client.get(reverse("proposals:proposal-detail", args=[record.pk])))

    assert "The assessment opens once your own scorecard is submitted." in page


def test_detail_tells_the_chair_that_a_recused_sponsor_is_to_be_replaced(client, record, sponsor):
    bar(record, sponsor)
    client.force_login(make_user(Role.CHAIR))

    page = text(client.get(reverse("proposals:proposal-detail", args=[record.pk])))

    assert "A sponsor officer is needed" in page
    assert "Recused: conflict of interest" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_detail_asks_the_database_as_often_for_three_rows_as_for_one(
    client, record, sponsor, rows, django_assert_num_queries
):
    for row in range(rows):
        record.meetings.create(title=f"Meeting {row}")
        record.transfer_mechanisms.create(
            kind="testimony", side=record.sides.first(), audience="An office", evidence=make_evidence(record)
        )
        assign(record, make_user(Role.OFFICER))
    client.get(reverse("proposals:proposal-detail", args=[record.pk]))

    with django_assert_num_queries(23):
        client.get(reverse("proposals:proposal-detail", args=[record.pk]))


def test_revisions_list_what_changed_and_compare(client, record):
    client.post(
        reverse("proposals:proposal-edit", args=[record.pk]), posted(record.docket, record, title="A better title")
    )

    page = text(client.get(reverse("proposals:proposal-revisions", args=[record.pk]), {"before": "1", "after": "2"}))

    assert "<td>Title</td>" in page
    assert ('<p class="pre-line">A dialogue</p>' in page, '<p class="pre-line">A better title</p>' in page) == (
        True,
        True,
    )


def test_revisions_asked_for_a_number_that_is_not_there_show_the_list(client, record):
    response = client.get(reverse("proposals:proposal-revisions", args=[record.pk]), {"before": "1", "after": "9"})

    assert response.status_code == 200


def test_detail_keeps_the_checks_from_an_officer_whose_scorecard_is_not_in(client, proposal, officer):
    make_check(proposal, status="insufficient")
    client.force_login(officer)
    page = reverse("proposals:proposal-detail", args=[proposal.pk])

    before = text(client.get(page))
    make_scorecard(proposal, officer)
    after = text(client.get(page))

    hint = "The answers are shown once your own scorecard is in."
    assert [(hint in shown, "Insufficient" in shown) for shown in (before, after)] == [(True, False), (False, True)]
