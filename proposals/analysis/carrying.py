"""A proposal's judgements under another version of the rubric: what has a counterpart there, and what has none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from rubrics.scoring.panel import judged_cells
from rubrics.scoring.spec import (
    LOSS,
    NO_PART,
    NOT_APPLICABLE,
    PROBABILITY,
    Absence,
    Answer,
    Cell,
    CheckIs,
    CheckIsNot,
    ConsensusInput,
    FlagIs,
    PathwaysSection,
    ProposalInput,
    ResidualRiskSection,
    RubricSpec,
    ScorecardInput,
)

Held = TypeVar("Held", Answer, ConsensusInput)


class Kind(Enum):
    """What a judgement is, that may have no counterpart."""

    SCORE = "score"
    CONSENSUS = "consensus"
    CLAIM = "claim"
    OVERRIDE = "override"
    RECOMMENDATION = "recommendation"


class Reason(Enum):
    """Why a judgement has no counterpart."""

    REMOVED = "removed"
    OTHER_KIND = "other_kind"
    PER_SIDE_CHANGED = "per_side_changed"
    NOT_CLAIMED = "not_claimed"
    MUST_APPLY = "must_apply"
    BEYOND_SCALE = "beyond_scale"
    GATE_CHANGED = "gate_changed"


@dataclass(frozen=True, slots=True)
class Lost:
    """One judgement without a counterpart.

    `key` is that of the item, theory, gate or band; `officer` and `round` are those of its scorecard, if it has one.
    """

    kind: Kind
    key: str
    reason: Reason
    part: str = NO_PART
    officer: str = ""
    round: int = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """A proposal as the target rubric reads it.

    `unanswered` are the cells that only the target asks for: they count as not enough information. `open_facts` are
    the checks and flags that only gates of the target look at and that nobody answered: they count as unknown.
    """

    proposal: ProposalInput
    lost: tuple[Lost, ...]
    unanswered: tuple[Cell, ...]
    open_facts: tuple[str, ...]


class _Item(Enum):
    CRITERION = "criterion"
    MITIGATION = "mitigation"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item stands in a rubric, with the bounds of its values by part; NO_PART stands for every side."""

    kind: _Item
    bounds: Mapping[str, tuple[int, int]]
    theory: bool = False
    per_side: bool = False
    may_not_apply: bool = False


def _places(rubric: RubricSpec) -> dict[str, _Place]:
    scale = {NO_PART: (0, rubric.top_score)}
    places: dict[str, _Place] = {}
    for section in rubric.sections:
        if isinstance(section, ResidualRiskSection):
            levels = {PROBABILITY: (1, len(section.probability)), LOSS: (0, len(section.loss) - 1)}
            places |= {risk.key: _Place(_Item.RISK, levels) for risk in section.risks}
            places |= {mitigation.key: _Place(_Item.MITIGATION, scale) for mitigation in section.mitigations}
        else:
            theory = isinstance(section, PathwaysSection)
            places |= {
                held.key: _Place(_Item.CRITERION, scale, theory, held.per_side, held.not_applicable_allowed)
                for held in section.criteria
            }
    return places


def _number(held: Answer | ConsensusInput) -> Fraction | None:
    return None if isinstance(held, Absence) else Fraction(held.value)


def _reason(
    old: _Place, new: _Place | None, cell: Cell, held: Answer | ConsensusInput, *, claimed: bool
) -> Reason | None:
    """Say why what is held in a cell has no counterpart; None where it has one."""
    if new is None:
        return Reason.REMOVED
    if new.kind is not old.kind:
        return Reason.OTHER_KIND
    if new.per_side is not old.per_side:
        return Reason.PER_SIDE_CHANGED
    if new.theory and not old.theory and not claimed:
        return Reason.NOT_CLAIMED
    if held is NOT_APPLICABLE and not new.may_not_apply:
        return Reason.MUST_APPLY
    low, high = new.bounds[cell.part if cell.part in new.bounds else NO_PART]
    number = _number(held)
    return None if number is None or low <= number <= high else Reason.BEYOND_SCALE


