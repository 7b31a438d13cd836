"""What a memo is made of: judgements and the annex. Frozen facts, ready to be shown; empty text is nothing."""

from dataclasses import dataclass

from proposals.memos.parts import GateLine

SHORT = 1500


# --- convening and transfer, side by side ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SideCell:
    value: str
    grade: str
    is_weaker: bool


@dataclass(frozen=True, slots=True)
class SideRow:
    """A criterion that is answered for each side; `cells` stand in the order of the sides."""

    title: str
    section: str
    cells: tuple[SideCell, ...]


@dataclass(frozen=True, slots=True)
class WholeRow:
    title: str
    section: str
    value: str
    grade: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """`people` and `ways` hold one list of lines for each side, `unplaced` the ways whose side is not stated."""

    sides: tuple[str, ...]
    rows: tuple[SideRow, ...]
    people: tuple[tuple[str, ...], ...]
    ways: tuple[tuple[str, ...], ...]
    unplaced: tuple[str, ...]
    whole: tuple[WholeRow, ...]


# --- risk -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RiskRow:
    """Levels and points of expected loss; `promised` is the part of the reduction that rests on promises."""

    title: str
    likelihood: str
    consequence: str
    inherent: str
    reduction: str
    promised: str
    residual: str
    band: str


@dataclass(frozen=True, slots=True)
class MitigationRow:
    title: str
    acts: str
    value: str
    grade: str
    plan: str
    cost: str


@dataclass(frozen=True, slots=True)
class Risks:
    """`limits` are the three limits between the four bands, `scale` the largest inherent risk there can be."""

    rows: tuple[RiskRow, ...]
    mitigations: tuple[MitigationRow, ...]
    limits: tuple[str, ...]
    scale: str
    total: str
    promise: str


# --- conditions, predictions, disagreement --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    text: str
    owner: str
    due: str
    proof: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A condition that follows from the scores: `effect` says what it would change, `proof` what to bring."""

    title: str
    now: str
    proof: str
    effect: str


@dataclass(frozen=True, slots=True)
class Milestone:
    title: str
    text: str
    horizon: str


@dataclass(frozen=True, slots=True)
class Prediction:
    statement: str
    probability: str
    resolve_by: str
    resolver: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    title: str
    answers: str
    why: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """A panel value that replaced the mean, with its reason."""

    title: str
    value: str
    reason: str


# --- annex ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One officer's answer in one round. `counted` is false for a round that a later one replaced."""

    officer: str
    round: str
    answer: str
    grade: str
    anchor: str
    rationale: str
    cites: str
    counted: bool


@dataclass(frozen=True, slots=True)
class ScoredItem:
    title: str
    panel: str
    lines: tuple[ScoreLine, ...]

    @property
    def is_short(self) -> bool:
        """Whether it is short enough to be kept on one page without leaving a hole before it."""
        return sum(120 + len(line.anchor) + len(line.rationale) for line in self.lines) < SHORT


@dataclass(frozen=True, slots=True)
class ScoredSection:
    title: str
    items: tuple[ScoredItem, ...]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    number: str
    claim: str
    source: str
    address: str
    side: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True)
class WeightLine:
    title: str
    weight: str
    value: str
    is_section: bool


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A suggested, unconfirmed figure of a documented dialogue, beside the panel's."""

    title: str
    reference: str
    panel: str


@dataclass(frozen=True, slots=True)
class Annex:
    """`weights_changed` says whether other weights were published after the first score; empty in older memos."""

    scores: tuple[ScoredSection, ...]
    evidence: tuple[EvidenceLine, ...]
    weights: tuple[WeightLine, ...]
    gates: tuple[GateLine, ...]
    references: tuple[ReferenceLine, ...]
    reference_note: str
    weights_changed: str = ""
