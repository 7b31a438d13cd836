"""Rows for tests, the smallest that the database accepts."""

import contextlib
import copy
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from proposals import models
from rubrics.models import RubricDraft, RubricVersion
from rubrics.services.defaults import load_default_rubric
from rubrics.services.documents import frozen_document, rubric_document
from rubrics.services.drafts import start_draft
from rubrics.services.loading import load_rubric_version
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
PASSWORD = "a-long-test-password"


def make_version() -> RubricVersion:
    """The default rubric, published; the same row when called again."""
    return load_default_rubric(by=None, at=NOW)


def make_newer_version(
    change: Callable[[dict[str, Any]], Any] = lambda _: None, *, number: int = 2, at: dt.datetime = NOW
) -> RubricVersion:
    """The next version of the default rubric, published with what `change` does to its document."""
    document = copy.deepcopy(rubric_document(make_version())) | {"version": number}
    change(document)
    return load_rubric_version(document, by=None, at=at)


def make_draft(change: Callable[[dict[str, Any]], Any] = lambda _: None, **facts: Any) -> RubricDraft:
    """A draft from the default rubric unless `base` says otherwise, with what `change` does to its document."""
    base = facts.pop("base", None) or make_version()
    document = copy.deepcopy(facts.pop("document", None) or frozen_document(base))
    change(document)
    by = facts.pop("by", None) or make_user(Role.ADMIN)
    return start_draft(base=base, document=document, by=by, **{"name": "Next", "at": NOW, **facts})


