"""The restricted list of participants, the only place where names live. Events never carry a name.

It is kept in closed dockets too: what is issued is searched for these names, and erasing must always be possible.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from proposals.models import Participant, Proposal
from proposals.permissions import can_see_participants
from proposals.services.locking import locked_proposal
from proposals.services.refusals import NotAllowedError
from t2eval.accounts.models import User
from t2eval.audit.services import record


@transaction.atomic
def enter_participant(*, proposal: Proposal, fields: Mapping[str, Any], by: User, at: dt.datetime) -> Participant:
    proposal = _locked_for(proposal, by)
    participant = Participant.objects.create(proposal=proposal, **fields)
    record("participant.entered", by=by, at=at, target=participant, proposal_id=proposal.pk)
    return participant


@transaction.atomic
def edit_participant(*, participant: Participant, fields: Mapping[str, Any], by: User, at: dt.datetime) -> Participant:
    _locked_for(participant.proposal, by)
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    for name, value in fields.items():
        setattr(participant, name, value)
    participant.save()
    record("participant.edited", by=by, at=at, target=participant, proposal_id=participant.proposal_id)
    return participant


@transaction.atomic
def erase_participant(*, participant: Participant, by: User, at: dt.datetime) -> None:
    _locked_for(participant.proposal, by)
    record("participant.erased", by=by, at=at, target=participant, proposal_id=participant.proposal_id)
    participant.delete()


def _locked_for(proposal: Proposal, by: User) -> Proposal:
    proposal = locked_proposal(proposal.pk, by=by, must_be_open=False)
    if not can_see_participants(by, proposal):
        raise NotAllowedError("Names of participants are for the sponsor officer and the chair only.")
    return proposal
