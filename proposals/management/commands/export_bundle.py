import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from proposals.models import Docket, Proposal
from proposals.services.bundles import bundle_document, proposal_document


class Command(BaseCommand):
    help = "Print a docket, or one of its proposals, as a bundle that `assess` reads: what counts and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("docket", help="The docket's short name, as in its address: sample")
        parser.add_argument("--proposal", help="Only the proposal with this number in the docket: 3", type=int)

    def handle(self, **options: Any) -> None:
        docket = Docket.objects.select_related("rubric_version").filter(slug=options["docket"]).first()
        if docket is None:
            known = ", ".join(Docket.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no docket {options['docket']!r}. Dockets: {known}.")
        proposals = Proposal.objects.filter(docket=docket).select_related("docket", "issue_area").order_by("number")
        if options["proposal"] is not None:
            proposals = proposals.filter(number=options["proposal"])
            if not proposals:
                raise CommandError(f"{docket} has no proposal number {options['proposal']}.")
        documents = [{"title": item.title, **proposal_document(item, docket.rubric_version)} for item in proposals]
        bundle = bundle_document(docket.rubric_version, documents)
        self.stdout.write(json.dumps(bundle, ensure_ascii=False, indent=1))
