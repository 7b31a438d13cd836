from fractions import Fraction

import pytest

from rubrics.services.swings import swings
from rubrics.services.weighing import in_hundredths, is_shown_exactly, parts_of, to_show, weights_of
from rubrics.services.words import rubric_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(version):
    return rubric_words(version).document


def test_weights_of_a_document_are_exact(document):
    assert weights_of(document["sections"]) == {
        "theories": 20,
        "issue": 20,
        "convening": 20,
        "transfer": 25,
        "risk": 15,
    }
    assert weights_of([{"key": "a", "weight": "0.1"}]) == {"a": Fraction(1, 10)}


def test_parts_of_a_section_are_its_criteria_or_risks(document):
    assert {key: str(parts) for key, parts in parts_of(document).items()} == {
        "theories": "7 criteria",
        "issue": "4 criteria",
        "convening": "4 criteria",
        "transfer": "4 criteria",
        "risk": "5 risks",
    }


@pytest.mark.parametrize(
    ("section", "expected"),
    [({"criteria": [{}]}, "1 criterion"), ({"criteria": []}, "0 criteria"), ({"risks": [{}]}, "1 risk")],
)
def test_parts_are_counted_in_words(section, expected):
    assert str(parts_of({"sections": [{"key": "one", **section}]})["one"]) == expected


def test_weights_are_shown_in_hundredths_that_sum():
    assert to_show(dict.fromkeys("abc", Fraction(1))) == {"a": "33.34", "b": "33.33", "c": "33.33"}
    assert to_show({}) == {}
    assert in_hundredths(Fraction(1, 4)) == "0.25"


@pytest.mark.parametrize(
    ("numbers", "expected"), [((60, 40), True), ((3, 2), False), (("33.333", "66.667"), False), ((), True)]
)
def test_weights_off_the_steps_are_not_shown_exactly(numbers, expected):
    weights = {str(place): Fraction(number) for place, number in enumerate(numbers)}

    assert is_shown_exactly(weights) is expected


def ends(listed):
    return [(end.title, end.words) for end in listed]


def test_swing_of_a_mean_runs_from_lowest_to_highest_anchors(document):
    swing = swings(document)[1]

    assert (swing.key, swing.title, swing.note) == ("issue", "Issue-area importance", "")
    assert ends(swing.worst)[0] == ("Stakes", "The harm is trivial or reputational.")
    assert ends(swing.best)[1] == ("Focus on the risk", "The whole design of the dialogue is built around the risk.")
    assert (len(swing.worst), len(swing.best)) == (4, 4)


def test_swing_of_pathways_says_that_one_is_enough(document):
    assert "one at its best is enough" in swings(document)[0].note


def test_swing_of_risk_is_told_in_words(document):
    swing = swings(document)[-1]

    assert ends(swing.worst) == [
        ("All risks together", "An expected loss of 40 points of 100 or more is left after all mitigations."),
        ("Likelihood", "Over 80 % over the term."),
        ("Consequence", "Contribution to a catastrophe, or loss of life."),
    ]
    assert ends(swing.best) == [
        ("All risks together", "No expected loss is left."),
        ("Likelihood", "Under 5 % over the term."),
        ("Consequence", "Harmless, or openness that helps ideas travel."),
    ]


def test_swing_without_words_names_keys_and_scores():
    criteria = {"key": "issue", "rule": "mean", "criteria": [{"key": "stakes", "anchors": ["None."]}]}
    risk = {"key": "risk", "rule": "residual_risk", "loss_at_zero": "12.50"}

    mean, residual = swings({"top_score": 4, "sections": [criteria, risk]})

    assert (mean.title, ends(mean.worst), ends(mean.best)) == (
        "issue",
        [("stakes", "None.")],
        [("stakes", "A score of 4.")],
    )
    assert (residual.title, [len(residual.worst), len(residual.best)]) == ("risk", [1, 1])
    assert ends(residual.worst)[0][1].startswith("An expected loss of 12.5 points")
