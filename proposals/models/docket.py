import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.access import OfProposalQuerySet, barred_proposal_ids
from rubrics.models import RubricVersion
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class IssueArea(models.Model):
    """What a dialogue is about; a list that admins keep."""

    key = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True, help_text="Why it matters.")
    is_extreme_risk = models.BooleanField(default=False)
    is_emerging_technology = models.BooleanField(
        default=False, help_text="Sets the flag that the gate on safety and security focus looks at."
    )
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.title


class DocketQuerySet(models.QuerySet["Docket"]):
    def visible_to(self, user: User) -> Self:
        if user.has_role(Role.CHAIR):
            return self.all()
        seen = Q(pk__in=[])
        if user.has_role(Role.OFFICER):
            assigned = Assignment.objects.filter(officer=user).exclude(proposal__in=barred_proposal_ids(user))
            seen |= Q(kind=Docket.Kind.CALIBRATION) | Q(pk__in=assigned.values("proposal__docket"))
        if user.has_role(Role.COMMITTEE):
            from proposals.models.memo import Memo

            seen |= Q(pk__in=Memo.objects.visible_to(user).values("proposal__docket"))
        return self.filter(seen)

    def telling_later_versions(self) -> Self:
        """`has_later_versions`: whether another version of the rubric came after the one that the docket rests on."""
        pinned = models.OuterRef
        versions = RubricVersion.objects.filter(rubric=pinned("rubric_version__rubric"), published_at__isnull=False)
        later = Q(number__gt=pinned("rubric_version__number"))
        later |= Q(published_at__gt=pinned("rubric_version__published_at"))
        return self.annotate(has_later_versions=models.Exists(versions.filter(later)))

    def open_to_entry(self, user: User) -> Self:
        """The dockets into which the user may enter a proposal: not yet closed, and never the calibration cases."""
        if not user.has_role(Role.OFFICER, Role.CHAIR):
            return self.none()
        return self.filter(state=Docket.State.OPEN).exclude(kind=Docket.Kind.CALIBRATION)


class Docket(models.Model):
    """The cycle of proposals that one committee meeting decides."""

    class Kind(models.TextChoices):
        LIVE = "live", "Live"
        SAMPLE = "sample", "Sample, invented"
        CALIBRATION = "calibration", "Calibration"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=4000)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.LIVE)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="dockets")
    currency = models.CharField(max_length=3, default="USD")
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    extreme_risk_mandate = models.BooleanField(
        default=False, help_text="The money may go to extreme risks only: the gate on the mandate looks at this."
    )
    due_date = models.DateField(null=True, blank=True, help_text="When scorecards are due.")
    committee_date = models.DateField(null=True, blank=True)

    objects = DocketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="docket_kind", condition=Q(kind__in=["live", "sample", "calibration"])),
            models.CheckConstraint(name="docket_state", condition=Q(state__in=["open", "closed"])),
            models.CheckConstraint(
                name="docket_closed_at_with_state",
                condition=Q(state="open", closed_at__isnull=True) | Q(state="closed", closed_at__isnull=False),
            ),
            models.CheckConstraint(name="docket_budget_positive", condition=Q(budget__isnull=True) | Q(budget__gt=0)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_sample(self) -> bool:
        return self.kind == self.Kind.SAMPLE


class Assignment(models.Model):
    """An officer is to score a proposal by a day; one of a proposal's officers is its sponsor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.PROTECT, related_name="assignments")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    due_date = models.DateField(null=True, blank=True)
    is_sponsor = models.BooleanField(default=False)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments_made"
    )
    assigned_at = models.DateTimeField()

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "officer"], name="assignment_once"),
            models.UniqueConstraint(fields=["proposal"], condition=Q(is_sponsor=True), name="assignment_one_sponsor"),
        ]

    def __str__(self) -> str:
        return f"{self.officer} scores {self.proposal}"
