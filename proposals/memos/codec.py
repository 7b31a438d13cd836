"""Frozen dataclasses to JSON values and back, by their type hints; unknown or missing fields are refused.

A field with a default is one that older contents lack: it is left out where it holds the default, so that what was
stored before there was such a field reads, is written and hashes as ever.
"""

import dataclasses
from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ContentFormatError(ValueError):
    """JSON that is not the content of a memo, with the path of the first fault."""


def to_json_value(value: Any) -> Any:
    """Turn dataclasses into objects and tuples into lists, all the way down; other values stay as they are."""
    if dataclasses.is_dataclass(value):
        held = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: to_json_value(one) for field, one in held if one != field.default}
    if isinstance(value, tuple):
        return [to_json_value(item) for item in value]
    return value


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _optional(kind: Any) -> set[str]:
    return {field.name for field in dataclasses.fields(kind) if field.default is not dataclasses.MISSING}


def _object(kind: type[T], data: Any, path: str) -> T:
    if not isinstance(data, dict):
        raise ContentFormatError(f"{path}: an object is expected")
    key = cast("Hashable", kind)
    hints = _hints(key)
    if odd := sorted((set(data) ^ set(hints)) - (_optional(key) - set(data))):
        raise ContentFormatError(f"{path}: missing or unknown: {', '.join(odd)}")
    return kind(
        **{name: from_json_value(hint, data[name], f"{path}.{name}") for name, hint in hints.items() if name in data}
    )


def _items(hint: Any, data: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise ContentFormatError(f"{path}: a list is expected")
    (item, _) = get_args(hint)
    return tuple(from_json_value(item, value, f"{path}[{place}]") for place, value in enumerate(data))


def from_json_value(hint: Any, data: Any, path: str = "$") -> Any:
    """Read a JSON value as what the type hint says: a dataclass, a tuple of one type, or a plain value."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _object(hint, data, path)
    origin = get_origin(hint)
    if origin is tuple:
        return _items(hint, data, path)
    plain = origin or hint
    if not isinstance(data, plain) or (plain is int and isinstance(data, bool)):
        raise ContentFormatError(f"{path}: {plain.__name__} is expected")
    return data
