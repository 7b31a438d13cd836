import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from proposals.analysis.switching import (
    BandChange,
    BandSwitch,
    LeaderChange,
    LeaderSwitch,
    Line,
    NoProportionsError,
    Point,
    band_switch,
    band_switches,
    crossings,
    leader_intervals,
    leader_switch,
    leader_switches,
    lines,
    points,
    share_of,
)
from rubrics.scoring.gates import GateState
from rubrics.scoring.sections import index_of
from rubrics.scoring.spec import RubricSpec
from rubrics.scoring.suggestion import suggest
from tests.proposals.analysis.analysis_cases import (
    KEYS,
    PASSED,
    rubric,
    states,
    three_values,
    three_weights,
    values,
)

TABLE = json.loads((Path(__file__).parent / "switching_weights.json").read_text(encoding="utf-8"))
REFERENCE = rubric([Fraction(weight) for weight in TABLE["base_weights"]])
PROPOSALS = {f"A{place}": values(*row) for place, row in enumerate(TABLE["values"], start=1)}
HALF = Fraction(1, 2)


def line(key: str, outside: int, inside: int, share: Fraction = HALF) -> Line:
    today = share * inside + (1 - share) * outside
    return Line(key, share, today, inside - today)


def at_share(used: RubricSpec, section: str, share: Fraction) -> RubricSpec:
    """The rubric with this share of one section, the others in their proportions."""
    others = sum(part.weight for part in used.sections if part.key != section)
    sections = tuple(
        replace(part, weight=share if part.key == section else (1 - share) * part.weight / others)
        for part in used.sections
    )
    return replace(used, sections=sections)


def test_table_scores_are_the_indices_at_the_base_weights() -> None:
    indices = [index_of(REFERENCE.sections, held) for held in PROPOSALS.values()]

    assert indices == [Fraction(score) for score in TABLE["scores"]]


@pytest.mark.parametrize("section", KEYS)
def test_crossings_of_the_table_are_exact(section: str) -> None:
    found = crossings(lines(REFERENCE, section, points(REFERENCE, PROPOSALS)))

    stated = {tuple(f"A{n}" for n in pair.split("x")): at for pair, at in TABLE["all_crossings"][section].items()}
    assert found == {pair: Fraction(at) for pair, at in stated.items()}


@pytest.mark.parametrize("section", KEYS)
def test_leader_intervals_of_the_table_are_exact(section: str) -> None:
    found = leader_intervals(lines(REFERENCE, section, points(REFERENCE, PROPOSALS)))

    assert found == tuple((Fraction(low), Fraction(high), key) for low, high, key in TABLE["leader"][section])


@pytest.mark.parametrize(
    ("section", "below", "above"),
    [
        ("c1", LeaderChange(Fraction(7, 17), "A4"), None),
        ("c2", None, LeaderChange(Fraction(17, 45), "A3")),
        ("c3", None, LeaderChange(Fraction(7, 23), "A4")),
    ],
)
def test_leader_of_the_table_changes_at_the_nearest_crossings(section, below, above) -> None:
    found = leader_switch(section, lines(REFERENCE, section, points(REFERENCE, PROPOSALS)))

    share = {"c1": HALF, "c2": Fraction(3, 10), "c3": Fraction(1, 5)}[section]
    assert found == LeaderSwitch(section, share, ("A1",), below, above)


def test_leaders_tied_today_all_lead_and_the_first_is_named() -> None:
    given_lines = [line("a", 0, 100), line("b", 100, 0), line("c", 0, 60), line("d", 60, 0)]

    found = leader_switch("s", given_lines)

    assert found == LeaderSwitch("s", HALF, ("a", "b"), None, None)


def test_leader_change_past_tied_leaders_is_to_who_beats_them_all() -> None:
    given_lines = [line("flat", 50, 50), line("rising", 40, 60), line("steep", 0, 90)]

    found = leader_switch("s", given_lines)

    assert found == LeaderSwitch("s", HALF, ("flat", "rising"), None, LeaderChange(Fraction(4, 7), "steep"))


