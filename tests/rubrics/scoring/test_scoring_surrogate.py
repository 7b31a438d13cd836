import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.surrogate import rank_order_centroid, rank_sum, swing_weights

TABLE = json.loads((Path(__file__).parent / "acceptance/surrogate_weights.json").read_text(encoding="utf-8"))
METHODS = {"ROC": rank_order_centroid, "RS": rank_sum}

rankings = st.lists(st.integers(1, 9), min_size=1, max_size=9).map(lambda ranks: dict(enumerate(ranks)))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", range(2, 11))
def test_weights_by_rank_match_the_published_table(method: str, count: int) -> None:
    ranks = {str(place): place for place in range(1, count + 1)}

    assert list(METHODS[method](ranks).values()) == [Fraction(text) for text in TABLE[str(count)][method]]


@pytest.mark.parametrize(("method", "expected"), [("ROC", ["4/9", "4/9", "1/9"]), ("RS", ["5/12", "5/12", "1/6"])])
@pytest.mark.parametrize("last", [2, 3, 7])
def test_ties_share_the_mean_of_their_places(method: str, expected: list[str], last: int) -> None:
    assert list(METHODS[method]({"a": 1, "b": 1, "c": last}).values()) == [Fraction(text) for text in expected]


@pytest.mark.parametrize("method", METHODS)
def test_weights_without_a_rank_are_refused(method: str) -> None:
    with pytest.raises(ValueError, match="nothing in the order"):
        METHODS[method]({})


@given(rankings, st.sampled_from(sorted(METHODS)))
def test_weights_by_rank_sum_to_one_and_follow_the_order(ranks: dict[str, int], method: str) -> None:
    found = METHODS[method](ranks)

    assert sum(found.values()) == 1
    assert [(ranks[a] < ranks[b], ranks[a] == ranks[b]) for a in ranks for b in ranks] == [
        (found[a] > found[b], found[a] == found[b]) for a in ranks for b in ranks
    ]


def test_swing_weights_are_shares_of_the_points() -> None:
    found = swing_weights({"a": Fraction(100), "b": Fraction(60), "c": Fraction(0)})

    assert list(found.values()) == [Fraction(5, 8), Fraction(3, 8), 0]


@pytest.mark.parametrize(
    ("points", "fault"), [({"a": Fraction(0)}, "all 0"), ({}, "all 0"), ({"a": Fraction(-1)}, "not negative")]
)
def test_swing_weights_of_impossible_points_are_refused(points: dict[str, Fraction], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        swing_weights(points)
