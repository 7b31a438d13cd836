"""The pages of weights: of the sections, with the bands, and of the criteria of one section."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rubrics.forms.weights import BarsForm, CriteriaWeightsForm, PartWeightsForm, PathwayWeightsForm, WeightsForm
from rubrics.models import RubricDraft, RubricVersion
from rubrics.permissions import access_draft
from rubrics.scoring.weights import shares
from rubrics.services.draft_faults import Place
from rubrics.services.draft_parts import CriteriaWeightsPart, WeightsPart, find_section
from rubrics.services.weighing import weights_of
from rubrics.views.draft_gone import keeps_what_is_typed
from rubrics.views.draft_parts import answer_form
from rubrics.views.draft_places import Link, draft_links, page_url
from rubrics.views.weight_bars import Bars, criteria_bars, percent, section_bars
from t2eval.http import SignedInRequest

HELPERS = {
    "swing": "swing weighting",
    "centroid": "the rank order, by centroid",
    "sum": "the rank order, by rank sum",
}


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_is_typed
def draft_weights(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    draft = access_draft(request.user, pk)
    form = WeightsForm(WeightsPart(), draft.document, request.POST or None, proposed=request.GET.dict())
    facts = {"helper": HELPERS.get(request.GET.get("from", ""), ""), "inner": _inner_links(draft)}
    return _answer(request, draft, form, "rubrics/draft_weights.html", section_bars, **facts)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_is_typed
def draft_criteria_weights(request: SignedInRequest, pk: uuid.UUID, section: str) -> HttpResponse:
    draft = access_draft(request.user, pk)
    found = find_section(draft.document, section)
    if not found.get("criteria"):
        raise Http404
    form_class = CriteriaWeightsForm if found["rule"] == "mean" else PathwayWeightsForm
    form = form_class(CriteriaWeightsPart(section), draft.document, request.POST or None)
    share = shares(weights_of(draft.document["sections"]))[section]
    facts = {"section": found, "section_share": percent(share), "share_of_one": float(share)}
    return _answer(
        request, draft, form, "rubrics/draft_criteria_weights.html", partial(criteria_bars, found, share), **facts
    )


def _inner_links(draft: RubricDraft) -> list[Link]:
    """The pages of weights within the sections that have criteria."""
    sections = [section for section in draft.document["sections"] if section.get("criteria")]
    titles = {section["key"]: section.get("title") or section["key"] for section in sections}
    return [Link(title, page_url(draft, Place("criteria-weights", key, ""))) for key, title in titles.items()]


def _answer(
    request: SignedInRequest,
    draft: RubricDraft,
    form: PartWeightsForm,
    template: str,
    bars: Callable[[PartWeightsForm, RubricVersion], Bars],
    **facts: Any,
) -> HttpResponse:
    """Save, or where the button for that was pressed, only rescale what was typed."""
    if isinstance(form, BarsForm) and "rescale" in request.POST:
        facts["is_rescaled"] = form.rescale()
        context = {"draft": draft, "links": draft_links(draft), "form": form, "bars": bars(form, draft.base), **facts}
        return render(request, template, context)
    return answer_form(request, draft, form, template, bars=bars(form, draft.base), **facts)
