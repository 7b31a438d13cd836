import uuid

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from rubrics.models import RubricVersion
from rubrics.services.words import rubric_words
from rubrics.views.version_page import gate_pages, section_pages
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest


def _readable(user: User) -> QuerySet[RubricVersion]:
    return RubricVersion.objects.visible_to(user).select_related("rubric", "published_by")


@require_safe
def version_list(request: SignedInRequest) -> HttpResponse:
    context = {
        "versions": _readable(request.user).order_by("rubric__title", "-number"),
        "shows_history": request.user.has_role(Role.ADMIN),
    }
    return render(request, "rubrics/version_list.html", context)


@require_safe
def version_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    version = get_object_or_404(_readable(request.user), pk=pk)
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
