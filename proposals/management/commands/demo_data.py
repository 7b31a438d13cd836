from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from proposals.services.demo import ACCOUNTS, PASSWORD, NotADemoDatabaseError, make_demo


class Command(BaseCommand):
    help = "Fill an empty database with the demo, and print its accounts. Refuses a database that it did not make."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="Print nothing when all is well.")

    def handle(self, **options: Any) -> None:
        try:
            make_demo(at=timezone.now())
        except NotADemoDatabaseError as error:
            raise CommandError(str(error)) from error
        if options["quiet"]:
            return
        self.stdout.write(f"Demo accounts, all with the password {PASSWORD}:")
        for username, (_, role) in ACCOUNTS.items():
            self.stdout.write(f"  {username:<10} {role.label}")
