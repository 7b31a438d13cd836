import pytest

from proposals.models import Docket, MitigationScore, RiskScore, Score
from proposals.services.assessing import assess_proposal
from proposals.services.bundles import officer_keys, scorecard_document
from proposals.services.own_result import own_result
from rubrics.scoring.output import exact
from tests.factories import NOW, close_as_calibration, make_check, make_scorecard

pytestmark = pytest.mark.django_db
ON_CHECKS = ("Provenance not cleared", "Capacity insufficient")


@pytest.fixture
def draft(proposal, officer):
    return make_scorecard(proposal, officer, submitted=False)


def state_of(result, key):
    return {gate.key: gate.state for gate in result.gates}[key]


def test_own_result_of_a_full_scorecard_equals_the_assessment_of_it_alone(proposal, draft):
    result = own_result(draft)

    draft.state, draft.submitted_at = "submitted", NOW
    draft.save()
    stored = assess_proposal(proposal=proposal, by=None, at=NOW).exact
    assert {section.key: exact(section.value) for section in result.sections} == stored["sections"]
    index = result.index
    assert [exact(number) for number in (index.value, index.low, index.high)] == [
        stored[name] for name in ("index", "index_low", "index_high")
    ]


def test_own_result_figures_have_one_decimal(draft):
    result = own_result(draft)

    assert [(section.title, section.figure, section.is_incomplete) for section in result.sections] == [
        ("Theories of change", "75.0", False),
        ("Issue-area importance", "75.0", False),
        ("Convening power", "75.0", False),
        ("Policy transfer", "75.0", False),
        ("Risk and mitigation", "92.2", False),
    ]
    assert (result.index.figure, result.index.range, result.index.band) == ("77.6", "", "fund")
    assert result.index_words == "77.6"


def test_own_result_without_any_cell_has_not_begun(draft):
    for cells in (Score, MitigationScore, RiskScore):
        cells.objects.all().delete()

    result = own_result(draft)

    assert (result.is_begun, {section.figure for section in result.sections}) == (False, {"no value yet"})
    assert (result.index.figure, result.index_words) == ("", "no value yet")
    assert result.has_failed_decline is False


@pytest.mark.parametrize("words", [{"recommendation": ""}, {"recommendation_reason": " "}])
def test_own_result_before_the_recommendation_is_whole_has_no_index(draft, words):
    for name, value in words.items():
        setattr(draft, name, value)

    result = own_result(draft)

    assert (result.index, result.index_words) == (None, "after your recommendation")


def test_own_result_missing_cell_widens_the_range_and_makes_its_section_incomplete(draft):
    Score.objects.filter(criterion__key="stakes").delete()

    result = own_result(draft)

    assert [section.key for section in result.sections if section.is_incomplete] == ["issue"]
    assert (result.index.low < result.index.value < result.index.high, result.index.range) == (True, "71.6–79.6")


@pytest.mark.parametrize("cells", [Score, MitigationScore])
def test_own_result_open_cell_counts_as_missing(draft, cells):
    row = cells.objects.order_by("pk").first()
    row.delete()
    without = own_result(draft)
    row.answer, row.value, row.grade = "open", None, None
    row.save(force_insert=True)

    result = own_result(type(draft).objects.get(pk=draft.pk))

    assert result == without


def test_document_leaves_out_risks_with_an_open_level(draft):
    RiskScore.objects.filter(risk__key="disinformation").update(likelihood=None, open_level="likelihood")

    document = scorecard_document(draft, "own")

    assert list(document["risks"]) == [
        "intelligence-collection",
        "influence-operations",
        "hampering-track-1",
        "information-hazard",
    ]


def test_own_result_gate_says_what_it_looks_at(draft):
    result = own_result(draft)

    assert {gate.key: (gate.effect, gate.looks_at) for gate in result.gates if gate.key in WORDED} == WORDED


WORDED = {
    "outside-mandate": ("Decline", "the record (extreme risk mandate), Stakes"),
    "no-mechanism": ("Decline", "the claimed theories"),
    "governments-uninformed": ("Decline", "Governments informed, Hampering track 1"),
    "severe-residual-risk": ("No better than “Revise”", "what remains of each risk"),
    "floor-issue": ("No better than “Revise”", "Issue-area importance"),
    "hazardous-content": ("Blocks issuing", "the record (hazardous content), Off-limits topics"),
}


def test_own_result_leaves_gates_on_checks_to_the_chair(proposal, draft):
    make_check(proposal, "provenance", "insufficient")

    result = own_result(draft)

    assert result.left_to_chair == ON_CHECKS
    assert [gate.key for gate in result.gates if gate.key in ("provenance", "capacity")] == []


def test_own_result_clearly_failed_decline_gate_is_told(draft):
    MitigationScore.objects.filter(mitigation__key="epistemic-standards").update(value=0)

    result = own_result(draft)

    assert (result.has_failed_decline, [gate.key for gate in result.failed]) == (True, ["credulous-organizer"])


def test_own_result_failed_gate_that_blocks_is_no_failed_decline(draft):
    MitigationScore.objects.filter(mitigation__key="governments-informed").update(value=0)
    RiskScore.objects.update(likelihood=1, consequence=0)

    result = own_result(draft)

    assert [gate.key for gate in result.failed] == ["governments-uninformed-minor"]
    assert result.has_failed_decline is False


def test_own_result_unknown_decline_gate_is_no_failed_decline(draft):
    MitigationScore.objects.filter(mitigation__key="epistemic-standards").delete()

    result = own_result(draft)

    assert [gate.key for gate in result.unknown] == ["credulous-organizer"]
    assert (result.has_failed_decline, result.passed) == (False, 12)


def test_own_result_reads_the_flags_of_the_record(proposal, draft):
    Docket.objects.update(extreme_risk_mandate=True)
    Score.objects.filter(criterion__key="stakes").update(value=1)
    draft.refresh_from_db()

    result = own_result(draft)

    assert state_of(result, "outside-mandate") == "fail"


def test_own_result_of_practice_is_computed_like_any_other(proposal, officer):
    close_as_calibration(proposal)
    practice = make_scorecard(proposal, officer, submitted=False, round=0)

    result = own_result(practice)

    assert result.index.figure == "77.6"


def test_officer_keys_skip_practice(proposal, officer, other_officer):
    close_as_calibration(proposal)
    make_scorecard(proposal, officer, round=0)
    make_scorecard(proposal, other_officer)

    assert officer_keys(proposal) == {other_officer.pk: "officer-a"}
