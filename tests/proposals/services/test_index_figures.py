"""One index is written in one way: docket, assessment and memo."""

import uuid
from fractions import Fraction

import pytest
from django.urls import reverse

from proposals.models import Assessment
from proposals.services.index_figures import IndexFigures
from proposals.services.standings import docket_groups
from rubrics.scoring.figures import one_place
from tests.memo_rows import make_sponsored

pytestmark = pytest.mark.django_db

LIMITS = [Fraction(75), Fraction(60)]


def restated(assessment: Assessment, **exact: str) -> Assessment:
    """The same assessment with other exact figures; what is stored does not change."""
    Assessment.objects.filter(pk=assessment.pk).update(is_current=False)
    facts = {field.attname: getattr(assessment, field.attname) for field in Assessment._meta.concrete_fields}
    return Assessment.objects.create(**facts | {"id": uuid.uuid4(), "exact": assessment.exact | exact})


@pytest.mark.parametrize(
    ("exact", "figure"),
    [("7496/100", "74.96"), ("7435/100", "74.4"), ("7425/100", "74.2"), ("75/1", "75.0"), ("7504/100", "75.0")],
)
def test_index_is_written_alike_on_docket_and_assessment(client, exact, figure):
    proposal, sponsor = make_sponsored()
    stored = restated(proposal.assessments.get(), index=exact)
    client.force_login(sponsor)

    page = client.get(reverse("proposals:assessment-detail", args=[proposal.pk]))

    (row,) = docket_groups(proposal.docket, sponsor)[0].rows
    assert (row.standing.index, page.context["rows"].figures.index) == (figure, figure)
    assert one_place(Fraction(stored.exact["index"]), LIMITS) == figure
    assert f"<dd>{figure} <small>of 100</small></dd>" in page.text


def test_range_without_an_open_answer_says_so():
    proposal, sponsor = make_sponsored()

    (row,) = docket_groups(proposal.docket, sponsor)[0].rows

    assert row.standing.range == "no open answers"


def test_range_of_open_answers_names_both_bounds():
    proposal, _ = make_sponsored()
    assessment = proposal.assessments.get()
    assessment.detail["missing"] = [{"officer": "officer-a", "item": "link", "part": "a"}]
    assessment.exact |= {"index_low": "7425/100", "index_high": "7499/100"}

    assert IndexFigures(assessment, LIMITS).range == "74.2–74.99"


def test_range_without_an_index_is_empty():
    proposal, _ = make_sponsored()
    assessment = proposal.assessments.get()
    assessment.exact |= {"index": None, "index_low": None, "index_high": None}

    assert (IndexFigures(assessment, []).index, IndexFigures(assessment, []).range) == ("", "")
