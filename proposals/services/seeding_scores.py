"""Scorecards, consensus and overrides of a data file."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from proposals.models import (
    Answer,
    Consensus,
    Evidence,
    GateOverride,
    MitigationScore,
    Proposal,
    RiskScore,
    Score,
    Scorecard,
    Side,
)
from rubrics.models import Criterion, Mitigation, Risk, RubricVersion
from t2eval.accounts.models import User


@dataclass
class ScoreSeeder:
    proposal: Proposal
    version: RubricVersion
    users: dict[str, User]
    at: dt.datetime
    evidence: dict[str, Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.criteria = {item.key: item for item in Criterion.objects.filter(section__version=self.version)}
        self.mitigations = {item.key: item for item in Mitigation.objects.filter(section__version=self.version)}
        self.risks = {item.key: item for item in Risk.objects.filter(section__version=self.version)}
        self.sides = {side.key: side for side in self.proposal.sides.all()}

    def all(self, data: dict[str, Any]) -> None:
        for place, row in enumerate(data["scorecards"]):
            self.scorecard(row, begun=self.at + dt.timedelta(microseconds=place))
        for row in data.get("consensus", []):
            self.consensus(row)
        for row in data.get("overrides", []):
            GateOverride.objects.create(proposal=self.proposal, by=self.users["chair"], at=self.at, **row)

    def scorecard(self, row: dict[str, Any], *, begun: dt.datetime) -> None:
        scorecard = Scorecard.objects.create(
            proposal=self.proposal,
            officer=self.users[row["officer"]],
            rubric_version=self.version,
            round=row.get("round", 1),
            proposal_revision=self.proposal.revision,
            recommendation=row.get("recommendation", ""),
            recommendation_reason=row.get("recommendation_reason", ""),
            created_at=begun,
            updated_at=self.at,
        )
        self.cells(scorecard, row)
        if row.get("state", Scorecard.State.SUBMITTED) == Scorecard.State.SUBMITTED:
            scorecard.state, scorecard.submitted_at = Scorecard.State.SUBMITTED, self.at
            scorecard.save(update_fields=["state", "submitted_at"])

    def cells(self, scorecard: Scorecard, row: dict[str, Any]) -> None:
        for key, answer in row["scores"].items():
            criterion = self.criteria[key]
            for side, cell in answer.items() if criterion.per_side else [(None, answer)]:
                self.score(scorecard, criterion, self.sides[side] if side else None, cell)
        for key, cell in row["mitigations"].items():
            self.mitigation(scorecard, self.mitigations[key], cell)
        for key, cell in row["risks"].items():
            self.risk(scorecard, self.risks[key], cell)

    def answer(self, cell: Any) -> dict[str, Any]:
        if isinstance(cell, str):
            return {"answer": cell, "updated_at": self.at}
        return {
            "answer": Answer.SCORED,
            "value": cell["score"],
            "grade": int(cell["evidence"][1:]),
            "rationale": cell.get("rationale", ""),
            "updated_at": self.at,
        }

    def cite(self, row: Score | MitigationScore | RiskScore, cell: Any) -> None:
        if isinstance(cell, dict):
            row.citations.set(self.evidence[key] for key in cell.get("cites", []))

    def score(self, scorecard: Scorecard, criterion: Criterion, side: Side | None, cell: Any) -> None:
        row = Score.objects.create(scorecard=scorecard, criterion=criterion, side=side, **self.answer(cell))
        self.cite(row, cell)

    def mitigation(self, scorecard: Scorecard, mitigation: Mitigation, cell: Any) -> None:
        row = MitigationScore.objects.create(scorecard=scorecard, mitigation=mitigation, **self.answer(cell))
        self.cite(row, cell)

    def risk(self, scorecard: Scorecard, risk: Risk, cell: Any) -> None:
        levels = cell if isinstance(cell, dict) else {}
        known = {name: levels[name] for name in ("probability", "loss") if isinstance(levels.get(name), int)}
        row = RiskScore.objects.create(
            scorecard=scorecard,
            risk=risk,
            likelihood=known.get("probability"),
            consequence=known.get("loss"),
            rationale=levels.get("rationale", ""),
            updated_at=self.at,
        )
        self.cite(row, cell)

    def consensus(self, row: dict[str, Any]) -> None:
        grade = row.get("evidence")
        Consensus.objects.create(
            proposal=self.proposal,
            rubric_version=self.version,
            criterion=self.criteria.get(row.get("criterion", "")),
            mitigation=self.mitigations.get(row.get("mitigation", "")),
            risk=self.risks.get(row.get("risk", "")),
            side=self.sides.get(row.get("side") or ""),
            part=row.get("part") or "",
            half_points=int(Decimal(str(row["value"])) * 2),
            grade=int(grade[1:]) if grade else None,
            reason=row["reason"],
            recorded_by=self.users["chair"],
            recorded_at=self.at,
        )
