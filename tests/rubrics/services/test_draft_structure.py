import pytest

from rubrics.models import RubricDraft
from rubrics.services.draft_parts import PartGoneError, find_section
from rubrics.services.draft_structure import add_item, gates_that_name, move_item, remove_gate, remove_item
from rubrics.services.drafts import DraftGoneError, discard_draft
from rubrics.services.refusals import AdministratorsOnlyError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, items_of, make_draft, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(admin_user):
    return make_draft(by=admin_user)


def now(draft):
    return RubricDraft.objects.get(pk=draft.pk)


def keys(draft, section, kind="criteria"):
    return [item["key"] for item in find_section(now(draft).document, section)[kind]]


def edited():
    return [event.details for event in Event.objects.filter(event="rubric_draft.edited").order_by("at")]


@pytest.mark.parametrize(
    ("section", "kind", "item"),
    [
        ("issue", "criteria", {"weight": 25}),
        ("theories", "criteria", {"weight": 1}),
        ("risk", "risks", {}),
        ("risk", "mitigations", {"reduces": {}}),
    ],
)
def test_add_item_stands_last_under_a_key_of_its_title(draft, admin_user, section, kind, item):
    key = add_item(draft=draft, section=section, kind=kind, title="Grain of Salt", by=admin_user, at=NOW)

    listed = find_section(now(draft).document, section)[kind]
    assert (key, listed[-1]) == ("grain-of-salt", {"key": "grain-of-salt", "title": "Grain of Salt", **item})
    assert (now(draft).revision, edited()) == (2, [{"added": "grain-of-salt", "section": section}])


@pytest.mark.parametrize(
    ("weights", "weight"),
    [((50, 30, 21, 0), 25), (("0.2", "0.3", "0.2", "0.3"), "0.25"), (("0.1", "0.1", "0.2", 0), "0.1"), ((0,) * 4, 1)],
)
def test_add_criterion_weighs_about_as_much_as_its_siblings(admin_user, weights, weight):
    def change(document):
        for criterion, held in zip(find_section(document, "issue")["criteria"], weights, strict=True):
            criterion["weight"] = held

    draft = make_draft(change)

    key = add_item(draft=draft, section="issue", kind="criteria", title="New", by=admin_user, at=NOW)

    assert items_of(now(draft).document)[key]["weight"] == weight


def test_add_first_criterion_weighs_one(admin_user):
    draft = make_draft(lambda document: find_section(document, "issue")["criteria"].clear())

    key = add_item(draft=draft, section="issue", kind="criteria", title="New", by=admin_user, at=NOW)

    assert items_of(now(draft).document)[key] == {"key": "new", "title": "New", "weight": 1}


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Stakes", "stakes-2"),  # an item of this section
        ("Hotwash", "hotwash-2"),  # of another
        ("Capacity", "capacity-2"),  # a gate: pages look titles up by key alone
        ("Issue", "issue-2"),  # a section
        ("Μέτρα", "item"),
        ("x" * 90, "x" * 60),
    ],
)
def test_add_item_takes_a_key_that_is_free(draft, admin_user, title, key):
    given = add_item(draft=draft, section="issue", kind="criteria", title=title, by=admin_user, at=NOW)

    assert given == key


def test_add_item_with_one_title_thrice_counts_on(draft, admin_user):
    given = [
        add_item(draft=draft, section="issue", kind="criteria", title="New", by=admin_user, at=NOW) for _ in range(3)
    ]

    assert given == ["new", "new-2", "new-3"]


@pytest.mark.parametrize(("section", "kind"), [("issue", "risks"), ("risk", "criteria"), ("gone", "criteria")])
def test_add_item_where_none_can_stand_is_refused(draft, admin_user, section, kind):
    with pytest.raises(PartGoneError):
        add_item(draft=draft, section=section, kind=kind, title="New", by=admin_user, at=NOW)

    assert now(draft).revision == 1


