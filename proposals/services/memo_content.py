"""The content of a memo, read from the records and the stored assessment."""

import datetime as dt

from django.conf import settings

from proposals.memos.content import FORMAT, MemoContent
from proposals.memos.figures import counted, day
from proposals.memos.judgements import Condition, Milestone, Prediction
from proposals.memos.parts import Head, PathwayCard
from proposals.models import Assessment, ConflictDeclaration, Docket, MemoWords, Proposal
from proposals.services.memo_annex import build_annex
from proposals.services.memo_decision import build_decision, reasons_to_stay_draft
from proposals.services.memo_judgement import (
    build_proposed,
    build_risks,
    build_sides,
)
from proposals.services.memo_record import build_budget, build_grant, build_organizer, build_theory
from proposals.services.memo_sources import Sources, officer_label, read_sources
from proposals.services.memo_views import build_agreed, build_disagreements
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role

MARKINGS = {
    Docket.Kind.SAMPLE: "Sample, invented",
    Docket.Kind.CALIBRATION: "Calibration case: documented history, reference figures suggested, unconfirmed",
}


def _head(sources: Sources, *, at: dt.datetime, number: str, edition: int) -> Head:
    proposal = sources.proposal
    moment = at.astimezone(dt.UTC)
    return Head(
        number=number,
        edition=edition,
        title=proposal.title,
        organizer=proposal.organizer.name,
        sides=tuple(side.name for side in sources.sides),
        issue=proposal.issue_area.title,
        rubric=sources.words.name,
        docket=proposal.docket.title,
        code=proposal.code,
        revision=proposal.revision,
        date=day(moment.date()),
        moment=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        handling=settings.MEMO_HANDLING_LINE,
        marking=MARKINGS.get(Docket.Kind(proposal.docket.kind), ""),
        kind=proposal.docket.kind,
        paper=settings.MEMO_PAPER,
    )


def _role(sources: Sources, user: User) -> str:
    """What a person is called in a memo: the officer's letter, else the role."""
    if key := sources.officer_keys.get(user.pk):
        return officer_label(key)
    titles = [str(role.label) for role in Role if role in user.roles]
    return titles[0] if titles else "A former user"


def _conflicts(sources: Sources) -> tuple[str, ...]:
    """Roles and kinds of conflict; names and statements stay out of what is stored."""
    rows = list(
        ConflictDeclaration.objects.filter(proposal=sources.proposal).select_related("user").order_by("declared_at")
    )
    lines = [
        f"{_role(sources, row.user)}: {row.get_kind_display().lower()}. Barred: no view, no score, no vote."
        for row in rows
        if row.has_conflict
    ]
    clear = sum(not row.has_conflict for row in rows)
    if clear:
        lines.append(f"{counted(clear, 'person')} declared that there is no conflict.".capitalize())
    return tuple(lines)


def _conditions(proposal: Proposal) -> tuple[Condition, ...]:
    rows = proposal.memo_conditions.order_by("position", "pk")
    return tuple(Condition(row.text, row.owner, row.due, row.proof) for row in rows)


def _predictions(proposal: Proposal) -> tuple[Prediction, ...]:
    rows = proposal.memo_predictions.order_by("position", "pk")
    return tuple(Prediction(row.statement, f"{row.probability}%", day(row.resolve_by), row.resolver) for row in rows)


def _milestones(cards: list[PathwayCard]) -> tuple[Milestone, ...]:
    return tuple(Milestone(card.title, card.milestone, card.horizon) for card in cards if card.milestone)


def _case_against_by(sources: Sources, words: MemoWords) -> str:
    if words.case_against_by is None:
        return ""
    role = _role(sources, words.case_against_by)
    is_sponsor = sources.officer_keys.get(words.case_against_by.pk) == sources.sponsor_key != ""
    return f"{role}, the sponsor" if is_sponsor else f"{role}, not the sponsor"


def build_memo_content(
    *, proposal: Proposal, assessment: Assessment, at: dt.datetime, number: str, edition: int
) -> MemoContent:
    """Freeze everything that a memo on this assessment shows.

    Raises AssessmentDiffersError where the method no longer gives what the assessment stores.
    """
    sources = read_sources(proposal, assessment)
    return _content(sources, _words(proposal), _head(sources, at=at, number=number, edition=edition))


def _words(proposal: Proposal) -> MemoWords:
    return MemoWords.objects.select_related("case_against_by").filter(proposal=proposal).first() or MemoWords()


def _content(sources: Sources, words: MemoWords, head: Head) -> MemoContent:
    proposal = sources.proposal
    theory, cards = build_theory(sources)
    return MemoContent(
        format=FORMAT,
        head=head,
        draft_reasons=tuple(reasons_to_stay_draft(sources, words)),
        decision=build_decision(sources, words),
        grant=build_grant(proposal, words),
        organizer=build_organizer(proposal),
        budget=build_budget(sources),
        theory=theory,
        case_for=words.case_for,
        case_against=words.case_against,
        case_against_by=_case_against_by(sources, words),
        sides=build_sides(sources),
        risks=build_risks(sources),
        counterfactual=words.counterfactual,
        conditions=_conditions(proposal),
        proposed=build_proposed(sources),
        milestones=_milestones(cards),
        predictions=_predictions(proposal),
        disagreements=build_disagreements(sources),
        agreed=build_agreed(sources),
        minority_view=words.minority_view,
        conflicts=_conflicts(sources),
        exit_triggers=words.exit_triggers,
        follow_up=words.follow_up,
        annex=build_annex(sources),
        bundle=sources.bundle,
    )
