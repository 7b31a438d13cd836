"""How the proposals of a docket stand for one viewer: what they may not see is left out, not hinted at."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.fields.json import KT

from proposals.analysis.ranking import Rank, ranks
from proposals.models import Assessment, Assignment, CalibrationReference, Docket, Memo, Proposal, Scorecard, Side
from proposals.services.index_figures import band_limits, read_exact, written_range
from proposals.services.references import ReferenceFacts, reference_facts
from rubrics.scoring.figures import one_place
from rubrics.services.words import RubricWords, rubric_words
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures of a visible assessment. `rank` is empty where it is not ranked, `index` where there is none."""

    rank: str
    index: str
    range: str
    band: str
    band_title: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class DocketRow:
    proposal: Proposal
    sides: str
    own_state: str
    scorecards_in: str
    standing: Standing | None
    reference: ReferenceFacts | None


@dataclass(frozen=True, slots=True)
class DocketGroup:
    title: str
    rows: list[DocketRow]


@dataclass(frozen=True, slots=True)
class Place:
    """What decides where an assessment comes in the docket's order, and what is written there."""

    proposal_id: UUID
    index: Fraction | None
    low: Fraction | None
    high: Fraction | None
    is_declined: bool
    has_missing: bool
    suggested: str
    is_provisional: bool

    @property
    def has_no_rank_yet(self) -> bool:
        return self.index is None and not self.is_declined


def docket_groups(docket: Docket, user: User) -> list[DocketGroup]:
    """Ranked, not eligible, without an index, not in yet; empty groups left out."""
    places = _places(docket, user)
    ranked = ranks_of(places.values())
    rows = _rows(docket, user, _standings(docket, places.values(), ranked))
    not_eligible = [row for pk, row in rows.items() if pk in places and places[pk].is_declined]
    unranked = [row for pk, row in rows.items() if pk in places and places[pk].has_no_rank_yet]
    groups = [
        DocketGroup("Ranked", [rows[pk] for pk in ranked if pk in rows]),
        DocketGroup("Not eligible: a gate that declines did not pass", not_eligible),
        DocketGroup("Assessed, without an index yet", unranked),
        DocketGroup("Not in yet", [row for pk, row in rows.items() if pk not in places]),
    ]
    return [group for group in groups if group.rows]


def committee_memos(docket: Docket, user: User) -> list[Memo]:
    """What a committee member reads of a docket: its issued memos."""
    memos = Memo.objects.visible_to(user).filter(proposal__docket=docket, state=Memo.State.ISSUED)
    return list(
        memos.select_related("proposal__organizer", "proposal__issue_area")
        .prefetch_related("proposal__sides")
        .order_by("proposal__number")
    )


def _places(docket: Docket, user: User) -> dict[UUID, Place]:
    """In the order of entry."""
    assessments = Assessment.objects.visible_to(user).current().filter(proposal__docket=docket)
    return read_places(assessments.order_by("proposal__number"))


def read_places(rows: QuerySet[Any]) -> dict[UUID, Place]:
    """By proposal, of its last row. Only the few values needed of the results' documents: these are large, and many."""
    found = rows.values_list(
        "proposal_id", KT("exact__index"), KT("exact__index_low"), KT("exact__index_high"),
        F("detail__declined"), F("detail__missing"), "suggested", "is_provisional",
    )  # fmt: skip
    return {
        pk: Place(pk, read_exact(index), read_exact(low), read_exact(high), declined, bool(missing), suggested, open_)
        for pk, index, low, high, declined, missing, suggested, open_ in found
    }


def ranks_of(places: Iterable[Place]) -> dict[UUID, Rank]:
    """Of those that are ranked, the best first."""
    return ranks({p.proposal_id: p.index for p in places if p.index is not None and not p.is_declined})


def _standings(docket: Docket, places: Iterable[Place], ranked: Mapping[UUID, Rank]) -> dict[UUID, Standing]:
    words = rubric_words(docket.rubric_version)
    limits = band_limits(words)

    def standing(place: Place) -> Standing:
        low, high = one_place(place.low, limits), one_place(place.high, limits)
        return Standing(
            rank=str(ranked.get(place.proposal_id, "")),
            index=one_place(place.index, limits),
            range=written_range(low, high, has_missing=place.has_missing),
            band=place.suggested,
            band_title=words.band(place.suggested),
            is_provisional=place.is_provisional,
        )

    return {place.proposal_id: standing(place) for place in places}


def _rows(docket: Docket, user: User, standings: dict[UUID, Standing]) -> dict[UUID, DocketRow]:
    """All that the user may see of the docket, in the order of entry."""
    shown = ("docket_id", "number", "title", "amount", "organizer__name", "issue_area__title")
    visible = Proposal.objects.visible_to(user).filter(docket=docket)
    proposals = visible.select_related("organizer", "issue_area").only(*shown).order_by("number")
    sides, states, submitted = _sides(docket, user), *_scorecards(docket, user)
    references = _references(docket, user, rubric_words(docket.rubric_version))
    return {
        proposal.pk: DocketRow(
            proposal=proposal,
            sides=", ".join(sides.get(proposal.pk, ())),
            own_state=states.get(proposal.pk, ""),
            scorecards_in=submitted.get(proposal.pk, "0 of 0") if user.has_role(Role.CHAIR) else "",
            standing=standings.get(proposal.pk),
            reference=references.get(proposal.pk),
        )
        for proposal in proposals
    }


def _sides(docket: Docket, user: User) -> dict[UUID, list[str]]:
    sides = Side.objects.filter(proposal__in=Proposal.objects.visible_to(user).filter(docket=docket))
    names: dict[UUID, list[str]] = {}
    for proposal, name in sides.order_by("proposal_id", "position").values_list("proposal_id", "name"):
        names.setdefault(proposal, []).append(name)
    return names


def _scorecards(docket: Docket, user: User) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """The state of the user's own latest scorecard; and, for chairs, how many officers have submitted."""
    of_docket = {"proposal__docket": docket}
    cards = Scorecard.objects.visible_to(user).filter(**of_docket, rubric_version=docket.rubric_version_id)
    cards = cards.exclude(round=Scorecard.Round.PRACTICE)
    assigned = Assignment.objects.visible_to(user).filter(**of_docket)
    if not user.has_role(Role.CHAIR):
        cards, assigned = cards.filter(officer=user), assigned.filter(officer=user)
    due = list(assigned.values_list("proposal_id", "officer_id"))
    states = {proposal: "Not started" for proposal, officer in due if officer == user.pk}
    submitted: set[tuple[UUID, UUID]] = set()
    for proposal, officer, state in cards.order_by("round").values_list("proposal_id", "officer_id", "state"):
        if officer == user.pk:
            states[proposal] = Scorecard.State(state).label
        if state == Scorecard.State.SUBMITTED:
            submitted.add((proposal, officer))
    done, of = Counter(proposal for proposal, _ in submitted), Counter(proposal for proposal, _ in due)
    return states, {proposal: f"{done[proposal]} of {of[proposal]}" for proposal in done | of}


def _references(docket: Docket, user: User, words: RubricWords) -> dict[UUID, ReferenceFacts]:
    """Only documented cases have them."""
    if docket.kind != Docket.Kind.CALIBRATION:
        return {}
    references = CalibrationReference.objects.visible_to(user).filter(proposal__docket=docket)
    return {reference.proposal_id: reference_facts(reference, words) for reference in references}
