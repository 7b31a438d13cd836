import pytest
from django.urls import reverse

from rubrics.services.clauses import clause
from rubrics.services.words import rubric_words
from rubrics.views.version_page import gate_pages, section_pages
from t2eval.accounts.roles import Role
from tests.factories import make_user, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def words():
    return rubric_words(make_version())


def test_sections_carry_their_share_of_the_index(words):
    assert [(section.key, section.share) for section in section_pages(words)] == [
        ("theories", "20 %"),
        ("issue", "20 %"),
        ("convening", "20 %"),
        ("transfer", "25 %"),
        ("risk", "15 %"),
    ]


def test_criteria_carry_their_share_and_marks(words):
    sections = {section.key: section for section in section_pages(words)}

    assert [(item.key, item.share, list(item.marks)) for item in sections["convening"].items] == [
        ("right-people", "40 % of the section", ["per side"]),
        ("track-record", "25 % of the section", []),
        ("cross-party", "20 % of the section", ["not applicable allowed"]),
        ("continuity", "15 % of the section", []),
    ]
    assert {item.share for item in sections["theories"].items} == {"weight 1"}


def test_risk_section_tells_levels_pairings_and_limits(words):
    risk = section_pages(words)[-1].risk

    assert risk.likelihood[0] == (1, "Under 5 % over the term.", "2.5 %")
    assert risk.consequence[-1] == (5, "Contribution to a catastrophe, or loss of life.", "100")
    assert (risk.matrix[1].title, list(risk.matrix[1].cells)) == ("Hotwash", ["0.1", "0.35", "0.1", "–", "–"])


def test_gates_are_told_in_words(words):
    gates = {gate.key: (gate.when, gate.effect) for gate in gate_pages(words)}

    assert gates["one-sided-link"] == (
        "Carriers and link to officials below 1, and Route to officials below 1, on some side",
        "No better than “Fund with conditions”",
    )
    assert gates["provenance"] == ("The check “provenance” is not sufficient", "Blocks issuing")


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"criterion": "stakes", "at_least": 3}, "Stakes at least 3"),
        ({"section": "issue", "mean_below": "2.0"}, "mean of Issue-area importance below 2.0"),
        ({"best_claim_below": 2}, "no claimed theory reaches 2"),
        ({"any_risk_residual_at_least": 20}, "some residual risk at least 20"),
        ({"risk": "hampering-track-1", "inherent_at_least": 8}, "Hampering track 1 inherent risk at least 8"),
        ({"check": "capacity", "is": "insufficient"}, "the check “capacity” is insufficient"),
        ({"flag": "hazardous-content"}, "the flag “hazardous-content” is set"),
    ],
)
def test_test_of_a_gate_reads_as_a_clause(words, test, expected):
    assert clause(test, words) == expected


def test_version_page_shows_history_to_administrators_only(client):
    version = make_version()
    pages = []
    for role in (Role.OFFICER, Role.ADMIN):
        client.force_login(make_user(role))
        pages.append(client.get(reverse("rubrics:version-detail", args=[version.pk])).content.decode())

    assert ["<dt>Published</dt>" in page for page in pages] == [False, True]
