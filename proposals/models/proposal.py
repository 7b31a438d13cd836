import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from proposals.models.access import OfProposalQuerySet, barred_proposal_ids
from proposals.models.constraints import has_words
from proposals.models.docket import Assignment, Docket, IssueArea
from proposals.models.organizer import Organizer
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> Self:
        """Officers see what is assigned to them and the calibration cases, chairs all; a conflict denies, finally."""
        seen = Q(pk__in=[])
        if user.has_role(Role.CHAIR):
            seen = Q()
        elif user.has_role(Role.OFFICER):
            seen = Q(pk__in=Assignment.objects.filter(officer=user).values("proposal")) | Q(
                docket__kind=Docket.Kind.CALIBRATION
            )
        return self.filter(seen).exclude(pk__in=barred_proposal_ids(user))

    def sponsored_by(self, user: User) -> Self:
        """Those whose record and memo words this officer keeps."""
        return self.visible_to(user).filter(
            pk__in=Assignment.objects.filter(officer=user, is_sponsor=True).values("proposal")
        )


class Proposal(models.Model):
    """An organizer asks for money for a dialogue. The long texts are the applicant's; caps keep a memo printable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    docket = models.ForeignKey(Docket, on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField(help_text="Its place of entry in the docket.")
    organizer = models.ForeignKey(Organizer, on_delete=models.PROTECT, related_name="proposals")
    issue_area = models.ForeignKey(IssueArea, on_delete=models.PROTECT, related_name="proposals")
    title = models.CharField(max_length=160)
    summary = models.TextField(
        max_length=1500, help_text="Three or four sentences: who meets whom, on what, to what end."
    )
    amount = models.DecimalField("amount asked", max_digits=14, decimal_places=2, null=True, blank=True)
    term_months = models.PositiveSmallIntegerField("term in months", null=True, blank=True)
    start_date = models.DateField(null=True, blank=True)
    problem = models.TextField("the problem, and why now", blank=True, max_length=8000)
    approach = models.TextField("how change will come about", blank=True, max_length=8000)
    participation = models.TextField("who takes part", blank=True, max_length=8000, help_text="Roles, not names.")
    transfer = models.TextField("how ideas reach policy", blank=True, max_length=8000)
    safeguards = models.TextField("risks and safeguards", blank=True, max_length=8000)
    counterfactual = models.TextField("what happens without this money", blank=True, max_length=4000)
    hazardous_content = models.BooleanField(
        "does the agenda touch hazardous technical content?", null=True, blank=True, help_text="Every proposal answers."
    )
    hazardous_content_note = models.TextField("what, and how it is kept safe", blank=True, max_length=2000)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals_entered"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["docket", "number"], name="proposal_number_once"),
            models.CheckConstraint(name="proposal_has_title", condition=has_words("title")),
            models.CheckConstraint(name="proposal_amount_positive", condition=Q(amount__isnull=True) | Q(amount__gt=0)),
            models.CheckConstraint(
                name="proposal_term_positive", condition=Q(term_months__isnull=True) | Q(term_months__gt=0)
            ),
            models.CheckConstraint(name="proposal_revision_positive", condition=Q(revision__gt=0)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        return f"P{self.number:02d}"


class ProposalRevision(models.Model):
    """The record as it stood, so that a scorecard can say what it was written for."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    changed = models.JSONField(default=list, help_text="The names of the fields that changed.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="revisions_made"
    )
    at = models.DateTimeField()

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="proposalrevision_once")]

    def __str__(self) -> str:
        return f"{self.proposal}, revision {self.number}"
