import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.blinding import JudgementQuerySet
from proposals.models.proposal import Proposal
from rubrics.models import RubricVersion


class Discussion(models.Model):
    """Round 2 on a proposal: the chair opened it on these cells, and may close it. Only these cells are scored again.

    `cells` lists them in rubric order as `{"cell": "route.us", "reasons": ["gap", "gate"]}`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="discussions")
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="discussions")
    cells = models.JSONField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="discussions_opened")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="discussions_closed"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "rubric_version"], name="discussion_once"),
            models.CheckConstraint(
                name="discussion_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Round 2 on {self.proposal}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
