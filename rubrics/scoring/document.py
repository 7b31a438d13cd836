"""JSON text to Python values without losing anything: exact numbers, duplicate keys noticed, nothing that hangs."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeAlias

from rubrics.scoring.faults import Fault, FaultyDocumentError, child_path, item_path

LONGEST_NUMBER = 60
LARGEST_EXPONENT = 60


Trail: TypeAlias = "tuple[Trail, str | int] | None"
"""The way to a value: the way to what holds it, and the last step; None for the root."""


class UnusableNumber:
    """A number that JSON does not know (NaN, Infinity), or too long or extreme to compute with."""

    def __init__(self, text: str) -> None:
        self.text = text[:20]


class JsonObject(dict[str, Any]):
    """An object that remembers the keys it was given more than once."""

    duplicates: tuple[str, ...] = ()


def is_usable(number: Decimal) -> bool:
    """Whether a decimal is finite and of a size that exact arithmetic can carry.

    >>> is_usable(Decimal("0.25")), is_usable(Decimal("1e999999")), is_usable(Decimal("NaN"))
    (True, False, False)
    """
    if not number.is_finite():
        return False
    _, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and len(digits) <= LONGEST_NUMBER and abs(exponent) <= LARGEST_EXPONENT


def _number(text: str) -> Decimal | UnusableNumber:
    if len(text) > LONGEST_NUMBER or len(text.lower().partition("e")[2]) > len("+999"):
        return UnusableNumber(text)
    number = Decimal(text)
    return number if is_usable(number) else UnusableNumber(text)


def _whole(text: str) -> int | UnusableNumber:
    return int(text) if len(text) <= LONGEST_NUMBER else UnusableNumber(text)


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    built = JsonObject(pairs)
    if len(built) < len(pairs):
        built.duplicates = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return built


def _steps(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _path(trail: Trail) -> str:
    steps: list[str | int] = []
    while trail is not None:
        trail, step = trail
        steps.append(step)
    path = "$"
    for step in reversed(steps):
        path = child_path(path, step) if isinstance(step, str) else item_path(path, step)
    return path


def _faults(root: Any) -> list[Fault]:
    """Walk without recursion, and write a path only where there is a fault: depth and width are up to the sender."""
    faults = []
    waiting: list[tuple[Any, Trail]] = [(root, None)]
    while waiting:
        value, trail = waiting.pop()
        if isinstance(value, JsonObject):
            faults += [Fault(_path((trail, key)), "is given more than once") for key in value.duplicates]
        elif isinstance(value, UnusableNumber):
            faults.append(Fault(_path(trail), f"{value.text} is not a number that can be computed with"))
        waiting += [(child, (trail, step)) for step, child in _steps(value)]
    return faults


def read_json(data: bytes | str) -> tuple[Any, list[Fault]]:
    """Read a JSON document (UTF-8): its values, numbers exact, and the faults of its numbers and keys.

    Raises FaultyDocumentError at `$` where there is no document at all: not UTF-8, not JSON, nested too deeply.
    Worked: `{"a": 0.1, "a": 0.2}` gives `{"a": Decimal("0.2")}` and the fault `$.a: is given more than once`.
    """
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        root = json.loads(
            text,
            parse_float=_number,
            parse_int=_whole,
            parse_constant=UnusableNumber,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        raise FaultyDocumentError([Fault("$", f"is not UTF-8 text (byte {error.start})")]) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise FaultyDocumentError([Fault("$", f"is not JSON: {error.msg} ({place})")]) from error
    except RecursionError as error:
        raise FaultyDocumentError([Fault("$", "is nested too deeply")]) from error
    return root, _faults(root)
