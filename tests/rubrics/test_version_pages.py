import json

import pytest
from django.urls import reverse

from rubrics.scoring.parse import parse_rubric
from rubrics.services.clauses import clause
from rubrics.services.defaults import default_rubric_document
from rubrics.services.draft_parts import ItemPart, WeightsPart
from rubrics.services.drafts import digest, edit_draft, start_draft
from rubrics.services.publishing import publish_draft
from rubrics.services.words import rubric_words
from rubrics.views.version_page import gate_pages, section_pages
from t2eval.accounts.roles import Role
from tests.factories import NOW, make_user, make_version

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


@pytest.fixture
def next_version(admin_user):
    """Version 2, with another weight and other words."""
    draft = start_draft(base=make_version(), name="Next", by=admin_user, at=NOW)
    for part, changed in ((WeightsPart(), {"weight-transfer": "30"}), (ItemPart("stakes"), {"guidance": "Words"})):
        draft.refresh_from_db()
        held = part.read(draft.document)
        edit_draft(draft=draft, part=part, values={**held, **changed}, seen=digest(held), by=admin_user, at=NOW)
    return publish_draft(draft=draft, seen=3, reason="Transfer is the bottleneck.", by=admin_user, at=NOW)


def test_history_tells_each_step_newest_first(client, next_version, admin_user):
    client.force_login(admin_user)

    page = client.get(reverse("rubrics:version-list"))

    (history,) = page.context["rubrics"]
    assert [(step.version.number, list(step.sentences), step.more) for step in history.steps] == [
        (2, ["Policy transfer: weight 25 → 30"], 1),
        (1, [], 0),
    ]
    assert "Transfer is the bottleneck." in page.content.decode()


def test_history_keeps_who_and_why_from_others(client, next_version, officer):
    client.force_login(officer)

    page = client.get(reverse("rubrics:version-list")).content.decode()

    assert ("Policy transfer: weight 25 → 30" in page, "Transfer is the bottleneck." in page) == (True, False)
    assert "Start a draft" not in page


def compared(client, earlier, later):
    return client.get(reverse("rubrics:version-compare"), {"earlier": earlier, "later": later})


def test_any_two_versions_are_compared_in_words(client, next_version, officer):
    client.force_login(officer)

    page = compared(client, make_version().pk, next_version.pk)
    back = compared(client, next_version.pk, make_version().pk)

    assert [change.sentence for change in page.context["changes"]] == [
        "Issue-area importance, Stakes: guidance rewritten",
        "Policy transfer: weight 25 → 30",
    ]
    assert back.context["changes"][-1].sentence == "Policy transfer: weight 30 → 25"


@pytest.mark.parametrize("later", ["", "not-an-id", "00000000-0000-0000-0000-000000000000"])
def test_comparison_with_what_is_not_there_is_not_found(client, officer, later):
    client.force_login(officer)

    assert compared(client, make_version().pk, later).status_code == 404


def test_version_is_exported_as_the_file_it_came_from(client, officer):
    client.force_login(officer)

    answer = client.get(reverse("rubrics:version-file", args=[make_version().pk]))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="track-2-version-1.json"'
    assert parse_rubric(json.loads(answer.content)) == parse_rubric(default_rubric_document())
