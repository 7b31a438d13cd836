"""A scorecard to be read: every cell with what was said, in the rubric's own words."""

from dataclasses import dataclass

from proposals.models import Evidence, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import CellAnswer, cap_note, headline
from proposals.services.grids import GridCell, GridRow, GridSection, load_grid
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
        return headline(self.said) if self.said else "Open"


@dataclass(frozen=True)
class SheetRow:
    row: GridRow
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True)
class SheetSection:
    section: GridSection
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True)
class Sheet:
    sections: tuple[SheetSection, ...]
    answered: int
    total: int
    recommendation: str


def load_sheet(scorecard: Scorecard) -> Sheet:
    grid = load_grid(scorecard.proposal, scorecard.rubric_version_id)
    answers = answers_of(scorecard)
    cited = {item.pk: item for item in Evidence.objects.filter(proposal=scorecard.proposal_id)}

    def sheet_cell(cell: GridCell) -> SheetCell:
        said = answers.get(cell.key)
        if said is None:
            return SheetCell(cell, None, (), "", ())
        evidence = sorted((cited[pk] for pk in said.citations), key=lambda item: item.number)
        note = cap_note(grid.version, said.value, said.grade)
        return SheetCell(cell, said, _words(cell, said), note, tuple(evidence))

    sections = tuple(
        SheetSection(section, tuple(SheetRow(row, tuple(map(sheet_cell, row.cells))) for row in section.rows))
        for section in grid.sections
    )
    titles = {band.key: str(band) for band in grid.bands}
    recommendation = titles.get(scorecard.recommendation, scorecard.recommendation)
    answered = {key for key, said in answers.items() if not said.is_open}
    return Sheet(sections, len(grid.cells.keys() & answered), len(grid.cells), recommendation)


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
