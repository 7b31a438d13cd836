import pytest

from rubrics.services.clauses import clause, sentence
from rubrics.services.defaults import default_rubric_document
from rubrics.services.words import RubricWords

WORDS = RubricWords(default_rubric_document())


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ({"criterion": "stakes", "below": 2}, "Stakes below 2"),
        ({"criterion": "stakes", "at_least": "2.5"}, "Stakes at least 2.5"),
        ({"mitigation": "hotwash", "below": 1}, "Hotwash below 1"),
        ({"section": "issue", "mean_below": "2.0"}, "mean of Issue-area importance below 2.0"),
        ({"risk": "disinformation", "inherent_at_least": 8}, "Disinformation inherent risk at least 8"),
        ({"best_claim_below": 2}, "no claimed theory reaches 2"),
        ({"any_risk_residual_at_least": 20}, "some residual risk at least 20"),
        ({"check": "provenance", "is_not": "sufficient"}, "the check “provenance” is not sufficient"),
        ({"check": "capacity", "is": "insufficient"}, "the check “capacity” is insufficient"),
        ({"flag": "hazardous-content"}, "the flag “hazardous-content” is set"),
        ({"criterion": "gone", "below": 2}, "gone below 2"),
        ({"moon": "full"}, "a test that is not known"),
    ],
)
def test_clause_tells_a_test_in_words(test, told):
    assert clause(test, WORDS) == told


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        ({}, "Mean of Issue-area importance below 2, and Stakes below 1"),
        ({"sides": "every"}, "Mean of Issue-area importance below 2, and Stakes below 1, on every side"),
        ({"sides": "some"}, "Mean of Issue-area importance below 2, and Stakes below 1, on some side"),
    ],
)
def test_sentence_joins_the_tests_of_a_gate(sides, told):
    gate = {"when": [{"section": "issue", "mean_below": 2}, {"criterion": "stakes", "below": 1}], **sides}

    assert sentence(gate, WORDS) == told
