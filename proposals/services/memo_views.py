"""Where officers differ, before and after their discussion, and what they agreed."""

from collections.abc import Mapping

from proposals.memos.figures import listed
from proposals.memos.judgements import Agreed, Disagreement
from proposals.models import Scorecard
from proposals.services.bundles import bundle_document, scorecard_document
from proposals.services.memo_sources import Sources, officer_letter
from proposals.services.rounds import cells_of, discussion_of
from rubrics.scoring.discussion import Reason
from rubrics.scoring.figures import points
from rubrics.scoring.panel import answers, is_level, judged_cells
from rubrics.scoring.parse import parse_bundle
from rubrics.scoring.spec import Cell, ScorecardInput

WHYS = {Reason.GAP: "two or more apart", Reason.KINDS: "answers of different kinds", Reason.GATE: "would turn a gate"}
SETTLED = "discussed, no longer split"


def build_disagreements(sources: Sources) -> tuple[Disagreement, ...]:
    """What is split now, and what was discussed and is split no more, in the order of the rubric."""
    why = {flagged.cell: listed([WHYS[reason] for reason in flagged.reasons]) for flagged in sources.result.flagged}
    discussed, before = _discussed(sources), _round_one(sources)
    return tuple(
        Disagreement(
            title=sources.cell_title(cell), answers=_answers(sources, cell, before), why=why.get(cell, SETTLED)
        )
        for cell in judged_cells(sources.rubric, sources.parsed)
        if cell in why or (_key(sources, cell) in discussed and _has_changed(sources, cell, before))
    )


def _discussed(sources: Sources) -> frozenset[str]:
    discussion = discussion_of(sources.proposal)
    return cells_of(discussion) if discussion else frozenset()


def _key(sources: Sources, cell: Cell) -> str:
    """The cell as scorecards name it, where both levels of a risk are one."""
    return cell.item if is_level(sources.rubric, cell) else str(cell)


def _round_one(sources: Sources) -> Mapping[str, ScorecardInput]:
    """What the officers said in round 1 who are counted by round 2, by their keys."""
    rescored = {card.officer for card in sources.parsed.counted() if card.round == Scorecard.Round.DISCUSSED}
    documents = [
        scorecard_document(card, key)
        for card in sources.scorecards
        if card.round == Scorecard.Round.BLIND and (key := sources.officer_keys[card.officer_id]) in rescored
    ]
    inputs = {**sources.assessment.inputs, "scorecards": documents}
    (parsed,) = parse_bundle(bundle_document(sources.assessment.rubric_version, [inputs])).proposals
    return {card.officer: card for card in parsed.scorecards}


def _answers(sources: Sources, cell: Cell, before: Mapping[str, ScorecardInput]) -> str:
    return "; ".join(
        f"{officer_letter(card.officer)} {_answer(sources, card, cell, before)}" for card in sources.parsed.counted()
    )


def _answer(sources: Sources, card: ScorecardInput, cell: Cell, before: Mapping[str, ScorecardInput]) -> str:
    """As it counts; where the discussion changed it, both: “1 → 3”."""
    (now,) = answers(sources.rubric, [card], cell)
    first = before.get(card.officer, card)
    (then,) = answers(sources.rubric, [first], cell)
    return points(now) if then == now else f"{points(then)} → {points(now)}"


def _has_changed(sources: Sources, cell: Cell, before: Mapping[str, ScorecardInput]) -> bool:
    now = {card.officer: card for card in sources.parsed.counted()}
    return any(
        answers(sources.rubric, [card], cell) != answers(sources.rubric, [now[officer]], cell)
        for officer, card in before.items()
    )


def build_agreed(sources: Sources) -> tuple[Agreed, ...]:
    """What was agreed, in the order of the rubric and of the sides, however the database keeps it."""
    order = {cell: place for place, cell in enumerate(judged_cells(sources.rubric, sources.parsed))}
    agreed_cells = sorted(
        sources.parsed.consensus.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0].item, pair[0].part)
    )
    return tuple(
        Agreed(
            title=sources.cell_title(cell),
            value=points(agreed.value) + (f" · E{agreed.grade}" if agreed.grade is not None else ""),
            reason=agreed.reason,
        )
        for cell, agreed in agreed_cells
    )
