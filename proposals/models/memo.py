import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.access import OfProposalQuerySet, barred_proposal_ids
from proposals.models.assessment import Assessment
from proposals.models.blinding import blind_proposal_ids
from proposals.models.constraints import has_words
from proposals.models.proposal import Proposal
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class MemoWords(models.Model):
    """What people write for a memo, in named fields; empty ones print as not yet written."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="memo_words")
    recommendation = models.CharField("staff recommendation", max_length=80, blank=True)
    amount = models.DecimalField("amount recommended", max_digits=14, decimal_places=2, null=True, blank=True)
    term_months = models.PositiveSmallIntegerField("term recommended, in months", null=True, blank=True)
    resolution = models.TextField("resolution proposed to the committee", blank=True, max_length=800)
    reason_for_1 = models.TextField("first reason for", blank=True, max_length=400)
    reason_for_2 = models.TextField("second reason for", blank=True, max_length=400)
    reason_for_3 = models.TextField("third reason for", blank=True, max_length=400)
    reason_against_1 = models.TextField("first reason against", blank=True, max_length=400)
    reason_against_2 = models.TextField("second reason against", blank=True, max_length=400)
    reason_against_3 = models.TextField("third reason against", blank=True, max_length=400)
    uncertainty = models.TextField("largest uncertainty", blank=True, max_length=500)
    change_our_mind = models.TextField("what would change our mind", blank=True, max_length=500)
    grant_does = models.TextField("what the grant does", blank=True, max_length=3000)
    case_for = models.TextField("the case for", blank=True, max_length=4000)
    case_against = models.TextField("the case against", blank=True, max_length=4000)
    case_against_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cases_against"
    )
    counterfactual = models.TextField(blank=True, max_length=2000)
    minority_view = models.TextField("disagreements and minority views", blank=True, max_length=3000)
    exit_triggers = models.TextField(blank=True, max_length=2000)
    follow_up = models.TextField(blank=True, max_length=2000)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="memo_words_updated"
    )
    updated_at = models.DateTimeField()

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="memowords_amount_positive", condition=Q(amount__isnull=True) | Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="memowords_term_positive", condition=Q(term_months__isnull=True) | Q(term_months__gt=0)
            ),
            models.CheckConstraint(
                name="memowords_case_against_has_author",
                condition=Q(case_against="") | Q(case_against_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Memo words on {self.proposal}"


class MemoCondition(models.Model):
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="memo_conditions")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=500)
    owner = models.CharField(max_length=120, blank=True)
    due = models.CharField("by when", max_length=80, blank=True)
    proof = models.CharField(max_length=500, blank=True)

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="memocondition_has_text", condition=has_words("text"))]

    def __str__(self) -> str:
        return self.text


class MemoPrediction(models.Model):
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="memo_predictions")
    position = models.PositiveSmallIntegerField(default=0)
    statement = models.CharField(max_length=400)
    probability = models.PositiveSmallIntegerField("probability in per cent")
    resolve_by = models.DateField()
    resolver = models.CharField(max_length=120, help_text="Someone other than the author.")

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="memoprediction_has_statement", condition=has_words("statement")),
            models.CheckConstraint(name="memoprediction_has_resolver", condition=has_words("resolver")),
            models.CheckConstraint(
                name="memoprediction_probability", condition=Q(probability__gte=1, probability__lte=99)
            ),
        ]

    def __str__(self) -> str:
        return self.statement


class MemoQuerySet(models.QuerySet["Memo"]):
    def visible_to(self, user: User) -> Self:
        """Issued ones for the committee; all for whoever may see the assessment behind them.

        A conflict denies, and so does a scorecard that is still owed: the annex prints every score.
        """
        seen = Q(assessment__in=Assessment.objects.visible_to(user))
        if user.has_role(Role.COMMITTEE):
            seen |= Q(state__in=[Memo.State.ISSUED, Memo.State.SUPERSEDED])
        readable = self.filter(seen).exclude(proposal__in=barred_proposal_ids(user))
        return readable.exclude(proposal__in=blind_proposal_ids(user))


class Memo(models.Model):
    """One edition of a proposal's decision memo. Its content is frozen at birth; page and PDF both come from it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ISSUED = "issued", "Issued"
        SUPERSEDED = "superseded", "Superseded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="memos")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="memos")
    number = models.CharField(max_length=40, unique=True)
    edition = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    draft_reasons = models.JSONField(default=list, help_text="Why it can only be a draft; empty: it may be issued.")
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    pdf = models.FileField(upload_to="memos/", blank=True, max_length=200)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memos_requested")
    requested_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="memos_issued"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = MemoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "edition"], name="memo_edition_once"),
            models.CheckConstraint(name="memo_state", condition=Q(state__in=["draft", "issued", "superseded"])),
            models.CheckConstraint(name="memo_edition_positive", condition=Q(edition__gt=0)),
            models.UniqueConstraint(fields=["proposal"], condition=Q(state="issued"), name="memo_one_issued"),
            models.CheckConstraint(
                name="memo_issued_at_with_state",
                condition=Q(state="draft", issued_at__isnull=True, issued_by__isnull=True)
                | (~Q(state="draft") & Q(issued_at__isnull=False, issued_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="memo_superseded_at_with_state",
                condition=Q(state="superseded", superseded_at__isnull=False)
                | (~Q(state="superseded") & Q(superseded_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="memo_pdf_with_hash",
                condition=Q(pdf="", pdf_sha256="") | (~Q(pdf="") & ~Q(pdf_sha256="")),
            ),
            models.CheckConstraint(name="memo_issued_has_pdf", condition=Q(state="draft") | ~Q(pdf="")),
            models.CheckConstraint(name="memo_issued_is_no_draft", condition=Q(state="draft") | Q(draft_reasons=[])),
        ]

    def __str__(self) -> str:
        return f"Memo {self.number}"


class MemoJobQuerySet(models.QuerySet["MemoJob"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(memo__in=Memo.objects.visible_to(user))


class MemoJob(models.Model):
    """The rendering of a memo. The row is the truth; Celery and the sweeper only ring."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RENDERING = "rendering", "Rendering"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    memo = models.OneToOneField(Memo, on_delete=models.PROTECT, related_name="job")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    reason = models.TextField(blank=True, help_text="Why it failed, for people.")
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = MemoJobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "queued_at"], name="memojob_queue")]
        constraints = [
            models.CheckConstraint(
                name="memojob_state", condition=Q(state__in=["queued", "rendering", "ready", "failed"])
            ),
            models.CheckConstraint(
                name="memojob_lease_with_state",
                condition=Q(state="rendering", token__isnull=False, lease_until__isnull=False)
                | (~Q(state="rendering") & Q(token__isnull=True, lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="memojob_finished_at_with_state",
                condition=Q(state__in=["ready", "failed"], finished_at__isnull=False)
                | Q(state__in=["queued", "rendering"], finished_at__isnull=True),
            ),
            models.CheckConstraint(name="memojob_failed_has_reason", condition=~Q(state="failed") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.memo}: {self.get_state_display()}"
