from fractions import Fraction

from proposals.services.risk_grids import risk_grid
from rubrics.models import Section

ANCHORS = {"likelihood": ["Rare", "Likely"], "consequence": ["Nothing", "Harm"]}
FACTS = {"probability": ["0.1", "0.5"], "loss": [0, 40, 90], "risk_bands": [5, 15, 30], "anchors": ANCHORS}


def test_grid_has_the_likeliest_on_top_and_the_mildest_on_the_left():
    lines = risk_grid(Section(**FACTS))

    assert [[square.key for square in line.squares] for line in lines] == [["2-0", "2-1", "2-2"], ["1-0", "1-1", "1-2"]]
    assert [[square.inherent for square in line.squares] for line in lines] == [
        ["0.0", "20.0", "45.0"],
        ["0.0", "4.0", "9.0"],
    ]
    assert [square.band for square in lines[0].squares] == ["low", "high", "severe"]


def test_square_says_its_levels_in_the_words_of_the_rubric_as_far_as_it_has_them():
    squares = risk_grid(Section(**FACTS))[0].squares

    assert squares[1].words == "2: Likely; 1: Harm; before mitigation high"
    assert squares[2].words == "2: Likely; 2: ; before mitigation severe"


def test_consequence_that_is_a_catastrophe_is_never_less_than_high():
    rarest = risk_grid(Section(**FACTS, catastrophic_from=2))[1].squares

    assert [square.band for square in rarest] == ["low", "low", "high"]


def test_grid_of_another_section_is_its_own():
    one, two = risk_grid(Section(**FACTS)), risk_grid(Section(**{**FACTS, "loss": [0, Fraction(50), 90]}))

    assert (one[0].squares[1].inherent, two[0].squares[1].inherent) == ("20.0", "25.0")


def test_grid_of_a_section_without_risks_is_empty():
    assert risk_grid(Section()) == []
