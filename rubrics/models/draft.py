import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan

from rubrics.models.rubric import Rubric, RubricVersion
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class RubricDraftQuerySet(models.QuerySet["RubricDraft"]):
    def visible_to(self, user: User) -> Self:
        return self.all() if user.has_role(Role.ADMIN) else self.none()


class RubricDraft(models.Model):
    """A version in the making: one document in the bundle's rubric format, which may still hold faults.

    Publishing it makes rows of a `RubricVersion`, and the draft goes. `revision` counts its savings.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="drafts")
    base = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="drafts")
    name = models.CharField(max_length=120, help_text="What it is to change, for the list of drafts.")
    document = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts_started")
    created_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts_changed")
    changed_at = models.DateTimeField()

    objects = RubricDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="rubricdraft_has_name", condition=GreaterThan(Length(Trim("name")), 0)),
            models.CheckConstraint(name="rubricdraft_revision_positive", condition=models.Q(revision__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name
