"""The record of a proposal as plain values: what a revision keeps, and how two of them differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from proposals.models import Proposal, Side

FIELDS = (
    "title", "organizer", "issue_area", "summary", "amount", "term_months", "start_date", "problem", "approach",
    "participation", "transfer", "safeguards", "counterfactual", "hazardous_content", "hazardous_content_note",
)  # fmt: skip

LONG_TEXTS = ("problem", "approach", "participation", "transfer", "safeguards", "counterfactual")

# By the name under which the proposal knows them.
PARTS: dict[str, tuple[str, ...]] = {
    "sides": ("key", "name"),
    "pathway_cards": (
        "theory", "who_changes", "what_they_carry", "to_whom", "decision", "assumption", "stage", "horizon",
        "milestone",
    ),
    "transfer_mechanisms": ("kind", "side", "audience", "timing", "owner", "evidence"),
    "meetings": ("title", "when", "place", "days", "participants"),
    "agenda": ("title", "hours", "is_on_risk"),
    "budget_lines": ("title", "amount"),
    "co_funders": ("name", "amount", "status"),
    "planned_mitigations": ("mitigation", "plan", "cost_accepted"),
}  # fmt: skip
UNORDERED = frozenset({"co_funders"})

LABELS = {
    "sides": "Sides",
    "pathway_cards": "Pathway cards",
    "transfer_mechanisms": "Transfer mechanisms",
    "meetings": "Meetings",
    "agenda": "Agenda",
    "budget_lines": "Budget",
    "co_funders": "Co-funders",
    "planned_mitigations": "Planned mitigations",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of the record that is not the same in two snapshots, in words for people."""

    name: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def label_of(name: str) -> str:
    if name in LABELS:
        return LABELS[name]
    label = str(getattr(Proposal._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def take_snapshot(proposal: Proposal) -> dict[str, Any]:
    """The record as it stands in the database, in values that JSON holds. Participants' names are never in it."""
    row = Proposal.objects.select_related("organizer", "issue_area").get(pk=proposal.pk)
    content: dict[str, Any] = {name: _plain(getattr(row, name)) for name in FIELDS}
    for part, names in PARTS.items():
        content[part] = [{name: _plain(getattr(item, name)) for name in names} for item in part_rows(proposal, part)]
    return content


def part_rows(proposal: Proposal, part: str) -> models.QuerySet[Any]:
    """The rows of a part of the record, in the order in which people gave them."""
    foreign = [name for name in PARTS[part] if name in {"side", "evidence"}]
    rows: models.QuerySet[Any] = getattr(proposal, part).order_by(*([] if part in UNORDERED else ["position"]), "pk")
    return rows.select_related(*foreign) if foreign else rows


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """In the order of the form. A field that one of them does not have is not compared."""
    shared = [name for name in (*FIELDS, *PARTS) if name in before and name in after]
    return [
        Difference(name, label_of(name), tuple(_words(name, before[name])), tuple(_words(name, after[name])))
        for name in shared
        if before[name] != after[name]
    ]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Side):
        return value.key
    return str(value)


def _words(name: str, value: Any) -> Iterator[str]:
    if not isinstance(value, list):
        yield _word(value)
        return
    names = PARTS[name]
    for row in value:
        yield " · ".join(_word(row.get(key)) for key in names if row.get(key) not in ("", None) and key != "key")


def _word(value: Any) -> str:
    if value is None or value == "":
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
