import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from proposals.models import Assessment, Docket, Reassessment
from proposals.services.assessing import assess_proposal
from proposals.services.consensus import record_consensus
from proposals.services.locking import ProposalNotVisibleError
from proposals.services.reassessing import (
    NothingToReassessError,
    NotNewerVersionError,
    carry_assessments,
    newer_versions,
    reassess_docket,
    reassess_proposal,
)
from proposals.services.refusals import NotAllowedError
from proposals.services.standings import docket_groups
from rubrics.models import RubricVersion
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import (
    NOW,
    ProposalFactory,
    assign,
    bar,
    close_as_calibration,
    items_of,
    make_newer_version,
    make_scorecard,
    make_user,
)

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=90)
REASON = "The committee asked for it."


@pytest.fixture
def assessed(proposal, officer):
    """With an assessment that a scorecard of unequal scores made."""
    make_scorecard(proposal, officer, value=3, values={"stakes": 1, "governments-informed": 0})
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return proposal


def heavier(document):
    document["sections"][1]["weight"] = 60


def without_stakes(document):
    for section in document["sections"]:
        section["criteria"] = [item for item in section.get("criteria", []) if item["key"] != "stakes"]
        if not section["criteria"]:
            del section["criteria"]
    document["gates"] = [
        gate for gate in document["gates"] if all(test.get("criterion") != "stakes" for test in gate["when"])
    ]


def with_urgency(document):
    document["sections"][1]["criteria"].append({"key": "urgency", "title": "Urgency", "weight": 10})


def by_side(document):
    items_of(document)["stakes"]["per_side"] = True


def remake(proposal, version, chair, at=LATER):
    return reassess_proposal(proposal=proposal, version=version, reason=REASON, by=chair, at=at)


def events():
    return list(Event.objects.filter(event="assessment.remade").order_by("pk").values_list("proposal_id", "details"))


def test_reassess_proposal_stores_a_result_beside_the_official_one(assessed, chair):
    version = make_newer_version(heavier)
    official = assessed.assessments.get()

    made = remake(assessed, version, chair)

    made.refresh_from_db()
    assert (made.assessment, made.rubric_version, made.proposal) == (official, version, assessed)
    assert (made.reason, made.created_by, made.created_at, made.method_version) == (REASON, chair, LATER, "1")
    assert made.without_counterpart == {"lost": [], "unanswered": [], "open_facts": []}
    assert made.result["index"] < official.result["index"]
    assert made.exact["sections"] == official.exact["sections"]
    assert list(Assessment.objects.values_list("pk", "is_current")) == [(official.pk, True)]


def test_reassess_proposal_records_one_event_without_the_reason(assessed, chair):
    remake(assessed, make_newer_version(), chair)

    assert events() == [(assessed.pk, {"version": 2})]


def test_reassess_proposal_equals_a_new_assessment_under_that_version(assessed, chair):
    """What a docket pinned to the newer version would get from the same scores."""
    made = remake(assessed, make_newer_version(with_urgency), chair)

    twin = ProposalFactory(docket__rubric_version=made.rubric_version, organizer=assessed.organizer)
    officer = make_user(Role.OFFICER)
    assign(twin, officer)
    make_scorecard(twin, officer, value=3, values={"stakes": 1, "governments-informed": 0}, submitted=False)
    card = twin.scorecards.get()
    card.scores.filter(criterion__key="urgency").delete()
    card.state, card.submitted_at = "submitted", NOW
    card.save()
    assessment = assess_proposal(proposal=twin, by=officer, at=NOW)
    same = ("sections", "index", "index_low", "index_high")
    assert {key: made.exact[key] for key in same} == {key: assessment.exact[key] for key in same}
    assert (made.suggested, made.is_provisional) == (assessment.suggested, True)
    assert made.result["gates"] == assessment.result["gates"]


def test_reassess_proposal_names_what_has_no_counterpart_and_what_is_new(assessed, chair):
    record_consensus(
        proposal=assessed, item="stakes", part="", value=Decimal(2), grade=2, reason="Agreed.", by=chair, at=NOW
    )

    def change(document):
        without_stakes(document)
        with_urgency(document)
        document["gates"].append(
            {"key": "new", "effect": "block", "when": [{"check": "ethics", "is_not": "sufficient"}]}
        )

    made = remake(assessed, make_newer_version(change), chair)

    assert made.without_counterpart == {
        "lost": [
            {"kind": "score", "key": "stakes", "part": "", "reason": "removed", "officer": "officer-a", "round": 1},
            {"kind": "consensus", "key": "stakes", "part": "", "reason": "removed", "officer": "", "round": 0},
        ],
        "unanswered": [{"item": "urgency", "part": ""}],
        "open_facts": ["ethics"],
    }


