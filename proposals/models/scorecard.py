import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from proposals.models.blinding import JudgementQuerySet, undiscussed_proposal_ids, unscored_proposal_ids
from proposals.models.constraints import has_words
from proposals.models.evidence import Evidence, Grade
from proposals.models.proposal import Proposal
from proposals.models.record import Side
from rubrics.models import Criterion, Mitigation, Risk, RubricVersion
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def visible_to(self, user: User) -> Self:
        """One's own always; others' once submitted, for chairs, and for officers who submitted theirs.

        A chair who is to score the proposal too sees no others' before their own is in. While round 2 is open, those of
        round 2 wait for one's own; those of round 1 are what is discussed.
        """
        mine = Q(officer=user)
        submitted = Q(state=Scorecard.State.SUBMITTED) & ~Q(round=Scorecard.Round.PRACTICE)
        if user.has_role(Role.CHAIR):
            others = submitted
        elif user.has_role(Role.OFFICER):
            own = Scorecard.objects.filter(
                proposal=OuterRef("proposal"),
                officer=user,
                state=Scorecard.State.SUBMITTED,
            )
            others = submitted & (Q(Exists(own)) | Q(proposal__docket__kind="calibration"))
        else:
            others = Q(pk__in=[])
        others &= ~Q(proposal__in=unscored_proposal_ids(user))
        others &= ~Q(round=Scorecard.Round.DISCUSSED, proposal__in=undiscussed_proposal_ids(user))
        return self.filter(mine | others, proposal__in=Proposal.objects.visible_to(user))

    def counted(self) -> Self:
        """Those that an assessment counts: submitted, no practice, by officers not barred, the latest round of each."""
        from proposals.models.conflict import ConflictDeclaration

        later = Scorecard.objects.filter(
            proposal=OuterRef("proposal"),
            officer=OuterRef("officer"),
            rubric_version=OuterRef("rubric_version"),
            state=Scorecard.State.SUBMITTED,
            round__gt=OuterRef("round"),
        )
        barred = ConflictDeclaration.objects.filter(
            proposal=OuterRef("proposal"), user=OuterRef("officer"), has_conflict=True
        )
        submitted = self.filter(state=Scorecard.State.SUBMITTED).exclude(round=Scorecard.Round.PRACTICE)
        return submitted.filter(~Exists(later), ~Exists(barred))


