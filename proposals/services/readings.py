"""The proposal as officers read it beside their scorecard: its latest revision, in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from proposals.models import AgendaItem, BudgetLine, CoFunder, Evidence, Meeting, Proposal, Side, TransferMechanism
from proposals.services.snapshots import take_snapshot
from proposals.services.sums import Costs, Hours, agenda_hours, budget_costs

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows of the record that are nobody's to save: made from what the revision says."""

    meetings: list[Meeting]
    agenda: list[AgendaItem]
    budget_lines: list[BudgetLine]
    co_funders: list[CoFunder]
    transfer_mechanisms: list[TransferMechanism]
    hours: Hours
    costs: Costs


def read_record(proposal: Proposal, *, sides: Iterable[Side], evidence: Iterable[Evidence]) -> Reading:
    revision = proposal.revisions.order_by("-number").first()
    content = revision.content if revision else take_snapshot(proposal)
    named: dict[str, dict[str, Any]] = {
        "side": {side.key: side for side in sides},
        "evidence": {str(item): item for item in evidence},
    }
    meetings = _rows(Meeting, content["meetings"])
    agenda, lines = _rows(AgendaItem, content["agenda"]), _rows(BudgetLine, content["budget_lines"])
    return Reading(
        meetings=meetings,
        agenda=agenda,
        budget_lines=lines,
        co_funders=_rows(CoFunder, content["co_funders"]),
        transfer_mechanisms=_rows(TransferMechanism, content["transfer_mechanisms"], named),
        hours=agenda_hours(agenda),
        costs=budget_costs(lines, amount=proposal.amount, meetings=len(meetings)),
    )


def _rows(
    model: type[Row], content: Iterable[Mapping[str, Any]], named: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Row]:
    named = named or {}

    def value(name: str, kept: Any) -> Any:
        if name in named:
            return named[name].get(kept)
        field: Any = model._meta.get_field(name)
        return field.to_python(kept)

    return [model(**{name: value(name, kept) for name, kept in row.items()}) for row in content]
