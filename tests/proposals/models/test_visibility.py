"""`visible_to`: who gets which rows, and that a conflict of interest is a final deny for all of them."""

import pytest
from django.db import DatabaseError, transaction

from proposals.models import (
    Assessment,
    Assignment,
    Check,
    ConflictDeclaration,
    Consensus,
    Docket,
    Evidence,
    GateOverride,
    Memo,
    MemoJob,
    Organizer,
    Participant,
    Proposal,
    Reassessment,
    Score,
    Scorecard,
)
from proposals.services.assessing import assess_proposal
from proposals.services.reassessing import reassess_proposal
from rubrics.models import Criterion
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from t2eval.audit.services import record
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    bar,
    make_check,
    make_discussion,
    make_evidence,
    make_newer_version,
    make_scorecard,
    make_user,
)

pytestmark = pytest.mark.django_db

JUDGEMENTS = [Assessment, Check, Consensus, GateOverride, Memo, MemoJob, Reassessment, Score, Scorecard]
ALL = [*JUDGEMENTS, Assignment, Evidence, Participant, Proposal]


@pytest.fixture
def issued(proposal, officer, chair):
    """A proposal with a row of everything, and an issued memo."""
    make_evidence(proposal)
    side = proposal.sides.first()
    Participant.objects.create(proposal=proposal, side=side, name="A. Person", role="former minister")
    make_scorecard(proposal, officer)
    make_check(proposal)
    GateOverride.objects.create(
        proposal=proposal, gate=proposal.docket.rubric_version.gates.first().key, reason="Known.", by=chair, at=NOW
    )
    Consensus.objects.create(
        proposal=proposal, rubric_version=proposal.docket.rubric_version, half_points=5, grade=2, reason="Agreed.",
        criterion=Criterion.objects.get(key="stakes"), recorded_by=chair, recorded_at=NOW,
    )  # fmt: skip
    assessment = assess_proposal(proposal=proposal, by=officer, at=NOW)
    memo = Memo.objects.create(
        proposal=proposal, assessment=assessment, number="T2-2026-001", edition=1, content={}, content_sha256="0" * 64,
        pdf="memos/x.pdf", pdf_sha256="1" * 64, requested_by=officer, requested_at=NOW, state="issued",
        issued_by=chair, issued_at=NOW,
    )  # fmt: skip
    MemoJob.objects.create(memo=memo, state="ready", queued_at=NOW, finished_at=NOW)
    reassess_proposal(proposal=proposal, version=make_newer_version(), reason="Asked for.", by=chair, at=NOW)
    return proposal


def seen_by(user, model):
    return model.objects.visible_to(user).count()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.CHAIR, dict.fromkeys(ALL, True)),
        (Role.COMMITTEE, {**dict.fromkeys(ALL, False), Memo: True, MemoJob: True}),
        (Role.ADMIN, dict.fromkeys(ALL, False)),
        (Role.AUDITOR, dict.fromkeys(ALL, False)),
        (Role.OFFICER, dict.fromkeys(ALL, False)),
    ],
)
def test_visible_to_gives_each_role_its_rows(issued, role, expected):
    user = make_user(role)

    assert {model: seen_by(user, model) > 0 for model in ALL} == expected


@pytest.mark.parametrize("roles", [[], [Role.CHAIR], [Role.COMMITTEE], [Role.CHAIR, Role.COMMITTEE]])
def test_visible_to_officer_who_owes_a_scorecard_shows_no_judgement_whatever_other_roles(issued, roles):
    user = make_user(Role.OFFICER, *roles)
    assign(issued, user)
    draft = make_scorecard(issued, user, submitted=False)

    blind = {model: seen_by(user, model) for model in JUDGEMENTS}
    Scorecard.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=NOW)

    own = {Score: draft.scores.count(), Scorecard: 1}
    assert blind == {**dict.fromkeys(JUDGEMENTS, 0), **own}
    assert {model: seen_by(user, model) for model in JUDGEMENTS} == {
        **dict.fromkeys(JUDGEMENTS, 1),
        Score: 2 * own[Score],
        Scorecard: 2,
    }


@pytest.mark.parametrize(
    "facts", [{"kind": "calibration"}, {"state": "closed", "closed_at": NOW}], ids=["calibration", "closed"]
)
def test_visible_to_chair_who_owes_a_scorecard_that_nobody_waits_for_sees_judgements(issued, facts):
    user = make_user(Role.OFFICER, Role.CHAIR)
    assign(issued, user)
    Docket.objects.filter(pk=issued.docket_id).update(**facts)

    assert [model for model in JUDGEMENTS if not seen_by(user, model)] == []


def test_visible_to_chair_who_owes_one_scorecard_sees_the_other_proposals(issued):
    user = make_user(Role.OFFICER, Role.CHAIR)
    assign(ProposalFactory(docket=issued.docket), user)

    assert [model for model in JUDGEMENTS if not seen_by(user, model)] == []


def test_visible_to_superuser_without_role_sees_nothing(issued):
    root = make_user(is_superuser=True, is_staff=True)

    assert {model: seen_by(root, model) for model in ALL} == dict.fromkeys(ALL, 0)


def test_visible_to_inactive_chair_sees_nothing(issued):
    gone = make_user(Role.CHAIR, is_active=False)

    assert {model: seen_by(gone, model) for model in ALL} == dict.fromkeys(ALL, 0)


@pytest.mark.parametrize("roles", [[Role.CHAIR], [Role.COMMITTEE], [Role.OFFICER], list(Role)])
def test_visible_to_conflict_denies_every_row_of_that_proposal(issued, roles):
    user = make_user(*roles, is_superuser=True)
    assign(issued, user)
    bar(issued, user)

    assert {model: seen_by(user, model) for model in ALL} == dict.fromkeys(ALL, 0)


