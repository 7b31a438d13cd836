"""From a place in a draft to its page, and the way through all of its pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from rubrics.models import RubricDraft
from rubrics.services.draft_faults import DraftFault, Place
from rubrics.services.words import RubricWords

KEY_OF = {
    "section": "section",
    "criteria-weights": "section",
    "pairings": "section",
    "item": "key",
    "gate": "key",
}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    is_inner: bool = False


@dataclass(frozen=True, slots=True)
class FaultLine:
    label: str
    url: str
    message: str


def page_url(draft: RubricDraft, place: Place) -> str:
    names = {KEY_OF[place.page]: place.key} if place.page in KEY_OF else {}
    return reverse(f"rubrics:draft-{place.page}", kwargs={"pk": draft.pk, **names})


def fault_lines(draft: RubricDraft, faults: list[DraftFault]) -> list[FaultLine]:
    return [FaultLine(fault.place.label, page_url(draft, fault.place), fault.message) for fault in faults]


def draft_links(draft: RubricDraft) -> list[Link]:
    """The pages of a draft, in the order of the rubric."""
    return list(_links(draft))


def _links(draft: RubricDraft) -> Iterator[Link]:
    words = RubricWords(draft.document)
    yield Link("Overview", reverse("rubrics:draft-detail", args=[draft.pk]))
    yield Link("Scale and evidence", page_url(draft, Place("scale", "", "")))
    yield Link("Weights and bands", page_url(draft, Place("weights", "", "")))
    for section in words.sections:
        yield Link(words.title(section["key"]), page_url(draft, Place("section", section["key"], "")))
        for item in words.items(section):
            yield Link(words.title(item["key"]), page_url(draft, Place("item", item["key"], "")), is_inner=True)
    for gate in words.gates:
        yield Link(f"Gate: {words.title(gate['key'])}", page_url(draft, Place("gate", gate["key"], "")))
    yield Link("Bands", page_url(draft, Place("bands", "", "")))
