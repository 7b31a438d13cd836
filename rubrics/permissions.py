"""Who may do what. Drafts are the administrators': for others they do not exist."""

import uuid

from django.shortcuts import get_object_or_404

from rubrics.models import RubricDraft, RubricVersion
from t2eval.accounts.models import User


def access_version(user: User, pk: uuid.UUID) -> RubricVersion:
    return get_object_or_404(RubricVersion.objects.visible_to(user).select_related("rubric", "published_by"), pk=pk)


def access_draft(user: User, pk: uuid.UUID) -> RubricDraft:
    related = ("rubric", "base__rubric", "base__published_by", "created_by", "changed_by")
    return get_object_or_404(RubricDraft.objects.visible_to(user).select_related(*related), pk=pk)
