"""What the chair decides beside the scores: checks of sufficiency, and gates set aside.

Also after the docket is closed to scoring, until the committee meets; never for the calibration cases.
"""

import datetime as dt

from django.db import transaction

from proposals.models import Check, GateOverride, Proposal
from proposals.permissions import can_decide_gates
from proposals.services.assessing import assess_proposal
from proposals.services.locking import locked_proposal, refuse_calibration
from proposals.services.refusals import NotAllowedError
from rubrics.services.documents import frozen_document
from rubrics.services.words import check_keys
from t2eval.accounts.models import User
from t2eval.audit.services import record


class UnknownCheckError(Exception):
    """No gate of the docket's rubric version looks at this check."""


class GateNotOpenError(Exception):
    """Only a gate that failed or is unknown can be set aside, and only once."""


class NoOverrideError(Exception):
    """There is nothing to withdraw: the gate is not set aside."""


def _locked_for(proposal: Proposal, by: User) -> Proposal:
    proposal = locked_proposal(proposal.pk, by=by, must_be_open=False)
    refuse_calibration(proposal)
    if not can_decide_gates(by, proposal):
        raise NotAllowedError("Checks and gates are the chair's to decide.")
    return proposal


@transaction.atomic
def set_check(*, proposal: Proposal, key: str, status: str, note: str, by: User, at: dt.datetime) -> Check | None:
    """Answer a check, or clear the answer with an empty status; then assess again."""
    proposal = _locked_for(proposal, by)
    if key not in check_keys(frozen_document(proposal.docket.rubric_version)):
        raise UnknownCheckError(f"No gate of {proposal.docket.rubric_version} looks at the check {key!r}.")
    check = None
    if status:
        check, _ = Check.objects.update_or_create(
            proposal=proposal, key=key, defaults={"status": status, "note": note, "set_by": by, "set_at": at}
        )
    else:
        proposal.checks.filter(key=key).delete()
    record("check.set", by=by, at=at, target=proposal, proposal_id=proposal.pk, key=key, status=status)
    assess_proposal(proposal=proposal, by=by, at=at)
    return check


@transaction.atomic
def override_gate(*, proposal: Proposal, gate: str, reason: str, by: User, at: dt.datetime) -> GateOverride:
    """Set aside a gate that failed or is unknown; the reason is printed on page 1 of every later memo."""
    proposal = _locked_for(proposal, by)
    assessment = proposal.assessments.filter(is_current=True).first()
    state = assessment.result["gates"].get(gate, {}).get("state") if assessment else None
    if state not in ("fail", "unknown"):
        raise GateNotOpenError("Only a gate that failed or is unknown can be set aside; this one is neither.")
    override = GateOverride.objects.create(proposal=proposal, gate=gate, reason=reason, by=by, at=at)
    record("gate.overridden", by=by, at=at, target=proposal, proposal_id=proposal.pk, gate=gate)
    assess_proposal(proposal=proposal, by=by, at=at)
    return override


@transaction.atomic
def withdraw_override(*, proposal: Proposal, gate: str, by: User, at: dt.datetime) -> None:
    """Put a gate that was set aside back in force."""
    proposal = _locked_for(proposal, by)
    changed = proposal.gate_overrides.filter(gate=gate, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=by
    )
    if not changed:
        raise NoOverrideError("This gate is not set aside.")
    record("gate.override_withdrawn", by=by, at=at, target=proposal, proposal_id=proposal.pk, gate=gate)
    assess_proposal(proposal=proposal, by=by, at=at)
