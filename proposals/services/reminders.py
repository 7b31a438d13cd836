"""Mails that nudge: how many scorecards are due and when, and nothing else. No title, docket or organizer in them."""

import datetime as dt
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from proposals.services.own_work import own_work
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from t2eval.audit.services import record

DAYS_AHEAD = 6  # so that the name of a weekday says which day is meant
SENT, FAILED = "reminder.sent", "reminder.failed"


@dataclass(frozen=True, slots=True)
class Due:
    """What an officer still has to score: how many by the nearest day of the coming week, and how many are late."""

    day: dt.date | None
    on_day: int
    late: int

    @property
    def count(self) -> int:
        return self.on_day + self.late

    def sentence(self, today: dt.date) -> str:
        """You have 3 scorecards due Friday, and 1 overdue."""
        if self.day is None:
            return f"You have {_scorecards(self.late)} overdue."
        when = "today" if self.day == today else f"{self.day:%A}"
        late = f", and {self.late} overdue" if self.late else ""
        return f"You have {_scorecards(self.on_day)} due {when}{late}."


def officers_to_remind() -> QuerySet[User]:
    """Those who asked for it. Off for everybody unless the operator switched it on."""
    if not settings.REMINDERS:
        return User.objects.none()
    asked = User.objects.filter(is_active=True, groups__name=Role.OFFICER, wants_reminders=True)
    return asked.exclude(email="").order_by("pk")


def what_is_due(user: User, *, today: dt.date) -> Due:
    """What is submitted, closed, barred or without a day is not counted."""
    days = [one.due_date for one in own_work(user, today=today) if one.is_to_score and one.due_date]
    coming = sorted(day for day in days if today <= day <= today + dt.timedelta(days=DAYS_AHEAD))
    day = coming[0] if coming else None
    return Due(day, coming.count(coming[0]) if coming else 0, sum(day < today for day in days))


def send_reminder(*, user: User, at: dt.datetime) -> bool:
    """Send today's mail, if one is due and none was sent yet; whether it went out. Raises OSError, SMTPException.

    The event is written first, so that two runs at once never send twice; a mail that failed may go out later.
    """
    today = timezone.localdate(at)
    due = what_is_due(user, today=today)
    if not due.count or not _claim(user, due, at):
        return False
    text = due.sentence(today)
    try:
        send_mail(text, f"{text}\n\n{settings.SITE_URL}".rstrip() + "\n", None, [user.email])
    except (OSError, SMTPException):
        record(FAILED, by=None, at=at, target=user, count=due.count)
        raise
    return True


@transaction.atomic
def _claim(user: User, due: Due, at: dt.datetime) -> bool:
    User.objects.select_for_update().get(pk=user.pk)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Event.objects.filter(target_id=str(user.pk), at__gte=midnight)
    if today.filter(event=SENT).count() > today.filter(event=FAILED).count():
        return False
    record(SENT, by=None, at=at, target=user, count=due.count)
    return True


def _scorecards(count: int) -> str:
    return "1 scorecard" if count == 1 else f"{count} scorecards"
