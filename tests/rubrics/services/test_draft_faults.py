import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics.scoring.parse import parse_rubric
from rubrics.services.defaults import default_rubric_document
from rubrics.services.draft_faults import DraftFault, Place, draft_faults, draft_warnings, place_of
from tests.factories import items_of
from tests.rubrics.services.draft_draws import edits

DEFAULT = default_rubric_document()
PAGES = {"detail", "weights", "gate", "bands", "scale", "criteria-weights", "pairings", "item", "section"}
ISSUE, RISK = "Issue-area importance", "Risk and mitigation"
MANDATE, SEVERE_RISK = "Gate “Outside the extreme-risk mandate”", "Gate “Severe residual risk”"


def changed(change):
    document = copy.deepcopy(DEFAULT)
    change(document)
    return document


def at(*way, value):
    """Put a value at a place."""

    def change(document):
        place = document
        for step in way[:-1]:
            place = place[step]
        place[way[-1]] = value

    return change


def without(way, key):
    def change(document):
        place = document
        for step in way:
            place = place[step]
        place[:] = [part for part in place if part["key"] != key]

    return change


def weightless(document):
    for criterion in items_of(document)["issue"]["criteria"]:
        criterion["weight"] = 0


def gate(key):
    return next(place for place, held in enumerate(DEFAULT["gates"]) if held["key"] == key)


STAKES = ("sections", 1, "criteria", 0)
HOTWASH = ("sections", 4, "mitigations", 1)
FIRST, OUTSIDE, SEVERE, FLOOR, NO_MECHANISM, UNINFORMED = map(
    gate,
    (
        "policy-disconnection", "outside-mandate", "severe-residual-risk", "floor-issue", "no-mechanism",
        "governments-uninformed",
    ),
)  # fmt: skip

