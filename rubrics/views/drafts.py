"""A draft as a whole: started, looked over, renamed, brought up to date, discarded, and as a file."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rubrics.forms.drafts import ImportForm, NameForm, StartForm
from rubrics.models import RubricDraft, RubricVersion
from rubrics.permissions import access_draft
from rubrics.scoring.faults import FaultyDocumentError
from rubrics.services.differences import differences
from rubrics.services.documents import frozen_document
from rubrics.services.draft_faults import draft_faults, draft_warnings
from rubrics.services.drafts import discard_draft, rename_draft, start_draft
from rubrics.services.exchange import read_file, write_file
from rubrics.services.merging import bring_up_to_date
from rubrics.services.refusals import require_administrator
from rubrics.views.draft_outline import section_outlines
from rubrics.views.draft_places import draft_links, fault_lines
from t2eval.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def draft_start(request: SignedInRequest) -> HttpResponse:
    require_administrator(request.user)
    form = StartForm(request.POST or None)
    if form.is_valid():
        draft = start_draft(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, "The draft is started. Nothing that is published changes until you publish it.")
        return redirect("rubrics:draft-detail", pk=draft.pk)
    return render(request, "rubrics/draft_start.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def draft_import(request: SignedInRequest) -> HttpResponse:
    require_administrator(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: tuple[object, ...] = ()
    if form.is_valid():
        base = form.cleaned_data["base"]
        try:
            document = read_file(form.cleaned_data["file"].read(), base.rubric)
        except FaultyDocumentError as error:
            faults = error.faults
        else:
            name, at = form.cleaned_data["name"], timezone.now()
            draft = start_draft(base=base, name=name, document=document, by=request.user, at=at)
            messages.success(request, "The file is a draft now. Read below what it would change.")
            return redirect("rubrics:draft-detail", pk=draft.pk)
    return render(request, "rubrics/draft_import.html", {"form": form, "faults": faults})


@require_safe
def draft_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    draft = access_draft(request.user, pk)
    base = frozen_document(draft.base)
    changes = differences(base, draft.document)
    context = {
        "draft": draft,
        "links": draft_links(draft),
        "faults": fault_lines(draft, draft_faults(draft.document)),
        "warnings": fault_lines(draft, draft_warnings(draft.document)),
        "changes": changes,
        "counting": sum(change.counts for change in changes),
        "sections": section_outlines(draft.document),
        "gates": draft.document["gates"],
        **_moved_on(draft, base),
    }
    return render(request, "rubrics/draft_detail.html", context)


def _moved_on(draft: RubricDraft, base: dict[str, object]) -> dict[str, object]:
    """What came into force since the draft was started, if anything did."""
    if draft.base.state == RubricVersion.State.PUBLISHED:
        return {}
    in_force = draft.rubric.versions.select_related("published_by").get(state=RubricVersion.State.PUBLISHED)
    return {"in_force": in_force, "their_changes": differences(base, frozen_document(in_force))}


@require_http_methods(["GET", "HEAD", "POST"])
def draft_rename(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    draft = access_draft(request.user, pk)
    form = NameForm(request.POST or None, initial={"name": draft.name})
    if form.is_valid():
        rename_draft(draft=draft, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
        return redirect("rubrics:draft-detail", pk=draft.pk)
    return render(request, "rubrics/draft_rename.html", {"draft": draft, "form": form})


@require_POST
def draft_update(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    draft = access_draft(request.user, pk)
    in_force = draft.rubric.versions.get(state=RubricVersion.State.PUBLISHED)
    merged = bring_up_to_date(draft=draft, version=in_force, by=request.user, at=timezone.now())
    messages.success(request, f"The draft now starts from version {in_force.number}.")
    if merged.kept:
        messages.warning(
            request,
            f"Places where both had changed the same: {len(merged.kept)}. There the draft's own stayed: look through"
            " the differences below.",
        )
    return redirect("rubrics:draft-detail", pk=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_discard(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first: what is discarded is gone."""
    draft = access_draft(request.user, pk)
    if request.method != "POST":
        changes = differences(frozen_document(draft.base), draft.document)
        return render(request, "rubrics/draft_discard.html", {"draft": draft, "changes": changes})
    discard_draft(draft=draft, by=request.user, at=timezone.now())
    messages.success(request, f"The draft “{draft.name}” is discarded.")
    return redirect("rubrics:version-list")


@require_safe
def draft_file(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    draft = access_draft(request.user, pk)
    name = f"{draft.rubric.key}-draft-{slugify(draft.name) or 'unnamed'}.json"
    return file_response(write_file(draft.document), name)


def file_response(text: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": disposition})
