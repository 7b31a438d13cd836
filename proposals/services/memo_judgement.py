"""What the scores say: sides beside each other, risks, and conditions that follow."""

from fractions import Fraction
from typing import Any

from proposals.memos.figures import listed, percent
from proposals.memos.judgements import (
    MitigationRow,
    Proposed,
    RiskRow,
    Risks,
    SideBySide,
    SideCell,
    SideRow,
    WholeRow,
)
from proposals.models import Participant, Side
from proposals.services.memo_sources import Sources
from proposals.services.residual_falls import falls, residuals_sentence
from proposals.services.weak_points import is_worth_a_number, level_to_reach, side_sections, weak_cells
from rubrics.scoring.conditions import ConditionResult
from rubrics.scoring.figures import one_place, points
from rubrics.scoring.panel import build_panel
from rubrics.scoring.sections import evaluate
from rubrics.scoring.spec import Cell, Score, Value

PROMISE = 1


# --- convening and transfer, side by side ---------------------------------------------------------------------------


def _side_row(sources: Sources, item: dict[str, Any], section: str) -> SideRow:
    by_side = sources.result.criteria[item["key"]].sides or {}
    known = [value for value in by_side.values() if isinstance(value, Fraction)]
    weakest = min(known) if len(known) > 1 and min(known) != max(known) else None
    cells = (
        SideCell(points(value), sources.lowest_grade(Cell(item["key"], side)), value == weakest)
        for side, value in by_side.items()
    )
    return SideRow(item.get("title") or item["key"], section, tuple(cells))


def _people(sources: Sources, side: Side) -> tuple[str, ...]:
    lines = []
    for status in Participant.Status:
        roles = [person.role for person in sources.proposal.participants.order_by("pk") if _is(person, side, status)]
        if roles:
            lines.append(f"{status.label}, {len(roles)}: {'; '.join(roles)}.")
    return tuple(lines)


def _is(person: Participant, side: Side, status: Participant.Status) -> bool:
    return person.side_id == side.pk and person.status == status


def _ways(sources: Sources, side: Side | None) -> tuple[str, ...]:
    rows = sources.proposal.transfer_mechanisms.filter(side=side).select_related("evidence")
    lines = []
    for row in rows.order_by("position", "pk"):
        facts = [fact for fact in (row.timing, row.owner) if fact]
        facts.append(f"E{row.evidence.grade} [{row.evidence.number}]" if row.evidence else "no evidence")
        lines.append(f"{row.get_kind_display()} to {row.audience} ({'; '.join(facts)}).")
    return tuple(lines)


def build_sides(sources: Sources) -> SideBySide:
    rows: list[SideRow] = []
    whole: list[WholeRow] = []
    for section in side_sections(sources.words):
        title = sources.words.title(section["key"])
        for item in section["criteria"]:
            if item.get("per_side"):
                rows.append(_side_row(sources, item, title))
            else:
                grade = sources.lowest_grade(Cell(item["key"]))
                whole.append(WholeRow(item.get("title") or item["key"], title, sources.panel(item["key"]), grade))
    return SideBySide(
        sides=tuple(sources.side_names[key] for key in sources.parsed.sides),
        rows=tuple(rows),
        people=tuple(_people(sources, side) for side in sources.sides),
        ways=tuple(_ways(sources, side) for side in sources.sides),
        unplaced=_ways(sources, None),
        whole=tuple(whole),
    )


# --- risk -----------------------------------------------------------------------------------------------------------


def _promised(sources: Sources) -> set[str]:
    """Mitigations that rest on a promise: someone scored them above 0, and nobody on more than the organizer's word."""
    promised = set()
    for key in sources.result.mitigations:
        given = [card.cells.get(Cell(key)) for card in sources.parsed.counted()]
        scores = [answer for answer in given if isinstance(answer, Score) and answer.value]
        if scores and max(answer.grade for answer in scores) <= PROMISE:
            promised.add(key)
    return promised


def _without(sources: Sources, mitigations: set[str]) -> dict[str, Fraction]:
    """What share of each risk would be taken away without these mitigations."""
    proposal = sources.parsed
    panel = build_panel(sources.rubric, proposal, proposal.counted(), proposal.consensus)
    for key in mitigations:
        panel = panel.with_value(Cell(key), Fraction())
    return {key: risk.reduction for key, risk in evaluate(sources.rubric, proposal, panel).risks.items()}


def _number(value: Value) -> str:
    return one_place(value) if isinstance(value, Fraction) else ""


