"""Whether a memo still says what the records say: its frozen content beside what would be frozen now."""

from proposals.memos.content import MemoContent, content_sha256, content_to_json
from proposals.models import Assessment, Memo
from proposals.services.memo_content import build_memo_content
from proposals.services.memo_sources import AssessmentDiffersError

ASSESSMENT = "The assessment has changed since it was frozen: its record or scores."
PARTS = {
    "head": "title, organizer or handling",
    "draft_reasons": "what keeps it a draft",
    "decision": "the recommendation and its reasons",
    "grant": "what the grant does",
    "organizer": "the organizer",
    "budget": "the budget",
    "theory": "the theory of change",
    "case_for": "the case for",
    "case_against": "the case against",
    "case_against_by": "who argued against",
    "sides": "convening and transfer",
    "risks": "risks",
    "counterfactual": "the counterfactual",
    "conditions": "conditions",
    "proposed": "proposed conditions",
    "milestones": "milestones",
    "predictions": "predictions",
    "disagreements": "disagreements",
    "agreed": "what was agreed",
    "minority_view": "the minority view",
    "conflicts": "declarations of interest",
    "exit_triggers": "exit triggers",
    "follow_up": "follow-up",
    "annex": "the annex",
}


def content_now(memo: Memo, assessment: Assessment) -> MemoContent:
    """What the memo would hold, were it frozen from today's records and words."""
    return build_memo_content(
        proposal=assessment.proposal,
        assessment=assessment,
        at=memo.requested_at,
        number=memo.number,
        edition=memo.edition,
    )


def moved_on(memo: Memo) -> list[str]:
    """In sentences: whether the record has another revision now, and whether the assessment was replaced."""
    now, then = memo.proposal.revision, memo.content["head"]["revision"]
    sentences = [f"The record is now revision {now}, this memo has revision {then}."] if now != then else []
    return sentences if memo.assessment.is_current else [*sentences, ASSESSMENT]


def changes_since(memo: Memo) -> list[str]:
    """In sentences: everything because of which the memo would say something else, were it frozen now."""
    sentences = moved_on(memo)
    if not memo.assessment.is_current:
        return sentences
    try:
        now = content_now(memo, memo.assessment)
    except AssessmentDiffersError as error:
        return [*sentences, str(error)]
    if content_sha256(now) != memo.content_sha256:
        named = _changed_parts(memo, now, is_revised=bool(sentences))
        if named or not sentences:
            where = f": {', '.join(named)}" if named else ""
            sentences.append(f"Its words or sources have changed since it was frozen{where}.")
    return sentences


def _changed_parts(memo: Memo, now: MemoContent, *, is_revised: bool) -> list[str]:
    """The parts that read otherwise. A revision alone changes the head: then that goes without saying."""
    new, old = content_to_json(now), dict(memo.content)
    if is_revised:
        old["head"] = {**old["head"], "revision": new["head"]["revision"]}
    return [name for part, name in PARTS.items() if new[part] != old.get(part)]
