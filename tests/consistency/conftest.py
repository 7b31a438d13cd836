from collections.abc import Generator

import pytest
from django.db import transaction
from django.test import override_settings

from proposals import models
from tests.consistency.world import World, make_world
from tests.factories import NOW


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Generator[World, None, None]:
    """One world for all tests of a module; every request is rolled back."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"), REDIS_URL="")
    with files, django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def barred_world(world: World) -> Generator[World, None, None]:
    """The same, once everybody has declared a conflict on all proposals; undone afterwards."""
    declared = {"has_conflict": True, "kind": "money", "declared_at": NOW}
    with transaction.atomic():
        models.ConflictDeclaration.objects.all().delete()
        models.ConflictDeclaration.objects.bulk_create(
            models.ConflictDeclaration(proposal_id=world.objects[key]["pk"], user=user, **declared)
            for user in filter(None, world.people.values())
            for key in ("proposal", "decided", "case")
        )
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def closed_world(world: World) -> Generator[World, None, None]:
    """The same with the docket closed; undone afterwards."""
    with transaction.atomic():
        models.Docket.objects.update(state=models.Docket.State.CLOSED, closed_at=NOW)
        yield world
        transaction.set_rollback(True)
