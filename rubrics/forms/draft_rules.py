"""The forms of what decides: gates, bands, and which mitigation acts on which risk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from rubrics.forms.fields import ExactNumber, basis, choice, title, words
from rubrics.forms.part_form import DraftPartForm, Group
from rubrics.scoring.spec import CHECK_STATES
from rubrics.services.clauses import clause
from rubrics.services.draft_parts import (
    SUBJECTS,
    GatePart,
    PairingsPart,
    Values,
    find,
    find_section,
    pairing_name,
)
from rubrics.services.words import RubricWords

# What each comparison is called, and the top of its scale; None for the scale of scores.
THRESHOLDS: dict[str, tuple[str, int | None]] = {
    "below": ("is below", None),
    "at_least": ("is at least", None),
    "mean_below": ("has a mean below", None),
    "best_claim_below": ("No claimed theory reaches", None),
    "inherent_at_least": ("has an inherent risk of at least", 100),
    "any_risk_residual_at_least": ("Some residual risk is at least", 100),
}


class GateForm(DraftPartForm):
    title = title()
    guidance = words("What it guards against")
    basis = basis()

    def build(self, _: Values) -> None:
        gate = find(self.document["gates"], self._key())
        bands = [
            (f"cap:{band['key']}", f"No better than “{band.get('title') or band['key']}”")
            for band in self.document["bands"]
        ]
        self.fields["effect"] = choice(
            "Effect",
            [
                ("decline", "Decline: suggested for decline"),
                ("block", "Block: nothing is issued until it is cleared"),
                *bands,
            ],
            help_text="What happens while the gate does not pass. The index never changes.",
        )
        options = [("", "The weaker side"), ("every", "Every side"), ("some", "Some side")]
        self.fields["sides"] = choice("Tests of a criterion that is scored per side hold on", options, required=False)
        if not self._tests_a_side(gate):
            self.fields["sides"].widget = forms.HiddenInput()
        tests = [self._add_test(place, test) for place, test in enumerate(gate["when"])]
        self.groups = (
            Group("What it does", ("effect",)),
            *tests,
            *([Group("Sides", ("sides",))] if self._tests_a_side(gate) else []),
            Group("Words", ("title", "guidance", "basis")),
        )

    def _key(self) -> str:
        assert isinstance(self.part, GatePart)  # noqa: S101 - the registry pairs them
        return self.part.key

    def _tests_a_side(self, gate: Mapping[str, Any]) -> bool:
        per_side = {
            item["key"]
            for section in self.document["sections"]
            for item in section.get("criteria", [])
            if item.get("per_side")
        }
        return any(test.get("criterion") in per_side for test in gate["when"])

    def _add_test(self, place: int, test: Mapping[str, Any]) -> Group:
        """The fields of one test, in the order in which they read as a sentence."""
        legend = "Fires when" if place == 0 else "And when"
        names = []
        for name in sorted(test, key=lambda name: name not in SUBJECTS):
            field = self._field(name, test)
            if field is not None:
                self.fields[f"{name}_{place}"] = field
                names.append(f"{name}_{place}")
        told = "" if names else f"{clause(test, RubricWords(self.document)).capitalize()}. Nothing to choose here."
        return Group(legend, names, told, layout="row")

    def _field(self, name: str, test: Mapping[str, Any]) -> forms.Field | None:
        if name in SUBJECTS:
            return choice(f"The {name}", self._subjects(name, test[name]))
        if name in ("is", "is_not"):
            label = f"The check “{test['check']}” is {'not ' if name == 'is_not' else ''}"
            return choice(label.strip(), [(state, state.replace("-", " ")) for state in CHECK_STATES])
        if name in THRESHOLDS:
            label, top = THRESHOLDS[name]
            return ExactNumber(label, high=top or self.document["top_score"])
        return None

    def _subjects(self, name: str, held: str) -> list[tuple[str, str]]:
        """What a test may look at: also what it looks at now, where that has been removed."""
        lists = {"criterion": "criteria", "mitigation": "mitigations", "risk": "risks"}
        if name == "section":
            parts = [section for section in self.document["sections"] if section["rule"] == "mean"]
        else:
            parts = [item for section in self.document["sections"] for item in section.get(lists[name], [])]
        options = [(part["key"], part.get("title") or part["key"]) for part in parts]
        return options if held in dict(options) else [(held, f"{held} (removed: choose another)"), *options]


class BandsForm(DraftPartForm):
    def build(self, _: Values) -> None:
        groups = []
        for band in self.document["bands"]:
            names = [f"{name}-{band['key']}" for name in ("title", "band", "guidance")]
            self.fields[names[0]] = title()
            self.fields[names[1]] = ExactNumber("Index from", high=100)
            self.fields[names[2]] = words("Meaning", rows=2)
            groups.append(Group(band.get("title") or band["key"], names))
        self.groups = groups


PRIMARY, SECONDARY = "0.35", "0.1"
SHARES = [("", "–"), (PRIMARY, "Primary 0.35"), (SECONDARY, "Secondary 0.10")]


class PairingsForm(DraftPartForm):
    """A matrix: mitigations down, risks across."""

    def build(self, held: Values) -> None:
        self.section = find_section(self.document, self._key())
        for mitigation in self.section["mitigations"]:
            for risk in self.section["risks"]:
                name = pairing_name(mitigation["key"], risk["key"])
                label = f"{_title(mitigation)} on {_title(risk)}"
                self.fields[name] = choice(label, self._shares(held[name]), required=False)

    def _key(self) -> str:
        assert isinstance(self.part, PairingsPart)  # noqa: S101 - the registry pairs them
        return self.part.section

    @staticmethod
    def _shares(held: str) -> list[tuple[str, str]]:
        return SHARES if held in dict(SHARES) else [*SHARES, (held, f"As it is: {held}")]

    @property
    def risks(self) -> list[str]:
        return [_title(risk) for risk in self.section["risks"]]

    def rows(self) -> list[tuple[str, list[tuple[str, BoundField]]]]:
        """Each mitigation with its fields, and each of these with the risk that it is about."""
        return [(_title(mitigation), self._row(mitigation["key"])) for mitigation in self.section["mitigations"]]

    def _row(self, mitigation: str) -> list[tuple[str, BoundField]]:
        return [(_title(risk), self[pairing_name(mitigation, risk["key"])]) for risk in self.section["risks"]]


def _title(part: Mapping[str, Any]) -> str:
    return str(part.get("title") or part["key"])
