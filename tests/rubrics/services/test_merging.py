import copy
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics.models import RubricDraft
from rubrics.services.defaults import default_rubric_document
from rubrics.services.drafts import DraftGoneError, NotInForceError, discard_draft
from rubrics.services.merging import Merged, bring_up_to_date, merge
from rubrics.services.publishing import publish_draft
from rubrics.services.refusals import AdministratorsOnlyError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, items_of, make_draft, make_newer_version, make_user
from tests.rubrics.services.draft_draws import edits

DEFAULT = default_rubric_document()
LIST = ("sections", "s", "criteria")
LATER = NOW + dt.timedelta(hours=1)


@st.composite
def changed(draw):
    """The default rubric after some edits, with items and gates taken out, put in and in another order."""
    document = copy.deepcopy(DEFAULT)
    for _ in range(draw(st.integers(0, 3))):
        part, values = draw(edits(document))
        part.write(document, values)
    for section in document["sections"]:
        listed = section.get("criteria", section.get("mitigations"))
        listed[:] = draw(st.permutations(listed))[draw(st.integers(0, 1)) :]
        if draw(st.booleans()):
            place = draw(st.integers(0, len(listed)))
            key = f"{section['key']}-{draw(st.integers(1, 2))}"
            listed.insert(place, {"key": key, "weight": draw(st.integers(1, 3))})
    document["gates"] = draw(st.permutations(document["gates"]))
    return document


properties = settings(max_examples=40, deadline=None)


@properties
@given(changed(), changed())
def test_merge_with_one_side_unchanged_is_the_other(base, other):
    assert merge(base, base, other) == Merged(other)
    assert merge(base, other, base) == Merged(other)


@properties
@given(changed(), changed())
def test_merge_of_the_same_changes_is_these(base, both):
    assert merge(base, both, both) == Merged(both)


@properties
@given(changed(), changed(), changed())
def test_merge_keeps_every_key_once_and_tells_each_place_once(base, theirs, mine):
    merged = merge(base, theirs, mine)

    listed = [[part["key"] for part in section.get("criteria", [])] for section in merged.document["sections"]]
    assert all(len(keys) == len(set(keys)) for keys in listed)
    assert len(merged.kept) == len(set(merged.kept))
    assert (merge(base, mine, theirs).kept == []) == (merged.kept == [])


def tree(**changes):
    """A document of three criteria."""
    return {
        "sections": [{"key": "s", "weight": 20, "criteria": [{"key": key, "weight": 1} for key in "abc"]}],
        **changes,
    }


def merged_criteria(base, theirs, mine):
    """The criteria that come of three lists of criteria, and where the draft's own was kept."""
    documents = [{"sections": [{"key": "s", "criteria": listed}]} for listed in (base, theirs, mine)]
    merged = merge(*documents)
    return merged.document["sections"][0]["criteria"], merged.kept


def keyed(keys, **changes):
    return [{"key": key, "weight": changes.get(key, 1)} for key in keys]


def test_merge_takes_from_each_what_it_alone_changed():
    theirs, mine = tree(title="Theirs"), tree()
    mine["sections"][0]["weight"] = 30
    mine["sections"][0]["criteria"][1]["weight"] = 5

    merged = merge(tree(), theirs, mine)

    assert merged == Merged({**mine, "title": "Theirs"})


@pytest.mark.parametrize(
    ("theirs", "mine", "weights", "kept"),
    [
        (keyed("abc", b=2), keyed("abc", b=3), {"a": 1, "b": 3, "c": 1}, [(*LIST, "b", "weight")]),
        (keyed("abc", b=2), keyed("abc", c=3), {"a": 1, "b": 2, "c": 3}, []),
        (keyed("abcd"), keyed("abce"), {"a": 1, "b": 1, "c": 1, "e": 1, "d": 1}, []),
        (keyed("abcd"), keyed("abcd", d=2), {"a": 1, "b": 1, "c": 1, "d": 2}, [(*LIST, "d")]),
        (keyed("ac"), keyed("abc"), {"a": 1, "c": 1}, []),
        (keyed("abc"), keyed("ac"), {"a": 1, "c": 1}, []),
        (keyed("ac"), keyed("abc", b=2), {"a": 1, "b": 2, "c": 1}, [(*LIST, "b")]),
        (keyed("abc", b=2), keyed("ac"), {"a": 1, "c": 1}, [(*LIST, "b")]),
    ],
    ids=["both", "each", "both add", "both add one", "they remove", "I remove", "they remove mine", "I remove theirs"],
)  # fmt: skip
def test_merge_lists_by_key(theirs, mine, weights, kept):
    merged, told = merged_criteria(keyed("abc"), theirs, mine)

    assert {item["key"]: item["weight"] for item in merged} == weights
    assert told == kept


