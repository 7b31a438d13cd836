"""Scoring one proposal: the page to write a scorecard on, and the page to read one."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from proposals.forms.cells import Sources
from proposals.forms.scorecards import ScorecardForms
from proposals.models import Evidence, Proposal, Scorecard
from proposals.permissions import (
    access_proposal,
    access_scorecard,
    can_add_evidence,
    can_edit_proposal,
    can_edit_scorecard,
    can_score,
    require,
)
from proposals.services.answer_rows import answers_of
from proposals.services.grids import load_grid
from proposals.services.readings import read_record
from proposals.services.refused_answers import CellRefusedError
from proposals.services.rounds import is_over, open_cells
from proposals.services.saving import Saved, save_cells
from proposals.services.scorecards import (
    NotDeclinedError,
    ScorecardIncompleteError,
    latest_scorecard,
    leave_rest,
    submit_scorecard,
)
from proposals.services.scoring_locks import NotScorableError, RoundClosedError, ScorecardSubmittedError
from proposals.services.sheets import load_sheet
from proposals.views.saving import shown_revision
from t2eval.http import SignedInRequest

SUBMITS = frozenset({"submit", "submit-rest"})


@require_http_methods(["GET", "POST"])
def scorecard_edit(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    proposal = access_proposal(request.user, pk)
    scorecard = latest_scorecard(proposal, request.user)
    if scorecard is not None and scorecard.is_submitted:
        return _submitted_before(request, proposal)
    require(can_score(request.user, proposal), "Officers score what is assigned to them, while the docket is open.")
    if request.method == "POST":
        same = request.POST.get("officer", str(request.user.pk)) == str(request.user.pk)
        require(same, "Somebody else began this page. Sign in as that person to save what it holds.")
        return _save(request, proposal, scorecard)
    return _page(request, proposal, _forms(request, proposal, scorecard))


@require_safe
def scorecard_detail(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    scorecard = access_scorecard(request.user, pk)
    others = Scorecard.objects.visible_to(request.user).filter(
        proposal=scorecard.proposal_id, state=Scorecard.State.SUBMITTED
    )
    context = {
        "scorecard": scorecard,
        "proposal": scorecard.proposal,
        "sheet": load_sheet(scorecard),
        "others": others.exclude(pk=scorecard.pk).select_related("officer").order_by("submitted_at"),
        "is_own": scorecard.officer_id == request.user.pk,
        "can_edit": can_edit_scorecard(request.user, scorecard) and not is_over(scorecard),
        "is_over": is_over(scorecard),
    }
    return render(request, "proposals/scorecard_detail.html", context)


def _save(request: SignedInRequest, proposal: Proposal, scorecard: Scorecard | None) -> HttpResponse:
    """Keep what is sound, then submit if asked to; whatever is refused comes back with all that was typed."""
    forms, action = _forms(request, proposal, scorecard), request.POST.get("action", "save")
    has_faults = bool(forms.faults)
    try:
        saved = _keep(request, proposal, forms)
        if action in SUBMITS and saved.is_clean and not has_faults:
            if action == "submit-rest":
                leave_rest(scorecard=saved.scorecard, by=request.user, at=timezone.now())
            submit_scorecard(scorecard=saved.scorecard, by=request.user, at=timezone.now())
    except ScorecardIncompleteError as error:
        return _page(request, proposal, _forms(request, proposal, saved.scorecard, typed=False), missing=error.missing)
    except (CellRefusedError, NotDeclinedError, RoundClosedError) as error:
        return _page(request, proposal, forms, refusal=str(error))
    except ScorecardSubmittedError:
        return _submitted_before(request, proposal)
    except NotScorableError as error:
        raise PermissionDenied(str(error)) from error
    if has_faults or not saved.is_clean:
        forms = _forms(request, proposal, saved.scorecard, saved=saved)
        return _page(request, proposal, forms, is_saved=True, is_changed=not saved.is_clean)
    return _onwards(request, proposal, saved.scorecard, action)


def _submitted_before(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    """A second click, perhaps while the first was still at work, leads to where the first one did."""
    if request.method == "POST":
        messages.warning(request, "This scorecard is already submitted: nothing was changed.")
    own = latest_scorecard(proposal, request.user)
    return redirect("proposals:scorecard-detail", pk=own.pk if own else None)


def _keep(request: SignedInRequest, proposal: Proposal, forms: ScorecardForms) -> Saved:
    return save_cells(
        proposal_id=proposal.pk,
        officer=request.user,
        cells=forms.proposed(fill_open=request.POST.get("action") == "fill"),
        recommendation=forms.proposed_recommendation(),
        revision=shown_revision(request),
        by=request.user,
        at=timezone.now(),
    )


def _onwards(request: SignedInRequest, proposal: Proposal, scorecard: Scorecard, action: str) -> HttpResponse:
    if action in SUBMITS and scorecard.round == Scorecard.Round.PRACTICE:
        messages.success(request, "Your practice scorecard is submitted: here is how far it is from the reference.")
        return redirect("proposals:scorecard-calibration", pk=scorecard.pk)
    if action in SUBMITS:
        messages.success(request, "Your scorecard is submitted and counts in the assessment.")
        return redirect("proposals:scorecard-detail", pk=scorecard.pk)
    page = reverse("proposals:scorecard-edit", args=[proposal.pk])
    if action.startswith("evidence"):
        place = action.removeprefix("evidence:")
        back = f"{page}#cell-{place}" if place in load_grid(proposal).cells else page
        create = reverse("proposals:evidence-create", args=[proposal.pk])
        return redirect(f"{create}?{urlencode({'next': back})}")
    messages.success(request, f"Draft saved at {timezone.localtime(scorecard.updated_at):%H:%M}.")
    return redirect(page)


def _forms(
    request: SignedInRequest,
    proposal: Proposal,
    scorecard: Scorecard | None,
    *,
    typed: bool = True,
    saved: Saved | None = None,
) -> ScorecardForms:
    """The forms over what is stored, with what was typed laid over it."""
    evidence = Evidence.objects.visible_to(request.user).filter(proposal=proposal).select_related("side")
    sources = Sources(load_grid(proposal), list(evidence.order_by("number")))
    stored = answers_of(scorecard) if scorecard else {}
    data = request.POST if typed and request.method == "POST" else None
    opened = open_cells(scorecard) if scorecard else None
    return ScorecardForms(sources, scorecard, stored, data, opened, saved)


def _page(request: SignedInRequest, proposal: Proposal, forms: ScorecardForms, **state: Any) -> HttpResponse:
    grid, evidence = forms.sources.grid, forms.sources.evidence
    context = {
        "proposal": proposal,
        "scorecard": forms.scorecard,
        "forms": forms,
        "evidence": evidence,
        "may_add_evidence": can_add_evidence(request.user, proposal),
        "keeps_record": can_edit_proposal(request.user, proposal),
        "reading": read_record(proposal, sides=grid.sides, evidence=evidence),
        **state,
    }
    return render(request, "proposals/scorecard_edit.html", context)
