"""Geometry of the section bars: a panel value and every officer's dot on a scale from 0 to 100.

Officers whose dots would touch share a row on lanes above and below the bar, so that no letter hides another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from proposals.memos.charts.glyphs import SEMIBOLD, wrap
from proposals.memos.parts import Dot, SectionBar

WIDTH, LEFT, SPAN = 640.0, 172.0, 348.0
VALUE_AT, GRADE_AT = 562.0, 612.0
TOP, LANE, ROW = 20.0, 13.0, 25.0
RADIUS = 6.2


@dataclass(frozen=True, slots=True)
class PlacedDot:
    letter: str
    x: float
    y: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    weight: str
    top: float
    height: float
    text_y: float
    bar_y: float
    bar: float
    tick_x: float
    tick_y: float
    value: str
    grade: str
    incomplete: bool
    shaded: bool
    dots: tuple[PlacedDot, ...]


@dataclass(frozen=True, slots=True)
class SectionBars:
    width: float
    height: float
    left: float
    span: float
    value_at: float
    star_at: float
    grade_at: float
    bottom: float
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[Row, ...]
    sentence: str


def lanes(positions: Sequence[float], gap: float) -> list[int]:
    """Give each position the first lane in which it keeps its distance; lanes count 0, 1, 2, …

    >>> lanes([10, 11, 40], 12)
    [0, 1, 0]
    """
    last: list[float] = []
    order = sorted(range(len(positions)), key=lambda place: positions[place])
    found = [0] * len(positions)
    for place in order:
        position = positions[place]
        free = next((lane for lane, end in enumerate(last) if position - end >= gap), len(last))
        if free == len(last):
            last.append(position)
        last[free] = position
        found[place] = free
    return found


def _x(value: str) -> float:
    return round(LEFT + SPAN * float(value) / 100, 1)


def _dots(dots: Sequence[Dot], centre: float, lane_of: Sequence[int]) -> tuple[PlacedDot, ...]:
    count = max(lane_of, default=0) + 1
    first = centre - LANE * (count - 1) / 2
    return tuple(
        PlacedDot(dot.letter, _x(dot.value), round(first + LANE * lane, 1), round(first + LANE * lane + 3.2, 1))
        for dot, lane in zip(dots, lane_of, strict=True)
    )


def _row(bar: SectionBar, top: float, *, shaded: bool) -> Row:
    shown = [dot for dot in bar.dots if dot.value]
    lane_of = lanes([_x(dot.value) for dot in shown], 2 * RADIUS + 0.6)
    height = ROW + LANE * max(lane_of, default=0)
    y = round(top + height / 2, 1)
    return Row(
        title=(wrap(bar.title, LEFT - 56, 11, lines=1, face=SEMIBOLD) or ("",))[0],
        weight=bar.weight,
        top=round(top, 1),
        height=height,
        text_y=round(y + 3.8, 1),
        bar_y=round(y - 3, 1),
        bar=round(_x(bar.value) - LEFT, 1) if bar.value else 0.0,
        tick_x=round(_x(bar.value) - 1, 1) if bar.value else 0.0,
        tick_y=round(y - 9, 1),
        value=bar.value or "no value",
        grade=bar.grade or "none",
        incomplete=bar.incomplete,
        shaded=shaded,
        dots=_dots(shown, y, lane_of),
    )


def _sentence(bars: Sequence[SectionBar]) -> str:
    def said(bar: SectionBar) -> str:
        dots = ", ".join(f"{dot.letter} {dot.value}" for dot in bar.dots if dot.value)
        words = f"{bar.title} {bar.value or 'without a value'} (weight {bar.weight}"
        words += f"; officers {dots}" if dots else ""
        return f"{words}; lowest grade {bar.grade or 'none'}{'; incomplete' if bar.incomplete else ''})"

    return f"Section values from 0 to 100. {'; '.join(said(bar) for bar in bars)}."


def section_bars(bars: Sequence[SectionBar]) -> SectionBars:
    """Lay out the bars in pixels of a drawing 640 wide; the sentence is its alternative text."""
    rows: list[Row] = []
    top = TOP
    for place, bar in enumerate(bars):
        rows.append(_row(bar, top, shaded=place % 2 == 0))
        top += rows[-1].height
    return SectionBars(
        width=WIDTH,
        height=round(top + 2, 1),
        left=LEFT,
        span=SPAN,
        value_at=VALUE_AT,
        star_at=VALUE_AT + 3,
        grade_at=GRADE_AT,
        bottom=round(top, 1),
        ticks=tuple((_x(str(tick)), str(tick)) for tick in (0, 25, 50, 75, 100)),
        rows=tuple(rows),
        sentence=_sentence(bars),
    )
