"""`manage.py make_administrator`, as an operator types it."""

import getpass
import io
import sys

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.administrators import make_administrator
from t2eval.audit.models import Event
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db

SECRET = "correct-horse-battery-staple"
FACTS = ("--name", "Ada Keeper", "--email", "ada@example.org")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def secret_file(tmp_path):
    path = tmp_path / "password"
    path.write_text(f"{SECRET}\n")
    return str(path)


def make(*arguments):
    out = io.StringIO()
    call_command("make_administrator", *arguments, stdout=out)
    return out.getvalue().strip()


def events():
    return sorted(Event.objects.values_list("event", "by_name"))


def test_make_administrator_with_a_password_file_creates_one_who_opens_the_administration(client, secret_file):
    said = make("ada", *FACTS, "--password-file", secret_file)

    user = User.objects.get()
    assert (user.name, user.email, user.roles) == ("Ada Keeper", "ada@example.org", {"admin"})
    assert (user.is_staff, user.is_superuser, user.is_active) == (True, False, True)
    assert said == "ada (Ada Keeper) is created as an administrator, and signs in at /sign-in/."
    assert events() == [("roles.changed", "system"), ("user.created", "system")]
    assert client.login(username="ada", password=SECRET)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("arguments", [(), ("--password-file", "-")])
def test_make_administrator_without_a_terminal_reads_standard_input(monkeypatch, arguments):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))

    make("ada", *FACTS, *arguments)

    assert User.objects.get().check_password(SECRET)


def test_make_administrator_at_a_terminal_asks_twice_without_echo(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: SECRET)

    make("ada", *FACTS)

    assert User.objects.get().check_password(SECRET)


def test_make_administrator_with_two_different_passwords_creates_nobody(monkeypatch):
    typed = iter([SECRET, "another-long-password"])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(typed))

    with pytest.raises(CommandError, match="differ"):
        make("ada", *FACTS)

    assert not User.objects.exists()


def test_make_administrator_of_a_user_keeps_roles_facts_and_password():
    user = make_user(Role.AUDITOR, username="ada", name="Ada")
    user.set_password(SECRET)
    user.save()

    said = make("ada")

    user = User.objects.get()
    assert (user.name, user.roles, user.is_staff) == ("Ada", {"auditor", "admin"}, True)
    assert user.check_password(SECRET)
    assert said == "ada (Ada) is an administrator now, and signs in at /sign-in/."
    event = Event.objects.get()
    assert event.details == {"before": ["auditor"], "after": ["admin", "auditor"], "own": False}


def test_make_administrator_of_an_administrator_again_changes_nothing():
    make_user(Role.ADMIN, username="ada", is_staff=True)
    before = list(User.objects.values())

    make("ada")

    assert (list(User.objects.values()), events()) == (before, [])


def test_make_administrator_of_an_inactive_user_with_new_facts_records_each(secret_file):
    make_user(Role.ADMIN, username="ada", is_active=False)

    make("ada", *FACTS, "--password-file", secret_file)

    user = User.objects.get()
    assert (user.name, user.is_active, user.check_password(SECRET)) == ("Ada Keeper", True, True)
    assert events() == [("password.set", "system"), ("user.edited", "system")]
    assert Event.objects.get(event="user.edited").details == {"changed": ["is_active", "name"]}


@pytest.mark.parametrize(
    ("arguments", "password", "message"),
    [
        (("ada", *FACTS), "short", "password: This password is too short"),
        (("ada", *FACTS), "ada@example.org", "password: The password is too similar"),
        (("ada", *FACTS), "", "password: This password is too short"),
        (("ada", "--email", "ada@example.org"), SECRET, "name: "),
        (("ada", "--name", "Ada Keeper"), SECRET, "email: "),
        (("ada", "--name", "Ada Keeper", "--email", "ada"), SECRET, "email: "),
        (("ada lovelace", *FACTS), SECRET, "username: "),
    ],
)
def test_make_administrator_refuses_what_the_administration_would(tmp_path, arguments, password, message):
    path = tmp_path / "password"
    path.write_text(password)

    with pytest.raises(CommandError, match=f"^Nothing is changed. {message}"):
        make(*arguments, "--password-file", str(path))

    assert (User.objects.count(), Event.objects.count()) == (0, 0)


def test_make_administrator_with_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        make("ada", *FACTS, "--password-file", str(tmp_path / "none"))


def test_new_administrator_without_a_password_is_refused():
    with pytest.raises(ValidationError) as refusal:
        make_administrator(username="ada", name="Ada Keeper", email="ada@example.org", password=None, at=NOW)

    assert refusal.value.message_dict == {"password": ["A new user needs a password."]}
