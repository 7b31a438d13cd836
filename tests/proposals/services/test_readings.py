from decimal import Decimal

import pytest

from proposals.models import AgendaItem, Meeting, ProposalRevision, TransferMechanism
from proposals.services.readings import read_record
from proposals.services.snapshots import take_snapshot
from tests.factories import NOW, ProposalFactory, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal():
    proposal = ProposalFactory()
    Meeting.objects.create(proposal=proposal, position=0, title="First table", days=Decimal("2.5"))
    AgendaItem.objects.create(proposal=proposal, position=0, title="Terms", hours=Decimal(3), is_on_risk=True)
    TransferMechanism.objects.create(
        proposal=proposal,
        position=0,
        kind="pre-briefing",
        side=proposal.sides.get(key="b"),
        audience="A desk",
        evidence=make_evidence(proposal),
    )
    return proposal


def read(proposal):
    return read_record(proposal, sides=proposal.sides.all(), evidence=proposal.evidence.all())


def test_read_record_gives_the_rows_of_the_latest_revision(proposal):
    ProposalRevision.objects.create(proposal=proposal, number=1, content=take_snapshot(proposal), at=NOW)
    proposal.meetings.all().delete()

    reading = read(proposal)

    [meeting], [mechanism] = reading.meetings, reading.transfer_mechanisms
    assert (meeting.title, meeting.days, reading.hours.on_risk) == ("First table", Decimal("2.5"), Decimal(3))
    assert (mechanism.side, mechanism.evidence, mechanism.audience) == (
        proposal.sides.get(key="b"),
        proposal.evidence.get(),
        "A desk",
    )


def test_read_record_without_a_revision_reads_the_record_itself(proposal):
    assert [meeting.title for meeting in read(proposal).meetings] == ["First table"]