# What is done to the default rubric, and each fault as (page, key, label, message).
FAULTS = {
    "weights of sections": (
        lambda document: [section.update(weight=0) for section in document["sections"]],
        ("weights", "", "Weights of the sections", "the weights sum to zero"),
    ),
    "weight of a section": (
        at("sections", 2, "weight", value=-1),
        ("weights", "", "Weights of the sections", "-1 is not at least 0"),
    ),
    "weights of criteria": (weightless, ("criteria-weights", "issue", ISSUE, "the weights sum to zero")),
    "section without criteria": (
        at("sections", 2, "criteria", value=[]),
        ("detail", "", "Convening power", "needs at least 1, holds 0"),
    ),
    "weight of a criterion": (
        at(*STAKES, "weight", value="0.00001"),
        ("criteria-weights", "issue", ISSUE, '"0.00001" has more than 4 decimals'),
    ),
    "threshold of a criterion": (
        at("gates", OUTSIDE, "when", 1, "below", value="4.5"),
        ("gate", "outside-mandate", MANDATE, "4.5 is out of the scale: it runs from 0 to 4"),
    ),
    "threshold below the scale": (
        at("gates", NO_MECHANISM, "when", 0, "best_claim_below", value=-1),
        ("gate", "no-mechanism", "Gate “No mechanism”", "-1 is out of the scale: it runs from 0 to 4"),
    ),
    "threshold of a section": (
        at("gates", FLOOR, "when", 0, "mean_below", value=5),
        ("gate", "floor-issue", "Gate “Issue below the floor”", "5 is out of the scale: it runs from 0 to 4"),
    ),
    "threshold of a residual risk": (
        at("gates", SEVERE, "when", 0, "any_risk_residual_at_least", value=101),
        ("gate", "severe-residual-risk", SEVERE_RISK, "101 is out of the scale: it runs from 0 to 100"),
    ),
    "threshold of an inherent risk": (
        at("gates", UNINFORMED, "when", 1, "inherent_at_least", value="100.5"),
        (
            "gate", "governments-uninformed", "Gate “Governments uninformed, track 1 at risk”",
            "100.5 is out of the scale: it runs from 0 to 100",
        ),
    ),
    "gate on a criterion that is gone": (
        without(("sections", 1, "criteria"), "stakes"),
        ("gate", "outside-mandate", MANDATE, '"stakes" is not a criterion of the rubric'),
    ),
    "key of a gate": (
        at("gates", SEVERE, "key", value="a b"),
        ("gate", "a b", SEVERE_RISK, '"a b" is not made of letters, digits, - and _ (at most 80)'),
    ),
    "no anchors": (
        at(*STAKES, "anchors", value=[]),
        ("item", "stakes", f"{ISSUE}, Stakes, anchors", "no anchor for 0, 1, 2, 3, 4: say what each level is"),
    ),
    "no anchor for one level": (
        at(*STAKES, "anchors", 2, value=" "),
        ("item", "stakes", f"{ISSUE}, Stakes, anchors", "no anchor for 2: say what each level is"),
    ),
    "no anchor of a mitigation": (
        at(*HOTWASH, "anchors", value=["a", "b", "c"]),
        ("item", "hotwash", f"{RISK}, Hotwash, anchors", "no anchor for 3, 4: say what each level is"),
    ),
    "too many anchors": (
        at(*STAKES, "anchors", value=list("abcdef")),
        ("item", "stakes", f"{ISSUE}, Stakes, anchors", "holds 6 anchors for 5 levels"),
    ),
    "long title": (
        at("sections", 2, "title", value="x" * 201),
        ("section", "convening", "x" * 201, "has more than 200 characters"),
    ),
    "long title of an item": (
        at("sections", 4, "risks", 0, "title", value="x" * 201),
        ("item", "intelligence-collection", f"{RISK}, {'x' * 201}", "has more than 200 characters"),
    ),
    "overlap": (
        at("sections", 0, "overlap", value=2),
        ("section", "theories", "Theories of change, overlap", "2 is not within 0–1"),
    ),
    "falling losses": (
        at("sections", 4, "loss", value=[0, 10, 3, 30, 60, 100]),
        ("section", "risk", f"{RISK}, losses of the consequence levels", "must not fall from one entry to the next"),
    ),
    "falling probabilities": (
        at("sections", 4, "probability", 0, value="0.5"),
        ("section", "risk", f"{RISK}, likelihood levels", "must not fall from one entry to the next"),
    ),
    "falling bands of the residual": (
        at("sections", 4, "risk_bands", value=[8, 2, 20]),
        ("section", "risk", f"{RISK}, bands of the residual", "must not fall from one entry to the next"),
    ),
    "no loss at which it is worth nothing": (
        at("sections", 4, "loss_at_zero", value=0),
        ("section", "risk", f"{RISK}, total expected loss at which it is worth nothing", "must be above zero"),
    ),
    "consequence out of the scale": (
        at("sections", 4, "catastrophic_from", value=6),
        (
            "section", "risk", f"{RISK}, consequence that is never below high",
            "6 is out of the scale: consequences end at 5",
        ),
    ),
    "share": (
        at(*HOTWASH, "reduces", "disinformation", value="1.5"),
        ("pairings", "risk", RISK, '"1.5" is not within 0–1'),
    ),
    "falling caps": (
        at("evidence_caps", value=[2, 2, 4, 3, 4]),
        ("scale", "", "Scale and evidence, caps of the evidence grades", "must not fall from one entry to the next"),
    ),
    "no band from 0": (
        at("bands", 3, "min", value=1),
        ("bands", "", "Bands", "needs a band with the minimum 0"),
    ),
    "one minimum twice": (
        at("bands", 1, "min", value="75.0"),
        ("bands", "", "Bands, where it begins", '"75.0" is not a minimum of its own'),
    ),
    "too precise a band": (
        at("bands", 0, "min", value="75.12345"),
        ("bands", "", "Bands, where it begins", '"75.12345" has more than 4 decimals'),
    ),
    "another key of the rubric": (
        at("key", value="a b"),
        ("scale", "", "Scale and evidence", '"a b" is not made of letters, digits, - and _ (at most 80)'),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "told"), FAULTS.values(), ids=FAULTS)
def test_fault_is_told_with_its_place_and_what_is_wrong(change, told):
    *place, message = told

    assert draft_faults(changed(change)) == [DraftFault(Place(*place), message)]


def test_default_rubric_has_neither_faults_nor_warnings():
    assert (draft_faults(DEFAULT), draft_warnings(DEFAULT)) == ([], [])


def test_faults_of_the_method_come_first_and_alone():
    document = changed(at("sections", 0, "overlap", value=2))
    items_of(document)["stakes"]["anchors"] = []

    assert [fault.place.key for fault in draft_faults(document)] == ["theories"]


def test_faults_are_told_all_at_once():
    document = changed(at("gates", FLOOR, "when", 0, "mean_below", value=5))
    items_of(document)["stakes"]["anchors"] = []
    items_of(document)["hotwash"]["anchors"] = []

    assert [fault.place.key for fault in draft_faults(document)] == ["stakes", "hotwash", "floor-issue"]


