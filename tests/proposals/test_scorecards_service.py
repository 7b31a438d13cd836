import datetime as dt
from dataclasses import replace
from functools import partial

import pytest

from proposals.models import Answer, Assessment, Docket, Scorecard
from proposals.services.answers import CellAnswer, answers_of, cap_note
from proposals.services.grids import load_grid
from proposals.services.locking import DocketClosedError, ProposalNotVisibleError
from proposals.services.scorecards import (
    CellRefusedError,
    GradeTooHighError,
    NotScorableError,
    ScorecardChangedError,
    ScorecardIncompleteError,
    ScorecardSubmittedError,
    save_scorecard,
    submit_scorecard,
)
from rubrics.models import Risk
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, ProposalFactory, assign, bar, make_evidence, make_user, make_version

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)
SCORED = partial(CellAnswer, Answer.SCORED)
UNKNOWN = CellAnswer(Answer.NOT_ENOUGH_INFORMATION)


@pytest.fixture
def officer():
    return make_user(Role.OFFICER)


@pytest.fixture
def proposal(officer):
    proposal = ProposalFactory()
    assign(proposal, officer)
    return proposal


def save(proposal, officer, cells=None, **facts):
    arguments = {
        "recommendation": "",
        "recommendation_reason": "",
        "expected_updated_at": None,
        "by": officer,
        "at": NOW,
    }
    return save_scorecard(proposal=proposal, officer=officer, cells=cells or {}, **(arguments | facts))


def full_cells(proposal, value=2, rationale="Seen in the agenda."):
    levels = SCORED(likelihood=value, consequence=3, rationale=rationale)
    score = SCORED(value=value, grade=1, rationale=rationale)
    cells = load_grid(proposal).cells
    return {key: levels if isinstance(cell.part, Risk) else score for key, cell in cells.items()}


def test_save_scorecard_first_time_makes_draft_of_round_1(proposal, officer):
    scorecard = save(proposal, officer, {"stakes": SCORED(value=2, grade=1, rationale="Why.")})

    assert (scorecard.state, scorecard.round, scorecard.proposal_revision) == ("draft", 1, 1)
    assert scorecard.rubric_version_id == proposal.docket.rubric_version_id
    assert answers_of(scorecard) == {"stakes": SCORED(value=2, grade=1, rationale="Why.")}


def test_save_scorecard_keeps_every_kind_of_answer(proposal, officer):
    cited = make_evidence(proposal, grade=3)
    cells = {
        "route.a": SCORED(value=4, grade=3, rationale="Letter.", citations=frozenset({cited.pk})),
        "route.b": UNKNOWN,
        "cross-party": CellAnswer(Answer.NOT_APPLICABLE),
        "hotwash": SCORED(value=0, grade=1),
        "disinformation": SCORED(likelihood=3, consequence=0, citations=frozenset({cited.pk})),
        "influence-operations": SCORED(likelihood=3),
        "information-hazard": UNKNOWN,
    }

    scorecard = save(proposal, officer, cells)

    assert answers_of(scorecard) == cells


def test_save_scorecard_open_cell_deletes_its_row_and_leaves_the_others(proposal, officer):
    first = save(proposal, officer, {"route.a": UNKNOWN, "route.b": UNKNOWN, "stakes": UNKNOWN})

    second = save(proposal, officer, {"route.a": None}, expected_updated_at=first.updated_at, at=LATER)

    assert answers_of(second) == {"route.b": UNKNOWN, "stakes": UNKNOWN}


def test_save_scorecard_records_event(proposal, officer):
    scorecard = save(proposal, officer, {"stakes": UNKNOWN})

    event = Event.objects.get(event="scorecard.saved")
    assert (event.target_id, event.proposal_id, event.details) == (str(scorecard.pk), proposal.pk, {"cells": 1})


def test_save_scorecard_same_content_again_changes_nothing(proposal, officer):
    first = save(proposal, officer, {"stakes": UNKNOWN})

    again = save(proposal, officer, {"stakes": UNKNOWN}, at=LATER)

    assert again.updated_at == first.updated_at
    assert Event.objects.filter(event="scorecard.saved").count() == 1


def test_save_scorecard_changed_elsewhere_is_refused_and_keeps_what_is_stored(proposal, officer):
    opened = save(proposal, officer, {"stakes": UNKNOWN})
    save(proposal, officer, {"stakes": None}, expected_updated_at=opened.updated_at, at=LATER)

    with pytest.raises(ScorecardChangedError):
        save(proposal, officer, {"stakes": SCORED(value=1, grade=1)}, expected_updated_at=opened.updated_at, at=LATER)

    assert answers_of(Scorecard.objects.get()) == {}


