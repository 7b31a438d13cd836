"""Who may act as chair on a proposal: a conflict takes the role away there, and somebody has to be left."""

from django.db.models import Exists, OuterRef, QuerySet

from proposals.models import ConflictDeclaration, Docket, Memo, Proposal
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role


def acting_chairs(proposal: Proposal) -> QuerySet[User]:
    """The active chairs whom no declared conflict bars from it."""
    barred = ConflictDeclaration.objects.filter(proposal=proposal, has_conflict=True)
    return _chairs().exclude(pk__in=barred.values("user")).order_by("name", "pk")


def is_last_chair(user: User, proposal: Proposal) -> bool:
    """Whether a conflict of this user would leave the proposal without a chair."""
    return [chair.pk for chair in acting_chairs(proposal)[:2]] == [user.pk]


def count_without_chair() -> int:
    """The proposals, still to be decided, on which no chair may act: a number, which names none of them."""
    return _without_chair().count()


def own_bars_without_chair(user: User, docket: Docket) -> int:
    """How many proposals of the docket this user is barred from, with no chair left for them."""
    own = ConflictDeclaration.objects.filter(user=user, has_conflict=True)
    return _without_chair().filter(docket=docket, pk__in=own.values("proposal")).count()


def _chairs() -> QuerySet[User]:
    return User.objects.filter(is_active=True, groups__name=Role.CHAIR)


def _without_chair() -> QuerySet[Proposal]:
    bars = ConflictDeclaration.objects.filter(proposal=OuterRef(OuterRef("pk")), user=OuterRef("pk"), has_conflict=True)
    decided = Memo.objects.filter(proposal=OuterRef("pk"), state=Memo.State.ISSUED)
    undecided = Proposal.objects.exclude(docket__kind=Docket.Kind.CALIBRATION).exclude(
        Exists(decided), docket__state=Docket.State.CLOSED
    )
    return undecided.filter(~Exists(_chairs().filter(~Exists(bars))))
