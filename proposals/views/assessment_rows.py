"""A stored assessment as the rows that its page shows. Numbers are read, never computed again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from proposals.models import Assessment, Proposal, Scorecard, Side
from proposals.services.bundles import officer_names
from rubrics.services.words import RubricWords
from t2eval.accounts.models import User

ABSENCES = {"not_applicable": "not applicable", "not_enough_information": "not enough information"}
REASONS = {
    "gap": "two points or more apart",
    "kinds": "answers of different kinds",
    "gate": "a gate depends on it",
}
PARTS = {"probability": "likelihood", "loss": "consequence", "": ""}
GATE_ORDER = ("fail", "unknown", "overridden", "pass")
GATE_WORDS = {"fail": "Failed", "unknown": "Unknown", "overridden": "Set aside", "pass": "Passed"}
LOW_CELL = 2


def shown(value: float | str | None, places: int = 1) -> str:
    """A figure as pages print it; absences by their name."""
    if value is None:
        return "no value"
    if isinstance(value, str):
        return ABSENCES.get(value, value)
    return f"{value:.{places}f}"


def plain(value: float | str | None) -> str:
    """A score or level without needless zeros: 3, 2.5, 1.67."""
    if value is None or isinstance(value, str):
        return shown(value)
    return f"{value:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Dot:
    officer: str
    value: float
    x: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    key: str
    title: str
    weight: str
    value: float | None
    figure: str
    is_complete: bool
    dots: tuple[Dot, ...]
    spread: str


@dataclass(frozen=True, slots=True)
class GateRow:
    key: str
    title: str
    guidance: str
    basis: str
    effect: str
    state: str
    word: str
    is_contested: bool
    override: Mapping[str, str] | None

    @property
    def is_open(self) -> bool:
        return self.state in ("fail", "unknown")


@dataclass(frozen=True, slots=True)
class RiskRow:
    title: str
    likelihood: str
    consequence: str
    inherent: str
    reduction: str
    residual: str
    band: str


@dataclass(frozen=True, slots=True)
class CellRow:
    item: str
    part: str
    title: str
    reasons: str
    answers: tuple[tuple[str, str], ...]
    agreed: str


@dataclass(frozen=True, slots=True)
class ConditionRow:
    title: str
    gain: str
    clears: str
    after: str
    anchor: str


@dataclass(frozen=True, slots=True)
class CriterionRow:
    title: str
    section: str
    value: str
    sides: str
    spread: str
    capped: int
    open_answers: int


@dataclass(frozen=True, slots=True)
class OfficerRow:
    key: str
    name: str
    index: str
    recommendation: str
    recommendation_key: str
    scorecard: Scorecard | None


class AssessmentRows:
    """Everything that the page of an assessment shows, in the order of the page."""

    def __init__(self, assessment: Assessment, words: RubricWords, sides: Iterable[Side]) -> None:
        self.assessment = assessment
        self.words = words
        self.result: Mapping[str, Any] = assessment.result
        self.detail: Mapping[str, Any] = assessment.detail
        self.inputs: Mapping[str, Any] = assessment.inputs
        self.sides = {side.key: side.name for side in sides}

    def cell_title(self, item: str, part: str) -> str:
        where = self.sides.get(part, PARTS.get(part, part))
        return f"{self.words.title(item)}, {where}" if where else self.words.title(item)

    def _in_order(self, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Stored results in the order of the rubric: a database keeps the keys of JSON in an order of its own."""
        found: Mapping[str, Mapping[str, Any]] = self.result[kind]
        return [(key, found[key]) for key in self.words.section_of if key in found]

    def _values(self, criterion: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """The value of each side in the order of sides; of an undivided criterion its one value, under no side."""
        if "sides" not in criterion:
            return [("", criterion["value"])]
        return [(side, criterion["sides"][side]) for side in self.sides if side in criterion["sides"]]

    def sections(self) -> list[SectionRow]:
        rows = []
        total = sum(float(section["weight"]) for section in self.words.sections)
        missing = {self.words.section_of.get(cell["item"]) for cell in self.detail["missing"]}
        for section in self.words.sections:
            key, value = section["key"], self.result["sections"][section["key"]]
            own = {name: card["sections"][key] for name, card in sorted(self.detail["officers"].items())}
            known = {name: number for name, number in own.items() if number is not None}
            rows.append(
                SectionRow(
                    key=key,
                    title=self.words.title(key),
                    weight=plain(100 * float(section["weight"]) / total),
                    value=value,
                    figure=shown(value),
                    is_complete=key not in missing,
                    dots=tuple(Dot(name, number, f"{number:.2f}") for name, number in known.items()),
                    spread=shown(max(known.values()) - min(known.values())) if len(known) > 1 else "",
                )
            )
        return rows

    def gates(self) -> list[GateRow]:
        rows = [self._gate(gate) for gate in self.words.gates]
        return sorted(rows, key=lambda row: GATE_ORDER.index(row.state))

    def _gate(self, gate: Mapping[str, Any]) -> GateRow:
        found = self.result["gates"][gate["key"]]
        return GateRow(
            key=gate["key"],
            title=self.words.title(gate["key"]),
            guidance=gate.get("guidance", ""),
            basis=gate.get("basis", ""),
            effect=self.words.effect(gate["effect"]),
            state=found["state"],
            word=GATE_WORDS[found["state"]],
            is_contested=found["contested"],
            override=self.inputs.get("overrides", {}).get(gate["key"]),
        )

    def risks(self) -> list[RiskRow]:
        return [
            RiskRow(
                title=self.words.title(key),
                likelihood=plain(self.detail["risks"][key]["probability"]),
                consequence=plain(self.detail["risks"][key]["loss"]),
                inherent=shown(risk["inherent"]),
                reduction=f"{100 * risk['reduction']:.0f} %",
                residual=shown(risk["residual"]),
                band=ABSENCES.get(risk["band"], risk["band"]),
            )
            for key, risk in self._in_order("risks")
        ]

    def flagged(self) -> list[CellRow]:
        return [
            CellRow(
                item=cell["item"],
                part=cell["part"],
                title=self.cell_title(cell["item"], cell["part"]),
                reasons="; ".join(REASONS[reason] for reason in cell["reasons"]),
                answers=tuple(
                    (card["officer"], self._answer(card, cell["item"], cell["part"]))
                    for card in self.inputs["scorecards"]
                ),
                agreed=self._agreed(cell["item"], cell["part"]),
            )
            for cell in self.detail["flagged"]
        ]

    def _answer(self, card: Mapping[str, Any], item: str, part: str) -> str:
        for kind in ("scores", "mitigations", "risks"):
            if item in card[kind]:
                answer = card[kind][item]
                if part and isinstance(answer, dict):
                    answer = answer.get(part, "not_enough_information")
                if isinstance(answer, dict):
                    return f"{answer['score']} ({answer['evidence']})"
                return plain(answer)
        return ABSENCES["not_enough_information"]

    def _agreed(self, item: str, part: str) -> str:
        agreed = self.inputs.get("consensus", {}).get(item, {})
        agreed = agreed.get(part, {}) if part else agreed
        return plain(float(agreed["value"])) if agreed else ""

    def conditions(self) -> list[ConditionRow]:
        """Those of the method: what each mitigation at its condition level would do."""
        return [
            ConditionRow(
                title=self.words.title(item["mitigation"]),
                gain=shown(item["index_gain"]) if (item["index_gain"] or 0) >= 0.5 else "",
                clears=", ".join(self.words.title(gate) for gate in item["clears"]),
                after=self.words.band(item["suggested_after"] or ""),
                anchor=self.words.anchor(item["mitigation"], self._condition_level()),
            )
            for item in self.result["conditions"]
        ]

    def _condition_level(self) -> int:
        levels = [int(section["condition_level"]) for section in self.words.sections if "condition_level" in section]
        return levels[0] if levels else 0

    def low_cells(self) -> list[ConditionRow]:
        """Every criterion or side of convening and transfer at 2 or less, with the anchor for 3 as proof to bring."""
        rows = []
        for key, criterion in self._in_order("criteria"):
            if self.words.section_of[key] not in ("convening", "transfer"):
                continue
            for part, value in self._values(criterion):
                if isinstance(value, int | float) and value <= LOW_CELL:
                    anchor = self.words.anchor(key, 3)
                    rows.append(ConditionRow(f"{self.cell_title(key, part)}: {plain(value)}", "", "", "", anchor))
        return rows

    def criteria(self) -> list[CriterionRow]:
        return [
            CriterionRow(
                title=self.words.title(key),
                section=self.words.title(self.words.section_of[key]),
                value=plain(item["value"]),
                sides=" · ".join(
                    f"{self.sides.get(side, side)} {plain(v)}" for side, v in item.get("sides", {}).items()
                ),
                spread=plain(item["spread"]),
                capped=item["capped"],
                open_answers=item["nei"],
            )
            for key, item in (*self._in_order("criteria"), *self._in_order("mitigations"))
        ]

    def missing(self) -> list[str]:
        """The cells that somebody left open, each once."""
        return list(dict.fromkeys(self.cell_title(cell["item"], cell["part"]) for cell in self.detail["missing"]))


def officer_rows(assessment: Assessment, proposal: Proposal, words: RubricWords, viewer: User) -> list[OfficerRow]:
    """Each counted officer: own index, holistic recommendation, and the scorecard that the viewer may read."""
    names = officer_names(proposal)
    cards = Scorecard.objects.visible_to(viewer).filter(
        proposal=proposal, rubric_version=assessment.rubric_version, state=Scorecard.State.SUBMITTED
    )
    by_officer = {card.officer_id: card for card in cards.order_by("round")}
    return [
        OfficerRow(
            key=card["officer"],
            name=names[card["officer"]].name,
            index=shown(assessment.result["officers"][card["officer"]]),
            recommendation=words.band(card.get("recommendation", "")),
            recommendation_key=card.get("recommendation", ""),
            scorecard=by_officer.get(names[card["officer"]].pk),
        )
        for card in assessment.inputs["scorecards"]
    ]