def test_save_scorecard_second_tab_opened_before_first_save_is_refused(proposal, officer):
    save(proposal, officer, {"stakes": UNKNOWN})

    with pytest.raises(ScorecardChangedError):
        save(proposal, officer, {"focus": UNKNOWN}, expected_updated_at=None, at=LATER)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("stakes", SCORED(value=5, grade=1)),
        ("stakes", SCORED(value=None, grade=1)),
        ("stakes", SCORED(value=2, grade=None)),
        ("stakes", SCORED(value=2, grade=5)),
        ("stakes", CellAnswer(Answer.NOT_APPLICABLE)),
        ("stakes", CellAnswer(Answer.NOT_ENOUGH_INFORMATION, value=2)),
        ("hotwash", CellAnswer(Answer.NOT_APPLICABLE)),
        ("disinformation", SCORED(likelihood=0, consequence=1)),
        ("disinformation", SCORED(likelihood=6, consequence=1)),
        ("disinformation", SCORED(likelihood=1, consequence=6)),
        ("disinformation", SCORED(likelihood=1, consequence=-1)),
        ("disinformation", SCORED(value=3, grade=1)),
        ("disinformation", CellAnswer(Answer.NOT_APPLICABLE)),
        ("route", UNKNOWN),
        ("route.c", UNKNOWN),
        ("information-exchange", UNKNOWN),
        ("nothing", UNKNOWN),
    ],
)
def test_save_scorecard_answer_that_cell_does_not_take_is_refused(proposal, officer, key, said):
    with pytest.raises(CellRefusedError):
        save(proposal, officer, {key: said})

    assert Scorecard.objects.count() == 0


@pytest.mark.parametrize(("cited", "grade"), [([], 2), ([2], 3), ([0, 2], 3), ([0], 1)])
def test_save_scorecard_grade_above_best_cited_evidence_is_refused(proposal, officer, cited, grade):
    citations = frozenset(make_evidence(proposal, grade=one).pk for one in cited)

    with pytest.raises(GradeTooHighError):
        save(proposal, officer, {"stakes": SCORED(value=2, grade=grade, citations=citations)})


def test_save_scorecard_evidence_of_another_proposal_is_refused(proposal, officer):
    other = make_evidence(ProposalFactory())

    with pytest.raises(CellRefusedError):
        save(proposal, officer, {"stakes": SCORED(value=2, grade=2, citations=frozenset({other.pk}))})


def test_save_scorecard_unknown_recommendation_is_refused(proposal, officer):
    with pytest.raises(CellRefusedError):
        save(proposal, officer, recommendation="maybe")


def test_save_scorecard_of_someone_else_is_refused(proposal, officer):
    with pytest.raises(ProposalNotVisibleError):
        save(proposal, officer, by=make_user(Role.OFFICER))


def test_save_scorecard_not_assigned_is_refused(proposal):
    with pytest.raises(ProposalNotVisibleError):
        save(proposal, make_user(Role.OFFICER))


def test_save_scorecard_barred_is_refused(proposal, officer):
    bar(proposal, officer)

    with pytest.raises(ProposalNotVisibleError):
        save(proposal, officer)


def test_save_scorecard_in_closed_docket_is_refused(proposal, officer):
    Docket.objects.update(state="closed", closed_at=NOW)

    with pytest.raises(DocketClosedError):
        save(proposal, officer)


@pytest.mark.parametrize("sides", [["a", "b"], ["a", "b", "c", "d"]])
def test_save_scorecard_queries_do_not_grow_with_cells(officer, sides, django_assert_num_queries):
    proposal = ProposalFactory(sides=sides)
    assign(proposal, officer)
    cited = frozenset(make_evidence(proposal, grade=2).pk for _ in sides)
    first = save(proposal, officer, with_citations(full_cells(proposal), cited))
    changed = with_citations(full_cells(proposal, value=3), cited)

    with django_assert_num_queries(49):
        save(proposal, officer, changed, expected_updated_at=first.updated_at, at=LATER)


def with_citations(cells, cited):
    return {key: replace(said, citations=cited) for key, said in cells.items()}


def submit(proposal, officer, cells, **facts):
    words = {"recommendation": "fund", "recommendation_reason": "On balance."}
    scorecard = save(proposal, officer, cells, **(words | facts))
    return submit_scorecard(scorecard=scorecard, by=officer, at=LATER)


def test_submit_scorecard_complete_is_submitted_and_assessed(proposal, officer):
    scorecard = submit(proposal, officer, full_cells(proposal))

    assert (scorecard.state, scorecard.submitted_at) == ("submitted", LATER)
    assert Assessment.objects.get().created_at == LATER
    assert Event.objects.filter(event="scorecard.submitted", target_id=str(scorecard.pk)).count() == 1


