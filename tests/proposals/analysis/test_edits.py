from copy import deepcopy

import pytest

from proposals.analysis.edits import EditKind, other_edits
from rubrics.scoring.parse import parse_rubric
from tests.rubrics.scoring.scoring_cases import RUBRIC
from tests.rubrics.scoring.scoring_draws import GATES

SOURCE = {**RUBRIC, "gates": GATES}


def edited(change) -> tuple[EditKind, ...]:
    document = deepcopy(SOURCE)
    change(document)
    return other_edits(parse_rubric(SOURCE), parse_rubric(document))


def reweigh(document):
    document["sections"][0]["weight"], document["sections"][3]["weight"] = 90, 0
    document["bands"][0]["min"] = 80
    document["version"], document["title"] = 2, "Other words"
    document["bands"].append({"key": "new", "min": 90})


def reorder(document):
    for part in (document["sections"], document["gates"], document["sections"][1]["criteria"]):
        part.reverse()
    next(section for section in document["sections"] if section["key"] == "risk")["risks"].reverse()


@pytest.mark.parametrize("change", [reweigh, reorder])
def test_edits_of_weights_bands_words_and_order_are_none(change) -> None:
    assert edited(change) == ()


def drop_section(document):
    del document["sections"][0]
    document["gates"] = [gate for gate in document["gates"] if gate["key"] != "vague"]


def change_rule(document):
    document["sections"][0]["rule"] = "mean"
    del document["sections"][0]["overlap"]


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda document: document.update(top_score=5), (EditKind.SCALE,)),
        (lambda document: document.update(evidence_caps=[1, 2, 3, 4, 4]), (EditKind.EVIDENCE,)),
        (drop_section, (EditKind.SECTIONS, EditKind.GATES)),
        (change_rule, (EditKind.SECTIONS,)),
        (lambda document: document["sections"][1]["criteria"][0].update(weight=61), (EditKind.CRITERIA,)),
        (lambda document: document["sections"][0]["criteria"][0].update(weight=2), (EditKind.CRITERIA,)),
        (lambda document: document["sections"][0].update(overlap="0.3"), (EditKind.OVERLAP,)),
        (lambda document: document["sections"][3].update(loss_at_zero=50), (EditKind.RISKS,)),
        (lambda document: document["sections"][3]["mitigations"].pop(), (EditKind.RISKS,)),
        (lambda document: document["gates"][3].update(effect="block"), (EditKind.GATES,)),
        (lambda document: document["gates"].pop(), (EditKind.GATES,)),
    ],
)
def test_edit_of_anything_else_is_named(change, kinds) -> None:
    assert edited(change) == kinds
