"""Frozen dataclasses to JSON values and back, by their type hints; unknown or missing fields are refused."""

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
        return {field.name: to_json_value(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [to_json_value(item) for item in value]
    return value


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _object(kind: type[T], data: Any, path: str) -> T:
    if not isinstance(data, dict):
        raise ContentFormatError(f"{path}: an object is expected")
    hints = _hints(cast("Hashable", kind))
    if odd := sorted(set(data) ^ set(hints)):
        raise ContentFormatError(f"{path}: missing or unknown: {', '.join(odd)}")
    return kind(**{name: from_json_value(hint, data[name], f"{path}.{name}") for name, hint in hints.items()})


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
