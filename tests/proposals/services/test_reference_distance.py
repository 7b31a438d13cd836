from fractions import Fraction

import pytest

from proposals.models import CalibrationReference, MitigationScore, RiskScore, Score
from proposals.services.reference_distance import off_range, reference_distance
from tests.factories import NOW, DocketFactory, ProposalFactory, make_scorecard

pytestmark = pytest.mark.django_db
FIGURES = {
    "best_theory": {"theories": ["diplomatic-subsidy"], "value": 4},
    "other_theories": [],
    "stakes": 3,
    "right_people": 2,
    "transfer_mean": {"low": 2, "high": 2},
    "worst_residual": {"risk": None, "band": "high", "band_low": "moderate"},
    "evidence_grade": {"low": "E1", "high": "E2"},
    "failed_gates": [],
}


@pytest.fixture
def case(version):
    docket = DocketFactory(rubric_version=version, kind="calibration", state="closed", closed_at=NOW)
    return ProposalFactory(docket=docket, claims=["diplomatic-subsidy", "expert-community"])


@pytest.fixture
def card(case, officer):
    return make_scorecard(case, officer, submitted=False, round=0)


def measured(card, **figures):
    reference = CalibrationReference(
        proposal=card.proposal, case=1, figures=figures, teaches="Sequence is not transfer.", period="1990"
    )
    return reference_distance(card, reference)


def line(card, **figures):
    (found,) = measured(card, **figures).lines
    return found


def test_distance_of_each_figure_is_exact(card):
    Score.objects.filter(criterion__key="tracking").update(value=2)

    found = measured(card, **FIGURES)

    assert [(line.title, line.reference, line.own, line.distance) for line in found.lines] == [
        ("Best theory of change", "Diplomatic subsidy: 4", "Diplomatic subsidy: 3", "1 point lower"),
        ("Stakes", "3", "3", "the same"),
        ("The right people", "2", "3", "1 point higher"),
        ("Policy transfer, mean", "2", "2.8", "0.8 points higher"),
        ("Worst residual risk", "moderate–high", "Information hazard: low", "1 band lower"),
        ("Evidence grade of the main claim", "E1–E2", "E3", "1 grade higher"),
    ]
    assert found.lines[3].steps == Fraction(3, 4)
    assert (found.teaches, found.period, found.status) == (
        "Sequence is not transfer.",
        "1990",
        "suggested, unconfirmed",
    )


def test_distance_without_any_figure_has_no_line(card):
    found = measured(card)

    assert (found.lines, found.gates) == ((), None)


def test_distance_of_empty_figures_has_no_line(card):
    empty = dict.fromkeys(("best_theory", "stakes", "right_people", "transfer_mean", "worst_residual"))

    assert measured(card, **empty, evidence_grade=None).lines == ()


@pytest.mark.parametrize(
    "figures",
    [
        {"best_theory": {"theories": ["political-hedge"], "value": 3}},
        {"stakes": 3},
        {"transfer_mean": {"low": 1, "high": 2}},
        {"worst_residual": {"risk": None, "band": "high"}},
        {"evidence_grade": {"low": "E1", "high": "E1"}},
    ],
    ids=lambda figures: next(iter(figures)),
)
def test_distance_to_what_is_unanswered_cannot_be_told(card, figures):
    for cells in (Score, MitigationScore):
        cells.objects.update(answer="not_enough_information", value=None, grade=None)
    RiskScore.objects.update(likelihood=None, consequence=None)

    found = line(card, **figures)

    assert (found.own, found.steps, found.distance) == ("–", None, "not comparable")


def test_distance_of_a_score_is_measured_after_its_cap(card):
    Score.objects.filter(criterion__key="stakes").update(value=4, grade=1)

    assert line(card, stakes=4).distance == "2 points lower"


def test_distance_is_measured_on_the_theories_of_the_reference(card):
    Score.objects.filter(criterion__key="expert-community").update(value=4)
    Score.objects.filter(criterion__key="diplomatic-subsidy").update(value=1)

    found = line(card, best_theory=FIGURES["best_theory"])

    assert (found.distance, found.note) == ("3 points lower", "You put another first: Expert community, 4.")


def test_distance_to_further_theories_has_a_line_each(card):
    found = line(card, other_theories=[{"theories": ["expert-community"], "value": 1}, {"theories": []}])

    assert (found.title, found.distance) == ("Another theory of change", "2 points higher")


@pytest.mark.parametrize(("risk", "note"), [("disinformation", ""), ("hampering-track-1", "Yours is another risk.")])
def test_distance_of_the_worst_risk_says_where_it_is_another(card, risk, note):
    RiskScore.objects.filter(risk__key="disinformation").update(likelihood=5, consequence=5)

    found = line(card, worst_residual={"risk": risk, "band": "severe"})

    assert (found.own, found.distance, found.note) == ("Disinformation: severe", "the same", note)


def test_distance_of_gates_names_those_missed_added_and_beyond_a_scorecard(card):
    MitigationScore.objects.filter(mitigation__key="epistemic-standards").update(value=0)
    MitigationScore.objects.filter(mitigation__key="governments-informed").update(value=0)
    Score.objects.filter(criterion__key="window").delete()
    failed = ["credulous-organizer", "provenance", "no-mechanism", "floor-issue"]

    gates = measured(card, failed_gates=failed).gates

    assert gates.shared == ("Credulous organizer",)
    assert gates.missed == ("No mechanism",)
    assert gates.unknown == ("Issue below the floor",)
    assert gates.added == ("Governments uninformed",)
    assert gates.on_checks == ("Provenance not cleared",)


@pytest.mark.parametrize(("value", "off"), [(1, -1), (2, 0), (Fraction(5, 2), 0), (3, 0), (4, 1)])
def test_off_range_is_nothing_within_it(value, off):
    assert off_range(Fraction(value), Fraction(2), Fraction(3)) == off
