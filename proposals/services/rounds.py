"""The two rounds of scoring: an officer's scorecards, and what of one may still change."""

from proposals.models import Discussion, Proposal, Scorecard
from t2eval.accounts.models import User


def discussion_of(proposal: Proposal) -> Discussion | None:
    """Round 2 on a proposal, open or closed, under the rubric version that its docket is pinned to."""
    return Discussion.objects.filter(proposal=proposal, rubric_version=proposal.docket.rubric_version_id).first()


def cells_of(discussion: Discussion) -> frozenset[str]:
    return frozenset(frozen["cell"] for frozen in discussion.cells)


def open_cells(scorecard: Scorecard) -> frozenset[str] | None:
    """The cells that may change as far as rounds go; None stands for all of them.

    In round 2 those under discussion, and none once the chair has closed it. Look only after locking the proposal.
    """
    if scorecard.round != Scorecard.Round.DISCUSSED:
        return None
    discussions = Discussion.objects.filter(proposal=scorecard.proposal_id, rubric_version=scorecard.rubric_version_id)
    discussion = discussions.filter(closed_at__isnull=True).first()
    return cells_of(discussion) if discussion else frozenset()


def is_over(scorecard: Scorecard) -> bool:
    """A draft of round 2 that the chair closed meanwhile: what was said in round 1 stands."""
    return not scorecard.is_submitted and open_cells(scorecard) == frozenset()


def own_scorecards(proposal: Proposal, officer: User) -> dict[int, Scorecard]:
    """An officer's scorecards by round, under the docket's rubric version."""
    own = Scorecard.objects.filter(proposal=proposal, officer=officer, rubric_version=proposal.docket.rubric_version_id)
    return {card.round: card for card in own.exclude(round=Scorecard.Round.PRACTICE).order_by("round")}