@dataclass(frozen=True, slots=True)
class _Passage:
    """From one rubric to another, for one proposal."""

    proposal: ProposalInput
    source: RubricSpec
    target: RubricSpec
    old: Mapping[str, _Place]
    new: Mapping[str, _Place]

    def _cells(
        self, cells: Mapping[Cell, Held], lost: list[Lost], kind: Kind, officer: str = "", round_: int = 0
    ) -> dict[Cell, Held]:
        kept: dict[Cell, Held] = {}
        for cell, held in cells.items():
            claimed = cell.item in self.proposal.claims
            reason = _reason(self.old[cell.item], self.new.get(cell.item), cell, held, claimed=claimed)
            if reason is None:
                kept[cell] = held
            else:
                lost.append(Lost(kind, cell.item, reason, cell.part, officer, round_))
        return kept

    def _claims(self, lost: list[Lost]) -> frozenset[str]:
        gone = {key for key in self.proposal.claims if key not in self.new or not self.new[key].theory}
        lost += [
            Lost(Kind.CLAIM, key, Reason.OTHER_KIND if key in self.new else Reason.REMOVED) for key in sorted(gone)
        ]
        return self.proposal.claims - gone

    def _card(self, card: ScorecardInput, lost: list[Lost]) -> ScorecardInput:
        cells = self._cells(card.cells, lost, Kind.SCORE, card.officer, card.round)
        given = card.recommendation
        if given is None or given not in _bands(self.source) - _bands(self.target):
            return replace(card, cells=cells)
        lost.append(Lost(Kind.RECOMMENDATION, given, Reason.REMOVED, NO_PART, card.officer, card.round))
        return replace(card, cells=cells, recommendation=None)

    def _gone_overrides(self) -> dict[str, Reason]:
        """A gate was set aside as the rule that it was: with other tests or another effect, that says nothing."""
        old = {gate.key: gate for gate in self.source.gates}
        new = {gate.key: gate for gate in self.target.gates}
        changed = {key: Reason.GATE_CHANGED for key in self.proposal.overrides if new.get(key) != old[key]}
        return {key: reason if key in new else Reason.REMOVED for key, reason in changed.items()}

    def carry(self) -> Carried:
        lost: list[Lost] = []
        claims = self._claims(lost)
        cards = tuple(self._card(card, lost) for card in self.proposal.scorecards)
        consensus = self._cells(self.proposal.consensus, lost, Kind.CONSENSUS)
        gone = self._gone_overrides()
        lost += [Lost(Kind.OVERRIDE, key, reason) for key, reason in gone.items()]
        overrides = {key: held for key, held in self.proposal.overrides.items() if key not in gone}
        carried = replace(self.proposal, claims=claims, scorecards=cards, consensus=consensus, overrides=overrides)
        return Carried(carried, tuple(lost), self._unanswered(carried), self._open_facts())

    def _unanswered(self, carried: ProposalInput) -> tuple[Cell, ...]:
        answered = {*carried.consensus}.union(*(card.cells for card in carried.scorecards))
        asked = {
            cell
            for cell in judged_cells(self.source, self.proposal)
            if cell.item in self.new and self.new[cell.item].kind is self.old[cell.item].kind
        }
        return tuple(cell for cell in judged_cells(self.target, carried) if cell not in asked | answered)

    def _open_facts(self) -> tuple[str, ...]:
        known = {*_facts(self.source), *self.proposal.checks, *self.proposal.flags}
        return tuple(dict.fromkeys(fact for fact in _facts(self.target) if fact not in known))


def _bands(rubric: RubricSpec) -> set[str]:
    return {band.key for band in rubric.bands}


def _facts(rubric: RubricSpec) -> Iterator[str]:
    tests: Iterable[object] = (test for gate in rubric.gates for test in gate.when)
    for test in tests:
        if isinstance(test, CheckIs | CheckIsNot):
            yield test.check
        elif isinstance(test, FlagIs):
            yield test.flag


def carry_proposal(proposal: ProposalInput, source: RubricSpec, target: RubricSpec) -> Carried:
    """Carry what was judged under `source`, which reads the proposal, to what `target` reads of it.

    An item is its key: a criterion that moves to another section or has other words keeps its scores. What has no
    counterpart is dropped and named; nothing is invented, rescaled or claimed. What is carried parses under `target`,
    and carrying to an equal rubric loses and changes nothing. Scores of unclaimed theories stay, and stay ignored.
    Source: decision record 19.
    Worked: a 3 on `route` for us and cn, under a target that asks `route` once, is lost twice (per_side_changed), and
    the cell `route` is unanswered.
    """
    return _Passage(proposal, source, target, _places(source), _places(target)).carry()
