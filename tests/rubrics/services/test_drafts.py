import datetime as dt

import pytest

from rubrics.models import RubricDraft
from rubrics.services.defaults import default_rubric_document
from rubrics.services.documents import frozen_document
from rubrics.services.draft_parts import GatePart, ItemPart, PartGoneError, ScalePart, WeightsPart
from rubrics.services.drafts import (
    DraftGoneError,
    NotInForceError,
    PartChangedError,
    digest,
    discard_draft,
    edit_draft,
    rename_draft,
    start_draft,
)
from rubrics.services.refusals import AdministratorsOnlyError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, make_draft, make_newer_version, make_user

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)
OTHERS = [role for role in Role if role != Role.ADMIN]


@pytest.fixture
def draft(version, admin_user):
    return make_draft(by=admin_user)


def edit(draft, part, by, *, seen=None, at=LATER, **changed):
    held = part.read(draft.document)
    values, seen = {**held, **changed}, seen or digest(held)
    return edit_draft(draft=draft, part=part, values=values, seen=seen, by=by, at=at)


def events():
    return list(Event.objects.filter(event__startswith="rubric_draft").order_by("at").values_list("event", flat=True))


# --- starting --------------------------------------------------------------------------------------------------------


def test_start_draft_from_the_version_in_force_holds_its_document_with_the_next_number(version, admin_user):
    draft = start_draft(base=version, name="Spring", by=admin_user, at=NOW)

    draft.refresh_from_db()
    assert draft.document == {**frozen_document(version), "version": 2}
    assert (draft.name, draft.base, draft.rubric, draft.revision) == ("Spring", version, version.rubric, 1)
    assert (draft.created_by, draft.created_at, draft.changed_by, draft.changed_at) == (
        admin_user, NOW, admin_user, NOW,
    )  # fmt: skip


def test_start_draft_does_not_share_the_document_kept_in_memory(version, admin_user):
    draft = start_draft(base=version, name="Spring", by=admin_user, at=NOW)

    draft.document["sections"][0]["title"] = "Other"

    assert frozen_document(version)["sections"][0]["title"] == "Theories of change"


def test_start_draft_from_a_file_holds_that_under_this_rubric_and_the_next_number(version, admin_user):
    document = {**default_rubric_document(), "version": 7, "title": "From a file"}

    draft = start_draft(base=version, name="File", by=admin_user, at=NOW, document=document)

    assert draft.document == {**document, "key": "track-2", "version": 2}
    assert document["version"] == 7


@pytest.mark.parametrize("from_file", [True, False])
def test_start_draft_records_one_event(version, admin_user, from_file):
    document = default_rubric_document() if from_file else None

    draft = start_draft(base=version, name="Spring", by=admin_user, at=NOW, document=document)

    event = Event.objects.get(event="rubric_draft.started")
    assert (event.by_id, event.at, event.target_id, event.target_label) == (admin_user.pk, NOW, str(draft.pk), "Spring")
    assert event.details == {"base": 1, "from_file": from_file}


def test_start_draft_from_a_retired_version_is_refused(version, admin_user):
    make_newer_version()
    version.refresh_from_db()

    with pytest.raises(NotInForceError, match="Version 1 is not in force"):
        start_draft(base=version, name="Old", by=admin_user, at=NOW)

    assert RubricDraft.objects.count() == 0


@pytest.mark.parametrize("role", OTHERS)
def test_drafts_are_refused_to_everybody_but_administrators(draft, role):
    user, part = make_user(role), WeightsPart()
    values = part.read(draft.document)
    calls = [
        lambda: start_draft(base=draft.base, name="Mine", by=user, at=NOW),
        lambda: edit_draft(draft=draft, part=part, values=values, seen=digest(values), by=user, at=NOW),
        lambda: rename_draft(draft=draft, name="Mine", by=user, at=NOW),
        lambda: discard_draft(draft=draft, by=user, at=NOW),
    ]

    for call in calls:
        with pytest.raises(AdministratorsOnlyError):
            call()

    assert (RubricDraft.objects.get().name, events()) == ("Next", ["rubric_draft.started"])


# --- editing ---------------------------------------------------------------------------------------------------------


def test_edit_draft_writes_one_revision_with_who_and_when(draft):
    other = make_user(Role.ADMIN)

    edit(draft, WeightsPart(), other, **{"weight-transfer": "30"})

    draft.refresh_from_db()
    assert [section["weight"] for section in draft.document["sections"]] == [20, 20, 20, 30, 15]
    assert (draft.revision, draft.changed_by, draft.changed_at) == (2, other, LATER)
    assert (draft.created_at, draft.document["version"]) == (NOW, 2)


