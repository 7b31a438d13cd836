import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class ConflictDeclarationQuerySet(models.QuerySet["ConflictDeclaration"]):
    def visible_to(self, user: User) -> Self:
        """One's own, always; those of others for the chair, on proposals that the chair may see."""
        from proposals.models.proposal import Proposal

        if user.has_role(Role.CHAIR):
            return self.filter(Q(user=user) | Q(proposal__in=Proposal.objects.visible_to(user)))
        return self.filter(user=user)


class ConflictDeclaration(models.Model):
    """A statement on one proposal: no conflict, or one that bars its author from that proposal, finally."""

    class Kind(models.TextChoices):
        NONE = "none", "No conflict of interest"
        EMPLOYMENT = "employment", "Employment, or negotiation for it"
        MONEY = "money", "Money"
        FAMILY = "family", "Family"
        PARTICIPATION = "participation", "Past or planned participation in the dialogue"
        ADVISORY = "advisory", "Advisory role"
        COMPETING = "competing", "A competing proposal"
        CO_AUTHORSHIP = "co-authorship", "Co-authorship within three years"
        GOVERNMENT = "government", "A government post on a side's policy"
        OTHER = "other", "Another reason"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    has_conflict = models.BooleanField()
    kind = models.CharField(max_length=15, choices=Kind)
    statement = models.TextField(blank=True, max_length=2000)
    declared_at = models.DateTimeField()

    objects = ConflictDeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="conflictdeclaration_kind",
                condition=Q(
                    kind__in=[
                        "none",
                        "employment",
                        "money",
                        "family",
                        "participation",
                        "advisory",
                        "competing",
                        "co-authorship",
                        "government",
                        "other",
                    ]
                ),
            ),
            models.UniqueConstraint(fields=["proposal", "user"], name="conflictdeclaration_once"),
            models.CheckConstraint(
                name="conflictdeclaration_kind_with_conflict",
                condition=Q(has_conflict=False, kind="none") | (Q(has_conflict=True) & ~Q(kind="none")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
