"""The pages on which the parts of a draft are edited: all alike, but for the part and its form."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from rubrics.forms.draft_parts import ItemForm, ScaleForm, SectionForm
from rubrics.forms.draft_rules import BandsForm, GateForm, PairingsForm
from rubrics.forms.part_form import DraftPartForm
from rubrics.models import RubricDraft
from rubrics.permissions import access_draft
from rubrics.services.draft_parts import (
    BandsPart,
    DraftPart,
    GatePart,
    ItemPart,
    PairingsPart,
    ScalePart,
    SectionPart,
)
from rubrics.services.drafts import PartChangedError, edit_draft
from rubrics.services.words import RubricWords
from rubrics.views.draft_gone import keeps_what_is_typed
from rubrics.views.draft_places import Link, draft_links
from t2eval.http import SignedInRequest


def edit_part(
    request: SignedInRequest,
    pk: uuid.UUID,
    part: DraftPart,
    form_class: type[DraftPartForm],
    template: str = "rubrics/draft_part.html",
    **facts: Any,
) -> HttpResponse:
    """Show and save one part. A part that is gone is not found."""
    draft = access_draft(request.user, pk)
    form = form_class(part, draft.document, request.POST or None)
    return answer_form(request, draft, form, template, **facts)


def answer_form(
    request: SignedInRequest, draft: RubricDraft, form: DraftPartForm, template: str, **facts: Any
) -> HttpResponse:
    """Save what is sent and without fault; where somebody else saved meanwhile, keep what is typed and show both."""
    links = draft_links(draft)
    context = {"draft": draft, "links": links, "form": form, **facts}
    if "key" in facts:
        context["heading"] = RubricWords(draft.document).title(facts["key"])
    if form.is_valid():
        try:
            _save(request, draft, form)
        except PartChangedError as refusal:
            context |= {"refusal": refusal, "clashes": form.clashes_with(refusal.current)}
        else:
            return redirect(_next(links, request.path) if "next" in request.POST else request.path)
    return render(request, template, context)


def _save(request: SignedInRequest, draft: RubricDraft, form: DraftPartForm) -> None:
    seen = form.cleaned_data["seen"]
    edit_draft(draft=draft, part=form.part, values=form.values(), seen=seen, by=request.user, at=timezone.now())
    messages.success(request, "Saved in the draft.")


def _next(links: list[Link], path: str) -> str:
    """The page after this one, in the order of the rubric; after the last, the overview."""
    urls = [link.url for link in links]
    place = urls.index(path) + 1 if path in urls else 0
    return urls[place % len(urls)]


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_is_typed
def draft_scale(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    return edit_part(request, pk, ScalePart(), ScaleForm, heading="Scale and evidence")


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_is_typed
def draft_section(request: SignedInRequest, pk: uuid.UUID, section: str) -> HttpResponse:
    return edit_part(request, pk, SectionPart(section), SectionForm, kind="Section", key=section)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_is_typed
def draft_item(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    return edit_part(request, pk, ItemPart(key), ItemForm, kind="Item", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_is_typed
def draft_gate(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    return edit_part(request, pk, GatePart(key), GateForm, kind="Gate", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_is_typed
def draft_bands(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    return edit_part(request, pk, BandsPart(), BandsForm, heading="Bands")


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_is_typed
def draft_pairings(request: SignedInRequest, pk: uuid.UUID, section: str) -> HttpResponse:
    part = PairingsPart(section)
    return edit_part(
        request, pk, part, PairingsForm, "rubrics/draft_pairings.html", heading="Which mitigation acts on which risk"
    )