def test_reassess_proposal_names_sides_that_nobody_answered(assessed, chair):
    made = remake(assessed, make_newer_version(by_side), chair)

    assert made.without_counterpart["unanswered"] == [{"item": "stakes", "part": "a"}, {"item": "stakes", "part": "b"}]


def test_reassess_proposal_twice_gives_the_same_row_and_one_event(assessed, chair):
    version = make_newer_version()
    first = remake(assessed, version, chair)

    second = remake(assessed, version, make_user(Role.CHAIR), at=LATER + dt.timedelta(minutes=1))

    assert second == first
    assert (Reassessment.objects.count(), len(events())) == (1, 1)


def test_reassess_proposal_after_the_official_one_moved_on_makes_another_row(assessed, chair, other_officer):
    version = make_newer_version()
    first = remake(assessed, version, chair)
    make_scorecard(assessed, other_officer, value=1)
    current = assess_proposal(proposal=assessed, by=other_officer, at=NOW)

    second = remake(assessed, version, chair)

    assert (first.assessment.is_current, second.assessment) == (True, current)
    first.assessment.refresh_from_db()
    assert first.assessment.is_current is False


def test_reassess_proposal_goes_on_in_a_closed_docket(assessed, chair):
    Docket.objects.update(state="closed", closed_at=NOW)

    assert remake(assessed, make_newer_version(), chair).assessment.is_current


def test_reassess_proposal_takes_a_retired_version_that_is_newer(assessed, chair):
    second = make_newer_version()
    third = make_newer_version(number=3)
    second.refresh_from_db()

    made = remake(assessed, second, chair)

    assert second.state == "retired"
    assert made.rubric_version == second
    assert newer_versions(assessed.docket) == [third, second]


def test_reassess_proposal_under_the_pinned_version_is_refused(assessed, chair, version):
    with pytest.raises(NotNewerVersionError, match="newer than version 1"):
        remake(assessed, version, chair)


def test_reassess_proposal_under_an_older_version_is_refused(assessed, chair, version):
    Docket.objects.update(rubric_version=make_newer_version())

    with pytest.raises(NotNewerVersionError):
        remake(assessed, version, chair)


def test_reassess_proposal_under_a_draft_or_another_rubric_is_refused(assessed, chair, version):
    draft = RubricVersion.objects.create(rubric=version.rubric, number=9, top_score=4, evidence_caps=[2, 2, 3, 4, 4])
    other = make_newer_version(lambda document: document.update(key="other"))

    for refused in (draft, other):
        with pytest.raises(NotNewerVersionError):
            remake(assessed, refused, chair)


def test_reassess_proposal_without_an_assessment_is_refused(proposal, chair):
    with pytest.raises(NothingToReassessError):
        remake(proposal, make_newer_version(), chair)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COMMITTEE, Role.ADMIN, Role.AUDITOR])
def test_reassess_proposal_by_others_is_refused(assessed, officer, role):
    version = make_newer_version()
    by = officer if role is Role.OFFICER else make_user(role)

    with pytest.raises((NotAllowedError, ProposalNotVisibleError)):
        remake(assessed, version, by)

    assert Reassessment.objects.count() == 0


def test_reassess_proposal_by_a_barred_chair_is_refused(assessed, chair):
    version = make_newer_version()
    bar(assessed, chair)

    with pytest.raises(ProposalNotVisibleError):
        remake(assessed, version, chair)


def test_reassess_proposal_by_a_chair_who_owes_a_scorecard_is_refused(assessed):
    version = make_newer_version()
    both = make_user(Role.CHAIR, Role.OFFICER)
    assign(assessed, both)

    with pytest.raises(NotAllowedError, match="once no scorecard of their own is owed"):
        remake(assessed, version, both)


def test_reassess_proposal_of_a_calibration_case_is_refused(assessed, chair):
    version = make_newer_version()
    close_as_calibration(assessed)

    with pytest.raises(NotAllowedError):
        remake(assessed, version, chair)


def test_reassess_docket_takes_all_that_the_chair_may_judge(assessed, chair, officer):
    docket = assessed.docket
    others = [ProposalFactory(docket=docket) for _ in range(3)]
    for other in others[:2]:
        assign(other, officer)
        make_scorecard(other, officer)
        assess_proposal(proposal=other, by=officer, at=NOW)
    bar(others[0], chair)
    version = make_newer_version()

    made = reassess_docket(docket=docket, version=version, reason=REASON, by=chair, at=LATER)

    seen = sorted([assessed.pk, others[1].pk])
    assert sorted(row.proposal_id for row in made) == seen
    assert sorted(proposal for proposal, _ in events()) == seen


