"""Geometry of the pathway map: dialogue → mechanisms → audiences, side by side → decision.

Only the lines from a mechanism to an audience carry evidence of their own: their style shows its grade. Right-to-left
text would come out reversed inside a drawing, so it is replaced by a reference to a note that is set as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from proposals.memos.charts.glyphs import SEMIBOLD, is_right_to_left, wrap
from proposals.memos.parts import Mechanism, Theory

WIDTH = 640.0
COLUMNS = {"dialogue": (1.0, 92.0), "mechanism": (134.0, 132.0), "audience": (330.0, 158.0), "decision": (537.0, 102.0)}
SIZE, LINE, PAD, GAP, HEADING = 10.0, 12.4, 7.0, 9.0, 20.0
MOST_AUDIENCES = 12
TINTS = (("#e8ecf8", "#2f4694"), ("#fdeedd", "#8f4a0b"), ("#e2f1f0", "#0f6b69"), ("#f5eef6", "#6b3f73"))
CONFIRMED, ARTEFACT, WORD = "confirmed", "artefact", "word"


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    middle: float
    lines: tuple[Line, ...]
    fill: str
    stroke: str
    ink: str
    bold: bool

    @property
    def centre(self) -> float:
        return round(self.y + self.height / 2, 1)

    @property
    def right(self) -> float:
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Group:
    """A side: the area behind its audiences and its name."""

    name: str
    x: float
    y: float
    width: float
    height: float
    name_x: float
    name_y: float
    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Edge:
    path: str
    head: str
    style: str


@dataclass(frozen=True, slots=True)
class PathwayMap:
    width: float
    height: float
    boxes: tuple[Box, ...]
    groups: tuple[Group, ...]
    edges: tuple[Edge, ...]
    legend_y: float
    legend_text_y: float
    notes: tuple[str, ...]
    left_out: int
    sentence: str


class _Notes:
    """Stands in for right-to-left text inside the drawing, and remembers it."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def printable(self, text: str) -> str:
        if not is_right_to_left(text):
            return text
        if text not in self.texts:
            self.texts.append(text)
        return f"see note {self.texts.index(text) + 1}"


def _lines(text: str, width: float, most: int, *, bold: bool) -> tuple[str, ...]:
    face = {"face": SEMIBOLD} if bold else {}
    return wrap(text, width - 2 * PAD - 2, SIZE, lines=most, **face)


def _height(lines: Sequence[str]) -> float:
    return round(2 * PAD + LINE * max(len(lines), 1) - 1, 1)


def _box(column: str, y: float, lines: Sequence[str], colours: tuple[str, str, str], *, bold: bool) -> Box:
    x, width = COLUMNS[column]
    first = y + PAD + 8.6
    placed = tuple(Line(text, round(first + LINE * place, 1)) for place, text in enumerate(lines))
    fill, stroke, ink = colours
    return Box(x, round(y, 1), width, _height(lines), x + width / 2, placed, fill, stroke, ink, bold)


def _column(
    column: str, texts: Sequence[str], height: float, colours: tuple[str, str, str], most: int = 3
) -> tuple[Box, ...]:
    """Boxes in one column, spread evenly over the height."""
    wrapped = [_lines(text, COLUMNS[column][1], most, bold=True) for text in texts]
    free = height - sum(_height(lines) for lines in wrapped)
    step, y, boxes = free / (len(wrapped) + 1), 0.0, []
    for lines in wrapped:
        y += step
        boxes.append(_box(column, y, lines, colours, bold=True))
        y += boxes[-1].height
    return tuple(boxes)


def _audiences(
    by_side: dict[str, list[str]], notes: _Notes
) -> tuple[dict[tuple[str, str], Box], tuple[Group, ...], float]:
    """Stack the audiences of each side under its name; gives boxes by side and audience, areas, and the height."""
    boxes: dict[tuple[str, str], Box] = {}
    groups: list[Group] = []
    x, width = COLUMNS["audience"]
    y = 0.0
    for place, (side, audiences) in enumerate(by_side.items()):
        fill, ink = TINTS[place % len(TINTS)]
        top = y
        y += HEADING
        for audience in audiences:
            lines = _lines(notes.printable(audience), width, 3, bold=False)
            boxes[side, audience] = _box("audience", y, lines, ("#ffffff", ink, "#13203c"), bold=False)
            y += boxes[side, audience].height + GAP
        name = (wrap(notes.printable(side), width, SIZE, lines=1, face=SEMIBOLD) or ("",))[0]
        groups.append(Group(name, x - 8, top, width + 16, round(y - top, 1), x, round(top + 13.5, 1), fill, ink))
        y = round(y + GAP, 1)
    return boxes, tuple(groups), round(y - GAP, 1)


