from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rubrics.scoring.weights import fill, mirrored, rescale, shares, to_hundred

STEP = Fraction(1, 100)
KEYS = "abcdefgh"


def named(*numbers: object) -> dict[str, Fraction]:
    return {key: Fraction(str(number)) for key, number in zip(KEYS, numbers, strict=False)}


def texts(weights: dict[str, Fraction]) -> list[str]:
    return [f"{float(weight):g}" for weight in weights.values()]


steps = st.integers(0, 10_000).map(lambda units: units * STEP)
lists = st.lists(st.fractions(0, 500, max_denominator=1000), min_size=1, max_size=8)
any_weights = lists.map(lambda numbers: dict(zip(KEYS, numbers, strict=False)))
weights_of_hundred = any_weights.map(to_hundred)


def test_shares_are_parts_of_the_whole() -> None:
    assert shares(named(20, 20, 10)) == named("0.4", "0.4", "0.2")


def test_shares_of_nothing_are_nothing() -> None:
    assert shares(named(0, 0)) == named(0, 0)


def test_shares_of_negative_weight_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        shares(named(1, -1))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((20, 20, 20, 25, 15), ["20", "20", "20", "25", "15"]),
        ((1, 1, 1), ["33.34", "33.33", "33.33"]),
        ((1, 2, 4), ["14.29", "28.57", "57.14"]),
        ((0, 0, 0), ["33.34", "33.33", "33.33"]),
        ((0, 3), ["0", "100"]),
    ],
)
def test_to_hundred_gives_steps_that_sum(given: tuple[int, ...], expected: list[str]) -> None:
    found = to_hundred(named(*given))

    assert texts(found) == expected
    assert sum(found.values()) == 100


def test_to_hundred_with_other_total_and_places_keeps_to_them() -> None:
    assert to_hundred(named(1, 1, 1), Fraction(10), 0) == named(4, 3, 3)


def test_to_hundred_of_no_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="no weight"):
        to_hundred({})


def test_to_hundred_with_total_between_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="whole steps"):
        to_hundred(named(1), Fraction(1, 3))


def test_fill_keeps_what_is_named_and_shares_the_rest() -> None:
    assert fill(named(50, 30, 10), "b") == named("58.33", 30, "11.67")


@pytest.mark.parametrize(
    ("weights", "kept", "fault"),
    [
        (named(80, 30, 10), "ab", "exceed"),
        (named(80, 10), "ab", "do not reach"),
        (named("33.333", 10), "a", "whole steps"),
    ],
)
def test_fill_that_cannot_reach_the_total_is_refused(weights: dict[str, Fraction], kept: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        fill(weights, kept)


@pytest.mark.parametrize(
    ("weights", "value", "locked", "expected"),
    [
        (named(40, 30, 20, 10), 50, "", ["50", "25", "16.67", "8.33"]),
        (named(40, 30, 20, 10), 50, "b", ["50", "30", "13.33", "6.67"]),
        (named(40, 30, 20, 10), 95, "b", ["70", "30", "0", "0"]),
        (named(40, 30, 20, 10), -5, "", ["0", "50", "33.33", "16.67"]),
        (named(40, 30, 20, 10), 10, "bcd", ["40", "30", "20", "10"]),
        (named(90, 30, 20, 10), 10, "bcd", ["40", "30", "20", "10"]),
        (named(100, 0, 0, 0), 70, "", ["70", "10", "10", "10"]),
        (named(100, 0, 0, 0), 70, "c", ["70", "15", "0", "15"]),
        (named(40, 60), "40.005", "", ["40.01", "59.99"]),
        (named(40, 30, 20, 10), 50, "a", ["50", "25", "16.67", "8.33"]),
        (named(7), 3, "", ["100"]),
    ],
)
def test_rescale_moves_one_and_the_free_give_way(
    weights: dict[str, Fraction], value: object, locked: str, expected: list[str]
) -> None:
    assert texts(rescale(weights, "a", Fraction(str(value)), locked)) == expected


@pytest.mark.parametrize("locked", ["bc", "b"])
def test_rescale_where_locks_exceed_the_total_is_refused(locked: str) -> None:
    with pytest.raises(ValueError, match="exceed"):
        rescale(named(10, 101, 20), "a", Fraction(5), locked)


@given(any_weights)
def test_to_hundred_sums_exactly_and_keeps_proportions_within_a_step(weights: dict[str, Fraction]) -> None:
    found = to_hundred(weights)

    assert sum(found.values()) == 100
    assert all(weight >= 0 and (weight / STEP).denominator == 1 for weight in found.values())
    assume(any(weights.values()))
    assert all(abs(found[key] - 100 * share) < STEP for key, share in shares(weights).items())


@given(any_weights)
def test_to_hundred_again_changes_nothing(weights: dict[str, Fraction]) -> None:
    once = to_hundred(weights)

    assert to_hundred(once) == once


@given(weights_of_hundred, st.data(), steps)
def test_rescale_sums_exactly_and_leaves_locks(
    weights: dict[str, Fraction], draw: st.DataObject, value: Fraction
) -> None:
    moved = draw.draw(st.sampled_from(sorted(weights)))
    locked = draw.draw(st.sets(st.sampled_from(sorted(weights)))) - {moved}

    found = rescale(weights, moved, value, locked)

    assert list(found) == list(weights)
    assert sum(found.values()) == 100
    assert all(weight >= 0 for weight in found.values())
    assert {key: found[key] for key in locked} == {key: weights[key] for key in locked}
    left = 100 - sum(weights[key] for key in locked)
    assert found[moved] == (left if len(locked) == len(weights) - 1 else min(value, left))
    assert rescale(found, moved, value, locked) == found


@given(weights_of_hundred, st.data(), steps)
def test_rescale_keeps_proportions_of_the_free_within_a_step(
    weights: dict[str, Fraction], draw: st.DataObject, value: Fraction
) -> None:
    moved = draw.draw(st.sampled_from(sorted(weights)))
    locked = draw.draw(st.sets(st.sampled_from(sorted(weights)))) - {moved}
    free = {key: weight for key, weight in weights.items() if key not in locked | {moved}}
    assume(any(free.values()))

    found = rescale(weights, moved, value, locked)

    left = 100 - sum(weight for key, weight in found.items() if key not in free)
    assert all(abs(found[key] - left * share) < STEP for key, share in shares(free).items())


def test_mirrored_names_sections_whose_weight_follows_the_count() -> None:
    counts = {"a": 2, "b": 3, "c": 5}

    assert mirrored(named(20, 40, 40), counts) == ["a"]
    assert mirrored(named(20, 30, 50), counts) == ["a", "b", "c"]


@pytest.mark.parametrize(("weight", "expected"), [("20.5", ["a"]), ("20.51", []), ("19.5", ["a"]), ("19.49", [])])
def test_mirrored_within_half_a_point_counts(weight: str, expected: list[str]) -> None:
    rest = 100 - Fraction(weight)

    assert mirrored(named(weight, rest, 0), {"a": 2, "b": 3, "c": 5}) == expected


@pytest.mark.parametrize(("weights", "counts"), [((50, 50), (3, 3)), ((0, 0), (1, 2)), ((100,), (4,)), ((), ())])
def test_mirrored_where_counts_tell_nothing_names_none(weights: tuple[int, ...], counts: tuple[int, ...]) -> None:
    assert mirrored(named(*weights), dict(zip(KEYS, counts, strict=False))) == []
