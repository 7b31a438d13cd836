import datetime as dt
import uuid
from typing import Any

from django.db import models

from t2eval.accounts.models import User
from t2eval.audit.models import Event


def record(
    event: str,
    *,
    by: User | None,
    at: dt.datetime,
    target: models.Model,
    proposal_id: uuid.UUID | None = None,
    **details: Any,
) -> Event:
    """Append one event, in the caller's transaction. `by` is None for the system. Details hold no free text."""
    return Event.objects.create(
        event=event,
        at=at,
        by_id=by.pk if by else None,
        by_name=by.name if by else "system",
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:300],
        proposal_id=proposal_id,
        details=details,
    )
