"""The pages on which administrators make the next version."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rubrics.models import RubricDraft
from rubrics.services.differences import differences
from rubrics.services.documents import frozen_document
from rubrics.services.draft_parts import (
    BandsPart,
    GatePart,
    ItemPart,
    PairingsPart,
    ScalePart,
    SectionPart,
    WeightsPart,
)
from rubrics.services.draft_structure import remove_item
from rubrics.services.drafts import digest, discard_draft, edit_draft, start_draft
from rubrics.services.exchange import write_file
from rubrics.services.publishing import publish_draft
from t2eval.accounts.roles import Role
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(version, admin_user):
    return start_draft(base=version, name="Spring weights", by=admin_user, at=NOW)


@pytest.fixture
def admin(client, admin_user):
    client.force_login(admin_user)
    return client


def address(draft, name, **keys):
    return reverse(f"rubrics:draft-{name}", kwargs={"pk": draft.pk, **keys})


def typed(draft, part, **changed):
    """What the form of a part sends: all that it shows, with some of it changed."""
    held = part.read(draft.document)
    values = {**held, "seen": digest(held), **changed}
    return {name: value for name, value in values.items() if value is not False}


def saved(draft):
    return RubricDraft.objects.get(pk=draft.pk).document


def test_draft_is_started_from_the_version_in_force(admin, version):
    answer = admin.post(reverse("rubrics:draft-start"), {"name": "Next", "base": version.pk})

    draft = RubricDraft.objects.get()
    assert (answer.status_code, answer.url) == (302, address(draft, "detail"))
    assert (draft.name, draft.base, draft.document) == ("Next", version, {**frozen_document(version), "version": 2})


def test_draft_is_listed_for_administrators_only(client, draft, admin_user, officer, chair):
    listed = {}
    for user in (admin_user, officer, chair):
        client.force_login(user)
        listed[user.username] = "Spring weights" in client.get(reverse("rubrics:version-list")).content.decode()

    assert listed == {"admin": True, "officer": False, "chair": False}


RISK = "Risk and mitigation"
FLAG = "The flag “extreme-risk-mandate” is set"
PARTS = {
    "cap": (ScalePart(), "scale", {}, {"cap_2": "2"}, "Evidence grade E2: counts at most 3 → 2"),
    "grade": (ScalePart(), "scale", {}, {"grade_0": "Nothing."}, "Scale: words of evidence grade E0 rewritten"),
    "overlap": (
        SectionPart("theories"), "section", {"section": "theories"}, {"overlap": "0.50"},
        "Theories of change: overlap 0.25 → 0.5",
    ),
    "loss": (
        SectionPart("risk"), "section", {"section": "risk"}, {"losses_1": "4"},
        f"{RISK}: loss of consequence level 1 3 → 4",
    ),
    "questions": (
        SectionPart("theories"), "section", {"section": "theories"}, {"questions": "Why?\r\nWhy now?"},
        "Theories of change: questions rewritten",
    ),
    "anchor": (
        ItemPart("stakes"), "item", {"key": "stakes"}, {"anchor_0": "Nothing at stake."},
        "Issue-area importance, Stakes: anchor for 0 rewritten",
    ),
    "per side": (
        ItemPart("focus"), "item", {"key": "focus"}, {"per_side": "on"},
        "Issue-area importance, Focus on the risk: scored per side no → yes",
    ),
    "acts": (
        ItemPart("hotwash"), "item", {"key": "hotwash"}, {"acts": ["before", "after"]},
        f"{RISK}, Hotwash: note rewritten",
    ),
    "note": (
        ItemPart("intelligence-collection"), "item", {"key": "intelligence-collection"}, {"note": "Watch."},
        f"{RISK}, Intelligence collection: note rewritten",
    ),
    "threshold": (
        GatePart("floor-convening"), "gate", {"key": "floor-convening"}, {"mean_below_0": "2.2"},
        "Gate “Convening below the floor”: fires when: Mean of Convening power below 2.0"
        " → Mean of Convening power below 2.2",
    ),
    "subject": (
        GatePart("outside-mandate"), "gate", {"key": "outside-mandate"}, {"criterion_1": "focus"},
        f"Gate “Outside the extreme-risk mandate”: fires when: {FLAG}, and Stakes below 2"
        f" → {FLAG}, and Focus on the risk below 2",
    ),
    "effect": (
        GatePart("provenance"), "gate", {"key": "provenance"}, {"effect": "decline"},
        "Gate “Provenance not cleared”: effect Blocks issuing → Decline",
    ),
    "band": (BandsPart(), "bands", {}, {"band-fund": "80"}, "Band “Fund”: index from 75 → 80"),
    "pairing": (
        PairingsPart("risk"), "pairings", {"section": "risk"}, {"hotwash.hampering-track-1": "0.1"},
        f"{RISK}, Hotwash: share of “Hampering track 1” 0 → 0.1",
    ),
    "no pairing": (
        PairingsPart("risk"), "pairings", {"section": "risk"}, {"hotwash.disinformation": ""},
        f"{RISK}, Hotwash: share of “Disinformation” 0.35 → 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("part", "name", "keys", "changed", "sentence"), PARTS.values(), ids=PARTS)
def test_part_is_shown_and_saved(admin, draft, part, name, keys, changed, sentence):
    before = saved(draft)
    shown = admin.get(address(draft, name, **keys))

    answer = admin.post(address(draft, name, **keys), typed(draft, part, **changed))

    assert (shown.status_code, answer.status_code, answer.url) == (200, 302, address(draft, name, **keys))
    assert [change.sentence for change in differences(before, saved(draft))] == [sentence]


@pytest.mark.parametrize(("part", "name", "keys", "changed", "sentence"), PARTS.values(), ids=PARTS)
def test_part_sent_as_shown_changes_nothing(admin, draft, part, name, keys, changed, sentence):
    admin.post(address(draft, name, **keys), typed(draft, part))

    draft.refresh_from_db()
    assert draft.revision == 1


def test_part_saved_with_next_leads_to_the_next_part(admin, draft):
    answer = admin.post(address(draft, "item", key="stakes"), typed(draft, ItemPart("stakes"), next="1"))

    assert answer.url == address(draft, "item", key="focus")


def test_part_with_a_number_out_of_bounds_keeps_what_is_typed(admin, draft):
    answer = admin.post(address(draft, "scale"), typed(draft, ScalePart(), cap_4="9", grade_0="Typed words."))

    page = answer.content.decode()
    assert "Ensure this value is less than or equal to 4." in page
    assert ('value="9"' in page, 'value="Typed words."' in page) == (True, True)
    assert saved(draft) == draft.document


def test_part_saved_by_somebody_else_shows_both_and_then_replaces(admin, draft):
    other = make_user(Role.ADMIN, name="Grace Other")
    mine = typed(draft, ItemPart("stakes"), guidance="My words")
    theirs = {**ItemPart("stakes").read(draft.document), "guidance": "Their words"}
    edit_draft(draft=draft, part=ItemPart("stakes"), values=theirs, seen=mine["seen"], by=other, at=NOW)

    page = admin.post(address(draft, "item", key="stakes"), mine)
    again = admin.post(address(draft, "item", key="stakes"), {**mine, "seen": page.context["form"].data["seen"]})

    shown = page.content.decode()
    assert ("Grace Other saved this part" in shown, "Their words" in shown, "My words" in shown) == (True, True, True)
    assert again.status_code == 302
    assert saved(draft)["sections"][1]["criteria"][0]["guidance"] == "My words"


@pytest.mark.parametrize(
    ("name", "keys"),
    [("item", {"key": "nothing"}), ("section", {"section": "nothing"}), ("gate", {"key": "nothing"}),
     ("pairings", {"section": "nothing"}),
     ("pairings", {"section": "issue"}), ("item-add", {"section": "nothing", "kind": "criteria"}),
     ("item-add", {"section": "issue", "kind": "risks"}), ("item-remove", {"key": "nothing"}),
     ("gate-remove", {"key": "nothing"})],
)  # fmt: skip
def test_part_that_is_not_there_is_not_found(admin, draft, name, keys):
    assert admin.get(address(draft, name, **keys)).status_code == 404


def test_criterion_is_added_moved_and_taken_out(admin, draft):
    admin.post(address(draft, "item-add", section="issue", kind="criteria"), {"title": "Cost of failure"})
    admin.post(address(draft, "item-move", key="cost-of-failure"), {"up": "1"})
    order = [criterion["key"] for criterion in saved(draft)["sections"][1]["criteria"]]
    page = admin.get(address(draft, "detail")).content.decode()

    admin.post(address(draft, "item-remove", key="cost-of-failure"))

    assert order == ["stakes", "focus", "additionality", "cost-of-failure", "window"]
    assert "no anchor for 0, 1, 2, 3, 4" in page
    assert saved(draft) == draft.document


def test_criterion_that_a_gate_looks_at_is_taken_out_with_a_warning_and_the_gate_is_to_mend(admin, draft):
    asked = admin.get(address(draft, "item-remove", key="stakes")).content.decode()

    admin.post(address(draft, "item-remove", key="stakes"))

    page = admin.get(address(draft, "detail")).content.decode()
    assert "Outside the extreme-risk mandate" in asked
    assert (f'href="{address(draft, "gate", key="outside-mandate")}"' in page, "is not a criterion" in page) == (
        True,
        True,
    )


def test_gate_is_taken_out(admin, draft):
    asked = admin.get(address(draft, "gate-remove", key="provenance"))

    admin.post(address(draft, "gate-remove", key="provenance"))

    assert asked.status_code == 200
    assert "provenance" not in [gate["key"] for gate in saved(draft)["gates"]]


def test_move_of_what_is_gone_is_not_found(admin, draft):
    assert admin.post(address(draft, "item-move", key="nothing"), {"down": "1"}).status_code == 404


def test_draft_is_renamed_and_discarded(admin, draft):
    shown = [admin.get(address(draft, name)).status_code for name in ("rename", "discard")]
    admin.post(address(draft, "rename"), {"name": "Summer weights"})
    draft.refresh_from_db()

    admin.post(address(draft, "discard"))

    assert (shown, draft.name, RubricDraft.objects.count()) == ([200, 200], "Summer weights", 0)


def test_file_of_a_draft_comes_back_as_a_draft(admin, draft, version):
    admin.post(address(draft, "item-add", section="issue", kind="criteria"), {"title": "Cost of failure"})
    file = admin.get(address(draft, "file"))
    upload = SimpleUploadedFile("next.json", file.content)

    admin.post(reverse("rubrics:draft-import"), {"name": "From a file", "base": version.pk, "file": upload})

    assert file.headers["Content-Disposition"] == 'attachment; filename="track-2-draft-spring-weights.json"'
    assert RubricDraft.objects.get(name="From a file").document == saved(draft)


def test_file_with_faults_is_refused_with_every_place(admin, version):
    document = json.loads(write_file(frozen_document(version)))
    document["sections"][1]["weight"] = -1
    document["gates"][0]["when"][0]["criterion"] = "nothing"
    upload = SimpleUploadedFile("bad.json", json.dumps(document).encode())

    page = admin.post(reverse("rubrics:draft-import"), {"name": "Bad", "base": version.pk, "file": upload})

    assert [str(fault) for fault in page.context["faults"]] == [
        "$.sections[1].weight: -1 is not at least 0",
        '$.gates[0].when[0].criterion: "nothing" is not a criterion of the rubric',
    ]
    assert RubricDraft.objects.count() == 0


def test_file_that_is_too_large_is_refused(admin, version):
    upload = SimpleUploadedFile("big.json", b" " * 2_000_001)

    page = admin.post(reverse("rubrics:draft-import"), {"name": "Big", "base": version.pk, "file": upload})

    assert "more than 2 MB" in page.content.decode()


def test_new_kind_of_gate_comes_in_with_a_file_and_its_difference_is_shown(admin, version):
    document = json.loads(write_file(frozen_document(version)))
    document["gates"].append(
        {
            "key": "any-severe",
            "title": "Any severe risk",
            "effect": "block",
            "when": [{"any_risk_residual_at_least": 25}],
        }
    )
    upload = SimpleUploadedFile("gate.json", json.dumps(document).encode())

    page = admin.post(
        reverse("rubrics:draft-import"), {"name": "Gate", "base": version.pk, "file": upload}, follow=True
    )

    assert [change.sentence for change in page.context["changes"]] == [
        "Gates: new gate “Any severe risk” (blocks issuing): Some residual risk at least 25"
    ]


def test_draft_behind_the_version_in_force_is_brought_up_to_date(admin, draft, admin_user):
    other = start_draft(base=draft.base, name="Theirs", by=admin_user, at=NOW)
    change(other, admin_user, ItemPart("stakes"), guidance="Their words")
    published = publish_draft(draft=other, seen=2, reason="Clearer", by=admin_user, at=NOW)
    change(draft, admin_user, ItemPart("focus"), guidance="My words")
    behind = admin.get(address(draft, "detail")).content.decode()

    admin.post(address(draft, "update"))

    draft.refresh_from_db()
    criteria = draft.document["sections"][1]["criteria"]
    assert "Version 2 was published meanwhile" in behind
    assert (draft.base, criteria[0]["guidance"], criteria[1]["guidance"]) == (published, "Their words", "My words")


def test_draft_that_changed_the_same_as_the_version_in_force_keeps_its_own_and_says_so(admin, draft, admin_user):
    other = start_draft(base=draft.base, name="Theirs", by=admin_user, at=NOW)
    change(other, admin_user, ItemPart("stakes"), guidance="Their words")
    publish_draft(draft=other, seen=2, reason="Clearer", by=admin_user, at=NOW)
    change(draft, admin_user, ItemPart("stakes"), guidance="My words")

    page = admin.post(address(draft, "update"), follow=True).content.decode()

    assert "Places where both had changed the same: 1." in page
    assert saved(draft)["sections"][1]["criteria"][0]["guidance"] == "My words"


def change(draft, by, part, **changed):
    draft.refresh_from_db()
    held = part.read(draft.document)
    edit_draft(draft=draft, part=part, values={**held, **changed}, seen=digest(held), by=by, at=NOW)


def test_draft_page_takes_the_same_queries_whatever_it_changes(admin, draft, admin_user, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        admin.get(address(draft, "detail"))
    change(draft, admin_user, ItemPart("stakes"), guidance="Other words")

    with django_assert_max_num_queries(6):
        admin.get(address(draft, "detail"))


def test_section_without_criteria_leads_to_no_weights(admin, draft, admin_user):
    weights = address(draft, "criteria-weights", section="issue")
    before = [weights in admin.get(url).content.decode() for url in (address(draft, "detail"), of_issue(draft))]
    for key in ("stakes", "focus", "additionality", "window"):
        remove_item(draft=draft, key=key, by=admin_user, at=NOW)

    after = [weights in admin.get(url).content.decode() for url in (address(draft, "detail"), of_issue(draft))]

    assert (before, after) == ([True, True], [False, False])


def of_issue(draft):
    return address(draft, "section", section="issue")


def test_part_of_a_draft_that_is_gone_meanwhile_shows_what_was_typed(admin, draft, admin_user):
    sent = typed(draft, ItemPart("stakes"), guidance="An hour of words.")
    discard_draft(draft=draft, by=admin_user, at=NOW)

    answer = admin.post(address(draft, "item", key="stakes"), sent)

    page = answer.content.decode()
    assert (answer.status_code, "Not saved" in page, "An hour of words." in page) == (404, True, True)


def test_part_of_a_draft_tells_others_nothing(client, draft, chair):
    client.force_login(chair)

    answer = client.post(address(draft, "item", key="stakes"), typed(draft, ItemPart("stakes")))

    assert (answer.status_code, "Not saved" in answer.content.decode()) == (404, False)


@pytest.mark.parametrize("number", ["1e400", "1e999999999", "NaN", "-1", "20,5"])
def test_weight_that_is_no_usable_number_is_refused_and_kept(admin, draft, number):
    sent = typed(draft, WeightsPart(), **{"weight-transfer": number})

    answer = admin.post(address(draft, "weights"), sent)

    assert (answer.status_code, f'value="{number}"' in answer.content.decode()) == (200, True)
    assert saved(draft) == draft.document


@pytest.mark.parametrize(
    ("name", "keys", "sent"),
    [("discard", {}, {}), ("rename", {}, {"name": "Other"}), ("item-move", {"key": "stakes"}, {"up": "1"}),
     ("item-remove", {"key": "stakes"}, {}), ("gate-remove", {"key": "provenance"}, {}), ("update", {}, {}),
     ("item-add", {"section": "issue", "kind": "criteria"}, {"title": "New"})],
)  # fmt: skip
def test_draft_that_is_gone_between_the_look_and_the_deed_is_not_found(
    admin, draft, monkeypatch, admin_user, name, keys, sent
):
    """As when somebody else discards it in that moment: the page has found it, the service does not."""
    discard_draft(draft=draft, by=admin_user, at=NOW)
    for module in ("drafts", "draft_structure"):
        monkeypatch.setattr(f"rubrics.views.{module}.access_draft", lambda *_: draft)

    assert admin.post(address(draft, name, **keys), sent).status_code == 404
