import pytest
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from django.urls import reverse

from t2eval.accounts.models import Affiliation, User
from t2eval.accounts.roles import Role
from t2eval.audit.interests import AffiliationKnownError, add_affiliation, choose_reminders, remove_affiliation
from t2eval.audit.models import Event
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
PAGE = reverse("accounts:interest-list")
FIELDS = {"organization": "Harrow Lake Institute", "kind": "advisory", "until_year": None, "note": "Board"}


def add(user: User) -> Affiliation:
    return add_affiliation(fields=FIELDS, by=user, at=NOW)


def events(user: User) -> list[tuple[str, str, dict[str, object]]]:
    found = Event.objects.filter(by_id=user.pk)
    return list(found.order_by("pk").values_list("event", "target_label", "details"))


def test_add_affiliation_keeps_it_and_leaves_an_event_without_it(officer: User) -> None:
    affiliation = add(officer)

    assert list(Affiliation.objects.visible_to(officer)) == [affiliation]
    assert events(officer) == [("interest.added", officer.name, {})]


def test_add_affiliation_known_already_is_refused(officer: User) -> None:
    add(officer)

    with pytest.raises(AffiliationKnownError):
        add(officer)

    assert Affiliation.objects.count() == 1


def test_remove_affiliation_of_ones_own_leaves_an_event(officer: User) -> None:
    affiliation = add(officer)

    for _ in range(2):
        remove_affiliation(affiliation=affiliation, by=officer, at=NOW)

    assert (Affiliation.objects.count(), [name for name, *_ in events(officer)].count("interest.removed")) == (0, 1)


def test_remove_affiliation_of_somebody_else_does_nothing(officer: User, other_officer: User) -> None:
    affiliation = add(officer)

    remove_affiliation(affiliation=affiliation, by=other_officer, at=NOW)

    assert (Affiliation.objects.count(), events(other_officer)) == (1, [])


def test_choose_reminders_is_recorded_when_it_changes_something(officer: User) -> None:
    for wanted in (False, True, True):
        choose_reminders(wanted=wanted, by=officer, at=NOW)

    officer.refresh_from_db()
    assert officer.wants_reminders
    assert events(officer) == [("reminders.chosen", officer.name, {"wanted": True})]


@pytest.mark.parametrize("facts", [{"organization": " "}, {"kind": "whim"}, {"until_year": 1800}, {"until_year": 2300}])
def test_affiliation_out_of_bounds_is_refused_by_the_database(officer: User, facts: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Affiliation.objects.create(user=officer, **{**FIELDS, **facts})


def test_affiliation_names_its_kind_and_organization(officer: User) -> None:
    assert str(add(officer)) == "Advisory role or board: Harrow Lake Institute"


def test_interests_page_adds_and_removes(client: Client, officer: User) -> None:
    client.force_login(officer)

    added = client.post(reverse("accounts:interest-add"), {"organization": "Harrow Lake", "kind": "family"})
    affiliation = Affiliation.objects.get()
    shown = client.get(PAGE).content.decode()
    removed = client.post(reverse("accounts:interest-remove", args=[affiliation.pk]))

    assert (added.url, removed.url, Affiliation.objects.count()) == (PAGE, PAGE, 0)  # type: ignore[attr-defined] - a redirect has an address
    assert (shown.count('<th scope="row">Harrow Lake</th>'), affiliation.user) == (1, officer)


def test_interests_page_shows_nobody_elses(client: Client, officer: User, chair: User) -> None:
    affiliation = add(officer)
    client.force_login(chair)

    assert client.get(PAGE).content.decode().count("Harrow Lake") == 0
    assert client.post(reverse("accounts:interest-remove", args=[affiliation.pk])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "This field is required."),
        ({"organization": "Harrow Lake Institute", "kind": "advisory"}, "This interest is on your list already."),
        ({"organization": "A house", "kind": "advisory", "until_year": "12"}, "greater than or equal to 1900"),
    ],
)
def test_interests_page_refused_keeps_what_was_typed(
    client: Client, officer: User, typed: dict[str, str], message: str
) -> None:
    add(officer)
    client.force_login(officer)

    response = client.post(reverse("accounts:interest-add"), typed)

    assert (response.status_code, Affiliation.objects.count()) == (200, 1)
    assert message in response.content.decode()
    assert [word for word in typed.values() if f'value="{word}"' not in response.content.decode()] == []


@pytest.mark.parametrize(("typed", "wanted"), [({"wants_reminders": "on"}, True), ({}, False)])
def test_reminders_are_chosen_on_the_page(client: Client, typed: dict[str, str], wanted: bool) -> None:
    user = make_user(Role.OFFICER, wants_reminders=not wanted)
    client.force_login(user)

    client.post(reverse("accounts:reminders-choose"), typed)

    user.refresh_from_db()
    assert user.wants_reminders is wanted


@pytest.mark.parametrize(("role", "on", "shown"), [(Role.OFFICER, False, (1, 1)), (Role.OFFICER, True, (1, 0)),
                                                   (Role.CHAIR, False, (0, 0))])  # fmt: skip
def test_reminders_are_offered_to_officers(client: Client, role: Role, on: bool, shown: tuple[int, int]) -> None:
    client.force_login(make_user(role))

    with override_settings(REMINDERS=on):
        html = client.get(PAGE).content.decode()

    assert (html.count('name="wants_reminders"'), html.count("Mail is switched off on this site")) == shown
