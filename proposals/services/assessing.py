"""From scorecards to a stored assessment."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from proposals.models import Assessment, Proposal
from proposals.models.access import barred_proposal_ids
from proposals.services.bundles import bundle_document, proposal_document
from rubrics.models import RubricVersion
from rubrics.scoring.assess import assess_proposal as assess
from rubrics.scoring.output import detail_json, exact_json, to_json
from rubrics.scoring.parse import parse_bundle
from t2eval.accounts.models import User
from t2eval.audit.services import record

METHOD_VERSION = "1"


@transaction.atomic
def assess_proposal(*, proposal: Proposal, by: User | None, at: dt.datetime) -> Assessment | None:
    """Assess the proposal under its docket's rubric version, and store the result where its inputs, the rubric
    version or the method have changed.

    Call it in the transaction of whatever changed an input. None where nothing counts and nothing was assessed before.
    """
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("docket__rubric_version", "issue_area")
    proposal = locked.get(pk=proposal.pk)
    version = proposal.docket.rubric_version
    inputs = proposal_document(proposal, version)
    current = proposal.assessments.filter(is_current=True).first()
    if current is None and not inputs["scorecards"] and "consensus" not in inputs:
        return None
    if current is not None and _stands(current, version, inputs):
        return current
    proposal.assessments.filter(is_current=True).update(is_current=False)
    assessment = Assessment.objects.create(
        proposal=proposal,
        rubric_version=version,
        method_version=METHOD_VERSION,
        created_at=at,
        created_by=by,
        **result_fields(bundle_document(version, [inputs])),
    )
    record("assessment.made", by=by, at=at, target=assessment, proposal_id=proposal.pk)
    return assessment


def assess_all(proposals: Iterable[Proposal], *, by: User, at: dt.datetime) -> None:
    """Assess again after a change to what several proposals share.

    Whoever is barred from one of them has no part in its assessment: the author of that is the system.
    """
    barred = set(barred_proposal_ids(by))
    for proposal in proposals:
        assess_proposal(proposal=proposal, by=None if proposal.pk in barred else by, at=at)


def _stands(current: Assessment, version: RubricVersion, inputs: dict[str, Any]) -> bool:
    """Whether the same rubric version and the same method would assess the same inputs."""
    same_rules = current.rubric_version_id == version.pk and current.method_version == METHOD_VERSION
    return same_rules and current.inputs == inputs


def result_fields(bundle: dict[str, Any]) -> dict[str, Any]:
    """What is stored of the method's result on the one proposal of a bundle, as fields of a `MethodResult`."""
    parsed = parse_bundle(bundle)
    result = assess(parsed.rubric, parsed.proposals[0])
    return {
        "inputs": bundle["proposals"][0],
        "result": to_json(result),
        "detail": detail_json(result),
        "exact": exact_json(result),
        "suggested": result.suggested or "",
        "is_provisional": result.provisional,
    }
