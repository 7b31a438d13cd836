from decimal import Decimal

import pytest
from django.urls import reverse

from proposals.models import Check
from proposals.services.assessing import assess_proposal
from proposals.services.consensus import record_consensus
from proposals.services.gates import override_gate
from proposals.services.residual_falls import stored_falls
from tests.factories import NOW, bar, make_check, make_scorecard

pytestmark = pytest.mark.django_db


def page(proposal, name="assessment-detail", **more):
    return reverse(f"proposals:{name}", kwargs={"pk": proposal.pk, **more})


@pytest.fixture
def assessed(proposal, officer, other_officer):
    make_scorecard(proposal, officer, value=4, values={"link": 3})
    make_scorecard(proposal, other_officer, value=2, values={"link": 0, "hotwash": 1})
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return proposal


def test_assessment_before_own_scorecard_is_in_teaches_and_shows_nothing(client, proposal, officer, other_officer):
    make_scorecard(proposal, other_officer)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    client.force_login(officer)

    response = client.get(page(proposal))

    assert response.status_code == 200
    assert "Your own scorecard comes first" in response.text
    assert response.context["assessment"] is None


def test_assessment_shows_stored_figures(client, assessed, officer):
    client.force_login(officer)

    response = client.get(page(assessed))

    result = assessed.assessments.get(is_current=True).result
    assert f"{result['index']:.1f}" in response.text
    in_order = assessed.docket.rubric_version.sections.order_by("position").values_list("key", flat=True)
    assert [row.figure for row in response.context["rows"].sections()] == [
        f"{result['sections'][key]:.1f}" for key in in_order if key in result["sections"]
    ]
    assert response.context["rows"].gates()[0].state == "unknown"


def test_assessment_lists_cells_to_discuss_with_every_answer(client, assessed, officer, other_officer):
    client.force_login(officer)

    page_rows = client.get(page(assessed)).context["rows"]
    rows, rubric_title = page_rows.flagged(), page_rows.words.title("link")

    found = {(row.item, row.part): row for row in rows}
    assert found["link", "a"].answers == ((officer.name, "3 (E3)"), (other_officer.name, "0 (E3)"))
    assert found["link", "a"].title == f"{rubric_title}, Side A"


def test_assessment_shows_what_counts_of_a_score_above_its_grade(client, proposal, officer, other_officer):
    make_scorecard(proposal, officer, value=4, grade=1)
    make_scorecard(proposal, other_officer, value=0)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    client.force_login(officer)

    found = {row.item: row for row in client.get(page(proposal)).context["rows"].flagged()}

    assert found["stakes"].answers == ((officer.name, "4 → 2 (E1)"), (other_officer.name, "0 (E3)"))


def test_assessment_shows_what_each_condition_does_to_risk(client, proposal, officer):
    make_scorecard(proposal, officer, values={"hotwash": 0}, risk=(4, 4))
    assess_proposal(proposal=proposal, by=None, at=NOW)
    client.force_login(officer)

    response = client.get(page(proposal))

    words = response.context["words"]
    found = stored_falls(proposal.assessments.get(is_current=True), words, "hotwash")
    row = next(row for row in response.context["rows"].conditions() if row.title == words.title("hotwash"))
    assert (len(found) > 0, list(row.falls)) == (True, found)
    assert response.text.count(f'<span class="nowrap">{found[0].figures}</span>') > 0


def test_assessment_names_a_band_after_a_condition_only_where_it_is_another(client, assessed, officer):
    client.force_login(officer)

    rows = client.get(page(assessed)).context["rows"].conditions()

    assessment = assessed.assessments.get(is_current=True)
    others = [item["suggested_after"] != assessment.suggested for item in assessment.result["conditions"]]
    assert [bool(row.after) for row in rows] == others


def test_assessment_proposes_low_cells_with_the_anchor_for_three(client, assessed, officer):
    client.force_login(officer)

    rows = client.get(page(assessed)).context["rows"]

    titles = [row.title for row in rows.low_cells()]
    assert len([title for title in titles if title.endswith(": 1.5")]) == 2
    assert all(row.anchor for row in rows.low_cells())


def test_assessment_of_one_scorecard_names_no_disagreement(client, proposal, officer):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    client.force_login(officer)

    response = client.get(page(proposal))

    assert "there is nobody to differ with yet" in response.text