class Scorecard(models.Model):
    """One officer's judgement of one proposal, under one rubric version, in one round."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"

    class Round(models.IntegerChoices):
        PRACTICE = 0, "Practice on a calibration case"
        BLIND = 1, "Round 1, blind"
        DISCUSSED = 2, "Round 2, after discussion"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="scorecards")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scorecards")
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="scorecards")
    round = models.PositiveSmallIntegerField(choices=Round, default=Round.BLIND)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    proposal_revision = models.PositiveIntegerField(help_text="The revision of the record that it was written for.")
    recommendation = models.CharField(max_length=80, blank=True, help_text="The key of a band, given as a whole.")
    recommendation_reason = models.TextField(blank=True, max_length=3000)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "officer", "rubric_version", "round"], name="scorecard_once_a_round"
            ),
            models.CheckConstraint(name="scorecard_state", condition=Q(state__in=["draft", "submitted"])),
            models.CheckConstraint(name="scorecard_round", condition=Q(round__in=[0, 1, 2])),
            models.CheckConstraint(
                name="scorecard_submitted_at_with_state",
                condition=Q(state="draft", submitted_at__isnull=True)
                | Q(state="submitted", submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="scorecard_submitted_has_recommendation", condition=Q(state="draft") | ~Q(recommendation="")
            ),
        ]

    def __str__(self) -> str:
        return f"Scorecard of {self.officer} on {self.proposal}"

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED


class Answer(models.TextChoices):
    SCORED = "scored", "Scored"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    NOT_ENOUGH_INFORMATION = "not_enough_information", "Not enough information"
    OPEN = "open", "Open"


class CellQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scorecard__in=Scorecard.objects.visible_to(user))


class Cell(models.Model):
    """What every answer on a scorecard has: why, on what, and when.

    No row means not answered yet; a row whose answer is open holds words or citations that came before an answer.
    """

    rationale = models.TextField(blank=True, max_length=4000)
    citations = models.ManyToManyField(Evidence, blank=True, related_name="%(class)ss")
    updated_at = models.DateTimeField()

    objects = CellQuerySet.as_manager()

    class Meta:
        abstract = True


def _value_only_when_scored(name: str, answers: list[str]) -> models.CheckConstraint:
    """A scored cell has a value and a grade; an absence has neither: it is never zero."""
    return models.CheckConstraint(
        name=name,
        condition=Q(answer="scored", value__gte=0, grade__gte=0, grade__lte=4)
        | Q(answer__in=answers, value__isnull=True, grade__isnull=True),
    )


class Score(Cell):
    """The answer to a criterion, for one side where the criterion is per side."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    side = models.ForeignKey(Side, on_delete=models.PROTECT, null=True, blank=True, related_name="scores")
    answer = models.CharField(max_length=25, choices=Answer)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    grade = models.PositiveSmallIntegerField(choices=Grade, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "criterion"], condition=Q(side__isnull=True), name="score_once"
            ),
            models.UniqueConstraint(
                fields=["scorecard", "criterion", "side"], condition=Q(side__isnull=False), name="score_side_once"
            ),
            _value_only_when_scored(
                "score_value_only_when_scored", ["not_applicable", "not_enough_information", "open"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.key}: {self.value if self.answer == Answer.SCORED else self.answer}"


class MitigationScore(Cell):
    """How good a mitigation is as planned."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="mitigation_scores")
    mitigation = models.ForeignKey(Mitigation, on_delete=models.PROTECT, related_name="scores")
    answer = models.CharField(max_length=25, choices=Answer)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    grade = models.PositiveSmallIntegerField(choices=Grade, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "mitigation"], name="mitigationscore_once"),
            _value_only_when_scored("mitigationscore_value_only_when_scored", ["not_enough_information", "open"]),
        ]

    def __str__(self) -> str:
        return f"{self.mitigation.key}: {self.value if self.answer == Answer.SCORED else self.answer}"


class RiskScore(Cell):
    """Likelihood (1-5) and consequence (0-5) of a risk before mitigation.

    A null level is not enough information, but for one that `open_level` names, which is not answered yet.
    """

    class OpenLevel(models.TextChoices):
        NONE = "", "None"
        LIKELIHOOD = "likelihood", "Likelihood"
        CONSEQUENCE = "consequence", "Consequence"
        BOTH = "both", "Both"

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="risk_scores")
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="scores")
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    consequence = models.PositiveSmallIntegerField(null=True, blank=True)
    open_level = models.CharField(max_length=11, choices=OpenLevel, blank=True, default=OpenLevel.NONE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "risk"], name="riskscore_once"),
            models.CheckConstraint(
                name="riskscore_levels",
                condition=(Q(likelihood__isnull=True) | Q(likelihood__gte=1))
                & (Q(consequence__isnull=True) | Q(consequence__gte=0)),
            ),
            models.CheckConstraint(
                name="riskscore_open_level_has_no_value",
                condition=Q(open_level="")
                | Q(open_level="likelihood", likelihood__isnull=True)
                | Q(open_level="consequence", consequence__isnull=True)
                | Q(open_level="both", likelihood__isnull=True, consequence__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk.key}: {self.likelihood} x {self.consequence}"


class Consensus(models.Model):
    """A panel value, agreed in discussion, that replaces the mean: halves allowed, with a reason and a grade."""

    class Part(models.TextChoices):
        LIKELIHOOD = "probability", "Likelihood"
        CONSEQUENCE = "loss", "Consequence"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="consensus")
    rubric_version = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="consensus")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="consensus")
    side = models.ForeignKey(Side, on_delete=models.PROTECT, null=True, blank=True, related_name="consensus")
    mitigation = models.ForeignKey(
        Mitigation, on_delete=models.PROTECT, null=True, blank=True, related_name="consensus"
    )
    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, null=True, blank=True, related_name="consensus")
    part = models.CharField(max_length=12, choices=Part, blank=True)
    half_points = models.PositiveSmallIntegerField(help_text="Twice the value, so that only halves can be stored.")
    grade = models.PositiveSmallIntegerField(choices=Grade, null=True, blank=True)
    reason = models.TextField(max_length=3000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consensus_recorded"
    )
    recorded_at = models.DateTimeField()

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "consensus"
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "rubric_version", "criterion", "side"],
                condition=Q(side__isnull=False),
                name="consensus_side_once",
            ),
            models.UniqueConstraint(
                fields=["proposal", "rubric_version", "criterion"],
                condition=Q(criterion__isnull=False, side__isnull=True),
                name="consensus_criterion_once",
            ),
            models.UniqueConstraint(
                fields=["proposal", "rubric_version", "mitigation"],
                condition=Q(mitigation__isnull=False),
                name="consensus_mitigation_once",
            ),
            models.UniqueConstraint(
                fields=["proposal", "rubric_version", "risk", "part"],
                condition=Q(risk__isnull=False),
                name="consensus_risk_part_once",
            ),
            models.CheckConstraint(
                name="consensus_of_one_thing",
                condition=Q(
                    criterion__isnull=False, mitigation__isnull=True, risk__isnull=True, part="", grade__isnull=False
                )
                | Q(
                    criterion__isnull=True,
                    side__isnull=True,
                    mitigation__isnull=False,
                    risk__isnull=True,
                    part="",
                    grade__isnull=False,
                )
                | (
                    Q(
                        criterion__isnull=True,
                        side__isnull=True,
                        mitigation__isnull=True,
                        risk__isnull=False,
                        grade__isnull=True,
                    )
                    & ~Q(part="")
                ),
            ),
            models.CheckConstraint(name="consensus_part", condition=Q(part__in=["", "probability", "loss"])),
            models.CheckConstraint(
                name="consensus_grade", condition=Q(grade__isnull=True) | Q(grade__gte=0, grade__lte=4)
            ),
            models.CheckConstraint(name="consensus_has_reason", condition=has_words("reason")),
        ]

    def __str__(self) -> str:
        return f"Consensus on {self.criterion or self.mitigation or self.risk}: {self.half_points / 2:g}"
