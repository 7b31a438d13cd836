"""A rubric version in words, for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rubrics.services.clauses import sentence
from rubrics.services.words import RubricWords

RULES = {
    "mean": (
        "Weighted mean of its criteria. A criterion that is not applicable drops out, and its weight is shared by the"
        " others; one that nobody could tell makes the section incomplete."
    ),
    "pathways": (
        "Only claimed theories count. The strongest counts in full; each further one closes part of the gap that is"
        " left, so that an honest second claim never lowers the value."
    ),
    "residual_risk": (
        "Each risk is likelihood times loss; the mitigations take their share of it, in proportion to their quality;"
        " what remains of all risks together lowers the value."
    ),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A criterion or a mitigation."""

    key: str
    title: str
    guidance: str
    share: str
    anchors: Sequence[tuple[int, str]]
    questions: Sequence[str]
    basis: str
    note: str
    marks: Sequence[str]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    title: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class SectionPage:
    key: str
    title: str
    guidance: str
    basis: str
    share: str
    share_value: float
    rule: str
    items: Sequence[Item]
    questions: Sequence[str]
    risk: "RiskPage | None"


@dataclass(frozen=True, slots=True)
class RiskPage:
    risks: Sequence[Item]
    likelihood: Sequence[tuple[int, str, str]]
    consequence: Sequence[tuple[int, str, str]]
    matrix_titles: Sequence[str]
    matrix: Sequence[MatrixRow]
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class GatePage:
    key: str
    title: str
    guidance: str
    effect: str
    when: str
    basis: str


def section_pages(words: RubricWords) -> list[SectionPage]:
    sections = words.sections
    total = sum(Decimal(str(section["weight"])) for section in sections)
    return [_section(section, Decimal(str(section["weight"])) / total) for section in sections]


def gate_pages(words: RubricWords) -> list[GatePage]:
    return [
        GatePage(
            key=gate["key"],
            title=words.title(gate["key"]),
            guidance=gate.get("guidance", ""),
            effect=words.effect(gate["effect"]),
            when=sentence(gate, words),
            basis=gate.get("basis", ""),
        )
        for gate in words.gates
    ]


def _section(section: Mapping[str, Any], share: Decimal) -> SectionPage:
    criteria = section.get("criteria", ())
    total = sum(Decimal(str(criterion["weight"])) for criterion in criteria) or Decimal(1)
    items = [_item(item, _share(section, item, total)) for item in criteria]
    return SectionPage(
        key=section["key"],
        title=section.get("title", section["key"]),
        guidance=section.get("guidance", ""),
        basis=section.get("basis", ""),
        share=f"{100 * share:.0f} %",
        share_value=float(100 * share),
        rule=RULES[section["rule"]],
        items=items or [_item(item, "") for item in section.get("mitigations", ())],
        questions=section.get("questions", ()),
        risk=_risk(section) if section["rule"] == "residual_risk" else None,
    )


def _share(section: Mapping[str, Any], item: Mapping[str, Any], total: Decimal) -> str:
    weight = Decimal(str(item["weight"]))
    return f"weight {weight}" if section["rule"] == "pathways" else f"{100 * weight / total:.0f} % of the section"


def _item(item: Mapping[str, Any], share: str) -> Item:
    marks = [
        word
        for key, word in (("per_side", "per side"), ("not_applicable_allowed", "not applicable allowed"))
        if item.get(key)
    ]
    return Item(
        key=item["key"],
        title=item.get("title", item["key"]),
        guidance=item.get("guidance", ""),
        share=share,
        anchors=list(enumerate(item.get("anchors", ()))),
        questions=item.get("questions", ()),
        basis=item.get("basis", ""),
        note=_note(item.get("note")),
        marks=marks,
    )


def _note(note: Any) -> str:
    """A note is a sentence, or of a mitigation: when it acts and what it costs."""
    if isinstance(note, dict):
        acts = " and ".join(note.get("acts", ()))
        return " ".join(filter(None, (f"Works {acts} a meeting." if acts else "", str(note.get("cost", "")))))
    return str(note or "")


def _risk(section: Mapping[str, Any]) -> RiskPage:
    levels = section.get("anchors", {})
    risks = section["risks"]
    probabilities = [f"{(100 * Decimal(str(value))).normalize():f} %" for value in section["probability"]]
    return RiskPage(
        risks=[_item(risk, "") for risk in risks],
        likelihood=list(
            zip(range(1, 99), _padded(levels.get("likelihood"), probabilities), probabilities, strict=False)
        ),
        consequence=list(
            zip(range(99), _padded(levels.get("consequence"), section["loss"]), map(str, section["loss"]), strict=False)
        ),
        matrix_titles=[risk.get("title", risk["key"]) for risk in risks],
        matrix=[
            MatrixRow(
                mitigation.get("title", mitigation["key"]),
                [_pairing(mitigation["reduces"].get(risk["key"])) for risk in risks],
            )
            for mitigation in section["mitigations"]
        ],
        facts=_risk_facts(section),
    )


def _padded(texts: Sequence[str] | None, values: Sequence[Any]) -> list[str]:
    return [*(texts or ()), *([""] * len(values))][: len(values)]


def _pairing(factor: Any) -> str:
    return "–" if factor is None or Decimal(str(factor)) == 0 else f"{Decimal(str(factor)):f}"


def _risk_facts(section: Mapping[str, Any]) -> list[tuple[str, str]]:
    low, moderate, high = section["risk_bands"]
    return [
        ("Most that mitigations together can take off", f"{100 * Decimal(str(section['reduction_cap'])):.0f} %"),
        ("Bands of the residual", f"low below {low}, moderate below {moderate}, high below {high}, severe from there"),
        ("Never below high", f"from a panel consequence of {section['catastrophic_from']}, however unlikely"),
        ("Section is worth nothing at a total expected loss of", str(section["loss_at_zero"])),
        ("A mitigation below this becomes a condition of grant", str(section["condition_level"])),
    ]
