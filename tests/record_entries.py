"""A record as typed, for tests: as a service takes it, and as a browser posts it."""

from typing import Any

from proposals.forms.proposals import RecordForm
from proposals.models import Docket, Organizer, Proposal
from proposals.services.records import RecordEntry, SideEntry
from tests.factories import IssueAreaFactory, OrganizerFactory


def make_entry(**changes: Any) -> RecordEntry:
    """A small record; `changes` replace fields, `sides` or parts by name."""
    sides = changes.pop("sides", [SideEntry("United States"), SideEntry("China")])
    parts = {
        "pathway_cards": [{"theory": "diplomatic-subsidy", "who_changes": "Former officials"}],
        "transfer_mechanisms": [{"kind": "post-briefing", "side": 1, "audience": "An office"}],
        "budget_lines": [{"title": "Travel", "amount": 100_000}],
    }
    parts |= {name: changes.pop(name) for name in list(changes) if name in {*parts, "meetings", "agenda", "co_funders"}}
    fields = {
        "title": "A dialogue",
        "organizer": changes.pop("organizer", None) or OrganizerFactory(),
        "issue_area": IssueAreaFactory(),
        "summary": "Experts meet.",
        "amount": 100_000,
    }
    return RecordEntry(fields={**fields, **changes}, sides=sides, parts=parts)


def posted(docket: Docket, proposal: Proposal | None = None, **changes: Any) -> dict[str, str]:
    """What a browser sends of the page as it is shown, with these fields typed over."""
    form = RecordForm(docket, organizers=Organizer.objects.all(), proposal=proposal)
    data: dict[str, str] = {}
    for formset in form.parts.values():
        for field in formset.management_form:
            data[field.html_name] = str(field.value())
    for bound in [form.own, *(row for formset in form.parts.values() for row in formset)]:
        for field in bound:
            value = field.value()
            if isinstance(value, bool):
                data |= {field.html_name: "on"} if value else {}
            else:
                data[field.html_name] = "" if value is None else str(getattr(value, "pk", value))
    return {**data, **changes}
