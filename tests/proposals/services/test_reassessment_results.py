import datetime as dt

import pytest

from proposals.services.assessing import assess_proposal
from proposals.services.reassessing import reassess_docket, reassess_proposal
from proposals.services.reassessment_results import (
    Band,
    Line,
    comparisons,
    docket_orders,
    reassessed_versions,
)
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, assign, bar, items_of, make_newer_version, make_scorecard, make_user

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=90)


def scored(proposal, officer, **values):
    if not proposal.assignments.filter(officer=officer).exists():
        assign(proposal, officer)
    make_scorecard(proposal, officer, value=3, values={key.replace("_", "-"): held for key, held in values.items()})
    return assess_proposal(proposal=proposal, by=officer, at=NOW)


def remake(proposal, version, chair, at=LATER):
    return reassess_proposal(proposal=proposal, version=version, reason="Asked for.", by=chair, at=at)


def issue_first(document):
    """Nearly all weight on the issue."""
    for section in document["sections"]:
        section["weight"] = 96 if section["key"] == "issue" else 1


def renamed(document):
    """Another key for the first section, a gate less, one that fails, and no index from which to fund."""
    document["sections"][0]["key"] = "theory"
    gone = document["gates"].pop()
    assert gone["key"] != "x"
    document["gates"].append(
        {"key": "x", "title": "Never", "effect": "cap:revise", "when": [{"criterion": "stakes", "below": 4}]}
    )


def test_comparisons_of_a_proposal_without_any_are_none(proposal, officer, chair):
    scored(proposal, officer)

    assert comparisons(proposal, chair) == []


def test_comparison_shows_both_results_and_their_difference(proposal, officer, chair):
    official = scored(proposal, officer, stakes=1)
    made = remake(proposal, make_newer_version(issue_first), chair)

    (found,) = comparisons(proposal, chair)

    change = made.result["index"] - official.result["index"]
    assert change < 0
    assert found.figures[0] == Line(
        "Index", f"{official.result['index']:.1f}", f"{made.result['index']:.1f}", f"−{abs(change):.1f}"
    )
    assert found.figures[1] == Line("Range of open answers", "no open answers", "no open answers")
    assert [(line.difference, line.weights) for line in found.sections][:2] == [
        ("0", ("20%", "1%")),
        ("0", ("20%", "96%")),
    ]
    assert found.gates == []
    assert (found.is_latest, found.has_moved_on, found.carried.is_whole) == (True, False, True)


def test_comparison_names_sections_and_gates_that_only_one_version_has(proposal, officer, chair, version):
    scored(proposal, officer)
    gone = version.gates.order_by("-position").first()
    remake(proposal, make_newer_version(renamed), chair)

    (found,) = comparisons(proposal, chair)

    first, last = found.sections[0], found.sections[-1]
    assert (first.before, first.weights[0], first.difference) == ("–", "", "")
    assert (last.after, last.weights[1], last.difference) == ("–", "", "")
    assert found.gates == [Line("Never", "–", "failed"), Line(gone.title, "passed", "–")]
    assert found.bands[1] == Band("blocked", "Blocked", is_provisional=False)


def test_comparison_without_an_index_says_none(proposal, officer, chair):
    scored(proposal, officer)
    bar(proposal, officer)
    assess_proposal(proposal=proposal, by=None, at=NOW)
    remake(proposal, make_newer_version(), chair)

    (found,) = comparisons(proposal, chair)

    assert found.figures[0] == Line("Index", "none", "none", "")
    assert {line.before for line in found.sections} == {"no value"}
    assert found.bands[0] == Band("blocked", "Blocked", is_provisional=True)


def test_comparison_rises_with_a_plus(proposal, officer, chair):
    scored(proposal, officer, right_people=0)
    remake(proposal, make_newer_version(issue_first), chair)

    (found,) = comparisons(proposal, chair)

    assert found.figures[0].difference.startswith("+")


