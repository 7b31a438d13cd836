from django.conf import settings
from django.db import models

from proposals.models.assessment import Assessment, MethodResult
from proposals.models.blinding import JudgementQuerySet
from proposals.models.constraints import has_words
from proposals.models.proposal import Proposal
from rubrics.models import RubricVersion


class Reassessment(MethodResult):
    """What an assessment would be under a newer version of its rubric: beside the official one, never in its place.

    It says what it was made from and why, and never changes. Ranks and memos know nothing of it.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="reassessments")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reassessments")
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="reassessments")
    without_counterpart = models.JSONField(
        help_text="Judgements that the newer version has no place for, and what only it asks."
    )
    reason = models.TextField(max_length=2000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reassessments_made"
    )

    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "rubric_version", "method_version"], name="reassessment_once"
            ),
            models.CheckConstraint(name="reassessment_has_reason", condition=has_words("reason")),
        ]

    def __str__(self) -> str:
        return f"Re-assessment of {self.proposal}"
