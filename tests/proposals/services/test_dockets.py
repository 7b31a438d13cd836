import pytest

from proposals.models import Docket
from proposals.services.assessing import assess_proposal
from proposals.services.dockets import (
    NotPublishedError,
    VersionPinnedError,
    close_docket,
    edit_docket,
    open_docket,
    reopen_docket,
)
from proposals.services.locking import DocketClosedError
from proposals.services.refusals import NotAllowedError
from rubrics.models import RubricVersion
from t2eval.audit.models import Event
from tests.factories import NOW, DocketFactory, bar, make_scorecard

pytestmark = pytest.mark.django_db


def facts(version, **changes):
    return {
        "title": "Spring round",
        "description": "",
        "currency": "USD",
        "budget": None,
        "extreme_risk_mandate": False,
        "due_date": None,
        "committee_date": None,
        "rubric_version": version,
        **changes,
    }


def draft_of(version):
    return RubricVersion.objects.create(
        rubric=version.rubric, number=2, title="Next", top_score=4, evidence_caps=[2, 2, 3, 4, 4]
    )


def test_docket_opened_twice_under_one_title_gets_two_slugs(version, chair):
    made = [open_docket(fields=facts(version), by=chair, at=NOW) for _ in range(2)]

    assert [docket.slug for docket in made] == ["spring-round", "spring-round-2"]


def test_docket_opened_under_a_draft_version_is_refused(version, chair):
    with pytest.raises(NotPublishedError):
        open_docket(fields=facts(draft_of(version)), by=chair, at=NOW)


def test_docket_opened_by_an_officer_is_refused(version, officer):
    with pytest.raises(NotAllowedError):
        open_docket(fields=facts(version), by=officer, at=NOW)


def test_docket_closed_and_reopened_keeps_state_and_time_together(version, chair):
    docket = DocketFactory(rubric_version=version)

    closed = close_docket(docket=docket, by=chair, at=NOW)
    again = close_docket(docket=docket, by=chair, at=NOW)
    reopened = reopen_docket(docket=docket, by=chair, at=NOW)

    assert (closed.state, closed.closed_at, again.state) == ("closed", NOW, "closed")
    assert (reopened.state, reopened.closed_at) == ("open", None)
    names = list(Event.objects.filter(event__startswith="docket.").values_list("event", flat=True))
    assert sorted(names) == ["docket.closed", "docket.reopened"]


def test_calibration_docket_cannot_be_reopened(version, chair):
    docket = DocketFactory(rubric_version=version, kind="calibration", state="closed", closed_at=NOW)

    with pytest.raises(NotAllowedError):
        reopen_docket(docket=docket, by=chair, at=NOW)


def test_version_of_a_docket_with_scorecards_stays_pinned(proposal, officer, chair, version):
    make_scorecard(proposal, officer)
    RubricVersion.objects.filter(pk=version.pk).update(state="retired", retired_at=NOW)
    other = draft_of(version)
    RubricVersion.objects.filter(pk=other.pk).update(state="published", published_at=NOW)
    other.refresh_from_db()

    with pytest.raises(VersionPinnedError):
        edit_docket(docket=proposal.docket, fields=facts(other), by=chair, at=NOW)


def test_mandate_of_a_docket_changed_assesses_its_proposals_again(proposal, officer, chair, version):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)

    edit_docket(docket=proposal.docket, fields=facts(version, extreme_risk_mandate=True), by=chair, at=NOW)

    current = proposal.assessments.get(is_current=True)
    assert (current.inputs["flags"]["extreme-risk-mandate"], proposal.assessments.count()) == (True, 2)
    assert Docket.objects.get().title == "Spring round"


def test_mandate_changed_by_the_barred_is_assessed_by_the_system(proposal, officer, chair, version):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    bar(proposal, chair)

    edit_docket(docket=proposal.docket, fields=facts(version, extreme_risk_mandate=True), by=chair, at=NOW)

    current = proposal.assessments.get(is_current=True)
    assert (current.inputs["flags"]["extreme-risk-mandate"], current.created_by) == (True, None)
    assert Event.objects.get(event="assessment.made", target_id=str(current.pk)).by_name == "system"


@pytest.mark.parametrize(
    "change", [{"extreme_risk_mandate": True}, {"budget": 5000}, {"currency": "EUR"}, {"title": "Autumn round"}]
)
def test_closed_docket_keeps_what_it_was_judged_by(version, chair, change):
    docket = DocketFactory(rubric_version=version, title="Spring round", state="closed", closed_at=NOW)

    with pytest.raises(DocketClosedError):
        edit_docket(docket=docket, fields=facts(version, **change), by=chair, at=NOW)

    assert Event.objects.filter(event="docket.edited").count() == 0


def test_closed_docket_takes_dates_and_description(version, chair):
    docket = DocketFactory(rubric_version=version, title="Spring round", state="closed", closed_at=NOW)
    changes = {"description": "Decided in May.", "due_date": NOW.date(), "committee_date": NOW.date()}

    edited = edit_docket(docket=docket, fields=facts(version, **changes), by=chair, at=NOW)

    assert {name: getattr(edited, name) for name in changes} == changes
