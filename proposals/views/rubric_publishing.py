"""Publishing a draft of the rubric: what changes, what stays, and who has seen scores already."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from proposals.models import Docket
from proposals.services.weight_changes import dockets_with_scores, what_stays
from proposals.services.what_if import dockets_to_compare, gate_warnings
from rubrics.forms.drafts import PublishForm
from rubrics.models import RubricDraft, RubricVersion
from rubrics.permissions import access_draft
from rubrics.scoring.parse import parse_rubric
from rubrics.services.differences import differences
from rubrics.services.documents import frozen_document
from rubrics.services.draft_faults import draft_faults, draft_warnings
from rubrics.services.publishing import (
    BaseMovedError,
    DraftChangedError,
    DraftFaultyError,
    NothingChangedError,
    publish_draft,
)
from rubrics.services.words import RubricWords
from rubrics.views.draft_places import fault_lines
from t2eval.accounts.models import User
from t2eval.http import SignedInRequest

REFUSALS = (BaseMovedError, DraftChangedError, DraftFaultyError, NothingChangedError)


@require_http_methods(["GET", "HEAD", "POST"])
def rubric_publish(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    draft = access_draft(request.user, pk)
    form = PublishForm(request.POST or None, initial={"seen": draft.revision})
    refusal: Exception | None = None
    if form.is_valid():
        try:
            version = publish_draft(draft=draft, **form.cleaned_data, by=request.user, at=timezone.now())
        except REFUSALS as error:
            refusal = error
        else:
            messages.success(
                request, f"Version {version.number} is in force. Everything scored before stays as it was."
            )
            return redirect("rubrics:version-detail", pk=version.pk)
    return render(request, "proposals/rubric_publish.html", _context(draft, form, refusal, request.user))


@require_safe
def rubric_gates(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """What the gates of the draft would do on the open dockets. By the official method, so it takes a moment."""
    draft = access_draft(request.user, pk)
    words = RubricWords(draft.document)
    dockets = []
    if not draft_faults(draft.document):
        target = parse_rubric(draft.document)
        for docket in dockets_to_compare(request.user, draft.rubric.key).filter(state=Docket.State.OPEN):
            warnings = gate_warnings(docket_id=docket.pk, viewer=request.user, target=target)
            dockets.append((docket, [(words.title(warning.gate), warning) for warning in warnings]))
    template = "proposals/rubric_gates_part.html" if request.htmx else "proposals/rubric_gates.html"
    return render(request, template, {"draft": draft, "dockets": dockets})


def _context(draft: RubricDraft, form: PublishForm, refusal: Exception | None, viewer: User) -> dict[str, Any]:
    """The page as it stands now: after a refusal it shows what is new, and the reason as typed."""
    if refusal is not None:
        draft.refresh_from_db()
        form = PublishForm(initial={"reason": form.cleaned_data["reason"], "seen": draft.revision})
    in_force = draft.rubric.versions.get(state=RubricVersion.State.PUBLISHED)
    changes = differences(frozen_document(in_force), draft.document)
    return {
        "draft": draft,
        "form": form,
        "refusal": refusal,
        "in_force": in_force,
        "next_number": draft.rubric.versions.order_by("-number").values_list("number", flat=True)[0] + 1,
        "is_behind": draft.base_id != in_force.pk,
        "changes": changes,
        "counting": sum(change.counts for change in changes),
        "faults": fault_lines(draft, draft_faults(draft.document)),
        "warnings": fault_lines(draft, draft_warnings(draft.document)),
        "stays": what_stays(draft.rubric, viewer),
        "scored": dockets_with_scores(draft.rubric, viewer),
    }
