"""A scoring page's form as a browser without JavaScript would send it."""

from proposals.models import Proposal, Scorecard
from proposals.services.grids import load_grid
from rubrics.models import Risk


def post_data(proposal: Proposal, scorecard: Scorecard | None = None, *, value: str = "2", **fields: str) -> dict:
    """Every cell answered by `value` with a reason, the recommendation given; `fields` lays other answers over it."""
    data = {
        "action": "save",
        "opened_at": scorecard.updated_at.isoformat() if scorecard else "",
        "recommendation": "fund",
        "recommendation_reason": "On balance.",
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
    return {"action": "save", "opened_at": scorecard.updated_at.isoformat() if scorecard else "", **fields}
