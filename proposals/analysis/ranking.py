"""Ranks by exact index: best first, equals together."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Rank:
    """A place from 1, the best; `is_tied` where others share it. Written "2", or "2=" for a tie."""

    place: int
    is_tied: bool

    def __str__(self) -> str:
        return f"{self.place}{'=' if self.is_tied else ''}"


def ranks(indices: Mapping[Key, Fraction]) -> dict[Key, Rank]:
    """Rank keys by their index (any unit), the highest first, and in this order; equals in the order of the input.

    Equals share a place and leave out those after it: 1, 2=, 2=, 4. An empty input gives no ranks; nothing raises.
    Source: the project's scoring method, §4 (equal proposals tie exactly) and §8 (ranking).

    >>> {key: str(rank) for key, rank in ranks({"a": Fraction(60), "b": Fraction(71), "c": Fraction(60)}).items()}
    {'b': '1', 'a': '2=', 'c': '2='}
    """
    ordered = sorted(indices, key=indices.__getitem__, reverse=True)
    found: dict[Key, Rank] = {}
    for _, tied in groupby(ordered, key=indices.__getitem__):
        equals = list(tied)
        found |= dict.fromkeys(equals, Rank(len(found) + 1, is_tied=len(equals) > 1))
    return found
