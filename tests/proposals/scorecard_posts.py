"""A scoring page's form as a browser without JavaScript would send it."""

from proposals.models import Proposal, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import Recommendation, version_of
from proposals.services.grids import load_grid
from rubrics.models import Risk


def seen_by(proposal: Proposal, scorecard: Scorecard | None = None) -> dict[str, str]:
    """The versions that a page made from this scorecard sends back; of a page opened before there was one, if None."""
    stored = answers_of(scorecard) if scorecard else {}
    given = (scorecard.recommendation, scorecard.recommendation_reason) if scorecard else ()
    versions = {f"{key}-seen": version_of(stored.get(key)) for key in load_grid(proposal).cells}
    return {**versions, "recommendation_seen": version_of(Recommendation(*given))}


def post_data(proposal: Proposal, scorecard: Scorecard | None = None, *, value: str = "2", **fields: str) -> dict:
    """Every cell answered by `value` with a reason, the recommendation given; `fields` lays other answers over it."""
    data = {
        "action": "save",
        "recommendation": "fund",
        "recommendation_reason": "On balance.",
        **seen_by(proposal, scorecard),
    }
    for key, cell in load_grid(proposal).cells.items():
        data[f"{key}-rationale"] = f"Because of {key}."
        if isinstance(cell.part, Risk):
            data |= {f"{key}-likelihood": "2", f"{key}-consequence": "2"}
        else:
            data |= {f"{key}-answer": value, f"{key}-grade": ""}
    return data | fields


def empty_post(proposal: Proposal, scorecard: Scorecard | None = None, **fields: str) -> dict:
    """An untouched page, with some fields filled in."""
    return {"action": "save", **seen_by(proposal, scorecard), **fields}
