import pytest
from django.urls import reverse

from proposals.models import Organizer
from proposals.services.organizers import organizer_digest
from t2eval.accounts.roles import Role
from tests.factories import OrganizerFactory, ProposalFactory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keeper(client):
    user = make_user(Role.OFFICER)
    client.force_login(user)
    return user


def typed(**changes):
    management = {}
    for part in ("past_convenings", "earlier_grants"):
        management |= {f"{part}-TOTAL_FORMS": "1", f"{part}-INITIAL_FORMS": "0"}
    return {"name": "An institute", "earlier_grants-0-currency": "USD", **management, **changes}


def opened(organizer, **changes):
    """What the form holds as it is opened now, with changes."""
    return typed(opened=organizer_digest(organizer), **{"name": organizer.name, **changes})


def test_create_enters_the_organizer_with_its_rows(client):
    data = typed(
        **{
            "past_convenings-0-title": "A round",
            "past_convenings-0-period": "2019",
            "earlier_grants-0-year": "2022",
            "earlier_grants-0-purpose": "Rehearsals",
            "earlier_grants-0-amount": "120000",
        }
    )

    response = client.post(reverse("proposals:organizer-create"), data)

    organizer = Organizer.objects.get()
    assert response.url == reverse("proposals:organizer-detail", args=[organizer.pk])
    assert (organizer.past_convenings.get().period, organizer.earlier_grants.get().year) == ("2019", 2022)


def test_create_under_a_name_that_is_taken_is_refused(client):
    OrganizerFactory(name="An institute")

    page = client.post(reverse("proposals:organizer-create"), typed()).content.decode()

    assert ("already exists" in page, Organizer.objects.count()) == (True, 1)


def test_add_another_row_keeps_what_is_typed(client):
    data = typed(add="past_convenings", **{"past_convenings-0-title": "A round"})

    page = client.post(reverse("proposals:organizer-create"), data).content.decode()

    assert 'name="past_convenings-TOTAL_FORMS" value="2"' in page
    assert ('value="A round"' in page, Organizer.objects.count()) == (True, 0)


def test_edit_replaces_the_rows(client):
    organizer = OrganizerFactory(name="An institute")
    organizer.past_convenings.create(title="Old", period="2001")
    data = opened(organizer, **{"past_convenings-0-title": "New", "past_convenings-0-period": "2020"})

    client.post(reverse("proposals:organizer-edit", args=[organizer.pk]), data)

    assert list(organizer.past_convenings.values_list("title", flat=True)) == ["New"]


def test_edit_that_changes_nothing_keeps_the_rows(client):
    organizer = OrganizerFactory(name="An institute")
    organizer.past_convenings.create(title="Old", period="2001")
    data = typed(**{"past_convenings-0-title": "Old", "past_convenings-0-period": "2001"})
    data["past_convenings-INITIAL_FORMS"] = "1"

    response = client.post(reverse("proposals:organizer-edit", args=[organizer.pk]), data)

    assert response.status_code == 302
    assert list(organizer.past_convenings.values_list("title", flat=True)) == ["Old"]


def test_edit_of_what_somebody_saved_meanwhile_keeps_what_is_typed_and_shows_theirs(client):
    organizer = OrganizerFactory(name="An institute")
    address = reverse("proposals:organizer-edit", args=[organizer.pk])
    theirs, mine = opened(organizer, country="Norway"), opened(organizer, description="What I typed.")
    client.post(address, theirs)

    response = client.post(address, mine)

    organizer.refresh_from_db()
    assert (organizer.country, organizer.description) == ("Norway", "")
    shown = [(change.label, change.before, change.after) for change in response.context["changes"]]
    assert shown == [
        ("Country", ("Norway",), ("(empty)",)),
        ("Description", ("(empty)",), ("What I typed.",)),
    ]
    assert response.text.count("while you were editing it") == 1
    assert response.context["record"].own["description"].value() == "What I typed."


def test_edit_saved_again_after_somebody_elses_is_saved(client):
    organizer = OrganizerFactory(name="An institute")
    address = reverse("proposals:organizer-edit", args=[organizer.pk])
    mine = opened(organizer, description="What I typed.")
    client.post(address, opened(organizer, country="Norway"))
    now = client.post(address, mine).context["record"].own["opened"].value()

    response = client.post(address, {**mine, "country": "Norway", "opened": now})

    organizer.refresh_from_db()
    assert (response.status_code, organizer.country, organizer.description) == (302, "Norway", "What I typed.")


def test_detail_lists_only_the_proposals_that_the_viewer_may_see(client, keeper):
    organizer = OrganizerFactory()
    seen, hidden = (ProposalFactory(organizer=organizer, title=title) for title in ("Seen one", "Hidden one"))
    seen.assignments.create(officer=keeper, assigned_at=seen.created_at)

    page = client.get(reverse("proposals:organizer-detail", args=[organizer.pk])).content.decode()

    assert (seen.title in page, hidden.title in page) == (True, False)
