import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from proposals.services.reminders import officers_to_remind, send_reminder

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Mail officers who asked for it how many scorecards are due. Run it daily; no mail goes out twice a day."

    def handle(self, **_options: Any) -> None:
        if not settings.REMINDERS:
            self.stdout.write("Reminders are off: set REMINDERS=true and EMAIL_URL to send them.")
            return
        sent = failed = 0
        for user in officers_to_remind():
            try:
                sent += send_reminder(user=user, at=timezone.now())
            except (OSError, SMTPException):
                logger.exception("A reminder could not be sent.")
                failed += 1
        self.stdout.write(f"Reminders sent: {sent}.")
        if failed:
            raise CommandError(f"Reminders that could not be sent: {failed}. The next run tries again.")
