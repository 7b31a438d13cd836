from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from proposals.analysis.ranking import Rank, ranks


def test_ranks_with_a_tie_share_a_place_and_leave_out_the_next() -> None:
    found = ranks({"a": Fraction(60), "b": Fraction(50), "c": Fraction(71), "d": Fraction(60)})

    tied = Rank(2, is_tied=True)
    assert found == {"c": Rank(1, is_tied=False), "a": tied, "d": tied, "b": Rank(4, is_tied=False)}
    assert list(found) == ["c", "a", "d", "b"]
    assert [str(rank) for rank in found.values()] == ["1", "2=", "2=", "4"]


def test_ranks_of_nothing_are_none() -> None:
    assert ranks({}) == {}


def test_ranks_of_indices_that_round_alike_are_apart() -> None:
    found = ranks({"a": Fraction(1, 3), "b": Fraction("0.3333333333333333")})

    assert [(key, str(rank)) for key, rank in found.items()] == [("a", "1"), ("b", "2")]


@given(st.dictionaries(st.integers(), st.fractions(0, 5, max_denominator=2)))
def test_rank_drawn_is_one_more_than_how_many_are_better(indices: dict[int, Fraction]) -> None:
    found = ranks(indices)

    held = list(indices.values())
    better = {key: sum(other > index for other in held) for key, index in indices.items()}
    assert found == {key: Rank(count + 1, held.count(indices[key]) > 1) for key, count in better.items()}