@pytest.mark.parametrize(
    ("part", "details"),
    [
        (ScalePart(), {"part": "ScalePart"}),
        (ItemPart("stakes"), {"part": "ItemPart", "key": "stakes"}),
        (GatePart("provenance"), {"part": "GatePart", "key": "provenance"}),
    ],
)
def test_edit_draft_records_the_part_and_no_text(draft, admin_user, part, details):
    edit(draft, part, admin_user, title="Other")

    event = Event.objects.get(event="rubric_draft.edited")
    assert (event.by_id, event.at, event.target_id, event.details) == (admin_user.pk, LATER, str(draft.pk), details)


def test_edit_draft_with_the_same_content_twice_makes_no_revision_and_no_event(draft, admin_user):
    saved = edit(draft, ItemPart("stakes"), admin_user, title="Other")

    edit(draft, ItemPart("stakes"), admin_user, title="Other")
    again = edit(saved, ItemPart("stakes"), admin_user)

    assert (again.revision, events()) == (2, ["rubric_draft.started", "rubric_draft.edited"])


def test_edit_draft_with_numbers_that_only_look_different_makes_no_revision(draft, admin_user):
    saved = edit(draft, ItemPart("stakes"), admin_user)

    assert (saved.revision, saved.changed_at, events()) == (1, NOW, ["rubric_draft.started"])


def test_edit_draft_of_a_part_saved_meanwhile_is_refused_with_what_stands_now(draft, admin_user):
    other = make_user(Role.ADMIN, name="Ada Other")
    edit(draft, ItemPart("stakes"), other, title="Theirs")

    with pytest.raises(PartChangedError, match="Ada Other saved this part") as refused:
        edit(draft, ItemPart("stakes"), admin_user, title="Mine")

    assert refused.value.current == {**ItemPart("stakes").read(draft.document), "title": "Theirs"}
    assert ItemPart("stakes").read(RubricDraft.objects.get().document)["title"] == "Theirs"
    assert events() == ["rubric_draft.started", "rubric_draft.edited"]


def test_edit_draft_after_the_clash_was_seen_is_saved(draft, admin_user):
    other = make_user(Role.ADMIN)
    theirs = edit(draft, ItemPart("stakes"), other, title="Theirs")

    saved = edit(
        draft, ItemPart("stakes"), admin_user, title="Mine", seen=digest(ItemPart("stakes").read(theirs.document))
    )

    assert (saved.revision, ItemPart("stakes").read(saved.document)["title"]) == (3, "Mine")


def test_edit_draft_while_another_part_was_saved_is_no_clash_and_loses_nothing(draft, admin_user):
    edit(draft, ItemPart("focus"), make_user(Role.ADMIN), title="Theirs")

    saved = edit(draft, ItemPart("stakes"), admin_user, title="Mine")

    titles = [ItemPart(key).read(saved.document)["title"] for key in ("focus", "stakes")]
    assert (saved.revision, titles) == (3, ["Theirs", "Mine"])


def test_edit_draft_of_a_part_that_is_gone_is_refused(draft, admin_user):
    with pytest.raises(PartGoneError):
        edit_draft(draft=draft, part=ItemPart("gone"), values={}, seen="", by=admin_user, at=LATER)


# --- renaming and discarding -----------------------------------------------------------------------------------------


def test_rename_draft_changes_the_name_alone(draft, admin_user):
    rename_draft(draft=draft, name="Autumn", by=admin_user, at=LATER)

    draft.refresh_from_db()
    assert (draft.name, str(draft), draft.revision) == ("Autumn", "Autumn", 1)
    assert events() == ["rubric_draft.started", "rubric_draft.renamed"]


def test_rename_draft_to_the_same_name_records_nothing(draft, admin_user):
    rename_draft(draft=draft, name="Next", by=admin_user, at=LATER)

    assert events() == ["rubric_draft.started"]


def test_discard_draft_leaves_its_event_alone(draft, admin_user):
    discard_draft(draft=draft, by=admin_user, at=LATER)

    event = Event.objects.get(event="rubric_draft.discarded")
    assert (RubricDraft.objects.count(), event.target_id, event.by_id) == (0, str(draft.pk), admin_user.pk)


def test_draft_that_is_gone_is_refused(draft, admin_user):
    discard_draft(draft=RubricDraft.objects.get(), by=admin_user, at=LATER)
    calls = [
        lambda: edit(draft, ItemPart("stakes"), admin_user, title="Mine"),
        lambda: rename_draft(draft=draft, name="Mine", by=admin_user, at=LATER),
        lambda: discard_draft(draft=draft, by=admin_user, at=LATER),
    ]

    for call in calls:
        with pytest.raises(DraftGoneError, match="published or discarded"):
            call()

    assert events() == ["rubric_draft.started", "rubric_draft.discarded"]


def test_digest_tells_values_apart_whatever_their_order():
    assert digest({"a": "1", "b": "2"}) == digest({"b": "2", "a": "1"})
    assert digest({"a": "1"}) != digest({"a": "2"})