def items_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The sections, criteria, risks and mitigations of a rubric document by their keys."""
    parts = [section.get(name, []) for section in document["sections"] for name in ("criteria", "risks", "mitigations")]
    return {item["key"]: item for part in [document["sections"], *parts] for item in part}


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user-{n}")
    name = factory.Sequence(lambda n: f"Test person {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")

    @factory.post_generation
    def roles(self, create: bool, extracted: list[Role] | None, **_: Any) -> None:
        for role in extracted or []:
            self.groups.add(Group.objects.get_or_create(name=role)[0])


def make_user(*roles: Role, **facts: Any) -> User:
    return UserFactory(roles=list(roles), **facts)


class IssueAreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.IssueArea
        django_get_or_create = ("key",)

    key = "nuclear-war"
    title = "Nuclear war"


class DocketFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Docket

    slug = factory.Sequence(lambda n: f"docket-{n}")
    title = factory.Sequence(lambda n: f"Docket {n}")
    rubric_version = factory.LazyFunction(make_version)


class OrganizerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Organizer

    name = factory.Sequence(lambda n: f"Organizer {n}")


class ProposalFactory(factory.django.DjangoModelFactory):
    """A proposal with two sides, a and b, and one claimed theory."""

    class Meta:
        model = models.Proposal
        skip_postgeneration_save = True

    docket = factory.SubFactory(DocketFactory)
    number = factory.Sequence(lambda n: n + 1)
    organizer = factory.SubFactory(OrganizerFactory)
    issue_area = factory.SubFactory(IssueAreaFactory)
    title = factory.Sequence(lambda n: f"Proposal {n}")
    summary = "Experts of two states meet."
    amount = 150_000
    hazardous_content = False
    created_at = updated_at = NOW

    @factory.post_generation
    def sides(self, create: bool, extracted: list[str] | None, **_: Any) -> None:
        for position, key in enumerate(extracted if extracted is not None else ["a", "b"]):
            models.Side.objects.create(proposal=self, position=position, key=key, name=f"Side {key.upper()}")

    @factory.post_generation
    def claims(self, create: bool, extracted: list[str] | None, **_: Any) -> None:
        for position, theory in enumerate(extracted if extracted is not None else ["diplomatic-subsidy"]):
            models.PathwayCard.objects.create(proposal=self, position=position, theory=theory)


def assign(
    proposal: models.Proposal, officer: User, *, sponsor: bool = False, stated: bool = True, **facts: Any
) -> models.Assignment:
    """An officer who has stated to have no conflict of interest, unless `stated` is False."""
    if stated:
        state_no_conflict(proposal, officer)
    return models.Assignment.objects.create(
        proposal=proposal,
        officer=officer,
        is_sponsor=sponsor,
        assigned_at=facts.pop("assigned_at", timezone.now()),
        **facts,
    )


def bar(proposal: models.Proposal, user: User, **facts: Any) -> models.ConflictDeclaration:
    declared = {"has_conflict": True, "kind": "money", "declared_at": NOW, **facts}
    return models.ConflictDeclaration.objects.update_or_create(proposal=proposal, user=user, defaults=declared)[0]


def state_no_conflict(proposal: models.Proposal, user: User) -> None:
    """Leaves a conflict that is declared already."""
    stated = {"has_conflict": False, "kind": "none", "declared_at": NOW}
    models.ConflictDeclaration.objects.get_or_create(proposal=proposal, user=user, defaults=stated)


def make_evidence(proposal: models.Proposal, *, grade: int = 2, **facts: Any) -> models.Evidence:
    number = proposal.evidence.count() + 1
    return models.Evidence.objects.create(
        proposal=proposal, number=number, kind="document", claim=f"Claim {number}", grade=grade, added_at=NOW, **facts
    )


def make_scorecard(
    proposal: models.Proposal,
    officer: User,
    *,
    value: int = 3,
    grade: int = 3,
    submitted: bool = True,
    round: int = 1,
    values: dict[str, int] | None = None,
    risk: tuple[int, int] = (2, 2),
    recommendation: str = "fund",
) -> models.Scorecard:
    """A scorecard with every cell answered by `value` at `grade`, but for the items named in `values`."""
    version = proposal.docket.rubric_version
    card = models.Scorecard.objects.create(
        proposal=proposal,
        officer=officer,
        rubric_version=version,
        round=round,
        proposal_revision=proposal.revision,
        recommendation=recommendation,
        recommendation_reason="On balance.",
        created_at=NOW + dt.timedelta(seconds=proposal.scorecards.count()),
        updated_at=NOW,
    )
    chosen = values or {}
    claims = set(proposal.pathway_cards.values_list("theory", flat=True))
    for section in version.sections.order_by("position"):
        for criterion in section.criteria.all():
            if section.rule == "pathways" and criterion.key not in claims:
                continue
            for side in list(proposal.sides.all()) if criterion.per_side else [None]:
                models.Score.objects.create(
                    scorecard=card,
                    criterion=criterion,
                    side=side,
                    answer="scored",
                    value=chosen.get(criterion.key, value),
                    grade=grade,
                    rationale=f"Because of {criterion.key}.",
                    updated_at=NOW,
                )
        for mitigation in section.mitigations.all():
            models.MitigationScore.objects.create(
                scorecard=card,
                mitigation=mitigation,
                answer="scored",
                value=chosen.get(mitigation.key, value),
                grade=grade,
                updated_at=NOW,
            )
        for item in section.risks.all():
            models.RiskScore.objects.create(
                scorecard=card, risk=item, likelihood=risk[0], consequence=risk[1], updated_at=NOW
            )
    if submitted:
        submit(card)
    return card


def close_as_calibration(proposal: models.Proposal) -> None:
    """Make the proposal a calibration case, in a closed docket as those are."""
    proposal.docket.kind, proposal.docket.state, proposal.docket.closed_at = "calibration", "closed", NOW
    proposal.docket.save()


def submit(card: models.Scorecard) -> None:
    card.state, card.submitted_at = "submitted", NOW
    card.save()


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """No trigger refuses here: for tests of what is made of cells, which hand in a scorecard first and then turn one.

    Inside a transaction, as every test is. SQLite drops the triggers and makes them again.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)


def make_check(proposal: models.Proposal, key: str = "provenance", status: str = "sufficient") -> models.Check:
    return models.Check.objects.create(proposal=proposal, key=key, status=status, set_at=NOW)


def make_change(
    card: models.Scorecard, cell: str, before: Any, after: Any, *, at: dt.datetime = NOW, by: User | None = None
) -> models.CellChange:
    return models.CellChange.objects.create(
        scorecard=card, cell=cell, before=before, after=after, by=by or card.officer, at=at
    )


def make_discussion(proposal: models.Proposal, cells: tuple[str, ...] = ("stakes",), **facts: Any) -> models.Discussion:
    """Round 2, open on these cells unless the facts say otherwise."""
    return models.Discussion.objects.create(
        proposal=proposal,
        rubric_version=proposal.docket.rubric_version,
        cells=[{"cell": cell, "reasons": ["gap"], "gates": []} for cell in cells],
        opened_by=facts.pop("opened_by", None) or make_user(Role.CHAIR),
        opened_at=NOW,
        **facts,
    )
