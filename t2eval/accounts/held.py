"""What somebody sent after their session had ended: carried through the sign-in page, kept nowhere."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

COUNTS_OF_FORMSETS = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS")


def is_secret(name: str) -> bool:
    return name == "csrfmiddlewaretoken" or "password" in name.lower()


@dataclass(frozen=True, slots=True)
class Value:
    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").replace("-", ", ").capitalize()


@dataclass(frozen=True, slots=True)
class Held:
    """The fields of a form, in their order, and the path on this site that they were sent to."""

    path: str
    values: tuple[Value, ...]

    @property
    def as_json(self) -> str:
        return json.dumps([[each.name, each.value] for each in self.values], ensure_ascii=False)

    @property
    def texts(self) -> list[Value]:
        """What reads as written by somebody: more than one word."""
        return [each for each in self._typed() if len(each.value.split()) > 1]

    @property
    def marks(self) -> list[Value]:
        """The rest: choices, numbers, single words."""
        return [each for each in self._typed() if len(each.value.split()) == 1]

    def _typed(self) -> Iterable[Value]:
        return (each for each in self.values if not each.name.endswith(COUNTS_OF_FORMSETS))


def hold(request: HttpRequest) -> Held:
    """The fields of this request, without its token and without passwords."""
    return Held(
        request.get_full_path(),
        tuple(Value(name, value) for name, values in request.POST.lists() if not is_secret(name) for value in values),
    )


def still_held(request: HttpRequest) -> Held | None:
    """What the sign-in page carried, None if it carried nothing. It comes from a browser, so it is checked."""
    if "held" not in request.POST:
        return None
    path = request.POST.get("held_path", "")
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        raise BadRequest("The held path leads off this site.")
    try:
        return Held(path, tuple(_values(json.loads(request.POST["held"]))))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadRequest("The held fields cannot be read.") from error


def _values(rows: Iterable[Iterable[str]]) -> Iterable[Value]:
    for name, value in rows:
        if not (isinstance(name, str) and isinstance(value, str)):
            raise TypeError("A name and its value are text.")
        f"{name}{value}".encode()  # fails on half a character, which no page could show
        if not is_secret(name):
            yield Value(name, value)
