"""Whatever is published, what is stored stays; and a what-if is what publishing and re-assessing then gives."""

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from proposals.models import Assessment, Docket, Memo, Scorecard
from proposals.services.assessing import assess_proposal
from proposals.services.gates import override_gate
from proposals.services.reassessing import reassess_docket
from proposals.services.standings import docket_groups
from proposals.services.what_if import what_if
from rubrics.models import RubricVersion
from rubrics.scoring.parse import parse_rubric
from rubrics.services.documents import frozen_document, rubric_document
from rubrics.services.draft_faults import draft_faults
from rubrics.services.drafts import save_document, start_draft
from rubrics.services.publishing import publish_draft
from t2eval.accounts.models import User
from t2eval.accounts.roles import Role
from tests.factories import NOW, DocketFactory, ProposalFactory, assign, make_scorecard, make_user
from tests.memo_rows import make_memo

pytestmark = pytest.mark.django_db

Edit = Callable[[dict[str, Any]], None]
number = st.integers(0, 100)
share = st.sampled_from(["0", "0.1", "0.25", "0.35", "0.5", "1"])
threshold = st.sampled_from([0, 1, 2, "2.2", 3, 4])


def section(document: dict[str, Any], key: str) -> dict[str, Any]:
    return next(section for section in document["sections"] if section["key"] == key)


@st.composite
def weights(draw: st.DrawFn) -> Edit:
    drawn = draw(st.lists(number, min_size=5, max_size=5).filter(any))

    def edit(document: dict[str, Any]) -> None:
        for held, weight in zip(document["sections"], drawn, strict=True):
            held["weight"] = weight

    return edit


@st.composite
def criteria_weights(draw: st.DrawFn) -> Edit:
    drawn, key = (
        draw(st.lists(number, min_size=4, max_size=4).filter(any)),
        draw(st.sampled_from(["issue", "transfer"])),
    )

    def edit(document: dict[str, Any]) -> None:
        for held, weight in zip(section(document, key)["criteria"], drawn, strict=True):
            held["weight"] = weight

    return edit


@st.composite
def bands(draw: st.DrawFn) -> Edit:
    drawn = sorted(draw(st.sets(st.integers(1, 100), min_size=3, max_size=3)), reverse=True)

    def edit(document: dict[str, Any]) -> None:
        for band, minimum in zip(document["bands"], drawn, strict=False):
            band["min"] = minimum

    return edit


@st.composite
def caps(draw: st.DrawFn) -> Edit:
    drawn = sorted(draw(st.lists(st.integers(0, 4), min_size=5, max_size=5)))
    return lambda document: document.update(evidence_caps=drawn)


@st.composite
def risk_numbers(draw: st.DrawFn) -> Edit:
    zero, cap, factor = draw(st.integers(1, 100)), draw(share), draw(share)

    def edit(document: dict[str, Any]) -> None:
        risk = section(document, "risk")
        risk |= {"loss_at_zero": zero, "reduction_cap": cap}
        risk["mitigations"][0]["reduces"]["disinformation"] = factor

    return edit


@st.composite
def thresholds(draw: st.DrawFn) -> Edit:
    at, effect = draw(threshold), draw(st.sampled_from(["decline", "block", "cap:revise"]))
    key, name = draw(st.sampled_from([("floor-issue", "mean_below"), ("no-mechanism", "best_claim_below")]))

    def edit(document: dict[str, Any]) -> None:
        gate = next(gate for gate in document["gates"] if gate["key"] == key)
        gate["when"][0][name], gate["effect"] = at, effect

    return edit


@st.composite
def criteria(draw: st.DrawFn) -> Edit:
    """A criterion taken out, or per side where it was not, and a new one."""
    gone, divided, overlap = draw(st.booleans()), draw(st.booleans()), draw(share)

    def edit(document: dict[str, Any]) -> None:
        listed = section(document, "issue")["criteria"]
        if divided:
            listed[3]["per_side"] = True
        if gone:
            del listed[2]
        new = {"key": "urgency", "title": "Urgency", "weight": 10, "anchors": [f"Level {level}" for level in range(5)]}
        listed.append(new)
        section(document, "theories")["overlap"] = overlap

    return edit


edits = st.lists(
    st.one_of(weights(), criteria_weights(), bands(), caps(), risk_numbers(), thresholds(), criteria()),
    min_size=1,
    max_size=4,
)


