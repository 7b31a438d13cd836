"""The memo's disagreements: what is split, what the discussion changed, and what it settled."""

import pytest

from proposals.models import Discussion
from proposals.services.assessing import assess_proposal
from proposals.services.memo_sources import read_sources
from proposals.services.memo_views import build_disagreements
from tests.factories import NOW, make_discussion, make_scorecard

pytestmark = pytest.mark.django_db


def lines(proposal):
    assessment = assess_proposal(proposal=proposal, by=None, at=NOW)
    found = build_disagreements(read_sources(proposal, assessment))
    return {line.title: (line.answers, line.why) for line in found}


@pytest.fixture
def split(proposal, officer, other_officer):
    make_scorecard(proposal, officer, values={"stakes": 0, "track-record": 0}, risk=(5, 2))
    make_scorecard(proposal, other_officer)
    return proposal


def title(proposal, key):
    criterion = proposal.docket.rubric_version.sections.filter(criteria__key=key).get().criteria.get(key=key)
    return str(criterion)


def test_disagreements_before_a_discussion_say_who_answers_what(split):
    found = lines(split)

    assert found[title(split, "stakes")] == ("A 0; B 3", "two or more apart")
    assert {answers for answers, why in found.values() if "→" in answers} == set()


def test_disagreements_after_round_2_lead_from_round_1_to_round_2(split, officer):
    make_discussion(split, ("stakes", "track-record"))
    make_scorecard(split, officer, round=2, values={"stakes": 1, "track-record": 3}, risk=(5, 2))

    found = lines(split)

    assert found[title(split, "stakes")] == ("A 0 → 1; B 3", "two or more apart")
    assert found[title(split, "track-record")] == ("A 0 → 3; B 3", "discussed, no longer split")


def test_disagreements_leave_out_what_was_discussed_without_a_change(split, officer):
    make_discussion(split, ("window",))
    make_scorecard(split, officer, round=2, values={"stakes": 0, "track-record": 0}, risk=(5, 2))

    assert title(split, "window") not in lines(split)
    assert Discussion.objects.get().is_open


def test_disagreements_on_a_risk_show_the_level_that_was_discussed(split, officer):
    risk = split.docket.rubric_version.sections.get(rule="residual_risk").risks.order_by("position").first()
    make_discussion(split, (risk.key,))
    make_scorecard(split, officer, round=2, values={"stakes": 0, "track-record": 0}, risk=(2, 2))

    assert lines(split)[f"{risk}, likelihood"] == ("A 5 → 2; B 2", "discussed, no longer split")
