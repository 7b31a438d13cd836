import pytest
from django.urls import reverse

from proposals.models import Docket
from proposals.services.assessing import assess_proposal
from t2eval.accounts.roles import Role
from tests.factories import (
    NOW,
    DocketFactory,
    ProposalFactory,
    assign,
    bar,
    items_of,
    make_check,
    make_scorecard,
    make_user,
)
from tests.load.rows import build_docket
from tests.proposals.drafts import draft_of, regate, reweigh

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def admin(client):
    user = make_user(Role.ADMIN)
    client.force_login(user)
    return user


@pytest.fixture
def docket(version):
    return DocketFactory(rubric_version=version, title="Northern Round")


def scored(docket, title, **answers):
    proposal = ProposalFactory(docket=docket, title=title, number=docket.proposals.count() + 1)
    officer = make_user(Role.OFFICER)
    assign(proposal, officer)
    make_scorecard(proposal, officer, **answers)
    for key in ("provenance", "capacity"):
        make_check(proposal, key)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return proposal


TRANSFER = ("route", "link", "products", "tracking")


@pytest.fixture
def various(docket):
    return [
        scored(docket, "Strong on transfer", value=2, values=dict.fromkeys(TRANSFER, 4)),
        scored(docket, "Strong elsewhere", value=4, values=dict.fromkeys(TRANSFER, 2)),
        scored(docket, "Declined", value=4, values={"epistemic-standards": 0}),
    ]


def address(draft, **query):
    numbers = {key.replace("_", "-"): value for key, value in query.items()}
    return reverse("proposals:what-if", args=[draft.pk], query=numbers)


def shown(page):
    return [
        (group.title, [(row["title"], row["rank"], row["rank_after"], row["crossing"]) for row in group.rows])
        for group in page.context["page"].groups
    ]


def test_page_of_a_draft_with_its_base_s_numbers_shows_that_nothing_moves(client, admin, various):
    page = client.get(address(draft_of()))

    table = page.context["page"]
    assert (page.status_code, table.docket, table.crossing, table.swaps) == (200, "Northern Round", 0, 0)
    assert (table.leads, table.led) == ("P02 Strong elsewhere", "P02 Strong elsewhere")
    assert [title for title, _ in shown(page)] == ["Ranked", "Not eligible: a gate that declines does not pass"]
    assert {row["index_after"] for group in table.groups for row in group.rows} == {""}


def test_page_with_other_weights_shows_who_swaps_and_crosses(client, admin, various):
    page = client.get(address(draft_of(), weight_transfer="200", band_fund="80"))

    ranked = dict(shown(page))["Ranked"]
    table = page.context["page"]
    assert [(title, before, after) for title, before, after, _ in ranked] == [
        ("Strong on transfer", "2", "1"),
        ("Strong elsewhere", "1", "2"),
    ]
    assert table.swap_names == ["P01 passes P02"]
    assert (table.leads, table.led) == ("P01 Strong on transfer", "P02 Strong elsewhere")
    assert page.context["form"]["weight-transfer"].value() == "200"
    assert page.context["form"]["weight-issue"].value() == "20"


@pytest.mark.parametrize(
    ("query", "crossings"),
    [
        ({"band_fund": "100"}, {"Strong elsewhere": ("fund", "fund-with-conditions", "down")}),
        ({"band_fund": "61"}, {"Strong on transfer": ("fund-with-conditions", "fund", "up")}),
    ],
)
def test_page_with_other_bands_says_which_way_the_band_goes(client, admin, various, query, crossings):
    page = client.get(address(draft_of(), **query))

    rows = [row for group in page.context["page"].groups for row in group.rows if row["crossing"]]
    assert {row["title"]: (row["band"]["key"], row["band_after"]["key"], row["crossing"]) for row in rows} == crossings
    assert page.context["page"].crossing == 1


def test_page_of_a_draft_with_other_edits_names_them_and_offers_the_official_method(client, admin, various):
    draft = draft_of(regate)

    offered = client.get(address(draft, docket=various[0].docket_id))
    computed = client.get(offered.context["address"] + "&official=1")

    assert b"what evidence grades allow; criteria or their weights; gates" in offered.content
    assert "page" not in offered.context
    assert computed.context["page"].is_official
    assert "New floor: fires on 0 → 3, would fire on all 3 proposals of this docket" in computed.context["page"].gates
    assert b"Compute with the official method" not in computed.content


def test_page_asked_for_bands_lists_switching_weights_or_why_there_are_none(client, admin, various):
    page = client.get(address(draft_of(), bands="1"))

    rows = {row.title: row for row in page.context["bands"]}
    assert rows["Declined"].moves == []
    assert rows["Declined"].why_none == "A gate decides: Credulous organizer"


def test_page_where_one_section_has_all_the_weight_says_why_it_cannot_switch(client, admin, various):
    others = dict.fromkeys(("weight_theories", "weight_issue", "weight_convening", "weight_risk"), "0")

    page = client.get(address(draft_of(), **others))

    sections = page.context["switching"].sections
    assert [row.title for row in sections if row.is_refused] == ["Policy transfer"]
    assert b"The other sections have no weight" in page.content


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"weight_transfer": ""}, "Policy transfer: Give a number."),
        ({"weight_transfer": "much"}, "Policy transfer: Give a number."),
        ({"weight_transfer": "NaN"}, "Policy transfer: Give a number."),
        ({"weight_transfer": "-1"}, "Policy transfer: Ensure this value is greater than or equal to 0."),
        ({"band_fund": "101"}, "Fund: Ensure this value is less than or equal to 100."),
        ({"band_decline": "1"}, "Bands: needs a band with the minimum 0"),
        ({"band_fund": "60"}, "Bands: 60 is not a minimum of its own"),
        ({"docket": "north"}, "Docket: Enter a valid UUID."),
    ],
)
def test_page_with_bad_numbers_says_so_in_place_of_the_table(client, admin, various, query, problem):
    page = client.get(address(draft_of(), **query))
    update = client.get(address(draft_of(), **{"docket": various[0].docket_id, **query}), headers=HTMX)

    assert (page.status_code, update.status_code) == (200, 422)
    for response in (page, update):
        assert response.context["form"].problems() == [problem]
        assert "page" not in response.context


