from proposals.models.assessment import Assessment, Check, GateOverride
from proposals.models.cell_change import CellChange
from proposals.models.conflict import ConflictDeclaration
from proposals.models.discussion import Discussion
from proposals.models.docket import Assignment, Docket, IssueArea
from proposals.models.evidence import Evidence, Grade
from proposals.models.memo import Memo, MemoCondition, MemoJob, MemoPrediction, MemoWords
from proposals.models.organizer import EarlierGrant, Organizer, PastConvening
from proposals.models.proposal import Proposal, ProposalRevision
from proposals.models.reassessment import Reassessment
from proposals.models.record import (
    AgendaItem,
    BudgetLine,
    CalibrationReference,
    CoFunder,
    Meeting,
    Participant,
    PathwayCard,
    PlannedMitigation,
    Side,
    TransferMechanism,
)
from proposals.models.scorecard import Answer, Consensus, MitigationScore, RiskScore, Score, Scorecard

__all__ = [
    "AgendaItem",
    "Answer",
    "Assessment",
    "Assignment",
    "BudgetLine",
    "CalibrationReference",
    "CellChange",
    "Check",
    "CoFunder",
    "ConflictDeclaration",
    "Consensus",
    "Discussion",
    "Docket",
    "EarlierGrant",
    "Evidence",
    "GateOverride",
    "Grade",
    "IssueArea",
    "Meeting",
    "Memo",
    "MemoCondition",
    "MemoJob",
    "MemoPrediction",
    "MemoWords",
    "MitigationScore",
    "Organizer",
    "Participant",
    "PastConvening",
    "PathwayCard",
    "PlannedMitigation",
    "Proposal",
    "ProposalRevision",
    "Reassessment",
    "RiskScore",
    "Score",
    "Scorecard",
    "Side",
    "TransferMechanism",
]
