"""Switching weights: how far one section weight must move before the leader, or a suggested band, is another.

One section's share t of all weight runs from 0 to 1, the others keep their proportions. A proposal's index is then
V(t) = t·x + (1 - t)·R, with x its value in that section and R the weighted mean of its other ones: a straight line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from proposals.analysis.what_if import Stored
from rubrics.scoring.gates import GateState
from rubrics.scoring.sections import weighted_mean
from rubrics.scoring.spec import RubricSpec
from rubrics.scoring.suggestion import suggest

ONE_SECTION = "the other sections have no weight, so that there are no proportions in which to share what it leaves"


class NoProportionsError(Exception):
    """All other weights are zero: nothing says how the rest of the weight would be shared."""

    def __init__(self, section: str) -> None:
        super().__init__(f"{section}: {ONE_SECTION}")
        self.section = section


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal's index by the share t of one section: `inside` at t = 1, `outside` at t = 0."""

    key: str
    inside: Fraction
    outside: Fraction

    @property
    def slope(self) -> Fraction:
        return self.inside - self.outside

    def at(self, share: Fraction) -> Fraction:
        return self.outside + share * self.slope

    def meets(self, level: Fraction) -> Fraction | None:
        """The share at which the index is `level`; None for a level line."""
        return (level - self.outside) / self.slope if self.slope else None


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
    section: str
    below: BandChange | None
    above: BandChange | None


def share_of(rubric: RubricSpec, section: str) -> Fraction:
    """The section's weight as a share of all weight, 0 to 1."""
    total = sum((part.weight for part in rubric.sections), Fraction())
    return next(part.weight for part in rubric.sections if part.key == section) / total


def complete(rubric: RubricSpec, proposals: Mapping[str, Stored]) -> dict[str, Stored]:
    """The proposals with a value in every section; the others have no straight line, and are excluded."""
    keys = [section.key for section in rubric.sections]
    return {key: held for key, held in proposals.items() if all(held.sections[part] is not None for part in keys)}


def lines(rubric: RubricSpec, section: str, proposals: Mapping[str, Mapping[str, Fraction | None]]) -> tuple[Line, ...]:
    """The index of each proposal as a line in the share of one section; each needs a value in every section.

    Raises NoProportionsError where all other weights are zero. Source: the project's scoring method, §7.
    Worked: values 90, 20, 40 at weights 1/2, 3/10, 1/5, first section: inside 90, outside (6 + 8) / (1/2) = 28.
    """
    if not any(part.weight for part in rubric.sections if part.key != section):
        raise NoProportionsError(section)
    found = []
    for key, values in proposals.items():
        others = [(part.weight, values[part.key]) for part in rubric.sections if part.key != section]
        inside = values[section]
        outside = weighted_mean((weight, value) for weight, value in others if value is not None)
        assert inside is not None and outside is not None  # noqa: S101, PT018 - complete proposals only, told to mypy
        found.append(Line(key, inside, outside))
    return tuple(found)


def crossings(given: Sequence[Line]) -> dict[tuple[str, str], Fraction]:
    """The share from 0 to 1 at which each pair, in input order, is equal; pairs that never cross are left out.

    V_i(t) = V_j(t) at t = (R_j - R_i) / ((x_i - R_i) - (x_j - R_j)). Source: the project's scoring method, §7.
    Worked: lines 28 → 90 and 68 → 30 cross at 40 / (62 + 38) = 2/5.
    """
    found = {}
    for one, other in combinations(given, 2):
        meet = Line("", one.inside - other.inside, one.outside - other.outside).meets(Fraction())
        if meet is not None and 0 <= meet <= 1:
            found[one.key, other.key] = meet
    return found


def _best(given: Iterable[Line], share: Fraction) -> list[Line]:
    listed = [(line.at(share), line) for line in given]
    top = max(value for value, _ in listed)
    return [line for value, line in listed if value == top]


def _mirrored(given: Iterable[Line]) -> list[Line]:
    """The same lines read from t = 1 down to 0."""
    return [Line(line.key, inside=line.outside, outside=line.inside) for line in given]