def test_weights_that_are_all_zero_are_refused_in_words(client, admin, various):
    names = ("theories", "issue", "convening", "transfer", "risk")

    page = client.get(address(draft_of(), **{f"weight_{name}": "0" for name in names}))

    (problem,) = page.context["form"].problems()
    assert problem.startswith("Weights of the sections: ")


def test_draft_with_faults_names_their_place(client, admin, various):
    draft = draft_of()
    items_of(draft.document)["stakes"]["weight"] = -1
    draft.save()

    page = client.get(address(draft))

    assert page.context["form"].problems() == ["Issue-area importance: -1 is not at least 0"]


def test_htmx_gets_the_table_with_the_dockets_first_and_what_stands_under_them_after(client, admin, various, docket):
    draft = draft_of(reweigh)

    first = client.get(address(draft), headers=HTMX)
    update = client.get(address(draft, docket=docket.pk), headers=HTMX)

    assert next(template.name for template in first.templates) == "proposals/what_if_table.html"
    assert next(template.name for template in update.templates) == "proposals/what_if_result.html"
    assert (first.context["dockets"], update.context["dockets"]) == ([docket], [])
    assert (update["HX-Retarget"], update["HX-Reswap"]) == ("#what-if-result", "innerHTML")
    assert "HX-Retarget" not in first


def test_page_without_any_docket_teaches_what_it_needs(client, admin):
    page = client.get(address(draft_of()))

    assert (page.status_code, b"No docket to try this on" in page.content) == (200, True)


def test_docket_of_which_the_viewer_may_know_nothing_does_not_exist(client, admin, docket):
    bar(scored(docket, "Barred", value=3), admin)

    found = [client.get(address(draft_of(), docket=pk)).status_code for pk in (docket.pk, DocketFactory().pk)]

    assert found == [404, 404]


def test_page_marks_a_closed_docket_and_keeps_the_chosen_one(client, admin, various, docket):
    other = DocketFactory(rubric_version=docket.rubric_version, title="Southern Round")
    scored(other, "Other", value=3)
    Docket.objects.filter(pk=other.pk).update(state="closed", closed_at=NOW)

    page = client.get(address(draft_of(), docket=other.pk))

    assert page.context["page"].docket == "Southern Round"
    assert b"Southern Round (closed)" in page.content


def test_page_of_a_proposal_without_a_value_in_a_section_leaves_it_out_of_switching(client, admin, docket):
    scored(docket, "Whole", value=3)
    part = ProposalFactory(docket=docket, title="Part", number=2)
    officer = make_user(Role.OFFICER)
    assign(part, officer)
    card = make_scorecard(part, officer, submitted=False)
    card.scores.filter(criterion__section__key="issue").update(answer="not_enough_information", value=None, grade=None)
    card.state, card.submitted_at = "submitted", NOW
    card.save()
    assess_proposal(proposal=part, by=officer, at=NOW)

    page = client.get(address(draft_of(), bands="1"))

    assert page.context["switching"].excluded == ["P02"]
    (row,) = [row for row in page.context["bands"] if row.title == "Part"]
    assert row.moves == []


@pytest.mark.parametrize("proposals", [1, 3])
def test_update_of_weights_takes_five_queries_and_the_official_method_six(
    client, admin, proposals, django_assert_num_queries
):
    docket = build_docket(proposals=proposals, officers=[make_user(Role.OFFICER) for _ in range(3)])
    draft, edited = draft_of(), draft_of(regate)
    update = address(draft, docket=docket.pk, weight_transfer="30")
    client.get(update, headers=HTMX)  # reads the rubric version, which stays in memory

    with django_assert_num_queries(5):
        client.get(update, headers=HTMX)
    with django_assert_num_queries(6):
        client.get(address(draft))
    with django_assert_num_queries(6):
        found = client.get(address(edited, docket=docket.pk, official="1"), headers=HTMX)

    assert found.context["page"].proposals == proposals


def test_page_of_a_large_docket_paints_a_hundred_rows_and_all_that_cross_until_asked_for_more(client, admin):
    docket = build_docket(proposals=105, officers=[make_user(Role.OFFICER)])
    draft = draft_of()
    where = {"docket": docket.pk}

    first = client.get(address(draft), where).context["page"]
    crossing = client.get(address(draft), {**where, "band-fund": "1", "band-fund-with-conditions": "0.5"}).context[
        "page"
    ]
    everything = client.get(address(draft), {**where, "all": "1"})

    assert (rows_of(first), first.left_out) == (100, 5)
    assert rows_of(crossing) == max(100, crossing.crossing)
    assert (rows_of(everything.context["page"]), everything.context["page"].left_out) == (105, 0)
    assert '<input type="hidden" name="all" value="1" form="weights-form">' in everything.content.decode()


def rows_of(page):
    return sum(len(group.rows) for group in page.groups)
