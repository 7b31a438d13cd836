"""Registered participants' names in the text of a memo: what is issued carries roles only."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proposals.models import Memo, Participant

PLACES: tuple[tuple[str, str, str], ...] = (
    ("decision.recommendation.resolution", "words", "resolution"),
    ("decision.recommendation", "words", "recommendation"),
    ("decision.reasons_for[0]", "words", "reason_for_1"),
    ("decision.reasons_for[1]", "words", "reason_for_2"),
    ("decision.reasons_for[2]", "words", "reason_for_3"),
    ("decision.reasons_against[0]", "words", "reason_against_1"),
    ("decision.reasons_against[1]", "words", "reason_against_2"),
    ("decision.reasons_against[2]", "words", "reason_against_3"),
    ("decision.uncertainty", "words", "uncertainty"),
    ("decision.change_our_mind", "words", "change_our_mind"),
    ("decision", "assessment", ""),
    ("grant.words", "words", "grant_does"),
    ("case_for", "words", "case_for"),
    ("case_against", "words", "case_against"),
    ("counterfactual", "words", "counterfactual"),
    ("conditions", "words", "conditions"),
    ("predictions", "words", "predictions"),
    ("minority_view", "words", "minority_view"),
    ("exit_triggers", "words", "exit_triggers"),
    ("follow_up", "words", "follow_up"),
    ("organizer", "organizer", ""),
    ("disagreements", "scores", ""),
    ("annex.scores", "scores", ""),
    ("annex.evidence", "evidence", ""),
    ("agreed", "assessment", ""),
    ("annex", "assessment", ""),
    ("bundle", "assessment", ""),
)
STROKES = str.maketrans("łøđħ", "lodh")  # letters that Unicode does not take apart


@dataclass(frozen=True, slots=True)
class NameFound:
    """A name, and the page and field on which its text is written; `passage` is where in the memo it stands."""

    name: str
    page: str
    field: str
    passage: str


def names_in_content(memo: Memo) -> list[NameFound]:
    """Every place of the memo's frozen content in which a registered participant of its proposal is named."""
    names = list(Participant.objects.filter(proposal=memo.proposal_id).order_by("pk").values_list("name", flat=True))
    forms = {name: _forms(name) for name in names}
    found: dict[NameFound, None] = {}
    for path, text in _texts(memo.content, "") if names else ():
        words = f" {' '.join(_words(text))} "
        for name, spellings in forms.items():
            if any(f" {spelling} " in words for spelling in spellings):
                found[NameFound(name, *_place(path), _passage(text))] = None
    return list(found)


def _forms(name: str) -> set[str]:
    """As registered, surnames first, and with initials: “Ada Maria Roe”, “Roe, Ada Maria”, “A. Roe”, “A. M. Roe”."""
    words = _words(name)
    if len(words) < 2:
        return set(words)
    *given, surname = words
    initials = [word[0] for word in given]
    turned = {" ".join(words[start:] + words[:start]) for start in range(len(words))}
    return turned | {
        f"{given[0]} {surname}",
        f"{surname} {given[0]}",
        f"{initials[0]} {surname}",
        " ".join([*initials, surname]),
    }


def _words(text: str) -> list[str]:
    """Words without accents, case and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain.casefold().translate(STROKES))


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _texts(item, f"{path}[{place}]")


def _place(path: str) -> tuple[str, str]:
    for prefix, page, field in PLACES:
        if path == prefix or path.startswith((f"{prefix}.", f"{prefix}[")):
            return page, field
    return "proposal", ""


def _passage(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:157]}…"
