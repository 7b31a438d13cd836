"""A what-if in words and figures, for its page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypedDict

from proposals.analysis.ranking import Rank
from proposals.analysis.what_if import Change, GateCount, gate_counts
from proposals.services.what_if import WhatIf
from rubrics.scoring.figures import one_place
from rubrics.services.words import RubricWords

NONE = "none"
MOST_NAMED = 3
MOST_ROWS = 100  # painted at once, beside those that change their band: hundreds of rows take their time


class Band(TypedDict):
    key: str
    title: str


class Row(TypedDict):
    """A dictionary, since templates read those fastest. What is after is empty where it is the same as before.

    `crossing` says in a word which way the suggested band goes, empty where it stays.
    """

    code: str
    title: str
    index: str
    index_after: str
    rank: str
    rank_after: str
    band: Band
    band_after: Band
    crossing: str
    gates: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: Sequence[Row]


class WhatIfPage:
    """What the table shows, and the sentence over it."""

    def __init__(self, found: WhatIf, words: RubricWords, *, shows_all: bool = False) -> None:
        self._found, self._words = found, words
        self.shows_all = shows_all
        self._limits = {band.minimum for source in (*found.sources, found.target) for band in source.bands}
        self._order = {band.key: band.minimum for band in found.target.bands}
        self._figures: dict[Fraction | None, str] = {}
        self._bands: dict[str | None, Band] = {}
        self.docket, self.is_sample = found.docket, found.is_sample
        self.losing = found.losing
        self.is_official = bool(found.edits)
        self.crossing = len(found.comparison.crossing)
        self.decided = len(found.comparison.gate_decided)
        self.swaps = found.comparison.swaps.count
        self.proposals = len(found.comparison.changes)
        self.gates = gate_lines(found, words) if found.edits else []
        self.leads = self._leading([(change.key, change.rank_after) for change in found.comparison.changes])
        self.led = self._leading([(change.key, change.rank_before) for change in found.comparison.changes])

    def _leading(self, ranked: Iterable[tuple[str, Rank | None]]) -> str:
        first = [self._found.named[key] for key, rank in ranked if rank is not None and rank.place == 1]
        if len(first) > MOST_NAMED:
            return f"{first[0]} and {len(first) - 1} others in a tie"
        return " and ".join(map(str, first))

    @property
    def swap_names(self) -> list[str]:
        codes = self._found.named
        pairs = self._found.comparison.swaps.pairs
        return [f"{codes[winner].code} passes {codes[loser].code}" for winner, loser in pairs]

    @cached_property
    def groups(self) -> list[Group]:
        """By what they are afterwards: ranked, best first; not eligible; without an index. Empty groups left out."""
        changes = self._found.comparison.changes
        ranked = sorted((change.rank_after.place, place) for place, change in enumerate(changes) if change.rank_after)
        listed = {
            "Ranked": [changes[place] for _, place in ranked],
            "Not eligible: a gate that declines does not pass": [change for change in changes if change.after.declined],
            "Without an index": [
                change for change in changes if change.after.index is None and not change.after.declined
            ],
        }
        groups, room = [], MOST_ROWS
        for title, held in listed.items():
            shown = [change for place, change in enumerate(held) if self.shows_all or place < room or change.crosses]
            room = max(0, room - len(held))
            groups.append(Group(title, [self._row(change) for change in shown]))
        return [group for group in groups if group.rows]

    @property
    def left_out(self) -> int:
        """How many rows are not painted yet; none of them changes its band."""
        return self.proposals - sum(len(group.rows) for group in self.groups)

    def _row(self, change: Change) -> Row:
        named = self._found.named[change.key]
        index, index_after = self._figure(change.before.index), self._figure(change.after.index)
        rank, rank_after = str(change.rank_before or NONE), str(change.rank_after or NONE)
        return Row(
            code=named.code,
            title=named.title,
            index=index,
            index_after="" if index_after == index else index_after,
            rank=rank,
            rank_after="" if rank_after == rank else rank_after,
            band=self._band(change.before.suggested),
            band_after=self._band(change.after.suggested),
            crossing=self._crossing(change) if change.crosses else "",
            gates="; ".join(self._words.title(gate) for gate in change.after.decided_by),
        )

    def _band(self, suggested: str | None) -> Band:
        if suggested not in self._bands:
            self._bands[suggested] = band_shown(suggested, self._words)
        return self._bands[suggested]

    def _figure(self, index: Fraction | None) -> str:
        if index not in self._figures:
            self._figures[index] = one_place(index, self._limits) or NONE
        return self._figures[index]

    def _crossing(self, change: Change) -> str:
        before, after = self._order.get(change.before.suggested or ""), self._order.get(change.after.suggested or "")
        if before is None or after is None:
            return "changes"
        return "up" if after > before else "down"


def band_shown(suggested: str | None, words: RubricWords) -> Band:
    return Band(key=suggested or "neutral", title=words.band(suggested) if suggested else NONE)


def gate_lines(found: WhatIf, words: RubricWords) -> list[str]:
    """Gates that fire, or are unknown, on another number of proposals than before; and those that fire on all."""
    return [
        _gate_line(count, words)
        for count in gate_counts(found.target, found.comparison)
        if count.fires_always or (count.fires_before, count.unknown_before) != (count.fires_after, count.unknown_after)
    ]


def _gate_line(count: GateCount, words: RubricWords) -> str:
    changes = [
        f"{verb} {before} → {after}"
        for verb, before, after in (
            ("fires on", count.fires_before, count.fires_after),
            ("is unknown on", count.unknown_before, count.unknown_after),
        )
        if before != after
    ]
    always = [f"would fire on all {count.proposals} proposals of this docket"] if count.fires_always else []
    return f"{words.title(count.gate)}: {', '.join(changes + always)}"
