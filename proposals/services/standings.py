"""How the proposals of a docket stand for one viewer: what they may not see is left out, not hinted at."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from proposals.models import Assessment, Assignment, CalibrationReference, Docket, Memo, Proposal, Scorecard
from proposals.services.index_figures import IndexFigures, band_limits, read_exact
from proposals.services.references import ReferenceFacts, reference_facts
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
    own_state: str
    scorecards_in: str
    standing: Standing | None
    reference: ReferenceFacts | None
    memo: Memo | None


@dataclass(frozen=True, slots=True)
class DocketGroup:
    title: str
    rows: list[DocketRow]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an assessment comes in the docket's order."""

    assessment: Assessment
    index: Fraction | None
    is_declined: bool

    @property
    def is_ranked(self) -> bool:
        return self.index is not None and not self.is_declined

    @property
    def has_no_rank_yet(self) -> bool:
        return self.index is None and not self.is_declined


def docket_groups(docket: Docket, user: User) -> list[DocketGroup]:
    """Ranked, not eligible, without an index, not in yet; empty groups left out."""
    proposals = list(
        Proposal.objects.visible_to(user)
        .filter(docket=docket)
        .select_related("organizer", "issue_area", "docket")
        .prefetch_related("sides")
        .order_by("number")
    )
    places = _places(docket, user)
    rows = _rows(docket, user, proposals, _standings(docket, places.values()))
    by_index = sorted(places.values(), key=lambda place: place.index or Fraction(-1), reverse=True)
    ranked = [rows[place.assessment.proposal_id] for place in by_index if place.is_ranked]
    not_eligible = [row for pk, row in rows.items() if pk in places and places[pk].is_declined]
    unranked = [row for pk, row in rows.items() if pk in places and places[pk].has_no_rank_yet]
    groups = [
        DocketGroup("Ranked", ranked),
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
    assessments = Assessment.objects.visible_to(user).current().filter(proposal__docket=docket)
    return {row.proposal_id: _place(row) for row in assessments.order_by("proposal__number")}


def _place(assessment: Assessment) -> Place:
    return Place(assessment, read_exact(assessment.exact["index"]), is_declined=assessment.detail["declined"])


def _standings(docket: Docket, places: Iterable[Place]) -> dict[UUID, Standing]:
    places = list(places)
    ranked = [place.index for place in places if place.index is not None and place.is_ranked]
    words = rubric_words(docket.rubric_version)
    return {place.assessment.proposal_id: _standing(place, ranked, words) for place in places}


def _standing(place: Place, ranked: list[Fraction], words: RubricWords) -> Standing:
    assessment, suggested = place.assessment, place.assessment.suggested
    figures = IndexFigures(assessment, band_limits(words))
    rank = ""
    if place.index is not None and place.is_ranked:
        rank = str(1 + sum(other > place.index for other in ranked)) + ("=" if ranked.count(place.index) > 1 else "")
    return Standing(
        rank=rank,
        index=figures.index,
        range=figures.range,
        band=suggested,
        band_title=words.band(suggested),
        is_provisional=assessment.is_provisional,
    )


def _rows(
    docket: Docket, user: User, proposals: list[Proposal], standings: dict[UUID, Standing]
) -> dict[UUID, DocketRow]:
    cards = list(
        Scorecard.objects.visible_to(user)
        .filter(proposal__docket=docket, rubric_version=docket.rubric_version_id)
        .exclude(round=Scorecard.Round.PRACTICE)
    )
    assigned = list(Assignment.objects.visible_to(user).filter(proposal__docket=docket))
    references = CalibrationReference.objects.visible_to(user).filter(proposal__docket=docket)
    words = rubric_words(docket.rubric_version)
    by_proposal = {reference.proposal_id: reference_facts(reference, words) for reference in references}
    memos = Memo.objects.visible_to(user).filter(proposal__docket=docket, state=Memo.State.ISSUED)
    issued = {memo.proposal_id: memo for memo in memos}
    is_chair = user.has_role(Role.CHAIR)
    return {
        proposal.pk: DocketRow(
            proposal=proposal,
            own_state=_own_state(proposal, user, cards, assigned),
            scorecards_in=_scorecards_in(proposal, cards, assigned) if is_chair else "",
            standing=standings.get(proposal.pk),
            reference=by_proposal.get(proposal.pk),
            memo=issued.get(proposal.pk),
        )
        for proposal in proposals
    }


def _own_state(proposal: Proposal, user: User, cards: list[Scorecard], assigned: list[Assignment]) -> str:
    own = [card for card in cards if card.proposal_id == proposal.pk and card.officer_id == user.pk]
    if own:
        return max(own, key=lambda card: card.round).get_state_display()
    is_assigned = any(row.proposal_id == proposal.pk and row.officer_id == user.pk for row in assigned)
    return "Not started" if is_assigned else ""


def _scorecards_in(proposal: Proposal, cards: list[Scorecard], assigned: list[Assignment]) -> str:
    submitted = {card.officer_id for card in cards if card.proposal_id == proposal.pk and card.is_submitted}
    return f"{len(submitted)} of {sum(row.proposal_id == proposal.pk for row in assigned)}"
