from fractions import Fraction

import pytest

from proposals.models import Assessment
from proposals.services.assessing import assess_proposal
from proposals.services.residual_falls import Fall, falls, residuals_sentence, stored_falls
from rubrics.scoring.spec import NEI
from rubrics.services.words import RubricWords, rubric_words
from tests.factories import NOW, make_scorecard

WORDS = RubricWords(
    {
        "bands": [],
        "gates": [],
        "sections": [
            {
                "key": "risk",
                "rule": "residual_risk",
                "risk_bands": [2, 8, 20],
                "risks": [{"key": "leak", "title": "Leak of Secrets"}],
            }
        ],
    }
)


@pytest.mark.parametrize(
    ("before", "after", "figures"),
    [
        (Fraction(31, 10), Fraction(29, 10), ["3.1 → 2.9"]),
        (Fraction(2), Fraction(199, 100) - Fraction(1, 20), ["2.0 → 1.9"]),
        (Fraction(201, 100), Fraction(196, 100), ["2.0 → 1.96"]),
        (Fraction(3), Fraction(296, 100), []),
        (Fraction(304, 100), Fraction(298, 100), []),
        (NEI, Fraction(1), []),
        (Fraction(1), NEI, []),
        (None, None, []),
    ],
)
def test_falls_are_those_worth_a_figure(before, after, figures):
    assert [fall.figures for fall in falls(WORDS, [("leak", before, after)])] == figures


def test_falls_are_written_with_a_colon_after_the_name():
    fall = Fall("Leak of Secrets", "3.1 → 2.9")

    assert str(fall) == "Leak of Secrets: 3.1 → 2.9"
    assert residuals_sentence([fall, fall]) == (
        "Lowers the residual of leak of secrets: 3.1 → 2.9; leak of secrets: 3.1 → 2.9."
    )
    assert residuals_sentence([]) == ""


@pytest.mark.django_db
def test_stored_falls_of_an_assessment_that_holds_none_are_none(proposal, officer):
    make_scorecard(proposal, officer, values={"hotwash": 0})
    assess_proposal(proposal=proposal, by=None, at=NOW)
    assessment = Assessment.objects.current().get()
    words = rubric_words(assessment.rubric_version)
    found = stored_falls(assessment, words, "hotwash")
    assessment.exact = {key: value for key, value in assessment.exact.items() if key != "residuals_after"}

    assert (len(found) > 0, stored_falls(assessment, words, "hotwash")) == (True, [])
