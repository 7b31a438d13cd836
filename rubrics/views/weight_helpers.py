"""Two ways to weights from easier judgements, shown beside today's. Nothing is saved: they lead to the weights page."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rubrics.forms.weight_helpers import RankOrderForm, SectionsForm, SwingForm
from rubrics.forms.weights import PREFIX
from rubrics.models import RubricDraft
from rubrics.permissions import access_draft
from rubrics.scoring.surrogate import rank_order_centroid, rank_sum, swing_weights
from rubrics.services.swings import swings
from rubrics.services.weighing import to_show, weights_of
from rubrics.views.draft_places import draft_links
from t2eval.http import SignedInRequest


@dataclass(frozen=True, slots=True)
class Way:
    """Weights found in one way, in hundredths that sum to 100, and the address that tries them."""

    name: str
    weights: Mapping[str, str]
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    title: str
    today: str
    weights: Sequence[str]


@require_safe
def draft_swing(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    draft = access_draft(request.user, pk)
    form = SwingForm(draft.document, request.GET)
    rows = [(swing, form.field_of(swing.key)) for swing in swings(draft.document)]
    ways = [_way(draft, "From the swings", "swing", swing_weights(form.points()))] if form.is_valid() else []
    return render(request, "rubrics/draft_swing.html", _context(draft, form, ways, rows=rows))


@require_safe
def draft_rank_order(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    draft = access_draft(request.user, pk)
    form = RankOrderForm(draft.document, request.GET)
    rows = [(swing, form.field_of(swing.key)) for swing in swings(draft.document)]
    ways = []
    if form.is_valid():
        ranks = form.ranks()
        ways = [
            _way(draft, "Centroid", "centroid", rank_order_centroid(ranks)),
            _way(draft, "Rank sum", "sum", rank_sum(ranks)),
        ]
    return render(request, "rubrics/draft_rank_order.html", _context(draft, form, ways, rows=rows))


def _way(draft: RubricDraft, name: str, source: str, shares: Mapping[str, Fraction]) -> Way:
    weights = to_show(shares)
    asked = {f"{PREFIX}{key}": text for key, text in weights.items()} | {"from": source}
    return Way(name, weights, f"{reverse('rubrics:draft-weights', args=[draft.pk])}?{urlencode(asked)}")


def _context(draft: RubricDraft, form: SectionsForm, ways: Sequence[Way], **facts: Any) -> dict[str, Any]:
    today = to_show(weights_of(draft.document["sections"]))
    found = [
        Found(
            section.get("title") or section["key"], today[section["key"]], [way.weights[section["key"]] for way in ways]
        )
        for section in form.sections
    ]
    return {"draft": draft, "links": draft_links(draft), "form": form, "ways": ways, "found": found, **facts}
