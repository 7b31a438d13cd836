"""How far a practice scorecard lies from the reference figures of its case: suggested, unconfirmed, and few."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from proposals.models import CalibrationReference, Scorecard
from proposals.services.own_result import Alone, assess_alone, gates_on_checks
from proposals.services.references import reference_facts
from rubrics.scoring.figures import points
from rubrics.scoring.gates import GateState
from rubrics.scoring.risk import BANDS
from rubrics.scoring.spec import GRADES, NEI, PathwaysSection
from rubrics.services.words import RubricWords, rubric_words

NONE = "–"
NOT_COMPARABLE = "not comparable"
SAME = "the same"


@dataclass(frozen=True, slots=True)
class DistanceLine:
    """One reference figure with the officer's own beside it; `steps` is exact, None where nothing can be compared."""

    title: str
    reference: str
    own: str
    steps: Fraction | None
    unit: str
    note: str = ""

    @property
    def distance(self) -> str:
        if self.steps is None:
            return NOT_COMPARABLE
        if not self.steps:
            return SAME
        size = abs(self.steps)
        unit = self.unit if size == 1 else f"{self.unit}s"
        return f"{points(size, [Fraction()])} {unit} {'higher' if self.steps > 0 else 'lower'}"


@dataclass(frozen=True, slots=True)
class GateDistance:
    """Titles of gates: failed by both, missed, added, unknown on the scorecard though the reference fails them, and
    those of the reference that a scorecard cannot tell, since the chair answers their checks.
    """

    shared: tuple[str, ...]
    missed: tuple[str, ...]
    added: tuple[str, ...]
    unknown: tuple[str, ...]
    on_checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Distance:
    status: str
    lines: tuple[DistanceLine, ...]
    gates: GateDistance | None
    teaches: str
    note: str
    period: str


@dataclass(frozen=True, slots=True)
class Measure:
    """Everything that the lines read: the figures, and the scorecard assessed alone."""

    figures: Mapping[str, Any]
    alone: Alone
    words: RubricWords
    grades: Mapping[str, int]

    def own(self, key: str) -> Fraction | None:
        """The own value of a criterion, after its evidence cap; the weaker side of one that is per side."""
        found = self.alone.evaluation.criteria.get(key)
        return found.value if found is not None and isinstance(found.value, Fraction) else None

    def theories(self) -> dict[str, Fraction]:
        keys = (
            criterion.key
            for section in self.alone.rubric.criteria_sections()
            if isinstance(section, PathwaysSection)
            for criterion in section.criteria
        )
        return {key: value for key in keys if (value := self.own(key)) is not None}

    def best(self) -> tuple[list[str], Fraction | None]:
        """The theories that the officer puts highest, and how high."""
        values = self.theories()
        top = max(values.values(), default=None)
        return [key for key, value in values.items() if value == top], top


def reference_distance(scorecard: Scorecard, reference: CalibrationReference) -> Distance:
    """Each figure that the reference has, with the own one and the distance; exact, and nothing else compared."""
    words, alone = rubric_words(scorecard.rubric_version), assess_alone(scorecard)
    grades: dict[str, int] = {}
    for score in scorecard.scores.all():
        if score.grade is not None:
            grades[score.criterion.key] = max(score.grade, grades.get(score.criterion.key, 0))
    measure = Measure(reference.figures, alone, words, grades)
    lines = [*_theories(measure), *_criteria(measure), _transfer(measure), _worst_risk(measure), _grade(measure)]
    facts = reference_facts(reference, words)
    return Distance(
        status=facts.status,
        lines=tuple(line for line in lines if line is not None),
        gates=_gates(measure),
        teaches=facts.teaches,
        note=facts.note,
        period=facts.period,
    )


