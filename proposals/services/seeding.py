"""Dockets from data files: the calibration cases, and the sample docket of the demo."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from proposals.models import (
    Assignment,
    CalibrationReference,
    Check,
    CoFunder,
    ConflictDeclaration,
    Docket,
    EarlierGrant,
    Evidence,
    IssueArea,
    MemoCondition,
    MemoPrediction,
    MemoWords,
    Organizer,
    PastConvening,
    Proposal,
    ProposalRevision,
    Side,
    TransferMechanism,
)
from proposals.services.assessing import assess_proposal
from proposals.services.discussions import open_discussion
from proposals.services.seeding_scores import ScoreSeeder
from proposals.services.snapshots import take_snapshot
from rubrics.models import RubricVersion
from t2eval.accounts.models import User

ISSUE_AREAS = [
    ("biosecurity", "Biosecurity", True, False, "Engineered or natural pandemics can kill on the scale of wars."),
    ("nuclear-war", "Nuclear war", True, False, "Misread signals between nuclear states leave minutes to decide."),
    ("emerging-technology", "Emerging technology", True, True, "AI, cyber and space outpace the rules for them."),
    ("great-power-crisis", "Great-power crisis", True, False, "Such a crisis can escalate to any of the others."),
    ("other", "Other", False, False, ""),
]  # fmt: skip
RECORD_ROWS = ("meetings", "agenda", "budget_lines", "planned_mitigations", "pathway_cards")
TEXTS = (
    "title", "summary", "term_months", "problem", "approach", "participation", "transfer", "safeguards",
    "counterfactual", "hazardous_content", "hazardous_content_note",
)  # fmt: skip


def load_issue_areas() -> list[IssueArea]:
    """The issue areas that ship; those that admins have edited stay as they are. Gives the new ones."""
    new = []
    for position, (key, title, extreme, emerging, note) in enumerate(ISSUE_AREAS):
        area, is_new = IssueArea.objects.get_or_create(
            key=key,
            defaults={
                "title": title,
                "is_extreme_risk": extreme,
                "is_emerging_technology": emerging,
                "note": note,
                "position": position,
            },
        )
        new += [area] if is_new else []
    return new


@transaction.atomic
def load_docket(document: dict[str, Any], *, version: RubricVersion, users: dict[str, User], at: dt.datetime) -> Docket:
    """Create the docket of a data file, with all that is in it; one that exists already is left as it is."""
    data = document["docket"]
    existing = Docket.objects.filter(slug=data["slug"]).first()
    return existing or Seeder(version=version, users=users, at=at).docket(document)


@dataclass
class Seeder:
    version: RubricVersion
    users: dict[str, User]
    at: dt.datetime
    organizers: dict[str, Organizer] = field(default_factory=dict)

    def day(self, days: int | None) -> dt.date | None:
        return None if days is None else self.at.date() + dt.timedelta(days=days)

    def docket(self, document: dict[str, Any]) -> Docket:
        data = document["docket"]
        docket = Docket.objects.create(
            **{name: data[name] for name in ("slug", "title", "kind", "state", "currency", "extreme_risk_mandate")},
            description=data["description"],
            budget=data.get("budget"),
            due_date=self.day(data.get("due_date_in_days")),
            committee_date=self.day(data.get("committee_date_in_days")),
            closed_at=self.at if data["state"] == Docket.State.CLOSED else None,
            rubric_version=self.version,
        )
        for item in document["organizers"]:
            self.organizers[item["key"]] = self.organizer(item, is_sample=docket.is_sample)
        for number, item in enumerate(document["proposals"], start=1):
            self.proposal(docket, number, item)
        return docket

    def organizer(self, data: dict[str, Any], *, is_sample: bool) -> Organizer:
        facts = {name: data[name] for name in ("country", "website", "description")}
        organizer, _ = Organizer.objects.get_or_create(name=data["name"], defaults={**facts, "is_sample": is_sample})
        for row in data.get("past_convenings", []):
            PastConvening.objects.create(organizer=organizer, **row)
        for row in data.get("earlier_grants", []):
            EarlierGrant.objects.create(organizer=organizer, **row)
        return organizer

    def proposal(self, docket: Docket, number: int, data: dict[str, Any]) -> None:
        proposal = Proposal.objects.create(
            docket=docket,
            number=number,
            organizer=self.organizers[data["organizer"]],
            issue_area=IssueArea.objects.get(key=data["issue_area"]),
            amount=data["amount"],
            start_date=self.day(data.get("start_in_days")),
            created_at=self.at,
            updated_at=self.at,
            **{name: data[name] for name in TEXTS if name in data},
        )
        for position, row in enumerate(data["sides"]):
            Side.objects.create(proposal=proposal, position=position, **row)
        self.record(proposal, data)
        ProposalRevision.objects.create(proposal=proposal, number=1, content=take_snapshot(proposal), at=self.at)
        self.assignments(proposal, data)
        self.statements(proposal, data)
        scores = ScoreSeeder(proposal=proposal, version=self.version, users=self.users, at=self.at)
        scores.evidence = {item["key"]: proposal.evidence.get(number=n) for n, item in enumerate(data["evidence"], 1)}
        scores.all(data)
        self.memo(proposal, data)
        assess_proposal(proposal=proposal, by=None, at=self.at)
        if data.get("discussion"):
            open_discussion(proposal=proposal, by=self.users["chair"], at=self.at)

    def record(self, proposal: Proposal, data: dict[str, Any]) -> None:
        sides = {side.key: side for side in proposal.sides.all()}
        evidence: dict[str, Evidence] = {}
        for number, row in enumerate(data["evidence"], start=1):
            facts = {**row, "grade": int(row["grade"][1:]), "side": sides.get(row["side"])}
            key = facts.pop("key")
            evidence[key] = Evidence.objects.create(proposal=proposal, number=number, added_at=self.at, **facts)
        for name in RECORD_ROWS:
            manager = getattr(proposal, name)
            for position, row in enumerate(data.get(name, [])):
                manager.create(position=position, **row)
        for row in data.get("co_funders", []):
            CoFunder.objects.create(proposal=proposal, **row)
        for position, row in enumerate(data["transfer_mechanisms"]):
            facts = {**row, "side": sides.get(row["side"]), "evidence": evidence.get(row["evidence"])}
            TransferMechanism.objects.create(proposal=proposal, position=position, **facts)
        if reference := data.get("reference"):
            figures = {
                name: value for name, value in reference.items() if name not in ("case", "period", "status", "teaches")
            }
            CalibrationReference.objects.create(
                proposal=proposal,
                case=reference["case"],
                period=reference["period"],
                status=reference["status"],
                teaches=reference["teaches"] or "",
                figures=figures,
            )

    def assignments(self, proposal: Proposal, data: dict[str, Any]) -> None:
        for place, row in enumerate(data["assignments"]):
            Assignment.objects.create(
                proposal=proposal,
                officer=self.users[row["officer"]],
                is_sponsor=row["sponsor"],
                due_date=self.day(row.get("due_in_days")),
                assigned_at=self.at + dt.timedelta(microseconds=place),
                assigned_by=None,
            )
        for key, row in data.get("checks", {}).items():
            Check.objects.create(proposal=proposal, key=key, set_by=self.users["chair"], set_at=self.at, **row)

    def statements(self, proposal: Proposal, data: dict[str, Any]) -> None:
        """Who has begun to score has stated to have no conflict of interest; the others are asked first."""
        if proposal.docket.kind == Docket.Kind.CALIBRATION:
            return
        for username in dict.fromkeys(row["officer"] for row in data["scorecards"]):
            ConflictDeclaration.objects.create(
                proposal=proposal,
                user=self.users[username],
                has_conflict=False,
                kind=ConflictDeclaration.Kind.NONE,
                declared_at=self.at,
            )

    def memo(self, proposal: Proposal, data: dict[str, Any]) -> None:
        if words := data.get("memo_words"):
            facts = {**words, "case_against_by": self.users.get(words.get("case_against_by", ""))}
            MemoWords.objects.create(proposal=proposal, updated_at=self.at, **facts)
        for position, row in enumerate(data.get("memo_conditions", [])):
            MemoCondition.objects.create(proposal=proposal, position=position, **row)
        for position, row in enumerate(data.get("memo_predictions", [])):
            facts = {**row, "resolve_by": self.day(row["resolve_by_in_days"])}
            del facts["resolve_by_in_days"]
            MemoPrediction.objects.create(proposal=proposal, position=position, **facts)
