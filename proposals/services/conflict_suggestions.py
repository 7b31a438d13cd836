"""What a user's own interests have in common with a proposal: pointers to a conflict, which they alone judge."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from proposals.models import ConflictDeclaration, Participant, Proposal
from t2eval.accounts.models import Affiliation, User

KINDS = ConflictDeclaration.Kind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A kind of conflict to think of, and why. For the eyes of the user whom it is about."""

    kind: str
    why: str


def suggest_conflicts(proposal: Proposal, user: User) -> list[Suggestion]:
    """Each suggestion once: from names, from past convenings, from the register, from earlier declarations."""
    affiliations = list(Affiliation.objects.visible_to(user).order_by("organization", "kind"))
    found = [
        *_from_names(proposal, user, affiliations),
        *_from_convenings(proposal, affiliations),
        *_from_participants(proposal, user),
        *_from_earlier_declarations(proposal, user),
    ]
    return list(dict.fromkeys(found))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, so that neither case, width nor punctuation tells two spellings apart."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple("".join(sign if sign.isalnum() else " " for sign in folded).split())


def have_in_common(one: str, other: str) -> bool:
    """Whether the words of one name stand, whole and in their order, within the other."""
    short, long = sorted((words_of(one), words_of(other)), key=len)
    if not short:
        return False
    return any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1))


def _from_names(proposal: Proposal, user: User, affiliations: list[Affiliation]) -> Iterator[Suggestion]:
    names = [(proposal.organizer.name, "is the organizer")]
    names += [(row.name, "is a co-funder") for row in proposal.co_funders.order_by("pk")]
    for name, part in names:
        if have_in_common(user.employer, name):
            yield Suggestion(KINDS.EMPLOYMENT, f"Your employer, {user.employer}, {part}: employment?")
        for row in affiliations:
            if have_in_common(row.organization, name):
                yield Suggestion(row.kind, f"{row.organization}, on your list of interests{_until(row)}, {part}.")


def _until(row: Affiliation) -> str:
    return f" until {row.until_year}" if row.until_year else ""


def _from_convenings(proposal: Proposal, affiliations: list[Affiliation]) -> Iterator[Suggestion]:
    attended = [row for row in affiliations if row.kind == Affiliation.Kind.PARTICIPATION]
    for convening in proposal.organizer.past_convenings.order_by("pk"):
        for row in attended:
            if have_in_common(row.organization, convening.title):
                yield Suggestion(
                    KINDS.PARTICIPATION,
                    f"You took part in {row.organization}; the organizer's past convenings list “{convening.title}”.",
                )


def _from_participants(proposal: Proposal, user: User) -> Iterator[Suggestion]:
    """Whole names only: whoever looks learns nothing of anybody else's."""
    names = Participant.objects.filter(proposal=proposal).values_list("name", flat=True)
    own = sorted(words_of(user.name))
    if any(sorted(words_of(name)) == own for name in names):
        yield Suggestion(KINDS.PARTICIPATION, "Somebody of your name is on the register of participants.")


def _from_earlier_declarations(proposal: Proposal, user: User) -> Iterator[Suggestion]:
    earlier = ConflictDeclaration.objects.filter(
        user=user, has_conflict=True, proposal__organizer=proposal.organizer_id
    ).exclude(proposal=proposal)
    for row in earlier.order_by("declared_at", "pk"):
        day = timezone.localdate(row.declared_at)
        yield Suggestion(
            row.kind, f"You declared this on {day.day} {day:%B %Y}, on another proposal of the same organizer."
        )