def test_submit_scorecard_all_unknown_needs_no_reasons(proposal, officer):
    scorecard = submit(proposal, officer, dict.fromkeys(load_grid(proposal).cells, UNKNOWN))

    assert scorecard.state == "submitted"


def test_submit_scorecard_open_lists_every_cell_and_the_recommendation(proposal, officer):
    with pytest.raises(ScorecardIncompleteError) as refusal:
        submit(proposal, officer, {}, recommendation="", recommendation_reason="")

    cells = [f"cell-{key}" for key in load_grid(proposal).cells]
    assert [one.place for one in refusal.value.missing] == [
        *cells,
        "id_recommendation",
        "id_recommendation_reason",
    ]
    assert Scorecard.objects.get().state == "draft"
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "said", "what"),
    [
        ("additionality", SCORED(value=0, grade=1), "write the reason: a 0 needs one"),
        ("additionality", SCORED(value=1, grade=1), "write the reason: a 1 needs one"),
        ("additionality", SCORED(value=4, grade=1), "write the reason: a 4 needs one"),
        ("hotwash", SCORED(value=4, grade=1), "write the reason: a 4 needs one"),
        ("stakes", SCORED(value=2, grade=1), "write the reason: a gate looks at this answer"),
        ("diplomatic-subsidy", SCORED(value=2, grade=1), "write the reason: a gate looks at this answer"),
        ("link.b", SCORED(value=3, grade=1), "write the reason: a gate looks at this answer"),
        ("hampering-track-1", SCORED(likelihood=2, consequence=2), "write the reason: a gate looks at this answer"),
    ],
)
def test_submit_scorecard_reason_missing_is_listed(proposal, officer, key, said, what):
    with pytest.raises(ScorecardIncompleteError) as refusal:
        submit(proposal, officer, full_cells(proposal) | {key: said})

    assert [(one.place, one.what) for one in refusal.value.missing] == [(f"cell-{key}", what)]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("additionality", SCORED(value=2, grade=1)),
        ("additionality", SCORED(value=3, grade=1)),
        ("disinformation", SCORED(likelihood=1, consequence=1)),
        ("stakes", UNKNOWN),
    ],
)
def test_submit_scorecard_reason_not_needed_is_submitted(proposal, officer, key, said):
    scorecard = submit(proposal, officer, full_cells(proposal) | {key: said})

    assert scorecard.state == "submitted"


def test_submit_scorecard_evidence_lowered_since_is_listed(proposal, officer):
    cited = make_evidence(proposal, grade=3)
    cell = {"stakes": SCORED(value=3, grade=3, rationale="Why.", citations=frozenset({cited.pk}))}
    scorecard = save(
        proposal, officer, full_cells(proposal) | cell, recommendation="fund", recommendation_reason="On balance."
    )
    proposal.evidence.update(grade=1)

    with pytest.raises(ScorecardIncompleteError) as refusal:
        submit_scorecard(scorecard=scorecard, by=officer, at=LATER)

    assert [one.place for one in refusal.value.missing] == ["cell-stakes"]


def test_submitted_scorecard_takes_neither_save_nor_submit(proposal, officer):
    scorecard = submit(proposal, officer, full_cells(proposal))

    with pytest.raises(ScorecardSubmittedError):
        save(proposal, officer, {"stakes": UNKNOWN}, expected_updated_at=scorecard.updated_at)
    with pytest.raises(ScorecardSubmittedError):
        submit_scorecard(scorecard=scorecard, by=officer, at=LATER)


def test_submit_scorecard_of_someone_else_is_refused(proposal, officer):
    scorecard = save(proposal, officer, full_cells(proposal))

    with pytest.raises(NotScorableError):
        submit_scorecard(scorecard=scorecard, by=make_user(Role.CHAIR), at=LATER)


@pytest.mark.parametrize(
    ("value", "grade", "note"),
    [
        (4, 1, "A 4 needs E3; this rests on E1: counted as 2."),
        (3, 1, "A 3 needs E2; this rests on E1: counted as 2."),
        (4, 2, "A 4 needs E3; this rests on E2: counted as 3."),
        (4, 3, ""),
        (2, 0, ""),
        (None, None, ""),
    ],
)
def test_cap_note_says_what_the_cap_does(value, grade, note):
    version = make_version()

    assert cap_note(version, value, grade) == note


def test_cap_note_where_no_grade_is_enough_says_so():
    version = make_version()
    version.evidence_caps = [0, 1, 2, 3, 3]

    assert cap_note(version, 4, 4) == "No evidence carries a 4; this rests on E4: counted as 3."
