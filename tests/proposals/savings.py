"""Saves for tests of scorecards: by default as somebody does who saw what is stored."""

from functools import partial

from proposals.models import Answer, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import EMPTY, CellAnswer, Recommendation, version_of
from proposals.services.grids import load_grid
from proposals.services.saving import Proposed, ProposedRecommendation, Saved, save_cells
from rubrics.models import Risk
from tests.factories import NOW

SCORED = partial(CellAnswer, Answer.SCORED)
UNKNOWN = CellAnswer(Answer.NOT_ENOUGH_INFORMATION)


def save(proposal, officer, cells=None, *, seen=None, band=None, reason="", **facts) -> Saved:
    """`seen` has the versions that the writer saw, where that is not what is stored."""
    card = Scorecard.objects.filter(proposal=proposal, officer=officer).order_by("-round").first()
    stored = answers_of(card) if card else {}
    versions = {key: version_of(said) for key, said in stored.items()} | (seen or {})
    recommendation = None
    if band is not None:
        now = Recommendation(card.recommendation, card.recommendation_reason) if card else Recommendation()
        recommendation = ProposedRecommendation(Recommendation(band, reason), versions.get("", version_of(now)))
    return save_cells(
        proposal_id=proposal.pk,
        officer=officer,
        cells={key: Proposed(said, versions.get(key, EMPTY)) for key, said in (cells or {}).items()},
        recommendation=recommendation,
        **{"by": officer, "at": NOW, **facts},
    )


def full_cells(proposal, value=2, rationale="Seen in the agenda."):
    levels = SCORED(likelihood=value, consequence=3, rationale=rationale)
    score = SCORED(value=value, grade=1, rationale=rationale)
    cells = load_grid(proposal).cells
    return {key: levels if isinstance(cell.part, Risk) else score for key, cell in cells.items()}
