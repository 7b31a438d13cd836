"""The parts of a proposal's record that are rows of their own."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from proposals.models.access import OfProposalQuerySet
from proposals.models.constraints import has_words
from proposals.models.proposal import Proposal
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class Side(models.Model):
    """A rival state or group whose people take part; per-side criteria are answered for each."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="sides")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "key"], name="side_key_once"),
            models.UniqueConstraint(fields=["proposal", "name"], name="side_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: User) -> Self:
        """Names are for the sponsor officer and the chair only."""
        if user.has_role(Role.CHAIR):
            return self.filter(proposal__in=Proposal.objects.visible_to(user))
        return self.filter(proposal__in=Proposal.objects.sponsored_by(user))


class Participant(models.Model):
    """The only place where names live. Restricted; erasable; never in a memo that is issued."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        INVITED = "invited", "Invited"
        HOPED = "hoped", "Hoped for"
        DECLINED = "declined", "Declined"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="participants")
    side = models.ForeignKey(Side, on_delete=models.PROTECT, related_name="participants")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=160, help_text="As it may be printed: “former deputy minister”.")
    status = models.CharField(max_length=10, choices=Status, default=Status.HOPED)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="participant_has_name", condition=has_words("name")),
            models.CheckConstraint(
                name="participant_status", condition=Q(status__in=["confirmed", "invited", "hoped", "declined"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} ({self.get_status_display()})"


class Meeting(models.Model):
    """A session of the dialogue."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="meetings")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=160)
    when = models.CharField(max_length=60, blank=True, help_text="A month or a date, as far as known.")
    place = models.CharField(max_length=120, blank=True)
    days = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    participants = models.CharField(max_length=160, blank=True, help_text="How many, and of which kind.")

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="meeting_days", condition=Q(days__isnull=True) | Q(days__gt=0))]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    is_on_risk = models.BooleanField("on the risk itself", default=False, help_text="Counts towards focus.")

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="agendaitem_hours_positive", condition=Q(hours__gt=0))]

    def __str__(self) -> str:
        return self.title


class BudgetLine(models.Model):
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="budget_lines")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=160)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="budgetline_amount_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return self.title


class CoFunder(models.Model):
    class Status(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        ASKED = "asked", "Asked"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="co_funders")
    name = models.CharField(max_length=160)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="cofunder_amount_positive", condition=Q(amount__isnull=True) | Q(amount__gt=0)),
            models.CheckConstraint(name="cofunder_status", condition=Q(status__in=["confirmed", "asked"])),
        ]

    def __str__(self) -> str:
        return self.name


class PathwayCard(models.Model):
    """A claimed theory of change, told as a chain. Claiming it is what makes it scored."""

    class Stage(models.TextChoices):
        SOCIALISATION = "socialisation", "Socialisation"
        FILTERING = "filtering", "Filtering"
        POLICY_ADJUSTMENT = "policy-adjustment", "Policy adjustment"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="pathway_cards")
    position = models.PositiveSmallIntegerField(default=0)
    theory = models.SlugField(max_length=80, help_text="The key of a criterion of the theories section.")
    who_changes = models.TextField(blank=True, max_length=600)
    what_they_carry = models.TextField(blank=True, max_length=600)
    to_whom = models.TextField(blank=True, max_length=600)
    decision = models.TextField("which decision could differ", blank=True, max_length=600)
    assumption = models.TextField("the assumption most likely to fail", blank=True, max_length=600)
    stage = models.CharField("stage the grant can move", max_length=20, choices=Stage, blank=True)
    horizon = models.CharField(max_length=120, blank=True)
    milestone = models.TextField("observable milestone within the term", blank=True, max_length=600)

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "theory"], name="pathwaycard_theory_once"),
            models.CheckConstraint(
                name="pathwaycard_stage",
                condition=Q(stage__in=["", "socialisation", "filtering", "policy-adjustment"]),
            ),
        ]

    def __str__(self) -> str:
        return self.theory


class TransferMechanism(models.Model):
    """By which way ideas reach which audience, on which side."""

    class Kind(models.TextChoices):
        PRE_BRIEFING = "pre-briefing", "Pre-briefing"
        POST_BRIEFING = "post-briefing", "Post-briefing"
        OFFICIAL_OBSERVERS = "official-observers", "Official observers"
        PARTICIPANTS_WHO_ADVISE = "participants-who-advise", "Participants who advise"
        JOINT_PAPER = "joint-paper", "Memo or joint paper"
        TESTIMONY = "testimony", "Testimony"
        SECONDMENT = "secondment", "Secondment"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="transfer_mechanisms")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=30, choices=Kind)
    side = models.ForeignKey(
        Side,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfer_mechanisms",
        help_text="Empty only where a documented case does not say.",
    )
    audience = models.CharField(max_length=160, help_text="An office, not “policymakers”.")
    timing = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=120, blank=True)
    evidence = models.ForeignKey(
        "proposals.Evidence", on_delete=models.SET_NULL, null=True, blank=True, related_name="transfer_mechanisms"
    )

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="transfermechanism_kind",
                condition=Q(
                    kind__in=[
                        "pre-briefing",
                        "post-briefing",
                        "official-observers",
                        "participants-who-advise",
                        "joint-paper",
                        "testimony",
                        "secondment",
                    ]
                ),
            ),
            models.CheckConstraint(name="transfermechanism_audience", condition=has_words("audience")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.audience}"


class PlannedMitigation(models.Model):
    """What the organizer says it will do against a risk, and which cost of doing so it accepts."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="planned_mitigations")
    position = models.PositiveSmallIntegerField(default=0)
    mitigation = models.SlugField(max_length=80, help_text="The key of a mitigation of the rubric.")
    plan = models.TextField(max_length=1500)
    cost_accepted = models.CharField(max_length=300, blank=True)

    objects = OfProposalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "mitigation"], name="plannedmitigation_once")]

    def __str__(self) -> str:
        return self.mitigation


class CalibrationReference(models.Model):
    """Suggested, unconfirmed figures for a documented dialogue."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="reference")
    case = models.PositiveSmallIntegerField(unique=True, help_text="Its number among the documented cases.")
    period = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=60, default="suggested, unconfirmed")
    figures = models.JSONField()
    teaches = models.TextField(blank=True)

    objects = OfProposalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.proposal}: {self.status}"
