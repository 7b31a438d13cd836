import datetime as dt
import json
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from proposals.models import Answer, Assessment, Consensus
from proposals.services.assessing import assess_proposal
from proposals.services.bundles import bundle_document, officer_keys, proposal_document
from proposals.services.consensus import NoSuchCellError, OutOfScaleError, record_consensus
from proposals.services.gates import (
    GateNotOpenError,
    NoOverrideError,
    UnknownCheckError,
    override_gate,
    set_check,
    withdraw_override,
)
from proposals.services.refusals import NotAllowedError
from rubrics.scoring import cli
from t2eval.audit.models import Event
from tests.factories import NOW, bar, make_check, make_scorecard, submit

pytestmark = pytest.mark.django_db


def test_assess_proposal_without_scorecards_makes_nothing(proposal, officer):
    assert assess_proposal(proposal=proposal, by=officer, at=NOW) is None


def test_assess_proposal_drafts_do_not_count(proposal, officer):
    make_scorecard(proposal, officer, submitted=False)

    assert assess_proposal(proposal=proposal, by=officer, at=NOW) is None


def test_assess_proposal_stores_what_the_bundle_gives(proposal, officer, other_officer, version):
    make_check(proposal)
    make_scorecard(proposal, officer, value=4)
    make_scorecard(proposal, other_officer, value=2)

    assessment = assess_proposal(proposal=proposal, by=officer, at=NOW)

    status, output, _ = cli.run(json.dumps(bundle_document(version, [proposal_document(proposal, version)])))
    assert status == 0
    assert assessment.result == json.loads(output)["proposals"][0]
    assert float(Fraction(assessment.exact["index"])) == pytest.approx(assessment.result["index"], abs=1e-6)
    assert list(assessment.detail["officers"]) == ["officer-a", "officer-b"]
    assert assessment.inputs == proposal_document(proposal, version)


def test_assess_proposal_same_inputs_keep_the_row(proposal, officer):
    make_scorecard(proposal, officer)
    first = assess_proposal(proposal=proposal, by=officer, at=NOW)

    second = assess_proposal(proposal=proposal, by=officer, at=NOW + dt.timedelta(days=1))

    assert second == first
    assert Event.objects.filter(event="assessment.made").count() == 1


def test_assess_proposal_changed_inputs_supersede(proposal, officer, other_officer):
    make_scorecard(proposal, officer)
    first = assess_proposal(proposal=proposal, by=officer, at=NOW)
    make_scorecard(proposal, other_officer, value=1)

    second = assess_proposal(proposal=proposal, by=officer, at=NOW)

    first.refresh_from_db()
    assert (first.is_current, second.is_current) == (False, True)
    assert proposal.assessments.count() == 2


def test_assess_proposal_barred_officer_is_left_out(proposal, officer, other_officer):
    make_scorecard(proposal, officer, value=4)
    make_scorecard(proposal, other_officer, value=1)
    bar(proposal, other_officer)

    assessment = assess_proposal(proposal=proposal, by=officer, at=NOW)

    assert [card["officer"] for card in assessment.inputs["scorecards"]] == ["officer-a"]


def test_assess_proposal_only_latest_round_counts(proposal, officer):
    make_scorecard(proposal, officer, value=4)
    make_scorecard(proposal, officer, value=2, round=2)

    assessment = assess_proposal(proposal=proposal, by=officer, at=NOW)

    assert [card["round"] for card in assessment.inputs["scorecards"]] == [2]


def test_assess_proposal_all_recused_leaves_an_assessment_without_index(proposal, officer):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    bar(proposal, officer)

    assessment = assess_proposal(proposal=proposal, by=None, at=NOW)

    assert assessment.result["index"] is None


@pytest.mark.parametrize("facts", [{"result": {}}, {"inputs": {}}, {"exact": {}}, {"suggested": "fund"}])
def test_assessment_content_cannot_change_in_the_database(proposal, officer, facts):
    make_scorecard(proposal, officer, value=0)
    assess_proposal(proposal=proposal, by=officer, at=NOW)

    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Assessment.objects.update(**facts)


