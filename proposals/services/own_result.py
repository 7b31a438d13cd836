"""What an officer's own scorecard comes to, taken alone: nothing in it depends on what others said or decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from proposals.models import MitigationScore, RiskScore, Score, Scorecard
from proposals.services.bundles import bundle_document, flags_of, scorecard_document
from proposals.services.index_figures import band_limits
from rubrics.scoring.assess import index_bounds
from rubrics.scoring.figures import one_place
from rubrics.scoring.gates import GateState, Situation, gate_states
from rubrics.scoring.panel import build_panel
from rubrics.scoring.parse import parse_bundle
from rubrics.scoring.sections import Evaluation, evaluate
from rubrics.scoring.spec import BLIND, Effect, ProposalInput, RubricSpec
from rubrics.scoring.suggestion import band_of
from rubrics.services.words import RubricWords, rubric_words

AFTER_RECOMMENDATION = "after your recommendation"
NO_VALUE_YET = "no value yet"
ALONE = "own"
SUBJECTS = ("criterion", "mitigation", "risk", "section")


@dataclass(frozen=True, slots=True)
class OwnSection:
    """`figure` is the value with one decimal, or the words that there is none; `width` the value, for a bar."""

    key: str
    title: str
    value: Fraction | None
    figure: str
    width: str
    is_incomplete: bool


@dataclass(frozen=True, slots=True)
class OwnGate:
    key: str
    title: str
    effect: str
    looks_at: str
    state: str


@dataclass(frozen=True, slots=True)
class OwnIndex:
    """Index and bounds, exact and as written; None and empty where no section has a value."""

    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    figure: str
    range: str
    band: str
    band_title: str


@dataclass(frozen=True, slots=True)
class OwnResult:
    """`index` is None until the recommendation and its reason are saved: the whole is judged before it is computed.

    `gates` are those that a scorecard can tell, `left_to_chair` the titles of those on checks.
    """

    is_begun: bool
    sections: tuple[OwnSection, ...]
    gates: tuple[OwnGate, ...]
    left_to_chair: tuple[str, ...]
    index: OwnIndex | None
    has_failed_decline: bool

    @property
    def failed(self) -> tuple[OwnGate, ...]:
        return tuple(gate for gate in self.gates if gate.state == GateState.FAIL.value)

    @property
    def unknown(self) -> tuple[OwnGate, ...]:
        return tuple(gate for gate in self.gates if gate.state == GateState.UNKNOWN.value)

    @property
    def passed(self) -> int:
        return len(self.gates) - len(self.failed) - len(self.unknown)

    @property
    def index_words(self) -> str:
        """What stands in the place of the index."""
        if self.index is None:
            return AFTER_RECOMMENDATION
        return self.index.figure or NO_VALUE_YET


@dataclass(frozen=True, slots=True)
class Alone:
    """One scorecard as the method sees it when there is no other."""

    rubric: RubricSpec
    proposal: ProposalInput
    evaluation: Evaluation
    states: Mapping[str, GateState]


def own_result(scorecard: Scorecard) -> OwnResult:
    """Assess one scorecard alone: no consensus, no checks, no gate set aside; what is open is not enough information.

    Gates on checks are the chair's judgement, and left out. Five queries, and the rubric version's once.
    """
    words, alone = rubric_words(scorecard.rubric_version), assess_alone(scorecard)
    (card,) = alone.proposal.scorecards
    on_checks = gates_on_checks(words)
    told = [gate for gate in words.gates if gate["key"] not in on_checks]
    declining = {gate.key for gate in alone.rubric.gates if gate.effect is Effect.DECLINE} - on_checks
    has_recommended = bool(scorecard.recommendation) and bool(scorecard.recommendation_reason.strip())
    return OwnResult(
        is_begun=bool(card.cells),
        sections=_sections(words, alone),
        gates=tuple(_gate(gate, words, alone.states[gate["key"]]) for gate in told),
        left_to_chair=tuple(words.title(gate["key"]) for gate in words.gates if gate["key"] in on_checks),
        index=_index(words, alone) if has_recommended else None,
        has_failed_decline=any(alone.states[key] is GateState.FAIL for key in declining),
    )


def gates_on_checks(words: RubricWords) -> set[str]:
    """The gates that no scorecard can tell, since they look at a check that the chair answers."""
    return {gate["key"] for gate in words.gates if any("check" in test for test in gate["when"])}


def assess_alone(scorecard: Scorecard) -> Alone:
    """Evaluation and gate states of one scorecard, by the pure method."""
    parsed = parse_bundle(bundle_document(scorecard.rubric_version, [_document(scorecard)]))
    rubric, (proposal,) = parsed.rubric, parsed.proposals
    evaluation = evaluate(rubric, proposal, build_panel(rubric, proposal, proposal.counted(), {}))
    return Alone(rubric, proposal, evaluation, gate_states(Situation(rubric, proposal, evaluation)))


def _document(scorecard: Scorecard) -> dict[str, Any]:
    """The proposal's part of a bundle with this scorecard only. The method knows no practice: the round is 1."""
    prefetch_related_objects(
        [scorecard],
        Prefetch("scores", Score.objects.select_related("criterion", "side")),
        Prefetch("mitigation_scores", MitigationScore.objects.select_related("mitigation")),
        Prefetch("risk_scores", RiskScore.objects.select_related("risk")),
    )
    proposal = scorecard.proposal
    return {
        "key": str(proposal.pk),
        "sides": list(proposal.sides.order_by("position", "pk").values_list("key", flat=True)),
        "claims": list(proposal.pathway_cards.order_by("position", "pk").values_list("theory", flat=True)),
        "checks": {},
        "flags": flags_of(proposal),
        "scorecards": [{**scorecard_document(scorecard, ALONE), "round": BLIND}],
    }


def _sections(words: RubricWords, alone: Alone) -> tuple[OwnSection, ...]:
    found = alone.evaluation.sections
    return tuple(
        OwnSection(
            key=key,
            title=words.title(key),
            value=result.value,
            figure=one_place(result.value) or NO_VALUE_YET,
            width=one_place(result.value),
            is_incomplete=result.incomplete,
        )
        for key, result in found.items()
    )


def _gate(gate: Mapping[str, Any], words: RubricWords, state: GateState) -> OwnGate:
    looks_at = dict.fromkeys(_subject(test, words) for test in gate["when"])
    return OwnGate(
        gate["key"], words.title(gate["key"]), words.effect(gate["effect"]), ", ".join(looks_at), state.value
    )


def _subject(test: Mapping[str, Any], words: RubricWords) -> str:
    """What one test of a gate looks at."""
    if "flag" in test:
        return f"the record ({str(test['flag']).replace('-', ' ')})"
    if "best_claim_below" in test:
        return "the claimed theories"
    if "any_risk_residual_at_least" in test:
        return "what remains of each risk"
    return next(words.title(test[name]) for name in SUBJECTS if name in test)


def _index(words: RubricWords, alone: Alone) -> OwnIndex:
    value = alone.evaluation.index
    low, high = index_bounds(alone.rubric, alone.proposal, value)
    limits, band = band_limits(words), band_of(alone.rubric.bands, value) or ""
    return OwnIndex(
        value=value,
        low=low,
        high=high,
        figure=one_place(value, limits),
        range=f"{one_place(low, limits)}–{one_place(high, limits)}" if low != high else "",
        band=band,
        band_title=words.band(band) if band else "",
    )
