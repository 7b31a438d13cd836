"""What is invented says so on every page that shows it."""

from http import HTTPStatus

import pytest
from django.db import transaction
from django.urls import reverse

from proposals import models
from tests.consistency.addresses import TABLE, Row
from tests.consistency.test_access import client_of

pytestmark = pytest.mark.django_db

# The rubric is nobody's sample; the rest are no pages: what leads back to a page, and a file that was rendered before.
ELSEWHERE = {"proposals:memo-status", "proposals:memo-pdf", "proposals:rubric-publish", "proposals:rubric-gates"}
# Documented history, and practice on it: never a sample.
DOCUMENTED = {"", "case", "practice"}
PAGES = [
    row
    for row in TABLE
    if row.method == "get" and row.object not in DOCUMENTED and row.name not in ELSEWHERE and "rubrics:" not in row.name
]


@pytest.fixture
def sample_world(world):
    with transaction.atomic():
        models.Docket.objects.exclude(kind=models.Docket.Kind.CALIBRATION).update(kind=models.Docket.Kind.SAMPLE)
        models.Organizer.objects.update(is_sample=True)
        yield world
        transaction.set_rollback(True)


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_page_of_a_sample_says_that_it_is_invented(sample_world, row: Row):
    url = reverse(row.name, kwargs=sample_world.objects[row.object])
    answers = [client_of(sample_world, person).get(url) for person in ("sponsor", "officer", "chair", "admin")]

    pages = [answer.content.decode() for answer in answers if answer.status_code == HTTPStatus.OK]

    assert pages
    assert [page for page in pages if "<strong>Sample, invented.</strong>" not in page] == []
