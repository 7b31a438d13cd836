import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics.services.defaults import default_rubric_document
from rubrics.services.draft_parts import (
    BandsPart,
    CriteriaWeightsPart,
    GatePart,
    ItemPart,
    PairingsPart,
    PartGoneError,
    ScalePart,
    SectionPart,
    WeightsPart,
    exact,
    plain,
)
from tests.factories import items_of
from tests.rubrics.services.draft_draws import all_parts, rewritings

DEFAULT = default_rubric_document()
PARTS = all_parts(DEFAULT)


@pytest.fixture
def document():
    return copy.deepcopy(DEFAULT)


def written(document, part, **changed):
    part.write(document, {**part.read(document), **changed})
    return document


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_part_read_and_written_back_leaves_the_document_as_it_was(document, part):
    part.write(document, part.read(document))

    assert document == DEFAULT


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_part_written_leaves_every_other_part_as_it_was(document, part):
    overlapping = {BandsPart, WeightsPart}  # both hold where the bands begin

    for name in part.read(document):
        if name.startswith(("title", "guidance", "cap", "weight", "below", "overlap", "loss")):
            written(document, part, **{name: "1"})

    others = [
        other for other in PARTS if other != part and not (type(other) in overlapping and type(part) in overlapping)
    ]
    assert [other.read(document) for other in others] == [other.read(DEFAULT) for other in others]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_part_written_and_read_gives_back_the_values(data):
    document = copy.deepcopy(DEFAULT)
    part = data.draw(st.sampled_from(PARTS))
    values = data.draw(rewritings(document, part))

    part.write(document, values)

    assert part.read(document) == values


@pytest.mark.parametrize(
    "part",
    [
        SectionPart("gone"), ItemPart("gone"), GatePart("gone"), CriteriaWeightsPart("gone"), PairingsPart("gone"),
    ],
    ids=str,
)  # fmt: skip
def test_part_that_is_gone_is_neither_read_nor_written(document, part):
    with pytest.raises(PartGoneError):
        part.read(document)
    with pytest.raises(PartGoneError):
        part.write(document, {})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.60", "0.6"), (20, "20"), ("20.0", "20"), (0, "0"), ("-0.0", "0"), (0.25, "0.25"), ("1E+2", "100"),
        ("0.12345678901234567890123456789012345", "0.12345678901234567890123456789012345"),
    ],
)  # fmt: skip
def test_plain_writes_a_number_as_short_as_it_is_exact(value, text):
    assert plain(value) == text


@pytest.mark.parametrize(
    ("text", "held", "number"),
    [("20", None, 20), ("0.60", None, "0.6"), ("0.6", "0.60", "0.60"), ("2", "2.0", "2.0"), ("0.7", "0.60", "0.7")],
)
def test_exact_keeps_how_the_same_number_is_written(text, held, number):
    assert exact(text, held) == number


def test_scale_without_anchors_and_note_stays_without(document):
    for name in ("anchors", "note"):
        del document[name]
    before = copy.deepcopy(document)

    written(document, ScalePart())

    assert document == before


def test_scale_with_first_words_of_a_grade_begins_a_note(document):
    del document["note"]

    written(document, ScalePart(), grade_1="Their own word")

    assert document["note"] == {"evidence_grades": ["", "Their own word"]}


def test_scale_with_a_note_of_one_text_keeps_it(document):
    document["note"] = "Ours"

    written(document, ScalePart(), title="Other")

    assert (document["title"], document["note"]) == ("Other", "Ours")


def test_scale_without_words_of_grades_keeps_the_rest_of_the_note(document):
    written(document, ScalePart(), **{f"grade_{grade}": "" for grade in range(5)})

    assert document["note"] == {**DEFAULT["note"], "evidence_grades": []}


def test_scale_with_more_anchors_than_levels_shows_them_all(document):
    document["anchors"].append("One too many")

    shown = ScalePart().read(document)
    written(document, ScalePart(), anchor_5="")

    assert (shown["anchor_5"], document["anchors"]) == ("One too many", DEFAULT["anchors"])


def test_item_with_more_anchors_than_levels_can_lose_them(document):
    items_of(document)["stakes"]["anchors"].append("One too many")

    written(document, ItemPart("stakes"), anchor_5="")

    assert document == DEFAULT


def test_item_without_an_anchor_in_the_middle_keeps_its_levels(document):
    written(document, ItemPart("stakes"), anchor_1="", anchor_4="")

    anchors = items_of(DEFAULT)["stakes"]["anchors"]
    assert items_of(document)["stakes"]["anchors"] == [anchors[0], "", anchors[2], anchors[3]]


def test_item_questions_are_one_on_each_line(document):
    written(document, ItemPart("stakes"), questions=" Which?\r\n\r\nWhose? ")

    assert items_of(document)["stakes"]["questions"] == ["Which?", "Whose?"]


