"""The history of a scorecard in words: what each cell said, what it came to say, and when."""

import datetime as dt
import difflib
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from proposals.models import Answer, CellChange, Scorecard
from rubrics.services.words import RubricWords, rubric_words
from t2eval.accounts.models import User

APART = dt.timedelta(minutes=10)
SLIP = 40  # characters
RECOMMENDATION = "Recommendation"
NOTHING = "open"
CONTEXT = 12


@dataclass(slots=True)
class Run:
    """Savings of one cell by one person that follow each other closely: shown as one change."""

    first: int
    last: int
    cell: str
    by: uuid.UUID
    begun: dt.datetime
    ended: dt.datetime
    savings: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a reason: `kind` is same, gone, new, or left out where a long one did not change."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that changed, from what to what."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    label: str
    cell: str
    by: User
    begun: dt.datetime
    at: dt.datetime
    savings: int
    turns: tuple[Turn, ...]
    reason: tuple[Piece, ...]

    @property
    def is_back(self) -> bool:
        """Whether the cell says in the end what it said in the beginning."""
        return not self.turns and not self.reason


def history_runs(scorecard: Scorecard, user: User) -> list[Run]:
    """All changes of a scorecard that the user may see, newest first, close ones together. One query."""
    changes = CellChange.objects.visible_to(user).filter(scorecard=scorecard).order_by("at", "pk")
    latest: dict[str, Run] = {}
    runs: list[Run] = []
    for pk, cell, by, at, before, after in changes.values_list("pk", "cell", "by_id", "at", "before", "after"):
        run = latest.get(cell)
        if run is not None and run.by == by and at - run.ended <= APART and _is_typing(before, after):
            run.last, run.ended, run.savings = pk, at, run.savings + 1
        else:
            latest[cell] = run = Run(pk, pk, cell, by, at, at)
            runs.append(run)
    return sorted(runs, key=lambda run: (run.ended, run.last), reverse=True)


def _is_typing(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Whether a saving took away no more words than a slip of the pen: what it did take stands by itself."""
    texts = [str((said or {}).get("rationale") or (said or {}).get("reason", "")) for said in (before, after)]
    start = _shared(*texts)
    end = _shared(*(text[start:][::-1] for text in texts))
    return len(texts[0]) - start - end <= SLIP


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def history_entries(scorecard: Scorecard, runs: Iterable[Run]) -> list[HistoryEntry]:
    """These runs in words. Two queries, however many they are, and the rubric version's once."""
    runs = list(runs)
    ends = {pk for run in runs for pk in (run.first, run.last)}
    changes = CellChange.objects.filter(pk__in=ends).select_related("by").in_bulk()
    words = rubric_words(scorecard.rubric_version)
    sides = dict(scorecard.proposal.sides.values_list("key", "name"))
    return [_entry(run, changes[run.first], changes[run.last], words, sides) for run in runs]


def differing(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts, word by word: what stayed, what went and what came. Nothing where they are the same."""
    if before == after:
        return ()
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (step, old_from, old_to, new_from, new_to) in enumerate(steps):
        if step == "equal":
            pieces += _shortened(old[old_from:old_to], is_first=place == 0, is_last=place == len(steps) - 1)
            continue
        gone, came = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        pieces += [Piece(kind, text) for kind, text in (("gone", gone), ("new", came)) if text]
    return tuple(pieces)


def _words(text: str) -> list[str]:
    """Words with the space behind them, so that joining gives the text again."""
    return re.findall(r"\s+|\S+\s*", text)


def _shortened(words: Sequence[str], *, is_first: bool, is_last: bool) -> list[Piece]:
    """An unchanged stretch, of a long one only what stands next to a change."""
    head, tail = 0 if is_first else CONTEXT, 0 if is_last else CONTEXT
    if len(words) <= head + tail + CONTEXT:
        return [Piece("same", "".join(words))]
    ends = (Piece("same", "".join(words[:head])), Piece("same", "".join(words[len(words) - tail :])))
    return [piece for piece in (ends[0], Piece("left-out", "…"), ends[1]) if piece.text]


def _entry(run: Run, first: CellChange, last: CellChange, words: RubricWords, sides: Mapping[str, str]) -> HistoryEntry:
    before, after = first.before or {}, last.after or {}
    if run.cell:
        label, why = _label(run.cell, words, sides), "rationale"
        turns = [
            Turn("Answer", answer_words(before), answer_words(after)),
            Turn("Cites", citation_words(before), citation_words(after)),
        ]
    else:
        label, why = RECOMMENDATION, "reason"
        turns = [Turn("Band", _band(before, words), _band(after, words))]
    return HistoryEntry(
        label=label,
        cell=run.cell,
        by=last.by,
        begun=run.begun,
        at=run.ended,
        savings=run.savings,
        turns=tuple(turn for turn in turns if turn.before != turn.after),
        reason=differing(before.get(why) or "", after.get(why) or ""),
    )


def _label(cell: str, words: RubricWords, sides: Mapping[str, str]) -> str:
    item, _, side = cell.partition(".")
    return f"{words.title(item)}, {sides.get(side, side)}" if side else words.title(item)


def _band(said: Mapping[str, Any], words: RubricWords) -> str:
    band = said.get("recommendation") or ""
    return words.band(band) if band else NOTHING


def answer_words(said: Mapping[str, Any]) -> str:
    """What a cell says: "3, E2", "likelihood 3, consequence open", "not enough information"."""
    answer = said.get("answer") or Answer.OPEN
    if said.get("value") is not None:
        return f"{said['value']}, E{said.get('grade')}"
    is_open = said.get("open_level") or ""
    if answer == Answer.SCORED or is_open:
        return ", ".join(f"{name} {_level(said.get(name), name, is_open)}" for name in ("likelihood", "consequence"))
    return Answer(answer).label.lower()


def _level(level: int | None, name: str, is_open: str) -> str:
    if level is not None:
        return str(level)
    return NOTHING if is_open in (name, "both") else "not known"


def citation_words(said: Mapping[str, Any]) -> str:
    """The numbers of the evidence that a cell cites."""
    return ", ".join(f"[{number}]" for number in said.get("citations") or ()) or "nothing"
