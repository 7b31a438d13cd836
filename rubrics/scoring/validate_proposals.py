"""Proposals and their scorecards, read from a document and checked against what the rubric names."""

from collections.abc import Iterator

from rubrics.scoring.node import Node
from rubrics.scoring.spec import (
    AFTER_DISCUSSION,
    BLIND,
    CHECK_STATES,
    GRADES,
    LOSS,
    NEI,
    NOT_APPLICABLE,
    PROBABILITY,
    Answer,
    Cell,
    ConsensusInput,
    Level,
    OverrideInput,
    ProposalInput,
    Score,
    ScorecardInput,
)
from rubrics.scoring.validate_common import unique_key, unique_name
from rubrics.scoring.validate_names import Names

LOWEST = {PROBABILITY: 1, LOSS: 0}
SCORE_FIELDS = ("score", "evidence")
CONSENSUS_FIELDS = ("value", "reason", "evidence")


def _grade(node: Node) -> int:
    return GRADES.index(node.choice(GRADES))


def _score(node: Node, top_score: int | None, *, not_applicable: bool) -> Answer:
    if node.value == NEI.value:
        return NEI
    if node.value == NOT_APPLICABLE.value:
        if not not_applicable:
            node.fault("not_applicable is not allowed here")
        return NOT_APPLICABLE
    if not isinstance(node.value, dict):
        node.wrong("a score with its evidence, nor an absence")
        return NEI
    node.has_fields(SCORE_FIELDS)
    return Score(node.child("score").whole(0, top_score), _grade(node.child("evidence")))