def _edge(start: Box, end: Box, style: str, shift: float = 0.0) -> Edge:
    x1, y1, x2, y2 = start.right, start.centre, end.x - 6, round(end.centre + shift, 1)
    bend = round((x2 - x1) * 0.5, 1)
    path = f"M{x1:.1f},{y1:.1f} C{x1 + bend:.1f},{y1:.1f} {x2 - bend:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
    return Edge(path, f"{x2 + 6:.1f},{y2:.1f} {x2:.1f},{y2 - 3:.1f} {x2:.1f},{y2 + 3:.1f}", style)


def style_of(grade: str) -> str:
    """The style of a line: confirmed from E3, artefact for E2, word (the organizer's own, or nothing) below.

    >>> style_of("E4"), style_of("E2"), style_of("")
    ('confirmed', 'artefact', 'word')
    """
    if grade in {"E3", "E4"}:
        return CONFIRMED
    return ARTEFACT if grade == "E2" else WORD


def _shifts(links: Sequence[Mechanism], ends: dict[tuple[str, str], Box]) -> list[float]:
    """Spread the arrows that reach the same audience, so that their heads do not lie on one another."""
    shifts = []
    for link in links:
        same = [other for other in links if (other.side, other.audience) == (link.side, link.audience)]
        room = min(10.0, (ends[link.side, link.audience].height - 8) / max(len(same), 1))
        shifts.append(round((same.index(link) - (len(same) - 1) / 2) * room, 1))
    return shifts


def _by_side(mechanisms: Sequence[Mechanism]) -> dict[str, list[str]]:
    by_side: dict[str, list[str]] = {}
    for link in mechanisms:
        audiences = by_side.setdefault(link.side, [])
        if link.audience not in audiences:
            audiences.append(link.audience)
    return by_side


def _kinds(links: Sequence[Mechanism], ends: dict[tuple[str, str], Box]) -> list[str]:
    """Kinds of mechanism, ordered by the mean height of their audiences, which keeps crossings few."""
    reached: dict[str, list[float]] = {}
    for link in links:
        reached.setdefault(link.kind, []).append(ends[link.side, link.audience].centre)
    return sorted(reached, key=lambda kind: sum(reached[kind]) / len(reached[kind]))


def _sentence(theory: Theory, links: Sequence[Mechanism]) -> str:
    ways = "; ".join(f"{link.kind} to {link.audience} ({link.side}), evidence {link.grade or 'none'}" for link in links)
    return f"From {theory.dialogue} to the decision: {ways}. Decision: {theory.decision or 'not named'}."


def pathway_map(theory: Theory) -> PathwayMap | None:
    """Lay out the map in pixels of a drawing 640 wide; None without a transfer mechanism."""
    listed = list(dict.fromkeys((link.side, link.audience) for link in theory.mechanisms))
    kept = set(listed[:MOST_AUDIENCES])
    links = [link for link in theory.mechanisms if (link.side, link.audience) in kept]
    if not links:
        return None
    notes = _Notes()
    ends, groups, height = _audiences(_by_side(links), notes)
    kinds = _kinds(links, ends)
    height = max(height, 46.0 * len(kinds), 84.0)
    mechanisms = _column("mechanism", kinds, height, ("#ffffff", "#7a869c", "#13203c"), most=2)
    (dialogue,) = _column("dialogue", [notes.printable(theory.dialogue)], height, ("#13203c", "#13203c", "#ffffff"), 6)
    decision_text = notes.printable(theory.decision or "No decision named")
    (decision,) = _column("decision", [decision_text], height, ("#0f6b69", "#0f6b69", "#ffffff"), 8)
    start = dict(zip(kinds, mechanisms, strict=True))
    edges = [_edge(dialogue, box, "plain") for box in mechanisms]
    edges += [
        _edge(start[link.kind], ends[link.side, link.audience], style_of(link.grade), shift)
        for link, shift in zip(links, _shifts(links, ends), strict=True)
    ]
    edges += [_edge(box, decision, "plain") for box in ends.values()]
    return PathwayMap(
        width=WIDTH,
        height=round(height + 34, 1),
        boxes=(dialogue, *mechanisms, *ends.values(), decision),
        groups=groups,
        edges=tuple(edges),
        legend_y=round(height + 22, 1),
        legend_text_y=round(height + 25.5, 1),
        notes=tuple(notes.texts),
        left_out=len(listed) - len(kept),
        sentence=_sentence(theory, links),
    )
