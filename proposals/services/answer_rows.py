"""Where answers are kept: a row a cell, in one of three tables, with its citations in a table beside it."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, Value

from proposals.models import Answer, MitigationScore, RiskScore, Score, Scorecard
from proposals.services.answers import CellAnswer, risk_answer
from proposals.services.grids import GridCell, Part, Place, cell_key
from rubrics.models import Criterion, Mitigation, Risk

Row = Score | MitigationScore | RiskScore
Change = tuple[GridCell, CellAnswer | None]
WORDS = ("rationale", "updated_at")
SCORED = ("answer", "value", "grade", *WORDS)


@dataclass(frozen=True, slots=True)
class Table:
    """One of the three tables: its rows, the part that they answer, and the columns that an answer fills."""

    model: Any
    kind: type[Part]
    part: str
    columns: tuple[str, ...]

    @property
    def citations(self) -> Any:
        """The rows that join a cell and a piece of evidence."""
        return self.model.citations.through

    @property
    def row(self) -> str:
        return f"{self.model._meta.model_name}_id"

    def of(self, changes: Iterable[Change]) -> list[Change]:
        return [(cell, said) for cell, said in changes if isinstance(cell.part, self.kind)]


SCORES = Table(Score, Criterion, "criterion", SCORED)
QUALITIES = Table(MitigationScore, Mitigation, "mitigation", SCORED)
LEVELS = Table(RiskScore, Risk, "risk", ("likelihood", "consequence", "open_level", *WORDS))
TABLES = (SCORES, QUALITIES, LEVELS)


@dataclass(frozen=True, slots=True)
class Stored:
    """A row, with what it says."""

    row: Row
    said: CellAnswer


def answers_of(scorecard: Scorecard) -> dict[str, CellAnswer]:
    """All answers on a scorecard by cell, those that are open still among them; in four queries."""
    return {key: stored.said for key, stored in stored_answers(scorecard).items()}


def stored_answers(scorecard: Scorecard, places: Collection[Place] | None = None) -> dict[str, Stored]:
    """The rows of a scorecard by cell, or those of some places; one query for each table, and one for citations."""
    rows = {table: _rows(table, scorecard, places) for table in TABLES}
    cited = _citations(rows)
    return {
        key: Stored(row, _said(row, frozenset(cited.get((table.part, row.pk), ()))))
        for table, found in rows.items()
        for key, row in found.items()
    }


def _rows(table: Table, scorecard: Scorecard, places: Collection[Place] | None) -> dict[str, Row]:
    rows = table.model.objects.filter(scorecard=scorecard).select_related(table.part)
    if table is SCORES:
        rows = rows.select_related("side")
    if places is not None:
        wanted = [place for place in places if isinstance(place.part, table.kind)]
        if not wanted:
            return {}
        rows = rows.filter(reduce(or_, (_at(table, place) for place in wanted)))
    return {_key(table, row): row for row in rows}


def _at(table: Table, place: Place) -> Q:
    side = Q(side__key=place.side_key) if place.side_key else Q()
    return Q(**{table.part: place.part.pk}) & side


def _key(table: Table, row: Row) -> str:
    side = row.side if isinstance(row, Score) else None
    return cell_key(getattr(row, table.part).key, side.key if side else None)


def _citations(rows: Mapping[Table, Mapping[str, Row]]) -> dict[tuple[str, int], set[uuid.UUID]]:
    """The evidence cited, by table and row."""
    joins = [
        table.citations.objects.filter(**{f"{table.row}__in": [row.pk for row in found.values()]})
        .annotate(part=Value(table.part))
        .values_list("part", table.row, "evidence_id")
        for table, found in rows.items()
        if found
    ]
    cited: dict[tuple[str, int], set[uuid.UUID]] = {}
    for part, row, evidence in joins[0].union(*joins[1:], all=True) if joins else ():
        cited.setdefault((part, row), set()).add(evidence)
    return cited


def _said(row: Row, citations: frozenset[uuid.UUID]) -> CellAnswer:
    words: dict[str, Any] = {"rationale": row.rationale, "citations": citations}
    if isinstance(row, RiskScore):
        return risk_answer(row.likelihood, row.consequence, open_level=row.open_level, **words)
    return CellAnswer(Answer(row.answer), value=row.value, grade=row.grade, **words)


def write_answers(
    scorecard: Scorecard, stored: Mapping[str, Stored], changes: Iterable[Change], *, at: dt.datetime
) -> None:
    """Make these cells say this; None leaves no row. `stored` has the rows of these cells that there are.

    The number of queries does not depend on how many cells there are.
    """
    changes = list(changes)
    for table in TABLES:
        _write(table, scorecard, stored, table.of(changes), at)


def _write(
    table: Table, scorecard: Scorecard, stored: Mapping[str, Stored], changes: list[Change], at: dt.datetime
) -> None:
    gone = [stored[cell.key].row.pk for cell, said in changes if said is None and cell.key in stored]
    if gone:
        table.model.objects.filter(pk__in=gone).delete()
    kept = [(stored[cell.key].row, cell, said) for cell, said in changes if said is not None and cell.key in stored]
    new = [(_new_row(table, scorecard, cell), cell, said) for cell, said in changes if said and cell.key not in stored]
    for row, _, said in [*kept, *new]:
        _fill(row, said, at)
    if kept:
        table.model.objects.bulk_update([row for row, _, _ in kept], table.columns)
    if new:
        table.model.objects.bulk_create([row for row, _, _ in new])
    _cite(table, [(row, _cited(stored, cell), said.citations) for row, cell, said in [*kept, *new]])


def _new_row(table: Table, scorecard: Scorecard, cell: GridCell) -> Row:
    side = {"side": cell.side} if table is SCORES else {}
    row: Row = table.model(scorecard=scorecard, **{table.part: cell.part}, **side)
    return row


def _fill(row: Row, said: CellAnswer, at: dt.datetime) -> None:
    row.rationale, row.updated_at = said.rationale, at
    if isinstance(row, RiskScore):
        row.likelihood, row.consequence, row.open_level = said.likelihood, said.consequence, said.open_level
    else:
        row.answer, row.value, row.grade = said.answer, said.value, said.grade


def _cited(stored: Mapping[str, Stored], cell: GridCell) -> frozenset[uuid.UUID]:
    return stored[cell.key].said.citations if cell.key in stored else frozenset()


def _cite(table: Table, rows: list[tuple[Row, frozenset[uuid.UUID], frozenset[uuid.UUID]]]) -> None:
    gone = [Q(**{table.row: row.pk}, evidence__in=before - after) for row, before, after in rows if before - after]
    if gone:
        table.citations.objects.filter(reduce(or_, gone)).delete()
    new = [(row, evidence) for row, before, after in rows for evidence in after - before]
    if new:
        table.citations.objects.bulk_create(
            table.citations(**{table.row: row.pk, "evidence_id": evidence}) for row, evidence in new
        )
