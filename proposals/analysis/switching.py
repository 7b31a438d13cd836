"""Switching weights: how far one section weight must move before the leader, or a suggested band, is another.

One section's share t of all weight runs from 0 to 1, the others keep their proportions. A proposal's index is then
V(t) = t·x + (1 - t)·R, with x its value in that section and R the weighted mean of its other ones: a straight line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, pairwise

from rubrics.scoring.gates import GateState
from rubrics.scoring.sections import index_of
from rubrics.scoring.spec import RubricSpec
from rubrics.scoring.suggestion import suggest

ONE_SECTION = "the other sections have no weight, so that there are no proportions in which to share what it leaves"


class NoProportionsError(Exception):
    """All other weights are zero: nothing says how the rest of the weight would be shared."""

    def __init__(self, section: str) -> None:
        super().__init__(f"{section}: {ONE_SECTION}")
        self.section = section


@dataclass(frozen=True, slots=True)
class Point:
    """A proposal with a value in every section, 0 to 100 each, and its index by today's weights."""

    key: str
    values: Mapping[str, Fraction]
    index: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal's index by the share t of one section: `today` at `share`, `today + pull` at t = 1. Never share 1."""

    key: str
    share: Fraction
    today: Fraction
    pull: Fraction

    @property
    def inside(self) -> Fraction:
        """At t = 1: the value in the section."""
        return self.today + self.pull

    @property
    def outside(self) -> Fraction:
        """At t = 0: the weighted mean of the other values."""
        return self.at(Fraction())

    @property
    def slope(self) -> Fraction:
        return self.pull / (1 - self.share)

    def at(self, share: Fraction) -> Fraction:
        return self.today + (share - self.share) * self.slope

    def seen_from(self, share: Fraction) -> "Line":
        """The same line, by its value at another share."""
        here = self.at(share)
        return replace(self, share=share, today=here, pull=self.inside - here)


@dataclass(frozen=True, slots=True)
class LeaderChange:
    """Beyond the share `at` (0 to 1) another proposal is strictly better than all who lead today."""

    at: Fraction
    leader: str


@dataclass(frozen=True, slots=True)
class LeaderSwitch:
    """Today's share of a section, who leads (all of them, ties in input order), and the nearest change on each side."""

    section: str
    share: Fraction
    leaders: tuple[str, ...]
    below: LeaderChange | None
    above: LeaderChange | None


@dataclass(frozen=True, slots=True)
class BandChange:
    """At the share `at`, or just beyond it where the index falls, the suggested band becomes `suggested`."""

    at: Fraction
    suggested: str | None


@dataclass(frozen=True, slots=True)
class BandSwitch:
    """Today's share of a section, and the nearest change of one proposal's suggested band on each side."""

    section: str
    share: Fraction
    below: BandChange | None
    above: BandChange | None


def share_of(rubric: RubricSpec, section: str) -> Fraction:
    """The section's weight as a share of all weight, 0 to 1."""
    total = sum((part.weight for part in rubric.sections), Fraction())
    return next(part.weight for part in rubric.sections if part.key == section) / total


def points(rubric: RubricSpec, proposals: Mapping[str, Mapping[str, Fraction | None]]) -> tuple[Point, ...]:
    """The proposals with a value in every section of the rubric, each with its index; the others are left out.

    Values are 0 to 100, by section. Source: the project's scoring method, §7.
    Worked: of values (90, 20, 40) and (90, none, 40) the first alone, at weights 1/2, 3/10, 1/5 with index 59.
    """
    found = []
    for key, held in proposals.items():
        values = {part.key: value for part in rubric.sections if (value := held[part.key]) is not None}
        index = index_of(rubric.sections, values) if len(values) == len(rubric.sections) else None
        if index is not None:
            found.append(Point(key, values, index))
    return tuple(found)


def lines(rubric: RubricSpec, section: str, given: Iterable[Point]) -> tuple[Line, ...]:
    """The index of each proposal as a line in the share of one section.

    Raises NoProportionsError where all other weights are zero. Source: the project's scoring method, §7.
    Worked: values 90, 20, 40 at weights 1/2, 3/10, 1/5, first section: 59 today, 90 inside, (6 + 8) / (1/2) = 28
    outside.
    """
    share = share_of(rubric, section)
    if share == 1:
        raise NoProportionsError(section)
    return tuple(Line(point.key, share, point.index, point.values[section] - point.index) for point in given)


def crossings(given: Sequence[Line]) -> dict[tuple[str, str], Fraction]:
    """The share from 0 to 1 at which each pair, in input order, is equal; pairs that never cross are left out.

    V_i(t) = V_j(t) at t = (R_j - R_i) / ((x_i - R_i) - (x_j - R_j)). Source: the project's scoring method, §7.
    Worked: lines 28 → 90 and 68 → 30 cross at 40 / (62 + 38) = 2/5.
    """
    found = {}
    for one, other in combinations(given, 2):
        closing = other.slope - one.slope
        meet = (one.outside - other.outside) / closing if closing else None
        if meet is not None and 0 <= meet <= 1:
            found[one.key, other.key] = meet
    return found


