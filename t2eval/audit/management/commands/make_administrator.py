import getpass
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from t2eval.audit.administrators import find_user, make_administrator


class Command(BaseCommand):
    help = (
        "Create an administrator, who then makes the other users under /admin/; or make one of an existing user, who"
        " keeps the other roles, and the password unless --password-file gives a new one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the name to sign in with")
        parser.add_argument("--name", help="full name; a new user needs one")
        parser.add_argument("--email", help="a new user needs one")
        parser.add_argument(
            "--password-file",
            help="file with the password, or - for standard input; without it a new user's is asked for",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        existed = find_user(options["username"]) is not None
        try:
            user = make_administrator(
                username=options["username"],
                name=options["name"],
                email=options["email"],
                password=self.password(options["password_file"], is_new=not existed),
                at=timezone.now(),
            )
        except ValidationError as error:
            faults = [f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items()]
            raise CommandError("Nothing is changed. " + " ".join(faults)) from error
        done = "is an administrator now" if existed else "is created as an administrator"
        self.stdout.write(f"{user.username} ({user.name}) {done}, and signs in at /sign-in/.")

    def password(self, file: str | None, *, is_new: bool) -> str | None:
        """From the file; or, for a new user, typed twice without echo; or, without a terminal, from standard input."""
        if file is not None and file != "-":
            try:
                return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"The password file cannot be read: {error}") from error
        if file is None and not is_new:
            return None
        if file == "-" or not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n")
        password = getpass.getpass("Password: ")
        if getpass.getpass("Password, again: ") != password:
            raise CommandError("The two passwords differ. Nothing is changed.")
        return password
