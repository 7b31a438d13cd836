import pytest

from proposals.models import Docket
from proposals.services.assessing import assess_proposal
from proposals.services.issue_areas import keep_issue_area
from proposals.services.refusals import NotAllowedError
from t2eval.audit.models import Event
from tests.factories import NOW, make_scorecard

pytestmark = pytest.mark.django_db


def test_issue_area_kept_by_a_chair_is_refused(proposal, chair):
    area = proposal.issue_area
    area.is_emerging_technology = True

    with pytest.raises(NotAllowedError):
        keep_issue_area(area=area, by=chair, at=NOW)

    area.refresh_from_db()
    assert (area.is_emerging_technology, Event.objects.filter(event="issue-area.kept").count()) == (False, 0)


@pytest.mark.parametrize(("state", "closed_at", "assessments"), [("open", None, 2), ("closed", NOW, 1)])
def test_issue_area_marked_assesses_proposals_of_open_dockets_only(
    proposal, officer, admin_user, state, closed_at, assessments
):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    Docket.objects.update(state=state, closed_at=closed_at)
    area = proposal.issue_area
    area.is_emerging_technology = True

    keep_issue_area(area=area, by=admin_user, at=NOW)

    assert proposal.assessments.count() == assessments