def test_remove_item_takes_a_criterion_out_and_leaves_the_gates(draft, admin_user):
    section = remove_item(draft=draft, key="stakes", by=admin_user, at=NOW)

    assert (section, keys(draft, "issue")) == ("issue", ["focus", "additionality", "window"])
    assert now(draft).document["gates"] == draft.document["gates"]
    assert edited() == [{"removed": "stakes", "section": "issue"}]


def test_remove_item_takes_the_pairings_of_a_risk_out(draft, admin_user):
    remove_item(draft=draft, key="disinformation", by=admin_user, at=NOW)

    reduced = {risk for item in find_section(now(draft).document, "risk")["mitigations"] for risk in item["reduces"]}
    assert reduced == set(keys(draft, "risk", "risks"))
    assert "disinformation" not in reduced


def test_remove_item_takes_a_mitigation_out(draft, admin_user):
    remove_item(draft=draft, key="hotwash", by=admin_user, at=NOW)

    assert "hotwash" not in items_of(now(draft).document)
    assert keys(draft, "risk", "risks") == [risk["key"] for risk in draft.document["sections"][4]["risks"]]


@pytest.mark.parametrize(
    ("key", "up", "order", "revision"),
    [
        ("focus", True, ["focus", "stakes", "additionality", "window"], 2),
        ("focus", False, ["stakes", "additionality", "focus", "window"], 2),
        ("stakes", True, ["stakes", "focus", "additionality", "window"], 1),
        ("window", False, ["stakes", "focus", "additionality", "window"], 1),
    ],
)
def test_move_item_goes_one_place_within_its_section(draft, admin_user, key, up, order, revision):
    section = move_item(draft=draft, key=key, up=up, by=admin_user, at=NOW)

    assert (section, keys(draft, "issue"), now(draft).revision) == ("issue", order, revision)


def test_remove_gate_takes_it_out(draft, admin_user):
    remove_gate(draft=draft, key="provenance", by=admin_user, at=NOW)

    gates = [gate for gate in draft.document["gates"] if gate["key"] != "provenance"]
    assert (now(draft).document["gates"], edited()) == (gates, [{"removed": "provenance"}])


@pytest.mark.parametrize(
    ("key", "gates"),
    [
        ("link", ["policy-disconnection", "one-sided-link"]),
        ("hampering-track-1", ["governments-uninformed"]),
        ("off-limits-topics", ["hazardous-content"]),
        ("products", []),
    ],
)
def test_gates_that_name_an_item_are_told(draft, key, gates):
    assert gates_that_name(draft.document, key) == gates


def calls(draft, by):
    return [
        lambda: add_item(draft=draft, section="issue", kind="criteria", title="New", by=by, at=NOW),
        lambda: remove_item(draft=draft, key="stakes", by=by, at=NOW),
        lambda: move_item(draft=draft, key="stakes", up=False, by=by, at=NOW),
        lambda: remove_gate(draft=draft, key="provenance", by=by, at=NOW),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_structure_is_refused_to_everybody_but_administrators(draft, role):
    for call in calls(draft, make_user(role)):
        with pytest.raises(AdministratorsOnlyError):
            call()

    assert (now(draft).document, edited()) == (draft.document, [])


def test_structure_of_a_draft_that_is_gone_is_refused(draft, admin_user):
    discard_draft(draft=now(draft), by=admin_user, at=NOW)

    for call in calls(draft, admin_user):
        with pytest.raises(DraftGoneError):
            call()


def test_structure_that_is_gone_is_refused(draft, admin_user):
    for call in (
        lambda: remove_item(draft=draft, key="gone", by=admin_user, at=NOW),
        lambda: move_item(draft=draft, key="gone", up=True, by=admin_user, at=NOW),
        lambda: remove_gate(draft=draft, key="gone", by=admin_user, at=NOW),
    ):
        with pytest.raises(PartGoneError):
            call()

    assert now(draft).revision == 1
