"""A rubric version as a document in the bundle's format, and as the scoring method reads it."""

from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from rubrics.models import Anchor, Band, Criterion, Gate, Mitigation, Pairing, Risk, RubricVersion, Section
from rubrics.models.described import Described

DESCRIPTIVE = ("title", "guidance", "questions", "basis", "note")


def number(value: Decimal) -> int | str:
    """Write a decimal as the bundle does: whole numbers as such, others as exact text."""
    return int(value) if value == value.to_integral_value() else f"{value:f}".rstrip("0")


def _described(part: Described) -> dict[str, Any]:
    return {name: getattr(part, name) for name in DESCRIPTIVE if getattr(part, name) not in ("", [], None)}


def _levels(anchors: list[Anchor]) -> dict[str, Any]:
    return {"anchors": [anchor.text for anchor in sorted(anchors, key=lambda anchor: anchor.level)]} if anchors else {}


def _criteria(section: Section) -> list[dict[str, Any]]:
    return [
        {
            "key": criterion.key,
            **_described(criterion),
            **_levels(list(criterion.anchors.all())),
            "weight": number(criterion.weight),
            **({"per_side": True} if criterion.per_side else {}),
            **({"not_applicable_allowed": True} if criterion.not_applicable_allowed else {}),
        }
        for criterion in section.criteria.all()
    ]


def _mitigation(mitigation: Mitigation) -> dict[str, Any]:
    return {
        "key": mitigation.key,
        **_described(mitigation),
        **_levels(list(mitigation.anchors.all())),
        "reduces": {pairing.risk.key: number(pairing.factor) for pairing in mitigation.pairings.all()},
    }


def _rule_numbers(section: Section) -> dict[str, Any]:
    if section.rule == Section.Rule.MEAN:
        return {"criteria": _criteria(section)}
    if section.rule == Section.Rule.PATHWAYS:
        assert section.overlap is not None  # noqa: S101 - a constraint of the database, told to mypy
        return {"overlap": number(section.overlap), "criteria": _criteria(section)}
    names = ("reduction_cap", "condition_level", "catastrophic_from", "loss_at_zero")
    return {
        **{name: number(getattr(section, name)) for name in names},
        **{name: getattr(section, name) for name in ("probability", "loss", "risk_bands")},
        **({"anchors": section.anchors} if section.anchors else {}),
        "risks": [{"key": risk.key, **_described(risk)} for risk in section.risks.all()],
        "mitigations": [_mitigation(mitigation) for mitigation in section.mitigations.all()],
    }


def with_parts(pk: UUID) -> RubricVersion:
    """The version with all its parts in order, in a constant number of queries."""
    pairings = Pairing.objects.select_related("risk").order_by("risk__position")
    return (
        RubricVersion.objects.prefetch_related(
            Prefetch("sections", Section.objects.order_by("position")),
            Prefetch("sections__criteria", Criterion.objects.order_by("position")),
            Prefetch("sections__risks", Risk.objects.order_by("position")),
            Prefetch("sections__mitigations", Mitigation.objects.order_by("position")),
            "sections__criteria__anchors",
            "sections__mitigations__anchors",
            Prefetch("sections__mitigations__pairings", pairings),
            Prefetch("gates", Gate.objects.order_by("position")),
            Prefetch("bands", Band.objects.order_by("position")),
        )
        .select_related("rubric")
        .get(pk=pk)
    )


def rubric_document(version: RubricVersion) -> dict[str, Any]:
    """The version in the bundle's rubric format: what `load_rubric_version` reads, and what a bundle carries."""
    full = with_parts(version.pk)
    return {
        "key": full.rubric.key,
        "version": full.number,
        **_described(full),
        **({"anchors": full.anchors} if full.anchors else {}),
        "top_score": full.top_score,
        "evidence_caps": full.evidence_caps,
        "sections": [
            {
                "key": section.key,
                **_described(section),
                "weight": number(section.weight),
                "rule": section.rule,
                **_rule_numbers(section),
            }
            for section in full.sections.all()
        ],
        "gates": [
            {
                "key": gate.key,
                **_described(gate),
                "effect": gate.effect,
                **({"sides": gate.sides} if gate.sides else {}),
                "when": gate.when,
            }
            for gate in full.gates.all()
        ],
        "bands": [{"key": band.key, **_described(band), "min": number(band.minimum)} for band in full.bands.all()],
    }


@lru_cache(maxsize=64)
def _frozen_document(pk: UUID) -> dict[str, Any]:
    return rubric_document(RubricVersion(pk=pk))


def frozen_document(version: RubricVersion) -> dict[str, Any]:
    """The document of a published version, kept in memory. Read it, never write to it."""
    if version.state == RubricVersion.State.DRAFT:
        return rubric_document(version)
    return _frozen_document(version.pk)
