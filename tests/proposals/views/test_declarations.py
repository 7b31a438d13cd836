"""The statement on conflicts of interest comes before any page of a proposal."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from proposals.models import CoFunder, Participant
from t2eval.accounts.models import Affiliation
from t2eval.accounts.roles import Role
from tests.factories import ProposalFactory, assign, bar, make_scorecard, make_user

pytestmark = pytest.mark.django_db


def url(name, proposal):
    return reverse(f"proposals:{name}", args=[proposal.pk])


@pytest.fixture
def unstated(version, officer, client):
    """Assigned to the signed-in officer, who has made no statement on it."""
    made = ProposalFactory(
        docket__rubric_version=version, title="A quiet line", summary="Admirals compare tide tables."
    )
    assign(made, officer, stated=False)
    client.force_login(officer)
    return made


def test_page_before_the_statement_leads_to_it_and_back(client, unstated):
    page = f"{url('scorecard-edit', unstated)}?part=2"

    asked = client.get(page)
    answered = client.post(asked.url, {"kind": "none", "next": page})

    assert asked.url == f"{url('conflict-declare', unstated)}?{urlencode({'next': page})}"
    assert answered.url == page
    assert client.get(page).status_code == 200


def test_statement_page_carries_on_where_one_was_going(client, unstated):
    html = client.get(url("conflict-declare", unstated), {"next": "/memos/"}).content.decode()

    assert html.count('<input type="hidden" name="next" value="/memos/">') == 1


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "x"])
def test_statement_goes_on_to_no_other_site(client, unstated, address):
    response = client.post(url("conflict-declare", unstated), {"kind": "none", "next": address})

    assert response.url == url("proposal-detail", unstated)


def test_form_sent_before_the_statement_is_not_sent_again_by_itself(client, unstated):
    response = client.post(url("scorecard-edit", unstated), {})

    assert response.url == url("conflict-declare", unstated)


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_script_before_the_statement_is_refused_with_a_code(client, unstated, headers):
    response = client.get(url("scorecard-edit", unstated), headers=headers)

    assert (response.status_code, response.json()) == (
        403,
        {
            "code": "declaration-needed",
            "detail": "Say first whether you have a conflict of interest on this proposal.",
            "declare": url("conflict-declare", unstated),
        },
    )


def test_own_scorecard_from_before_the_rule_waits_for_the_statement(client, unstated, officer):
    card = make_scorecard(unstated, officer)

    response = client.get(reverse("proposals:scorecard-detail", args=[card.pk]))

    assert response.url.partition("?")[0] == url("conflict-declare", unstated)


@pytest.mark.parametrize(
    ("roles", "kind"), [([Role.OFFICER, Role.CHAIR], "live"), ([Role.CHAIR], "live"), ([Role.OFFICER], "calibration")]
)
def test_chairs_and_calibration_cases_are_asked_for_no_statement(client, version, roles, kind):
    proposal = ProposalFactory(docket__rubric_version=version, docket__kind=kind)
    user = make_user(*roles)
    assign(proposal, user, stated=False)
    client.force_login(user)

    assert client.get(url("proposal-detail", proposal)).status_code == 200


def test_statement_page_shows_what_a_conflict_is_judged_by_and_nothing_else(client, unstated):
    CoFunder.objects.create(proposal=unstated, name="Linden Street Fund")
    Participant.objects.create(proposal=unstated, side=unstated.sides.first(), name="Ottoline Vashti", role="adviser")

    html = client.get(url("conflict-declare", unstated)).content.decode()

    shown = ["A quiet line", unstated.organizer.name, "Linden Street Fund", "Side A, Side B", "Nuclear war"]
    assert [words for words in shown if words not in html] == []
    assert [words for words in ("Admirals", "Ottoline", "150,000") if words in html] == []


def test_statement_page_says_why_beside_the_kind_that_is_suggested(client, unstated, officer):
    Affiliation.objects.create(user=officer, organization=unstated.organizer.name, kind="advisory")

    response = client.get(url("conflict-declare", unstated))

    assert {radio.data["value"]: why for radio, why in response.context["kinds"] if why} == {
        "advisory": [f"{unstated.organizer.name}, on your list of interests, is the organizer."]
    }
    assert response.content.decode().count("is the organizer.</p>") == 1


def test_statement_page_warns_the_only_chair_left(client, proposal, chair):
    client.force_login(chair)
    alone = client.get(url("conflict-declare", proposal)).content.decode()
    make_user(Role.CHAIR)
    beside = client.get(url("conflict-declare", proposal)).content.decode()

    warning = "You are the only chair who may act on this proposal."
    assert (alone.count(warning), beside.count(warning)) == (1, 0)


def test_conflict_of_the_last_chair_leads_to_the_docket_which_says_what_remains(client, proposal, chair):
    client.force_login(chair)

    response = client.post(url("conflict-declare", proposal), {"kind": "money", "understood": "on"})
    docket = client.get(response.url).content.decode()

    assert response.url == reverse("proposals:docket-detail", args=[proposal.docket_id])
    assert docket.count("No chair is left for 1 proposal here") == 1
    assert proposal.title not in docket


def test_docket_page_says_nothing_while_another_chair_may_act(client, proposal, chair):
    make_user(Role.CHAIR)
    bar(proposal, chair)
    client.force_login(chair)

    docket = client.get(reverse("proposals:docket-detail", args=[proposal.docket_id])).content.decode()

    assert docket.count("No chair is left") == 0


def test_proposal_page_names_who_may_act_as_chair(client, proposal, officer):
    acting = make_user(Role.CHAIR, name="Ada Acting")
    barred = make_user(Role.CHAIR, name="Bo Barred")
    bar(proposal, barred)
    client.force_login(officer)
    before = client.get(url("proposal-detail", proposal)).content.decode()
    bar(proposal, acting)
    after = client.get(url("proposal-detail", proposal)).content.decode()

    assert [before.count(words) for words in ("Ada Acting", "Bo Barred", "No chair may act")] == [1, 0, 0]
    assert [after.count(words) for words in ("Ada Acting", "Bo Barred", "No chair may act")] == [0, 0, 1]
