"""The parts of a rubric version. Decimals have room for four places; the bundle's format says what each number does."""

from django.db import models
from django.db.models import Q

from rubrics.models.described import Described
from rubrics.models.rubric import RubricVersion


class Section(Described):
    class Rule(models.TextChoices):
        MEAN = "mean", "Weighted mean"
        PATHWAYS = "pathways", "Pathways"
        RESIDUAL_RISK = "residual_risk", "Residual risk"

    version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=80)
    weight = models.DecimalField(max_digits=12, decimal_places=4)
    rule = models.CharField(max_length=20, choices=Rule)
    anchors = models.JSONField(
        null=True, blank=True, help_text="Risk: the words of the likelihood and consequence levels."
    )
    overlap = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    reduction_cap = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    condition_level = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    probability = models.JSONField(null=True, blank=True)
    loss = models.JSONField(null=True, blank=True)
    risk_bands = models.JSONField(null=True, blank=True)
    catastrophic_from = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    loss_at_zero = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="section_key_once"),
            models.UniqueConstraint(fields=["version", "position"], name="section_position_once"),
            models.CheckConstraint(name="section_weight_not_negative", condition=Q(weight__gte=0)),
            models.CheckConstraint(name="section_rule", condition=Q(rule__in=["mean", "pathways", "residual_risk"])),
            models.CheckConstraint(
                name="section_overlap_with_rule",
                condition=Q(rule="pathways", overlap__gte=0, overlap__lte=1)
                | (~Q(rule="pathways") & Q(overlap__isnull=True)),
            ),
            models.CheckConstraint(
                name="section_risk_numbers_with_rule",
                condition=Q(
                    rule="residual_risk",
                    reduction_cap__gte=0,
                    reduction_cap__lte=1,
                    condition_level__isnull=False,
                    probability__isnull=False,
                    loss__isnull=False,
                    risk_bands__isnull=False,
                    catastrophic_from__isnull=False,
                    loss_at_zero__gt=0,
                )
                | (
                    ~Q(rule="residual_risk")
                    & Q(
                        reduction_cap__isnull=True,
                        condition_level__isnull=True,
                        catastrophic_from__isnull=True,
                        loss_at_zero__isnull=True,
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Criterion(Described):
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=80)
    weight = models.DecimalField(max_digits=12, decimal_places=4)
    per_side = models.BooleanField(default=False)
    not_applicable_allowed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "key"], name="criterion_key_once"),
            models.UniqueConstraint(fields=["section", "position"], name="criterion_position_once"),
            models.CheckConstraint(name="criterion_weight_not_negative", condition=Q(weight__gte=0)),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Risk(Described):
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="risks")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "key"], name="risk_key_once"),
            models.UniqueConstraint(fields=["section", "position"], name="risk_position_once"),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Mitigation(Described):
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="mitigations")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["section", "key"], name="mitigation_key_once"),
            models.UniqueConstraint(fields=["section", "position"], name="mitigation_position_once"),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Pairing(models.Model):
    """The share of a risk that a mitigation of full quality removes."""

    mitigation = models.ForeignKey(Mitigation, on_delete=models.CASCADE, related_name="pairings")
    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="pairings")
    factor = models.DecimalField(max_digits=6, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mitigation", "risk"], name="pairing_once"),
            models.CheckConstraint(name="pairing_factor_is_share", condition=Q(factor__gte=0, factor__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.mitigation} on {self.risk}: {self.factor}"


class Anchor(models.Model):
    """What a level of a criterion or mitigation looks like."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, null=True, blank=True, related_name="anchors")
    mitigation = models.ForeignKey(Mitigation, on_delete=models.CASCADE, null=True, blank=True, related_name="anchors")
    level = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["criterion", "level"], name="anchor_criterion_level_once"),
            models.UniqueConstraint(fields=["mitigation", "level"], name="anchor_mitigation_level_once"),
            models.CheckConstraint(
                name="anchor_of_one_thing",
                condition=Q(criterion__isnull=False, mitigation__isnull=True)
                | Q(criterion__isnull=True, mitigation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.text}"


class Gate(Described):
    class Sides(models.TextChoices):
        EVERY = "every", "Every side"
        SOME = "some", "Some side"

    version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="gates")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=80)
    effect = models.CharField(max_length=90, help_text="decline, block or cap:BAND")
    sides = models.CharField(max_length=5, choices=Sides, blank=True)
    when = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="gate_key_once"),
            models.UniqueConstraint(fields=["version", "position"], name="gate_position_once"),
            models.CheckConstraint(
                name="gate_effect", condition=Q(effect__in=["decline", "block"]) | Q(effect__startswith="cap:")
            ),
            models.CheckConstraint(name="gate_sides", condition=Q(sides__in=["", "every", "some"])),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Band(Described):
    version = models.ForeignKey(RubricVersion, on_delete=models.CASCADE, related_name="bands")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=80)
    minimum = models.DecimalField(max_digits=12, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="band_key_once"),
            models.UniqueConstraint(fields=["version", "position"], name="band_position_once"),
            models.UniqueConstraint(fields=["version", "minimum"], name="band_minimum_once"),
            models.CheckConstraint(name="band_minimum_on_scale", condition=Q(minimum__gte=0, minimum__lte=100)),
        ]

    def __str__(self) -> str:
        return self.title or self.key
