"""An assessment once more, under a newer version of its rubric: a result beside the official one.

The official assessment, the docket's order and the memos stay on the version that the docket is pinned to.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from proposals.analysis.carrying import Carried, carry_proposal
from proposals.models import Assessment, Docket, Proposal, Reassessment
from proposals.models.assessment import AssessmentQuerySet
from proposals.permissions import can_keep_dockets, can_reassess
from proposals.services.assessing import METHOD_VERSION, result_fields
from proposals.services.bundles import bundle_document
from proposals.services.locking import locked_docket, locked_proposal, refuse_calibration
from proposals.services.refusals import NotAllowedError
from rubrics.models import RubricVersion
from rubrics.scoring.dump import proposal_document
from rubrics.scoring.parse import parse_bundle, parse_rubric
from rubrics.services.documents import frozen_document
from t2eval.accounts.models import User
from t2eval.audit.services import record

CHAIRS_ONLY = "Chairs re-assess proposals, once no scorecard of their own is owed."


class NotNewerVersionError(Exception):
    """Only a published version of the same rubric, newer than the one that the docket rests on, can be taken."""


class NothingToReassessError(Exception):
    """There is no current assessment yet that could be made again."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A current assessment as a newer version reads it: nothing of this is stored yet."""

    assessment: Assessment
    carried: Carried


def newer_versions(docket: Docket) -> list[RubricVersion]:
    """What its proposals can be re-assessed under, the newest first."""
    pinned = docket.rubric_version
    versions = RubricVersion.objects.filter(rubric=pinned.rubric_id, number__gt=pinned.number)
    return list(versions.exclude(state=RubricVersion.State.DRAFT).order_by("-number"))


def carry_assessments(assessments: Iterable[Assessment], version: RubricVersion) -> list[Passage]:
    """Carry the stored inputs of assessments from the versions they were made under to another one."""
    target = parse_rubric(frozen_document(version))
    of_version: dict[RubricVersion, list[Assessment]] = {}
    for assessment in assessments:
        of_version.setdefault(assessment.rubric_version, []).append(assessment)
    passages: list[Passage] = []
    for source, made in of_version.items():
        bundle = parse_bundle(bundle_document(source, [assessment.inputs for assessment in made]))
        passages += [
            Passage(assessment, carry_proposal(proposal, bundle.rubric, target))
            for assessment, proposal in zip(made, bundle.proposals, strict=True)
        ]
    return passages


@transaction.atomic
def reassess_proposal(
    *, proposal: Proposal, version: RubricVersion, reason: str, by: User, at: dt.datetime
) -> Reassessment:
    """Store what the current assessment comes to under a newer version. Asked again, the same row comes back.

    Raises NotAllowedError, NotNewerVersionError, NothingToReassessError.
    """
    proposal = locked_proposal(proposal.pk, by=by, must_be_open=False)
    refuse_calibration(proposal)
    if not can_reassess(by, proposal):
        raise NotAllowedError(CHAIRS_ONLY)
    _require_newer(version, proposal.docket)
    current = (
        Assessment.objects.current().select_related("proposal", "rubric_version").filter(proposal=proposal).first()
    )
    if current is None:
        raise NothingToReassessError("This proposal has no assessment yet.")
    (made,) = _make([current], version, reason=reason, by=by, at=at)
    return made


@transaction.atomic
def reassess_docket(
    *, docket: Docket, version: RubricVersion, reason: str, by: User, at: dt.datetime
) -> list[Reassessment]:
    """Re-assess every proposal of the docket that the chair may judge and that has an assessment, in one go.

    Raises NotAllowedError, NotNewerVersionError, NothingToReassessError.
    """
    docket = locked_docket(docket.pk)
    if not can_keep_dockets(by):
        raise NotAllowedError(CHAIRS_ONLY)
    _require_newer(version, docket)
    seen = reassessable(docket, by).select_related("proposal", "rubric_version").order_by("proposal__number")
    assessments = list(seen)
    if docket.kind == Docket.Kind.CALIBRATION or not assessments:
        raise NothingToReassessError("No proposal of this docket that you may judge has an assessment to make again.")
    held = Proposal.objects.select_for_update(of=("self",)).filter(pk__in=[one.proposal_id for one in assessments])
    list(held.order_by("pk").values_list("pk"))
    return _make(assessments, version, reason=reason, by=by, at=at)


def reassessable(docket: Docket, user: User) -> AssessmentQuerySet:
    """The current assessments of the docket that the user may see."""
    return Assessment.objects.visible_to(user).current().filter(proposal__docket=docket)


def _require_newer(version: RubricVersion, docket: Docket) -> None:
    if version not in newer_versions(docket):
        raise NotNewerVersionError(
            f"{version} is not a published version that is newer than version {docket.rubric_version.number},"
            " on which this docket rests."
        )


def _make(
    assessments: list[Assessment], version: RubricVersion, *, reason: str, by: User, at: dt.datetime
) -> list[Reassessment]:
    """One for each assessment, in their order: the row that there is, or else a new one."""
    known = Reassessment.objects.filter(rubric_version=version, method_version=METHOD_VERSION)
    made = {row.assessment_id: row for row in known.filter(assessment__in=assessments)}
    for passage in carry_assessments((one for one in assessments if one.pk not in made), version):
        made[passage.assessment.pk] = _store(passage, version, reason=reason, by=by, at=at)
    return [made[assessment.pk] for assessment in assessments]


def _store(passage: Passage, version: RubricVersion, *, reason: str, by: User, at: dt.datetime) -> Reassessment:
    assessment = passage.assessment
    document = proposal_document(parse_rubric(frozen_document(version)), passage.carried.proposal)
    made = Reassessment.objects.create(
        proposal=assessment.proposal,
        assessment=assessment,
        rubric_version=version,
        method_version=METHOD_VERSION,
        without_counterpart=named(passage.carried),
        reason=reason,
        created_at=at,
        created_by=by,
        **result_fields(bundle_document(version, [document])),
    )
    record("assessment.remade", by=by, at=at, target=made, proposal_id=assessment.proposal_id, version=version.number)
    return made


def named(carried: Carried) -> dict[str, Any]:
    """What has no counterpart, and what only the newer version asks, as JSON holds it."""
    return {
        "lost": [
            {
                "kind": lost.kind.value,
                "key": lost.key,
                "part": lost.part,
                "reason": lost.reason.value,
                "officer": lost.officer,
                "round": lost.round,
            }
            for lost in carried.lost
        ],
        "unanswered": [{"item": cell.item, "part": cell.part} for cell in carried.unanswered],
        "open_facts": list(carried.open_facts),
    }
