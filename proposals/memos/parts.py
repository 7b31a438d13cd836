"""What a memo is made of: head, decision page and record. Frozen facts, ready to be shown; empty text is nothing."""

from dataclasses import dataclass


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
