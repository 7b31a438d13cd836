import copy
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rubrics.scoring.parse import parse_rubric
from rubrics.services.defaults import default_rubric_document
from rubrics.services.differences import differences
from rubrics.services.documents import rubric_document
from rubrics.services.draft_faults import draft_faults
from rubrics.services.storing import store_version
from tests.rubrics.services.draft_draws import edits

pytestmark = pytest.mark.django_db

free = itertools.count(2)


def stored(version, document):
    """The document of the rows that were written, under the number that the document has."""
    written = store_version(version.rubric, document, number=next(free), reason="Because")
    return rubric_document(written) | {"version": document["version"]}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_edits_are_told_and_stored_as_they_are_scored(version, data):
    document = rubric_document(version)
    for _ in range(data.draw(st.integers(1, 4))):
        before = copy.deepcopy(document)
        part, values = data.draw(edits(document))
        held = part.read(document)
        part.write(document, values)
        assert (differences(before, document) == []) == (held == values)
    if draft_faults(document):
        return

    read = stored(version, document)

    assert parse_rubric(read) == parse_rubric(document)
    assert differences(document, read) == []


def test_store_version_writes_a_version_that_is_not_published(version):
    document = default_rubric_document()

    made = store_version(version.rubric, document, number=2, reason="Because")

    made.refresh_from_db()
    assert (made.rubric, made.number, made.state, made.reason) == (version.rubric, 2, "draft", "Because")
    assert (made.published_at, made.published_by, made.retired_at) == (None, None, None)


def test_store_version_keeps_every_word_and_number(version):
    document = rubric_document(version)

    assert stored(version, document) == document


def test_store_version_takes_the_queries_of_a_rubric_of_any_size(version, django_assert_num_queries):
    small = rubric_document(version)
    large = copy.deepcopy(small)
    for section in large["sections"]:
        for name in ("criteria", "risks", "mitigations"):
            more = [{**item, "key": f"{item['key']}-2", "anchors": []} for item in section.get(name, [])]
            section.get(name, []).extend(more)

    with django_assert_num_queries(9):
        store_version(version.rubric, small, number=2, reason="")
    with django_assert_num_queries(9):
        store_version(version.rubric, large, number=3, reason="")
