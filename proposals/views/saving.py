"""One cell, or the recommendation, saved by itself: the protocol of the scoring page's script. See docs/saving.md."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from proposals.forms.cell_answers import CellPost, RecommendationPost, levels_typed, score_typed
from proposals.models import CellChange, Evidence
from proposals.services.answers import CellAnswer, Recommendation, cap_note, headline, version_of
from proposals.services.grids import find_place, frozen_version
from proposals.services.locking import DocketClosedError
from proposals.services.refused_answers import CellRefusedError
from proposals.services.saving import Proposed, ProposedRecommendation, Saved, save_cells
from proposals.services.scoring_locks import NotScorableError, RoundClosedError, ScorecardSubmittedError
from rubrics.models import Risk
from t2eval.http import SignedInRequest, problem

# Which refusal answers how. 423: what was open to writing is closed now.
REFUSALS: tuple[tuple[type[Exception], HTTPStatus, str], ...] = (
    (DocketClosedError, HTTPStatus.LOCKED, "closed"),
    (ScorecardSubmittedError, HTTPStatus.LOCKED, "submitted"),
    (RoundClosedError, HTTPStatus.LOCKED, "round-closed"),
    (CellRefusedError, HTTPStatus.UNPROCESSABLE_ENTITY, "refused"),
    (NotScorableError, HTTPStatus.FORBIDDEN, "not-allowed"),
    (PermissionDenied, HTTPStatus.FORBIDDEN, "not-allowed"),
    (Http404, HTTPStatus.NOT_FOUND, "not-found"),
)


@require_POST
def scorecard_cell(request: SignedInRequest, pk: uuid.UUID, cell: str) -> JsonResponse:
    form = CellPost(request.POST)

    def cells(seen: str) -> dict[str, Any]:
        return {"cells": {cell: Proposed(form.said, seen)}}

    def answer(saved: Saved) -> JsonResponse:
        is_as_cited = form.cleaned_data["grade"] is None
        return (
            _clash(saved, cell)
            if saved.clashes or saved.untouched
            else _saved(saved, _cell_facts(saved, cell, is_as_cited))
        )

    return _save(request, pk, form, cells, answer)


@require_POST
def scorecard_recommendation(request: SignedInRequest, pk: uuid.UUID) -> JsonResponse:
    form = RecommendationPost(request.POST)

    def recommendation(seen: str) -> dict[str, Any]:
        return {"cells": {}, "recommendation": ProposedRecommendation(form.said, seen)}

    def answer(saved: Saved) -> JsonResponse:
        if saved.recommendation_clashes or saved.recommendation_untouched:
            return _clash(saved, "")
        return _saved(saved, {"version": version_of(saved.recommendation)})

    return _save(request, pk, form, recommendation, answer)


def _save(
    request: SignedInRequest,
    pk: uuid.UUID,
    form: CellPost | RecommendationPost,
    proposed: Callable[[str], dict[str, Any]],
    answer: Callable[[Saved], JsonResponse],
) -> JsonResponse:
    """Check what every saving needs, save, and answer only after the commit."""
    seen = request.headers.get("If-Match", "").strip('" ')
    if not seen:
        message = "Say in If-Match which version of the cell you saw."
        return problem(HTTPStatus.PRECONDITION_REQUIRED, "version-needed", message)
    if request.headers.get("X-Officer", str(request.user.pk)) != str(request.user.pk):
        message = "Somebody else is signed in here now. Sign in as who began this scorecard."
        return problem(HTTPStatus.FORBIDDEN, "another-user", message)
    if not form.is_valid():
        message = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "refused", message)
    try:
        saved = save_cells(
            proposal_id=pk, officer=request.user, by=request.user, at=timezone.now(), revision=shown_revision(request),
            **proposed(seen),
        )  # fmt: skip
    except tuple(kind for kind, _, _ in REFUSALS) as error:
        return _refused(error)
    return answer(saved)


def shown_revision(request: SignedInRequest) -> int | None:
    """The revision of the record that the page shows."""
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 8 else None


def _refused(error: Exception) -> JsonResponse:
    status, code = next((status, code) for kind, status, code in REFUSALS if isinstance(error, kind))
    message = "This proposal is not open to you." if status == HTTPStatus.NOT_FOUND else str(error)
    return problem(status, code, message)


def _saved(saved: Saved, facts: dict[str, Any]) -> JsonResponse:
    at = timezone.localtime(saved.scorecard.updated_at)
    response = JsonResponse({"saved_at": f"{at:%H:%M:%S}", **facts})
    response["ETag"] = f'"{facts["version"]}"'
    return response


def _cell_facts(saved: Saved, key: str, is_as_cited: bool) -> dict[str, Any]:  # noqa: FBT001 - private, one call
    said = saved.answers[key]
    version = frozen_version(saved.scorecard.rubric_version_id)
    note = cap_note(version, said.value, said.grade) if said else ""
    as_cited = {"best_grade": said.grade if said else None} if is_as_cited else {}
    return {"version": version_of(said), "cap_note": note, **as_cited}


def _clash(saved: Saved, key: str) -> JsonResponse:
    """Both texts are on the page then: the writer's own, which it has, and this one."""
    last = CellChange.objects.filter(scorecard=saved.scorecard, cell=key).select_related("by").order_by("-at").first()
    said = saved.answers[key] if key else saved.recommendation
    place = find_place(saved.scorecard.rubric_version_id, key)
    facts = {
        "version": version_of(said),
        "stored": _as_typed(said, levels_typed if place and isinstance(place.part, Risk) else score_fields),
        "who": last.by.name if last else "",
        "when": f"{timezone.localtime(last.at):%H:%M:%S}" if last else "",
    }
    return problem(HTTPStatus.CONFLICT, "changed", "This was saved elsewhere since you opened it.", **facts)


def _as_typed(
    said: CellAnswer | Recommendation | None, fields: Callable[[CellAnswer], dict[str, Any]]
) -> dict[str, Any]:
    """The stored answer as the fields of the page hold it, with a line that says it."""
    if said is None:
        return {"headline": "Open, nothing written"}
    if isinstance(said, Recommendation):
        return {"headline": said.band or "Open", "recommendation": said.band, "recommendation_reason": said.reason}
    cited = Evidence.objects.filter(pk__in=said.citations).order_by("number").values_list("pk", "number")
    return {
        "headline": headline(said),
        "cited": [number for _, number in cited],
        "citations": [str(pk) for pk, _ in cited],
        "rationale": said.rationale,
        **fields(said),
    }


def score_fields(said: CellAnswer) -> dict[str, Any]:
    return {"answer": score_typed(said), "grade": said.grade}
