import uuid
from typing import Self

from django.db import models

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User, *, barred: frozenset[uuid.UUID]) -> Self:
        """What an auditor may read, without the proposals that a conflict bars them from."""
        if not user.has_role(Role.AUDITOR):
            return self.none()
        return self.exclude(proposal_id__in=barred) if barred else self.all()


class Event(models.Model):
    """Who did what to which row, when. Append-only, and without foreign keys, so that it outlives what it names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.CharField(max_length=80)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=150)
    target_type = models.CharField(max_length=80)
    target_id = models.CharField(max_length=40)
    target_label = models.CharField(max_length=300)
    proposal_id = models.UUIDField(null=True, help_text="The proposal that it concerns, for conflicts of interest.")
    details = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="event_newest_first")]
        constraints = [models.CheckConstraint(name="event_is_named", condition=~models.Q(event=""))]

    def __str__(self) -> str:
        return f"{self.event} {self.target_label}"
