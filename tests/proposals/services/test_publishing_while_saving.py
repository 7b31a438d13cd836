"""Officers go on saving while versions are published: their scorecards stay on the version that they began on."""

import threading

import pytest
from django.db import connections

from proposals.models import Scorecard
from rubrics.models import RubricVersion
from rubrics.services.draft_parts import WeightsPart
from rubrics.services.drafts import digest, edit_draft, start_draft
from rubrics.services.publishing import publish_draft
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, assign, make_user
from tests.proposals.savings import SCORED, save

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8


def publish_once(admin, weight):
    base = RubricVersion.objects.get(state="published")
    draft = start_draft(base=base, name=f"Weight {weight}", by=admin, at=NOW)
    held = WeightsPart().read(draft.document)
    values = {**held, "weight-transfer": str(weight)}
    draft = edit_draft(draft=draft, part=WeightsPart(), values=values, seen=digest(held), by=admin, at=NOW)
    publish_draft(draft=draft, seen=draft.revision, reason="Another weight", by=admin, at=NOW)


def test_publishing_while_officers_save_moves_no_scorecard_to_another_version(version):
    admin = make_user(Role.ADMIN)
    proposal = ProposalFactory(docket__rubric_version=version)
    officers = [make_user(Role.OFFICER) for _ in range(2)]
    for officer in officers:
        assign(proposal, officer)
    is_over, saved, failures = threading.Event(), dict.fromkeys(range(2), 0), []

    def keep_saving(place):
        try:
            while not is_over.is_set() or not saved[place]:
                value = saved[place] % 5
                save(proposal, officers[place], {"stakes": SCORED(value=value, grade=1, rationale="Seen.")})
                saved[place] += 1
        except Exception as error:  # noqa: BLE001 - what it raised is what the test looks at
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=keep_saving, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(ROUNDS):
        publish_once(admin, 26 + turn)
    is_over.set()
    for thread in threads:
        thread.join(30)

    assert failures == []
    assert min(saved.values()) > 0
    assert list(RubricVersion.objects.order_by("number").values_list("number", flat=True)) == list(range(1, ROUNDS + 2))
    cards = Scorecard.objects.values_list("officer", "rubric_version")
    assert set(cards) == {(officer.pk, version.pk) for officer in officers}
    proposal.docket.refresh_from_db()
    assert proposal.docket.rubric_version_id == version.pk
