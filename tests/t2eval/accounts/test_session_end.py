"""A form sent after the session has ended: its words go through the sign-in page and arrive."""

import html
import json
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from proposals.models import Organizer
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

CREATE = "/organizers/new/"
WORDS = 'Two "rounds" in Vienna & one\r\nin <b>Doha</b>, quietly.'
FORM = {
    "name": "An institute",
    "description": WORDS,
    "past_convenings-TOTAL_FORMS": "1",
    "past_convenings-INITIAL_FORMS": "0",
    "earlier_grants-TOTAL_FORMS": "1",
    "earlier_grants-INITIAL_FORMS": "0",
    "earlier_grants-0-currency": "USD",
}


@pytest.fixture
def ines() -> User:
    user = make_user(Role.OFFICER, username="ines")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture(params=[False, True], ids=["csrf-off", "csrf-on"])
def browser(request: pytest.FixtureRequest) -> Client:
    """With the CSRF cookie that outlives the session."""
    client = Client(enforce_csrf_checks=request.param)
    client.get(reverse("accounts:sign-in"))
    return client


def token(client: Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}


def hidden(response: HttpResponse) -> dict[str, str]:
    """The hidden inputs of the page, as its form sends them: a browser ends lines with CR LF."""
    main = response.content.decode().partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', main)
    return {
        html.unescape(name): re.sub(r"\r\n|\n", "\r\n", value.replace("&quot;", '"').replace("&#x27;", "'"))
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        for name, value in found
    }


def sign_in(client: Client, page: HttpResponse, password: str = PASSWORD, **changes: str) -> HttpResponse:
    fields = {**hidden(page), "username": "ines", "password": password, **changes}
    return client.post(reverse("accounts:sign-in"), fields)


def test_post_without_session_holds_the_fields(browser: Client) -> None:
    secrets = {"new_password1": "hush", **token(browser)}

    response = browser.post(f"{CREATE}?from=list", {**FORM, **secrets})

    page = hidden(response)
    assert (response.status_code, page["held_path"]) == (401, f"{CREATE}?from=list")
    assert json.loads(page["held"]) == [list(field) for field in FORM.items()]
    assert "Your session ended. Nothing that you typed is lost: sign in and send it again." in response.content.decode()
    assert f'action="{reverse("accounts:sign-in")}"' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert Organizer.objects.count() == 0


def test_held_fields_survive_a_wrong_password_and_arrive(browser: Client, ines: User) -> None:
    held = browser.post(CREATE, {**FORM, **token(browser)})
    refused = sign_in(browser, held, "wrong")

    offered = sign_in(browser, refused)
    sent = browser.post(CREATE, hidden(offered))

    organizer = Organizer.objects.get()
    assert hidden(refused)["held"] == hidden(held)["held"]
    assert offered.context["user"] == ines
    assert {name: value for name, value in hidden(offered).items() if name != "csrfmiddlewaretoken"} == FORM
    assert f'action="{CREATE}"' in offered.content.decode()
    assert "Two &quot;rounds&quot; in Vienna &amp; one\r\nin &lt;b&gt;Doha&lt;/b&gt;, quietly.</dd>" in (
        offered.content.decode()
    )
    assert sent.url == reverse("proposals:organizer-detail", args=[organizer.pk])
    assert (organizer.name, organizer.description) == ("An institute", WORDS)


def test_held_fields_of_a_list_keep_every_value(client: Client) -> None:
    response = client.post(CREATE, {"sides": ["a", "b"]})

    assert json.loads(hidden(response)["held"]) == [["sides", "a"], ["sides", "b"]]


def test_user_without_the_right_is_refused_when_sending(client: Client, ines: User) -> None:
    ines.groups.clear()
    held = client.post(CREATE, FORM)

    sent = client.post(CREATE, hidden(sign_in(client, held)))

    assert (sent.status_code, Organizer.objects.count()) == (403, 0)


def test_signed_in_meanwhile_offers_to_send(client: Client, ines: User) -> None:
    held = client.post(CREATE, FORM)
    client.force_login(ines)

    offered = sign_in(client, held)

    assert (offered.status_code, hidden(offered)["description"]) == (200, WORDS)


@pytest.mark.parametrize(
    "path", ["https://example.org/", "//example.org/", "/\\example.org", "/\t/example.org", "organizers/", ""]
)
def test_held_path_off_this_site_is_refused(client: Client, ines: User, path: str) -> None:
    held = client.post(CREATE, FORM)

    response = sign_in(client, held, held_path=path)

    assert (response.status_code, "_auth_user_id" in client.session) == (400, False)


@pytest.mark.parametrize("held", ["", "{", "7", "[7]", "[[1, 2]]", '[["a"]]', '[["a", "\\ud800"]]', "[" * 100_000])
def test_held_fields_that_cannot_be_read_are_refused(client: Client, ines: User, held: str) -> None:
    response = sign_in(client, client.post(CREATE, FORM), held=held)

    assert response.status_code == 400


def test_anonymous_get_goes_to_sign_in_with_next(client: Client) -> None:
    response = client.get(CREATE)

    assert (response.status_code, response.url) == (302, f"{reverse('accounts:sign-in')}?next={CREATE}")


def test_anonymous_post_without_fields_goes_to_sign_in(browser: Client) -> None:
    response = browser.post(CREATE, token(browser))

    assert (response.status_code, response.url) == (302, f"{reverse('accounts:sign-in')}?next={CREATE}")


@pytest.mark.parametrize("method", ["get", "post"])
def test_anonymous_htmx_moves_the_whole_page(client: Client, method: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/organizers/"}

    response = getattr(client, method)(CREATE, headers=headers)

    assert (response.status_code, response.content) == (401, b"")
    assert response.headers["HX-Redirect"] == f"{reverse('accounts:sign-in')}?next=%2Forganizers%2F"


def test_csrf_failure_shows_the_words() -> None:
    response = Client(enforce_csrf_checks=True).post(CREATE, {**FORM, "password": "hush hush"})

    page = response.content.decode()
    areas = re.findall(r"<textarea[^>]* readonly>\n(.*?)</textarea>", page, re.DOTALL)
    assert response.status_code == 403
    assert [html.unescape(area) for area in areas] == ["An institute", WORDS]
    assert f'href="{CREATE}"' in page
    assert ("hush" in page, "<b>" in page, hidden(response)) == (False, False, {})
    assert "no-store" in response.headers["Cache-Control"]


def test_csrf_failure_of_the_sign_in_page_shows_the_held_words(ines: User) -> None:
    held = Client().post(CREATE, FORM)

    response = sign_in(Client(enforce_csrf_checks=True), held)

    page = response.content.decode()
    assert (response.status_code, response.context["held"].path) == (403, CREATE)
    assert response.context["held"].texts[1].value == WORDS
    assert (PASSWORD in page, "_auth_user_id" in response.client.session) == (False, False)
