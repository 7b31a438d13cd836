from decimal import Decimal

from proposals.models import AgendaItem, BudgetLine
from proposals.services.sums import agenda_hours, budget_costs


def test_agenda_hours_count_what_is_on_the_risk():
    items = [AgendaItem(hours=Decimal(3), is_on_risk=True), AgendaItem(hours=Decimal(1), is_on_risk=False)]

    hours = agenda_hours(items)

    assert (hours.total, hours.on_risk, hours.share_on_risk) == (4, 3, 75)


def test_agenda_hours_without_an_agenda_have_no_share():
    assert agenda_hours([]).share_on_risk is None


def test_budget_costs_rest_on_the_lines_and_else_on_the_amount():
    lines = [BudgetLine(amount=Decimal(60)), BudgetLine(amount=Decimal(40))]

    by_lines = budget_costs(lines, amount=Decimal(300), meetings=4)
    by_amount = budget_costs([], amount=Decimal(300), meetings=4)

    assert (by_lines.budget, by_lines.basis, by_lines.per_meeting) == (100, 100, 25)
    assert (by_amount.budget, by_amount.basis, by_amount.per_meeting) == (None, 300, 75)


def test_budget_costs_without_meetings_or_money_have_no_cost_per_meeting():
    costs = [budget_costs([], amount=amount, meetings=n).per_meeting for amount, n in ((None, 2), (Decimal(9), 0))]

    assert costs == [None, None]
