import datetime as dt

import pytest

from rubrics.models import Gate, RubricDraft, RubricVersion
from rubrics.services.documents import frozen_document, rubric_document
from rubrics.services.drafts import DraftGoneError, discard_draft
from rubrics.services.publishing import (
    BaseMovedError,
    DraftChangedError,
    DraftFaultyError,
    NothingChangedError,
    publish_draft,
)
from rubrics.services.refusals import AdministratorsOnlyError
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    items_of,
    make_draft,
    make_newer_version,
    make_scorecard,
    make_user,
)

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)


def heavier(document):
    items_of(document)["transfer"]["weight"] = 30


@pytest.fixture
def draft(admin_user):
    return make_draft(heavier, by=admin_user)


def publish(draft, by, **facts):
    return publish_draft(
        **{"draft": draft, "seen": draft.revision, "reason": "Because", "by": by, "at": LATER, **facts}
    )


def refused_and_kept(draft):
    """What stands after a refusal: one version in force, the draft, and no event of a publishing."""
    published = Event.objects.filter(
        event="rubric_version.published", target_id__isnull=False, details__has_key="draft"
    )
    return RubricDraft.objects.filter(pk=draft.pk).exists(), published.count()


def test_publish_draft_makes_the_next_version_of_its_document(draft, version, admin_user):
    published = publish(draft, admin_user)

    published.refresh_from_db()
    assert rubric_document(published) == draft.document
    assert (published.number, published.state, published.reason) == (2, "published", "Because")
    assert (published.published_by, published.published_at, published.retired_at) == (admin_user, LATER, None)


def test_publish_draft_retires_the_version_in_force(draft, version, admin_user):
    publish(draft, admin_user)

    version.refresh_from_db()
    assert (version.state, version.retired_at, version.published_at) == ("retired", LATER, NOW)


def test_publish_draft_takes_the_draft_away_and_leaves_others(draft, admin_user):
    other = make_draft()

    publish(draft, admin_user)

    assert list(RubricDraft.objects.all()) == [other]


def test_publish_draft_records_one_event_without_words(draft, admin_user):
    published = publish(draft, admin_user)

    event = Event.objects.get(event="rubric_version.published", by_id=admin_user.pk)
    assert (event.target_id, event.at, event.details) == (str(published.pk), LATER, {"draft": str(draft.pk)})


def test_publish_draft_counts_on_from_the_highest_number(admin_user):
    make_newer_version(number=7)
    last = make_newer_version(heavier, number=5, at=LATER)
    draft = make_draft(base=last, change=lambda document: document.update(title="Next"))

    published = publish(draft, admin_user)

    assert published.number == 8
    assert sorted(RubricVersion.objects.values_list("number", flat=True)) == [1, 5, 7, 8]


def test_publish_draft_ten_times_leaves_no_gap(version, admin_user):
    for weight in range(31, 41):
        base = RubricVersion.objects.get(state="published")
        draft = make_draft(lambda document, weight=weight: document["sections"][0].update(weight=weight), base=base)
        publish(draft, admin_user)

    versions = RubricVersion.objects.order_by("number")
    assert [each.number for each in versions] == list(range(1, 12))
    assert [each.state for each in versions] == ["retired"] * 10 + ["published"]


def test_publish_draft_with_faults_is_refused_with_all_of_them(admin_user):
    draft = make_draft(lambda document: [section.update(weight=0) for section in document["sections"]])

    with pytest.raises(DraftFaultyError, match="faults that must be mended") as refused:
        publish(draft, admin_user)

    assert [(fault.place.page, fault.message) for fault in refused.value.faults] == [
        ("weights", "the weights sum to zero")
    ]
    assert refused_and_kept(draft) == (True, 0)


@pytest.mark.parametrize(
    "change", [lambda _: None, lambda document: items_of(document)["risk"].update(loss_at_zero="40.00")]
)
def test_publish_draft_that_says_the_same_is_refused(admin_user, change):
    draft = make_draft(change)

    with pytest.raises(NothingChangedError, match="says the same as version 1"):
        publish(draft, admin_user)

    assert refused_and_kept(draft) == (True, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["sections"].reverse(),
        lambda document: document.update(guidance="Other"),
        lambda document: document["sections"][4].update(note="Other"),
        lambda document: document["gates"][0].update(note="Other"),
        lambda document: document["bands"][0].update(note="Other"),
    ],
    ids=["order", "guidance", "note of a section", "note of a gate", "note of a band"],
)
def test_publish_draft_with_other_words_or_order_is_a_version(admin_user, change):
    draft = make_draft(change)

    published = publish(draft, admin_user)

    assert rubric_document(published) == draft.document


def test_publish_draft_whose_base_moved_is_refused_with_the_version_and_kept(draft, version, admin_user):
    other = make_user(Role.ADMIN, name="Ada Other")
    second = publish(make_draft(lambda document: document.update(title="Theirs")), other)

    with pytest.raises(BaseMovedError, match="Version 2 was published by Ada Other meanwhile") as refused:
        publish(draft, admin_user)

    assert (refused.value.version, refused_and_kept(draft)) == (second, (True, 1))


def test_publish_draft_whose_base_the_system_moved_says_so(draft, admin_user):
    make_newer_version(heavier)

    with pytest.raises(BaseMovedError, match="published by the system"):
        publish(draft, admin_user)


def test_publish_draft_changed_since_it_was_seen_is_refused(draft, admin_user):
    RubricDraft.objects.update(revision=2, changed_by=make_user(Role.ADMIN, name="Ada Other"))

    with pytest.raises(DraftChangedError, match="Ada Other changed the draft"):
        publish(draft, admin_user, seen=1)

    assert refused_and_kept(draft) == (True, 0)


@pytest.mark.parametrize("go", ["published", "discarded"])
def test_publish_draft_that_is_gone_is_refused(draft, admin_user, go):
    if go == "published":
        publish(RubricDraft.objects.get(), admin_user)
    else:
        discard_draft(draft=RubricDraft.objects.get(), by=admin_user, at=LATER)
    versions = RubricVersion.objects.count()

    with pytest.raises(DraftGoneError):
        publish(draft, admin_user)

    assert RubricVersion.objects.count() == versions


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_publish_draft_is_refused_to_everybody_but_administrators(draft, role):
    with pytest.raises(AdministratorsOnlyError):
        publish(draft, make_user(role))

    assert refused_and_kept(draft) == (True, 0)


def test_publish_draft_leaves_dockets_scorecards_and_old_documents(draft, proposal, officer, version, admin_user):
    card = make_scorecard(proposal, officer)
    before = rubric_document(version)

    publish(draft, admin_user)

    proposal.docket.refresh_from_db()
    card.refresh_from_db()
    assert (proposal.docket.rubric_version, card.rubric_version) == (version, version)
    assert (rubric_document(version), frozen_document(version)) == (before, before)


@pytest.mark.parametrize("size", [0, 1, 6])
def test_publish_draft_takes_the_same_queries_whatever_the_docket(draft, admin_user, size, django_assert_num_queries):
    docket, officer = DocketFactory(), make_user(Role.OFFICER)
    for proposal in ProposalFactory.create_batch(size, docket=docket):
        assign(proposal, officer)
        make_scorecard(proposal, officer)
    frozen_document(draft.base)

    with django_assert_num_queries(19):
        publish(draft, admin_user)

    assert Gate.objects.filter(version__number=2).count() == 15
