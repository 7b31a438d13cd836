"""Round 2: the flagged cells of a discussion, scored again."""

from proposals.models import Discussion, Scorecard


def open_cells(scorecard: Scorecard) -> frozenset[str] | None:
    """The cells that this scorecard may still change; None for all of them."""
    if scorecard.round != Scorecard.Round.DISCUSSED:
        return None
    discussion = Discussion.objects.filter(
        proposal=scorecard.proposal_id, rubric_version=scorecard.rubric_version_id, closed_at__isnull=True
    ).first()
    return frozenset(one["cell"] for one in discussion.cells) if discussion else frozenset()
