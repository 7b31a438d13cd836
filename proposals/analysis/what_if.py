"""What a docket would look like under another rubric version: index, rank and suggested band, before → after."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from proposals.analysis.ranking import Rank, ranks
from rubrics.scoring.conditions import standing
from rubrics.scoring.gates import GateState
from rubrics.scoring.panel import build_panel
from rubrics.scoring.sections import evaluate, index_of
from rubrics.scoring.spec import ProposalInput, RubricSpec
from rubrics.scoring.suggestion import BLOCKED, band_of, deciding_gates, is_declined, suggest

FEW_SWAPS = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one version makes of a proposal. `index` is 0 to 100; `band` is that of the index alone.

    `decided_by` names the gates that make `suggested` other than `band`: no weight and no band moves it there.
    """

    index: Fraction | None
    band: str | None
    suggested: str | None
    declined: bool
    decided_by: tuple[str, ...]
    states: Mapping[str, GateState]

    @property
    def is_closed(self) -> bool:
        """Whether a gate declines or blocks, so that the suggestion is the same whatever the index."""
        return self.declined or self.suggested == BLOCKED


@dataclass(frozen=True, slots=True)
class Assessed:
    """Section values (0 to 100, None where there is none), exactly, and what follows from them and the gates."""

    sections: Mapping[str, Fraction | None]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Change:
    """A proposal before and after; a rank is None where it is not eligible or has no index."""

    key: str
    before: Outcome
    after: Outcome
    rank_before: Rank | None
    rank_after: Rank | None

    @property
    def crosses(self) -> bool:
        """Whether the suggested band is another one."""
        return self.before.suggested != self.after.suggested

    @property
    def moves(self) -> bool:
        return self.crosses or self.before.index != self.after.index or self.rank_before != self.rank_after


@dataclass(frozen=True, slots=True)
class Swaps:
    """Pairs whose order reverses: how many, and where they are few each as (overtakes, is overtaken)."""

    count: int
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All proposals in the order of the input, and what changes among them."""

    changes: tuple[Change, ...]
    swaps: Swaps

    @property
    def crossing(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.crosses)

    @property
    def gate_decided(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.after.decided_by)


def outcome(rubric: RubricSpec, states: Mapping[str, GateState], index: Fraction | None) -> Outcome:
    """What follows from gate states, overrides included, and an index (0 to 100 or None), by the official functions.

    Source: the project's scoring method, §6.
    Worked: index 80, bands fund ≥ 75 and revise ≥ 45, a failed cap:revise: band "fund", but suggested "revise".
    """
    return Outcome(
        index=index,
        band=band_of(rubric.bands, index),
        suggested=suggest(rubric, states, index),
        declined=is_declined(rubric, states),
        decided_by=deciding_gates(rubric, states, index),
        states=states,
    )


def recombined(target: RubricSpec, stored: Assessed) -> Assessed:
    """The outcome under other section weights and bands: Σ W·value ÷ Σ W over the stored section values (0 to 100).

    A section without a value drops out and its weight is re-shared, as in the official index, whose code this calls.
    Only for a target that has the sections and the gates of the version that was assessed (`other_edits` empty):
    gate states stay as stored, because gates never look at a weight. Source: the project's scoring method, §4 and §7.
    Worked: values 80, 50 and none, weights 20, 10 and 10: index 70; with weights 10, 20 and 10 it is 60.
    """
    index = index_of(target.sections, stored.sections)
    return Assessed(stored.sections, outcome(target, stored.outcome.states, index))


def official(target: RubricSpec, proposal: ProposalInput) -> Assessed:
    """What the whole method makes of the scorecards, without what a stored assessment holds beside it.

    Equal to `assess_proposal` in sections, index, gate states, suggestion and eligibility. Parsed input never raises.
    Source: the project's scoring method, §3 to §6. Worked: see `assess_proposal`.
    """
    panel = build_panel(target, proposal, proposal.counted(), proposal.consensus)
    now = standing(target, proposal, evaluate(target, proposal, panel))
    sections = {key: section.value for key, section in now.evaluation.sections.items()}
    return Assessed(sections, outcome(target, now.states, now.evaluation.index))


def compare(before: Mapping[str, Assessed], after: Mapping[str, Assessed]) -> Comparison:
    """Put what is assessed before and after, by proposal, beside each other; ranks and swaps are among these alone.

    Source: the project's scoring method, §7 (what-if).
    Worked: indices a 70, b 60 before and a 62, b 64 after: b overtakes a, ranks 1 → 2 and 2 → 1, one swap.
    """
    ranked_before, ranked_after = _ranks(before), _ranks(after)
    changes = tuple(
        Change(key, found.outcome, after[key].outcome, ranked_before.get(key), ranked_after.get(key))
        for key, found in before.items()
    )
    return Comparison(changes, _swaps(ranked_before, ranked_after))


def _ranks(assessed: Mapping[str, Assessed]) -> dict[str, Rank]:
    eligible = ((key, found.outcome.index) for key, found in assessed.items() if not found.outcome.declined)
    return ranks({key: index for key, index in eligible if index is not None})


def _swaps(before: Mapping[str, Rank], after: Mapping[str, Rank]) -> Swaps:
    """Pairs in strict order before and in the strictly reverse order after; a tie on either side is no swap.

    Best first before; of those strictly better before, the ones strictly worse after are overtaken.
    """
    count, seen, waiting = 0, list[int](), list[str]()
    passed: list[str] = []
    pairs: list[tuple[str, str]] = []
    place = 0
    for key, rank in before.items():
        if key not in after:
            continue
        if rank.place != place:
            place = rank.place
            for other in waiting:
                insort(seen, after[other].place)
            passed += waiting
            waiting = []
        waiting.append(key)
        overtaken = len(seen) - bisect_right(seen, after[key].place)
        count += overtaken
        if overtaken and count <= FEW_SWAPS:
            pairs += [(key, other) for other in passed if after[other].place > after[key].place]
    return Swaps(count, tuple(pairs) if count <= FEW_SWAPS else ())


@dataclass(frozen=True, slots=True)
class GateCount:
    """On how many proposals a gate fires or is unknown; set aside counts as firing. Before: 0 of 0 for a new gate."""

    gate: str
    fires_before: int
    unknown_before: int
    fires_after: int
    unknown_after: int
    proposals: int

    @property
    def fires_always(self) -> bool:
        return 0 < self.proposals == self.fires_after

    @property
    def fires_never(self) -> bool:
        return self.proposals > 0 == self.fires_after + self.unknown_after


FIRES = (GateState.FAIL, GateState.OVERRIDDEN)


def gate_counts(target: RubricSpec, comparison: Comparison) -> tuple[GateCount, ...]:
    """Count the states of each gate of the target over the proposals, before → after.

    Worked: two proposals, a gate passed on both before, failed on both after: fires 0 → 2, `fires_always`.
    """

    def count(gate: str, outcomes: Iterable[Outcome], *states: GateState) -> int:
        return sum(found.states.get(gate) in states for found in outcomes)

    before = [change.before for change in comparison.changes]
    after = [change.after for change in comparison.changes]
    return tuple(
        GateCount(
            gate=gate.key,
            fires_before=count(gate.key, before, *FIRES),
            unknown_before=count(gate.key, before, GateState.UNKNOWN),
            fires_after=count(gate.key, after, *FIRES),
            unknown_after=count(gate.key, after, GateState.UNKNOWN),
            proposals=len(after),
        )
        for gate in target.gates
    )
