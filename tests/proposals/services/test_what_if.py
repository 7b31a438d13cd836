import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proposals.analysis.edits import EditKind
from proposals.analysis.switching import leader_switches
from proposals.models import Assessment, Docket
from proposals.services.assessing import assess_proposal
from proposals.services.reassessing import reassess_proposal
from proposals.services.standings import docket_groups
from proposals.services.what_if import (
    GateWarning,
    NothingToCompareError,
    OtherEditsError,
    dockets_to_compare,
    gate_warnings,
    what_if,
)
from rubrics.models import RubricVersion
from rubrics.scoring.output import exact
from rubrics.scoring.parse import parse_rubric
from rubrics.services.publishing import publish_draft
from t2eval.accounts.roles import Role
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    bar,
    items_of,
    make_newer_version,
    make_scorecard,
    make_user,
)
from tests.proposals.drafts import draft_of, regate, reweigh

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user(Role.ADMIN)


@pytest.fixture
def docket(version):
    return DocketFactory(rubric_version=version)


def scored(docket, *, officer=None, **answers):
    proposal = ProposalFactory(docket=docket)
    officer = officer or make_user(Role.OFFICER)
    assign(proposal, officer)
    make_scorecard(proposal, officer, **answers)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return proposal


@pytest.fixture
def various(docket):
    """Strong on transfer, strong elsewhere, weak, blocked for want of a check, and declined by a gate."""
    return [
        scored(docket, value=2, values={"route": 4, "link": 4, "products": 4}),
        scored(docket, value=4, values={"route": 2, "link": 2, "products": 2}),
        scored(docket, value=2),
        scored(docket, value=3, risk=(5, 4)),
        scored(docket, value=4, values={"epistemic-standards": 0}),
    ]


def compared(docket, viewer, change=reweigh, **asked):
    return what_if(docket_id=docket.pk, viewer=viewer, target=parse_rubric(draft_of(change).document), **asked)


def ranks(found):
    return {
        change.key: (str(change.rank_before or ""), str(change.rank_after or "")) for change in found.comparison.changes
    }


def test_what_if_before_is_what_is_stored_and_what_the_docket_shows(various, docket, admin):
    found = compared(docket, admin)

    stored = {str(row.proposal_id): row for row in Assessment.objects.current()}
    shown = {
        str(row.proposal.pk): row.standing.rank
        for group in docket_groups(docket, make_user(Role.CHAIR))
        for row in group.rows
    }
    for change in found.comparison.changes:
        row = stored[change.key]
        gates = {key: gate["state"] for key, gate in row.result["gates"].items()}
        assert exact(change.before.index) == row.exact["index"]
        assert (change.before.suggested, change.before.band) == (row.suggested, row.result["band"])
        assert change.before.declined == row.detail["declined"]
        assert {key: state.value for key, state in change.before.states.items()} == gates
        assert str(change.rank_before or "") == shown[change.key]
    assert found.docket == docket.title
    assert [named.title for named in found.named.values()] == [proposal.title for proposal in various]
    assert str(found.named[str(various[0].pk)]) == f"{various[0].code} {various[0].title}"


@pytest.mark.parametrize(
    ("change", "edits"),
    [(reweigh, ()), (regate, (EditKind.EVIDENCE, EditKind.CRITERIA, EditKind.GATES))],
    ids=["recombined", "official"],
)
def test_what_if_equals_publishing_and_assessing_again(various, docket, admin, chair, change, edits):
    draft = draft_of(change)
    found = what_if(
        docket_id=docket.pk, viewer=admin, target=parse_rubric(draft.document), by_official_method=bool(edits)
    )

    version = publish_draft(draft=draft, seen=1, reason="Tried out.", by=admin, at=NOW)
    made = [reassess_proposal(proposal=one, version=version, reason="Now.", by=chair, at=NOW) for one in various]

    assert found.edits == edits
    assert [str(row.proposal_id) for row in made] == list(found.after)
    for row, after in zip(made, found.after.values(), strict=True):
        assert exact(after.outcome.index) == row.exact["index"]
        assert {key: exact(value) for key, value in after.sections.items()} == row.exact["sections"]
        assert (after.outcome.suggested or "", after.outcome.band) == (row.suggested, row.result["band"])
        assert after.outcome.declined == row.detail["declined"]
        states = {key: state.value for key, state in after.outcome.states.items()}
        assert states == {key: gate["state"] for key, gate in row.result["gates"].items()}


def test_what_if_ranks_and_crosses_as_weights_move(various, docket, admin):
    found = compared(docket, admin)

    strong_transfer, strong_elsewhere, *_, declined = [str(proposal.pk) for proposal in various]
    moved = ranks(found)
    assert (moved[strong_transfer], moved[strong_elsewhere], moved[declined]) == (("2", "1"), ("1", "2"), ("", ""))
    assert (strong_transfer, strong_elsewhere) in found.comparison.swaps.pairs
    assert declined in {change.key for change in found.comparison.gate_decided}


def test_what_if_of_other_edits_is_refused_with_their_kinds_unless_the_official_method_is_asked(various, docket, admin):
    with pytest.raises(OtherEditsError) as refused:
        compared(docket, admin, regate)

    assert refused.value.edits == (EditKind.EVIDENCE, EditKind.CRITERIA, EditKind.GATES)
    assert compared(docket, admin, regate, by_official_method=True).edits == refused.value.edits