def test_assessment_cannot_be_deleted_or_made_current_again(proposal, officer, other_officer):
    make_scorecard(proposal, officer)
    first = assess_proposal(proposal=proposal, by=officer, at=NOW)
    make_scorecard(proposal, other_officer, value=1)
    second = assess_proposal(proposal=proposal, by=officer, at=NOW)
    Assessment.objects.filter(pk=second.pk).update(is_current=False)

    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Assessment.objects.filter(pk=first.pk).update(is_current=True)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Assessment.objects.filter(pk=first.pk).delete()


def test_officer_keys_follow_first_scorecards_whatever_happens_to_assignments(proposal, officer, other_officer):
    make_scorecard(proposal, other_officer)
    make_scorecard(proposal, officer)
    make_scorecard(proposal, other_officer, round=2)

    proposal.assignments.filter(officer=other_officer).delete()

    assert officer_keys(proposal) == {other_officer.pk: "officer-a", officer.pk: "officer-b"}


def test_proposal_document_absences_keep_their_kind(proposal, officer, version):
    card = make_scorecard(proposal, officer, submitted=False)
    card.scores.filter(criterion__key="cross-party").update(answer=Answer.NOT_APPLICABLE, value=None, grade=None)
    card.scores.filter(criterion__key="window").update(answer=Answer.NOT_ENOUGH_INFORMATION, value=None, grade=None)
    card.scores.filter(criterion__key="products").delete()
    card.risk_scores.filter(risk__key="disinformation").update(likelihood=None)
    submit(card)

    scores = proposal_document(proposal, version)["scorecards"][0]

    assert scores["scores"]["cross-party"] == "not_applicable"
    assert scores["scores"]["window"] == "not_enough_information"
    assert "products" not in scores["scores"]
    assert scores["risks"]["disinformation"] == {"probability": "not_enough_information", "loss": 2}


def test_set_check_moves_the_gate(proposal, officer, chair):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)

    set_check(proposal=proposal, key="provenance", status="sufficient", note="Counsel.", by=chair, at=NOW)

    gates = proposal.assessments.get(is_current=True).result["gates"]
    assert gates["provenance"]["state"] == "pass"


def test_set_check_cleared_is_not_enough_information_again(proposal, officer, chair):
    make_scorecard(proposal, officer)
    set_check(proposal=proposal, key="provenance", status="sufficient", note="", by=chair, at=NOW)

    set_check(proposal=proposal, key="provenance", status="", note="", by=chair, at=NOW)

    gates = proposal.assessments.get(is_current=True).result["gates"]
    assert gates["provenance"]["state"] == "unknown"
    assert proposal.checks.count() == 0


def test_set_check_that_no_gate_reads_is_refused(proposal, chair):
    with pytest.raises(UnknownCheckError):
        set_check(proposal=proposal, key="beauty", status="sufficient", note="", by=chair, at=NOW)


def test_override_gate_open_gate_is_set_aside_and_index_stays(proposal, officer, chair):
    make_scorecard(proposal, officer)
    before = assess_proposal(proposal=proposal, by=officer, at=NOW)

    override_gate(proposal=proposal, gate="provenance", reason="Counsel agreed by phone.", by=chair, at=NOW)

    after = proposal.assessments.get(is_current=True)
    assert (before.result["gates"]["provenance"]["state"], after.result["gates"]["provenance"]["state"]) == (
        "unknown",
        "overridden",
    )
    assert after.result["index"] == before.result["index"]
    assert after.inputs["overrides"] == {"provenance": {"by": "chair", "reason": "Counsel agreed by phone."}}


def test_override_gate_passed_gate_is_refused(proposal, officer, chair):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)

    with pytest.raises(GateNotOpenError):
        override_gate(proposal=proposal, gate="no-mechanism", reason="Why not", by=chair, at=NOW)


def test_override_gate_before_any_assessment_is_refused(proposal, chair):
    with pytest.raises(GateNotOpenError):
        override_gate(proposal=proposal, gate="provenance", reason="Why not", by=chair, at=NOW)


def test_withdraw_override_puts_the_gate_back(proposal, officer, chair):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    override_gate(proposal=proposal, gate="provenance", reason="Counsel agreed.", by=chair, at=NOW)

    withdraw_override(proposal=proposal, gate="provenance", by=chair, at=NOW)

    current = proposal.assessments.get(is_current=True)
    assert current.result["gates"]["provenance"]["state"] == "unknown"
    assert proposal.gate_overrides.get().withdrawn_by == chair


