"""Practice on calibration cases: what an officer is offered, and how far each case is."""

import uuid
from dataclasses import dataclass

from proposals.models import Docket, Proposal, Scorecard
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role

ENOUGH = 2


@dataclass(frozen=True, slots=True)
class PracticeCase:
    """A case with the officer's own practice scorecard; `state` is empty where there is none."""

    proposal: Proposal
    scorecard: uuid.UUID | None
    state: str

    @property
    def is_done(self) -> bool:
        return self.state == Scorecard.State.SUBMITTED

    @property
    def is_begun(self) -> bool:
        return self.state == Scorecard.State.DRAFT


@dataclass(frozen=True, slots=True)
class PracticeOffer:
    """`is_new` for officers without a real scorecard and with fewer than two practice cases: the offer is a card."""

    is_new: bool
    done: int
    next: PracticeCase | None


def practice_cases(user: User) -> list[PracticeCase]:
    """The cases on which the officer may practise, in their order; two queries. None for whoever is no officer.

    Reference figures and assessments are no part of them.
    """
    if not user.has_role(Role.OFFICER):
        return []
    own = Scorecard.objects.filter(officer=user, proposal__docket__kind=Docket.Kind.CALIBRATION)
    cards = list(own.values_list("proposal", "pk", "state", "round"))
    documented = {proposal for proposal, _, _, number in cards if number != Scorecard.Round.PRACTICE}
    practice = {proposal: (pk, state) for proposal, pk, state, number in cards if number == Scorecard.Round.PRACTICE}
    cases = (
        Proposal.objects.visible_to(user)
        .filter(docket__kind=Docket.Kind.CALIBRATION)
        .exclude(pk__in=documented)
        .select_related("organizer", "issue_area", "reference")
        .order_by("docket__title", "number")
    )
    return [PracticeCase(case, *practice.get(case.pk, (None, ""))) for case in cases]


def next_case(cases: list[PracticeCase]) -> PracticeCase | None:
    """The one begun, else the first that is not."""
    todo = [case for case in cases if not case.is_done]
    return min(todo, key=lambda case: not case.is_begun, default=None)


def practice_offer(user: User) -> PracticeOffer | None:
    """What the officer's own pages offer; None where there is no case to practise on. Three queries."""
    cases = practice_cases(user)
    if not cases:
        return None
    done = sum(case.is_done for case in cases)
    real = Scorecard.objects.filter(officer=user, state=Scorecard.State.SUBMITTED)
    has_scored = real.exclude(proposal__docket__kind=Docket.Kind.CALIBRATION).exists()
    return PracticeOffer(is_new=done < ENOUGH and not has_scored, done=done, next=next_case(cases))