def test_what_if_by_the_official_method_counts_who_loses_a_judgement(various, docket, admin):
    def drop(document):
        section = next(section for section in document["sections"] if section["key"] == "issue")
        section["criteria"] = [criterion for criterion in section["criteria"] if criterion["key"] != "stakes"]
        document["gates"] = [gate for gate in document["gates"] if "stakes" not in str(gate["when"])]

    assert compared(docket, admin, drop, by_official_method=True).losing == len(various)
    assert compared(docket, admin, regate, by_official_method=True).losing == 0


def test_what_if_that_needs_no_official_method_recombines_though_it_is_asked(various, docket, admin):
    assert compared(docket, admin, by_official_method=True) == compared(docket, admin)


def test_what_if_over_assessments_of_two_versions_compares_each_with_its_own(various, docket, admin):
    draft = draft_of(reweigh)
    newer = make_newer_version(regate)
    other = ProposalFactory(docket=docket)
    Docket.objects.filter(pk=docket.pk).update(rubric_version=newer)
    other.docket.refresh_from_db()
    officer = make_user(Role.OFFICER)
    assign(other, officer)
    make_scorecard(other, officer)
    assess_proposal(proposal=other, by=officer, at=NOW)

    with pytest.raises(OtherEditsError) as refused:
        what_if(docket_id=docket.pk, viewer=admin, target=parse_rubric(draft.document))
    found = what_if(docket_id=docket.pk, viewer=admin, target=parse_rubric(draft.document), by_official_method=True)

    assert refused.value.edits == (EditKind.EVIDENCE, EditKind.CRITERIA, EditKind.GATES)
    assert [source.version for source in found.sources] == [1, 2]
    assert list(found.after) == [str(proposal.pk) for proposal in (*various, other)]


def test_what_if_leaves_out_what_a_conflict_bars_and_ranks_the_rest(various, docket, admin):
    bar(various[1], admin)

    found = compared(docket, admin)

    assert str(various[1].pk) not in ranks(found)
    assert {before for before, _ in ranks(found).values() if before} == {"1", "2", "3"}


@pytest.mark.parametrize("roles", [[], [Role.CHAIR], [Role.OFFICER], [Role.AUDITOR], [Role.COMMITTEE]])
def test_what_if_for_others_than_administrators_has_nothing_to_compare(various, docket, roles):
    user = make_user(*roles, is_superuser=True)

    with pytest.raises(NothingToCompareError):
        compared(docket, user)

    assert not dockets_to_compare(user, "track-2").exists()


def test_what_if_of_a_docket_without_assessments_or_of_another_rubric_has_nothing_to_compare(various, docket, admin):
    target = parse_rubric({**draft_of().document, "key": "another"})

    with pytest.raises(NothingToCompareError):
        compared(DocketFactory(), admin)
    with pytest.raises(NothingToCompareError):
        what_if(docket_id=docket.pk, viewer=admin, target=target)


def test_dockets_to_compare_are_those_with_an_assessment_open_ones_first(docket, admin, version):
    closed = DocketFactory(rubric_version=version, title="A")
    scored(closed)
    Docket.objects.filter(pk=closed.pk).update(state="closed", closed_at=NOW)
    scored(docket)
    barred = DocketFactory(rubric_version=version)
    bar(scored(barred), admin)
    DocketFactory(rubric_version=version)

    assert list(dockets_to_compare(admin, "track-2")) == [docket, closed]
    assert not dockets_to_compare(admin, "another").exists()


def test_switching_weights_are_of_ranked_proposals_and_bands_of_the_declined_too(various, docket, admin):
    found = compared(docket, admin, lambda _: None)

    declined = str(various[-1].pk)
    leaders = leader_switches(found.target, found.points())
    assert {switch.leaders for switch in leaders.values()} == {(str(various[1].pk),)}
    assert leaders["transfer"].above.leader == str(various[0].pk)
    assert [point.key for point in found.points()] == [str(proposal.pk) for proposal in various[:-1]]
    assert found.band_switches()[declined] == ()
    assert found.band_switches()[str(various[1].pk)] == ()  # blocked, for want of a check


def test_gate_warnings_name_gates_that_fire_on_all_and_changed_ones_that_pass_on_all(docket, admin):
    scored(docket, value=2)
    scored(docket, value=1)

    def change(document):
        tests = {"everybody": {"criterion": "stakes", "below": 3}, "nobody": {"criterion": "stakes", "below": 1}}
        document["gates"] += [{"key": key, "effect": "cap:revise", "when": [test]} for key, test in tests.items()] + [
            {"key": "some", "effect": "cap:revise", "when": [{"criterion": "stakes", "below": 2}]}
        ]

    found = gate_warnings(docket_id=docket.pk, viewer=admin, target=parse_rubric(draft_of(change).document))

    new = [warning for warning in found if warning.gate in {"everybody", "nobody", "some"}]
    assert new == [GateWarning("everybody", True, 2), GateWarning("nobody", False, 2)]
    assert {warning.fires_always for warning in found if warning not in new} <= {True}


def test_gate_warnings_of_a_docket_without_assessments_are_none(docket, admin):
    assert gate_warnings(docket_id=docket.pk, viewer=admin, target=parse_rubric(draft_of().document)) == []


@pytest.mark.parametrize("change", [reweigh, regate])
def test_what_if_writes_nothing(various, docket, admin, change):
    target = parse_rubric(draft_of(change).document)

    with CaptureQueriesContext(connection) as queries:
        found = what_if(docket_id=docket.pk, viewer=admin, target=target, by_official_method=True)
        found.points(), found.band_switches()

    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert RubricVersion.objects.count() == 1
    assert items_of(draft_of().document)["transfer"]["weight"] == 25
