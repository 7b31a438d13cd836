import datetime as dt
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command

from proposals.models import Docket
from proposals.services.reminders import Due, officers_to_remind, send_reminder, what_is_due
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, DocketFactory, ProposalFactory, assign, bar, make_scorecard, make_user

pytestmark = pytest.mark.django_db
MONDAY = NOW.date()
FRIDAY = MONDAY + dt.timedelta(days=4)


class BrokenBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise SMTPException("The server is away.")


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.REMINDERS = True


@pytest.fixture
def reader(version):
    return make_user(Role.OFFICER, wants_reminders=True)


def due(user, *days, **facts):
    made = [ProposalFactory(title="Secret Harbour", **facts) for _ in days]
    for proposal, day in zip(made, days, strict=True):
        assign(proposal, user, due_date=day)
    return made


def sent():
    return [(message.to, message.subject, message.body) for message in mail.outbox]


def test_reminder_tells_count_and_day_and_nothing_else(reader):
    due(reader, FRIDAY, FRIDAY, FRIDAY)

    send_reminder(user=reader, at=NOW)

    text = "You have 3 scorecards due Friday."
    assert sent() == [([reader.email], text, f"{text}\n")]


def test_reminder_links_to_the_root_of_the_site_where_that_is_set(reader, settings):
    settings.SITE_URL = "https://t2eval.example.org/"
    due(reader, FRIDAY)

    send_reminder(user=reader, at=NOW)

    assert mail.outbox[0].body == "You have 1 scorecard due Friday.\n\nhttps://t2eval.example.org/\n"


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        (Due(MONDAY, 1, 0), "You have 1 scorecard due today."),
        (Due(FRIDAY, 2, 1), "You have 2 scorecards due Friday, and 1 overdue."),
        (Due(None, 0, 2), "You have 2 scorecards overdue."),
    ],
)
def test_reminder_sentence_says_the_nearest_day_and_what_is_late(due, sentence):
    assert due.sentence(MONDAY) == sentence


def test_what_is_due_is_the_nearest_day_of_the_coming_week(reader):
    days = [FRIDAY, FRIDAY, FRIDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=7), MONDAY - dt.timedelta(days=1)]
    due(reader, *days, None)

    assert what_is_due(reader, today=MONDAY) == Due(FRIDAY, 2, 1)


def test_what_is_due_leaves_out_submitted_barred_and_closed(reader):
    submitted, barred = due(reader, FRIDAY, FRIDAY)
    make_scorecard(submitted, reader)
    bar(barred, reader)
    due(reader, FRIDAY, docket=DocketFactory())
    Docket.objects.exclude(pk__in=[submitted.docket_id, barred.docket_id]).update(state="closed", closed_at=NOW)

    assert what_is_due(reader, today=MONDAY) == Due(None, 0, 0)
    assert send_reminder(user=reader, at=NOW) is False
    assert (sent(), Event.objects.filter(event__startswith="reminder.").count()) == ([], 0)


def test_reminder_goes_out_once_a_day(reader):
    due(reader, FRIDAY)

    results = [send_reminder(user=reader, at=NOW + dt.timedelta(hours=hours)) for hours in (0, 1, 24)]

    assert (results, len(mail.outbox)) == ([True, False, True], 2)
    assert (
        list(Event.objects.filter(event="reminder.sent").values_list("target_id", "by_name", "details"))
        == [(str(reader.pk), "system", {"count": 1})] * 2
    )


def test_reminder_that_failed_goes_out_on_the_next_run(reader, settings):
    due(reader, FRIDAY)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.BrokenBackend"
    with pytest.raises(SMTPException):
        send_reminder(user=reader, at=NOW)
    settings.EMAIL_BACKEND = working

    again = [send_reminder(user=reader, at=NOW) for _ in range(2)]

    assert (again, len(mail.outbox)) == ([True, False], 1)
    assert sorted(Event.objects.filter(event__startswith="reminder.").values_list("event", flat=True)) == [
        "reminder.failed",
        "reminder.sent",
        "reminder.sent",
    ]


def test_officers_to_remind_are_the_active_ones_who_asked_and_have_an_address(reader, settings):
    make_user(Role.OFFICER)
    make_user(Role.CHAIR, wants_reminders=True)
    make_user(Role.OFFICER, wants_reminders=True, is_active=False)
    make_user(Role.OFFICER, wants_reminders=True, email="")

    switched_on = list(officers_to_remind())
    settings.REMINDERS = False

    assert (switched_on, list(officers_to_remind())) == ([reader], [])


def due_today(user):
    due(user, dt.datetime.now(tz=dt.UTC).date())


def test_command_sends_to_those_who_asked(reader, other_officer, capsys):
    due_today(reader)
    due_today(other_officer)

    call_command("send_reminders")

    assert capsys.readouterr().out == "Reminders sent: 1.\n"
    assert [to for to, *_ in sent()] == [[reader.email]]


def test_command_switched_off_says_how_to_switch_on(reader, settings, capsys):
    settings.REMINDERS = False
    due_today(reader)

    call_command("send_reminders")

    assert capsys.readouterr().out == "Reminders are off: set REMINDERS=true and EMAIL_URL to send them.\n"
    assert sent() == []


def test_command_goes_on_after_a_failure_and_ends_with_it(reader, settings, capsys):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    due_today(reader)
    due_today(make_user(Role.OFFICER, wants_reminders=True))

    with pytest.raises(CommandError, match="could not be sent: 2"):
        call_command("send_reminders")
