"""Sums over a record: hours of the agenda, cost of a meeting. One rule for the record, the scorecard and the memo."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from proposals.models import AgendaItem, BudgetLine


@dataclass(frozen=True, slots=True)
class Hours:
    """`share_on_risk` in whole per cent; None without an hour."""

    total: Decimal
    on_risk: Decimal
    share_on_risk: int | None


@dataclass(frozen=True, slots=True)
class Costs:
    """`budget` is the sum of the lines, None without a line; `basis` that sum, else the amount asked."""

    budget: Decimal | None
    basis: Decimal | None
    per_meeting: Decimal | None


def agenda_hours(items: Iterable[AgendaItem]) -> Hours:
    rows = list(items)
    total = sum((item.hours for item in rows), Decimal())
    on_risk = sum((item.hours for item in rows if item.is_on_risk), Decimal())
    return Hours(total, on_risk, round(100 * on_risk / total) if total else None)


def budget_costs(lines: Iterable[BudgetLine], *, amount: Decimal | None, meetings: int) -> Costs:
    rows = list(lines)
    budget = sum((line.amount for line in rows), Decimal()) if rows else None
    basis = amount if budget is None else budget
    return Costs(budget, basis, basis / meetings if basis is not None and meetings else None)
