"""The page on which the words of a memo are written."""

import datetime as dt
import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from proposals.forms.memos import Desk, MemoWordsPage, with_row
from proposals.models import Assessment, Memo, MemoWords, Proposal
from proposals.permissions import (
    access_proposal,
    can_argue_in_memo,
    can_read_arguments,
    can_write_memo,
    is_sponsor,
    require,
)
from proposals.services.memo_starters import STARTER_EXIT_TRIGGERS, STARTER_PREDICTIONS
from proposals.services.memo_suggestions import ProposedCondition, proposed_conditions
from proposals.services.memo_words import (
    ARGUED_BY_OTHERS,
    FIELDS,
    LISTS,
    CaseAgainstBySponsorError,
    MemoWordsChangedError,
    save_memo_words,
    signatures,
    stored_words,
)
from proposals.views.memo_requests import ask_for_memo
from t2eval.accounts.models import User
from t2eval.http import SignedInRequest

OVERTAKEN = "Somebody else saved other words here since you opened the page. Compare them, then save again."


@require_http_methods(["GET", "HEAD", "POST"])
def memo_words_edit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal(request.user, pk)
    writable = writable_parts(request.user, proposal)
    require(bool(writable), "The sponsor officer and the chair write the words of a memo.")
    proposed = _proposed(request.user, proposal)
    if request.method != "POST":
        return _answer(request, proposal, _page(request, proposal, writable, None), proposed)
    data = _with_added(request.POST.dict(), proposed)
    page = _page(request, proposal, writable, data)
    if not page.is_valid() or not _save(page, proposal, request.user, timezone.now()):
        return _answer(request, proposal, _after_refusal(request, proposal, writable, data, page), proposed)
    if request.POST.get("then") == "request":
        return ask_for_memo(request, proposal)
    messages.success(request, "Saved.")
    part = request.POST.get("add", "").partition(":")[0]
    return redirect(reverse("proposals:memo-words-edit", args=[pk]) + (f"#{part}" if part in LISTS else ""))


def writable_parts(user: User, proposal: Proposal) -> frozenset[str]:
    """The fields and lists that this user may write; none at all where the page is closed to them."""
    if can_write_memo(user, proposal):
        closed = () if can_read_arguments(user, proposal) else ARGUED_BY_OTHERS
        return frozenset({*FIELDS, *LISTS}.difference(closed))
    return frozenset(ARGUED_BY_OTHERS if can_argue_in_memo(user, proposal) else ())


def _page(
    request: SignedInRequest, proposal: Proposal, writable: frozenset[str], data: dict[str, Any] | None
) -> MemoWordsPage:
    stored = stored_words(proposal)
    bands = [(band.key, str(band)) for band in proposal.docket.rubric_version.bands.order_by("-minimum")]
    # Only the marks of what this writer may write: the others would tell that somebody has argued meanwhile.
    seen = signatures({name: words for name, words in stored.items() if name in writable})
    return MemoWordsPage(data, Desk(stored, seen, writable, bands, request.user.name))


def _save(page: MemoWordsPage, proposal: Proposal, by: User, at: dt.datetime) -> bool:
    try:
        save_memo_words(proposal=proposal, typed=page.typed(), seen=page.form.cleaned_data["seen"], by=by, at=at)
    except CaseAgainstBySponsorError as error:
        page.form.add_error("case_against", str(error))
    except MemoWordsChangedError as error:
        page.form.overtaken = set(error.names)
    else:
        return True
    return False


def _after_refusal(
    request: SignedInRequest,
    proposal: Proposal,
    writable: frozenset[str],
    data: dict[str, Any],
    page: MemoWordsPage,
) -> MemoWordsPage:
    """Everything typed is kept. Fields that somebody else saved meanwhile show both texts; saving again decides."""
    overtaken = page.form.overtaken
    if not overtaken:
        return page
    now = signatures(stored_words(proposal))
    seen = {**page.form.cleaned_data["seen"], **{name: now[name] for name in overtaken}}
    page = _page(request, proposal, writable, {**data, "seen": json.dumps(seen)})
    page.is_valid()
    page.form.overtaken = overtaken
    for name in overtaken.intersection(FIELDS):
        page.form.add_error(name, OVERTAKEN)
    return page


def _proposed(user: User, proposal: Proposal) -> list[ProposedCondition]:
    """What the assessment proposes, without what was taken over already."""
    assessment = Assessment.objects.visible_to(user).current().filter(proposal=proposal).first()
    if assessment is None:
        return []
    taken = set(proposal.memo_conditions.values_list("text", flat=True))
    return [condition for condition in proposed_conditions(assessment) if condition.text not in taken]


def _with_added(data: dict[str, Any], proposed: list[ProposedCondition]) -> dict[str, Any]:
    """The button beside a suggestion adds it as a row, and saves the page."""
    kind, _, key = str(data.get("add", "")).partition(":")
    if kind == "conditions":
        for condition in proposed:
            if condition.key == key:
                return with_row(data, kind, {"text": condition.text, "proof": condition.proof})
    if kind == "predictions" and key.isdecimal() and int(key) < len(STARTER_PREDICTIONS):
        return with_row(data, kind, {"statement": STARTER_PREDICTIONS[int(key)]})
    return data


def _answer(
    request: SignedInRequest, proposal: Proposal, page: MemoWordsPage, proposed: list[ProposedCondition]
) -> HttpResponse:
    user = request.user
    context = {
        "proposal": proposal,
        "page": page,
        "proposed": proposed,
        "starter_predictions": STARTER_PREDICTIONS,
        "starter_exit_triggers": STARTER_EXIT_TRIGGERS,
        "words": MemoWords.objects.visible_to(user).filter(proposal=proposal).select_related("updated_by").first(),
        "memo": Memo.objects.visible_to(user).filter(proposal=proposal).order_by("-edition").first(),
        "is_sponsor": is_sponsor(user, proposal),
        "overtaken_message": OVERTAKEN,
        "may_ask": page.has_lists,
        "has_assessment": Assessment.objects.visible_to(user).current().filter(proposal=proposal).exists(),
        "reads_arguments": can_read_arguments(user, proposal),
    }
    return render(request, "proposals/memo_words_edit.html", context)
