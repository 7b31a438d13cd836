"""Every address × role × state of the object. An address that is not in the table fails: add one line for it.

The sponsor's scorecard is submitted; that of the other assigned officer is a draft. There is a draft memo and, on
another proposal with the same people, an issued one. A person with a conflict has declared it on both proposals.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from proposals import models
from proposals.services.assessing import assess_proposal
from proposals.services.gates import override_gate
from proposals.services.memos import issue_memo
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    bar,
    make_evidence,
    make_scorecard,
    make_user,
)
from tests.memo_rows import make_memo

pytestmark = pytest.mark.django_db

# Inside Django's own administration, tested by itself: only its front door is in the table.
ADMIN_INTERNALS = "admin:"

PEOPLE = ("anonymous", "sponsor", "officer", "stranger", "chair", "committee", "admin", "auditor", "superuser")


@dataclass(frozen=True)
class Row:
    """Statuses in the order of PEOPLE; `barred` of the same people once they have declared a conflict."""

    name: str
    object: str
    statuses: str
    barred: str = ""
    method: str = "get"

    def expected(self, *, barred: bool) -> dict[str, int]:
        statuses = (self.barred or self.statuses) if barred else self.statuses
        return dict(zip(PEOPLE, map(int, statuses.split()), strict=True))


#             anonymous sponsor officer stranger chair committee admin auditor superuser
EVERYBODY = "302 200 200 200 200 200 200 200 200"
OF_PROPOSAL = "302 200 200 404 200 404 404 404 404"
KEEPERS = "302 200 403 404 200 404 404 404 404"
SCORERS = "302 302 200 404 403 404 404 404 404"
CHAIR = "302 403 403 404 200 404 404 404 404"
CHAIR_POST = "302 403 403 404 302 404 404 404 404"
OF_DOCKET = "302 200 200 404 200 200 404 404 404"
ORGANIZERS = "302 200 200 200 200 404 404 404 404"
NOT_FOUND = "302 404 404 404 404 404 404 404 404"

TABLE = [
    Row("accounts:sign-in", "", "200 302 302 302 302 302 302 302 302"),
    Row("accounts:sign-out", "", "302 302 302 302 302 302 302 302 302", method="post"),
    Row("healthz", "", "200 200 200 200 200 200 200 200 200"),
    Row("admin:index", "", "302 302 302 302 302 302 200 302 302"),
    Row("admin:login", "", "302 403 403 403 403 403 302 403 403"),
    Row("rubrics:version-list", "", EVERYBODY),
    Row("rubrics:version-detail", "version", EVERYBODY),
    # Records
    Row("proposals:docket-list", "", EVERYBODY),
    Row("proposals:docket-detail", "docket", OF_DOCKET, "302 404 404 404 200 404 404 404 404"),
    Row("proposals:docket-create", "", "302 403 403 403 200 403 403 403 403"),
    Row(
        "proposals:docket-edit", "docket", "302 403 403 404 200 403 404 404 404", "302 404 404 404 200 404 404 404 404"
    ),
    Row(
        "proposals:docket-close",
        "docket",
        "302 403 403 404 302 403 404 404 404",
        "302 404 404 404 302 404 404 404 404",
        method="post",
    ),
    Row(
        "proposals:docket-reopen",
        "docket",
        "302 403 403 404 302 403 404 404 404",
        "302 404 404 404 302 404 404 404 404",
        method="post",
    ),
    Row(
        "proposals:proposal-create",
        "docket",
        "302 200 200 200 200 403 404 404 404",
        "302 200 200 200 200 404 404 404 404",
    ),
    Row("proposals:proposal-detail", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:proposal-edit", "proposal", KEEPERS, NOT_FOUND),
    Row("proposals:proposal-revisions", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:conflict-declare", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:conflict-declare", "decided", "302 200 200 404 200 200 404 404 404", NOT_FOUND),
    Row("proposals:assignment-make", "proposal", CHAIR, NOT_FOUND),
    Row("proposals:assignment-withdraw", "assignment", CHAIR_POST, NOT_FOUND, method="post"),
    Row("proposals:participant-list", "proposal", KEEPERS, NOT_FOUND),
    Row("proposals:participant-create", "proposal", KEEPERS, NOT_FOUND),
    Row("proposals:participant-edit", "participant", KEEPERS, NOT_FOUND),
    Row("proposals:participant-erase", "participant", KEEPERS, NOT_FOUND),
    Row("proposals:organizer-list", "", "302 200 200 200 200 403 403 403 403"),
    Row("proposals:organizer-create", "", "302 200 200 200 200 403 403 403 403"),
    Row("proposals:organizer-detail", "organizer", ORGANIZERS),
    Row("proposals:organizer-edit", "organizer", ORGANIZERS),
    Row("proposals:event-list", "", "302 403 403 403 403 403 403 200 403"),
    # Scoring
    Row("proposals:assignment-list", "", EVERYBODY),
    Row("proposals:scorecard-edit", "proposal", SCORERS, NOT_FOUND),
    Row("proposals:scorecard-detail", "draft scorecard", "302 404 200 404 404 404 404 404 404", NOT_FOUND),
    Row("proposals:scorecard-detail", "submitted scorecard", "302 200 404 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:evidence-create", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:evidence-edit", "evidence", KEEPERS, NOT_FOUND),
    # Assessment
    Row("proposals:assessment-detail", "proposal", OF_PROPOSAL, NOT_FOUND),
    Row("proposals:check-edit", "check", CHAIR, NOT_FOUND),
    Row("proposals:gate-override", "gate", CHAIR, NOT_FOUND),
    Row("proposals:gate-override-withdraw", "overridden gate", CHAIR_POST, NOT_FOUND, method="post"),
    Row("proposals:consensus-record", "consensus", CHAIR, NOT_FOUND),
    Row("proposals:consensus-record-part", "consensus part", CHAIR, NOT_FOUND),
    # Memos
    Row("proposals:memo-words-edit", "proposal", KEEPERS, NOT_FOUND),
    Row("proposals:memo-request", "proposal", "302 302 403 404 302 404 404 404 404", NOT_FOUND, method="post"),
    Row("proposals:memo-list", "", EVERYBODY),
    Row("proposals:memo-detail", "draft memo", "302 200 404 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:memo-detail", "issued memo", "302 200 404 404 200 200 404 404 404", NOT_FOUND),
    Row("proposals:memo-status", "draft memo", "302 302 404 404 302 404 404 404 404", NOT_FOUND),
    Row("proposals:memo-status", "issued memo", "302 302 404 404 302 302 404 404 404", NOT_FOUND),
    Row("proposals:memo-pdf", "draft memo", "302 200 404 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:memo-pdf", "issued memo", "302 200 404 404 200 200 404 404 404", NOT_FOUND),
    Row("proposals:memo-issue", "draft memo", "302 403 404 404 200 404 404 404 404", NOT_FOUND),
    Row("proposals:memo-issue", "issued memo", "302 403 404 404 200 403 404 404 404", NOT_FOUND),
]


@dataclass(frozen=True)
class World:
    people: dict[str, User | None]
    objects: dict[str, dict[str, Any]]


def _people() -> dict[str, User | None]:
    return {
        "anonymous": None,
        "sponsor": make_user(Role.OFFICER),
        "officer": make_user(Role.OFFICER),
        "stranger": make_user(Role.OFFICER),
        "chair": make_user(Role.CHAIR),
        "committee": make_user(Role.COMMITTEE),
        "admin": make_user(Role.ADMIN),
        "auditor": make_user(Role.AUDITOR),
        "superuser": make_user(is_superuser=True, is_staff=True),
    }


def _proposal(docket: models.Docket, people: dict[str, User | None]) -> models.Proposal:
    proposal = ProposalFactory(docket=docket)
    assign(proposal, people["sponsor"], sponsor=True)
    assign(proposal, people["officer"])
    make_scorecard(proposal, people["sponsor"], values={"governments-informed": 0})
    make_scorecard(proposal, people["officer"], submitted=False)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    return proposal


def _memo(proposal: models.Proposal) -> models.Memo:
    name = default_storage.save("memos/one.pdf", ContentFile(b"%PDF-1.7 test"))
    return make_memo(proposal, job="ready", pdf=name, pdf_sha256=hashlib.sha256(b"%PDF-1.7 test").hexdigest())


def make_world() -> World:
    people = _people()
    docket = DocketFactory()
    proposal, decided = _proposal(docket, people), _proposal(docket, people)
    side = proposal.sides.first()
    participant = models.Participant.objects.create(proposal=proposal, side=side, name="A person", role="a role")
    free = assign(proposal, make_user(Role.OFFICER))
    override_gate(proposal=proposal, gate="provenance", reason="Counsel saw it.", by=people["chair"], at=NOW)
    issued = _memo(decided)
    issue_memo(memo=issued, by=people["chair"], at=NOW)
    of_proposal = {"pk": proposal.pk}
    cards = {card.state: card for card in proposal.scorecards.all()}
    objects: dict[str, dict[str, Any]] = {
        "": {},
        "version": {"pk": docket.rubric_version_id},
        "docket": {"pk": docket.pk},
        "proposal": of_proposal,
        "decided": {"pk": decided.pk},
        "organizer": {"pk": proposal.organizer_id},
        "participant": {**of_proposal, "participant_pk": participant.pk},
        "assignment": {**of_proposal, "assignment_pk": free.pk},
        "draft scorecard": {"pk": cards["draft"].pk},
        "submitted scorecard": {"pk": cards["submitted"].pk},
        "evidence": {"pk": make_evidence(proposal).pk},
        "check": {**of_proposal, "key": "provenance"},
        "gate": {**of_proposal, "key": "governments-uninformed-minor"},
        "overridden gate": {**of_proposal, "key": "provenance"},
        "consensus": {**of_proposal, "item": "stakes"},
        "consensus part": {**of_proposal, "item": "route", "part": "a"},
        "draft memo": {"pk": _memo(proposal).pk},
        "issued memo": {"pk": issued.pk},
    }
    return World(people, objects)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One world for all rows of the table; every request is rolled back."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"), REDIS_URL="")
    with files, django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def barred_world(world):
    """The same, once everybody has declared a conflict on both proposals; undone afterwards."""
    with transaction.atomic():
        for user in filter(None, world.people.values()):
            for key in ("proposal", "decided"):
                bar(models.Proposal.objects.get(pk=world.objects[key]["pk"]), user)
        yield world
        transaction.set_rollback(True)


def statuses(world: World, row: Row) -> dict[str, int]:
    url = reverse(row.name, kwargs=world.objects[row.object])
    found = {}
    for person, user in world.people.items():
        with transaction.atomic():
            client = Client()
            if user is not None:
                client.force_login(user)
            found[person] = getattr(client, row.method)(url).status_code
            transaction.set_rollback(True)
    return found


def url_names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> set[str]:
    names = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names |= url_names(pattern.url_patterns, inner)
        else:
            names.add(f"{namespace}{pattern.name}")
    return names


def test_every_address_is_in_the_table():
    names = url_names(get_resolver().url_patterns)

    internals = {name for name in names if name.startswith(ADMIN_INTERNALS)} - {"admin:index", "admin:login"}
    assert names - internals == {row.name for row in TABLE}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name} {row.object}".strip())
def test_address_answers_each_role_as_the_table_says(world, row):
    assert statuses(world, row) == row.expected(barred=False)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name} {row.object}".strip())
def test_address_answers_the_conflicted_as_the_table_says(barred_world, row):
    assert statuses(barred_world, row) == row.expected(barred=True)
