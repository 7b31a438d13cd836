"""Assess a bundle: `manage.py assess FILE|-`. Touches no database."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from rubrics.scoring.cli import run, unreadable


class Command(BaseCommand):
    help = "Assess every proposal of a bundle (a JSON file, or - for standard input) and print the results as JSON."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="bundle to read, or - for standard input")

    def handle(self, *_args: Any, **options: Any) -> None:
        status, output, errors = _assess(options["file"])
        self.stdout.write(output, ending="")
        if status:
            self.stderr.write(errors, ending="")
            sys.exit(status)


def _assess(name: str) -> tuple[int, str, str]:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        return unreadable(name, error.strerror or str(error))
    return run(data)
