"""Memos: the list, the reader with its state, the PDF, and issuing."""

import logging
import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from proposals.memos.content import content_from_json
from proposals.memos.html import render_body
from proposals.models import Memo, MemoJob
from proposals.permissions import access_memo, can_issue_memo, can_read_arguments, can_write_memo, require
from proposals.services.memo_files import MemoFileAlteredError, open_pdf
from proposals.services.memo_freshness import changes_since, moved_on
from proposals.services.memo_names import NameFound, names_in_content
from proposals.services.memos import MemoNotIssuableError, issue_memo, reasons_not_to_issue
from t2eval.accounts.roles import Role
from t2eval.http import SignedInRequest

logger = logging.getLogger(__name__)


@require_safe
def memo_list(request: SignedInRequest) -> HttpResponse:
    memos = (
        Memo.objects.visible_to(request.user)
        .select_related("proposal__docket", "proposal__organizer", "assessment", "job", "requested_by")
        .order_by("-proposal__docket__state", "proposal__docket__title", "proposal__number", "-edition")
    )
    writes = request.user.has_role(Role.OFFICER, Role.CHAIR)
    return render(request, "proposals/memo_list.html", {"memos": memos, "writes": writes})


@require_safe
def memo_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    memo = access_memo(request.user, pk)
    editions = Memo.objects.visible_to(request.user).filter(proposal=memo.proposal).order_by("-edition")
    context = {
        **_state_of(request, memo),
        "body": mark_safe(render_body(content_from_json(memo.content))),  # noqa: S308 - a template's output, escaped there
        "editions": editions.select_related("job", "requested_by"),
        "issued": editions.filter(state=Memo.State.ISSUED).exclude(pk=memo.pk).first(),
        "changes": _changes(memo),
        "may_ask": _may_ask(request, memo),
    }
    return render(request, "proposals/memo_detail.html", context)


def _changes(memo: Memo) -> list[str]:
    """What has changed since it was frozen: of a draft all of it, since that keeps it from being issued."""
    if memo.state == Memo.State.DRAFT:
        return changes_since(memo)
    return moved_on(memo) if memo.state == Memo.State.ISSUED else []


def _may_ask(request: SignedInRequest, memo: Memo) -> bool:
    """Whether this viewer may ask for another edition."""
    return can_write_memo(request.user, memo.proposal) and can_read_arguments(request.user, memo.proposal)


@require_safe
def memo_status(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    memo = access_memo(request.user, pk)
    if not request.htmx:
        return redirect("proposals:memo-detail", pk)
    return render(request, "proposals/memo_status.html", _state_of(request, memo))


@require_safe
def memo_pdf(request: SignedInRequest, pk: uuid.UUID) -> HttpResponseBase:
    memo = access_memo(request.user, pk)
    if not memo.pdf or memo.job.state != MemoJob.State.READY:
        raise Http404("The PDF of this memo is not ready.")
    try:
        file = open_pdf(memo=memo, by=request.user, at=timezone.now())
    except FileNotFoundError as error:
        logger.exception("The file of memo %s is missing.", memo.number)
        raise Http404("The file of this memo is missing.") from error
    except MemoFileAlteredError as error:
        logger.exception("The file of memo %s is not the one that was rendered.", memo.number)
        messages.error(request, str(error))
        return redirect("proposals:memo-detail", pk)
    return FileResponse(file, content_type="application/pdf", filename=f"{memo.number}-{memo.edition}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def memo_issue(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    memo = access_memo(request.user, pk)
    require(can_issue_memo(request.user), "The chair issues memos.")
    if request.method == "POST":
        try:
            issue_memo(memo=memo, by=request.user, at=timezone.now())
        except MemoNotIssuableError as error:
            return _issue_page(request, memo, error.reasons, error.names)
        messages.success(request, f"Memo {memo.number} is issued: the committee can read it now.")
        return redirect("proposals:memo-detail", pk)
    return _issue_page(request, memo, reasons_not_to_issue(memo), names_in_content(memo))


def _issue_page(request: SignedInRequest, memo: Memo, reasons: list[str], names: list[NameFound]) -> HttpResponse:
    issued = Memo.objects.filter(proposal=memo.proposal, state=Memo.State.ISSUED).exclude(pk=memo.pk).first()
    context = {
        "memo": memo,
        "reasons": reasons,
        "names": [(found, _page_of(memo, found)) for found in names],
        "issued": issued,
        "may_issue": not reasons and not names,
        "may_ask": _may_ask(request, memo),
    }
    return render(request, "proposals/memo_issue.html", context)


def _page_of(memo: Memo, found: NameFound) -> str:
    """The address of the page, and the field, where the words with a name can be changed."""
    if found.page == "words":
        anchor = found.field if found.field in {"conditions", "predictions"} else f"id_{found.field}"
        return f"{reverse('proposals:memo-words-edit', args=[memo.proposal_id])}#{anchor}"
    if found.page == "organizer":
        return reverse("proposals:organizer-edit", args=[memo.proposal.organizer_id])
    name = {"scores": "assessment-detail", "assessment": "assessment-detail", "evidence": "proposal-detail"}
    return reverse(f"proposals:{name.get(found.page, 'proposal-edit')}", args=[memo.proposal_id])


def _state_of(request: SignedInRequest, memo: Memo) -> dict[str, object]:
    """What the panel beside the memo shows, on the page and as the partial that replaces it."""
    return {
        "memo": memo,
        "job": memo.job,
        "is_waiting": memo.job.state in {MemoJob.State.QUEUED, MemoJob.State.RENDERING},
        "has_failed": memo.job.state == MemoJob.State.FAILED,
        "may_retry": memo.assessment.is_current and can_write_memo(request.user, memo.proposal),
        "may_issue": memo.state == Memo.State.DRAFT and can_issue_memo(request.user),
    }
