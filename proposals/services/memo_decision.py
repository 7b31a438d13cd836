"""The decision page: what staff recommend, what the method suggests, and how far that can be relied on."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from proposals.memos.figures import capital, counted, listed, money, months, share
from proposals.memos.parts import Decision, Dot, GateLine, Officer, Recommendation, SectionBar, Suggestion
from proposals.models import MemoWords
from proposals.services.memo_gates import gate_lines
from proposals.services.memo_sources import Sources, officer_label, officer_letter
from rubrics.scoring.figures import one_place
from rubrics.scoring.gates import GateState
from rubrics.scoring.spec import Cell, Effect
from rubrics.scoring.suggestion import NOT_CLEARED

INTERVAL = "not shown: the interval pools the officers of the whole docket and is not part of this edition."
ROUNDS = {1: "blind", 2: "after discussion"}


def _recommendation(sources: Sources, words: MemoWords) -> Recommendation:
    currency = sources.proposal.docket.currency
    key = words.recommendation
    asked = sources.proposal.term_months
    declines = _is_lowest(sources, key) and words.amount is None and words.term_months is None
    return Recommendation(
        key=key,
        label=sources.words.band(key) if key else "",
        amount="none" if declines else money(words.amount, currency),
        asked=money(sources.proposal.amount, currency),
        term="none" if declines else months(words.term_months),
        term_asked=months(asked) if words.term_months != asked else "",
        resolution=words.resolution,
        by=f"{officer_label(sources.sponsor_key)}, sponsor" if sources.sponsor_key else "",
    )


def _is_lowest(sources: Sources, band: str) -> bool:
    """Whether the band is the one that starts at 0: declining asks for no amount and no term."""
    return any(found.key == band and found.minimum == 0 for found in sources.rubric.bands)


def _limits(sources: Sources) -> list[Fraction]:
    return [band.minimum for band in sources.rubric.bands]


def _officers(sources: Sources) -> tuple[Officer, ...]:
    latest = {sources.officer_keys.get(card.officer_id, ""): card for card in sources.scorecards}
    lines = []
    for given in sources.parsed.counted():
        card = latest.get(given.officer)
        label = officer_label(given.officer)
        lines.append(
            Officer(
                letter=officer_letter(given.officer),
                label=f"{label}, sponsor" if given.officer == sources.sponsor_key else label,
                is_sponsor=given.officer == sources.sponsor_key,
                round=ROUNDS[given.round],
                index=one_place(sources.result.officers[given.officer].index, _limits(sources)),
                recommendation=sources.words.band(given.recommendation) if given.recommendation else "",
                recommendation_key=given.recommendation or "",
                reason=card.recommendation_reason if card else "",
            )
        )
    return tuple(lines)


def _sentence(sources: Sources) -> str:
    """The one sentence that the system writes itself, by rule."""
    result, words = sources.result, sources.words
    if result.band is None:
        return "No scorecard counts yet, so there is no index and no band."
    band = words.band(result.band).lower()
    if result.suggested == "blocked":
        return f"A gate that blocks is not cleared; by the index alone the band would be {band}."
    if result.suggested != result.band:
        why = "A failed gate leads to decline" if result.declined else "A failed gate caps the suggestion"
        return f"{why}; by the index alone the band would be {band}."
    return f"The index lies in the band {band}, and no gate changes that."


def _range(sources: Sources) -> str:
    result = sources.result
    if not result.missing:
        return "no answer is open"
    limits = _limits(sources)
    bounds = f"{one_place(result.index_low, limits)} to {one_place(result.index_high, limits)}"
    return f"{bounds} over {counted(len(result.missing), 'open answer')}"


def _spread(officers: tuple[Officer, ...]) -> str:
    numbers = sorted((officer.index for officer in officers if officer.index), key=float)
    if not numbers:
        return "no scorecard counts yet"
    if len(numbers) == 1:
        return f"{numbers[0]}, from one scorecard only"
    return f"{numbers[0]} to {numbers[-1]}, {counted(len(numbers), 'scorecard')} each taken alone"


def _agreement(sources: Sources, officers: tuple[Officer, ...]) -> str:
    given = [officer for officer in officers if officer.recommendation_key]
    if not given:
        return "no officer has recommended yet"
    own = "; ".join(f"{officer.letter} {officer.recommendation.lower()}" for officer in given)
    suggested = sources.result.suggested
    if suggested in {None, "blocked"}:
        return f"officers’ own recommendations, with no band to compare: {own}"
    agreeing = sum(officer.recommendation_key == suggested for officer in given)
    if agreeing == len(given):
        return "officers’ own recommendations all agree with the suggested band"
    return f"{agreeing} of {len(given)} officers’ own recommendations agree with the suggested band: {own}"


def _suggestion(sources: Sources, officers: tuple[Officer, ...]) -> Suggestion:
    suggested = sources.result.suggested or ""
    return Suggestion(
        key=suggested,
        label=sources.words.band(suggested) if suggested else "No band",
        sentence=_sentence(sources),
        index=one_place(sources.result.index, _limits(sources)),
        range=_range(sources),
        spread=_spread(officers),
        interval=INTERVAL,
        agreement=_agreement(sources, officers),
    )


def _section_cells(sources: Sources, section: dict[str, Any]) -> tuple[Cell, ...]:
    items = section.get("criteria") or section.get("mitigations") or []
    return tuple(
        cell
        for item in items
        for cell in sources.criterion_cells(item["key"], per_side=item.get("per_side", False))
        if section["rule"] != "pathways" or item["key"] in sources.parsed.claims
    )


def _bars(sources: Sources) -> tuple[SectionBar, ...]:
    total = sum(section.weight for section in sources.rubric.sections)
    bars = []
    for section, spec in zip(sources.words.sections, sources.rubric.sections, strict=True):
        result = sources.result.sections[spec.key]
        dots = (
            Dot(officer_letter(key), one_place(officer.sections[spec.key]))
            for key, officer in sources.result.officers.items()
        )
        bars.append(
            SectionBar(
                key=spec.key,
                title=sources.words.title(section["key"]),
                weight=share(spec.weight / total),
                value=one_place(result.value),
                grade=sources.lowest_grade(*_section_cells(sources, section), at_least=3),
                incomplete=result.incomplete,
                dots=tuple(dots),
            )
        )
    return tuple(bars)


def _contested(lines: list[GateLine]) -> str:
    titles = [gate.title for gate in lines if gate.state == GateState.PASS.value and gate.contested]
    return f"{'; '.join(titles)}: officers’ scorecards, each taken alone, do not agree." if titles else ""


def _others(lines: list[GateLine]) -> str:
    rest = sum(gate.state == GateState.PASS.value and not gate.contested for gate in lines)
    if rest == len(lines):
        return f"All {rest} gates pass."
    return f"The other {rest} pass." if rest else "No other gate."


def build_decision(sources: Sources, words: MemoWords) -> Decision:
    officers = _officers(sources)
    gates = list(gate_lines(sources))
    return Decision(
        recommendation=_recommendation(sources, words),
        suggestion=_suggestion(sources, officers),
        officers=officers,
        gates=tuple(gate for gate in gates if gate.state != GateState.PASS.value),
        contested=_contested(gates),
        others=_others(gates),
        bars=_bars(sources),
        reasons_for=_three(words, "reason_for"),
        reasons_against=_three(words, "reason_against"),
        uncertainty=words.uncertainty,
        change_our_mind=words.change_our_mind,
    )


def _three(words: MemoWords, name: str) -> tuple[str, ...]:
    return tuple(getattr(words, f"{name}_{place}") for place in (1, 2, 3))


def reasons_to_stay_draft(sources: Sources, words: MemoWords) -> list[str]:
    """Why the memo can only be a draft, in sentences; empty when it may be issued."""
    reasons = [*_open_scores(sources), *_open_gates(sources), *_wrong_hands(sources, words)]
    return [capital(reason) for reason in reasons]


def _open_scores(sources: Sources) -> Iterator[str]:
    result = sources.result
    if result.index is None:
        yield "No scorecard counts yet."
    elif result.provisional:
        open_in = [
            sources.words.title(section["key"])
            for section in sources.words.sections
            if result.sections[section["key"]].incomplete
        ]
        yield f"The assessment is provisional: answers are open in {listed(open_in)}."


def _open_gates(sources: Sources) -> Iterator[str]:
    """Gates that block and are not cleared; gates that decline and are unknown."""
    for key, gate in sources.result.gates.items():
        blocks = gate.effect is Effect.BLOCK and gate.state in NOT_CLEARED
        if blocks or (gate.effect is Effect.DECLINE and gate.state is GateState.UNKNOWN):
            state = "has failed" if gate.state is GateState.FAIL else "is unknown"
            yield f"The gate “{sources.words.title(key)}” {state}."


def _wrong_hands(sources: Sources, words: MemoWords) -> Iterator[str]:
    """A sponsor has to stand behind the recommendation, and somebody else behind the case against."""
    if not sources.sponsor_key:
        yield "There is no sponsor officer without a conflict: the chair names one."
    elif words.case_against and sources.officer_keys.get(words.case_against_by_id) == sources.sponsor_key:
        yield "The case against was written by the officer who is now the sponsor: somebody else writes it."
