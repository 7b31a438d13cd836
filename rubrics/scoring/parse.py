"""The way in: documents to specifications, or every fault at once. Nothing is computed from a faulty document."""

from typing import Any

from rubrics.scoring.document import read_json
from rubrics.scoring.faults import Fault, FaultyDocumentError
from rubrics.scoring.node import Node
from rubrics.scoring.spec import FORMAT, BundleInput, RubricSpec
from rubrics.scoring.validate_names import gather_names
from rubrics.scoring.validate_proposals import read_proposals
from rubrics.scoring.validate_rubric import read_rubric


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise FaultyDocumentError(faults)


def parse_rubric(data: Any, path: str = "$") -> RubricSpec:
    """Read a rubric version from the values of a JSON document; numbers may be int, Decimal, float or decimal text.

    `path` is where the rubric stands in its document. Raises FaultyDocumentError with every fault.
    Source: the project's scoring method, §8.
    Worked: a criterion weight of -1 is refused as `$.sections[1].criteria[0].weight: -1 is not at least 0`.
    """
    faults: list[Fault] = []
    node = Node(data, path, faults)
    rubric = read_rubric(node, gather_names(node))
    _refuse(faults)
    return rubric


def parse_bundle(data: Any) -> BundleInput:
    """Read a bundle (rubric and proposals) from the values of a JSON document.

    Raises FaultyDocumentError with every fault. Source: the project's scoring method, §8.
    Worked: a score of 5 is refused as `$.proposals[0].scorecards[1].scores.route.cn.score: 5 is not within 0 to 4`.
    """
    bundle, faults = _read_bundle(data)
    _refuse(faults)
    return bundle


def _read_bundle(data: Any) -> tuple[BundleInput, list[Fault]]:
    faults: list[Fault] = []
    node = Node(data, "$", faults)
    node.has_fields(("format", "rubric", "proposals"))
    node.child("format").choice((FORMAT,))
    rubric = node.child("rubric")
    names = gather_names(rubric)
    bundle = BundleInput(read_rubric(rubric, names), read_proposals(node.child("proposals"), names))
    return bundle, faults


def load_bundle(text: bytes | str) -> BundleInput:
    """Read a bundle from JSON text (UTF-8), with numbers exact and repeated keys refused.

    Raises FaultyDocumentError with every fault; at `$` where the text is not JSON at all.
    """
    data, faults = read_json(text)
    bundle, more = _read_bundle(data)
    _refuse(faults + more)
    return bundle


def load_rubric(text: bytes | str) -> RubricSpec:
    """Read a rubric version from JSON text (UTF-8), such as the file of the default rubric.

    Raises FaultyDocumentError with every fault; at `$` where the text is not JSON at all.
    """
    data, faults = read_json(text)
    more: list[Fault] = []
    node = Node(data, "$", more)
    rubric = read_rubric(node, gather_names(node))
    _refuse(faults + more)
    return rubric
