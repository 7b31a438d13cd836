"""The rows of the pages of weights: each weight with its field, its share, and what it is in the version in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.forms import BoundField

from rubrics.forms.weights import PREFIX, PartWeightsForm
from rubrics.models import RubricVersion
from rubrics.scoring.figures import one_place
from rubrics.scoring.weights import mirrored, shares
from rubrics.services.documents import frozen_document
from rubrics.services.draft_parts import plain
from rubrics.services.weighing import Parts, parts_of


@dataclass(frozen=True, slots=True)
class Bar:
    """`share` is the local one in percent, `of_index` the global one; both empty where something is no number."""

    key: str
    title: str
    field: BoundField
    value: float
    is_locked: bool
    share: str
    of_index: str
    in_force: str
    parts: Parts | None = None
    mirrors: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    rows: Sequence[Bar]
    total: str
    mirrors: bool = False


def section_bars(form: PartWeightsForm, version: RubricVersion) -> Bars:
    """The sections, with a mark on each whose weight merely mirrors its number of criteria."""
    before = _weights_in(frozen_document(version)["sections"])
    parts = parts_of(form.document)
    numbers = _numbers(form)
    counts = {key: part.count for key, part in parts.items()}
    mirrors = mirrored(numbers, counts) if numbers else []
    local = shares(numbers)
    rows = [
        _bar(form, sibling, local, Fraction(1), before, parts=parts[sibling["key"]], mirrors=sibling["key"] in mirrors)
        for sibling in form.siblings()
    ]
    return Bars(rows, _total(numbers), mirrors=bool(mirrors))


def criteria_bars(section: Mapping[str, Any], share: Fraction, form: PartWeightsForm, version: RubricVersion) -> Bars:
    """The criteria of a section that has `share` of the index; of pathways the share is that of the largest."""
    sections = {part["key"]: part for part in frozen_document(version)["sections"]}
    before = _weights_in(sections.get(section["key"], {}).get("criteria", ()))
    numbers = _numbers(form)
    local = shares(numbers) if section["rule"] == "mean" else _of_largest(numbers)
    rows = [_bar(form, sibling, local, share, before) for sibling in form.siblings()]
    return Bars(rows, _total(numbers))


def percent(share: Fraction) -> str:
    return f"{one_place(100 * share)} %"


def _of_largest(numbers: Mapping[str, Fraction]) -> dict[str, Fraction]:
    largest = max(numbers.values(), default=Fraction())
    return {key: number / largest if largest else Fraction() for key, number in numbers.items()}


def _numbers(form: PartWeightsForm) -> dict[str, Fraction]:
    """What the fields show, or nothing while one of them is no number."""
    weights = form.weights()
    numbers = {key: weight for key, weight in weights.items() if weight is not None}
    return numbers if len(numbers) == len(weights) else {}


def _total(numbers: Mapping[str, Fraction]) -> str:
    return f"{float(sum(numbers.values())):g}" if numbers else "–"


def _weights_in(parts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {part["key"]: plain(part["weight"]) for part in parts}


def _bar(
    form: PartWeightsForm,
    sibling: Mapping[str, Any],
    local: Mapping[str, Fraction],
    share: Fraction,
    before: Mapping[str, str],
    **marks: Any,
) -> Bar:
    key = sibling["key"]
    own = local.get(key)
    held = form["locked"].value() or () if "locked" in form.fields else ()
    return Bar(
        key=key,
        title=sibling.get("title") or key,
        field=form[f"{PREFIX}{key}"],
        value=float(100 * (own or 0)),
        is_locked=key in held,
        share="" if own is None else percent(own),
        of_index="" if own is None else percent(share * own),
        in_force=before.get(key, "new"),
        **marks,
    )
