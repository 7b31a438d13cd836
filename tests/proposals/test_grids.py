import pytest

from proposals.models import PlannedMitigation
from proposals.services.grids import load_grid
from tests.factories import ProposalFactory

pytestmark = pytest.mark.django_db


def row_of(proposal, key):
    rows = [row for section in load_grid(proposal).sections for row in section.rows]
    return next(row for row in rows if row.part.key == key)


def test_grid_asks_for_claims_sides_risks_and_mitigations_in_rubric_order():
    proposal = ProposalFactory(sides=["x", "y", "z"], claims=["political-hedge", "expert-community"])

    assert list(load_grid(proposal).cells) == [
        *["expert-community", "political-hedge"],
        *["stakes", "focus", "additionality", "window"],
        *["right-people.x", "right-people.y", "right-people.z", "track-record", "cross-party", "continuity"],
        *["route.x", "route.y", "route.z", "link.x", "link.y", "link.z", "products", "tracking"],
        *["intelligence-collection", "disinformation", "influence-operations", "hampering-track-1"],
        *["information-hazard", "brief-participants", "hotwash", "governments-informed", "epistemic-standards"],
        *["off-limits-topics", "demand-evidence"],
    ]


def test_grid_without_claims_has_none_to_score():
    theories = load_grid(ProposalFactory(claims=[])).sections[0]

    assert (theories.rows, len(theories.unclaimed)) == ((), 7)


def test_grid_cells_carry_the_gates_that_look_at_them():
    cells = load_grid(ProposalFactory()).cells

    assert {key for key, cell in cells.items() if cell.carries_gate} == {
        *["diplomatic-subsidy", "stakes", "focus", "route.a", "route.b", "link.a", "link.b", "hampering-track-1"],
        *["governments-informed", "off-limits-topics", "epistemic-standards"],
    }


def test_grid_mitigation_says_what_it_acts_on_most_first():
    row = row_of(ProposalFactory(), "hotwash")

    assert [pairing.risk.key for pairing in row.acts_on] == [
        "disinformation",
        "intelligence-collection",
        "influence-operations",
    ]


def test_grid_criterion_acts_on_nothing():
    assert row_of(ProposalFactory(), "stakes").acts_on == []


def test_grid_mitigation_carries_the_organizers_plan():
    proposal = ProposalFactory()
    plan = PlannedMitigation.objects.create(proposal=proposal, mitigation="hotwash", plan="Within a day.")

    assert row_of(proposal, "hotwash").plan == plan


def test_grid_per_side_cell_is_named_after_its_side():
    cells = load_grid(ProposalFactory()).cells

    assert (cells["route.a"].label, cells["products"].label) == ("Route to officials, Side A", "Products")
