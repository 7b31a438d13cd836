"""The page on which a draft of the rubric is published."""

import pytest
from django.urls import reverse

from proposals.services.assessing import assess_proposal
from rubrics.models import RubricDraft, RubricVersion
from rubrics.services.draft_parts import GatePart, ItemPart, ScalePart, WeightsPart
from rubrics.services.draft_structure import remove_item
from rubrics.services.drafts import digest, edit_draft, start_draft
from rubrics.services.publishing import publish_draft
from t2eval.accounts.roles import Role
from tests.factories import NOW, bar, make_scorecard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(version, admin_user):
    draft = start_draft(base=version, name="Spring weights", by=admin_user, at=NOW)
    return change(draft, admin_user, WeightsPart(), **{"weight-transfer": "30", "weight-theories": "15"})


@pytest.fixture
def admin(client, admin_user):
    client.force_login(admin_user)
    return client


def change(draft, by, part, **changed):
    held = part.read(draft.document)
    return edit_draft(draft=draft, part=part, values={**held, **changed}, seen=digest(held), by=by, at=NOW)


def address(draft):
    return reverse("proposals:rubric-publish", args=[draft.pk])


def test_page_tells_the_difference_and_what_stays(admin, draft, proposal, officer, other_officer):
    make_scorecard(proposal, officer)
    make_scorecard(proposal, other_officer, submitted=False)
    assess_proposal(proposal=proposal, by=None, at=NOW)

    page = admin.get(address(draft))

    assert [change.sentence for change in page.context["changes"]] == [
        "Theories of change: weight 20 → 15",
        "Policy transfer: weight 25 → 30",
    ]
    stays = page.context["stays"]
    assert (stays.draft_scorecards, stays.submitted_scorecards, stays.assessments) == (1, 1, 1)
    assert [docket for docket, _ in page.context["scored"]] == [proposal.docket]
    assert "Scores have been seen already" in page.content.decode()


def test_page_does_not_warn_of_words_alone(admin, version, proposal, officer, admin_user):
    make_scorecard(proposal, officer)
    draft = start_draft(base=version, name="Words", by=admin_user, at=NOW)
    change(draft, admin_user, ItemPart("stakes"), guidance="Other words")

    page = admin.get(address(draft)).content.decode()

    assert "Scores have been seen already" not in page


def test_draft_is_published_with_its_reason(admin, draft, version, admin_user):
    answer = admin.post(address(draft), {"reason": "Transfer is the bottleneck.", "seen": draft.revision})

    published = RubricVersion.objects.get(number=2)
    version.refresh_from_db()
    assert answer.url == reverse("rubrics:version-detail", args=[published.pk])
    assert (published.state, published.reason, published.published_by) == (
        "published",
        "Transfer is the bottleneck.",
        admin_user,
    )
    assert (version.state, RubricDraft.objects.count()) == ("retired", 0)


def test_publishing_without_a_reason_is_refused(admin, draft):
    page = admin.post(address(draft), {"reason": " ", "seen": draft.revision})

    assert ("This field is required." in page.content.decode(), RubricVersion.objects.count()) == (True, 1)


def test_draft_with_faults_has_no_button_and_is_not_published(admin, draft, admin_user):
    remove_item(draft=draft, key="stakes", by=admin_user, at=NOW)
    draft.refresh_from_db()

    shown = admin.get(address(draft)).content.decode()
    sent = admin.post(address(draft), {"reason": "Anyway", "seen": draft.revision}).content.decode()

    assert ("To mend before it can be published" in shown, "Publish version 2" in shown) == (True, False)
    assert ("Not published: The draft has faults" in sent, RubricVersion.objects.count()) == (True, 1)


def test_draft_that_says_the_same_has_nothing_to_publish(admin, version, admin_user):
    draft = start_draft(base=version, name="Same", by=admin_user, at=NOW)

    page = admin.get(address(draft)).content.decode()

    assert ("there is nothing to publish" in page, "<textarea" in page) == (True, False)


def test_draft_saved_by_somebody_else_meanwhile_is_shown_again_with_the_reason(admin, draft):
    seen = draft.revision
    other = make_user(Role.ADMIN, name="Grace Other")
    change(draft, other, ScalePart(), cap_2="2")

    page = admin.post(address(draft), {"reason": "My reason", "seen": seen}).content.decode()

    assert "Not published: Grace Other changed the draft" in page
    assert ("My reason" in page, "Evidence grade E2: counts at most 3 → 2" in page) == (True, True)
    assert RubricVersion.objects.count() == 1


def test_second_of_two_sees_the_difference_and_keeps_the_draft(admin, draft, admin_user):
    other = start_draft(base=draft.base, name="Theirs", by=admin_user, at=NOW)
    other = change(other, admin_user, ScalePart(), cap_2="2")
    publish_draft(draft=other, seen=other.revision, reason="Theirs", by=admin_user, at=NOW)

    page = admin.post(address(draft), {"reason": "Mine", "seen": draft.revision})

    assert "Not published: Version 2 was published by" in page.content.decode()
    assert [change.sentence for change in page.context["changes"]] == [
        "Evidence grade E2: counts at most 2 → 3",
        "Theories of change: weight 20 → 15",
        "Policy transfer: weight 25 → 30",
    ]
    assert (RubricVersion.objects.count(), RubricDraft.objects.get()) == (2, draft)


def test_publishing_what_is_gone_is_not_found(admin, draft, admin_user):
    publish_draft(draft=draft, seen=draft.revision, reason="First", by=admin_user, at=NOW)

    assert admin.post(address(draft), {"reason": "Again", "seen": draft.revision}).status_code == 404


@pytest.fixture
def scored(proposal, officer):
    make_scorecard(proposal, officer, values={"stakes": 3})
    assess_proposal(proposal=proposal, by=None, at=NOW)


def gates(admin, draft, **headers):
    return admin.get(reverse("proposals:rubric-gates", args=[draft.pk]), headers=headers).content.decode()


def test_gate_that_would_fire_on_every_proposal_is_named(admin, draft, scored, admin_user):
    change(draft, admin_user, GatePart("floor-convening"), mean_below_0="4")

    page = gates(admin, draft)

    assert "“Convening below the floor” would fire on the one assessed proposal." in page


def test_changed_gate_that_fires_on_none_is_named(admin, draft, scored, admin_user):
    change(draft, admin_user, GatePart("floor-convening"), mean_below_0="1")

    part = gates(admin, draft, **{"HX-Request": "true"})

    assert "“Convening below the floor” is new or changed, and would fire on no assessed proposal." in part
    assert "<html" not in part


def test_gates_of_a_draft_with_faults_are_not_tried(admin, draft, scored, admin_user):
    remove_item(draft=draft, key="stakes", by=admin_user, at=NOW)

    assert "has faults to mend first" in gates(admin, draft)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.COMMITTEE, Role.AUDITOR])
def test_publishing_is_for_administrators_only(client, draft, role):
    client.force_login(make_user(role))

    assert client.get(address(draft)).status_code == 404
    assert client.post(address(draft), {"reason": "Mine", "seen": draft.revision}).status_code == 404


def test_page_counts_nothing_of_a_proposal_that_a_conflict_bars(admin, draft, scored, proposal, admin_user):
    bar(proposal, admin_user)

    page = admin.get(address(draft))

    stays = page.context["stays"]
    assert (stays.draft_scorecards, stays.submitted_scorecards, stays.assessments) == (0, 0, 0)
    assert (page.context["scored"], proposal.docket.title in page.content.decode()) == ([], False)