def test_assessment_page_costs_the_same_queries_with_more_officers(
    client, proposal, officer, other_officer, django_assert_max_num_queries
):
    make_scorecard(proposal, officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    client.force_login(officer)
    client.get(page(proposal))

    with django_assert_max_num_queries(30) as one:
        client.get(page(proposal))
    make_scorecard(proposal, other_officer, value=1)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    with django_assert_max_num_queries(30) as two:
        client.get(page(proposal))

    assert len(one.captured_queries) == len(two.captured_queries)


def agree(proposal, by, item, part="", value="1.5", grade=2, reason="Call with the desk."):
    record_consensus(
        proposal=proposal, item=item, part=part, value=Decimal(value), grade=grade, reason=reason, by=by, at=NOW
    )


def test_assessment_lists_what_was_agreed_in_the_order_of_the_rubric(client, assessed, officer, other_officer, chair):
    agree(assessed, chair, "disinformation", "loss", value="4.5", grade=None)
    agree(assessed, chair, "disinformation", "probability", value="2", grade=None)
    agree(assessed, chair, "hotwash", value="3", grade=1)
    agree(assessed, chair, "link", "b")
    agree(assessed, chair, "link", "a")
    client.force_login(officer)

    response = client.get(page(assessed))

    agreed = response.context["agreed"]
    keys = list(response.context["words"].section_of)
    assert [(row.item, row.part, row.value) for row in agreed] == sorted(
        [
            ("link", "a", "1.5 (E2)"),
            ("link", "b", "1.5 (E2)"),
            ("hotwash", "", "3 → 2 (E1)"),
            ("disinformation", "probability", "2"),
            ("disinformation", "loss", "4.5"),
        ],
        key=lambda row: keys.index(row[0]),
    )
    link = next(row for row in agreed if row.item == "link")
    assert (link.reason, link.by, link.at) == ("Call with the desk.", chair.name, NOW)
    flagged = {(row.item, row.part): row.agreed for row in response.context["rows"].flagged()}
    assert (flagged["link", "a"], flagged["stakes", ""]) == ("1.5 (E2)", "")
    assert link.answers == ((officer.name, "3 (E3)"), (other_officer.name, "0 (E3)"))


def test_assessment_offers_to_change_what_was_agreed_to_the_chair(client, assessed, officer, chair):
    agree(assessed, chair, "stakes")
    found = []
    for user in (officer, chair):
        client.force_login(user)
        found.append(client.get(page(assessed)).text.count(page(assessed, "consensus-record", item="stakes")))

    assert (found[0], found[1] > found[0]) == (0, True)


def test_assessment_after_a_consensus_does_not_say_that_the_officers_agree_everywhere(
    client, proposal, officer, other_officer, chair
):
    make_scorecard(proposal, officer, value=3)
    make_scorecard(proposal, other_officer, value=3)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    client.force_login(officer)
    before = client.get(page(proposal)).text
    agree(proposal, chair, "stakes", value="2.5")

    after = client.get(page(proposal)).text

    words = "agree within one point everywhere", "what was agreed stands below"
    assert [[text.count(part) for part in words] for text in (before, after)] == [[1, 0], [0, 1]]


@pytest.mark.parametrize("name", ["check-edit", "gate-override"])
def test_chair_pages_are_forbidden_to_officers(client, assessed, officer, name):
    client.force_login(officer)

    response = client.get(page(assessed, name, key="provenance"))

    assert response.status_code == 403


@pytest.mark.parametrize("name", ["assessment-detail", "check-edit", "gate-override"])
def test_chair_with_a_conflict_finds_nothing(client, assessed, chair, name):
    bar(assessed, chair)
    client.force_login(chair)
    more = {} if name == "assessment-detail" else {"key": "provenance"}

    assert client.get(page(assessed, name, **more)).status_code == 404


def test_check_edit_saves_and_assesses_again(client, assessed, chair):
    client.force_login(chair)

    response = client.post(page(assessed, "check-edit", key="provenance"), {"status": "sufficient", "note": "Counsel."})

    assert response.status_code == 302
    assert Check.objects.get().set_by == chair
    gates = assessed.assessments.get(is_current=True).result["gates"]
    assert gates["provenance"]["state"] == "pass"


@pytest.mark.parametrize("name", ["check-edit", "gate-override"])
def test_chair_pages_of_what_is_not_there_are_not_found(client, assessed, chair, name):
    client.force_login(chair)

    assert client.get(page(assessed, name, key="nothing")).status_code == 404


def test_gate_override_without_reason_is_refused_with_words(client, assessed, chair):
    client.force_login(chair)

    response = client.post(page(assessed, "gate-override", key="provenance"), {"reason": " "})

    assert response.status_code == 200
    assert "Say why this gate is set aside" in response.text
    assert assessed.gate_overrides.count() == 0


def test_gate_override_sets_aside_and_is_shown(client, assessed, chair):
    client.force_login(chair)

    client.post(page(assessed, "gate-override", key="provenance"), {"reason": "Counsel agreed."})

    response = client.get(page(assessed))
    assert "Set aside by" in response.text
    assert "Counsel agreed." in response.text


def test_gate_override_of_a_passed_gate_says_why_not(client, assessed, chair):
    make_check(assessed)
    assess_proposal(proposal=assessed, by=chair, at=NOW)
    client.force_login(chair)

    response = client.post(page(assessed, "gate-override", key="provenance"), {"reason": "No need."})

    assert "this one is neither" in response.text


def test_gate_override_withdraw_puts_it_back(client, assessed, chair):
    override_gate(proposal=assessed, gate="provenance", reason="x", by=chair, at=NOW)
    client.force_login(chair)

    client.post(page(assessed, "gate-override-withdraw", key="provenance"))
    again = client.post(page(assessed, "gate-override-withdraw", key="provenance"), follow=True)

    assert assessed.assessments.get(is_current=True).result["gates"]["provenance"]["state"] == "unknown"
    assert "not set aside" in again.text


def test_consensus_record_replaces_the_mean(client, assessed, chair):
    client.force_login(chair)
    address = page(assessed, "consensus-record-part", item="link", part="a")

    shown = client.get(address)
    response = client.post(address, {"value": "1.5", "grade": "2", "reason": "Call with the desk."})

    assert assessed.assignments.order_by("assigned_at").first().officer.name in shown.text
    assert response.status_code == 302
    assert assessed.assessments.get(is_current=True).result["criteria"]["link"]["sides"]["a"] == 1.5


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"value": "7", "grade": "2", "reason": "x"}, "The scale runs from 0 to 4"),
        ({"value": "1.3", "grade": "2", "reason": "x"}, "in halves"),
        ({"value": "2", "reason": "x"}, "This field is required"),
        ({"value": "2", "grade": "2"}, "This field is required"),
    ],
)
def test_consensus_record_bad_input_is_refused_and_kept(client, assessed, chair, data, message):
    client.force_login(chair)

    response = client.post(page(assessed, "consensus-record", item="stakes"), data)

    assert message in response.text
    assert assessed.consensus.count() == 0