def _next_leader(given: Sequence[Line], leading: Sequence[Line], share: Fraction) -> LeaderChange | None:
    """Upwards from `share`: the nearest point inside (share, 1) beyond which one that does not lead is strictly best.

    Of those that lead, only the steepest counts there; of several that come level with it at one point, the steepest
    is strictly better beyond, and of identical ones the first in the input is named.
    """
    guard = max(leading, key=lambda line: line.slope)
    top = guard.at(share)
    near: tuple[Fraction, Fraction, str] | None = None
    for line in given:
        gain = line.slope - guard.slope
        if gain <= 0:
            continue
        ahead = (top - line.at(share)) / gain
        if share + ahead < 1 and (near is None or (ahead, -gain) < near[:2]):
            near = (ahead, -gain, line.key)
    return None if near is None else LeaderChange(share + near[0], near[2])


def leader_switch(section: str, share: Fraction, given: Sequence[Line]) -> LeaderSwitch:
    """The nearest shares below and above today's at which a proposal that does not lead becomes strictly the best.

    Shares are 0 to 1. Where several lead today, all of them do, and none of them counts as a change. A proposal that
    only comes level, or does so at 0 or 1 with nothing beyond, changes nothing. Needs at least one line.
    Source: the project's scoring method, §7.
    Worked (table O11, first section at 1/2): A1 leads; below 7/17 A4 does; above, nobody else.
    """
    leading = _best(given, share)
    down = _next_leader(_mirrored(given), _mirrored(leading), 1 - share)
    return LeaderSwitch(
        section=section,
        share=share,
        leaders=tuple(line.key for line in leading),
        below=down and LeaderChange(1 - down.at, down.leader),
        above=_next_leader(given, leading, share),
    )


def leader_intervals(given: Sequence[Line]) -> tuple[tuple[Fraction, Fraction, str], ...]:
    """Who leads from which share to which, over 0 to 1 without gaps; identical lines go by the first in the input.

    Source: the project's scoring method, §7. Worked (table O11, first section): A2 to 3/8, A4 to 7/17, then A1.
    """
    start, found = Fraction(), []
    while True:
        leader = max(_best(given, start), key=lambda line: line.slope)
        change = _next_leader(given, [leader], start)
        end = Fraction(1) if change is None else change.at
        found.append((start, end, leader.key))
        if change is None:
            return tuple(found)
        start = end


def _next_band(rubric: RubricSpec, states: Mapping[str, GateState], line: Line, share: Fraction) -> BandChange | None:
    """Upwards from `share`: the nearest point at which, or just beyond which, the suggestion is another.

    A rising index has the band from its minimum on, a falling one keeps it there and leaves it just beyond. Every band
    is judged at its own minimum: the suggestion is the same all over it.
    """
    if not line.slope:
        return None
    minima = sorted({band.minimum for band in rubric.bands})
    rising = line.slope > 0
    now, end = line.at(share), line.inside
    if rising:
        entered = [(minimum, minimum) for minimum in minima if now < minimum <= end]
    else:
        entered = [(left, lower) for lower, left in pairwise(minima) if end < left <= now]
        entered.reverse()
    held = suggest(rubric, states, now)
    for level, inside in entered:
        suggested = suggest(rubric, states, inside)
        if suggested != held:
            return BandChange((level - line.outside) / line.slope, suggested)
    return None


def band_switch(rubric: RubricSpec, section: str, states: Mapping[str, GateState], line: Line) -> BandSwitch:
    """The nearest shares below and above today's at which a proposal's suggested band is another, and which.

    Gates and caps are respected: what a declining or blocking gate decides never changes, and a band above the cap is
    the cap. Shares are 0 to 1; today's own is given where the index lies on a minimum and would fall below it.
    Source: the project's scoring method, §7.
    Worked: inside 90, outside 28, share 1/2 (index 59), bands from 60 and 45: above at 16/31, below at 17/62.
    """
    share = share_of(rubric, section)
    mirror = Line(line.key, inside=line.outside, outside=line.inside)
    down = _next_band(rubric, states, mirror, 1 - share)
    return BandSwitch(
        section, down and BandChange(1 - down.at, down.suggested), _next_band(rubric, states, line, share)
    )
