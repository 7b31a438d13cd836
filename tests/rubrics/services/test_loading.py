import copy
import json

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from rubrics.models import Anchor, Band, Criterion, Gate, Pairing, Rubric, RubricVersion, Section
from rubrics.scoring.faults import FaultyDocumentError
from rubrics.scoring.parse import parse_rubric
from rubrics.services.documents import rubric_document
from rubrics.services.loading import RubricVersionExistsError, load_rubric_version
from t2eval.audit.models import Event
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return json.loads((settings.BASE_DIR / "rubrics/data/track-2.json").read_text(encoding="utf-8"))


def test_load_rubric_version_default_file_comes_back_as_the_same_document(document):
    version = load_rubric_version(document, by=None, at=NOW)

    loaded = rubric_document(version)
    assert parse_rubric(loaded) == parse_rubric(document)
    assert [section["key"] for section in loaded["sections"]] == [section["key"] for section in document["sections"]]
    assert loaded["sections"][1]["criteria"][0] == document["sections"][1]["criteria"][0]
    assert loaded["sections"][4]["mitigations"][0]["note"] == document["sections"][4]["mitigations"][0]["note"]
    assert loaded["gates"] == document["gates"]
    assert loaded["note"] == document["note"]


def test_load_rubric_version_twice_changes_nothing(document):
    version = load_rubric_version(document, by=None, at=NOW)
    counts = [model.objects.count() for model in (Rubric, RubricVersion, Section, Criterion, Anchor, Event)]

    again = load_rubric_version(document, by=None, at=NOW)

    assert again == version
    assert counts == [model.objects.count() for model in (Rubric, RubricVersion, Section, Criterion, Anchor, Event)]


@pytest.mark.parametrize("change", [lambda d: d["sections"][0].update(weight=21), lambda d: d.update(title="Other")])
def test_load_rubric_version_same_number_other_content_is_refused(document, change):
    load_rubric_version(document, by=None, at=NOW)
    changed = copy.deepcopy(document)
    change(changed)

    with pytest.raises(RubricVersionExistsError):
        load_rubric_version(changed, by=None, at=NOW)


def test_load_rubric_version_next_number_retires_the_one_in_force(document):
    first = load_rubric_version(document, by=None, at=NOW)

    second = load_rubric_version({**document, "version": 2}, by=None, at=NOW)

    first.refresh_from_db()
    assert (first.state, first.retired_at, second.state) == ("retired", NOW, "published")


def test_load_rubric_version_faulty_document_leaves_nothing(document):
    document["gates"][0]["when"] = []

    with pytest.raises(FaultyDocumentError):
        load_rubric_version(document, by=None, at=NOW)

    assert Rubric.objects.count() == 0


PARTS = {Section: "weight", Criterion: "weight", Anchor: "level", Pairing: "factor", Gate: "position", Band: "minimum"}


@pytest.mark.parametrize(("table", "column"), PARTS.items())
def test_published_version_refuses_change_of_its_parts_in_the_database(version, table, column):
    first = table.objects.first()

    with pytest.raises(DatabaseError, match="published rubric versions do not change"), transaction.atomic():
        table.objects.filter(pk=first.pk).update(**{column: 1})


@pytest.mark.parametrize("table", PARTS)
def test_published_version_refuses_loss_of_its_parts_in_the_database(version, table):
    rows = table.objects.filter(pk=table.objects.first().pk)

    with pytest.raises(DatabaseError, match="published rubric versions do not change"), transaction.atomic():
        rows._raw_delete(rows.db)


def test_published_version_refuses_new_parts_in_the_database(version):
    with pytest.raises(DatabaseError, match="published rubric versions do not change"), transaction.atomic():
        Section.objects.create(version=version, position=99, key="more", weight=1, rule="mean")


@pytest.mark.parametrize(
    "facts",
    [{"title": "x"}, {"evidence_caps": [4, 4, 4, 4, 4]}, {"number": 9}, {"state": "draft", "published_at": None}],
)
def test_published_version_refuses_change_of_itself_in_the_database(version, facts):
    with pytest.raises(DatabaseError, match="published rubric versions do not change"), transaction.atomic():
        RubricVersion.objects.filter(pk=version.pk).update(**facts)


def test_published_version_cannot_be_deleted(version):
    with pytest.raises(DatabaseError, match="published rubric versions do not change"), transaction.atomic():
        RubricVersion.objects.filter(pk=version.pk)._raw_delete("default")
