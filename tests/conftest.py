import datetime as dt

import pytest

from proposals.models import Proposal
from rubrics.models import RubricVersion
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests import factories


@pytest.fixture
def now() -> dt.datetime:
    return factories.NOW


@pytest.fixture
def version(db: None) -> RubricVersion:
    return factories.make_version()


@pytest.fixture
def officer(db: None) -> User:
    return factories.make_user(Role.OFFICER, username="officer")


@pytest.fixture
def other_officer(db: None) -> User:
    return factories.make_user(Role.OFFICER, username="other-officer")


@pytest.fixture
def chair(db: None) -> User:
    return factories.make_user(Role.CHAIR, username="chair")


@pytest.fixture
def committee(db: None) -> User:
    return factories.make_user(Role.COMMITTEE, username="committee")


@pytest.fixture
def admin_user(db: None) -> User:
    return factories.make_user(Role.ADMIN, username="admin", is_staff=True)


@pytest.fixture
def auditor(db: None) -> User:
    return factories.make_user(Role.AUDITOR, username="auditor")


@pytest.fixture
def proposal(version: RubricVersion, officer: User, other_officer: User) -> Proposal:
    """In an open docket, with `officer` as sponsor and `other_officer` assigned too."""
    made = factories.ProposalFactory(docket__rubric_version=version)
    factories.assign(made, officer, sponsor=True, assigned_at=factories.NOW)
    factories.assign(made, other_officer, assigned_at=factories.NOW + dt.timedelta(seconds=1))
    return made