def off_range(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """How far a value lies outside a range, signed; 0 within it.

    >>> off_range(Fraction(7, 2), Fraction(2), Fraction(3)), off_range(Fraction(5, 2), Fraction(2), Fraction(3))
    (Fraction(1, 2), Fraction(0, 1))
    """
    return value - min(max(value, low), high)


def _exactly(value: float | str) -> Fraction:
    return Fraction(str(value))


def _theories(measure: Measure) -> list[DistanceLine]:
    best, others = measure.figures.get("best_theory"), measure.figures.get("other_theories") or ()
    lines = [_theory(measure, "Best theory of change", best, measure.best())]
    lines += [_theory(measure, "Another theory of change", other, None) for other in others]
    return [line for line in lines if line is not None]


def _theory(
    measure: Measure, title: str, figure: Mapping[str, Any] | None, best: tuple[list[str], Fraction | None] | None
) -> DistanceLine | None:
    """Measured on the theories that the reference names; a note says so where the officer puts others first."""
    if not figure or figure.get("value") is None:
        return None
    named = [str(theory) for theory in figure["theories"]]
    own = {key: value for key in named if (value := measure.own(key)) is not None}
    top = max(own.values(), default=None)
    first, highest = best or ([], None)
    is_other = highest is not None and not set(first) & set(named)
    return DistanceLine(
        title=title,
        reference=f"{_titles(measure, named)}: {figure['value']}",
        own="; ".join(f"{measure.words.title(key)}: {points(value)}" for key, value in own.items()) or NONE,
        steps=None if top is None else top - _exactly(figure["value"]),
        unit="point",
        note=f"You put another first: {_titles(measure, first)}, {points(highest or NEI)}." if is_other else "",
    )


def _titles(measure: Measure, keys: list[str]) -> str:
    return ", ".join(measure.words.title(key) for key in keys)


def _criteria(measure: Measure) -> list[DistanceLine]:
    lines = []
    for name, key in (("stakes", "stakes"), ("right_people", "right-people")):
        figure, own = measure.figures.get(name), measure.own(key)
        if figure is not None:
            steps = None if own is None else own - _exactly(figure)
            lines.append(DistanceLine(measure.words.title(key), str(figure), _points(own), steps, "point"))
    return lines


def _points(value: Fraction | None) -> str:
    return NONE if value is None else points(value)


def _range(figure: Mapping[str, Any] | None) -> tuple[Any, Any] | None:
    if not figure or figure.get("low") is None:
        return None
    return figure["low"], figure.get("high", figure["low"])


def _written(low: Any, high: Any) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _transfer(measure: Measure) -> DistanceLine | None:
    """The plain mean of the criteria of policy transfer, as the reference has it."""
    known = _range(measure.figures.get("transfer_mean"))
    if known is None:
        return None
    sections = [section for section in measure.alone.rubric.criteria_sections() if section.key == "transfer"]
    found = [measure.own(criterion.key) for section in sections for criterion in section.criteria]
    values = [value for value in found if value is not None]
    mean = sum(values, Fraction()) / len(values) if values else None
    steps = None if mean is None else off_range(mean, *map(_exactly, known))
    return DistanceLine("Policy transfer, mean", _written(*known), _points(mean), steps, "point")


def _worst_risk(measure: Measure) -> DistanceLine | None:
    figure = measure.figures.get("worst_residual")
    if not figure or not figure.get("band"):
        return None
    high, low = figure["band"], figure.get("band_low") or figure["band"]
    named = f"{measure.words.title(figure['risk'])}: " if figure.get("risk") else ""
    found = [
        (BANDS.index(risk.band), risk.residual, key)
        for key, risk in measure.alone.evaluation.risks.items()
        if risk.band is not None and isinstance(risk.residual, Fraction)
    ]
    reference = f"{named}{_written(low, high)}"
    if not found:
        return DistanceLine("Worst residual risk", reference, NONE, None, "band")
    place, _, key = max(found, key=lambda risk: risk[:2])
    steps = off_range(Fraction(place), Fraction(BANDS.index(low)), Fraction(BANDS.index(high)))
    note = "Yours is another risk." if figure.get("risk") not in (None, key) else ""
    own = f"{measure.words.title(key)}: {BANDS[place]}"
    return DistanceLine("Worst residual risk", reference, own, steps, "band", note)


def _grade(measure: Measure) -> DistanceLine | None:
    """The grade of the main claim of influence; the own one is that of the score of the best theory."""
    known = _range(measure.figures.get("evidence_grade"))
    if known is None:
        return None
    given = [measure.grades[key] for key in measure.best()[0]]
    low, high = (Fraction(GRADES.index(grade)) for grade in known)
    return DistanceLine(
        title="Evidence grade of the main claim",
        reference=_written(*known),
        own=f"E{max(given)}" if given else NONE,
        steps=off_range(Fraction(max(given)), low, high) if given else None,
        unit="grade",
        note="Yours is the grade of your best theory." if given else "",
    )


def _gates(measure: Measure) -> GateDistance | None:
    failed = measure.figures.get("failed_gates")
    if failed is None:
        return None
    on_checks = gates_on_checks(measure.words)
    told = {key: state for key, state in measure.alone.states.items() if key not in on_checks}

    def titles(keys: Any) -> tuple[str, ...]:
        return tuple(measure.words.title(key) for key in keys)

    return GateDistance(
        shared=titles(key for key in failed if told.get(key) is GateState.FAIL),
        missed=titles(key for key in failed if told.get(key) is GateState.PASS),
        added=titles(key for key, state in told.items() if state is GateState.FAIL and key not in failed),
        unknown=titles(key for key in failed if told.get(key) is GateState.UNKNOWN),
        on_checks=titles(key for key in failed if key in on_checks),
    )