def test_leader_change_where_several_come_level_is_to_the_best_beyond() -> None:
    given_lines = [line("flat", 50, 50), line("slow", 20, 60), line("first", -40, 80), line("twin", -40, 80)]

    found = leader_switch("s", [one.seen_from(Fraction()) for one in given_lines])

    assert found.above == LeaderChange(Fraction(3, 4), "first")


def test_leader_that_is_only_reached_at_the_end_does_not_change() -> None:
    given_lines = [line("flat", 50, 50), line("reaches", 0, 50), line("reached", 50, 0)]

    found = leader_switch("s", given_lines)

    assert (found.leaders, found.below, found.above) == (("flat",), None, None)


def test_leader_alone_never_changes() -> None:
    assert leader_switch("s", [line("a", 1, 2)]) == LeaderSwitch("s", HALF, ("a",), None, None)
    assert leader_intervals([line("a", 1, 2), line("same", 1, 2)]) == ((0, 1, "a"),)


def test_lines_with_all_other_weights_zero_are_refused_in_words() -> None:
    with pytest.raises(NoProportionsError, match="c1: the other sections have no weight") as refused:
        lines(rubric((5, 0, 0)), "c1", points(REFERENCE, PROPOSALS))

    assert refused.value.section == "c1"


def test_leader_switches_cover_every_section_but_one_that_has_all_the_weight() -> None:
    given_points = points(REFERENCE, PROPOSALS)

    found = leader_switches(REFERENCE, given_points)

    assert found == {key: leader_switch(key, lines(REFERENCE, key, given_points)) for key in KEYS}
    alone = rubric((0, 1, 0))
    assert [key for key, switch in leader_switches(alone, points(alone, PROPOSALS)).items() if switch is None] == ["c2"]
    assert leader_switches(REFERENCE, ()) == {}


def test_band_switches_name_only_the_sections_that_can_change_the_band() -> None:
    given_points = points(
        REFERENCE, {"moves": values(90, 20, 40), "held": values(90, 20, 40), "still": values(50, 50, 50)}
    )

    found = band_switches(
        REFERENCE, given_points, {"moves": PASSED, "held": {**PASSED, "hold": GateState.FAIL}, "still": PASSED}
    )

    expected = [band_switch(REFERENCE, key, PASSED, lines(REFERENCE, key, given_points)[0]) for key in KEYS]
    assert found == {"moves": tuple(expected), "held": (), "still": ()}
    alone = rubric((0, 1, 0))
    switches = band_switches(alone, points(alone, {"moves": values(90, 20, 40)}), {"moves": PASSED})
    assert [switch.section for switch in switches["moves"]] == ["c1"]


def test_points_leave_out_who_has_no_value_in_a_section_or_no_index() -> None:
    held = {"whole": values(90, 20, 40), "part": values(1, None, 3), "none": values(None, None, None)}

    assert points(REFERENCE, held) == (Point("whole", held["whole"], Fraction(59)),)
    assert points(rubric((0, 0, 0)), held) == ()


def test_line_tells_its_ends_and_is_the_same_seen_from_elsewhere() -> None:
    (one, *_) = lines(REFERENCE, "c1", points(REFERENCE, PROPOSALS))

    assert (one.today, one.inside, one.outside, one.slope, one.at(Fraction(1, 4))) == (59, 90, 28, 62, Fraction(87, 2))
    assert one.seen_from(Fraction(1, 4)) == Line("A1", Fraction(1, 4), Fraction(87, 2), Fraction(93, 2))


def switch(one: Line, used: RubricSpec = REFERENCE, **gates: GateState) -> BandSwitch:
    return band_switch(used, "c1", {**PASSED, **gates}, one)


