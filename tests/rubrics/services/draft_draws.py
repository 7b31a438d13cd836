"""Edits of a draft drawn at random, as its pages allow them."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from rubrics.scoring.spec import CHECK_STATES
from rubrics.services.draft_parts import (
    LIMITS,
    RISK_NUMBERS,
    SUBJECTS,
    TESTS,
    BandsPart,
    CriteriaWeightsPart,
    Document,
    DraftPart,
    GatePart,
    ItemPart,
    PairingsPart,
    ScalePart,
    SectionPart,
    Values,
    WeightsPart,
    plain,
)
from rubrics.services.storable import ITEM_LISTS

LISTS = {"criterion": "criteria", "mitigation": "mitigations", "risk": "risks"}
NUMBERED = ("cap_", "probabilities_", "losses_", "band-", "weight-")
texts = st.text("abc é–", max_size=12).map(str.strip)
shares = st.decimals(0, 1, places=2).map(plain)
numbers = st.one_of(
    shares, st.integers(0, 4).map(str), st.integers(0, 100).map(str), st.decimals(0, 100, places=4).map(plain)
)


def all_parts(document: Document) -> list[DraftPart]:
    """Everything in a document that has a page."""
    parts: list[DraftPart] = [ScalePart(), BandsPart(), WeightsPart()]
    for section in document["sections"]:
        parts.append(SectionPart(section["key"]))
        parts += [ItemPart(item["key"]) for name in ITEM_LISTS for item in section.get(name, [])]
        parts.append((PairingsPart if section["rule"] == "residual_risk" else CriteriaWeightsPart)(section["key"]))
    return parts + [GatePart(gate["key"]) for gate in document["gates"]]


def subjects(document: Document, kind: str) -> list[str]:
    if kind == "section":
        return [section["key"] for section in document["sections"] if section["rule"] == "mean"]
    return [item["key"] for section in document["sections"] for item in section.get(LISTS[kind], [])]


def is_number(name: str) -> bool:
    return name.startswith(NUMBERED) or name in ("overlap", *RISK_NUMBERS, *LIMITS) or name.rpartition("_")[0] in TESTS


def value_of(document: Document, name: str) -> st.SearchStrategy[Any]:
    """What may be typed into the field of this name."""
    stem = name.rpartition("_")[0]
    if is_number(name):
        return numbers
    if "." in name:
        return st.one_of(st.just(""), shares)
    if stem in SUBJECTS:
        return st.sampled_from(subjects(document, stem))
    if stem in ("is", "is_not"):
        return st.sampled_from(CHECK_STATES)
    chosen = {
        "per_side": st.booleans(),
        "not_applicable_allowed": st.booleans(),
        "acts": st.lists(st.sampled_from(["before", "during", "after"]), unique=True),
        "sides": st.sampled_from(["", "every", "some"]),
        "effect": st.sampled_from(["decline", "block", *(f"cap:{band['key']}" for band in document["bands"])]),
        "questions": st.lists(texts.filter(bool), max_size=3).map("\n".join),
    }
    return chosen.get(name, texts)


@st.composite
def edits(draw: st.DrawFn, document: Document, *, most: int = 3) -> tuple[DraftPart, Values]:
    """A part with some of its values replaced, as its page sends them."""
    part = draw(st.sampled_from(all_parts(document)))
    values = part.read(document)
    names = draw(st.lists(st.sampled_from(sorted(values)), min_size=1, max_size=most, unique=True))
    return part, {**values, **{name: draw(value_of(document, name)) for name in names}}


@st.composite
def rewritings(draw: st.DrawFn, document: Document, part: DraftPart) -> Values:
    """Every value of a part replaced."""
    return {name: draw(value_of(document, name)) for name in part.read(document)}


def by_value(held: Any) -> Any:
    """The same for documents that differ in how a number is written alone."""
    if isinstance(held, dict):
        return {name: by_value(value) for name, value in held.items()}
    if isinstance(held, list):
        return [by_value(value) for value in held]
    try:
        return held if isinstance(held, bool) or held is None else Decimal(str(held))
    except ArithmeticError:
        return held
