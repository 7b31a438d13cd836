"""Switching weights in words and percentages, for the page of a what-if."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from proposals.analysis.switching import BandSwitch, LeaderChange, LeaderSwitch, leader_switches
from proposals.analysis.what_if import Change
from proposals.services.what_if import WhatIf
from proposals.views.what_if_page import Band, band_shown
from rubrics.scoring.figures import one_place
from rubrics.services.words import RubricWords


@dataclass(frozen=True, slots=True)
class SectionRow:
    """Where the leader changes, by the section's share of all weight; `is_refused` where nothing can be said."""

    title: str
    share: str
    below: str
    below_leader: str
    above: str
    above_leader: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class BandRow:
    """The sections whose weight alone can change the suggested band, in words; or why none can."""

    code: str
    title: str
    suggested: Band
    moves: Sequence[str]
    why_none: str


def percent(share: Fraction, other: Fraction | None = None) -> str:
    """A share with one decimal, or as many as show on which side of another share it lies."""
    return f"{one_place(100 * share, [] if other is None or share == other else [100 * other])} %"


class SwitchingPage:
    def __init__(self, found: WhatIf, words: RubricWords) -> None:
        self._found, self._words = found, words
        given = found.points()
        self.sections = [self._section(key, switch) for key, switch in leader_switches(found.target, given).items()]
        complete = {point.key for point in given}
        self.excluded = [
            found.named[change.key].code
            for change in found.comparison.changes
            if change.rank_after and change.key not in complete
        ]

    def _section(self, key: str, switch: LeaderSwitch | None) -> SectionRow:
        share = switch.share if switch else Fraction(1)
        below, above = (switch.below, switch.above) if switch else (None, None)
        return SectionRow(
            title=self._words.title(key),
            share=percent(share),
            below=percent(below.at, share) if below else "",
            below_leader=self._leader(below),
            above=percent(above.at, share) if above else "",
            above_leader=self._leader(above),
            is_refused=switch is None,
        )

    def _leader(self, change: LeaderChange | None) -> str:
        return self._found.named[change.leader].code if change else ""

    def bands(self) -> list[BandRow]:
        """Of every proposal, in the order of entry."""
        switches = self._found.band_switches()
        return [self._band(change, switches.get(change.key)) for change in self._found.comparison.changes]

    def _band(self, change: Change, switches: Sequence[BandSwitch] | None) -> BandRow:
        named = self._found.named[change.key]
        return BandRow(
            code=named.code,
            title=named.title,
            suggested=band_shown(change.after.suggested, self._words),
            moves=[self._move(switch) for switch in switches or ()],
            why_none=self._why_none(change, is_complete=switches is not None),
        )

    def _move(self, switch: BandSwitch) -> str:
        sides = (("below", switch.below), ("above", switch.above))
        moves = [
            f"{side} {percent(change.at, switch.share)} {band_shown(change.suggested, self._words)['title']}"
            for side, change in sides
            if change
        ]
        return f"{self._words.title(switch.section)}, in this draft {percent(switch.share)}: {', '.join(moves)}"

    def _why_none(self, change: Change, *, is_complete: bool) -> str:
        if change.after.is_closed:
            return f"A gate decides: {'; '.join(self._words.title(gate) for gate in change.after.decided_by)}"
        if not is_complete:
            return "Left out: a section has no value"
        return "No single weight changes it"
