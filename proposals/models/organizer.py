import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q

from proposals.models.constraints import has_words
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class OrganizerQuerySet(models.QuerySet["Organizer"]):
    def visible_to(self, user: User) -> Self:
        return self.all() if user.has_role(Role.OFFICER, Role.CHAIR) else self.none()


class Organizer(models.Model):
    """Who convenes. Facts of record only; judgements stand in scorecards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    country = models.CharField(max_length=100, blank=True)
    website = models.URLField(blank=True, max_length=400)
    description = models.TextField(blank=True, max_length=6000)
    is_sample = models.BooleanField(default=False, help_text="Invented, for the sample docket.")

    objects = OrganizerQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="organizer_has_name", condition=has_words("name"))]

    def __str__(self) -> str:
        return self.name


class OfOrganizerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(organizer__in=Organizer.objects.visible_to(user))


class PastConvening(models.Model):
    organizer = models.ForeignKey(Organizer, on_delete=models.CASCADE, related_name="past_convenings")
    title = models.CharField(max_length=200)
    period = models.CharField(max_length=60, help_text="A year or years, as documented.")
    place = models.CharField(max_length=120, blank=True)
    sides = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True, max_length=2000)

    objects = OfOrganizerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.title}, {self.period}"


class EarlierGrant(models.Model):
    """What we gave this organizer before, and what became of it."""

    organizer = models.ForeignKey(Organizer, on_delete=models.CASCADE, related_name="earlier_grants")
    year = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default="USD")
    outcome = models.TextField(blank=True, max_length=2000)

    objects = OfOrganizerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="earliergrant_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="earliergrant_year", condition=Q(year__gte=1900, year__lte=2200)),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.purpose}"
