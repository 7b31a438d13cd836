"""Versions and drafts as files in the bundle's rubric format, and files as drafts."""

import json
from decimal import Decimal
from typing import Any

from rubrics.models import Rubric
from rubrics.scoring.document import read_json
from rubrics.scoring.faults import Fault, FaultyDocumentError, show
from rubrics.scoring.parse import parse_rubric
from rubrics.services.documents import number
from rubrics.services.draft_parts import Document
from rubrics.services.storable import storable_faults

LARGEST_FILE = 2_000_000

ORDER = (
    "key", "version", "title", "guidance", "weight", "rule", "top_score", "evidence_caps", "effect", "sides", "when",
    "min", "overlap", "reduction_cap", "condition_level", "probability", "loss", "risk_bands", "catastrophic_from",
    "loss_at_zero", "per_side", "not_applicable_allowed", "reduces", "anchors", "questions", "basis", "note",
    "criteria", "risks", "mitigations", "sections", "gates", "bands",
)  # fmt: skip


def write_file(document: Document) -> str:
    """The file of a version: what `read_file` reads, laid out for people; keys in the order of the format."""
    return json.dumps(_ordered(document), indent=2, ensure_ascii=False) + "\n"


def _ordered(value: Any) -> Any:
    if isinstance(value, list):
        return [_ordered(held) for held in value]
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
        return {name: _ordered(value[name]) for name in names}
    return value


def read_file(data: bytes, rubric: Rubric) -> Document:
    """The document of a file of this rubric, with exact numbers. Raises FaultyDocumentError with every fault."""
    held, faults = read_json(data)
    try:
        parse_rubric(held)
    except FaultyDocumentError as error:
        faults = [*faults, *error.faults]
    if faults:
        raise FaultyDocumentError(faults)
    if held["key"] != rubric.key:
        faults.append(Fault("$.key", f"{show(held['key'])} is another rubric: this one is {show(rubric.key)}"))
    faults += storable_faults(held)
    if faults:
        raise FaultyDocumentError(faults)
    document: Document = _plain(held)
    return document


def _plain(value: Any) -> Any:
    """Decimals as the bundle writes them, so that JSON keeps them exactly."""
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_plain(held) for held in value]
    return number(value) if isinstance(value, Decimal) else value