@pytest.mark.parametrize(
    ("theirs", "mine", "order"),
    [
        ("cab", "abc", "cab"), ("abc", "cab", "cab"), ("bca", "cab", "cab"), ("adbc", "abc", "adbc"),
        ("cab", "abxc", "cabx"), ("abcd", "cab", "cabd"), ("abcd", "axbc", "axbcd"), ("cba", "ab", "ba"),
    ],
)  # fmt: skip
def test_merge_order_is_the_drafts_unless_only_the_newer_version_changed_it(theirs, mine, order):
    merged, _ = merged_criteria(keyed("abc"), keyed(theirs), keyed(mine))

    assert "".join(item["key"] for item in merged) == order


@pytest.mark.parametrize(
    ("name", "base", "theirs", "mine", "merged"),
    [
        ("overlap", "0.60", "0.7", "0.6", "0.7"),
        ("probability", ["0.5", "0.90"], ["0.5", "0.95"], ["0.50", "0.9"], ["0.5", "0.95"]),
        ("when", [{"mean_below": "2.0"}], [{"mean_below": "2.2"}], [{"mean_below": 2}], [{"mean_below": "2.2"}]),
        ("reduces", {"a": "0.10", "b": 0}, {"a": "0.2", "b": 0}, {"a": "0.1", "b": "0.3"}, {"a": "0.2", "b": "0.3"}),
        ("weight", "1.0", 1, 2, 2),
        ("weight", 1, 2, "2.0", "2.0"),
        ("weight", "much", "more", "most", "most"),
    ],
)
def test_merge_does_not_take_another_way_to_write_a_number_for_a_change(name, base, theirs, mine, merged):
    outcome = merge({name: base}, {name: theirs}, {name: mine})

    assert outcome == Merged({name: merged}, [] if base != "much" else [("weight",)])


def test_merge_of_a_value_that_both_removed_or_one_did():
    outcome = merge({"a": 1, "b": 1, "c": 1}, {"b": 1, "c": 2}, {"a": 1})

    assert outcome == Merged({}, [("c",)])


# --- a draft whose base moved ----------------------------------------------------------------------------------------


@pytest.fixture
def draft(db, admin_user):
    return make_draft(lambda document: items_of(document)["transfer"].update(weight=30), by=admin_user)


@pytest.mark.django_db
def test_bring_up_to_date_starts_the_draft_from_the_version_in_force(draft, admin_user):
    newer = make_newer_version(lambda document: items_of(document)["issue"].update(weight=22), number=5)

    merged = bring_up_to_date(draft=draft, version=newer, by=admin_user, at=LATER)

    draft.refresh_from_db()
    assert (draft.base, draft.revision, draft.changed_at, merged.kept) == (newer, 2, LATER, [])
    assert [section["weight"] for section in draft.document["sections"]] == [20, 22, 20, 30, 15]
    assert draft.document["version"] == 6
    assert Event.objects.get(event="rubric_draft.edited").details == {"brought_up_to": 5}
    assert publish_draft(draft=draft, seen=2, reason="Both", by=admin_user, at=LATER).number == 6


@pytest.mark.django_db
def test_bring_up_to_date_keeps_the_drafts_own_where_both_changed(draft, admin_user):
    newer = make_newer_version(lambda document: items_of(document)["transfer"].update(weight=40))

    merged = bring_up_to_date(draft=draft, version=newer, by=admin_user, at=LATER)

    draft.refresh_from_db()
    assert items_of(draft.document)["transfer"]["weight"] == 30
    assert merged.kept == [("sections", "transfer", "weight")]


@pytest.mark.django_db
def test_bring_up_to_date_twice_changes_nothing_more(draft, admin_user):
    newer = make_newer_version()

    for _ in range(2):
        bring_up_to_date(draft=draft, version=newer, by=admin_user, at=LATER)

    assert (RubricDraft.objects.get().revision, Event.objects.filter(event="rubric_draft.edited").count()) == (2, 1)


@pytest.mark.django_db
def test_bring_up_to_date_with_a_retired_version_is_refused(draft, admin_user):
    second = make_newer_version()
    make_newer_version(number=3)
    second.refresh_from_db()

    with pytest.raises(NotInForceError):
        bring_up_to_date(draft=draft, version=second, by=admin_user, at=LATER)


@pytest.mark.django_db
def test_bring_up_to_date_with_another_rubric_is_refused(draft, admin_user):
    other = make_newer_version(lambda document: document.update(key="other"))

    with pytest.raises(NotInForceError):
        bring_up_to_date(draft=draft, version=other, by=admin_user, at=LATER)

    assert RubricDraft.objects.get().base == draft.base


@pytest.mark.django_db
def test_bring_up_to_date_is_refused_to_others_and_where_the_draft_is_gone(draft, admin_user, chair):
    newer = make_newer_version()

    with pytest.raises(AdministratorsOnlyError):
        bring_up_to_date(draft=draft, version=newer, by=chair, at=LATER)
    discard_draft(draft=RubricDraft.objects.get(), by=make_user(Role.ADMIN), at=LATER)
    with pytest.raises(DraftGoneError):
        bring_up_to_date(draft=draft, version=newer, by=admin_user, at=LATER)
