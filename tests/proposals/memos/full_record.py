"""A proposal with every part of the record filled, about as long as real ones get. All of it is invented."""

import datetime as dt
from decimal import Decimal

from proposals import models
from proposals.services.assessing import assess_proposal
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, assign, make_check, make_evidence, make_scorecard, make_user

LONG = (
    "The series brings together eight to ten people from each side, half of them former officials with current access,"
    " for four closed meetings over eighteen months. Between meetings a small drafting group works on a shared glossary"
    " of terms for early-warning data, so that each side can say what it would take a notification to mean. "
)
REASON = (
    "The core group has met eleven times since 2019 and came back after the 2024 rupture; its last glossary was used in"
    " an official working paper, which two offices confirmed in reference calls."
)
WORDS = {
    "recommendation": "fund-with-conditions",
    "amount": Decimal(380_000),
    "term_months": 18,
    "resolution": "That the committee approve a grant of $380,000 over eighteen months to the Institute for Strategic"
    " Exchange for the early-warning dialogue, the second half to be released once the conditions in section 10 are"
    " met to the satisfaction of the chair.",
    "reason_for_1": REASON,
    "reason_for_2": "Both delegations carry results home by name: the post-briefings go to two offices on each side"
    " within fourteen days, and the log of the last three rounds was shown to us.",
    "reason_for_3": "A review of notification rules is due on both sides within the term, and officials on one side"
    " asked for input in writing.",
    "reason_against_1": "The route on the second side rests on one adviser, who may leave office at the next reshuffle;"
    " nobody else has been shown to be able to reach the same desk.",
    "reason_against_2": "The organizer has no structured debrief. Claims heard in the margins have twice been relayed"
    " as fact, and the correction took months.",
    "reason_against_3": "Two other funders support neighbouring meetings, and the proposal does not say how the three"
    " would be kept apart.",
    "uncertainty": "Whether the second side’s office takes briefings because they are useful or because refusing would"
    " be noticed; both reference calls were with people who gain from the dialogue.",
    "change_our_mind": "A named official outside the present circle confirming use of the glossary would raise our"
    " confidence; a second round of falling seniority would end it.",
    "grant_does": LONG * 2 + "\n\n" + LONG,
    "case_for": LONG * 3 + "\n\n" + LONG * 2,
    "case_against": LONG * 2 + "\n\n" + LONG * 2,
    "counterfactual": LONG,
    "minority_view": "Officer C would decline: the route on the second side is one person, and a dialogue that only one"
    " side hears is worse than none.",
    "exit_triggers": "Two rounds of falling level or attendance; either office stops taking briefings; a government"
    " asks to stop; doubt on the money; false claims relayed unlabelled.",
    "follow_up": "Interviews at six and eighteen months by someone outside the team; the idea register is read before"
    " the second payment.",
}
MECHANISMS = (
    ("pre-briefing", 0, "Policy planning staff, foreign ministry", 3),
    ("post-briefing", 0, "Policy planning staff, foreign ministry", 3),
    ("post-briefing", 0, "Strategic forces directorate, defence ministry", 2),
    ("participants-who-advise", 0, "Standing advisory board on arms control", 2),
    ("post-briefing", 1, "Department of arms control, foreign ministry", 1),
    ("joint-paper", 1, "Department of arms control, foreign ministry", 2),
    ("official-observers", 1, "Office of the national security adviser", None),
)


def _texts(proposal: models.Proposal) -> None:
    card = proposal.pathway_cards.get(theory="diplomatic-subsidy")
    card.who_changes = "Former officers who wrote the present notification rules on each side"
    card.what_they_carry = "A tested glossary and two worked examples of ambiguous warning data"
    card.to_whom = "The desks that draft the notification rules"
    card.decision = "Wording of the launch-notification annex at the 2028 review"
    card.assumption = "That the desks accept a draft from outside before their own is ready"
    card.stage = "filtering"
    card.horizon = "12 to 24 months"
    card.milestone = "Both desks send written comments on the second draft of the glossary"
    card.save()


