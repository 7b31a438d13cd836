"""The annex: every score with the anchor chosen, the evidence, the weights, the gates, reference figures."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from proposals.memos.figures import listed, share
from proposals.memos.judgements import (
    Annex,
    EvidenceLine,
    ReferenceLine,
    ScoredItem,
    ScoredSection,
    ScoreLine,
    WeightLine,
)
from proposals.models import Answer, CalibrationReference, MitigationScore, RiskScore, Score, Scorecard
from proposals.services.memo_gates import gate_lines
from proposals.services.memo_sources import Sources, officer_label
from proposals.services.weight_changes import weight_changes
from rubrics.scoring.figures import counted_score, one_place, points

Finder = Callable[[Scorecard], Score | MitigationScore | RiskScore | None]


def _cites(cell: Score | MitigationScore | RiskScore) -> str:
    numbers = sorted(evidence.number for evidence in cell.citations.all())
    return f"[{', '.join(str(number) for number in numbers)}]" if numbers else ""


def _risk_answer(cell: RiskScore) -> str:
    if cell.likelihood is None and cell.consequence is None:
        return "not enough information"
    likelihood, consequence = (
        "not enough information" if level is None else str(level) for level in (cell.likelihood, cell.consequence)
    )
    return f"likelihood {likelihood}, consequence {consequence}"


def _risk_anchor(sources: Sources, cell: RiskScore) -> str:
    """The words of the levels chosen; likelihood counts from 1, consequence from 0."""
    anchors = next((section.get("anchors") for section in sources.words.of_rule("residual_risk")), None) or {}
    chosen = (("likelihood", cell.likelihood, 1), ("consequence", cell.consequence, 0))
    words = [anchors[name][level - first] for name, level, first in chosen if level is not None and name in anchors]
    return " ".join(words)


def _given(sources: Sources, cell: Score | MitigationScore | RiskScore, key: str) -> tuple[str, str, str]:
    """Answer, grade and anchor of a cell."""
    if isinstance(cell, RiskScore):
        return _risk_answer(cell), "", _risk_anchor(sources, cell)
    if cell.value is None or cell.grade is None:
        return str(Answer(cell.answer).label).lower(), "", ""
    answer = counted_score(Fraction(cell.value), sources.rubric.evidence_caps[cell.grade])
    return answer, f"E{cell.grade}", sources.words.anchor(key, cell.value)


def _line(sources: Sources, card: Scorecard, cell: Score | MitigationScore | RiskScore, key: str) -> ScoreLine:
    officer = sources.officer_keys.get(card.officer_id, "")
    counted = {given.officer: given.round for given in sources.parsed.counted()}
    answer, grade, anchor = _given(sources, cell, key)
    return ScoreLine(
        officer=officer_label(officer),
        round=f"round {card.round}" if sources.has_two_rounds else "",
        answer=answer,
        grade=grade,
        anchor=anchor,
        rationale=cell.rationale,
        cites=_cites(cell),
        counted=counted.get(officer) == card.round,
    )


def _lines(sources: Sources, key: str, find: Finder) -> tuple[ScoreLine, ...]:
    return tuple(_line(sources, card, cell, key) for card in sources.scorecards if (cell := find(card)))


def _score(key: str, side: str) -> Finder:
    def find(card: Scorecard) -> Score | None:
        scores = (score for score in card.scores.all() if score.criterion.key == key)
        return next((score for score in scores if (score.side.key if score.side else "") == side), None)

    return find


def _mitigation(key: str) -> Finder:
    return lambda card: next((cell for cell in card.mitigation_scores.all() if cell.mitigation.key == key), None)


def _risk(key: str) -> Finder:
    return lambda card: next((cell for cell in card.risk_scores.all() if cell.risk.key == key), None)


def _criterion_items(sources: Sources, section: dict[str, Any]) -> Iterable[ScoredItem]:
    for item in section.get("criteria", []):
        result = sources.result.criteria.get(item["key"])
        if result is None:
            continue
        for cell in sources.criterion_cells(item["key"], per_side=result.sides is not None):
            value = result.sides[cell.part] if result.sides is not None else result.value
            lines = _lines(sources, item["key"], _score(cell.item, cell.part))
            yield ScoredItem(sources.cell_title(cell), f"panel {points(value)}", lines)


def _risk_items(sources: Sources, section: dict[str, Any]) -> Iterable[ScoredItem]:
    for item in section.get("risks", []):
        risk = sources.result.risks[item["key"]]
        residual = risk.residual if isinstance(risk.residual, Fraction) else None
        panel = f"residual {one_place(residual) or 'unknown'}"
        yield ScoredItem(item.get("title") or item["key"], panel, _lines(sources, item["key"], _risk(item["key"])))
    for item in section.get("mitigations", []):
        panel = f"panel {sources.panel(item['key'])}"
        yield ScoredItem(
            item.get("title") or item["key"], panel, _lines(sources, item["key"], _mitigation(item["key"]))
        )


def _scores(sources: Sources) -> tuple[ScoredSection, ...]:
    sections = []
    for section in sources.words.sections:
        items = (*_criterion_items(sources, section), *_risk_items(sources, section))
        sections.append(ScoredSection(sources.words.title(section["key"]), items))
    return tuple(sections)


def _evidence(sources: Sources) -> tuple[EvidenceLine, ...]:
    return tuple(
        EvidenceLine(
            number=str(row.number),
            claim=row.claim,
            source=", ".join(part for part in (row.get_kind_display(), row.source, row.page) if part),
            address=row.address,
            side=row.side.name if row.side else "",
            grade=f"E{row.grade}",
            note=row.note,
        )
        for row in sources.proposal.evidence.select_related("side").order_by("number")
    )


def _weights(sources: Sources) -> tuple[WeightLine, ...]:
    total = sum(spec.weight for spec in sources.rubric.sections)
    lines = []
    for section, spec in zip(sources.words.sections, sources.rubric.sections, strict=True):
        value = one_place(sources.result.sections[spec.key].value) or "no value"
        lines.append(WeightLine(sources.words.title(section["key"]), share(spec.weight / total), value, True))
        criteria = getattr(spec, "criteria", ())
        of_section = sum((criterion.weight for criterion in criteria), Fraction())
        for criterion in criteria:
            title = sources.words.title(criterion.key)
            of_index = share(criterion.weight / of_section) if of_section else ""
            lines.append(WeightLine(title, of_index, sources.panel(criterion.key) or "not claimed", False))
    return tuple(lines)


# --- reference figures of the documented dialogues ------------------------------------------------------------------


def _span(figure: Any) -> str:
    """A reference figure, which may be a range of two."""
    if isinstance(figure, dict):
        low, high = str(figure.get("low", "")), str(figure.get("high", ""))
        return low if low == high else f"{low} to {high}"
    return "–" if figure is None else str(figure)


def _worst_residual(sources: Sources) -> str:
    known = [risk for risk in sources.result.risks.values() if isinstance(risk.residual, Fraction)]
    if not known:
        return "unknown"
    worst = max(known, key=lambda risk: risk.residual if isinstance(risk.residual, Fraction) else Fraction())
    return worst.band or "unknown"


def _references(sources: Sources, reference: CalibrationReference) -> tuple[ReferenceLine, ...]:
    figures = reference.figures
    best = figures.get("best_theory") or {}
    theories = best.get("theories") or []
    claimed = [f"{sources.words.title(key)} {sources.panel(key) or 'not claimed'}" for key in theories]
    worst = figures.get("worst_residual") or {}
    transfer = one_place(sources.unweighted_mean("transfer")) or "unknown"
    lines = [
        ReferenceLine(
            f"Best theory: {listed([sources.words.title(key) for key in theories])}" if theories else "Best theory",
            _span(best.get("value")),
            "; ".join(claimed) or "–",
        ),
        ReferenceLine(sources.words.title("stakes"), _span(figures.get("stakes")), sources.panel("stakes") or "–"),
        ReferenceLine(
            sources.words.title("right-people"),
            _span(figures.get("right_people")),
            sources.panel("right-people") or "–",
        ),
        ReferenceLine("Policy transfer, mean", _span(figures.get("transfer_mean")), transfer),
        ReferenceLine("Worst residual risk, band", _span(worst.get("band")), _worst_residual(sources)),
        ReferenceLine("Grade of the main claim of influence", _span(figures.get("evidence_grade")), "–"),
    ]
    return tuple(lines)


def build_annex(sources: Sources) -> Annex:
    reference = CalibrationReference.objects.filter(proposal=sources.proposal).first()
    return Annex(
        scores=_scores(sources),
        evidence=_evidence(sources),
        weights=_weights(sources),
        gates=tuple(gate_lines(sources)),
        references=_references(sources, reference) if reference else (),
        reference_note=_reference_note(reference) if reference else "",
        weights_changed=weight_changes(sources.proposal.docket).told("this memo"),
    )


def _reference_note(reference: CalibrationReference) -> str:
    note = f"Reference figures: {reference.status}. They cover these few figures only; compare nothing else."
    return f"{note} Teaches: {reference.teaches}" if reference.teaches else note
