"""Widths of text as it will be printed, from the advances of the packaged fonts, and wrapping by them."""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[3] / "static" / "fonts" / "ttf"
REGULAR, SEMIBOLD = "SourceSans3-Regular.ttf", "SourceSans3-Semibold.ttf"
UNKNOWN_ADVANCE = 1.0
RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI"})


@cache
def _advances(face: str) -> dict[int, float]:
    """Advance by code point, as a share of the font size."""
    with TTFont(FONTS / face, lazy=True) as font:
        units, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}


def text_width(text: str, size: float, face: str = REGULAR) -> float:
    """Width of a line in the unit of `size`, without kerning; a glyph that the font lacks counts a full square."""
    advances = _advances(face)
    return sum(advances.get(ord(character), UNKNOWN_ADVANCE) for character in text) * size


def _pieces(word: str, width: float, size: float, face: str) -> list[str]:
    """Cut a word that is wider than a line."""
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, face) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def shorten(text: str, width: float, size: float, face: str = REGULAR) -> str:
    """Cut a line so that it ends within the width, with an ellipsis."""
    while text and text_width(f"{text}…", size, face) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def wrap(text: str, width: float, size: float, *, lines: int, face: str = REGULAR) -> tuple[str, ...]:
    """Break text into at most `lines` lines that fit the width; what is left out ends in an ellipsis.

    Worked: "Office of the Adviser" at 11 px in 60 px gives "Office of" and "the Adviser".
    """
    words = [piece for word in text.split() for piece in _pieces(word, width, size, face)]
    wrapped: list[str] = []
    for place, word in enumerate(words):
        if wrapped and text_width(f"{wrapped[-1]} {word}", size, face) <= width:
            wrapped[-1] += f" {word}"
        elif len(wrapped) < lines:
            wrapped.append(word)
        else:
            wrapped[-1] = shorten(f"{wrapped[-1]} {' '.join(words[place:])}", width, size, face)
            break
    return tuple(wrapped)


def is_right_to_left(text: str) -> bool:
    """Whether a text holds right-to-left letters, which come out reversed inside a drawing."""
    return any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text)
