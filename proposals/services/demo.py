"""The demo: users named by their role, the default rubric, the calibration cases and the sample docket."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from proposals.models import Proposal
from proposals.services.defaults import load_defaults
from proposals.services.seeding import load_docket
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from t2eval.audit.services import record

PASSWORD = "track-two-demo"  # noqa: S105 - printed by the demo, refused in production
ACCOUNTS = {
    "officer": ("Demo officer", Role.OFFICER),
    "officer-2": ("Demo officer two", Role.OFFICER),
    "officer-3": ("Demo officer three", Role.OFFICER),
    "chair": ("Demo chair", Role.CHAIR),
    "committee": ("Demo committee member", Role.COMMITTEE),
    "admin": ("Demo administrator", Role.ADMIN),
    "auditor": ("Demo auditor", Role.AUDITOR),
}
DATA = ("calibration", "sample")


class NotADemoDatabaseError(Exception):
    """The database holds work that the demo did not make."""


def read_data(path: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((settings.BASE_DIR / path).read_text(encoding="utf-8"))
    return document


@transaction.atomic
def make_demo(*, at: dt.datetime) -> None:
    """Fill an empty database with the demo. Raises NotADemoDatabaseError; a demo that stands is left as it is."""
    if settings.PRODUCTION:
        raise NotADemoDatabaseError("This is a production installation: the demo has known passwords.")
    if Event.objects.filter(event="demo.made").exists():
        return
    if User.objects.exists() or Proposal.objects.exists():
        raise NotADemoDatabaseError(
            "This database holds users or proposals that the demo did not make. Give the demo its own: unset"
            " DATABASE_URL, or set DATA_DIR to an empty folder."
        )
    users = {name: _account(name, title, role) for name, (title, role) in ACCOUNTS.items()}
    version = load_defaults(by=users["admin"], at=at).version
    for name in DATA:
        if Path(settings.BASE_DIR / f"proposals/data/{name}.json").exists():
            load_docket(read_data(f"proposals/data/{name}.json"), version=version, users=users, at=at)
    record("demo.made", by=None, at=at, target=version)


def _account(username: str, name: str, role: Role) -> User:
    user = User.objects.create_user(
        username=username, password=PASSWORD, email=f"{username}@example.org", name=name, is_staff=role == Role.ADMIN
    )
    user.groups.add(Group.objects.get(name=role))
    return user
