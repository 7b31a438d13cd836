"""PostgreSQL keeps the keys of JSON by their length: pages keep the order of the rubric and of the sides."""

import datetime as dt

import pytest

from proposals.models import Consensus
from proposals.services.assessing import assess_proposal
from proposals.services.memo_content import build_memo_content
from proposals.views.assessment_rows import AssessmentRows
from rubrics.models import Criterion
from rubrics.services.words import rubric_words
from tests.factories import NOW, ProposalFactory, assign, make_scorecard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal():
    proposal = ProposalFactory(sides=["soviet-union", "us"])
    officer = make_user()
    assign(proposal, officer, sponsor=True)
    make_scorecard(proposal, officer, values={"route": 1})
    return proposal


def test_assessment_page_names_sides_in_their_order(proposal):
    assess_proposal(proposal=proposal, by=None, at=NOW)
    assessment = proposal.assessments.get(is_current=True)
    words = rubric_words(assessment.rubric_version)

    rows = AssessmentRows(assessment, words, proposal.sides.order_by("position"))

    route = next(row for row in rows.criteria() if row.title == words.title("route"))
    assert route.sides == "Side SOVIET-UNION 1 · Side US 1"
    assert [row.title for row in rows.low_cells()] == [
        f"{words.title('route')}, Side SOVIET-UNION: 1",
        f"{words.title('route')}, Side US: 1",
    ]


def test_memo_lists_what_was_agreed_in_the_order_of_the_rubric(proposal):
    version = proposal.docket.rubric_version
    route = Criterion.objects.get(section__version=version, key="route")
    link = Criterion.objects.get(section__version=version, key="link")
    cells = [(route, "us"), (link, "us"), (route, "soviet-union"), (link, "soviet-union")]
    for minute, (criterion, side) in enumerate(cells):
        Consensus.objects.create(
            proposal=proposal,
            rubric_version=version,
            criterion=criterion,
            side=proposal.sides.get(key=side),
            half_points=4,
            grade=2,
            reason="Talked through.",
            recorded_by=make_user(),
            recorded_at=NOW + dt.timedelta(minutes=minute),
        )
    assess_proposal(proposal=proposal, by=None, at=NOW)
    assessment = proposal.assessments.get(is_current=True)

    content = build_memo_content(proposal=proposal, assessment=assessment, at=NOW, number="1", edition=1)

    titles = [line.title for line in content.agreed]
    words = rubric_words(version)
    both = sorted(["route", "link"], key=list(words.section_of).index)
    assert titles == [f"{words.title(key)}, {side}" for key in both for side in ("Side SOVIET-UNION", "Side US")]
