from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.analysis.what_if import (
    FEW_SWAPS,
    Assessed,
    GateCount,
    Swaps,
    compare,
    gate_counts,
    official,
    recombined,
)
from rubrics.scoring.assess import assess_proposal
from rubrics.scoring.gates import GateState
from rubrics.scoring.parse import parse_bundle
from tests.proposals.analysis.analysis_cases import (
    at,
    percentages,
    rubric,
    states,
    stored,
    three_weights,
)
from tests.rubrics.scoring.scoring_draws import bundles, quick

FAIL, UNKNOWN, OVERRIDDEN = GateState.FAIL, GateState.UNKNOWN, GateState.OVERRIDDEN


def shown(before: dict[str, Assessed], after: dict[str, Assessed]) -> list[tuple[str, str, str]]:
    changes = compare(before, after).changes
    return [(change.key, str(change.rank_before or ""), str(change.rank_after or "")) for change in changes]


def test_recombined_without_a_value_shares_its_weight_anew() -> None:
    held = stored(80, 50, None, by=rubric((20, 10, 10)))

    found = recombined(rubric((10, 20, 10)), held).outcome

    assert (held.outcome.index, found.index, found.band, found.suggested) == (70, 60, "conditions", "conditions")


def test_recombined_with_no_weight_where_there_are_values_has_no_index() -> None:
    found = recombined(rubric((0, 0, 1)), stored(80, 50, None)).outcome

    assert (found.index, found.band, found.suggested, found.decided_by) == (None, None, None, ())


def test_recombined_under_a_failed_cap_says_which_gate_decides() -> None:
    found = recombined(rubric(), stored(90, 90, 90, lid=FAIL)).outcome

    assert (found.band, found.suggested, found.decided_by, found.is_closed) == ("fund", "revise", ("lid",), False)


@pytest.mark.parametrize(
    ("gates", "suggested", "decided"),
    [
        ({"stop": FAIL, "hold": FAIL}, "decline", ("stop",)),
        ({"stop": UNKNOWN, "hold": UNKNOWN}, "blocked", ("stop", "hold")),
        ({"hold": OVERRIDDEN, "stop": OVERRIDDEN}, "fund", ()),
    ],
)
def test_outcome_that_a_gate_closes_names_it(
    gates: dict[str, GateState], suggested: str, decided: tuple[str, ...]
) -> None:
    found = at(80, **gates).outcome

    assert (found.suggested, found.decided_by, found.is_closed) == (suggested, decided, bool(decided))


def test_compare_ranks_leaves_out_the_declined_and_those_without_an_index() -> None:
    before = {"a": at(70), "b": at(60), "c": at(90, stop=FAIL), "d": at(None)}
    after = {"a": at(64), "b": at(64), "c": at(90), "d": at(None)}

    assert shown(before, after) == [("a", "1", "2="), ("b", "2", "2="), ("c", "", "1"), ("d", "", "")]


def test_compare_says_who_crosses_who_moves_and_whom_a_gate_decides() -> None:
    before = {"up": at(59), "still": at(40), "moved": at(62), "held": at(50, hold=FAIL)}
    after = {"up": at(60), "still": at(40), "moved": at(63), "held": at(80, hold=FAIL)}

    found = compare(before, after)

    assert [change.key for change in found.crossing] == ["up"]
    assert [change.key for change in found.gate_decided] == ["held"]
    assert [change.key for change in found.changes if change.moves] == ["up", "moved", "held"]


def test_swaps_name_who_overtakes_whom_and_leave_out_ties() -> None:
    before = {"a": at(70), "b": at(60), "c": at(60), "d": at(50)}
    after = {"a": at(61), "b": at(62), "c": at(61), "d": at(61)}

    assert compare(before, after).swaps == Swaps(1, (("b", "a"),))


