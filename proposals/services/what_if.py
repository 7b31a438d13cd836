"""A docket under another version of its rubric, for one administrator: what would change. Nothing is written."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.fields.json import KT

from proposals.analysis.carrying import carry_proposal
from proposals.analysis.edits import EditKind, other_edits
from proposals.analysis.switching import BandSwitch, Point, band_switches, points
from proposals.analysis.what_if import Assessed, Comparison, compare, gate_counts, official, outcome, recombined
from proposals.models import Assessment, Docket
from proposals.services.bundles import bundle_document
from proposals.services.index_figures import read_exact
from rubrics.models import RubricVersion
from rubrics.scoring.gates import GateState
from rubrics.scoring.parse import parse_bundle, parse_rubric
from rubrics.scoring.spec import RubricSpec
from rubrics.services.documents import frozen_document
from t2eval.accounts.models import User


class NothingToCompareError(Exception):
    """No proposal of this docket and rubric is assessed, as far as the viewer may know."""


class OtherEditsError(Exception):
    """The target differs in more than section weights, bands and words: only the official method can answer."""

    def __init__(self, edits: tuple[EditKind, ...]) -> None:
        super().__init__(", ".join(edit.value for edit in edits))
        self.edits = edits


@dataclass(frozen=True, slots=True)
class Named:
    """What a what-if tells of a proposal beside its figures."""

    code: str
    title: str

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Keyed by proposal, in the order of entry. `losing` counts those whose judgements have not all a place there."""

    docket: str
    is_sample: bool
    sources: tuple[RubricSpec, ...]
    target: RubricSpec
    named: Mapping[str, Named]
    after: Mapping[str, Assessed]
    comparison: Comparison
    edits: tuple[EditKind, ...]
    losing: int

    def points(self) -> tuple[Point, ...]:
        """The ranked proposals with a value in every section: of these the leader's switching weights are."""
        return points(self.target, {key: found for key, found in self.after.items() if not found.outcome.declined})

    def band_switches(self) -> dict[str, tuple[BandSwitch, ...]]:
        """Of all with a value in every section, the not eligible too: no weight moves these."""
        given = points(self.target, self.after)
        return band_switches(self.target, given, {key: found.outcome.states for key, found in self.after.items()})


@dataclass(frozen=True, slots=True)
class GateWarning:
    """A gate of the draft that would fire on every assessed proposal of a docket, or that passes on all of them."""

    gate: str
    fires_always: bool
    proposals: int


@dataclass(frozen=True, slots=True)
class _Row:
    assessment: UUID
    key: str
    named: Named
    docket: str
    kind: str
    version: RubricVersion
    stored: Assessed


def dockets_to_compare(viewer: User, rubric: str) -> QuerySet[Docket]:
    """The dockets of a rubric, by its key, with a proposal that a what-if may tell the viewer; open ones first."""
    compared = Assessment.objects.compared_for(viewer).current().filter(rubric_version__rubric__key=rubric)
    dockets = Docket.objects.filter(pk__in=compared.values("proposal__docket"))
    return dockets.order_by("-state", F("due_date").asc(nulls_last=True), "title", "pk")


def what_if(*, docket_id: UUID, viewer: User, target: RubricSpec, by_official_method: bool = False) -> WhatIf:
    """Compare the docket's current assessments with what the target makes of them.

    Other section weights and bands are recombined from what is stored; any other edit goes through the official
    method, if that is asked for. Raises NothingToCompareError, OtherEditsError.
    """
    rows, sources = _stored(docket_id, viewer, target)
    found = {kind for source in sources.values() for kind in other_edits(source, target)}
    edits = tuple(kind for kind in EditKind if kind in found)
    if edits and not by_official_method:
        raise OtherEditsError(edits)
    if edits:
        after, losing = _judged_anew(rows, sources, target)
    else:
        after, losing = {row.key: recombined(target, row.stored) for row in rows}, 0
    return WhatIf(
        docket=rows[0].docket,
        is_sample=rows[0].kind == Docket.Kind.SAMPLE,
        sources=tuple(sources.values()),
        target=target,
        named={row.key: row.named for row in rows},
        after=after,
        comparison=compare({row.key: row.stored for row in rows}, after),
        edits=edits,
        losing=losing,
    )


