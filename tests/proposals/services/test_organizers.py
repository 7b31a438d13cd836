from decimal import Decimal

import pytest

from proposals.services.organizers import (
    OrganizerChangedError,
    OrganizerEntry,
    edit_organizer,
    enter_organizer,
    organizer_differences,
    organizer_digest,
)
from proposals.services.refusals import NotAllowedError
from t2eval.audit.models import Event
from tests.factories import NOW, OrganizerFactory

pytestmark = pytest.mark.django_db

ROUND = {"title": "A round", "period": "2019", "place": "", "sides": "", "note": ""}


def grant(year):
    return {"year": year, "purpose": "Rehearsals", "amount": Decimal(120000), "currency": "USD", "outcome": ""}


def entry(**changes):
    fields = {"name": "An institute", "country": "", "website": "", "description": "", **changes}
    return OrganizerEntry(fields=fields, past_convenings=[ROUND], earlier_grants=[grant(2019), grant(2022)])


@pytest.fixture
def entered(officer):
    return enter_organizer(entry=entry(), by=officer, at=NOW)


def test_edit_over_what_was_opened_saves_and_records_it(entered, officer):
    opened = organizer_digest(entered)

    edited = edit_organizer(organizer=entered, entry=entry(country="Norway"), opened=opened, by=officer, at=NOW)

    assert (edited.country, organizer_digest(edited) == opened) == ("Norway", False)
    assert Event.objects.filter(event="organizer.edited", target_id=str(entered.pk)).count() == 1


def test_edit_over_what_somebody_saved_meanwhile_is_refused(entered, officer, other_officer):
    opened = organizer_digest(entered)
    edit_organizer(organizer=entered, entry=entry(country="Norway"), opened=opened, by=other_officer, at=NOW)

    with pytest.raises(OrganizerChangedError) as refusal:
        edit_organizer(organizer=entered, entry=entry(description="Mine."), opened=opened, by=officer, at=NOW)

    entered.refresh_from_db()
    assert (entered.country, entered.description) == ("Norway", "")
    assert refusal.value.current == organizer_digest(entered)


def test_edit_sent_twice_is_saved_once(entered, officer):
    opened, changed = organizer_digest(entered), entry(country="Norway")

    for _ in range(2):
        edit_organizer(organizer=entered, entry=changed, opened=opened, by=officer, at=NOW)

    assert Event.objects.filter(event="organizer.edited").count() == 1


def test_digest_tells_a_row_that_changed(entered):
    opened = organizer_digest(entered)
    entered.past_convenings.update(place="Oslo")

    assert organizer_digest(entered) != opened


def test_differences_are_named_with_both_texts(entered):
    typed = OrganizerEntry(
        fields={**entry().fields, "name": "The institute"}, past_convenings=[], earlier_grants=[grant(2022)]
    )

    found = [(row.label, row.before, row.after) for row in organizer_differences(entered, typed)]

    assert found == [
        ("Name", ("An institute",), ("The institute",)),
        ("Past convenings", ("A round · 2019",), ()),
        (
            "Our earlier grants",
            ("2022 · Rehearsals · 120000.00 · USD", "2019 · Rehearsals · 120000.00 · USD"),
            ("2022 · Rehearsals · 120000 · USD",),
        ),
    ]


def test_organizers_are_kept_by_officers_and_chairs(committee):
    organizer = OrganizerFactory()

    with pytest.raises(NotAllowedError):
        enter_organizer(entry=entry(), by=committee, at=NOW)
    with pytest.raises(NotAllowedError):
        edit_organizer(organizer=organizer, entry=entry(), opened=organizer_digest(organizer), by=committee, at=NOW)