def test_item_with_nothing_in_it_leaves_the_names_out(document):
    part = ItemPart("right-people")

    part.write(document, {name: False if value in (True, False) else "" for name, value in part.read(document).items()})

    assert items_of(document)["right-people"] == {"key": "right-people", "weight": 40}


def test_risk_has_no_anchors_and_no_pairing_of_its_own():
    values = ItemPart("disinformation").read(DEFAULT)

    assert sorted(values) == ["basis", "guidance", "note", "questions", "title"]


def test_mitigation_note_keeps_what_else_a_file_says(document):
    items_of(document)["hotwash"]["note"]["source"] = "CDA"

    written(document, ItemPart("hotwash"), acts=["during"], cost="")

    assert items_of(document)["hotwash"]["note"] == {"acts": ["during"], "source": "CDA"}


def test_mitigation_note_of_one_text_is_read_as_its_cost(document):
    items_of(document)["hotwash"]["note"] = "It chills candour."

    read = ItemPart("hotwash").read(document)
    written(document, ItemPart("hotwash"), title="Other")
    unchanged = items_of(document)["hotwash"]["note"]
    written(document, ItemPart("hotwash"), acts=["after"])

    assert (read["acts"], read["cost"], unchanged) == ([], "It chills candour.", "It chills candour.")
    assert items_of(document)["hotwash"]["note"] == {"acts": ["after"], "cost": "It chills candour."}


def test_mitigation_without_acts_and_cost_has_no_note(document):
    written(document, ItemPart("hotwash"), acts=[], cost="")

    assert "note" not in items_of(document)["hotwash"]


@pytest.mark.parametrize("note", [{"source": "CDA"}, ["one", "two"]])
def test_criterion_note_that_is_no_text_has_no_field_and_stays(document, note):
    items_of(document)["stakes"]["note"] = note

    read = ItemPart("stakes").read(document)
    written(document, ItemPart("stakes"), title="Other")

    assert ("note" in read, items_of(document)["stakes"]["note"]) == (False, note)


def test_section_words_of_levels_may_go(document):
    part = SectionPart("risk")
    words = [name for name in part.read(document) if name.startswith(("likelihood_", "consequence_"))]

    written(document, part, **dict.fromkeys(words, ""))

    assert "anchors" not in items_of(document)["risk"]


def test_section_levels_without_words_can_be_given_some(document):
    del items_of(document)["risk"]["anchors"]

    written(document, SectionPart("risk"), consequence_1="Embarrassment.")

    assert items_of(document)["risk"]["anchors"] == {"consequence": ["", "Embarrassment."]}


def test_risk_numbers_are_written_where_they_changed_alone(document):
    written(document, SectionPart("risk"), probabilities_0="0.03", losses_5="90", severe_from="21", reduction_cap="0.5")

    risk, before = items_of(document)["risk"], items_of(DEFAULT)["risk"]
    assert risk == {
        **before,
        "probability": ["0.03", *before["probability"][1:]],
        "loss": [0, 3, 10, 30, 60, 90],
        "risk_bands": [2, 8, 21],
        "reduction_cap": "0.5",
    }


def test_gate_that_looks_at_a_check_takes_another_state(document):
    written(document, GatePart("capacity"), is_0="needs-more")

    assert document["gates"][11]["when"] == [{"check": "capacity", "is": "needs-more"}]


def test_gate_takes_what_its_page_sends_and_keeps_the_rest(document):
    part = GatePart("outside-mandate")
    values = part.read(document)

    written(document, part, criterion_1="focus", below_1="1.5", effect="block", sides="some")

    assert values["criterion_1"] == "stakes"
    assert document["gates"][2] == {
        **DEFAULT["gates"][2],
        "effect": "block",
        "sides": "some",
        "when": [{"flag": "extreme-risk-mandate"}, {"criterion": "focus", "below": "1.5"}],
    }


def test_bands_that_the_page_does_not_know_stay(document):
    BandsPart().write(document, {"band-fund": "80", "title-fund": "", "guidance-fund": "Fund it."})

    assert document["bands"] == [{"key": "fund", "guidance": "Fund it.", "min": 80}, *DEFAULT["bands"][1:]]


@pytest.mark.parametrize("part", [WeightsPart(), CriteriaWeightsPart("issue"), PairingsPart("risk")], ids=str)
def test_weights_and_pairings_that_the_page_does_not_know_stay(document, part):
    part.write(document, {})

    assert document == DEFAULT


def test_pairings_of_no_share_and_none_differ(document):
    hotwash = items_of(document)["hotwash"]
    hotwash["reduces"]["disinformation"] = 0

    read = PairingsPart("risk").read(document)
    written(document, PairingsPart("risk"), **{"hotwash.influence-operations": "", "hotwash.information-hazard": "0"})

    assert (read["hotwash.disinformation"], read["hotwash.information-hazard"]) == ("0", "")
    assert hotwash["reduces"] == {"intelligence-collection": "0.10", "disinformation": 0, "information-hazard": 0}
