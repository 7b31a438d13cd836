"""Items added to a draft, taken out and moved; gates taken out."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from rubrics.forms.drafts import NewItemForm
from rubrics.permissions import access_draft
from rubrics.services.draft_parts import find, find_item, find_section
from rubrics.services.draft_structure import (
    LISTS_OF_RULE,
    add_item,
    gates_that_name,
    move_item,
    remove_gate,
    remove_item,
)
from rubrics.services.words import RubricWords
from rubrics.views.draft_outline import NOUNS
from t2eval.http import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def draft_item_add(request: SignedInRequest, pk: uuid.UUID, section: str, kind: str) -> HttpResponse:
    draft = access_draft(request.user, pk)
    holder = find_section(draft.document, section)
    if kind not in LISTS_OF_RULE[holder["rule"]]:
        raise Http404
    form = NewItemForm(request.POST or None)
    if form.is_valid():
        title, at = form.cleaned_data["title"], timezone.now()
        key = add_item(draft=draft, section=section, kind=kind, title=title, by=request.user, at=at)
        messages.success(request, f"“{title}” is added. Say now what its levels mean.")
        return redirect("rubrics:draft-item", pk=draft.pk, key=key)
    context = {"draft": draft, "form": form, "noun": NOUNS[kind], "section": holder}
    return render(request, "rubrics/draft_item_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_item_remove(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Asks first, and says which gates would look at nothing."""
    draft = access_draft(request.user, pk)
    words = RubricWords(draft.document)
    section, kind, item = find_item(draft.document, key)
    if request.method == "POST":
        remove_item(draft=draft, key=key, by=request.user, at=timezone.now())
        messages.success(request, f"“{words.title(key)}” is out of the draft.")
        return redirect("rubrics:draft-detail", pk=draft.pk)
    gates = [words.title(gate) for gate in gates_that_name(draft.document, key)]
    context = {"draft": draft, "section": section, "noun": NOUNS[kind], "item": item, "gates": gates}
    return render(request, "rubrics/draft_item_remove.html", context)


@require_POST
def draft_item_move(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    draft = access_draft(request.user, pk)
    section = move_item(draft=draft, key=key, up="up" in request.POST, by=request.user, at=timezone.now())
    response = redirect("rubrics:draft-detail", pk=draft.pk)
    response["Location"] += f"#section-{section}"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def draft_gate_remove(request: SignedInRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    draft = access_draft(request.user, pk)
    gate = find(draft.document["gates"], key)
    if request.method == "POST":
        remove_gate(draft=draft, key=key, by=request.user, at=timezone.now())
        messages.success(request, f"The gate “{gate.get('title') or key}” is out of the draft.")
        return redirect("rubrics:draft-detail", pk=draft.pk)
    return render(request, "rubrics/draft_gate_remove.html", {"draft": draft, "gate": gate})
