"""What officers should talk about, as the cells of their scorecards: the method's flags on what counts now."""

from dataclasses import dataclass
from typing import Any

from proposals.models import Proposal
from proposals.services.bundles import bundle_document, proposal_document
from proposals.services.grids import cell_key
from rubrics.scoring.assess import assess_proposal
from rubrics.scoring.discussion import FlaggedCell, Reason
from rubrics.scoring.panel import is_level
from rubrics.scoring.parse import parse_bundle
from rubrics.scoring.spec import RubricSpec


@dataclass(frozen=True, slots=True)
class Flags:
    """The flagged cells in the form that a discussion freezes, and how many officers' scorecards they rest on."""

    cells: list[dict[str, Any]]
    officers: int


def load_flags(proposal: Proposal) -> Flags:
    version = proposal.docket.rubric_version
    bundle = parse_bundle(bundle_document(version, [proposal_document(proposal, version)]))
    (judged,) = bundle.proposals
    result = assess_proposal(bundle.rubric, judged)
    return Flags(frozen_cells(bundle.rubric, result.flagged), len(judged.counted()))


def frozen_cells(rubric: RubricSpec, flagged: tuple[FlaggedCell, ...]) -> list[dict[str, Any]]:
    """One entry a cell of a scorecard; the two levels of a risk are one cell, flagged for the reasons of both."""
    found: dict[str, tuple[set[Reason], dict[str, None]]] = {}
    for one in flagged:
        key = one.cell.item if is_level(rubric, one.cell) else cell_key(one.cell.item, one.cell.part)
        reasons, gates = found.setdefault(key, (set(), {}))
        reasons.update(one.reasons)
        gates.update(dict.fromkeys(one.gates))
    return [
        {"cell": key, "reasons": [reason.value for reason in Reason if reason in reasons], "gates": list(gates)}
        for key, (reasons, gates) in found.items()
    ]
