from typing import Self

from django.conf import settings
from django.db import models

from proposals.models.proposal import Proposal
from proposals.models.scorecard import Scorecard
from t2eval.accounts.models import User


class CellChangeQuerySet(models.QuerySet["CellChange"]):
    def visible_to(self, user: User) -> Self:
        """The history of a scorecard is its author's."""
        return self.filter(scorecard__officer=user, scorecard__proposal__in=Proposal.objects.visible_to(user))


class CellChange(models.Model):
    """What one saving changed in one cell of a scorecard. Append-only; an empty `cell` is the recommendation.

    `before` and `after` are answers as `answer_json` writes them, null where the cell is open and empty.
    """

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="changes")
    cell = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cell_changes")
    at = models.DateTimeField()

    objects = CellChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["scorecard", "-at"], name="cellchange_newest_first")]

    def __str__(self) -> str:
        return f"{self.cell or 'recommendation'} of {self.scorecard}"
