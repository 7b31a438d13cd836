"""The rows of a version, written from its document, a query for each table whatever its size."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rubrics.models import Anchor, Band, Criterion, Gate, Mitigation, Pairing, Risk, Rubric, RubricVersion, Section

SECTION_DECIMALS = ("overlap", "reduction_cap", "condition_level", "catastrophic_from", "loss_at_zero")


def store_version(rubric: Rubric, document: dict[str, Any], *, number: int, reason: str) -> RubricVersion:
    """Write a document that has been checked as a version that is not published yet."""
    version = RubricVersion.objects.create(
        rubric=rubric,
        number=number,
        top_score=document["top_score"],
        evidence_caps=document["evidence_caps"],
        anchors=document.get("anchors", []),
        reason=reason,
        **_described(document),
    )
    sections = Section.objects.bulk_create(
        _section(version, position, data) for position, data in enumerate(document["sections"])
    )
    criteria, risks, mitigations = _items(sections, document)
    Anchor.objects.bulk_create([*_anchors(criteria, "criterion"), *_anchors(mitigations, "mitigation")])
    Pairing.objects.bulk_create(
        Pairing(mitigation=mitigation, risk=risks[key][0], factor=Decimal(str(factor)))
        for mitigation, data in mitigations.values()
        for key, factor in data["reduces"].items()
    )
    Gate.objects.bulk_create(_gate(version, position, data) for position, data in enumerate(document["gates"]))
    Band.objects.bulk_create(_band(version, position, data) for position, data in enumerate(document["bands"]))
    return version


Rows = dict[str, tuple[Any, dict[str, Any]]]
"""Rows of items with what the document says of each, by key."""


def _items(sections: list[Section], document: dict[str, Any]) -> tuple[Rows, Rows, Rows]:
    criteria, risks, mitigations = Rows(), Rows(), Rows()
    for section, data in zip(sections, document["sections"], strict=True):
        for rows, name, make in (
            (criteria, "criteria", _criterion),
            (risks, "risks", _risk),
            (mitigations, "mitigations", _mitigation),
        ):
            rows |= {item["key"]: (make(section, place, item), item) for place, item in enumerate(data.get(name, []))}
    Criterion.objects.bulk_create(row for row, _ in criteria.values())
    Risk.objects.bulk_create(row for row, _ in risks.values())
    Mitigation.objects.bulk_create(row for row, _ in mitigations.values())
    return criteria, risks, mitigations


def _anchors(rows: Rows, of: str) -> Iterator[Anchor]:
    for row, data in rows.values():
        for level, text in enumerate(data.get("anchors", [])):
            yield Anchor(level=level, text=text, **{of: row})


def _described(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": data.get("title", ""),
        "guidance": data.get("guidance", ""),
        "questions": data.get("questions", []),
        "basis": data.get("basis", ""),
        "note": data.get("note"),
    }


def _section(version: RubricVersion, position: int, data: dict[str, Any]) -> Section:
    return Section(
        version=version,
        position=position,
        key=data["key"],
        weight=Decimal(str(data["weight"])),
        rule=data["rule"],
        anchors=data.get("anchors"),
        **{name: Decimal(str(data[name])) for name in SECTION_DECIMALS if name in data},
        **{name: data[name] for name in ("probability", "loss", "risk_bands") if name in data},
        **_described(data),
    )


def _criterion(section: Section, position: int, data: dict[str, Any]) -> Criterion:
    return Criterion(
        section=section,
        position=position,
        key=data["key"],
        weight=Decimal(str(data["weight"])),
        per_side=data.get("per_side", False),
        not_applicable_allowed=data.get("not_applicable_allowed", False),
        **_described(data),
    )


def _risk(section: Section, position: int, data: dict[str, Any]) -> Risk:
    return Risk(section=section, position=position, key=data["key"], **_described(data))


def _mitigation(section: Section, position: int, data: dict[str, Any]) -> Mitigation:
    return Mitigation(section=section, position=position, key=data["key"], **_described(data))


def _gate(version: RubricVersion, position: int, data: dict[str, Any]) -> Gate:
    return Gate(
        version=version,
        position=position,
        key=data["key"],
        effect=data["effect"],
        sides=data.get("sides", ""),
        when=data["when"],
        **_described(data),
    )


def _band(version: RubricVersion, position: int, data: dict[str, Any]) -> Band:
    minimum = Decimal(str(data["min"]))
    return Band(version=version, position=position, key=data["key"], minimum=minimum, **_described(data))