@pytest.mark.parametrize(
    ("outside", "inside", "below", "above"),
    [
        (28, 90, (Fraction(17, 62), "decline"), (Fraction(16, 31), "conditions")),
        (90, 28, (Fraction(30, 62), "conditions"), (Fraction(45, 62), "decline")),
        (50, 50, None, None),
        (45, 59, None, None),
        (60, 60, None, None),
        (45, 75, (HALF, "revise"), (Fraction(1), "fund")),
        (75, 45, (Fraction(0), "fund"), (HALF, "revise")),
        (0, 100, (Fraction(9, 20), "decline"), (Fraction(3, 5), "conditions")),
    ],
)
def test_band_switch_is_where_the_index_meets_a_minimum(outside, inside, below, above) -> None:
    found = switch(line("a", outside, inside))

    assert found == BandSwitch("c1", HALF, below and BandChange(*below), above and BandChange(*above))


@pytest.mark.parametrize("gates", [{"stop": GateState.FAIL}, {"stop": GateState.UNKNOWN}, {"hold": GateState.FAIL}])
def test_band_that_a_gate_decides_never_switches(gates) -> None:
    assert switch(line("a", 0, 100), **gates) == BandSwitch("c1", HALF, None, None)


def test_band_under_a_cap_switches_only_below_it() -> None:
    found = switch(line("a", 0, 100), lid=GateState.FAIL)

    assert found == BandSwitch("c1", HALF, BandChange(Fraction(9, 20), "decline"), None)


@given(three_weights, st.lists(three_values, min_size=2, max_size=6), st.sampled_from(KEYS))
def test_crossing_plugged_back_as_a_weight_gives_an_exact_tie(drawn, held, section) -> None:
    used = rubric(drawn)
    assume(any(part.weight for part in used.sections if part.key != section))
    proposals = {str(place): values(*row) for place, row in enumerate(held)}

    found = crossings(lines(used, section, points(used, proposals)))

    for (one, other), share in found.items():
        there = at_share(used, section, share)
        assert index_of(there.sections, proposals[one]) == index_of(there.sections, proposals[other])


@given(three_weights, st.lists(three_values, min_size=1, max_size=6), st.sampled_from(KEYS))
def test_leader_drawn_is_the_best_within_its_interval_and_changes_beyond(drawn, held, section) -> None:
    used = rubric(drawn)
    assume(any(part.weight for part in used.sections if part.key != section))
    given_lines = lines(used, section, points(used, {str(place): values(*row) for place, row in enumerate(held)}))
    share = share_of(used, section)

    found = leader_switch(section, given_lines)

    by_key = {one.key: one for one in given_lines}
    ends = [found.below.at if found.below else Fraction(0), found.above.at if found.above else Fraction(1)]
    for end, change in zip(ends, (found.below, found.above), strict=True):
        best = max(one.at(end) for one in given_lines)
        assert max(by_key[key].at(end) for key in found.leaders) == best
        if change:
            assert change.at != share
            assert by_key[change.leader].at(end) == best
            assert change.leader not in found.leaders
    intervals = leader_intervals(given_lines)
    assert [low for low, _, _ in intervals] == [0, *(high for _, high, _ in intervals[:-1])]
    for low, high, key in intervals:
        assert low < high
        assert by_key[key].at((low + high) / 2) == max(one.at((low + high) / 2) for one in given_lines)


@given(three_weights, three_values, st.sampled_from(KEYS), states)
def test_band_switch_plugged_back_lies_on_a_minimum_and_nothing_changes_before(drawn, held, section, gates) -> None:
    used = rubric(drawn)
    assume(any(part.weight for part in used.sections if part.key != section))
    (one,) = lines(used, section, points(used, {"a": values(*held)}))
    share = share_of(used, section)
    today = suggest(used, gates, one.at(share))

    found = band_switch(used, section, gates, one)

    for change, end in ((found.below, Fraction(0)), (found.above, Fraction(1))):
        reached = change.at if change else end
        halfway = (reached + share) / 2
        assert suggest(used, gates, one.at(halfway)) == today
        if change is None:
            assert suggest(used, gates, one.at(end)) == today
            continue
        there = at_share(used, section, change.at)
        assert index_of(there.sections, values(*held)) in {band.minimum for band in used.bands}
        assert change.suggested != today
        near = change.at + (end - change.at) / 10**9
        assert change.suggested in {suggest(used, gates, one.at(change.at)), suggest(used, gates, one.at(near))}