def _next_leader(given: Iterable[Line], leading: Iterable[Line], *, upwards: bool) -> LeaderChange | None:
    """The nearest point between today's share and 0 or 1 beyond which one that does not lead is strictly the best.

    Of those that lead, only the one that gains most that way counts; of several that come level with it at one point,
    the one that gains most is strictly better beyond, and of identical ones the first in the input is named.
    """
    sign = 1 if upwards else -1
    guard = max(leading, key=lambda line: sign * line.pull)
    reach = Fraction(1) if upwards else guard.share / (1 - guard.share)
    near: tuple[Fraction, Fraction, str] | None = None
    for line in given:
        gain = sign * (line.pull - guard.pull)
        if gain <= 0:
            continue
        gap = guard.today - line.today
        if gap < reach * gain and (near is None or (gap / gain, -gain) < near[:2]):
            near = (gap / gain, -gain, line.key)
    return None if near is None else LeaderChange(guard.share + sign * near[0] * (1 - guard.share), near[2])


def _leading(given: Iterable[Line]) -> list[Line]:
    listed = list(given)
    top = max(line.today for line in listed)
    return [line for line in listed if line.today == top]


def leader_switch(section: str, given: Sequence[Line]) -> LeaderSwitch:
    """The nearest shares below and above today's at which a proposal that does not lead becomes strictly the best.

    Shares are 0 to 1. Where several lead today, all of them do, and none of them counts as a change. A proposal that
    only comes level, or does so at 0 or 1 with nothing beyond, changes nothing. Needs at least one line.
    Source: the project's scoring method, §7.
    Worked (table O11, first section at 1/2): A1 leads; below 7/17 A4 does; above, nobody else.
    """
    leading = _leading(given)
    return LeaderSwitch(
        section=section,
        share=leading[0].share,
        leaders=tuple(line.key for line in leading),
        below=_next_leader(given, leading, upwards=False),
        above=_next_leader(given, leading, upwards=True),
    )


def leader_switches(rubric: RubricSpec, given: Sequence[Point]) -> dict[str, LeaderSwitch | None]:
    """The leader's nearest changes in every section; None where all the other weights are zero. No point: nothing.

    Source: the project's scoring method, §7. Worked: see `leader_switch`.
    """
    sections = [section.key for section in rubric.sections] if given else []
    return {
        key: None if share_of(rubric, key) == 1 else leader_switch(key, lines(rubric, key, given)) for key in sections
    }


def leader_intervals(given: Sequence[Line]) -> tuple[tuple[Fraction, Fraction, str], ...]:
    """Who leads from which share to which, over 0 to 1 without gaps; identical lines go by the first in the input.

    Source: the project's scoring method, §7. Worked (table O11, first section): A2 to 3/8, A4 to 7/17, then A1.
    """
    start, found = Fraction(), []
    while True:
        here = [line.seen_from(start) for line in given]
        leader = max(_leading(here), key=lambda line: line.pull)
        change = _next_leader(here, [leader], upwards=True)
        found.append((start, Fraction(1) if change is None else change.at, leader.key))
        if change is None:
            return tuple(found)
        start = change.at


def _next_band(rubric: RubricSpec, states: Mapping[str, GateState], line: Line, *, upwards: bool) -> BandChange | None:
    """The nearest point at which, or just beyond which, the suggestion is another.

    A rising index has the band from its minimum on, a falling one keeps it there and leaves it just beyond. Every band
    is judged at its own minimum: the suggestion is the same all over it.
    """
    minima = sorted(band.minimum for band in rubric.bands)
    now, end = line.today, line.inside if upwards else line.outside
    rising = [(minimum, minimum) for minimum in minima if now < minimum <= end]
    falling = [(left, lower) for lower, left in pairwise(minima) if end < left <= now]
    held = suggest(rubric, states, now)
    for level, inside in rising or reversed(falling):
        suggested = suggest(rubric, states, inside)
        if suggested != held:
            return BandChange(line.share + (level - now) / line.slope, suggested)
    return None


def band_switch(rubric: RubricSpec, section: str, states: Mapping[str, GateState], line: Line) -> BandSwitch:
    """The nearest shares below and above today's at which a proposal's suggested band is another, and which.

    Gates and caps are respected: what a declining or blocking gate decides never changes, and a band above the cap is
    the cap. Shares are 0 to 1; today's own is given where the index lies on a minimum and would fall below it.
    Source: the project's scoring method, §7.
    Worked: inside 90, outside 28, share 1/2 (index 59), bands from 60 and 45: above at 16/31, below at 17/62.
    """
    return BandSwitch(
        section=section,
        share=line.share,
        below=_next_band(rubric, states, line, upwards=False),
        above=_next_band(rubric, states, line, upwards=True),
    )


def band_switches(
    rubric: RubricSpec, given: Sequence[Point], states: Mapping[str, Mapping[str, GateState]]
) -> dict[str, tuple[BandSwitch, ...]]:
    """Of each proposal, the sections in which its suggested band can change by weight alone, with the nearest changes.

    `states` are the gate states by proposal. Source: the project's scoring method, §7. Worked: see `band_switch`.
    """
    found: dict[str, list[BandSwitch]] = {point.key: [] for point in given}
    for section in rubric.sections:
        if share_of(rubric, section.key) == 1:
            continue
        for line in lines(rubric, section.key, given):
            switch = band_switch(rubric, section.key, states[line.key], line)
            if switch.below or switch.above:
                found[line.key].append(switch)
    return {key: tuple(switches) for key, switches in found.items()}
