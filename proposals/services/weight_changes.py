"""Whether a rubric got other numbers after scores were given: what memos print, and what publishing warns of."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Min, Q

from proposals.memos.figures import day, listed
from proposals.models import Assessment, Docket, Scorecard
from proposals.models.blinding import compared_proposals
from rubrics.models import Rubric, RubricVersion
from rubrics.scoring.parse import parse_rubric
from rubrics.scoring.spec import ResidualRiskSection, RubricSpec, SectionSpec
from rubrics.services.documents import frozen_document
from t2eval.accounts.models import User


@dataclass(frozen=True, slots=True)
class WeightChange:
    """A version with other numbers, and the day on which it was published."""

    version: int
    published_at: dt.datetime


@dataclass(frozen=True, slots=True)
class WeightChanges:
    """What was published after the docket's first score, other than the version that the docket rests on."""

    pinned: int
    first_score_at: dt.datetime | None
    changes: tuple[WeightChange, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.changes)

    def told(self, what: str) -> str:
        """As memos print it: "no", or "yes" with versions and days, and what `what` rests on."""
        if self.first_score_at is None or not self.is_changed:
            return "no"
        published = [
            f"version {one.version} {'on' if place else 'was published on'} {_day(one.published_at)}"
            for place, one in enumerate(self.changes)
        ]
        first = _day(self.first_score_at)
        return f"yes: {listed(published)}, after the first score of {first}; {what} rests on version {self.pinned}"


@dataclass(frozen=True, slots=True)
class Stays:
    """How much stays on the versions of a rubric that there are, when another one is published."""

    draft_scorecards: int
    submitted_scorecards: int
    assessments: int


def weight_changes(docket: Docket) -> WeightChanges:
    """Versions of the docket's rubric with other numbers that were published after its first scorecard was handed in.

    Words count for nothing, nor does the order of sections, criteria, gates and bands.
    """
    pinned = docket.rubric_version
    submitted = Scorecard.objects.filter(proposal__docket=docket, state=Scorecard.State.SUBMITTED)
    counted = submitted.exclude(round=Scorecard.Round.PRACTICE)
    first = counted.aggregate(first=Min("submitted_at"))["first"]
    if first is None:
        return WeightChanges(pinned.number, None, ())
    later = RubricVersion.objects.filter(rubric=pinned.rubric_id, published_at__gt=first).exclude(pk=pinned.pk)
    changes = tuple(
        WeightChange(version.number, version.published_at)
        for version in later.order_by("number")
        if version.published_at is not None and _numbers(version) != _numbers(pinned)
    )
    return WeightChanges(pinned.number, first, changes)


def dockets_with_scores(rubric: Rubric, viewer: User) -> list[tuple[Docket, dt.datetime]]:
    """The dockets that rest on the rubric and in which a scorecard was handed in, with the moment of the first one.

    The calibration docket is among them. Proposals that are shut to the administrator tell nothing here either.
    """
    handed_in = Q(proposals__in=compared_proposals(viewer), proposals__scorecards__state=Scorecard.State.SUBMITTED)
    practice = Q(proposals__scorecards__round=Scorecard.Round.PRACTICE)
    first = Min("proposals__scorecards__submitted_at", filter=handed_in & ~practice)
    dockets = Docket.objects.filter(rubric_version__rubric=rubric).annotate(first_score_at=first)
    scored = dockets.filter(first_score_at__isnull=False).select_related("rubric_version")
    rows: Iterable[Any] = scored.order_by("first_score_at", "title")
    return [(docket, docket.first_score_at) for docket in rows]


def what_stays(rubric: Rubric, viewer: User) -> Stays:
    """Scorecards, practice apart, and current assessments under the versions that the rubric has; those of proposals
    that are shut to the administrator are not counted.
    """
    told = {"rubric_version__rubric": rubric, "proposal__in": compared_proposals(viewer)}
    cards = Scorecard.objects.filter(**told).exclude(round=Scorecard.Round.PRACTICE)
    counts = cards.aggregate(
        drafts=Count("pk", filter=Q(state=Scorecard.State.DRAFT)),
        submitted=Count("pk", filter=Q(state=Scorecard.State.SUBMITTED)),
    )
    assessments = Assessment.objects.current().filter(**told).count()
    return Stays(counts["drafts"], counts["submitted"], assessments)


def _numbers(version: RubricVersion) -> RubricSpec:
    """All that a result follows from, in an order of its own, so that two versions are equal when they judge alike."""
    spec = parse_rubric(frozen_document(version))
    return replace(
        spec,
        version=0,
        sections=tuple(sorted(map(_sorted, spec.sections), key=lambda section: section.key)),
        gates=tuple(
            sorted(
                (replace(gate, when=tuple(sorted(gate.when, key=repr))) for gate in spec.gates),
                key=lambda gate: gate.key,
            )
        ),
        bands=tuple(sorted(spec.bands, key=lambda band: band.key)),
    )


def _sorted(section: SectionSpec) -> SectionSpec:
    if isinstance(section, ResidualRiskSection):
        risks = tuple(sorted(section.risks, key=lambda risk: risk.key))
        paired = (
            replace(one, reduces={risk: share for risk, share in one.reduces.items() if share})
            for one in section.mitigations
        )
        return replace(section, risks=risks, mitigations=tuple(sorted(paired, key=lambda one: one.key)))
    return replace(section, criteria=tuple(sorted(section.criteria, key=lambda one: one.key)))


def _day(moment: dt.datetime) -> str:
    return day(moment.astimezone(dt.UTC).date())
