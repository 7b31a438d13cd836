"""The first administrator, whom no other one can make: an operator does, and the trail says the system did."""

import datetime as dt

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from t2eval.audit.roles import change_roles
from t2eval.audit.services import record


def find_user(username: str) -> User | None:
    return User.objects.filter(username=User.normalize_username(username)).first()


@transaction.atomic
def make_administrator(
    *, username: str, name: str | None, email: str | None, password: str | None, at: dt.datetime
) -> User:
    """Create an active administrator, or make one of the user with this name, who keeps all that is not given.

    Raises ValidationError where a fact or the password is refused, or where a new user lacks one.
    """
    user = User.objects.select_for_update().filter(username=User.normalize_username(username)).first()
    is_new = user is None
    user = user or User(username=User.normalize_username(username))
    facts = {"name": name, "email": email, "is_active": True}
    changed = sorted(key for key, value in facts.items() if value is not None and value != getattr(user, key))
    for key in changed:
        setattr(user, key, facts[key])
    user.is_staff = True
    _refuse_faults(user, password)
    if password is not None:
        user.set_password(password)
    user.save()
    if is_new:
        record("user.created", by=None, at=at, target=user)
    else:
        if changed:
            record("user.edited", by=None, at=at, target=user, changed=changed)
        if password is not None:
            record("password.set", by=None, at=at, target=user)
    roles = Group.objects.filter(Q(user=user) | Q(name=Role.ADMIN)).distinct()
    change_roles(user=user, roles=roles, by=None, at=at)
    return user


def _refuse_faults(user: User, password: str | None) -> None:
    """The rules of the administration's own forms."""
    faults: dict[str, list[str]] = {}
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        faults = error.message_dict
    if not user.email:
        faults["email"] = ["An administrator needs an address."]
    if password is None and user._state.adding:  # noqa: SLF001 - Django documents it
        faults["password"] = ["A new user needs a password."]
    elif password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            faults["password"] = error.messages
    if faults:
        raise ValidationError(faults)
