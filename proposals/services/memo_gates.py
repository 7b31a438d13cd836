"""Gates in words: what each would do, how it stands, and what it looked at."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from proposals.memos.figures import capital, day
from proposals.memos.parts import GateLine
from proposals.models import Check
from proposals.services.memo_sources import Sources
from rubrics.scoring.assess import GateResult
from rubrics.scoring.figures import one_place, points
from rubrics.scoring.gates import GateState
from rubrics.scoring.spec import Effect

STATES = {
    GateState.PASS: "passed",
    GateState.FAIL: "failed",
    GateState.UNKNOWN: "unknown",
    GateState.OVERRIDDEN: "set aside",
}


def effect_words(sources: Sources, gate: GateResult) -> str:
    if gate.effect is Effect.CAP:
        return f"caps at {sources.words.band(gate.cap or '').lower()}"
    return "leads to decline" if gate.effect is Effect.DECLINE else "blocks issue"


def _criterion(sources: Sources, key: str) -> str:
    found = sources.result.criteria.get(key)
    if found is None:
        return f"{sources.words.title(key)} not claimed"
    if found.sides:
        values = (f"{sources.side_names.get(side, side)} {points(value)}" for side, value in found.sides.items())
        return f"{sources.words.title(key)}: {', '.join(values)}"
    return f"{sources.words.title(key)}: {points(found.value)}"


def _section_mean(sources: Sources, key: str) -> str:
    return f"mean of the criteria: {one_place(sources.unweighted_mean(key)) or 'unknown'}"


def _best_claim(sources: Sources) -> str:
    values = [
        found.value
        for section in sources.words.of_rule("pathways")
        for item in section["criteria"]
        if (found := sources.result.criteria.get(item["key"]))
    ]
    numbers = [value for value in values if isinstance(value, Fraction)]
    return f"best claimed theory: {points(max(numbers))}" if numbers else "no claimed theory has a value"


def _worst_residual(sources: Sources) -> str:
    known = {key: risk.residual for key, risk in sources.result.risks.items() if isinstance(risk.residual, Fraction)}
    if not known:
        return "no residual risk is known"
    worst = max(known, key=lambda key: known[key])
    return f"largest residual, {sources.words.title(worst).lower()}: {one_place(known[worst])}"


def _check(sources: Sources, key: str) -> str:
    check = Check.objects.filter(proposal=sources.proposal, key=key).first()
    state = sources.parsed.checks.get(key)
    if state is None:
        return f"{key} check: not answered"
    note = f" ({check.note.rstrip('.')})" if check and check.note and check.status == state else ""
    return f"{key} check: {Check.Status(state).label.lower()}{note}"


def _mitigation(sources: Sources, key: str) -> str:
    return f"{sources.words.title(key)}: {sources.panel(key)}"


def _flag(sources: Sources, key: str) -> str:
    answers = {True: "yes", False: "no", None: "not answered"}
    return f"{key.replace('-', ' ')}: {answers[sources.parsed.flags.get(key)]}"


def _risk(sources: Sources, key: str) -> str:
    return f"inherent risk of {sources.words.title(key).lower()}: {points(sources.result.risks[key].inherent)}"


FACTS: dict[str, Callable[[Sources, str], str]] = {
    "criterion": _criterion,
    "section": _section_mean,
    "mitigation": _mitigation,
    "check": _check,
    "flag": _flag,
    "risk": _risk,
}


def _fact(sources: Sources, test: dict[str, Any]) -> str:
    """What one test of a gate looked at."""
    for name, read in FACTS.items():
        if name in test:
            return read(sources, test[name])
    return _best_claim(sources) if "best_claim_below" in test else _worst_residual(sources)


def _override(sources: Sources, key: str) -> str:
    row = sources.proposal.gate_overrides.filter(gate=key, withdrawn_at__isnull=True).first()
    given = sources.parsed.overrides[key]
    when = f" on {day(row.at.date())}" if row and row.reason == given.reason else ""
    return f"Set aside by the chair{when}: {given.reason}"


def _reason(sources: Sources, gate: dict[str, Any], result: GateResult) -> str:
    facts = capital("; ".join(_fact(sources, test) for test in gate["when"])) + "."
    if result.state is GateState.OVERRIDDEN:
        return f"{facts} {_override(sources, gate['key'])}"
    return facts


def _word(result: GateResult) -> str:
    word = STATES[result.state]
    if result.state is GateState.OVERRIDDEN:
        word = f"{STATES[result.evaluated]}, {word}"
    return f"{word}, contested" if result.contested else word


def gate_lines(sources: Sources) -> Iterator[GateLine]:
    """Every gate of the rubric, in its order."""
    for gate in sources.words.gates:
        result = sources.result.gates[gate["key"]]
        yield GateLine(
            key=gate["key"],
            title=gate.get("title") or gate["key"],
            effect=effect_words(sources, result),
            state=result.state.value,
            word=_word(result),
            contested=result.contested,
            reason=_reason(sources, gate, result),
        )