def _side_by_side(node: Node, sides: tuple[str, ...], of_one: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    """Yield what is given for each side; `of_one` are the fields of an answer, which has no place here."""
    if not isinstance(node.value, dict) or any(key in node.value and key not in sides for key in of_one):
        node.fault("must be given side by side")
        return
    for side, held in node.entries():
        if side in sides:
            yield side, held
        elif sides:
            held.fault("is not a side of this proposal")


def _scores(node: Node, names: Names, sides: tuple[str, ...]) -> Iterator[tuple[Cell, Answer]]:
    for key, held in node.entries():
        criterion = names.criteria.get(key)
        if criterion is None:
            _unknown(held, names, "criterion")
            continue
        parts = _side_by_side(held, sides, SCORE_FIELDS) if criterion.per_side else [("", held)]
        for part, cell in parts:
            answer = _score(cell, names.top_score, not_applicable=criterion.not_applicable_allowed)
            yield Cell(key, part), answer


def _unknown(node: Node, names: Names, what: str) -> None:
    if names.certain:
        node.fault(f"names no {what} of the rubric")


def _mitigations(node: Node, names: Names) -> Iterator[tuple[Cell, Answer]]:
    for key, held in node.entries():
        if key in names.mitigations:
            yield Cell(key), _score(held, names.top_score, not_applicable=False)
        else:
            _unknown(held, names, "mitigation")


def _level(node: Node, part: str, top: int | None) -> Answer:
    return NEI if node.value == NEI.value else Level(node.whole(LOWEST[part], top))


def _risks(node: Node, names: Names) -> Iterator[tuple[Cell, Answer]]:
    for key, held in node.entries():
        if key not in names.risks:
            _unknown(held, names, "risk")
        elif held.value == NEI.value:
            yield from ((Cell(key, part), NEI) for part in LOWEST)
        elif held.has_fields(LOWEST):
            for part, top in zip(LOWEST, names.risks[key], strict=True):
                yield Cell(key, part), _level(held.child(part), part, top)


def _scorecard(node: Node, names: Names, sides: tuple[str, ...], seen: set[tuple[str, int]]) -> ScorecardInput:
    node.has_fields(("officer", "round", "scores", "mitigations", "risks"), ("recommendation",))
    recommendation = node.child("recommendation")
    card = ScorecardInput(
        officer=node.child("officer").name() or "",
        round=node.child("round").whole(BLIND, AFTER_DISCUSSION, stand_in=0),
        cells={
            **dict(_scores(node.child("scores"), names, sides)),
            **dict(_mitigations(node.child("mitigations"), names)),
            **dict(_risks(node.child("risks"), names)),
        },
        recommendation=recommendation.text() if recommendation.given else None,
    )
    if card.officer and card.round and (card.officer, card.round) in seen:
        node.fault("is a second scorecard of this officer and round")
    seen.add((card.officer, card.round))
    return card


def _agreed(node: Node, low: int, high: int | None) -> ConsensusInput:
    node.has_fields(("value", "reason"), ("evidence",))
    evidence = node.child("evidence")
    return ConsensusInput(
        value=node.child("value").decimal(low, high),
        grade=_grade(evidence) if evidence.given else None,
        reason=node.child("reason").text(),
    )


def _consensus(node: Node, names: Names, sides: tuple[str, ...]) -> Iterator[tuple[Cell, ConsensusInput]]:
    for key, held in node.entries():
        if key in names.criteria and names.criteria[key].per_side:
            for side, cell in _side_by_side(held, sides, CONSENSUS_FIELDS):
                yield Cell(key, side), _agreed(cell, 0, names.top_score)
        elif key in names.criteria or key in names.mitigations:
            yield Cell(key), _agreed(held, 0, names.top_score)
        elif key in names.risks:
            held.has_fields((), LOWEST)
            for part, top in zip(LOWEST, names.risks[key], strict=True):
                if held.child(part).given:
                    yield Cell(key, part), _agreed(held.child(part), LOWEST[part], top)
        else:
            _unknown(held, names, "criterion, mitigation or risk")


def _overrides(node: Node, names: Names) -> Iterator[tuple[str, OverrideInput]]:
    for key, held in node.entries():
        if key not in names.gates:
            _unknown(held, names, "gate")
        held.has_fields(("by", "reason"))
        yield key, OverrideInput(held.child("by").text(), held.child("reason").text())


def _claims(listed: Node, names: Names) -> frozenset[str]:
    theories = {key for key, criterion in names.criteria.items() if criterion.theory}
    seen: set[str] = set()
    for item in listed.items():
        if not names.absent(item, theories, "a theory of change"):
            unique_name(item, seen)
    return frozenset(seen)


def _sides(listed: Node) -> tuple[str, ...]:
    """Read the sides; none at all when one of them is faulty, so that no answer is blamed for it."""
    seen: set[str] = set()
    faults_before = len(listed.faults)
    sides = tuple(unique_name(item, seen) for item in listed.items(at_least=2))
    return sides if len(listed.faults) == faults_before else ()


def _proposal(node: Node, names: Names, seen: set[str]) -> ProposalInput:
    node.has_fields(
        ("key", "sides", "claims", "scorecards"),
        ("amount", "checks", "flags", "consensus", "overrides", "title", "organizer"),
    )
    sides = _sides(node.child("sides"))
    amount, checks, flags = node.child("amount"), node.child("checks"), node.child("flags")
    cards: set[tuple[str, int]] = set()
    return ProposalInput(
        key=unique_key(node, seen),
        sides=sides,
        claims=_claims(node.child("claims"), names),
        scorecards=tuple(_scorecard(item, names, sides, cards) for item in node.child("scorecards").items()),
        amount=amount.decimal(0) if amount.given else None,
        checks={key: held.choice(CHECK_STATES) for key, held in checks.entries()},
        flags={key: held.flag() for key, held in flags.entries()},
        consensus=dict(_consensus(node.child("consensus"), names, sides)),
        overrides=dict(_overrides(node.child("overrides"), names)),
    )


def read_proposals(listed: Node, names: Names) -> tuple[ProposalInput, ...]:
    """Read every proposal; what is faulty is noted and stands in for itself."""
    seen: set[str] = set()
    return tuple(_proposal(item, names, seen) for item in listed.items())
