import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rubrics.models.described import Described
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class Rubric(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title


class RubricVersionQuerySet(models.QuerySet["RubricVersion"]):
    def visible_to(self, user: User) -> Self:
        """Everybody reads what is or was published; drafts are the administrators'."""
        return self if user.has_role(Role.ADMIN) else self.exclude(state=RubricVersion.State.DRAFT)


class RubricVersion(Described):
    """One immutable edition of a rubric: once published, a trigger refuses any change of it or its parts."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    top_score = models.PositiveSmallIntegerField()
    evidence_caps = models.JSONField(help_text="The highest effective score for the grades E0 to E4.")
    anchors = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="published_versions"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = RubricVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rubric", "number"], name="rubricversion_number_once"),
            models.UniqueConstraint(
                fields=["rubric"], condition=Q(state="published"), name="rubricversion_one_published"
            ),
            models.CheckConstraint(
                name="rubricversion_state", condition=Q(state__in=["draft", "published", "retired"])
            ),
            models.CheckConstraint(
                name="rubricversion_published_at_with_state",
                condition=Q(state="draft", published_at__isnull=True)
                | (~Q(state="draft") & Q(published_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="rubricversion_retired_at_with_state",
                condition=Q(state="retired", retired_at__gte=F("published_at"))
                | (~Q(state="retired") & Q(retired_at__isnull=True)),
            ),
            models.CheckConstraint(name="rubricversion_top_score_positive", condition=Q(top_score__gt=0)),
            models.CheckConstraint(name="rubricversion_number_positive", condition=Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"
