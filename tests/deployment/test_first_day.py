"""From an empty database to the first proposal, with nothing but the commands and pages that an installation has."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from proposals.models import Docket, IssueArea, Organizer, Proposal
from rubrics.models import RubricVersion
from tests.record_entries import posted

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery-staple"


def signed_in(username: str) -> Client:
    client = Client()
    sent = client.post(reverse("accounts:sign-in"), {"username": username, "password": PASSWORD})
    assert sent.status_code == 302
    return client


def create_user(administrator: Client, role: str) -> None:
    facts = {"username": f"the-{role}", "name": f"The {role}", "email": f"{role}@example.org", "is_active": "on"}
    typed = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    group = str(Group.objects.get(name=role).pk)
    administrator.post(reverse("admin:accounts_user_add"), {**facts, **typed, "groups": group})


def test_new_installation_reaches_its_first_proposal(tmp_path):
    (tmp_path / "password").write_text(PASSWORD)
    facts = ("--name", "Ada Keeper", "--email", "ada@example.org", "--password-file", str(tmp_path / "password"))
    for command in (("load_defaults",), ("load_defaults",), ("make_administrator", "ada", *facts)):
        call_command(*command)

    administrator = signed_in("ada")
    create_user(administrator, "chair")
    create_user(administrator, "officer")
    version = RubricVersion.objects.get()
    docket = {"title": "Spring round", "currency": "USD", "budget": "900000", "rubric_version": str(version.pk)}
    signed_in("the-chair").post(reverse("proposals:docket-create"), docket)
    officer = signed_in("the-officer")
    rows = {
        f"{part}-{name}_FORMS": "0" for part in ("past_convenings", "earlier_grants") for name in ("TOTAL", "INITIAL")
    }
    officer.post(reverse("proposals:organizer-create"), {"name": "A university", **rows})
    record = posted(
        Docket.objects.get(),
        title="A dialogue",
        summary="Who meets whom.",
        organizer=str(Organizer.objects.get().pk),
        issue_area=str(IssueArea.objects.get(key="biosecurity").pk),
        **{"sides-0-name": "United States", "sides-1-name": "China"},
    )
    officer.post(reverse("proposals:proposal-create", args=[Docket.objects.get().pk]), record)

    pages = (reverse("admin:index"), reverse("rubrics:version-detail", args=[version.pk]))
    assert [administrator.get(page).status_code for page in pages] == [200, 200]
    proposal = Proposal.objects.get()
    sponsor = proposal.assignments.get(is_sponsor=True).officer.username
    assert (proposal.title, proposal.docket.title, sponsor) == ("A dialogue", "Spring round", "the-officer")