NEVER = "this gate can never fire: nothing is below 0"
ALWAYS = "this gate fires on whatever has a number: everything is at least 0"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            at("gates", FLOOR, "when", 0, "mean_below", value="0.0"),
            [("gate", "floor-issue", "Gate “Issue below the floor”", NEVER)],
        ),
        (
            at("gates", FIRST, "when", 1, "below", value=0),
            [("gate", "policy-disconnection", "Gate “Disconnected from policymaking”", NEVER)],
        ),
        (
            at("gates", SEVERE, "when", 0, "any_risk_residual_at_least", value=0),
            [("gate", "severe-residual-risk", SEVERE_RISK, ALWAYS)],
        ),
        (at("gates", UNINFORMED, "when", 1, "inherent_at_least", value=0), []),
        (
            at("gates", OUTSIDE, "when", value=[{"flag": "f"}, {"criterion": "stakes", "at_least": 0}]),
            [],
        ),
        (
            at("sections", 2, "weight", value="0.0"),
            [(
                "weights", "", "Weights of the sections",
                "with a weight of 0 the section is scored and counts for nothing",
            ), (
                "weights", "", "Weights of the sections",
                "they sum to 80, not to 100: each section counts by its share",
            )],
        ),
        (
            at(*STAKES, "weight", value=0),
            [(
                "criteria-weights", "issue", ISSUE,
                "with a weight of 0 the criterion is scored and counts for nothing",
            )],
        ),
        (
            at("sections", 0, "weight", value=33),
            [(
                "weights", "", "Weights of the sections",
                "the weight of “Theories of change” merely mirrors its number of criteria: was it chosen for what it is"
                " worth?",
            ), (
                "weights", "", "Weights of the sections",
                "they sum to 113, not to 100: each section counts by its share",
            )],
        ),
        (
            at("bands", 0, "min", value=50),
            [(
                "bands", "", "Bands, where it begins",
                "“Fund” begins below “Fund with conditions”, which stands after it",
            )],
        ),
        (weightless, []),
    ],
    ids=[
        "floor of 0", "below 0", "at least 0", "one of two", "with a flag", "section", "criterion", "mirrored", "bands",
        "faults first",
    ],
)  # fmt: skip
def test_what_is_hardly_meant_is_warned_of(change, told):
    assert draft_warnings(changed(change)) == [DraftFault(Place(*place), message) for *place, message in told]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("$", ("scale", "", "Scale and evidence")),
        ("$.top_score", ("scale", "", "Scale and evidence")),
        ('$["a.gates[99]"]', ("scale", "", "Scale and evidence")),
        ('$.sections[4].mitigations[1].reduces["a \\"b\\".c[9]"]', ("pairings", "risk", RISK)),
        ("$.sections[1].criteria[0].note", ("item", "stakes", f"{ISSUE}, Stakes")),
        ("$.sections[1]", ("section", "issue", ISSUE)),
        ("$.sections[4].risks", ("section", "risk", RISK)),
        ("$.gates", ("scale", "", "Scale and evidence")),
        ("$.bands[2].title", ("bands", "", "Bands")),
    ],
)
def test_place_of_a_path_is_the_page_on_which_it_is_mended(path, place):
    assert place_of(path, DEFAULT) == Place(*place)


def leaves(value, way=()):
    """The ways to all numbers, flags and names that parts refer to; keys and rules stay."""
    if isinstance(value, dict):
        for name, held in value.items():
            if name not in ("key", "rule", "title", "guidance", "basis", "questions", "note"):
                yield from leaves(held, (*way, name))
    elif isinstance(value, list):
        for index, held in enumerate(value):
            yield from leaves(held, (*way, index))
    else:
        yield way


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(list(leaves(DEFAULT))),
    st.one_of(
        st.none(), st.booleans(), st.integers(-5, 200), st.text(max_size=3), st.just([]), st.just({}), st.floats()
    ),
)
def test_any_value_anywhere_is_a_fault_with_a_place_or_none(way, value):
    document = changed(at(*way, value=value))

    assert {fault.place.page for fault in draft_faults(document)} <= PAGES
    assert {warning.place.page for warning in draft_warnings(document)} <= PAGES


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_edits_without_faults_are_read_by_the_scoring_method(data):
    document = copy.deepcopy(DEFAULT)
    part, values = data.draw(edits(document))
    part.write(document, values)

    faults = draft_faults(document)

    assert {fault.place.page for fault in faults} <= PAGES
    assert faults or parse_rubric(document)
