import datetime as dt
import uuid
from dataclasses import replace

import pytest

from proposals.models import Answer, CellChange, Discussion, Docket, PathwayCard, Score, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import EMPTY, CellAnswer, Recommendation, risk_answer, version_of
from proposals.services.locking import DocketClosedError, ProposalNotVisibleError
from proposals.services.refused_answers import CellRefusedError, GradeTooHighError
from proposals.services.saving import Proposed, save_cells
from proposals.services.scoring_locks import NotScorableError, RoundClosedError, ScorecardSubmittedError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, ProposalFactory, assign, bar, make_evidence, make_scorecard, make_user
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


def test_save_cells_first_time_makes_draft_of_round_1(proposal, officer):
    saved = save(proposal, officer, {"stakes": SCORED(value=2, grade=1, rationale="Why.")})

    scorecard = Scorecard.objects.get()
    assert (scorecard.state, scorecard.round, scorecard.proposal_revision) == ("draft", 1, 1)
    assert scorecard.rubric_version_id == proposal.docket.rubric_version_id
    assert answers_of(scorecard) == {"stakes": SCORED(value=2, grade=1, rationale="Why.")}
    assert (saved.answers, saved.is_clean) == (answers_of(scorecard), True)


def test_save_cells_first_time_with_nothing_makes_an_empty_draft(proposal, officer):
    save(proposal, officer, {"stakes": None})

    assert (Scorecard.objects.get().scores.count(), CellChange.objects.count()) == (0, 0)


def test_save_cells_keeps_every_kind_of_answer(proposal, officer):
    cited = make_evidence(proposal, grade=3)
    cells = {
        "route.a": SCORED(value=4, grade=3, rationale="Letter.", citations=frozenset({cited.pk})),
        "route.b": UNKNOWN,
        "cross-party": CellAnswer(Answer.NOT_APPLICABLE),
        "stakes": WORDS,
        "focus": CellAnswer(Answer.OPEN, citations=frozenset({cited.pk})),
        "hotwash": SCORED(value=0, grade=1),
        "disinformation": SCORED(likelihood=3, consequence=0, citations=frozenset({cited.pk})),
        "influence-operations": SCORED(likelihood=3),
        "information-hazard": UNKNOWN,
        "hampering-track-1": risk_answer(None, 4, open_level="likelihood", rationale="Half."),
        "intelligence-collection": risk_answer(None, None, open_level="both", rationale="Words first."),
    }

    save(proposal, officer, cells)

    assert answers_of(Scorecard.objects.get()) == cells


def test_save_cells_without_a_grade_takes_the_best_cited(proposal, officer):
    cited = frozenset(make_evidence(proposal, grade=grade).pk for grade in (1, 3))

    saved = save(proposal, officer, {"stakes": SCORED(value=4, citations=cited), "focus": SCORED(value=2)})

    assert {key: said.grade for key, said in saved.answers.items()} == {"stakes": 3, "focus": 1}


def test_save_cells_none_deletes_the_row_and_leaves_the_others(proposal, officer):
    save(proposal, officer, {"route.a": UNKNOWN, "route.b": UNKNOWN, "stakes": UNKNOWN})

    save(proposal, officer, {"route.a": None}, at=LATER)

    assert answers_of(Scorecard.objects.get()) == {"route.b": UNKNOWN, "stakes": UNKNOWN}


def test_save_cells_changes_the_row_that_there_is(proposal, officer):
    old, new = (make_evidence(proposal, grade=2) for _ in range(2))
    save(proposal, officer, {"stakes": SCORED(value=1, citations=frozenset({old.pk}))})
    row = Score.objects.get()

    save(proposal, officer, {"stakes": SCORED(value=3, citations=frozenset({new.pk}))}, at=LATER)

    row.refresh_from_db()
    assert (row.value, row.grade, list(row.citations.all()), row.updated_at) == (3, 2, [new], LATER)


def test_save_cells_of_a_theory_no_longer_claimed_is_refused(proposal, officer):
    save(proposal, officer, {"diplomatic-subsidy": UNKNOWN})
    PathwayCard.objects.all().delete()

    with pytest.raises(CellRefusedError):
        save(proposal, officer, {"diplomatic-subsidy": None})


def test_save_cells_same_content_again_changes_nothing(proposal, officer):
    first = save(proposal, officer, {"stakes": UNKNOWN}, band="fund", reason="Sound.")

    again = save(proposal, officer, {"stakes": UNKNOWN}, band="fund", reason="Sound.", at=LATER)

    assert again.scorecard.updated_at == first.scorecard.updated_at
    assert CellChange.objects.count() == 2


def test_save_cells_whose_reply_was_lost_counts_as_saved(proposal, officer):
    save(proposal, officer, {"stakes": UNKNOWN})

    again = save(proposal, officer, {"stakes": UNKNOWN}, seen={"stakes": EMPTY}, at=LATER)

    assert (again.is_clean, again.answers) == (True, {"stakes": UNKNOWN})


