"""Faults of a document, each at its JSON path, gathered and reported together."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place; prints as one line, whatever the document held."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class FaultyDocumentError(ValueError):
    """A document that is refused, with every fault found in it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


def child_path(path: str, key: str) -> str:
    r"""Extend a JSON path by an object key, quoted and escaped where it is not a plain word.

    >>> child_path("$.scores", "unheard-of"), child_path("$", "a b\n")
    ('$.scores.unheard-of', '$["a b\\n"]')
    """
    return f"{path}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{path}[{json.dumps(key)}]"


def item_path(path: str, index: int) -> str:
    return f"{path}[{index}]"


def show(value: object) -> str:
    r"""Show a value in a message: short, on one line, in ASCII.

    >>> show("a\nb"), show(True), show([1]), show(None)
    ('"a\\nb"', 'true', 'a list', 'null')
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and value.bit_length() > 128:
        return "a very large number"
    if value is None or isinstance(value, str | int):
        text = json.dumps(value)
    else:
        text = str(value) if isinstance(value, float | Decimal) else f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
