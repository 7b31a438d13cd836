"""A stored assessment as the rows that its page shows. Numbers are read, never computed again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from proposals.models import Assessment, Proposal, Scorecard, Side
from proposals.services.bundles import officer_names
from proposals.services.index_figures import IndexFigures, band_limits, read_exact
from proposals.services.residual_falls import Fall, stored_falls
from proposals.services.weak_points import gain_of, level_to_reach, values_of, weak_cells
from rubrics.scoring.figures import counted_score, one_place, points
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


def plain(value: float | str | None) -> str:
    """A score or level as a memo writes it: 3, 2.5; absences by their name.

    What officers answer and its means have small denominators: six decimals round as the exact value does.
    """
    if value is None:
        return "no value"
    if isinstance(value, str):
        return ABSENCES.get(value, value)
    return points(Fraction(str(value)))


@dataclass(frozen=True, slots=True)
class Dot:
    officer: str
    figure: str
    x: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    key: str
    title: str
    weight: str
    width: str
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
    falls: tuple[Fall, ...] = ()


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

    def __init__(
        self,
        assessment: Assessment,
        words: RubricWords,
        sides: Iterable[Side],
        *,
        names: Mapping[str, str] | None = None,
    ) -> None:
        """`names` are those of the officers by their key; without one, the key stands for it."""
        self.assessment = assessment
        self.names = names or {}
        self.words = words
        self.result: Mapping[str, Any] = assessment.result
        self.detail: Mapping[str, Any] = assessment.detail
        self.inputs: Mapping[str, Any] = assessment.inputs
        self.figures = IndexFigures(assessment, band_limits(words))
        self.sides = {side.key: side.name for side in sides}

    def cell_title(self, item: str, part: str) -> str:
        where = self.sides.get(part, PARTS.get(part, part))
        return f"{self.words.title(item)}, {where}" if where else self.words.title(item)

    def _in_order(self, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Stored results in the order of the rubric: a database keeps the keys of JSON in an order of its own."""
        found: Mapping[str, Mapping[str, Any]] = self.result[kind]
        return [(key, found[key]) for key in self.words.section_of if key in found]

    def sections(self) -> list[SectionRow]:
        rows = []
        total = sum((Fraction(str(section["weight"])) for section in self.words.sections), Fraction())
        missing = {self.words.section_of.get(cell["item"]) for cell in self.detail["missing"]}
        for section in self.words.sections:
            key = section["key"]
            value = self.figures.section(key)
            own = {name: self.figures.section_of(name, key) for name in sorted(self.detail["officers"])}
            known = {name: number for name, number in own.items() if number is not None}
            rows.append(
                SectionRow(
                    key=key,
                    title=self.words.title(key),
                    weight=points(100 * Fraction(str(section["weight"])) / total),
                    width="" if value is None else f"{float(value):.2f}",
                    figure=one_place(value) or "no value",
                    is_complete=key not in missing,
                    dots=tuple(Dot(name, one_place(number), f"{float(number):.2f}") for name, number in known.items()),
                    spread=one_place(max(known.values()) - min(known.values())) if len(known) > 1 else "",
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
                inherent=self._risk(key, "inherent"),
                reduction=f"{100 * risk['reduction']:.0f} %",
                residual=self._risk(key, "residual"),
                band=ABSENCES.get(risk["band"], risk["band"]),
            )
            for key, risk in self._in_order("risks")
        ]

    def _risk(self, key: str, name: str) -> str:
        """Expected loss, written so that one sees on which side of a limit of the bands it lies."""
        value = read_exact(self.assessment.exact.get("risks", {}).get(key, {}).get(name))
        limits = [
            Fraction(str(limit)) for section in self.words.of_rule("residual_risk") for limit in section["risk_bands"]
        ]
        return plain(self.result["risks"][key][name]) if value is None else one_place(value, limits)

    def flagged(self) -> list[CellRow]:
        return [
            CellRow(
                item=cell["item"],
                part=cell["part"],
                title=self.cell_title(cell["item"], cell["part"]),
                reasons="; ".join(REASONS[reason] for reason in cell["reasons"]),
                answers=self.answers(cell["item"], cell["part"]),
                agreed=self._agreed(cell["item"], cell["part"]),
            )
            for cell in self.detail["flagged"]
        ]

    def answers(self, item: str, part: str) -> tuple[tuple[str, str], ...]:
        """What each counted officer answered in a cell, in the order of scorecards."""
        cards = [(card["officer"], card) for card in self.inputs["scorecards"]]
        return tuple((self.names.get(key, key), self._answer(card, item, part)) for key, card in cards)

    def graded(self, value: Fraction, grade: int) -> str:
        """A score with its evidence grade, and what counts of it: "3 → 2 (E1)"."""
        allowed = Fraction(str(self.words.document["evidence_caps"][grade]))
        return f"{counted_score(value, allowed)} (E{grade})"

    def _answer(self, card: Mapping[str, Any], item: str, part: str) -> str:
        for kind in ("scores", "mitigations", "risks"):
            if item in card[kind]:
                answer = card[kind][item]
                if part and isinstance(answer, dict):
                    answer = answer.get(part, "not_enough_information")
                if isinstance(answer, dict):
                    return self.graded(Fraction(answer["score"]), int(answer["evidence"][1:]))
                return plain(answer)
        return ABSENCES["not_enough_information"]

    def _agreed(self, item: str, part: str) -> str:
        agreed = self.inputs.get("consensus", {}).get(item, {})
        agreed = agreed.get(part, {}) if part else agreed
        if "evidence" in agreed:
            return self.graded(Fraction(agreed["value"]), int(agreed["evidence"][1:]))
        return plain(float(agreed["value"])) if agreed else ""

    def conditions(self) -> list[ConditionRow]:
        """Those of the method: what each mitigation at its condition level would do."""
        return [
            ConditionRow(
                title=self.words.title(item["mitigation"]),
                gain=one_place(gain_of(item)),
                clears=", ".join(self.words.title(gate) for gate in item["clears"]),
                after=self._other_band(item["suggested_after"] or ""),
                anchor=self.words.anchor(item["mitigation"], level_to_reach(self.words, item["mitigation"])),
                falls=tuple(stored_falls(self.assessment, self.words, item["mitigation"])),
            )
            for item in self.result["conditions"]
        ]

    def _other_band(self, band: str) -> str:
        """What is suggested after a condition, where that is something else than now."""
        return "" if band == self.assessment.suggested else self.words.band(band)

    def low_cells(self) -> list[ConditionRow]:
        """Every criterion or side of convening and transfer at 2 or less, with the anchor for 3 as proof to bring."""
        return [
            ConditionRow(f"{self.cell_title(cell.item, cell.side)}: {points(cell.value)}", "", "", "", cell.proof)
            for cell in weak_cells(self.words, self.result["criteria"], self.sides)
        ]

    def criteria(self) -> list[CriterionRow]:
        return [
            CriterionRow(
                title=self.words.title(key),
                section=self.words.title(self.words.section_of[key]),
                value=plain(item["value"]),
                sides=" · ".join(f"{self.sides[side]} {plain(v)}" for side, v in values_of(item, self.sides) if side),
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
    figures = IndexFigures(assessment, band_limits(words))
    cards = Scorecard.objects.visible_to(viewer).filter(
        proposal=proposal, rubric_version=assessment.rubric_version, state=Scorecard.State.SUBMITTED
    )
    by_officer = {card.officer_id: card for card in cards.order_by("round")}
    return [
        OfficerRow(
            key=card["officer"],
            name=names[card["officer"]].name,
            index=figures.officer(card["officer"]) or "no value",
            recommendation=words.band(card.get("recommendation", "")),
            recommendation_key=card.get("recommendation", ""),
            scorecard=by_officer.get(names[card["officer"]].pk),
        )
        for card in assessment.inputs["scorecards"]
    ]