def test_consensus_record_on_a_risk_has_its_own_scale(client, assessed, chair):
    client.force_login(chair)
    address = page(assessed, "consensus-record-part", item="disinformation", part="probability")

    refused = client.post(address, {"value": "0", "reason": "x"})
    taken = client.post(address, {"value": "4.5", "reason": "x"})

    assert "The scale runs from 1 to 5" in refused.text
    assert taken.status_code == 302


def test_consensus_record_on_no_cell_is_not_found(client, assessed, chair):
    client.force_login(chair)

    assert client.get(page(assessed, "consensus-record", item="link")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "state", "check", "consensus"),
    [("live", "open", 200, 200), ("live", "closed", 200, 403), ("calibration", "open", 403, 403)],
)
def test_decisions_of_the_chair_are_open_as_kind_and_state_of_the_docket_allow(
    client, assessed, chair, kind, state, check, consensus
):
    closed_at = NOW if state == "closed" else None
    type(assessed.docket).objects.update(kind=kind, state=state, closed_at=closed_at)
    client.force_login(chair)

    answers = [
        client.get(page(assessed, "check-edit", key="provenance")).status_code,
        client.get(page(assessed, "consensus-record", item="stakes")).status_code,
    ]

    shown = client.get(page(assessed)).context
    assert answers == [check, consensus]
    assert (shown["can_decide"], shown["can_record_consensus"]) == (check == 200, consensus == 200)
