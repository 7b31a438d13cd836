import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.access import OfProposalQuerySet
from proposals.models.constraints import has_words


class Grade(models.IntegerChoices):
    """How far the claim behind a score is certain."""

    E0 = 0, "E0 none, or contradicted"
    E1 = 1, "E1 the organizer's own word"
    E2 = 2, "E2 artefacts exist"
    E3 = 3, "E3 confirmed by officials"
    E4 = 4, "E4 archives and scholarship"


class Evidence(models.Model):
    """A document, call, passage or public source, graded, that scores cite."""

    class Kind(models.TextChoices):
        PASSAGE = "passage", "Passage of the proposal"
        DOCUMENT = "document", "Document"
        CALL = "call", "Reference call"
        PUBLIC_SOURCE = "public-source", "Public source"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="evidence")
    number = models.PositiveSmallIntegerField(help_text="By which pages and memos cite it.")
    kind = models.CharField(max_length=20, choices=Kind)
    claim = models.CharField("what it shows", max_length=600)
    source = models.CharField(max_length=300, blank=True, help_text="The document, who was called, or a publication.")
    page = models.CharField("page or passage", max_length=120, blank=True)
    quote = models.TextField("passage", blank=True, max_length=2000, help_text="The words themselves.")
    address = models.URLField(blank=True, max_length=600)
    side = models.ForeignKey("proposals.Side", on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    grade = models.PositiveSmallIntegerField(choices=Grade)
    note = models.CharField(max_length=600, blank=True, help_text="Why raised or lowered: one-sided, interested, …")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_added"
    )
    added_at = models.DateTimeField()

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="evidence_number_once"),
            models.CheckConstraint(
                name="evidence_kind", condition=Q(kind__in=["passage", "document", "call", "public-source"])
            ),
            models.CheckConstraint(name="evidence_has_claim", condition=has_words("claim")),
            models.CheckConstraint(name="evidence_grade_on_scale", condition=Q(grade__gte=0, grade__lte=4)),
            models.CheckConstraint(
                name="evidence_public_source_has_place",
                condition=~Q(kind="public-source") | ~Q(address="") | ~Q(source=""),
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.number}] {self.claim}"
