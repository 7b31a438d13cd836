from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from proposals.services.defaults import load_defaults
from rubrics.services.loading import RubricVersionExistsError


class Command(BaseCommand):
    help = "Load the default rubric and the issue areas, where they are missing. Loading twice changes nothing."

    def handle(self, **_options: Any) -> None:
        try:
            loaded = load_defaults(by=None, at=timezone.now())
        except RubricVersionExistsError as error:
            raise CommandError(f"Nothing is loaded. {error}") from error
        if loaded.is_new_version:
            self.stdout.write(f"Published the rubric {loaded.version}.")
        if loaded.new_issue_areas:
            self.stdout.write(f"Added issue areas: {', '.join(str(area) for area in loaded.new_issue_areas)}.")
        if not loaded.is_new_version and not loaded.new_issue_areas:
            self.stdout.write("The defaults are there already; nothing is changed.")
