import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.blinding import JudgementQuerySet, compared_proposals
from proposals.models.constraints import has_words
from proposals.models.proposal import Proposal
from rubrics.models import RubricVersion
from t2eval.accounts.models import User


class Check(models.Model):
    """A question of sufficiency, answered by the chair and never scored. No row means nobody could tell yet."""

    class Status(models.TextChoices):
        SUFFICIENT = "sufficient", "Sufficient"
        NEEDS_MORE = "needs-more", "Needs more"
        INSUFFICIENT = "insufficient", "Insufficient"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="checks")
    key = models.SlugField(max_length=80)
    status = models.CharField(max_length=12, choices=Status)
    note = models.TextField(blank=True, max_length=2000)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="checks_set"
    )
    set_at = models.DateTimeField()

    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "key"], name="check_once"),
            models.CheckConstraint(
                name="check_status", condition=Q(status__in=["sufficient", "needs-more", "insufficient"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_status_display()}"


class GateOverride(models.Model):
    """A gate that did not pass and was set aside: by whom, when and why is printed on page 1 of the memo."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="gate_overrides")
    gate = models.SlugField(max_length=80)
    reason = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="gate_overrides")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="gate_overrides_withdrawn",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "gate"], condition=Q(withdrawn_at__isnull=True), name="gateoverride_one_in_force"
            ),
            models.CheckConstraint(name="gateoverride_has_reason", condition=has_words("reason")),
            models.CheckConstraint(
                name="gateoverride_withdrawn_by_someone",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} set aside"


class AssessmentQuerySet(JudgementQuerySet["Assessment"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def compared_for(self, user: User) -> Self:
        """What a what-if may count and rank for an administrator: no score of anybody's, but index and band."""
        return self.filter(proposal__in=compared_proposals(user))


class MethodResult(models.Model):
    """What the method made of one proposal's inputs, stored with them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    method_version = models.CharField(max_length=20)
    inputs = models.JSONField(help_text="The proposal's part of the bundle.")
    result = models.JSONField(help_text="The output of the method, rounded to six decimals.")
    detail = models.JSONField(
        help_text="Officers' own section values, levels of risks, cells to discuss, open answers."
    )
    exact = models.JSONField(help_text="Index and section values as exact fractions, for ranking.")
    suggested = models.CharField(max_length=80, blank=True)
    is_provisional = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class Assessment(MethodResult):
    """What the method made of the scorecards, stored with its inputs; never recomputed, only superseded."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="assessments")
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="assessments")
    is_current = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments_caused"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal"], condition=Q(is_current=True), name="assessment_one_current"),
        ]

    def __str__(self) -> str:
        return f"Assessment of {self.proposal}"
