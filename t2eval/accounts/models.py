import uuid
from functools import cached_property
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan

from t2eval.accounts.roles import Role


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first_name = None  # type: ignore[assignment]  # one field for a name: not every name has two parts
    last_name = None  # type: ignore[assignment]  # same
    name = models.CharField("full name", max_length=150)
    employer = models.CharField(max_length=150, blank=True, help_text="Suggests conflicts of interest to declare.")
    wants_reminders = models.BooleanField(default=False, help_text="Mails that say how many scorecards are due.")

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        constraints = [models.CheckConstraint(name="user_has_name", condition=~models.Q(name=""))]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *roles: Role) -> bool:
        """Whether the user is active and holds one of these roles. Superusers hold none by being superusers."""
        return self.is_active and not self.roles.isdisjoint(roles)


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and nobody else's: they remind, and prove nothing."""
        return self.filter(user=user)


class Affiliation(models.Model):
    """An interest that its user keeps, so that the page of a declaration can point to conflicts. It decides nothing."""

    class Kind(models.TextChoices):
        EMPLOYMENT = "employment", "Employment"
        ADVISORY = "advisory", "Advisory role or board"
        PARTICIPATION = "participation", "Took part in a dialogue"
        MONEY = "money", "Money: grants, fees, shares"
        FAMILY = "family", "Family or close friend"
        CO_AUTHORSHIP = "co-authorship", "Co-authorship"
        GOVERNMENT = "government", "Government post"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="affiliations")
    organization = models.CharField("organization or dialogue", max_length=200)
    kind = models.CharField(max_length=15, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    until_year = models.PositiveSmallIntegerField("until the year", null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "kind"], name="affiliation_once"),
            models.CheckConstraint(
                name="affiliation_has_organization", condition=GreaterThan(Length(Trim("organization")), 0)
            ),
            models.CheckConstraint(
                name="affiliation_kind",
                condition=Q(
                    kind__in=[
                        "employment",
                        "advisory",
                        "participation",
                        "money",
                        "family",
                        "co-authorship",
                        "government",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="affiliation_until_year",
                condition=Q(until_year__isnull=True) | Q(until_year__gte=1900, until_year__lte=2200),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.organization}"
