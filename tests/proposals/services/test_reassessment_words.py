import copy

import pytest

from proposals.services.reassessment_words import LeftOut, Reworded, carried_words, reworded
from rubrics.services.documents import rubric_document
from rubrics.services.words import RubricWords
from tests.factories import items_of

pytestmark = pytest.mark.django_db

SIDES = {"a": "Side A", "b": "Side B"}


@pytest.fixture
def document(version):
    return rubric_document(version)


@pytest.fixture
def newer(document):
    return copy.deepcopy(document)


def lost(kind, key, reason="removed", part="", officer=""):
    return {"kind": kind, "key": key, "part": part, "reason": reason, "officer": officer, "round": 1}


def told(document, newer, lost=(), unanswered=(), open_facts=()):
    stored = {"lost": list(lost), "unanswered": list(unanswered), "open_facts": list(open_facts)}
    return carried_words(stored, RubricWords(document), RubricWords(newer), SIDES)


def test_carried_words_of_nothing_lost_is_whole(document, newer):
    assert told(document, newer).is_whole is True


def test_carried_words_group_what_was_lost_of_one_cell_for_one_reason(document, newer):
    answers = [lost("score", "stakes", officer=f"officer-{letter}") for letter in "ab"]

    words = told(document, newer, [*answers, lost("consensus", "stakes")])

    assert words.is_whole is False
    assert words.left_out == [LeftOut("Stakes", "two answers and the consensus", "The newer version does not have it.")]


def test_carried_words_name_sides_levels_gates_and_bands(document, newer):
    title, gate = items_of(document)["route"]["title"], document["gates"][0]
    risk = next(item for section in document["sections"] for item in section.get("risks", []))

    words = told(
        document,
        newer,
        [
            lost("score", "route", "per_side_changed", part="b"),
            lost("score", risk["key"], "beyond_scale", part="probability"),
            lost("override", gate["key"], "gate_changed"),
            lost("recommendation", "revise"),
            lost("claim", "diplomatic-subsidy", "other_kind"),
        ],
    )

    assert [(line.title, line.what) for line in words.left_out] == [
        (f"{title}, Side B", "one answer"),
        (f"{risk['title']}, likelihood", "one answer"),
        (gate["title"], "that it is set aside"),
        ("Band “Revise”", "one recommendation"),
        (items_of(document)["diplomatic-subsidy"]["title"], "the claim"),
    ]


def test_carried_words_name_what_is_new_in_the_words_of_the_newer_version(document, newer):
    newer["sections"][1]["criteria"].append({"key": "urgency", "title": "Urgency", "weight": 1, "per_side": True})

    words = told(document, newer, unanswered=[{"item": "urgency", "part": "a"}], open_facts=["export-control"])

    assert (words.unanswered, words.facts) == (["Urgency, Side A"], ["export control"])
    assert words.is_whole is False


def test_reworded_of_the_same_words_is_nothing(document, newer):
    newer["sections"][0]["weight"] = 60
    newer["sections"][1]["criteria"].append({"key": "urgency", "title": "Urgency", "weight": 1})

    assert reworded(RubricWords(document), RubricWords(newer)) == []


def test_reworded_names_what_was_rewritten_of_each_question(document, newer):
    stakes, right = items_of(newer)["stakes"], items_of(newer)["right-people"]
    stakes["anchors"][2] = "Otherwise."
    stakes["anchors"][3] = "Otherwise again."
    stakes["guidance"] = "Ask what hangs on it."
    right["title"], right["questions"] = "The very people", ["Who comes?"]

    found = reworded(RubricWords(document), RubricWords(newer))

    assert found == [
        Reworded("Stakes", "guidance and anchors for 2 and 3"),
        Reworded("The very people", "title and questions"),
    ]


def test_reworded_follows_a_question_to_another_section(document, newer):
    stakes = next(item for item in newer["sections"][1]["criteria"] if item["key"] == "stakes")
    newer["sections"][1]["criteria"].remove(stakes)
    newer["sections"][2]["criteria"].append({**stakes, "guidance": "Otherwise."})

    assert reworded(RubricWords(document), RubricWords(newer)) == [Reworded("Stakes", "guidance")]


def test_reworded_names_the_scale_and_its_general_anchors(document, newer):
    newer["top_score"] = 5
    newer["anchors"] = [*newer.get("anchors", []), "Beyond all."]

    found = reworded(RubricWords(document), RubricWords(newer))

    assert found == [
        Reworded("Scale", "the top score was 4 and is 5"),
        Reworded("Scale", f"general anchors for {len(document.get('anchors', []))}"),
    ]


def test_reworded_names_levels_of_likelihood_from_one_and_of_consequence_from_zero(document, newer):
    risk = next(section for section in newer["sections"] if section["rule"] == "residual_risk")
    risk["anchors"]["likelihood"][0] = "Hardly ever."
    risk["anchors"]["consequence"][0] = "Nothing at all."

    found = reworded(RubricWords(document), RubricWords(newer))

    assert found == [Reworded(risk["title"], "levels 1 of likelihood and levels 0 of consequence")]
