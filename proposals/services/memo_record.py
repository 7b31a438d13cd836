"""What the memo tells of the record: the grant, the organizer, the money, the theory of change."""

from decimal import Decimal

from proposals.memos.figures import counted, listed, money
from proposals.memos.parts import (
    Amount,
    Budget,
    EarlierGrant,
    Grant,
    Mechanism,
    Meeting,
    Organizer,
    PastConvening,
    PathwayCard,
    Theory,
)
from proposals.models import Docket, MemoWords, Proposal
from proposals.models import EarlierGrant as EarlierGrantRow
from proposals.services.memo_sources import Sources
from proposals.services.sums import Costs, agenda_hours, budget_costs
from rubrics.scoring.spec import Cell

MOST_CARDS = 3
SIDE_UNKNOWN = "Side not stated"


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _agenda(proposal: Proposal) -> str:
    hours = agenda_hours(proposal.agenda.all())
    if hours.share_on_risk is None:
        return "No agenda is on record."
    total, on_risk = _number(hours.total), _number(hours.on_risk)
    return f"Of {total} hours on the agenda, {on_risk} ({hours.share_on_risk}%) are on the risk itself."


def build_grant(proposal: Proposal, words: MemoWords) -> Grant:
    meetings = tuple(
        Meeting(meeting.title, meeting.when, meeting.place, _number(meeting.days), meeting.participants)
        for meeting in proposal.meetings.order_by("position", "pk")
    )
    return Grant(words.grant_does, proposal.summary, meetings, _agenda(proposal))


def build_organizer(proposal: Proposal) -> Organizer:
    organizer = proposal.organizer
    return Organizer(
        name=organizer.name,
        country=organizer.country,
        website=organizer.website,
        description=organizer.description,
        past=tuple(
            PastConvening(past.title, past.period, past.place, past.sides, past.note)
            for past in organizer.past_convenings.order_by("pk")
        ),
        grants=tuple(
            EarlierGrant(str(grant.year), grant.purpose, money(grant.amount, grant.currency), grant.outcome)
            for grant in EarlierGrantRow.objects.filter(organizer=organizer).order_by("-year", "pk")
        ),
    )


def _per_meeting(costs: Costs, meetings: int, currency: str) -> str:
    if costs.basis is None:
        return "Not known: neither a budget nor an amount is on record."
    if costs.per_meeting is None:
        return "Not known: no meeting is on record."
    cost = money(costs.per_meeting.quantize(Decimal(1)), currency)
    basis = "an amount asked" if costs.budget is None else "a budget"
    return f"{cost}: {basis} of {money(costs.basis, currency)} over {counted(meetings, 'meeting')}."


def build_budget(sources: Sources) -> Budget:
    proposal = sources.proposal
    currency = proposal.docket.currency
    lines = list(proposal.budget_lines.order_by("position", "pk"))
    meetings = proposal.meetings.count()
    costs = budget_costs(lines, amount=proposal.amount, meetings=meetings)
    return Budget(
        lines=tuple(Amount(line.title, money(line.amount, currency)) for line in lines),
        total=money(costs.budget, currency),
        co_funders=tuple(
            Amount(funder.name, money(funder.amount, currency), funder.get_status_display())
            for funder in proposal.co_funders.order_by("pk")
        ),
        per_meeting=_per_meeting(costs, meetings, currency),
        reference_points=sources.words.reference_points,
    )


def _cards(sources: Sources) -> list[PathwayCard]:
    return [
        PathwayCard(
            title=sources.words.title(card.theory),
            value=sources.panel(card.theory) or "not scored",
            grade=sources.lowest_grade(Cell(card.theory)),
            who_changes=card.who_changes,
            what_they_carry=card.what_they_carry,
            to_whom=card.to_whom,
            decision=card.decision,
            assumption=card.assumption,
            stage=card.get_stage_display(),
            horizon=card.horizon,
            milestone=card.milestone,
        )
        for card in sources.proposal.pathway_cards.order_by("position", "pk")
    ]


def _meetings(proposal: Proposal) -> str:
    """What stands at the start of the map. Rows of a documented case may tell of many meetings each: no count there."""
    if proposal.docket.kind == Docket.Kind.CALIBRATION:
        return "Dialogue"
    number = proposal.meetings.count()
    return f"Dialogue: {counted(number, 'meeting')}" if number else "Dialogue"


def build_theory(sources: Sources) -> tuple[Theory, list[PathwayCard]]:
    """The theory of change as printed, and every card, for the milestones that all of them name."""
    cards = _cards(sources)
    beyond = [f"{card.title} ({card.value})" for card in cards[MOST_CARDS:]]
    mechanisms = sources.proposal.transfer_mechanisms.select_related("side", "evidence")
    theory = Theory(
        cards=tuple(cards[:MOST_CARDS]),
        others=f"Also claimed: {listed(beyond)}." if beyond else "",
        mechanisms=tuple(
            Mechanism(
                kind=row.get_kind_display(),
                side=row.side.name if row.side else SIDE_UNKNOWN,
                audience=row.audience,
                timing=row.timing,
                owner=row.owner,
                grade=f"E{row.evidence.grade}" if row.evidence else "",
            )
            for row in mechanisms.order_by("side__position", "side", "position", "pk")
        ),
        dialogue=_meetings(sources.proposal),
        decision=next((card.decision for card in cards if card.decision), ""),
    )
    return theory, cards