def test_save_cells_changed_elsewhere_is_a_clash_and_keeps_what_is_stored(proposal, officer):
    save(proposal, officer, {"stakes": SCORED(value=1, grade=1)})

    saved = save(proposal, officer, {"stakes": UNKNOWN, "focus": UNKNOWN}, seen={"stakes": EMPTY}, at=LATER)

    assert saved.clashes == {"stakes"}
    assert saved.answers == {"stakes": SCORED(value=1, grade=1), "focus": UNKNOWN}
    assert answers_of(Scorecard.objects.get()) == saved.answers


def test_save_cells_untouched_by_their_writer_leaves_what_was_saved_elsewhere(proposal, officer):
    save(proposal, officer, {"stakes": SCORED(value=1, grade=1)})

    saved = save(proposal, officer, {"stakes": UNKNOWN}, seen={"stakes": version_of(UNKNOWN)})

    assert (saved.is_clean, saved.untouched) == (True, {"stakes"})
    assert saved.answers == {"stakes": SCORED(value=1, grade=1)}


def test_save_cells_recommendation_changed_elsewhere_is_a_clash(proposal, officer):
    save(proposal, officer, band="fund", reason="Sound.")

    saved = save(proposal, officer, band="decline", reason="No.", seen={"": version_of(Recommendation())})

    assert (saved.recommendation_clashes, saved.is_clean) == (True, False)
    assert saved.recommendation == Recommendation("fund", "Sound.")
    assert Scorecard.objects.get().recommendation == "fund"


def test_save_cells_recommendation_untouched_leaves_what_was_saved_elsewhere(proposal, officer):
    save(proposal, officer, band="fund", reason="Sound.")

    saved = save(proposal, officer, band="", reason="", seen={"": version_of(Recommendation())})

    assert (saved.recommendation_untouched, saved.is_clean) == (True, True)
    assert saved.recommendation == Recommendation("fund", "Sound.")


def test_save_cells_first_time_keeps_the_revision_that_the_page_showed(proposal, officer):
    type(proposal).objects.update(revision=3)

    assert save(proposal, officer, {"stakes": UNKNOWN}, revision=2).scorecard.proposal_revision == 2


def test_save_cells_writes_the_history(proposal, officer):
    cited = make_evidence(proposal, grade=2)
    save(proposal, officer, {"stakes": SCORED(value=3, citations=frozenset({cited.pk}))})

    save(proposal, officer, {"stakes": None}, band="fund", reason="Sound.", at=LATER)

    facts = {"likelihood": None, "consequence": None, "open_level": "", "rationale": ""}
    said = {"answer": "scored", "value": 3, "grade": 2, "citations": [cited.number], **facts}
    assert list(CellChange.objects.order_by("pk").values_list("cell", "before", "after", "at", "by")) == [
        ("stakes", None, said, NOW, officer.pk),
        ("stakes", said, None, LATER, officer.pk),
        (
            "",
            {"recommendation": "", "reason": ""},
            {"recommendation": "fund", "reason": "Sound."},
            LATER,
            officer.pk,
        ),
    ]


def test_save_cells_records_that_the_scorecard_was_started_and_no_more(proposal, officer):
    saved = save(proposal, officer, {"stakes": UNKNOWN})
    save(proposal, officer, {"stakes": None})

    [event] = Event.objects.filter(target_type="proposals.scorecard")
    assert (event.event, event.target_id, event.proposal_id) == (
        "scorecard.started",
        str(saved.scorecard.pk),
        proposal.pk,
    )


@pytest.mark.parametrize(("seen", "kept"), [(None, 5), (4, 4), (2, 3), (9, 5)])
def test_save_cells_keeps_for_which_revision_of_the_record(proposal, officer, seen, kept):
    type(proposal).objects.update(revision=3)
    save(proposal, officer, {"stakes": UNKNOWN})
    type(proposal).objects.update(revision=5)

    saved = save(proposal, officer, {"stakes": None}, revision=seen)

    assert saved.scorecard.proposal_revision == kept


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("stakes", SCORED(value=5, grade=1)),
        ("stakes", SCORED(value=None, grade=1)),
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
        ("hotwash", CellAnswer(Answer.OPEN, likelihood=2)),
        ("hotwash", CellAnswer(Answer.OPEN, open_level="both")),
        ("disinformation", CellAnswer(Answer.OPEN)),
        ("disinformation", SCORED(likelihood=2, open_level="consequence")),
    ],
)
def test_save_cells_answer_that_cell_does_not_take_is_refused(proposal, officer, key, said):
    with pytest.raises(CellRefusedError):
        save(proposal, officer, {key: said})

    assert Scorecard.objects.count() == 0


@pytest.mark.parametrize(("cited", "grade"), [([], 2), ([2], 3), ([0, 2], 3), ([0], 1)])
def test_save_cells_grade_above_best_cited_evidence_is_refused(proposal, officer, cited, grade):
    citations = frozenset(make_evidence(proposal, grade=one).pk for one in cited)

    with pytest.raises(GradeTooHighError):
        save(proposal, officer, {"stakes": SCORED(value=2, grade=grade, citations=citations)})


