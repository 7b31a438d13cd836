"""What the database itself refuses, on both engines, whoever writes and through whichever page or tool."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from proposals.models import (
    Check,
    ConflictDeclaration,
    Consensus,
    Docket,
    Evidence,
    GateOverride,
    Memo,
    MemoJob,
    MemoPrediction,
    MemoWords,
    Participant,
    ProposalRevision,
    Score,
    Scorecard,
    TransferMechanism,
)
from proposals.services.assessing import assess_proposal
from rubrics.models import Criterion, Rubric, RubricVersion, Section
from t2eval.audit.models import Event
from t2eval.audit.services import record
from tests.factories import NOW, ProposalFactory, bar, make_check, make_evidence, make_scorecard
from tests.memo_rows import make_memo

pytestmark = pytest.mark.django_db


def refused(act, match=None):
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        act()


@pytest.fixture
def draft(proposal, officer):
    return make_scorecard(proposal, officer, submitted=False)


@pytest.fixture
def stranger(proposal):
    """Another proposal of the docket."""
    return ProposalFactory(docket=proposal.docket)


def undivided(card):
    return card.scores.filter(criterion__per_side=False)


def divided(card):
    return card.scores.filter(criterion__per_side=True)


def strict(card):
    return undivided(card).filter(criterion__not_applicable_allowed=False)


OFF_SCALE = [
    (undivided, {"value": 5}, "on the scale"),
    (undivided, {"value": 99}, "on the scale"),
    (undivided, {"grade": 5}, None),
    (undivided, {"answer": "perhaps"}, None),
    (strict, {"answer": "not_applicable", "value": None, "grade": None}, "always applies"),
    (divided, {"side": None}, "per side"),
    (lambda card: card.mitigation_scores, {"value": 5}, "on the scale"),
    (lambda card: card.risk_scores, {"likelihood": 0}, None),
    (lambda card: card.risk_scores, {"likelihood": 6}, "on the scale"),
    (lambda card: card.risk_scores, {"consequence": 6}, "on the scale"),
    (lambda card: card.risk_scores, {"consequence": 99}, "on the scale"),
]


@pytest.mark.parametrize(("cells", "facts", "match"), OFF_SCALE)
def test_cell_that_does_not_fit_its_criterion_is_refused_when_changed_and_when_new(draft, cells, facts, match):
    cell = cells(draft).first()

    refused(lambda: type(cell).objects.filter(pk=cell.pk).update(**facts), match)
    type(cell).objects.filter(pk=cell.pk).delete()
    for name, value in facts.items():
        setattr(cell, name, value)
    refused(lambda: cell.save(force_insert=True), match)


def test_cell_at_the_ends_of_its_scale_is_taken(draft):
    taken = [
        undivided(draft).update(value=4) > 0,
        draft.risk_scores.update(likelihood=5, consequence=5) > 0,
        draft.risk_scores.update(likelihood=None, consequence=0) > 0,
        draft.mitigation_scores.update(value=0) > 0,
    ]

    assert taken == [True, True, True, True]


def test_score_of_an_undivided_criterion_with_a_side_is_refused(draft, proposal):
    score = undivided(draft).first()

    refused(lambda: Score.objects.filter(pk=score.pk).update(side=proposal.sides.first()), "per side")


def test_score_for_a_side_of_another_proposal_is_refused(draft, stranger):
    score = divided(draft).first()

    refused(lambda: Score.objects.filter(pk=score.pk).update(side=stranger.sides.first()), "a side belongs")


def test_score_of_a_criterion_of_another_version_is_refused(draft, version):
    other = RubricVersion.objects.create(rubric=version.rubric, number=7, top_score=5, evidence_caps=[])
    section = Section.objects.create(version=other, position=1, key="s", weight=1, rule="mean")
    criterion = Criterion.objects.create(section=section, position=1, key="c", weight=1)

    refused(
        lambda: undivided(draft).filter(pk=undivided(draft).first().pk).update(criterion=criterion), "version of its"
    )


@pytest.mark.parametrize("cells", ["scores", "mitigation_scores", "risk_scores"])
def test_citation_of_another_proposals_evidence_is_refused(draft, stranger, cells):
    evidence = make_evidence(stranger)

    refused(lambda: getattr(draft, cells).first().citations.add(evidence), "its own proposal")


@pytest.mark.parametrize("cells", ["scores", "mitigation_scores", "risk_scores"])
@pytest.mark.parametrize("act", ["insert", "update", "delete", "cite", "uncite"])
def test_cells_of_a_submitted_scorecard_do_not_change(draft, proposal, cells, act):
    cited, other = make_evidence(proposal), make_evidence(proposal)
    kept, gone = getattr(draft, cells).all()[:2]
    kept.citations.add(cited)
    gone.delete()
    Scorecard.objects.filter(pk=draft.pk).update(state="submitted", submitted_at=NOW)
    rows = type(kept).objects.filter(pk=kept.pk)
    uncited = type(kept).objects.exclude(citations=cited).filter(scorecard=draft)
    acts = {
        "insert": lambda: gone.save(force_insert=True),
        "update": lambda: rows.update(rationale="After the fact."),
        "delete": lambda: uncited._raw_delete("default"),
        "cite": lambda: kept.citations.add(other),
        "uncite": kept.citations.clear,
    }

    refused(acts[act], "submitted scorecard")


def test_cell_of_a_draft_does_not_move_to_a_submitted_scorecard(draft, proposal, other_officer):
    submitted = make_scorecard(proposal, other_officer)

    refused(lambda: undivided(draft).update(scorecard=submitted), "submitted scorecard")


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "draft", "submitted_at": None},
        {"recommendation": "decline"},
        {"recommendation_reason": "After the fact."},
        {"submitted_at": NOW + dt.timedelta(days=1)},
        {"round": 2},
    ],
)
def test_submitted_scorecard_does_not_change(proposal, officer, facts):
    card = make_scorecard(proposal, officer)

    refused(lambda: Scorecard.objects.filter(pk=card.pk).update(**facts), "submitted scorecard")
    refused(lambda: Scorecard.objects.filter(pk=card.pk)._raw_delete("default"), "submitted scorecard")


def test_draft_stays_with_its_proposal_and_its_officer(draft, stranger, other_officer):
    refused(lambda: Scorecard.objects.filter(pk=draft.pk).update(proposal=stranger), "stays with")
    refused(lambda: Scorecard.objects.filter(pk=draft.pk).update(officer=other_officer), "stays with")


def test_draft_and_its_cells_may_be_deleted(draft):
    draft.delete()

    assert Scorecard.objects.count() == 0


def agree(proposal, chair, version, **facts):
    cell = {"grade": None} if "risk" in facts else {"criterion": Criterion.objects.get(key="stakes"), "grade": 2}
    words = {"half_points": 5, "reason": "Agreed.", "recorded_by": chair, "recorded_at": NOW}
    return Consensus.objects.create(proposal=proposal, rubric_version=version, **{**cell, **words, **facts})


@pytest.mark.parametrize("facts", [{"half_points": 9}, {"half_points": 200}, {"grade": 77}, {"reason": "  "}])
def test_consensus_out_of_bounds_is_refused(proposal, chair, version, facts):
    agree(proposal, chair, version, half_points=8).delete()

    refused(lambda: agree(proposal, chair, version, **facts))


@pytest.mark.parametrize(("part", "half_points"), [("probability", 1), ("probability", 11), ("loss", 11), ("other", 4)])
def test_consensus_on_a_risk_out_of_bounds_is_refused(proposal, chair, version, part, half_points):
    risk = Section.objects.get(version=version, rule="residual_risk").risks.first()
    agree(proposal, chair, version, risk=risk, part="loss", half_points=10).delete()

    refused(lambda: agree(proposal, chair, version, risk=risk, part=part, half_points=half_points))


def test_consensus_on_a_side_that_does_not_fit_is_refused(proposal, stranger, chair, version):
    per_side = Criterion.objects.filter(section__version=version, per_side=True).first()

    refused(lambda: agree(proposal, chair, version, side=proposal.sides.first()), "per side")
    refused(lambda: agree(proposal, chair, version, criterion=per_side), "per side")
    refused(lambda: agree(proposal, chair, version, criterion=per_side, side=stranger.sides.first()), "a side belongs")


def test_consensus_of_another_version_is_refused(proposal, chair, version):
    other = RubricVersion.objects.create(rubric=version.rubric, number=7, top_score=5, evidence_caps=[])

    refused(lambda: agree(proposal, chair, other), "rubric version of its")


@pytest.mark.parametrize(
    ("model", "facts"),
    [
        (Participant, {"name": "A. Person", "role": "minister"}),
        (TransferMechanism, {"kind": "testimony", "audience": "A committee"}),
        (Evidence, {"number": 1, "kind": "call", "claim": "Yes", "grade": 2, "added_at": NOW}),
    ],
)
def test_row_with_a_side_of_another_proposal_is_refused(proposal, stranger, model, facts):
    row = model.objects.create(proposal=proposal, side=proposal.sides.first(), **facts)
    side = stranger.sides.first()

    refused(lambda: model.objects.filter(pk=row.pk).update(side=side), "a side belongs")
    row.delete()
    refused(lambda: model.objects.create(proposal=proposal, side=side, **facts), "a side belongs")


def test_transfer_mechanism_with_evidence_of_another_proposal_is_refused(proposal, stranger):
    facts = {"proposal": proposal, "kind": "testimony", "audience": "A committee"}

    refused(lambda: TransferMechanism.objects.create(evidence=make_evidence(stranger), **facts), "evidence belongs")


def test_sides_and_evidence_stay_with_their_proposal(proposal, stranger):
    make_evidence(proposal)

    refused(lambda: proposal.sides.filter(key="a").update(proposal=stranger, key="c", name="C"), "stays with")
    refused(lambda: proposal.evidence.update(proposal=stranger), "stays with")


def memo_on(proposal, user):
    make_scorecard(proposal, user)
    assess_proposal(proposal=proposal, by=user, at=NOW)
    return make_memo(proposal)


ROWS = {
    Check: lambda proposal, _: make_check(proposal),
    ConflictDeclaration: lambda proposal, user: ConflictDeclaration.objects.get(proposal=proposal, user=user),
    Docket: lambda proposal, _: proposal.docket,
    Evidence: lambda proposal, _: make_evidence(proposal),
    GateOverride: lambda proposal, user: GateOverride.objects.create(
        proposal=proposal, gate="a-gate", reason="Known.", by=user, at=NOW
    ),
    Memo: memo_on,
    MemoJob: lambda proposal, user: memo_on(proposal, user).job,
    MemoPrediction: lambda proposal, _: MemoPrediction.objects.create(
        proposal=proposal, statement="They meet.", probability=60, resolve_by=NOW.date(), resolver="The registrar"
    ),
    MemoWords: lambda proposal, _: MemoWords.objects.create(proposal=proposal, updated_at=NOW),
    Scorecard: lambda proposal, user: make_scorecard(proposal, user, submitted=False),
    TransferMechanism: lambda proposal, _: TransferMechanism.objects.create(
        proposal=proposal, kind="testimony", audience="A committee"
    ),
}


@pytest.mark.parametrize(
    ("model", "facts"),
    [
        (Check, {"status": "maybe"}),
        (ConflictDeclaration, {"kind": "whim", "has_conflict": True}),
        (Docket, {"state": "ajar"}),
        (Docket, {"kind": "dry-run"}),
        (Evidence, {"kind": "hearsay"}),
        (Evidence, {"grade": 5}),
        (Evidence, {"claim": "   "}),
        (GateOverride, {"reason": ""}),
        (GateOverride, {"reason": "   "}),
        (Memo, {"state": "lost", "issued_at": NOW, "issued_by": 1, "pdf": "x", "pdf_sha256": "0" * 64}),
        (MemoJob, {"state": "lost"}),
        (MemoPrediction, {"resolver": ""}),
        (MemoPrediction, {"resolver": " "}),
        (MemoPrediction, {"probability": 100}),
        (MemoWords, {"term_months": 0}),
        (Scorecard, {"state": "lost"}),
        (Scorecard, {"state": "lost", "submitted_at": NOW}),
        (Scorecard, {"round": 3}),
        (TransferMechanism, {"kind": "osmosis"}),
    ],
)
def test_row_with_a_value_out_of_its_choices_or_bounds_is_refused(proposal, officer, model, facts):
    row = ROWS[model](proposal, officer)
    given = facts | ({"issued_by": officer} if "issued_by" in facts else {})

    refused(lambda: model.objects.filter(pk=row.pk).update(**given))


@pytest.mark.parametrize(
    "facts", [{"has_conflict": False, "kind": "none"}, {"kind": "family"}, {"statement": "On second thoughts."}]
)
def test_declared_conflict_is_final(proposal, officer, facts):
    bar(proposal, officer)
    rows = ConflictDeclaration.objects.filter(proposal=proposal)

    refused(lambda: rows.update(**facts), "final")
    refused(lambda: rows._raw_delete("default"), "final")


def test_statement_of_no_conflict_may_become_one(proposal, officer):
    row = ROWS[ConflictDeclaration](proposal, officer)

    changed = ConflictDeclaration.objects.filter(pk=row.pk).update(has_conflict=True, kind="money")

    assert changed == 1


def test_revision_of_a_record_is_neither_changed_nor_deleted(proposal):
    ProposalRevision.objects.create(proposal=proposal, number=1, content={}, at=NOW)
    rows = ProposalRevision.objects.filter(proposal=proposal)

    refused(lambda: rows.update(number=2), "revisions of a record")
    refused(lambda: rows._raw_delete("default"), "revisions of a record")


@pytest.mark.parametrize("facts", [{"key": "other"}, {"title": "Another"}])
def test_rubric_with_a_published_version_keeps_its_name(version, facts):
    refused(lambda: Rubric.objects.filter(pk=version.rubric_id).update(**facts), "keeps its name")


def test_rubric_of_drafts_may_be_renamed():
    rubric = Rubric.objects.create(key="a", title="A")
    RubricVersion.objects.create(rubric=rubric, number=1, top_score=5, evidence_caps=[])

    assert Rubric.objects.filter(pk=rubric.pk).update(title="B") == 1


def test_rubric_version_is_retired_once(version):
    rows = RubricVersion.objects.filter(pk=version.pk)
    retired = rows.update(state="retired", retired_at=NOW)

    assert retired == 1
    refused(lambda: rows.update(retired_at=NOW + dt.timedelta(days=1)), "published rubric versions")


def test_events_are_not_truncated(proposal):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    record("a.thing", by=None, at=NOW, target=proposal)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        refused(lambda: cursor.execute("TRUNCATE audit_event"), "append-only")

    assert Event.objects.filter(event="a.thing").count() == 1