def test_visible_to_conflicted_sponsor_loses_names_and_own_scorecard(issued, officer):
    bar(issued, officer)

    assert {model: seen_by(officer, model) for model in ALL} == dict.fromkeys(ALL, 0)


def test_visible_to_conflict_leaves_other_proposals(issued, officer):
    other = ProposalFactory(docket=issued.docket)
    assign(other, officer)
    bar(issued, officer)

    assert list(Proposal.objects.visible_to(officer)) == [other]


def test_scorecards_of_others_stay_invisible_until_own_is_submitted(proposal, officer, other_officer):
    make_scorecard(proposal, other_officer)
    draft = make_scorecard(proposal, officer, submitted=False)

    before = list(Scorecard.objects.visible_to(officer))
    Scorecard.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=NOW)

    assert before == [draft]
    assert Scorecard.objects.visible_to(officer).count() == 2


def test_scorecards_of_a_later_round_need_own_of_that_round(proposal, officer, other_officer):
    first = make_scorecard(proposal, officer)
    other = make_scorecard(proposal, other_officer)
    make_discussion(proposal)
    second = make_scorecard(proposal, other_officer, round=2)

    before = set(Scorecard.objects.visible_to(officer))
    own = make_scorecard(proposal, officer, round=2)

    assert before == {first, other}
    assert set(Scorecard.objects.visible_to(officer)) == {first, other, second, own}


def test_drafts_of_others_are_invisible_to_the_chair(proposal, officer, chair):
    make_scorecard(proposal, officer, submitted=False)

    assert list(Scorecard.objects.visible_to(chair)) == []


def test_assessment_is_visible_once_own_scorecard_is_in(proposal, officer, other_officer):
    make_scorecard(proposal, other_officer)
    assess_proposal(proposal=proposal, by=None, at=NOW)

    before = seen_by(officer, Assessment)
    make_scorecard(proposal, officer)

    assert (before, seen_by(officer, Assessment)) == (0, 1)


def test_calibration_cases_are_for_every_officer(version, officer, committee):
    docket = DocketFactory(kind="calibration", rubric_version=version)
    case = ProposalFactory(docket=docket)

    assert list(Proposal.objects.visible_to(officer)) == [case]
    assert list(Docket.objects.visible_to(officer)) == [docket]
    assert list(Docket.objects.visible_to(committee)) == []


def test_dockets_are_visible_through_assignments_that_are_not_barred(proposal, officer, chair):
    outsider = make_user(Role.OFFICER)
    before = list(Docket.objects.visible_to(officer))
    bar(proposal, officer)

    assert before == [proposal.docket]
    assert list(Docket.objects.visible_to(officer)) == []
    assert list(Docket.objects.visible_to(outsider)) == []
    assert list(Docket.objects.visible_to(chair)) == [proposal.docket]


def test_committee_sees_only_issued_memos(issued, committee, officer):
    Memo.objects.create(
        proposal=issued, assessment=issued.assessments.get(), number="T2-2026-002", edition=2, content={},
        content_sha256="2" * 64, requested_by=officer, requested_at=NOW,
    )  # fmt: skip

    assert [memo.number for memo in Memo.objects.visible_to(committee)] == ["T2-2026-001"]
    assert list(Docket.objects.visible_to(committee)) == [issued.docket]


def test_participants_are_for_sponsor_and_chair(issued, officer, other_officer, chair):
    assert [seen_by(user, Participant) for user in (officer, other_officer, chair)] == [1, 0, 1]


def test_conflict_declarations_are_ones_own_and_the_chairs(proposal, officer, other_officer, chair):
    bar(proposal, other_officer)

    assert [ConflictDeclaration.objects.visible_to(user).count() for user in (officer, other_officer, chair)] == [
        1,
        1,
        2,
    ]


def test_organizers_are_for_officers_and_chairs(proposal, officer, chair, committee, admin_user):
    assert [seen_by(user, Organizer) for user in (officer, chair, committee, admin_user)] == [1, 1, 0, 0]


def test_events_are_for_auditors_without_what_a_conflict_bars(proposal, auditor, chair):
    record("a.thing", by=chair, at=NOW, target=proposal, proposal_id=proposal.pk)
    record("another.thing", by=None, at=NOW, target=chair)

    seen = Event.objects.visible_to(auditor, barred=frozenset({proposal.pk}))

    everything = {event.event for event in Event.objects.visible_to(auditor, barred=frozenset())}
    assert {"a.thing", "another.thing"} <= everything
    assert {event.event for event in seen} == everything - {"a.thing"}
    assert Event.objects.visible_to(chair, barred=frozenset()).count() == 0


@pytest.mark.parametrize("act", ["update", "delete"])
def test_events_are_append_only_in_the_database(proposal, act):
    event = record("a.thing", by=None, at=NOW, target=proposal)
    rows = Event.objects.filter(pk=event.pk)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(event="b") if act == "update" else rows._raw_delete("default")


@pytest.mark.parametrize(
    "facts", [{"content": {"a": 1}}, {"number": "x"}, {"pdf": "other.pdf"}, {"pdf_sha256": "3" * 64},
              {"state": "draft", "issued_at": None, "issued_by": None}],
)  # fmt: skip
def test_issued_memo_does_not_change_in_the_database(issued, facts):
    with pytest.raises(DatabaseError), transaction.atomic():
        Memo.objects.filter(proposal=issued).update(**facts)


def test_issued_memo_cannot_be_deleted(issued):
    with pytest.raises(DatabaseError, match="issued memos are kept"), transaction.atomic():
        Memo.objects.filter(proposal=issued)._raw_delete("default")