@pytest.fixture
def docket(version: RubricVersion) -> Docket:
    """Four proposals: a clear one, a middling one, one that a gate declines, and one set aside; two officers each."""
    docket = DocketFactory(rubric_version=version)
    chair = make_user(Role.CHAIR)
    answers: list[tuple[dict[str, int], int]] = [
        ({}, 4), ({"route": 1, "stakes": 2}, 3), ({"link": 0, "route": 1, "governments-informed": 0}, 2),
        ({"cross-party": 1}, 2),
    ]  # fmt: skip
    for place, (values, value) in enumerate(answers):
        proposal = ProposalFactory(docket=docket, number=place + 1)
        for turn, grade in enumerate((3, 2)):
            officer = make_user(Role.OFFICER)
            assign(proposal, officer, sponsor=not turn)
            make_scorecard(
                proposal, officer, value=max(value - turn, 0), grade=grade, values=values, risk=(3, turn + 2)
            )
        assess_proposal(proposal=proposal, by=None, at=NOW)
    override_gate(proposal=proposal, gate="provenance", reason="Counsel saw it.", by=chair, at=NOW)
    name = default_storage.save("memos/kept.pdf", ContentFile(b"%PDF-1.7 kept"))
    make_memo(docket.proposals.get(number=1), job="ready", pdf=name, pdf_sha256="0" * 64)
    return docket


def stored(docket: Docket, chair: User) -> dict[str, Any]:
    """All that must not move: results, scorecards, memos with their bytes, the order of the docket, old versions."""
    memos = list(Memo.objects.filter(proposal__docket=docket).order_by("pk").values())
    return {
        "assessments": list(Assessment.objects.filter(proposal__docket=docket).order_by("pk").values()),
        "scorecards": list(Scorecard.objects.filter(proposal__docket=docket).order_by("pk").values()),
        "memos": memos,
        "bytes": [default_storage.open(memo["pdf"]).read() for memo in memos],
        "order": [
            (group.title, [(row.proposal.pk, row.standing) for row in group.rows])
            for group in docket_groups(docket, chair)
        ],
        "rubric": rubric_document(docket.rubric_version),
    }


def publish(docket: Docket, changes: list[Edit], admin: User) -> RubricVersion | None:
    """The next version with these changes; None where they leave nothing that could be published."""
    draft = start_draft(base=docket.rubric_version, name="Next", by=admin, at=NOW)
    document = copy.deepcopy(draft.document)
    for change in changes:
        change(document)
    save_document(draft, document, by=admin, at=NOW)
    if draft_faults(document) or draft.revision == 1:
        return None
    return publish_draft(draft=draft, seen=draft.revision, reason="Drawn", by=admin, at=NOW)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=edits)
def test_publishing_moves_nothing_that_is_stored_and_gives_what_the_what_if_said(
    docket: Docket, chair: User, admin_user: User, changes: list[Edit]
) -> None:
    with transaction.atomic():
        before = stored(docket, chair)
        version = publish(docket, changes, admin_user)
        assume(version is not None)
        target = parse_rubric(frozen_document(version))
        said = what_if(docket_id=docket.pk, viewer=admin_user, target=target, by_official_method=True)

        made = reassess_docket(docket=docket, version=version, reason="To compare", by=chair, at=NOW)

        assert stored(docket, chair) == before
        assert {
            str(row.proposal_id): (Fraction(row.exact["index"]), row.suggested, row.detail["declined"]) for row in made
        } == {
            key: (found.outcome.index, found.outcome.suggested, found.outcome.declined)
            for key, found in said.after.items()
        }
        transaction.set_rollback(True)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.one_of(weights(), bands()), min_size=1, max_size=2))
def test_recombined_what_if_is_what_the_official_method_gives(
    docket: Docket, chair: User, admin_user: User, changes: list[Edit]
) -> None:
    document = copy.deepcopy(frozen_document(docket.rubric_version))
    for change in changes:
        change(document)
    target = parse_rubric(document)

    recombined = what_if(docket_id=docket.pk, viewer=admin_user, target=target)

    with transaction.atomic():
        version = publish(docket, changes, admin_user)
        assume(version is not None)
        made = reassess_docket(docket=docket, version=version, reason="To compare", by=chair, at=NOW)
        assert {str(row.proposal_id): (Fraction(row.exact["index"]), row.suggested) for row in made} == {
            key: (found.outcome.index, found.outcome.suggested) for key, found in recombined.after.items()
        }
        transaction.set_rollback(True)
