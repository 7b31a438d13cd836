"""A value at a path that can be asked for what it should be, and notes a fault when it is something else.

A faulty value reads as a harmless stand-in, so that reading goes on and finds every fault; whoever reads refuses the
whole document when any fault was noted, so no stand-in is ever computed with.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from rubrics.scoring.document import UnusableNumber, is_usable
from rubrics.scoring.faults import Fault, child_path, item_path, show

LONGEST_KEY = 200
_DECIMAL = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,3})?")


class _Missing:
    pass


_MISSING: Final = _Missing()


class Node:
    """One value of the document, where it stands, and the list into which faults go."""

    __slots__ = ("faults", "path", "value")

    def __init__(self, value: Any, path: str, faults: list[Fault]) -> None:
        self.value = value
        self.path = path
        self.faults = faults

    def fault(self, message: str) -> None:
        self.faults.append(Fault(self.path, message))

    def wrong(self, expected: str) -> None:
        """Note that the value is not what it should be, unless that was noted already."""
        if not isinstance(self.value, _Missing | UnusableNumber):
            self.fault(f"{show(self.value)} is not {expected}")

    @property
    def given(self) -> bool:
        return not isinstance(self.value, _Missing)

    # --- objects and lists

    def child(self, key: str) -> "Node":
        """Take the value under a key; a missing one reads as nothing, without a fault."""
        held = self.value.get(key, _MISSING) if isinstance(self.value, dict) else _MISSING
        return Node(held, child_path(self.path, key), self.faults)

    def entries(self) -> Iterator[tuple[str, "Node"]]:
        """Every key of an object with its value."""
        if not isinstance(self.value, dict):
            self.wrong("an object")
            return
        for key in self.value:
            if isinstance(key, str):
                yield key, self.child(key)
            else:
                self.fault(f"the key {show(key)} is not text")

    def has_fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> bool:
        """Check the keys of an object: each required one there, no unknown one. False when it is no object."""
        wanted = tuple(required)
        known = {*wanted, *optional}
        for key, held in self.entries():
            if key not in known:
                held.fault("is not known here")
        if not isinstance(self.value, dict):
            return False
        for key in wanted:
            if key not in self.value:
                self.child(key).fault("is missing")
        return True

    def items(self, at_least: int = 0, size: int | None = None) -> "list[Node]":
        """Every entry of a list, which must hold a least number of them or an exact one."""
        if not isinstance(self.value, list | tuple):
            self.wrong("a list")
            return []
        if size is not None and len(self.value) != size:
            self.fault(f"needs {size} entries, holds {len(self.value)}")
        elif len(self.value) < at_least:
            self.fault(f"needs at least {at_least}, holds {len(self.value)}")
        return [Node(held, item_path(self.path, index), self.faults) for index, held in enumerate(self.value)]

    # --- single values

    def text(self) -> str:
        if isinstance(self.value, str):
            return self.value
        self.wrong("text")
        return ""

    def name(self) -> str | None:
        """Read a key or a name: text that prints on one line. None when it is not."""
        if (
            isinstance(self.value, str)
            and self.value.strip()
            and self.value.isprintable()
            and len(self.value) <= LONGEST_KEY
        ):
            return self.value
        self.wrong("a name")
        return None

    def choice(self, options: Iterable[str]) -> str:
        listed = tuple(options)
        if isinstance(self.value, str) and self.value in listed:
            return self.value
        self.wrong("one of " + ", ".join(listed))
        return listed[0]

    def flag(self) -> bool:
        if isinstance(self.value, bool):
            return self.value
        self.wrong("true or false")
        return False

    def decimal(self, low: int | None = None, high: int | None = None, stand_in: int = 1) -> Fraction:
        """Read an exact number, given as a number or as text, within the bounds (both inclusive)."""
        return self._bounded(_number(self.value), low, high, stand_in)

    def whole(self, low: int, high: int | None = None, stand_in: int = 1) -> int:
        """Read a whole number, given as a number, within the bounds (both inclusive)."""
        number = None if isinstance(self.value, str) else _number(self.value)
        if number is not None and number.denominator != 1:
            self.wrong("a whole number")
            return stand_in
        return int(self._bounded(number, low, high, stand_in))

    def _bounded(self, number: Fraction | None, low: int | None, high: int | None, stand_in: int) -> Fraction:
        if number is None:
            self.wrong("a number")
        elif (low is not None and number < low) or (high is not None and number > high):
            self.fault(f"{show(self.value)} is not {_range(low, high)}")
        else:
            return number
        return Fraction(stand_in)


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"within {low}\u2013{show(high)}"
    return f"at least {low}" if high is None else f"at most {high}"


def _number(value: Any) -> Fraction | None:
    """Read exactly: a decimal literal stays what it says, a float is read as it prints; anything else is no number.

    >>> _number("0.10"), _number(0.1), _number(True), _number("1/3")
    (Fraction(1, 10), Fraction(1, 10), None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = repr(value)
    if isinstance(value, int):
        return Fraction(value) if value.bit_length() <= 256 else None
    if isinstance(value, str):
        value = Decimal(value) if _DECIMAL.fullmatch(value) else None
    return Fraction(value) if isinstance(value, Decimal) and is_usable(value) else None