def _record(proposal: models.Proposal) -> None:
    sides = list(proposal.sides.order_by("position"))
    evidence = [
        make_evidence(
            proposal,
            grade=grade,
            source="Briefing log, rounds 9 to 11",
            page="p. 4",
            address=f"https://example.org/{n}/log",
        )
        for n, grade in enumerate([1, 2, 3, 3, 2])
    ]
    by_grade = {item.grade: item for item in evidence}
    for place, (kind, side, audience, grade) in enumerate(MECHANISMS):
        models.TransferMechanism.objects.create(
            proposal=proposal,
            position=place,
            kind=kind,
            side=sides[side],
            audience=audience,
            timing="within 14 days",
            owner="Co-chair",
            evidence=by_grade.get(grade),
        )
    for place in range(4):
        models.Meeting.objects.create(
            proposal=proposal,
            position=place,
            title=f"Round {12 + place}",
            when=f"{'Spring' if place % 2 else 'Autumn'} 2027",
            place="Vienna" if place % 2 else "Muscat",
            days=Decimal("2.5"),
            participants="18, with two observers",
        )
    for title, hours, on_risk in (
        ("Warning data", 9, True),
        ("Notification rules", 8, True),
        ("Regional politics", 4, False),
    ):
        models.AgendaItem.objects.create(proposal=proposal, title=title, hours=hours, is_on_risk=on_risk)
    for title, amount in (
        ("Meetings and travel", 210_000),
        ("Drafting group", 96_000),
        ("Staff", 88_000),
        ("Evaluation", 26_000),
    ):
        models.BudgetLine.objects.create(proposal=proposal, title=title, amount=amount)
    models.CoFunder.objects.create(proposal=proposal, name="Northern Peace Fund", amount=90_000, status="confirmed")
    models.CoFunder.objects.create(proposal=proposal, name="A foreign ministry of a third state", status="asked")
    for side in sides:
        for role, status in (
            ("former deputy minister", "confirmed"),
            ("retired head of early warning", "confirmed"),
            ("physicist", "invited"),
        ):
            models.Participant.objects.create(
                proposal=proposal, side=side, name="Nobody Invented", role=role, status=status
            )
    for key in ("brief-participants", "governments-informed", "off-limits-topics", "demand-evidence"):
        models.PlannedMitigation.objects.create(
            proposal=proposal,
            mitigation=key,
            plan="A live briefing the evening before, by someone outside the team.",
            cost_accepted="Some candour on the first day.",
        )


def _organizer(organizer: models.Organizer) -> None:
    for place in range(3):
        models.PastConvening.objects.create(
            organizer=organizer,
            title=f"Early-warning dialogue, rounds {3 * place + 1} to {3 * place + 3}",
            period=f"{2019 + 2 * place}–{2020 + 2 * place}",
            place="Vienna and Muscat",
            sides="Side A, Side B",
            note="Closed; lists shown in confidence; nine of ten came back.",
        )
    models.EarlierGrant.objects.create(
        organizer=organizer,
        year=2023,
        purpose="Rounds 7 to 9",
        amount=240_000,
        outcome="Held on time; the glossary’s first part was delivered, the second slipped by a year.",
    )


def _words(proposal: models.Proposal, against: User) -> None:
    models.MemoWords.objects.create(proposal=proposal, case_against_by=against, updated_at=NOW, **WORDS)
    for place, text in enumerate(
        (
            "A structured debrief within 48 hours, written and access-controlled",
            "A second, named recipient on side B",
            "A written line between this series and the two neighbouring ones",
        )
    ):
        models.MemoCondition.objects.create(
            proposal=proposal,
            position=place,
            text=text,
            owner="Organizer",
            due="before the second payment",
            proof="The protocol and the first two logs",
        )
    for statement, probability in (
        ("Two rounds held by 31 December 2027 with sixteen or more confirmed participants", 85),
        ("Two serving officials or observers on each side at round 13", 60),
        ("An idea from the register in an official text within 24 months", 10),
    ):
        models.MemoPrediction.objects.create(
            proposal=proposal,
            statement=statement,
            probability=probability,
            resolve_by=dt.date(2028, 6, 30),
            resolver="The auditor",
        )


def make_full_proposal(**facts: object) -> models.Proposal:
    """Assessed by three officers who differ, with every part of the record and all words of the memo."""
    facts = {
        "title": "Early warning without false alarms: a dialogue on launch notification between two nuclear states",
        "summary": LONG,
        "amount": 420_000,
        "term_months": 24,
        "organizer__name": "Institute for Strategic Exchange",
        "organizer__country": "Austria",
        "organizer__website": "https://example.org",
        "organizer__description": LONG,
        "claims": ["diplomatic-subsidy", "information-exchange", "crisis-backchannel", "political-hedge"],
        **facts,
    }
    proposal = ProposalFactory(**facts)
    officers = [make_user(Role.OFFICER) for _ in range(3)]
    for place, officer in enumerate(officers):
        assign(proposal, officer, sponsor=place == 0, assigned_at=NOW + dt.timedelta(seconds=place))
    _texts(proposal)
    _record(proposal)
    _organizer(proposal.organizer)
    _words(proposal, officers[1])
    make_check(proposal)
    make_check(proposal, "capacity")
    make_scorecard(proposal, officers[0], value=3, grade=3, values={"hotwash": 1, "focus": 4}, risk=(3, 3))
    make_scorecard(
        proposal,
        officers[1],
        value=3,
        grade=2,
        values={"route": 2, "hotwash": 1},
        risk=(3, 4),
        recommendation="fund-with-conditions",
    )
    make_scorecard(
        proposal,
        officers[2],
        value=2,
        grade=1,
        values={"route": 0, "link": 1, "hotwash": 0},
        risk=(2, 5),
        recommendation="decline",
    )
    models.ConflictDeclaration.objects.create(
        proposal=proposal, user=make_user(Role.CHAIR), has_conflict=True, kind="advisory", declared_at=NOW
    )
    assess_proposal(proposal=proposal, by=None, at=NOW)
    return proposal
