"""What goes into an assessment: a rubric version, proposals, scorecards. Data only, no rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import ClassVar, TypeAlias

FORMAT = "t2eval-bundle/1"
GRADES = ("E0", "E1", "E2", "E3", "E4")
CHECK_STATES = ("sufficient", "needs-more", "insufficient")
BLIND, AFTER_DISCUSSION = 1, 2
PROBABILITY, LOSS = "probability", "loss"
NO_PART = ""


class Absence(Enum):
    """Why there is no number. Neither is a zero, and they differ from each other."""

    NOT_APPLICABLE = "not_applicable"
    NOT_ENOUGH_INFORMATION = "not_enough_information"


NOT_APPLICABLE = Absence.NOT_APPLICABLE
NEI = Absence.NOT_ENOUGH_INFORMATION

Value: TypeAlias = Fraction | Absence
"""A number on some scale, or the reason why there is none."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One place of a scorecard: a criterion, theory or mitigation, one side of it, or one level of a risk.

    `part` is the side, "probability" or "loss"; empty for an undivided item.
    """

    item: str
    part: str = NO_PART

    def __str__(self) -> str:
        return f"{self.item}.{self.part}" if self.part else self.item


# --- the rubric version -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CriterionSpec:
    key: str
    weight: Fraction
    per_side: bool = False
    not_applicable_allowed: bool = False


@dataclass(frozen=True, slots=True)
class RiskSpec:
    key: str


@dataclass(frozen=True, slots=True)
class MitigationSpec:
    """`reduces` maps risk keys to k, the share of the risk that a perfect mitigation takes away (0 to 1)."""

    key: str
    reduces: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class MeanSection:
    rule: ClassVar[str] = "mean"
    key: str
    weight: Fraction
    criteria: tuple[CriterionSpec, ...]


@dataclass(frozen=True, slots=True)
class PathwaysSection:
    rule: ClassVar[str] = "pathways"
    key: str
    weight: Fraction
    overlap: Fraction
    criteria: tuple[CriterionSpec, ...]


@dataclass(frozen=True, slots=True)
class ResidualRiskSection:
    """`probability` maps levels 1, 2, … and `loss` levels 0, 1, …; losses are points out of 100."""

    rule: ClassVar[str] = "residual_risk"
    key: str
    weight: Fraction
    reduction_cap: Fraction
    condition_level: Fraction
    probability: tuple[Fraction, ...]
    loss: tuple[Fraction, ...]
    risk_bands: tuple[Fraction, Fraction, Fraction]
    catastrophic_from: Fraction
    loss_at_zero: Fraction
    risks: tuple[RiskSpec, ...]
    mitigations: tuple[MitigationSpec, ...]


SectionSpec: TypeAlias = MeanSection | PathwaysSection | ResidualRiskSection
CriteriaSection: TypeAlias = MeanSection | PathwaysSection


# --- gates --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CriterionBelow:
    criterion: str
    below: Fraction


@dataclass(frozen=True, slots=True)
class CriterionAtLeast:
    criterion: str
    at_least: Fraction


@dataclass(frozen=True, slots=True)
class SectionMeanBelow:
    section: str
    mean_below: Fraction


@dataclass(frozen=True, slots=True)
class BestClaimBelow:
    best_claim_below: Fraction


@dataclass(frozen=True, slots=True)
class MitigationBelow:
    mitigation: str
    below: Fraction


@dataclass(frozen=True, slots=True)
class RiskInherentAtLeast:
    risk: str
    inherent_at_least: Fraction


@dataclass(frozen=True, slots=True)
class AnyRiskResidualAtLeast:
    any_risk_residual_at_least: Fraction


@dataclass(frozen=True, slots=True)
class CheckIs:
    check: str
    state: str


@dataclass(frozen=True, slots=True)
class CheckIsNot:
    check: str
    state: str


@dataclass(frozen=True, slots=True)
class FlagIs:
    flag: str


CriterionTest: TypeAlias = CriterionBelow | CriterionAtLeast
GateTest: TypeAlias = (
    CriterionTest
    | SectionMeanBelow
    | BestClaimBelow
    | MitigationBelow
    | RiskInherentAtLeast
    | AnyRiskResidualAtLeast
    | CheckIs
    | CheckIsNot
    | FlagIs
)


class Effect(Enum):
    DECLINE = "decline"
    BLOCK = "block"
    CAP = "cap"


class Sides(Enum):
    EVERY = "every"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class GateSpec:
    """`cap` names the highest band allowed and is set exactly when the effect is CAP."""

    key: str
    effect: Effect
    when: tuple[GateTest, ...]
    cap: str | None = None
    sides: Sides | None = None


@dataclass(frozen=True, slots=True)
class BandSpec:
    """`minimum` is the lowest index (0 to 100) of the band."""

    key: str
    minimum: Fraction


@dataclass(frozen=True, slots=True)
class RubricSpec:
    key: str
    version: int
    top_score: int
    evidence_caps: tuple[Fraction, ...]
    sections: tuple[SectionSpec, ...]
    gates: tuple[GateSpec, ...]
    bands: tuple[BandSpec, ...]

    def criteria_sections(self) -> tuple[CriteriaSection, ...]:
        return tuple(section for section in self.sections if not isinstance(section, ResidualRiskSection))

    def risk_sections(self) -> tuple[ResidualRiskSection, ...]:
        return tuple(section for section in self.sections if isinstance(section, ResidualRiskSection))


# --- the proposal and its judgements ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """A whole number on the scale with its evidence grade, 0 to 4 for E0 to E4."""

    value: int
    grade: int


@dataclass(frozen=True, slots=True)
class Level:
    """A whole probability or loss level of a risk. No evidence grade caps it."""

    value: int


Answer: TypeAlias = Score | Level | Absence


@dataclass(frozen=True, slots=True)
class ScorecardInput:
    """One officer's answers in one round. A cell that is missing is not enough information."""

    officer: str
    round: int
    cells: Mapping[Cell, Answer]
    recommendation: str | None = None


@dataclass(frozen=True, slots=True)
class ConsensusInput:
    """A panel value people agreed on. Without a grade no cap applies to it."""

    value: Fraction
    grade: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OverrideInput:
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalInput:
    """Scorecards are those that may count: submitted, by officers who are not barred; earlier rounds may be there."""

    key: str
    sides: tuple[str, ...]
    claims: frozenset[str]
    scorecards: tuple[ScorecardInput, ...] = ()
    amount: Fraction | None = None
    checks: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    consensus: Mapping[Cell, ConsensusInput] = field(default_factory=dict)
    overrides: Mapping[str, OverrideInput] = field(default_factory=dict)

    def counted(self) -> tuple[ScorecardInput, ...]:
        """Give the latest round of each officer, in the order in which the officers first appear."""
        latest: dict[str, ScorecardInput] = {}
        for card in self.scorecards:
            if card.officer not in latest or card.round > latest[card.officer].round:
                latest[card.officer] = card
        return tuple(latest.values())


@dataclass(frozen=True, slots=True)
class BundleInput:
    rubric: RubricSpec
    proposals: tuple[ProposalInput, ...]
