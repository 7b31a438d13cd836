import copy

import pytest

from rubrics.models import Rubric
from rubrics.scoring.faults import FaultyDocumentError
from rubrics.scoring.parse import parse_rubric
from rubrics.services.defaults import default_rubric_document
from rubrics.services.loading import load_rubric_version
from rubrics.services.storable import storable_faults
from tests.factories import NOW, items_of

DEFAULT = default_rubric_document()
LONG = "x" * 201
RISK = "$.sections[4]"

# What to change (a way to a place, and what to put there), and the line that is said about it.
FAULTS = {
    "key of the rubric": (("key",), "a b", '$.key: "a b" is not made of letters, digits, - and _ (at most 80)'),
    "key of a band": (
        ("bands", 0, "key"), "a.b", '$.bands[0].key: "a.b" is not made of letters, digits, - and _ (at most 80)',
    ),
    "long key": (
        ("gates", 9, "key"), "k" * 81,
        f'$.gates[9].key: "{"k" * 39}… is not made of letters, digits, - and _ (at most 80)',
    ),
    "top score": (("top_score",), 11, "$.top_score: 11 is more than 10"),
    "title": (("sections", 1, "title"), LONG, "$.sections[1].title: has more than 200 characters"),
    "no title": (("sections", 1, "title"), None, "$.sections[1].title: null is not text"),
    "guidance": (("gates", 0, "guidance"), ["a"], "$.gates[0].guidance: a list is not text"),
    "basis": (("basis",), 5, "$.basis: 5 is not text"),
    "questions": (("sections", 0, "questions"), "Why?", "$.sections[0].questions: is not a list of texts"),
    "question": (("sections", 0, "questions"), ["Why?", 1], "$.sections[0].questions: is not a list of texts"),
    "anchors": (("anchors",), "words", "$.anchors: is not a list of texts"),
    "anchors of a criterion": (
        ("sections", 1, "criteria", 0, "anchors"), {"0": "None"},
        "$.sections[1].criteria[0].anchors: is not a list of texts",
    ),
    "anchors of a mitigation": (
        ("sections", 4, "mitigations", 0, "anchors"), [0], f"{RISK}.mitigations[0].anchors: is not a list of texts",
    ),
    "anchors of a section": (("sections", 1, "anchors"), ["a"], "$.sections[1].anchors: is not kept here"),
    "anchors of a risk": (("sections", 4, "risks", 0, "anchors"), ["a"], f"{RISK}.risks[0].anchors: is not kept here"),
    "anchors of a gate": (("gates", 0, "anchors"), ["a"], "$.gates[0].anchors: is not kept here"),
    "anchors of a band": (("bands", 0, "anchors"), ["a"], "$.bands[0].anchors: is not kept here"),
    "words of levels": (
        ("sections", 4, "anchors"), ["a"],
        f"{RISK}.anchors: does not hold lists of texts for likelihood and consequence",
    ),
    "words of other levels": (
        ("sections", 4, "anchors", "other"), ["a"],
        f"{RISK}.anchors: does not hold lists of texts for likelihood and consequence",
    ),
    "words of a level": (
        ("sections", 4, "anchors", "likelihood"), [1],
        f"{RISK}.anchors: does not hold lists of texts for likelihood and consequence",
    ),
    "weight of a section": (
        ("sections", 0, "weight"), "20.00001", '$.sections[0].weight: "20.00001" has more than 4 decimals',
    ),
    "large weight": (
        ("sections", 0, "weight"), 100_000_000, "$.sections[0].weight: 100000000 is not below 100000000",
    ),
    "extreme weight": (("sections", 0, "weight"), "1e30", '$.sections[0].weight: "1e30" is not below 100000000'),
    "weight of a criterion": (
        ("sections", 1, "criteria", 0, "weight"), "0.12345",
        '$.sections[1].criteria[0].weight: "0.12345" has more than 4 decimals',
    ),
    "overlap": (("sections", 0, "overlap"), "0.25001", '$.sections[0].overlap: "0.25001" has more than 4 decimals'),
    "minimum": (("bands", 0, "min"), "75.00001", '$.bands[0].min: "75.00001" has more than 4 decimals'),
    "share": (
        ("sections", 4, "mitigations", 0, "reduces", "disinformation"), "0.10001",
        f'{RISK}.mitigations[0].reduces.disinformation: "0.10001" has more than 4 decimals',
    ),
    "no character": (("gates", 0, "guidance"), "a\0", "$.gates[0].guidance: holds a character that is none"),
    "half a character": (("note", "scope"), "\ud800", "$.note.scope: holds a character that is none"),
    "name without characters": (("note", "a\0"), 1, "$.note: holds a character that is none"),
}  # fmt: skip


def changed(way, value):
    document = copy.deepcopy(DEFAULT)
    place = document
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    return document


@pytest.mark.parametrize(("way", "value", "line"), FAULTS.values(), ids=FAULTS)
def test_document_that_the_tables_cannot_keep_is_told_in_one_line(way, value, line):
    document = changed(way, value)

    parse_rubric(document)

    assert [str(fault) for fault in storable_faults(document)] == [line]


def test_document_that_ships_can_be_kept():
    assert storable_faults(DEFAULT) == []


@pytest.mark.parametrize(("levels", "faults"), [(19, 0), (20, 1), (500, 1)])
def test_document_with_a_deep_note_is_told_where_it_is_too_deep(levels, faults):
    note = "deep"
    for _ in range(levels):
        note = [note]

    told = [str(fault) for fault in storable_faults(changed(("note",), note))]

    assert told == [f"$.note{'[0]' * 20}: is nested too deeply"] * faults


def test_every_fault_is_told_at_once():
    document = changed(("sections", 0, "weight"), "0.00001")
    items_of(document)["stakes"]["title"] = LONG
    document["gates"][0]["key"] = "no key"

    assert [fault.path for fault in storable_faults(document)] == [
        "$.sections[0].weight",
        "$.sections[1].criteria[0].title",
        "$.gates[0].key",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["key of the rubric", "title", "extreme weight", "no character", "words of levels"])
def test_load_rubric_version_refuses_what_the_tables_cannot_keep(name):
    way, value, line = FAULTS[name]

    with pytest.raises(FaultyDocumentError) as refused:
        load_rubric_version(changed(way, value), by=None, at=NOW)

    assert [str(fault) for fault in refused.value.faults] == [line]
    assert Rubric.objects.count() == 0