def gate_warnings(*, docket_id: UUID, viewer: User, target: RubricSpec) -> list[GateWarning]:
    """The gates of the target that would fire on every assessed proposal of the docket that the viewer may know of,
    and of those that are new or changed the ones that would pass on all. Set aside counts as firing.
    """
    try:
        found = what_if(docket_id=docket_id, viewer=viewer, target=target, by_official_method=True)
    except NothingToCompareError:
        return []
    known = [gate for source in found.sources for gate in source.gates]
    changed = {gate.key for gate in target.gates if known.count(gate) < len(found.sources)}
    return [
        GateWarning(count.gate, count.fires_always, count.proposals)
        for count in gate_counts(target, found.comparison)
        if count.fires_always or (count.fires_never and count.gate in changed)
    ]


def _stored(docket_id: UUID, viewer: User, target: RubricSpec) -> tuple[list[_Row], dict[RubricVersion, RubricSpec]]:
    """The rows in the order of entry, and the versions that they rest on, of which there is one as a rule.

    One query, which reads of an assessment's documents, large as they are, only the few values needed.
    """
    found = Assessment.objects.compared_for(viewer).current()
    found = found.filter(proposal__docket=docket_id, rubric_version__rubric__key=target.key)
    values = found.order_by("proposal__number", "proposal_id").values_list(
        "rubric_version_id", "rubric_version__state", "pk", "proposal_id",
        "proposal__number", "proposal__title", "proposal__docket__title", "proposal__docket__kind",
        "suggested", KT("exact__index"), KT("exact__sections"), KT("result__gates"),
    )  # fmt: skip
    rows, known = [], dict[str, dict[str, GateState]]()
    versions, sources = dict[UUID, RubricVersion](), dict[RubricVersion, RubricSpec]()
    for version_id, state, pk, proposal, number, title, docket, kind, *figures in values:
        if version_id not in versions:
            versions[version_id] = RubricVersion(pk=version_id, state=state)
            sources[versions[version_id]] = parse_rubric(frozen_document(versions[version_id]))
        version = versions[version_id]
        stored = _assessed(sources[version], known, *figures)
        rows.append(_Row(pk, str(proposal), Named(f"P{number:02d}", title), docket, kind, version, stored))
    if not rows:
        raise NothingToCompareError
    return rows, sources


def _assessed(
    source: RubricSpec,
    known: dict[str, dict[str, GateState]],
    suggested: str,
    index: str | None,
    values: str,
    gates: str,
) -> Assessed:
    """What is stored, as the analysis reads it; `known` keeps what texts of gates said, which many rows share."""
    if gates not in known:
        known[gates] = {key: GateState(gate["state"]) for key, gate in json.loads(gates).items()}
    exact = read_exact(index)
    stored = replace(outcome(source, known[gates], exact), suggested=suggested or None)
    return Assessed({key: read_exact(value) for key, value in json.loads(values).items()}, stored)


def _judged_anew(
    rows: Iterable[_Row], sources: Mapping[RubricVersion, RubricSpec], target: RubricSpec
) -> tuple[dict[str, Assessed], int]:
    """By the official method from the stored inputs, carried over to the target; and how many lose something by it."""
    listed = list(rows)
    documents = Assessment.objects.filter(pk__in=[row.assessment for row in listed])
    inputs = dict(documents.values_list("pk", "inputs"))
    after: dict[str, Assessed] = {}
    losing = 0
    for version, source in sources.items():
        of_version = [row for row in listed if row.version == version]
        held = [{**inputs[row.assessment], "key": row.key} for row in of_version]
        for proposal in parse_bundle(bundle_document(version, held)).proposals:
            carried = carry_proposal(proposal, source, target)
            losing += bool(carried.lost)
            after[proposal.key] = official(target, carried.proposal)
    return {row.key: after[row.key] for row in listed}, losing