def test_comparisons_keep_earlier_ones_and_say_what_has_moved_on(proposal, officer, other_officer, chair):
    scored(proposal, officer)
    second = make_newer_version()
    remake(proposal, second, chair)
    scored(proposal, other_officer, stakes=1)
    remake(proposal, second, chair, at=LATER + dt.timedelta(days=1))
    remake(proposal, make_newer_version(number=3), chair, at=LATER + dt.timedelta(days=2))

    found = comparisons(proposal, chair)

    assert [(one.row.rubric_version.number, one.is_latest, one.has_moved_on) for one in found] == [
        (3, True, False),
        (2, True, False),
        (2, False, True),
    ]


def test_comparisons_are_seen_by_whoever_sees_the_assessment(proposal, officer, other_officer, chair, committee):
    scored(proposal, officer)
    remake(proposal, make_newer_version(), chair)
    barred = make_user(Role.CHAIR)
    bar(proposal, barred)

    seen = {user: len(comparisons(proposal, user)) for user in (chair, officer, other_officer, committee, barred)}

    assert seen == {chair: 1, officer: 1, other_officer: 0, committee: 0, barred: 0}


@pytest.fixture
def docket(proposal, officer):
    """Two ranked proposals whose order turns with the weight of the issue, and one without an assessment."""
    scored(proposal, officer, stakes=1)
    second = ProposalFactory(docket=proposal.docket)
    scored(second, officer, right_people=1, track_record=1, cross_party=1, route=2, link=2)
    ProposalFactory(docket=proposal.docket)
    return proposal.docket


def order(found):
    return [(row.proposal.number, row.before.rank, row.after.rank, row.moved, row.fallen) for row in found.rows]


def test_docket_orders_show_who_rises_and_who_falls(docket, proposal, chair):
    version = make_newer_version(issue_first)
    other = docket.proposals.exclude(pk=proposal.pk).order_by("number").first()
    reassess_docket(docket=docket, version=version, reason="Asked for.", by=chair, at=LATER)

    found = docket_orders(docket, version, chair)

    assert order(found) == [(other.number, "2", "1", 1, -1), (proposal.number, "1", "2", -1, 1)]
    assert found.others == []
    assert [row.has_moved_on for row in found.rows] == [False, False]
    assert reassessed_versions(docket, chair) == [version]


def test_docket_orders_are_among_those_that_are_re_assessed(docket, proposal, chair):
    version = make_newer_version(issue_first)
    other = docket.proposals.exclude(pk=proposal.pk).order_by("number").first()
    remake(other, version, chair)

    found = docket_orders(docket, version, chair)

    assert order(found) == [(other.number, "1", "1", 0, 0)]
    assert found.others == [proposal]


def test_docket_orders_leave_out_what_the_chair_is_barred_from(docket, proposal, chair):
    version = make_newer_version(issue_first)
    reassess_docket(docket=docket, version=version, reason="Asked for.", by=chair, at=LATER)
    barred = make_user(Role.CHAIR)
    for one in docket.proposals.all():
        bar(one, barred)

    found = docket_orders(docket, version, barred)

    assert (found.rows, found.others, reassessed_versions(docket, barred)) == ([], [], [])


def test_docket_orders_of_the_declined_have_no_rank(proposal, officer, chair):
    scored(proposal, officer, route=0, link=0)
    version = make_newer_version(lambda document: items_of(document)["stakes"].update(weight=1))
    remake(proposal, version, chair)

    (row,) = docket_orders(proposal.docket, version, chair).rows

    assert (row.before.rank, row.after.rank, row.moved, row.fallen) == ("", "", None, 0)
    assert row.after.band == Band("decline", "Decline", is_provisional=False)


def test_docket_orders_say_which_official_assessment_has_moved_on(docket, proposal, other_officer, chair):
    version = make_newer_version()
    reassess_docket(docket=docket, version=version, reason="Asked for.", by=chair, at=LATER)
    scored(proposal, other_officer)

    found = docket_orders(docket, version, chair)

    assert {row.proposal: row.has_moved_on for row in found.rows}[proposal] is True
