"""A scorecard to be read: every cell with what was said, in the rubric's own words."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from proposals.models import Evidence, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import CellAnswer, cap_note, headline
from proposals.services.grids import Grid, GridCell, GridRow, GridSection, load_grid
from rubrics.models import Anchor


@dataclass(frozen=True)
class SheetCell:
    cell: GridCell
    said: CellAnswer | None
    words: tuple[str, ...]
    cap_note: str
    evidence: tuple[Evidence, ...]

    @property
    def headline(self) -> str:
        return _headline(self.said)


@dataclass(frozen=True)
class SheetRow:
    row: GridRow
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True)
class SheetSection:
    section: GridSection
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What the officer changed between the rounds: the answer, or only its reason or evidence."""

    place: str
    label: str
    before: str
    after: str

    @property
    def is_new_answer(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Sheet:
    """`changes` are those since `earlier`, the officer's scorecard of round 1; in round 1 there is none."""

    sections: tuple[SheetSection, ...]
    answered: int
    total: int
    recommendation: str
    earlier: Scorecard | None
    changes: tuple[Change, ...]


def load_sheet(scorecard: Scorecard) -> Sheet:
    grid = load_grid(scorecard.proposal, scorecard.rubric_version_id)
    answers = answers_of(scorecard)
    cited = {item.pk: item for item in Evidence.objects.filter(proposal=scorecard.proposal_id)}

    sections = tuple(
        SheetSection(section, tuple(_row(grid, row, answers, cited) for row in section.rows))
        for section in grid.sections
    )
    earlier = _earlier(scorecard)
    return Sheet(
        sections=sections,
        answered=len(grid.cells.keys() & {key for key, said in answers.items() if not said.is_open}),
        total=len(grid.cells),
        recommendation=_band(grid, scorecard),
        earlier=earlier,
        changes=_changes(grid, earlier, scorecard, answers) if earlier else (),
    )


def sheet_cell(grid: Grid, cell: GridCell, said: CellAnswer | None, cited: Mapping[uuid.UUID, Evidence]) -> SheetCell:
    """One answer in the rubric's words; `cited` holds the evidence of the proposal."""
    if said is None:
        return SheetCell(cell, None, (), "", ())
    evidence = sorted((cited[pk] for pk in said.citations), key=lambda item: item.number)
    return SheetCell(cell, said, _words(cell, said), cap_note(grid.version, said.value, said.grade), tuple(evidence))


def _row(grid: Grid, row: GridRow, answers: Mapping[str, CellAnswer], cited: Mapping[uuid.UUID, Evidence]) -> SheetRow:
    return SheetRow(row, tuple(sheet_cell(grid, cell, answers.get(cell.key), cited) for cell in row.cells))


def _band(grid: Grid, scorecard: Scorecard) -> str:
    titles = {band.key: str(band) for band in grid.bands}
    return titles.get(scorecard.recommendation, scorecard.recommendation)


def _earlier(scorecard: Scorecard) -> Scorecard | None:
    if scorecard.round != Scorecard.Round.DISCUSSED:
        return None
    return Scorecard.objects.filter(
        proposal=scorecard.proposal_id,
        officer=scorecard.officer_id,
        rubric_version=scorecard.rubric_version_id,
        round=Scorecard.Round.BLIND,
    ).first()


def _changes(grid: Grid, earlier: Scorecard, later: Scorecard, answers: Mapping[str, CellAnswer]) -> tuple[Change, ...]:
    before = answers_of(earlier)
    changes = [
        Change(f"cell-{key}", cell.label, _headline(before.get(key)), _headline(answers.get(key)))
        for key, cell in grid.cells.items()
        if before.get(key) != answers.get(key)
    ]
    words = [(card.recommendation, card.recommendation_reason) for card in (earlier, later)]
    if words[0] != words[1]:
        changes.append(Change("recommendation", "Recommendation", _band(grid, earlier), _band(grid, later)))
    return tuple(changes)


def _headline(said: CellAnswer | None) -> str:
    return headline(said) if said else "Open"


def _words(cell: GridCell, said: CellAnswer) -> tuple[str, ...]:
    """The anchor chosen, or the words of both levels of a risk."""
    if said.value is not None:
        return tuple(anchor.text for anchor in _anchors(cell) if anchor.level == said.value)
    anchors = cell.section.anchors or {}
    chosen = (
        ("Likelihood", anchors.get("likelihood", []), said.likelihood, 1),
        ("Consequence", anchors.get("consequence", []), said.consequence, 0),
    )
    return tuple(
        f"{name}: {words[level - first]}"
        for name, words, level, first in chosen
        if level is not None and level - first < len(words)
    )


def _anchors(cell: GridCell) -> list[Anchor]:
    return GridRow(cell.part, (cell,)).anchors
