"""What a memo is made of: frozen facts, ready to be shown. An empty string means that nothing is there to show."""

from dataclasses import dataclass

SHORT = 1500


@dataclass(frozen=True, slots=True)
class Head:
    """`moment` is the ISO time of the record; `kind` is live, sample or calibration; `paper` is A4 or Letter."""

    number: str
    edition: int
    title: str
    organizer: str
    sides: tuple[str, ...]
    issue: str
    rubric: str
    docket: str
    code: str
    revision: int
    date: str
    moment: str
    handling: str
    marking: str
    kind: str
    paper: str


# --- page 1 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the sponsor officer recommends, beside what was asked."""

    key: str
    label: str
    amount: str
    asked: str
    term: str
    term_asked: str
    resolution: str
    by: str


@dataclass(frozen=True, slots=True)
class Officer:
    """Named by a letter; `index` is the officer's scorecard assessed alone."""

    letter: str
    label: str
    is_sponsor: bool
    round: str
    index: str
    recommendation: str
    recommendation_key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the method suggests, with how far it can be relied on."""

    key: str
    label: str
    sentence: str
    index: str
    range: str
    spread: str
    interval: str
    agreement: str


@dataclass(frozen=True, slots=True)
class GateLine:
    """`states` holds the words to show: failed, unknown, set aside, passed, contested."""

    key: str
    title: str
    effect: str
    state: str
    word: str
    contested: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Dot:
    letter: str
    value: str


@dataclass(frozen=True, slots=True)
class SectionBar:
    """A section from 0 to 100; `grade` is the lowest among the scores of 3 or more."""

    key: str
    title: str
    weight: str
    value: str
    grade: str
    incomplete: bool
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision page. `gates` are those that did not pass; `contested` names passed ones that officers split on."""

    recommendation: Recommendation
    suggestion: Suggestion
    officers: tuple[Officer, ...]
    gates: tuple[GateLine, ...]
    contested: str
    others: str
    bars: tuple[SectionBar, ...]
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    uncertainty: str
    change_our_mind: str


# --- the grant, the organizer, the money ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meeting:
    title: str
    when: str
    place: str
    days: str
    participants: str


@dataclass(frozen=True, slots=True)
class Grant:
    words: str
    summary: str
    meetings: tuple[Meeting, ...]
    agenda: str


@dataclass(frozen=True, slots=True)
class PastConvening:
    title: str
    period: str
    place: str
    sides: str
    note: str


@dataclass(frozen=True, slots=True)
class EarlierGrant:
    year: str
    purpose: str
    amount: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Organizer:
    name: str
    country: str
    website: str
    description: str
    past: tuple[PastConvening, ...]
    grants: tuple[EarlierGrant, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    title: str
    amount: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    lines: tuple[Amount, ...]
    total: str
    co_funders: tuple[Amount, ...]
    per_meeting: str
    reference_points: tuple[str, ...]


# --- theory of change -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PathwayCard:
    title: str
    value: str
    grade: str
    who_changes: str
    what_they_carry: str
    to_whom: str
    decision: str
    assumption: str
    stage: str
    horizon: str
    milestone: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """By which way ideas reach which audience; `grade` is that of the evidence for it, empty without any."""

    kind: str
    side: str
    audience: str
    timing: str
    owner: str
    grade: str


@dataclass(frozen=True, slots=True)
class Theory:
    """At most three cards are printed; `others` names the claims beyond them."""

    cards: tuple[PathwayCard, ...]
    others: str
    mechanisms: tuple[Mechanism, ...]
    dialogue: str
    decision: str


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
    scores: tuple[ScoredSection, ...]
    evidence: tuple[EvidenceLine, ...]
    weights: tuple[WeightLine, ...]
    gates: tuple[GateLine, ...]
    references: tuple[ReferenceLine, ...]
    reference_note: str