def test_save_cells_evidence_of_another_proposal_is_refused(proposal, officer):
    other = make_evidence(ProposalFactory())

    with pytest.raises(CellRefusedError):
        save(proposal, officer, {"stakes": SCORED(value=2, grade=2, citations=frozenset({other.pk}))})


def test_save_cells_unknown_recommendation_is_refused(proposal, officer):
    with pytest.raises(CellRefusedError):
        save(proposal, officer, band="maybe")


def test_save_cells_of_someone_else_is_refused(proposal, officer):
    with pytest.raises(ProposalNotVisibleError):
        save(proposal, officer, by=make_user(Role.OFFICER))


def test_save_cells_not_assigned_is_refused(proposal):
    with pytest.raises(ProposalNotVisibleError):
        save(proposal, make_user(Role.OFFICER))


def test_save_cells_barred_is_refused(proposal, officer):
    bar(proposal, officer)

    with pytest.raises(ProposalNotVisibleError):
        save(proposal, officer)


def test_save_cells_in_closed_docket_is_refused(proposal, officer):
    Docket.objects.update(state="closed", closed_at=NOW)

    with pytest.raises(DocketClosedError):
        save(proposal, officer)


@pytest.mark.parametrize("sides", [["a", "b"], ["a", "b", "c", "d"]])
def test_save_cells_queries_do_not_grow_with_cells(officer, sides, django_assert_num_queries):
    proposal = ProposalFactory(sides=sides)
    assign(proposal, officer)
    cited = frozenset(make_evidence(proposal, grade=2).pk for _ in sides)
    saved = save(proposal, officer, with_citations(full_cells(proposal), frozenset()))
    changed = with_citations(full_cells(proposal, value=3), cited)
    proposed = {key: Proposed(said, version_of(saved.answers[key])) for key, said in changed.items()}

    with django_assert_num_queries(18):
        save_cells(proposal_id=proposal.pk, officer=officer, cells=proposed, by=officer, at=LATER)


def with_citations(cells, cited):
    return {key: replace(said, citations=cited) for key, said in cells.items()}


def test_save_cells_submitted_is_refused(proposal, officer):
    make_scorecard(proposal, officer)

    with pytest.raises(ScorecardSubmittedError):
        save(proposal, officer, {"stakes": UNKNOWN})


def test_save_cells_as_a_chair_who_is_not_assigned_is_refused(proposal):
    with pytest.raises(NotScorableError):
        save(proposal, make_user(Role.CHAIR, Role.OFFICER))


def test_save_cells_before_the_statement_on_conflicts_is_refused(officer):
    proposal = ProposalFactory()
    assign(proposal, officer, stated=False)

    with pytest.raises(NotScorableError):
        save(proposal, officer, {"stakes": UNKNOWN})


def test_save_cells_of_no_proposal_is_refused(proposal, officer):
    proposal.pk = uuid.uuid4()

    with pytest.raises(ProposalNotVisibleError):
        save(proposal, officer)


@pytest.fixture
def round_two(proposal, officer):
    make_scorecard(proposal, officer)
    Discussion.objects.create(
        proposal=proposal,
        rubric_version=proposal.docket.rubric_version,
        cells=[{"cell": "stakes", "reasons": ["gap"]}],
        opened_by=make_user(Role.CHAIR),
        opened_at=NOW,
    )
    return make_scorecard(proposal, officer, round=2, submitted=False)


def test_save_cells_in_round_2_takes_the_flagged_ones(proposal, officer, round_two):
    save(proposal, officer, {"stakes": UNKNOWN})

    assert answers_of(round_two)["stakes"] == UNKNOWN


@pytest.mark.parametrize("is_closed", [False, True])
def test_save_cells_in_round_2_refuses_what_is_not_open(proposal, officer, round_two, is_closed):
    if is_closed:
        Discussion.objects.update(closed_at=NOW, closed_by=officer)

    with pytest.raises(RoundClosedError):
        save(proposal, officer, {"stakes" if is_closed else "focus": UNKNOWN})


@pytest.mark.parametrize("cites", [False, True])
@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("route.a", SCORED(value=2, rationale="Again.")),
        ("stakes", SCORED(value=2, rationale="Again.")),
        ("hotwash", SCORED(value=2)),
        ("disinformation", SCORED(likelihood=2, consequence=2)),
        ("stakes", None),
    ],
)
def test_save_cells_one_cell_again_takes_few_queries(proposal, officer, key, said, cites, django_assert_num_queries):
    old, new = (frozenset({make_evidence(proposal, grade=2).pk}) for _ in range(2))
    first = with_citations(full_cells(proposal, value=3, rationale="First."), old if cites else frozenset())
    saved = save(proposal, officer, first)
    if said and cites:
        said = replace(said, citations=old | new)
    proposed = {key: Proposed(said, version_of(saved.answers[key]))}
    own = {"proposal_id": proposal.pk, "officer": officer, "by": officer, "at": LATER}

    with django_assert_num_queries(9 + (2 if said else 1) * cites + 2 * (said is None)):
        save_cells(cells=proposed, **own)
