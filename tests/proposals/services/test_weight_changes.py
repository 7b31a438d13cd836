import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proposals.memos.content import content_from_json, content_sha256, content_to_json
from proposals.models import Scorecard
from proposals.services.assessing import assess_proposal
from proposals.services.weight_changes import (
    Stays,
    WeightChange,
    WeightChanges,
    dockets_with_scores,
    weight_changes,
    what_stays,
)
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    items_of,
    make_newer_version,
    make_scorecard,
)
from tests.memo_rows import make_memo

pytestmark = pytest.mark.django_db

JUNE, JULY = dt.datetime(2026, 6, 3, 8, tzinfo=dt.UTC), dt.datetime(2026, 7, 4, 8, tzinfo=dt.UTC)
FIRST = NOW
YES = "yes: version 2 was published on 3 June 2026, after the first score of 2 March 2026; this memo rests on version 1"


def heavier(document):
    document["sections"][1]["weight"] = 60


def reworded(document):
    items_of(document)["stakes"]["title"] = "What hangs on it"


def reordered(document):
    document["sections"].reverse()
    document["gates"].reverse()
    document["bands"].reverse()
    for section in document["sections"]:
        for name in ("criteria", "risks", "mitigations"):
            section.get(name, []).reverse()
    for gate in document["gates"]:
        gate["when"].reverse()


def without_a_share_of_nothing(document):
    for section in document["sections"]:
        for mitigation in section.get("mitigations", []):
            mitigation["reduces"] |= {
                risk["key"]: 0 for risk in section["risks"] if risk["key"] not in mitigation["reduces"]
            }


def overlapping(document):
    document["sections"][0]["overlap"] = "0.5"


def lower_bands(document):
    document["bands"][0]["min"] = 70


def capped(document):
    document["evidence_caps"] = [1, 2, 3, 4, 4]


def lower_threshold(document):
    gate = next(gate for gate in document["gates"] if "below" in gate["when"][0])
    gate["when"][0]["below"] = "0.5"


def lighter_criterion(document):
    items_of(document)["stakes"]["weight"] = 1


@pytest.fixture
def scored(proposal, officer):
    make_scorecard(proposal, officer)
    return proposal


@pytest.mark.parametrize(
    "change", [heavier, lighter_criterion, overlapping, lower_bands, capped, lower_threshold], ids=lambda c: c.__name__
)
def test_weight_changes_after_the_first_score_names_other_numbers(scored, change):
    make_newer_version(change, at=JUNE)

    found = weight_changes(scored.docket)

    assert found == WeightChanges(1, FIRST, (WeightChange(2, JUNE),))
    assert found.told("this memo") == YES


@pytest.mark.parametrize("change", [reworded, reordered, without_a_share_of_nothing], ids=lambda c: c.__name__)
def test_weight_changes_of_words_order_and_nothing_are_none(scored, change):
    make_newer_version(change, at=JUNE)

    found = weight_changes(scored.docket)

    assert (found.is_changed, found.told("this memo")) == (False, "no")


def test_weight_changes_before_the_first_score_are_none(scored):
    make_newer_version(heavier, at=FIRST)

    assert weight_changes(scored.docket).told("this memo") == "no"


def test_weight_changes_without_a_score_are_none(proposal, officer):
    make_scorecard(proposal, officer, submitted=False)
    make_newer_version(heavier, at=JUNE)

    assert weight_changes(proposal.docket) == WeightChanges(1, None, ())
    assert weight_changes(proposal.docket).told("this memo") == "no"


def test_weight_changes_of_several_versions_name_those_with_other_numbers(scored):
    make_newer_version(heavier, at=JUNE)
    make_newer_version(reworded, number=3, at=JUNE)
    make_newer_version(capped, number=4, at=JULY)

    assert weight_changes(scored.docket).told("this docket") == (
        "yes: version 2 was published on 3 June 2026 and version 4 on 4 July 2026,"
        " after the first score of 2 March 2026; this docket rests on version 1"
    )


def test_weight_changes_of_another_rubric_do_not_count(scored):
    make_newer_version(lambda document: document.update(key="other"), at=JUNE)

    assert weight_changes(scored.docket).changes == ()


def test_weight_changes_practice_is_no_score(officer):
    case = ProposalFactory(docket__kind="calibration", docket__state="closed", docket__closed_at=NOW)
    make_scorecard(case, officer, round=0)

    assert weight_changes(case.docket).first_score_at is None


def test_dockets_with_scores_gives_each_with_its_first_score(scored, officer, other_officer, version, admin_user):
    later = make_scorecard(scored, other_officer, submitted=False)
    Scorecard.objects.filter(pk=later.pk).update(state="submitted", submitted_at=JUNE)
    drafted = ProposalFactory()
    make_scorecard(drafted, officer, submitted=False)
    practised = ProposalFactory(docket__kind="calibration", docket__state="closed", docket__closed_at=NOW)
    make_scorecard(practised, officer, round=0)
    other = make_newer_version(lambda document: document.update(key="other"))
    elsewhere = ProposalFactory(docket__rubric_version=other)
    make_scorecard(elsewhere, officer)

    assert dockets_with_scores(version.rubric, admin_user) == [(scored.docket, FIRST)]
    assert dockets_with_scores(other.rubric, admin_user) == [(elsewhere.docket, FIRST)]


def test_what_stays_counts_scorecards_and_current_assessments(scored, officer, other_officer, version, admin_user):
    make_scorecard(scored, other_officer, submitted=False)
    assess_proposal(proposal=scored, by=officer, at=NOW)
    Scorecard.objects.filter(officer=other_officer).update(state="submitted", submitted_at=JUNE)
    assess_proposal(proposal=scored, by=officer, at=NOW)
    drafted = ProposalFactory(docket=scored.docket)
    make_scorecard(drafted, officer, submitted=False)
    practised = ProposalFactory(docket__kind="calibration", docket__state="closed", docket__closed_at=NOW)
    make_scorecard(practised, officer, round=0)

    assert what_stays(version.rubric, admin_user) == Stays(draft_scorecards=1, submitted_scorecards=2, assessments=1)


@pytest.mark.parametrize("dockets", [1, 3])
def test_what_stays_and_dockets_with_scores_take_three_queries(officer, version, dockets, admin_user):
    for _ in range(dockets):
        proposal = ProposalFactory(docket=DocketFactory())
        make_scorecard(proposal, officer)

    assert admin_user.roles == {"admin"}  # read once a request, before

    with CaptureQueriesContext(
        connection,
    ) as queries:
        what_stays(version.rubric, admin_user)
        found = dockets_with_scores(version.rubric, admin_user)
        [docket.rubric_version.number for docket, _ in found]

    assert (len(queries), len(found)) == (3, dockets)


def test_memo_prints_that_weights_changed_and_an_older_memo_keeps_its_content(scored, officer):
    assign(ProposalFactory(docket=scored.docket), officer)
    assess_proposal(proposal=scored, by=officer, at=NOW)
    before = make_memo(scored)
    make_newer_version(heavier, at=JUNE)

    after = make_memo(scored)

    assert before.content["annex"]["weights_changed"] == "no"
    assert after.content["annex"]["weights_changed"] == YES
    before.refresh_from_db()
    assert content_sha256(content_from_json(before.content)) == before.content_sha256


def test_memo_stored_before_there_was_such_a_line_opens_and_hashes_as_ever(scored, officer):
    assess_proposal(proposal=scored, by=officer, at=NOW)
    content = make_memo(scored).content
    del content["annex"]["weights_changed"]

    read = content_from_json(content)

    assert read.annex.weights_changed == ""
    assert content_to_json(read) == content