def test_withdraw_override_that_is_not_there_is_refused(proposal, chair):
    with pytest.raises(NoOverrideError):
        withdraw_override(proposal=proposal, gate="provenance", by=chair, at=NOW)


def test_gate_services_are_for_the_chair(proposal, officer):
    with pytest.raises(NotAllowedError):
        set_check(proposal=proposal, key="provenance", status="", note="", by=officer, at=NOW)
    with pytest.raises(NotAllowedError):
        override_gate(proposal=proposal, gate="provenance", reason="x", by=officer, at=NOW)
    with pytest.raises(NotAllowedError):
        record_consensus(proposal=proposal, item="stakes", part="", value=2, grade=2, reason="x", by=officer, at=NOW)


@pytest.mark.parametrize(
    ("item", "part", "value", "grade", "where"),
    [
        ("stakes", "", 2.5, 3, lambda doc: doc["stakes"]),
        ("link", "b", 1, 2, lambda doc: doc["link"]["b"]),
        ("hotwash", "", 3, 2, lambda doc: doc["hotwash"]),
        ("disinformation", "loss", 4.5, None, lambda doc: doc["disinformation"]["loss"]),
    ],
)
def test_record_consensus_replaces_the_panel_value(proposal, officer, chair, item, part, value, grade, where):
    make_scorecard(proposal, officer, value=4)

    record_consensus(
        proposal=proposal, item=item, part=part, value=value, grade=grade, reason="We talked.", by=chair, at=NOW
    )

    agreed = where(proposal.assessments.get(is_current=True).inputs["consensus"])
    assert float(agreed["value"]) == value
    assert agreed.get("evidence") == (f"E{grade}" if grade else None)


def test_record_consensus_again_replaces(proposal, officer, chair):
    make_scorecard(proposal, officer)
    for value in (1, 2):
        record_consensus(
            proposal=proposal, item="stakes", part="", value=value, grade=2, reason="We talked.", by=chair, at=NOW
        )

    assert [row.half_points for row in Consensus.objects.all()] == [4]


@pytest.mark.parametrize(
    ("item", "part", "error"),
    [("nothing", "", NoSuchCellError), ("link", "", NoSuchCellError), ("link", "zz", NoSuchCellError),
     ("stakes", "a", NoSuchCellError), ("disinformation", "", NoSuchCellError)],
)  # fmt: skip
def test_record_consensus_on_no_cell_is_refused(proposal, chair, item, part, error):
    with pytest.raises(error):
        record_consensus(proposal=proposal, item=item, part=part, value=1, grade=1, reason="x", by=chair, at=NOW)


@pytest.mark.parametrize(
    ("item", "part", "value", "grade"),
    [("stakes", "", 4.5, 2), ("stakes", "", 1.25, 2), ("stakes", "", 2, None),
     ("disinformation", "probability", 0, None), ("disinformation", "loss", 5.5, None)],
)  # fmt: skip
def test_record_consensus_out_of_scale_is_refused(proposal, chair, item, part, value, grade):
    with pytest.raises(OutOfScaleError):
        record_consensus(
            proposal=proposal, item=item, part=part, value=value, grade=grade, reason="x", by=chair, at=NOW
        )


def test_export_bundle_gives_what_the_database_stores(proposal, officer, other_officer):
    make_scorecard(proposal, officer, value=4)
    make_scorecard(proposal, other_officer, value=1)
    assessment = assess_proposal(proposal=proposal, by=officer, at=NOW)
    out = StringIO()

    call_command("export_bundle", proposal.docket.slug, stdout=out)

    status, output, errors = cli.run(out.getvalue())
    assert (status, errors) == (0, "")
    assert json.loads(output)["proposals"][0] == assessment.result


@pytest.mark.parametrize("arguments", [["no-such-docket"], None])
def test_export_bundle_of_what_is_not_there_says_what_is(proposal, arguments):
    arguments = arguments or [proposal.docket.slug, "--proposal", "999"]

    with pytest.raises(CommandError):
        call_command("export_bundle", *arguments)
