import datetime as dt

import pytest

from proposals.models import Answer, Assessment, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import CellAnswer, cap_note, risk_answer
from proposals.services.grids import load_grid
from proposals.services.scorecards import NotDeclinedError, ScorecardIncompleteError, leave_rest, submit_scorecard
from proposals.services.scoring_locks import NotScorableError, RoundClosedError, ScorecardSubmittedError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, ProposalFactory, assign, make_evidence, make_scorecard, make_user, make_version
from tests.proposals.savings import SCORED, UNKNOWN, full_cells, save

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)
WORDS = CellAnswer(Answer.OPEN, rationale="Not yet sure.")


@pytest.fixture
def officer():
    return make_user(Role.OFFICER)


@pytest.fixture
def proposal(officer):
    proposal = ProposalFactory()
    assign(proposal, officer)
    return proposal


def submit(proposal, officer, cells, **facts):
    saved = save(proposal, officer, cells, **({"band": "fund", "reason": "On balance."} | facts))
    return submit_scorecard(scorecard=saved.scorecard, by=officer, at=LATER)


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
        submit(proposal, officer, {}, band="", reason="")

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
    scorecard = save(proposal, officer, full_cells(proposal) | cell, band="fund", reason="On balance.").scorecard
    proposal.evidence.update(grade=1)

    with pytest.raises(ScorecardIncompleteError) as refusal:
        submit_scorecard(scorecard=scorecard, by=officer, at=LATER)

    assert [one.place for one in refusal.value.missing] == ["cell-stakes"]


def test_submit_scorecard_submitted_is_refused(proposal, officer):
    scorecard = submit(proposal, officer, full_cells(proposal))

    with pytest.raises(ScorecardSubmittedError):
        submit_scorecard(scorecard=scorecard, by=officer, at=LATER)


def test_submit_scorecard_of_someone_else_is_refused(proposal, officer):
    scorecard = save(proposal, officer, full_cells(proposal)).scorecard

    with pytest.raises(NotScorableError):
        submit_scorecard(scorecard=scorecard, by=make_user(Role.CHAIR), at=LATER)


def test_submit_scorecard_words_without_an_answer_are_listed_as_open(proposal, officer):
    words = {
        "stakes": CellAnswer(Answer.OPEN, rationale="Words."),
        "disinformation": risk_answer(2, None, open_level="consequence"),
    }

    with pytest.raises(ScorecardIncompleteError) as refusal:
        submit(proposal, officer, full_cells(proposal) | words)

    assert [(one.place, one.what) for one in refusal.value.missing] == [
        ("cell-stakes", "still open"),
        ("cell-disinformation", "still open"),
    ]


def declined(proposal):
    """Answers that fail a gate that declines: no claim is as good as 2."""
    return {"diplomatic-subsidy": SCORED(value=1, grade=1, rationale="Topics only."), "stakes": WORDS}


def test_leave_rest_where_a_gate_has_failed_answers_what_is_open(proposal, officer):
    scorecard = save(proposal, officer, declined(proposal), band="decline", reason="No mechanism.").scorecard

    leave_rest(scorecard=scorecard, by=officer, at=LATER)

    said = answers_of(scorecard)
    assert said.pop("diplomatic-subsidy").value == 1
    assert said.pop("stakes") == CellAnswer(Answer.NOT_ENOUGH_INFORMATION, rationale="Not yet sure.")
    assert set(said.values()) == {UNKNOWN}
    assert submit_scorecard(scorecard=scorecard, by=officer, at=LATER).state == "submitted"


def test_leave_rest_where_no_gate_has_failed_is_refused(proposal, officer):
    scorecard = save(proposal, officer, {"stakes": SCORED(value=3, grade=1)}).scorecard

    with pytest.raises(NotDeclinedError):
        leave_rest(scorecard=scorecard, by=officer, at=LATER)

    assert list(answers_of(scorecard)) == ["stakes"]


def test_submit_scorecard_of_an_earlier_round_is_refused(proposal, officer):
    first = make_scorecard(proposal, officer)
    make_scorecard(proposal, officer, round=2, submitted=False)

    with pytest.raises(RoundClosedError):
        submit_scorecard(scorecard=first, by=officer, at=LATER)


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