def _risk_rows(sources: Sources, promised: set[str]) -> tuple[RiskRow, ...]:
    kept = _without(sources, promised) if promised else {}
    limits = [limit for section in sources.rubric.risk_sections() for limit in section.risk_bands]
    return tuple(
        RiskRow(
            title=sources.words.title(key),
            likelihood=points(risk.probability_level),
            consequence=points(risk.loss_level),
            inherent=_number(risk.inherent),
            reduction=percent(risk.reduction),
            promised=percent(risk.reduction - kept[key]) if kept and risk.reduction > kept[key] else "",
            residual=one_place(risk.residual if isinstance(risk.residual, Fraction) else None, limits),
            band=risk.band or "unknown",
        )
        for key, risk in sources.result.risks.items()
    )


def _mitigation_rows(sources: Sources) -> tuple[MitigationRow, ...]:
    planned = {row.mitigation: row for row in sources.proposal.planned_mitigations.all()}
    rows = []
    for key, result in sources.result.mitigations.items():
        plan = planned.get(key)
        rows.append(
            MitigationRow(
                title=sources.words.title(key),
                acts=", ".join(sources.words.note(key).get("acts", [])),
                value=points(result.value),
                grade=sources.lowest_grade(Cell(key)),
                plan=plan.plan if plan else "",
                cost=plan.cost_accepted if plan else "",
            )
        )
    return tuple(rows)


def _totals(sources: Sources) -> str:
    return " ".join(
        f"All known risks together: {one_place(totals.inherent)} points of expected loss before mitigation,"
        f" {one_place(totals.residual)} after it."
        for totals in sources.result.risk_totals.values()
    )


def _promise(sources: Sources, promised: set[str]) -> str:
    if not any(isinstance(result.value, Fraction) for result in sources.result.mitigations.values()):
        return "No mitigation could be scored."
    if not promised:
        return "No mitigation rests on the organizer’s word alone."
    names = listed([sources.words.title(key).lower() for key in sources.result.mitigations if key in promised])
    return f"On promises: the part of the reduction that rests on the organizer’s word alone (E0 or E1), here {names}."


def build_risks(sources: Sources) -> Risks:
    promised = _promised(sources)
    sections = sources.rubric.risk_sections()
    limits = sections[0].risk_bands if sections else ()
    scale = max((section.probability[-1] * section.loss[-1] for section in sections), default=Fraction(100))
    return Risks(
        rows=_risk_rows(sources, promised),
        mitigations=_mitigation_rows(sources),
        limits=tuple(points(limit) for limit in limits),
        scale=points(scale),
        total=_totals(sources),
        promise=_promise(sources, promised),
    )


# --- conditions that follow from the scores -------------------------------------------------------------------------


def _falls(sources: Sources, condition: ConditionResult) -> str:
    risks = sources.result.risks
    residuals = ((key, risks[key].residual, after) for key, after in condition.residuals.items())
    return residuals_sentence(falls(sources.words, residuals))


def _effect(sources: Sources, condition: ConditionResult) -> str:
    effects = [found] if (found := _falls(sources, condition)) else []
    titles = {gate["key"]: gate.get("title") or gate["key"] for gate in sources.words.gates}
    if condition.clears:
        effects.append(f"Clears: {listed([titles[key] for key in condition.clears])}.")
    if condition.suggested_after and condition.suggested_after != sources.result.suggested:
        effects.append(f"Suggested after: {sources.words.band(condition.suggested_after).lower()}.")
    if is_worth_a_number(condition.index_gain):
        effects.append(f"Index +{one_place(condition.index_gain)}.")
    return " ".join(effects)


def _weak_cells(sources: Sources) -> list[Proposed]:
    return [
        Proposed(
            title=sources.cell_title(Cell(cell.item, cell.side)),
            now=points(cell.value),
            proof=cell.proof,
            effect=f"Bears on {sources.words.title(cell.section).lower()}.",
        )
        for cell in weak_cells(sources.words, sources.assessment.result["criteria"], sources.parsed.sides)
    ]


def build_proposed(sources: Sources) -> tuple[Proposed, ...]:
    """Conditions proposed by the method, then every weak answer on convening and transfer."""
    lines = [
        Proposed(
            title=sources.words.title(condition.mitigation),
            now=sources.panel(condition.mitigation),
            proof=sources.words.anchor(condition.mitigation, level_to_reach(sources.words, condition.mitigation)),
            effect=_effect(sources, condition),
        )
        for condition in sources.result.conditions
    ]
    return tuple(lines + _weak_cells(sources))