def test_swaps_that_are_many_are_counted_only() -> None:
    before = {str(place): at(place) for place in range(10)}
    after = {str(place): at(10 - place) for place in range(10)}

    assert compare(before, after).swaps == Swaps(45, ())


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 6))] * 2), max_size=9))
def test_swaps_drawn_are_the_pairs_in_reverse_order(drawn: list[tuple[int | None, int | None]]) -> None:
    before = {str(place): at(pair[0]) for place, pair in enumerate(drawn)}
    after = {str(place): at(pair[1]) for place, pair in enumerate(drawn)}

    found = compare(before, after).swaps

    ranked = [(str(place), *pair) for place, pair in enumerate(drawn) if None not in pair]
    pairs = {
        (one[0], other[0]) if one[1] < other[1] else (other[0], one[0])
        for one, other in combinations(ranked, 2)
        if (one[1] - other[1]) * (one[2] - other[2]) < 0
    }
    assert (found.count, set(found.pairs)) == (len(pairs), pairs if len(pairs) <= FEW_SWAPS else set())


@given(three_weights, st.tuples(*[st.one_of(st.none(), percentages)] * 3), states)
def test_recombined_under_the_same_version_is_what_was_stored(drawn, held, gates) -> None:
    used = rubric(drawn)
    kept = stored(*held, by=used, **gates)

    assert recombined(used, kept) == kept


@given(st.lists(st.tuples(percentages, percentages, percentages), min_size=1, max_size=6), three_weights)
def test_recombined_under_weights_scaled_alike_gives_the_same(drawn, weights) -> None:
    scaled = [7 * weight for weight in weights]

    found = [
        {str(place): recombined(rubric(used), stored(*held)) for place, held in enumerate(drawn)}
        for used in (weights, scaled)
    ]

    assert found[0] == found[1]


@quick
@given(bundles())
def test_official_drawn_equals_the_assessment(drawn) -> None:
    bundle = parse_bundle(drawn)
    assessed = assess_proposal(bundle.rubric, bundle.proposals[0])

    found = official(bundle.rubric, bundle.proposals[0])

    assert found.sections == {key: section.value for key, section in assessed.sections.items()}
    assert (found.outcome.index, found.outcome.band, found.outcome.suggested, found.outcome.declined) == (
        assessed.index,
        assessed.band,
        assessed.suggested,
        assessed.declined,
    )
    assert found.outcome.states == {key: gate.state for key, gate in assessed.gates.items()}


@quick
@given(bundles(), st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any), st.integers(1, 100))
def test_recombined_drawn_equals_the_official_outcome(drawn, weights, minimum) -> None:
    bundle = parse_bundle(drawn)
    source, (proposal,) = bundle.rubric, bundle.proposals
    sections = tuple(
        replace(section, weight=Fraction(weight)) for section, weight in zip(source.sections, weights, strict=True)
    )
    bands = (replace(source.bands[0], minimum=Fraction(minimum)), *source.bands[1:])
    target = replace(source, sections=sections, bands=bands)

    found = recombined(target, official(source, proposal))

    assert found == official(target, proposal)


def test_gate_counts_before_and_after_tell_what_fires_always_and_never() -> None:
    target = rubric()
    before = {"a": at(70, lid=UNKNOWN), "b": stored(50, 50, 50, by=rubric(gates=()))}
    after = {"a": at(70, stop=FAIL, lid=UNKNOWN), "b": at(50, stop=OVERRIDDEN)}

    found = gate_counts(target, compare(before, after))

    assert found == (
        GateCount("stop", 0, 0, 2, 0, 2),
        GateCount("hold", 0, 0, 0, 0, 2),
        GateCount("lid", 0, 1, 0, 1, 2),
    )
    assert [count.gate for count in found if count.fires_always] == ["stop"]
    assert [count.gate for count in found if count.fires_never] == ["hold"]


def test_gate_counts_of_no_proposal_say_neither() -> None:
    found = gate_counts(rubric(), compare({}, {}))

    assert {(count.fires_always, count.fires_never) for count in found} == {(False, False)}
