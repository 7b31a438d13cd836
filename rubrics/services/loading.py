"""From a document in the bundle's rubric format to a published version."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from rubrics.models import Anchor, Band, Criterion, Gate, Mitigation, Pairing, Risk, Rubric, RubricVersion, Section
from rubrics.scoring.parse import parse_rubric
from rubrics.services.documents import rubric_document
from t2eval.accounts.models import User
from t2eval.audit.services import record


class RubricVersionExistsError(Exception):
    """This version number is taken by other content."""


def _described(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": data.get("title", ""),
        "guidance": data.get("guidance", ""),
        "questions": data.get("questions", []),
        "basis": data.get("basis", ""),
        "note": data.get("note"),
    }


def _comparable(value: Any) -> Any:
    """The same for documents that say the same: numbers by value, empty descriptions left out."""
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items() if not _is_silent(key, item)}
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return value


def _is_silent(key: str, item: Any) -> bool:
    """Whether leaving the key out would say the same."""
    return item is None or item is False or item == "" or (item in ([], {}) and key != "reduces")


@transaction.atomic
def load_rubric_version(
    document: dict[str, Any], *, by: User | None, at: dt.datetime, reason: str = "Loaded from a file"
) -> RubricVersion:
    """Publish the version that a document holds, retiring the one in force; loading the same again changes nothing.

    Raises FaultyDocumentError with every fault, RubricVersionExistsError where the number holds other content.
    """
    parse_rubric(document)
    rubric, _ = Rubric.objects.select_for_update().get_or_create(
        key=document["key"], defaults={"title": document.get("title", document["key"])}
    )
    existing = rubric.versions.filter(number=document["version"]).first()
    if existing is not None:
        if _comparable(rubric_document(existing)) != _comparable(document):
            raise RubricVersionExistsError(
                f"{existing} is published with other content: give the file the next version number."
            )
        return existing
    version = _draft(rubric, document, reason)
    rubric.versions.filter(state=RubricVersion.State.PUBLISHED).update(state=RubricVersion.State.RETIRED, retired_at=at)
    version.state, version.published_at, version.published_by = RubricVersion.State.PUBLISHED, at, by
    version.save(update_fields=["state", "published_at", "published_by"])
    record("rubric_version.published", by=by, at=at, target=version)
    return version


def _draft(rubric: Rubric, document: dict[str, Any], reason: str) -> RubricVersion:
    version = RubricVersion.objects.create(
        rubric=rubric,
        number=document["version"],
        top_score=document["top_score"],
        evidence_caps=document["evidence_caps"],
        anchors=document.get("anchors", []),
        reason=reason,
        **_described(document),
    )
    for position, data in enumerate(document["sections"]):
        _section(version, position, data)
    for position, data in enumerate(document["gates"]):
        Gate.objects.create(
            version=version,
            position=position,
            key=data["key"],
            effect=data["effect"],
            sides=data.get("sides", ""),
            when=data["when"],
            **_described(data),
        )
    for position, data in enumerate(document["bands"]):
        Band.objects.create(
            version=version, position=position, key=data["key"], minimum=Decimal(str(data["min"])), **_described(data)
        )
    return version


def _section(version: RubricVersion, position: int, data: dict[str, Any]) -> None:
    decimals = ("overlap", "reduction_cap", "condition_level", "catastrophic_from", "loss_at_zero")
    section = Section.objects.create(
        version=version,
        position=position,
        key=data["key"],
        weight=Decimal(str(data["weight"])),
        rule=data["rule"],
        anchors=data.get("anchors"),
        **{name: Decimal(str(data[name])) for name in decimals if name in data},
        **{name: data[name] for name in ("probability", "loss", "risk_bands") if name in data},
        **_described(data),
    )
    for place, item in enumerate(data.get("criteria", [])):
        criterion = Criterion.objects.create(
            section=section,
            position=place,
            key=item["key"],
            weight=Decimal(str(item["weight"])),
            per_side=item.get("per_side", False),
            not_applicable_allowed=item.get("not_applicable_allowed", False),
            **_described(item),
        )
        Anchor.objects.bulk_create(
            Anchor(criterion=criterion, level=level, text=text) for level, text in enumerate(item.get("anchors", []))
        )
    risks = {
        item["key"]: Risk.objects.create(section=section, position=place, key=item["key"], **_described(item))
        for place, item in enumerate(data.get("risks", []))
    }
    for place, item in enumerate(data.get("mitigations", [])):
        _mitigation(section, place, item, risks)


def _mitigation(section: Section, position: int, data: dict[str, Any], risks: dict[str, Risk]) -> None:
    mitigation = Mitigation.objects.create(section=section, position=position, key=data["key"], **_described(data))
    Anchor.objects.bulk_create(
        Anchor(mitigation=mitigation, level=level, text=text) for level, text in enumerate(data.get("anchors", []))
    )
    Pairing.objects.bulk_create(
        Pairing(mitigation=mitigation, risk=risks[key], factor=Decimal(str(factor)))
        for key, factor in data["reduces"].items()
    )
