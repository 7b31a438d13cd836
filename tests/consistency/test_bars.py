"""A conflict of interest is a bar on every channel: no address tells its author anything of the proposal any more."""

import uuid

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from proposals import models
from proposals.services.index_figures import IndexFigures, band_limits
from rubrics.services.words import rubric_words
from t2eval.accounts.roles import Role
from tests.consistency.addresses import POSTS, TABLE, Row
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db

ADMINISTRATION = ["admin:index", "admin:accounts_user_changelist", "admin:proposals_issuearea_changelist"]
MARKS = {
    "title": "Talks at Zanzibar Quay",
    "summary": "Admirals compare tide tables.",
    "claim": "The pier was rebuilt.",
    "name": "Ottoline Vashti",
}


@pytest.fixture
def marked_world(world):
    """The same world with words that occur nowhere else, on both proposals."""
    with transaction.atomic():
        for key in ("proposal", "decided"):
            proposals = models.Proposal.objects.filter(pk=world.objects[key]["pk"])
            proposals.update(title=f"{MARKS['title']} {key}", summary=MARKS["summary"])
        models.Evidence.objects.update(claim=MARKS["claim"])
        models.Participant.objects.update(name=MARKS["name"])
        yield world
        transaction.set_rollback(True)


def secrets_of(world) -> set[str]:
    """What nobody who is barred may read: words of the record, numbers of memos, indices, and the memo file."""
    proposals = models.Proposal.objects.filter(pk__in=[world.objects[key]["pk"] for key in ("proposal", "decided")])
    memos = models.Memo.objects.filter(proposal__in=proposals).values_list("number", flat=True)
    assessments = models.Assessment.objects.filter(proposal__in=proposals, is_current=True)
    remade = models.Reassessment.objects.filter(proposal__in=proposals)
    indices = {
        IndexFigures(row, band_limits(rubric_words(row.rubric_version))).index
        for rows in (assessments, remade)
        for row in rows.select_related("rubric_version")
    }
    return {*MARKS.values(), *memos, *indices, "%PDF"} - {""}


def barred(world, *roles: Role, **facts):
    user = make_user(*roles, **facts)
    for key in ("proposal", "decided"):
        models.ConflictDeclaration.objects.create(
            proposal_id=world.objects[key]["pk"], user=user, has_conflict=True, kind="money", declared_at=NOW
        )
    client = Client()
    client.force_login(user)
    return client


def told(client: Client, url: str, method: str, secrets: set[str]) -> set[str]:
    with transaction.atomic():
        response = getattr(client, method)(url)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    text = body.decode("utf-8", "replace") + str(dict(response.headers))
    return {secret for secret in secrets if secret in text}


@pytest.mark.parametrize(
    "roles",
    [[Role.CHAIR], [Role.COMMITTEE], [Role.OFFICER], [Role.ADMIN], [Role.AUDITOR], list(Role)],
    ids="+".join,
)
def test_no_address_tells_the_barred_anything(marked_world, roles):
    secrets = secrets_of(marked_world)
    client = barred(marked_world, *roles, is_superuser=True, is_staff=True)
    rows = [row for row in [*TABLE, *POSTS] if row.name not in {"accounts:sign-out", "accounts:sign-in"}]

    leaks = {
        str(row): found
        for row in rows
        if (found := told(client, reverse(row.name, kwargs=marked_world.objects[row.object]), row.method, secrets))
    }

    assert leaks == {}


def test_no_page_of_the_administration_tells_the_barred_anything(marked_world):
    secrets = secrets_of(marked_world)
    client = barred(marked_world, *Role, is_superuser=True, is_staff=True)

    leaks = {name: found for name in ADMINISTRATION if (found := told(client, reverse(name), "get", secrets))}

    assert leaks == {}


def test_the_same_addresses_tell_a_chair_all_of_it(marked_world):
    """The walk finds what it looks for: nothing above passes because a mark occurs nowhere."""
    secrets = secrets_of(marked_world)
    client = Client()
    client.force_login(marked_world.people["chair"])
    rows = [row for row in TABLE if row.name.startswith("proposals:")]

    found: set[str] = set()
    for row in rows:
        found |= told(client, reverse(row.name, kwargs=marked_world.objects[row.object]), row.method, secrets)

    assert found == secrets


def test_docket_counts_nothing_that_the_barred_may_not_see(marked_world):
    client = barred(marked_world, Role.CHAIR)
    url = reverse("proposals:docket-detail", kwargs=marked_world.objects["docket"])

    groups = client.get(url).context["groups"]

    assert groups == []


# Calibration cases ask for no statement, and a saving without the version that was seen is refused before any look.
def undeclared(world, person: str) -> Client:
    models.ConflictDeclaration.objects.filter(user=world.people[person]).delete()
    client = Client()
    client.force_login(world.people[person])
    return client


ASKED_FIRST = [
    row
    for row in [*TABLE, *POSTS]
    if row.object not in {"", "version", "organizer", "interest", "case", "practice"}
    and not row.object.startswith("docket")
    and row.name not in {"proposals:conflict-declare", "proposals:scorecard-cell", "proposals:scorecard-recommendation"}
]


@pytest.mark.parametrize("row", ASKED_FIRST, ids=str)
@pytest.mark.parametrize("person", ["sponsor", "officer"])
def test_address_of_a_proposal_asks_its_officer_for_a_statement_first(marked_world, row: Row, person):
    """404 stands where the same person finds nothing after the statement either, or nothing before."""
    client = undeclared(marked_world, person)
    url = reverse(row.name, kwargs=marked_world.objects[row.object])

    response = getattr(client, row.method)(url)

    pages = {
        reverse("proposals:conflict-declare", args=[marked_world.objects[key]["pk"]]) for key in ("proposal", "decided")
    }
    is_memo = "memo" in row.object
    assert response.status_code == (404 if is_memo or row.expected()[person] == 404 else 302)
    if response.status_code == 302:
        assert response.headers["Location"].partition("?")[0] in pages
    assert told(client, url, row.method, secrets_of(marked_world)) == set()


def test_lists_tell_an_undeclared_officer_no_judgement(marked_world):
    client = undeclared(marked_world, "sponsor")
    figures = secrets_of(marked_world) - set(MARKS.values())
    lists = [
        reverse("proposals:docket-detail", kwargs=marked_world.objects["docket"]),
        reverse("proposals:memo-list"),
        reverse("proposals:assignment-list"),
        f"/proposals/{uuid.UUID(str(marked_world.objects['proposal']['pk']))}/conflict/",
    ]

    assert {url: found for url in lists if (found := told(client, url, "get", figures))} == {}
