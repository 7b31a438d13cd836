"""A what-if in words and figures, for its page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from proposals.analysis.ranking import Rank
from proposals.analysis.what_if import Change, GateCount, gate_counts
from proposals.services.what_if import WhatIf
from rubrics.scoring.figures import one_place
from rubrics.services.words import RubricWords

NONE = "none"


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure before and after; `after` is empty where it is the same."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Band:
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """`crossing` says in a word which way the suggested band goes, empty where it stays."""

    code: str
    title: str
    index: Pair
    rank: Pair
    band_before: Band
    band_after: Band
    crossing: str
    gates: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: Sequence[Row]


class WhatIfPage:
    """What the table shows, and the sentence over it."""

    def __init__(self, found: WhatIf, words: RubricWords) -> None:
        self._found, self._words = found, words
        self._limits = [band.minimum for source in (*found.sources, found.target) for band in source.bands]
        self._order = {band.key: band.minimum for band in found.target.bands}
        self._figures: dict[Fraction | None, str] = {}
        self.docket = found.docket
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
        named = self._found.named
        return " and ".join(str(named[key]) for key, rank in ranked if rank is not None and rank.place == 1)

    @property
    def swap_names(self) -> list[str]:
        codes = self._found.named
        pairs = self._found.comparison.swaps.pairs
        return [f"{codes[winner].code} passes {codes[loser].code}" for winner, loser in pairs]

    def groups(self) -> list[Group]:
        """By what they are afterwards: ranked, best first; not eligible; without an index. Empty groups left out."""
        changes = self._found.comparison.changes
        ranked = sorted((change.rank_after.place, place) for place, change in enumerate(changes) if change.rank_after)
        found = [
            Group("Ranked", [self._row(changes[place]) for _, place in ranked]),
            Group(
                "Not eligible: a gate that declines does not pass",
                [self._row(change) for change in changes if change.after.declined],
            ),
            Group(
                "Without an index",
                [self._row(change) for change in changes if change.after.index is None and not change.after.declined],
            ),
        ]
        return [group for group in found if group.rows]

    def _row(self, change: Change) -> Row:
        named = self._found.named[change.key]
        before, after = (
            band_shown(change.before.suggested, self._words),
            band_shown(change.after.suggested, self._words),
        )
        return Row(
            code=named.code,
            title=named.title,
            index=_pair(self._figure(change.before.index), self._figure(change.after.index)),
            rank=_pair(str(change.rank_before or NONE), str(change.rank_after or NONE)),
            band_before=before,
            band_after=after,
            crossing=self._crossing(change) if change.crosses else "",
            gates=", ".join(self._words.title(gate) for gate in change.after.decided_by),
        )

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
    return Band(suggested or "neutral", words.band(suggested) if suggested else NONE)


def _pair(before: str, after: str) -> Pair:
    return Pair(before, "" if before == after else after)


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
