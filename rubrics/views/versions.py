"""What is and was in force, how versions differ, and versions as files."""

import uuid

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rubrics.models import RubricDraft, RubricVersion
from rubrics.permissions import access_version
from rubrics.services.differences import differences
from rubrics.services.documents import frozen_document
from rubrics.services.exchange import write_file
from rubrics.services.words import rubric_words
from rubrics.views.drafts import file_response
from rubrics.views.history import timeline
from rubrics.views.version_page import gate_pages, section_pages
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest


def _readable(user: User) -> QuerySet[RubricVersion]:
    return RubricVersion.objects.visible_to(user).select_related("rubric", "published_by")


@require_safe
def version_list(request: SignedInRequest) -> HttpResponse:
    versions = list(_readable(request.user).order_by("rubric__title", "-number"))
    drafts = RubricDraft.objects.visible_to(request.user).select_related("rubric", "base", "changed_by")
    context = {
        "rubrics": timeline(versions),
        "versions": versions,
        "drafts": drafts.order_by("-changed_at"),
        "shows_history": request.user.has_role(Role.ADMIN),
    }
    return render(request, "rubrics/version_list.html", context)


@require_safe
def version_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    version = access_version(request.user, pk)
    words = rubric_words(version)
    note = version.note if isinstance(version.note, dict) else {}
    grades = note.get("evidence_grades", [""] * len(version.evidence_caps))
    context = {
        "version": version,
        "sections": section_pages(words),
        "gates": gate_pages(words),
        "bands": words.document["bands"],
        "anchors": list(enumerate(version.anchors)),
        "grades": list(zip(range(5), version.evidence_caps, grades, strict=False)),
        "grade_rules": note.get("grade_rules", []),
        "shows_history": request.user.has_role(Role.ADMIN),
    }
    return render(request, "rubrics/version_detail.html", context)


@require_safe
def version_file(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    version = access_version(request.user, pk)
    name = f"{version.rubric.key}-version-{version.number}.json"
    return file_response(write_file(frozen_document(version)), name)


@require_safe
def version_compare(request: SignedInRequest) -> HttpResponse:
    """Any two versions of one rubric; asked for by `earlier` and `later`."""
    versions = _readable(request.user)
    try:
        earlier, later = (versions.filter(pk=request.GET.get(name, "")).first() for name in ("earlier", "later"))
    except ValidationError as error:
        raise Http404 from error
    if earlier is None or later is None or earlier.rubric_id != later.rubric_id:
        raise Http404
    changes = differences(frozen_document(earlier), frozen_document(later))
    context = {
        "earlier": earlier,
        "later": later,
        "versions": versions.filter(rubric=earlier.rubric_id).order_by("-number"),
        "changes": changes,
        "counting": sum(change.counts for change in changes),
        "shows_history": request.user.has_role(Role.ADMIN),
    }
    return render(request, "rubrics/version_compare.html", context)
