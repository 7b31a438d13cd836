"""Geometry of the risks before and after mitigation: an arrow for each risk, over the bands of residual risk.

The scale is the square root of the expected loss, so that low figures stay legible; the figure says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from proposals.memos.charts.glyphs import SEMIBOLD, text_width, wrap
from proposals.memos.judgements import RiskRow, Risks

WIDTH, LEFT, SPAN, BAND_AT = 640.0, 182.0, 356.0, 578.0
TOP, ROW, SIZE = 18.0, 24.0, 10.0
BANDS = ("low", "moderate", "high", "severe")
FILLS = ("#f6f8fa", "#e8edf2", "#d8e0e8", "#c5d0db")
HEAD, SHORTEST = 7.0, 15.0


@dataclass(frozen=True, slots=True)
class BandArea:
    x: float
    width: float
    fill: str
    label: str
    middle: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """`before_at` and `after_at` are the far ends of the two labels: the one runs right, the other left."""

    title: str
    y: float
    text_y: float
    before: float
    after: float
    shaft: float
    has_arrow: bool
    head: str
    before_label: str
    after_label: str
    before_at: float
    after_at: float
    band: str
    known: bool
    line_y: float


@dataclass(frozen=True, slots=True)
class RiskArrows:
    width: float
    height: float
    area_top: float
    area_height: float
    bottom: float
    label_y: float
    tick_y: float
    words_at: float
    band_at: float
    bands: tuple[BandArea, ...]
    ticks: tuple[tuple[float, str], ...]
    arrows: tuple[Arrow, ...]
    sentence: str


def position(points: str, scale: str) -> float:
    """Where points of expected loss lie on the square-root scale, in pixels.

    >>> position("0", "90"), position("90", "90"), position("22.5", "90")
    (182.0, 538.0, 360.0)
    """
    return round(LEFT + SPAN * sqrt(float(points) / float(scale)), 1)


def _bands(limits: Sequence[str], scale: str) -> tuple[BandArea, ...]:
    edges = [LEFT, *(position(limit, scale) for limit in limits), LEFT + SPAN]
    areas = []
    for label, fill, start, end in zip(BANDS, FILLS, edges, edges[1:], strict=False):
        shown = label if text_width(label, SIZE) + 4 <= end - start else ""
        areas.append(BandArea(start, round(end - start, 1), fill, shown, round((start + end) / 2, 1)))
    return tuple(areas)


def _arrow(row: RiskRow, scale: str, y: float) -> Arrow:
    title = wrap(row.title, LEFT - 52, 11, lines=1, face=SEMIBOLD)[0]
    known = bool(row.inherent and row.residual)
    before, after = position(row.inherent or "0", scale), position(row.residual or "0", scale)
    tip = after + 5
    return Arrow(
        title=title,
        y=y,
        text_y=round(y + 3.6, 1),
        before=before,
        after=after,
        shaft=round(tip + HEAD - 1, 1),
        has_arrow=before - after >= SHORTEST,
        head=f"{tip:.1f},{y:.1f} {tip + HEAD:.1f},{y - 3.6:.1f} {tip + HEAD:.1f},{y + 3.6:.1f}",
        before_label=row.inherent,
        after_label=row.residual,
        before_at=round(before + 8, 1),
        after_at=round(after - 8, 1),
        band=row.band,
        known=known,
        line_y=round(y + ROW / 2, 1),
    )


def _sentence(rows: Sequence[RiskRow]) -> str:
    def said(row: RiskRow) -> str:
        if not (row.inherent and row.residual):
            return f"{row.title}: not enough information"
        return f"{row.title} from {row.inherent} to {row.residual}, {row.band}"

    return f"Expected loss of each risk before and after mitigation. {'; '.join(said(row) for row in rows)}."


def risk_arrows(risks: Risks) -> RiskArrows:
    """Lay out the arrows in pixels of a drawing 640 wide; the sentence is its alternative text."""
    scale = risks.scale
    arrows = [_arrow(row, scale, round(TOP + ROW * (place + 0.5), 1)) for place, row in enumerate(risks.rows)]
    bottom = TOP + ROW * len(arrows)
    ticks = dict.fromkeys(["0", *risks.limits, scale])
    return RiskArrows(
        width=WIDTH,
        height=bottom + 18,
        area_top=TOP - 16,
        area_height=bottom - TOP + 16,
        bottom=bottom,
        label_y=TOP - 5,
        tick_y=bottom + 13,
        words_at=LEFT + 8,
        band_at=BAND_AT,
        bands=_bands(risks.limits, scale),
        ticks=tuple((position(tick, scale), tick) for tick in ticks),
        arrows=tuple(arrows),
        sentence=_sentence(risks.rows),
    )
