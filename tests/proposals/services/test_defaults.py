from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from proposals.models import IssueArea
from rubrics.models import RubricVersion
from rubrics.services.defaults import default_rubric_document
from rubrics.services.loading import load_rubric_version
from t2eval.audit.models import Event
from tests.factories import NOW

pytestmark = pytest.mark.django_db

AREAS = ["biosecurity", "nuclear-war", "emerging-technology", "great-power-crisis", "other"]


def load() -> list[str]:
    out = StringIO()
    call_command("load_defaults", stdout=out)
    return out.getvalue().splitlines()


def test_load_defaults_into_an_empty_database_publishes_the_rubric_and_adds_the_issue_areas():
    said = load()

    version = RubricVersion.objects.get()
    assert (version.rubric.key, version.state) == (default_rubric_document()["key"], "published")
    assert list(IssueArea.objects.order_by("position").values_list("key", flat=True)) == AREAS
    assert said == [
        f"Published the rubric {version}.",
        "Added issue areas: Biosecurity, Nuclear war, Emerging technology, Great-power crisis, Other.",
    ]
    events = Event.objects.values_list("event", "by_name", "by_id")
    assert sorted(events) == [("issue-area.kept", "system", None)] * 5 + [("rubric_version.published", "system", None)]


def test_load_defaults_twice_changes_nothing():
    load()
    before = [list(model.objects.order_by("pk").values()) for model in (RubricVersion, IssueArea, Event)]

    said = load()

    assert said == ["The defaults are there already; nothing is changed."]
    assert [list(model.objects.order_by("pk").values()) for model in (RubricVersion, IssueArea, Event)] == before


def test_load_defaults_leaves_an_edited_issue_area_and_brings_back_a_missing_one():
    load()
    IssueArea.objects.filter(key="other").update(title="Something else")
    IssueArea.objects.filter(key="biosecurity").delete()

    said = load()

    assert said == ["Added issue areas: Biosecurity."]
    assert IssueArea.objects.get(key="other").title == "Something else"


def test_load_defaults_refuses_where_the_number_holds_other_content_and_loads_nothing():
    load_rubric_version({**default_rubric_document(), "title": "Ours"}, by=None, at=NOW)

    with pytest.raises(CommandError, match=r"Nothing is loaded.*is published with other content"):
        load()

    assert (RubricVersion.objects.count(), IssueArea.objects.count()) == (1, 0)