def test_reassess_docket_keeps_what_is_made_already(assessed, chair, officer):
    other = ProposalFactory(docket=assessed.docket)
    assign(other, officer)
    make_scorecard(other, officer)
    assess_proposal(proposal=other, by=officer, at=NOW)
    version = make_newer_version()
    first = remake(assessed, version, chair)

    made = reassess_docket(docket=assessed.docket, version=version, reason="Another.", by=chair, at=LATER)

    assert {row.proposal: row.reason for row in made} == {assessed: REASON, other: "Another."}
    assert first in made
    assert len(events()) == 2


def test_reassess_docket_leaves_the_order_of_the_docket(assessed, chair, officer):
    other = ProposalFactory(docket=assessed.docket)
    assign(other, officer)
    make_scorecard(other, officer, values={"right-people": 1})
    assess_proposal(proposal=other, by=officer, at=NOW)
    before = docket_groups(assessed.docket, chair)

    reassess_docket(docket=assessed.docket, version=make_newer_version(heavier), reason=REASON, by=chair, at=LATER)

    assert docket_groups(assessed.docket, chair) == before


def test_reassess_docket_of_nothing_assessed_is_refused(proposal, chair):
    with pytest.raises(NothingToReassessError):
        reassess_docket(docket=proposal.docket, version=make_newer_version(), reason=REASON, by=chair, at=LATER)


def test_reassess_docket_by_others_or_under_the_pinned_version_is_refused(assessed, chair, officer, version):
    newer = make_newer_version()

    with pytest.raises(NotAllowedError):
        reassess_docket(docket=assessed.docket, version=newer, reason=REASON, by=officer, at=LATER)
    with pytest.raises(NotNewerVersionError):
        reassess_docket(docket=assessed.docket, version=version, reason=REASON, by=chair, at=LATER)


def test_reassess_docket_of_calibration_cases_is_refused(assessed, chair):
    version = make_newer_version()
    close_as_calibration(assessed)

    with pytest.raises(NothingToReassessError):
        reassess_docket(docket=assessed.docket, version=version, reason=REASON, by=chair, at=LATER)


def test_carry_assessments_reads_each_under_the_version_that_made_it(assessed, officer):
    second = make_newer_version(with_urgency)
    newer = ProposalFactory(docket__rubric_version=second)
    assign(newer, officer)
    make_scorecard(newer, officer)
    assess_proposal(proposal=newer, by=officer, at=NOW)
    rows = list(Assessment.objects.select_related("rubric_version").order_by("created_at"))
    third = make_newer_version(with_urgency, number=3)

    passages = carry_assessments(rows, third)

    unanswered = {
        passage.assessment.proposal: [str(cell) for cell in passage.carried.unanswered] for passage in passages
    }
    assert unanswered == {assessed: ["urgency"], newer: []}


@pytest.mark.parametrize("facts", [{"result": {}}, {"reason": "Another."}, {"without_counterpart": {}}])
def test_reassessment_cannot_change_in_the_database(assessed, chair, facts):
    remake(assessed, make_newer_version(), chair)

    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Reassessment.objects.update(**facts)


def test_reassessment_cannot_be_deleted(assessed, chair):
    made = remake(assessed, make_newer_version(), chair)

    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Reassessment.objects.filter(pk=made.pk)._raw_delete("default")


def copy_of(made, **facts):
    return Reassessment(
        **{
            **{
                field.attname: getattr(made, field.attname) for field in Reassessment._meta.fields if field.name != "id"
            },
            **facts,
        }
    )


def test_reassessment_without_a_reason_or_made_twice_is_refused_by_the_database(assessed, chair):
    made = remake(assessed, make_newer_version(), chair)
    third = make_newer_version(number=3)

    for row in (copy_of(made), copy_of(made, rubric_version_id=third.pk, reason="  ")):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)


def test_reassessment_under_no_newer_version_is_refused_by_the_database(assessed, chair, version):
    made = remake(assessed, make_newer_version(), chair)
    other = make_newer_version(lambda document: document.update(key="other"), number=3)
    stranger = ProposalFactory(docket=assessed.docket)

    for facts in ({"rubric_version_id": version.pk}, {"rubric_version_id": other.pk}, {"proposal_id": stranger.pk}):
        with pytest.raises(DatabaseError, match="newer version"), transaction.atomic():
            copy_of(made, **facts).save(force_insert=True)
