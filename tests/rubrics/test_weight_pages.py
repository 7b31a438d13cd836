"""The pages on which administrators weigh sections and criteria, and the two helpers."""

import copy

import pytest
from django.urls import reverse

from rubrics.models import RubricDraft
from rubrics.services.draft_parts import CriteriaWeightsPart, WeightsPart
from rubrics.services.drafts import digest, edit_draft, start_draft
from t2eval.accounts.roles import Role
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db

SECTIONS = ("theories", "issue", "convening", "transfer", "risk")
PAGES = {
    "weights": {},
    "criteria-weights": {"section": "issue"},
    "swing": {},
    "rank-order": {},
}


@pytest.fixture
def draft(version, admin_user):
    return start_draft(base=version, name="Spring weights", by=admin_user, at=NOW)


@pytest.fixture
def admin(client, admin_user):
    client.force_login(admin_user)
    return client


def address(draft, name, **keys):
    return reverse(f"rubrics:draft-{name}", kwargs={"pk": draft.pk, **keys})


def typed(draft, part=None, **changed):
    """What the form sends when nothing but the changed has been touched."""
    held = (part or WeightsPart()).read(draft.document)
    shown = " ".join(text for name, text in held.items() if name.startswith("weight-"))
    return {**held, "seen": digest(held), "shown": shown, **{name.replace("_", "-"): v for name, v in changed.items()}}


def weighed(*weights):
    return {f"weight-{key}": str(weight) for key, weight in zip(SECTIONS, weights, strict=True)}


def stored(draft):
    return [section["weight"] for section in RubricDraft.objects.get(pk=draft.pk).document["sections"]]


def rewritten(draft, write):
    document = copy.deepcopy(draft.document)
    write({section["key"]: section for section in document["sections"]})
    RubricDraft.objects.filter(pk=draft.pk).update(document=document)
    draft.refresh_from_db()
    return draft


def bars(answer):
    return [(bar.key, bar.field.value(), bar.share, bar.of_index, bar.in_force) for bar in answer.context["bars"].rows]


def faults(answer):
    return list(answer.context["form"].non_field_errors())


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.CHAIR, Role.COMMITTEE, Role.AUDITOR])
def test_pages_of_weights_are_not_found_for_others(client, draft, name, role):
    client.force_login(make_user(role))

    assert client.get(address(draft, name, **PAGES[name])).status_code == 404


@pytest.mark.parametrize(("name", "most"), [("weights", 6), ("criteria-weights", 6), ("swing", 5), ("rank-order", 5)])
def test_pages_of_weights_take_few_queries(admin, draft, name, most, django_assert_max_num_queries):
    admin.get(address(draft, name, **PAGES[name]))

    with django_assert_max_num_queries(most):
        assert admin.get(address(draft, name, **PAGES[name])).status_code == 200


def test_weights_page_shows_each_section_with_its_share_and_what_is_in_force(admin, draft):
    rewritten(draft, lambda sections: (sections["issue"].update(weight=15), sections["risk"].update(weight=20)))

    answer = admin.get(address(draft, "weights"))

    assert bars(answer) == [
        ("theories", "20", "20.0 %", "20.0 %", "20"),
        ("issue", "15", "15.0 %", "15.0 %", "20"),
        ("convening", "20", "20.0 %", "20.0 %", "20"),
        ("transfer", "25", "25.0 %", "25.0 %", "25"),
        ("risk", "20", "20.0 %", "20.0 %", "15"),
    ]
    assert answer.context["form"].is_rounded is False


def test_weights_page_asks_what_they_would_do(admin, draft):
    page = admin.get(address(draft, "weights")).content.decode()

    assert f'hx-get="{reverse("proposals:what-if", args=[draft.pk])}" hx-include="#weights-form"' in page


def test_weights_that_do_not_lie_on_steps_are_shown_rounded_and_said_so(admin, draft):
    rewritten(draft, lambda sections: [section.update(weight="1.0001") for section in sections.values()])
    rewritten(draft, lambda sections: sections.update(theories=sections["theories"].update(weight=1)))

    page = admin.get(address(draft, "weights"))

    assert [value for _, value, *_ in bars(page)] == ["20", "20", "20", "20", "20"]
    assert "Here they are brought to that in proportion" in page.content.decode()


def test_weights_are_saved_with_the_bands(admin, draft):
    answer = admin.post(
        address(draft, "weights"), typed(draft, **weighed("17.5", 20, "22.25", 25, "15.25"), band_fund="80")
    )

    assert (answer.status_code, answer.url) == (302, address(draft, "weights"))
    assert stored(draft) == ["17.5", 20, "22.25", 25, "15.25"]
    bands = {band["key"]: band["min"] for band in RubricDraft.objects.get().document["bands"]}
    assert bands == {"fund": 80, "fund-with-conditions": 60, "revise": 45, "decline": 0}


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ((20, 20, 20, 25, "12.5"), "The weights sum to 97.5, 2.5 short of 100. They must sum to 100."),
        ((20, 20, 20, 25, "15.01"), "The weights sum to 100.01, 0.01 more than 100. They must sum to 100."),
    ],
)
def test_weights_with_another_sum_are_refused_and_kept_as_typed(admin, draft, weights, fault):
    answer = admin.post(
        address(draft, "weights"), typed(draft, **weighed(*weights), locked=["issue", "risk"], band_fund="81")
    )

    assert faults(answer) == [fault]
    assert [value for _, value, *_ in bars(answer)] == list(map(str, weights))
    assert [bar.key for bar in answer.context["bars"].rows if bar.is_locked] == ["issue", "risk"]
    assert 'value="81"' in answer.content.decode()
    assert stored(draft) == [20, 20, 20, 25, 15]


@pytest.mark.parametrize("weight", ["-1", "101", "12.345", "many", ""])
def test_weight_that_is_none_is_refused_at_its_field(admin, draft, weight):
    answer = admin.post(address(draft, "weights"), typed(draft, **weighed(20, weight, 20, 25, 15)))

    assert (faults(answer), list(answer.context["form"].errors)) == ([], ["weight-issue"])
    assert stored(draft) == [20, 20, 20, 25, 15]


@pytest.mark.parametrize(
    ("weights", "locked", "expected"),
    [
        ((40, 20, 20, 25, 15), [], ["40", "15", "15", "18.75", "11.25"]),
        ((40, 20, 20, 25, 15), ["issue"], ["40", "20", "13.33", "16.67", "10"]),
        ((40, 10, 20, 25, 15), [], ["40", "10", "16.67", "20.83", "12.5"]),
        ((20, 20, 20, 25, 15), ["issue"], ["20", "20", "20", "25", "15"]),
    ],
)
def test_button_rescales_what_is_neither_typed_nor_held_and_saves_nothing(admin, draft, weights, locked, expected):
    answer = admin.post(
        address(draft, "weights"), typed(draft, **weighed(*weights), locked=locked, rescale="1", band_fund="81")
    )

    assert [value for _, value, *_ in bars(answer)] == expected
    assert (faults(answer), answer.context["is_rescaled"]) == ([], True)
    assert answer.context["form"]["shown"].value() == " ".join(expected)
    assert ("Rescaled to 100, and not saved yet." in answer.content.decode(), stored(draft)) == (
        True,
        [20, 20, 20, 25, 15],
    )


@pytest.mark.parametrize(
    ("weights", "locked"),
    [((90, 20, 20, 25, 15), ["issue"]), ((30, 10, 10, 10, 10), []), ((20, 20, 20, 25, 14), SECTIONS)],
)
def test_button_with_nothing_to_rescale_says_so_and_keeps_what_is_typed(admin, draft, weights, locked):
    answer = admin.post(address(draft, "weights"), typed(draft, **weighed(*weights), locked=locked, rescale="1"))

    assert faults(answer)[-1] == (
        "What you typed and what is held leave nothing that could be rescaled. Hold fewer, or type smaller numbers."
    )
    assert [value for _, value, *_ in bars(answer)] == list(map(str, weights))


def test_button_with_a_weight_that_is_none_keeps_it(admin, draft):
    answer = admin.post(address(draft, "weights"), typed(draft, **weighed("many", 20, 20, 25, 15), rescale="1"))

    assert (answer.context["is_rescaled"], bars(answer)[0]) == (False, ("theories", "many", "", "", "20"))
    assert answer.context["bars"].total == "–"


def test_weights_saved_by_somebody_else_are_shown_beside_what_is_typed(admin, draft):
    mine = typed(draft, **weighed(30, 20, 20, 20, 10))
    theirs = {**WeightsPart().read(draft.document), **weighed(20, 30, 20, 20, 10)}
    edit_draft(draft=draft, part=WeightsPart(), values=theirs, seen=mine["seen"], by=make_user(Role.ADMIN), at=NOW)

    answer = admin.post(address(draft, "weights"), mine)
    again = admin.post(address(draft, "weights"), {**mine, "seen": answer.context["form"].data["seen"]})

    assert [(clash.label, *clash.before, *clash.after) for clash in answer.context["clashes"]] == [
        ("Weight of Theories of change", "20", "30"),
        ("Weight of Issue-area importance", "30", "20"),
    ]
    assert (again.status_code, stored(draft)) == (302, [30, 20, 20, 20, 10])


def test_weights_to_try_fill_the_form_and_are_not_saved(admin, draft):
    answer = admin.get(address(draft, "weights"), {**weighed(30, 20, 20, 20, 10), "band-fund": "70", "from": "swing"})

    page = answer.content.decode()
    assert [value for _, value, *_ in bars(answer)] == ["30", "20", "20", "20", "10"]
    assert ("They come from swing weighting" in page, 'value="70"' in page) == (True, True)
    assert stored(draft) == [20, 20, 20, 25, 15]


def test_weights_to_try_that_are_no_numbers_are_left_out(admin, draft):
    answer = admin.get(address(draft, "weights"), {"weight-issue": "NaN", "weight-risk": "-1", "from": "anybody"})

    assert [value for _, value, *_ in bars(answer)] == ["20", "20", "20", "25", "15"]
    assert "These weights are not saved" not in answer.content.decode()


def mirrors(answer):
    return [bar.key for bar in answer.context["bars"].rows if bar.mirrors]


def test_weight_that_mirrors_the_number_of_criteria_is_marked(admin, draft):
    """7, 4, 4, 4 and 5 of 24 are 29.2, 16.7, 16.7, 16.7 and 20.8 of 100."""
    plain = admin.get(address(draft, "weights"))
    mirroring = admin.get(address(draft, "weights"), weighed(29, "16.5", 17, 15, "22.5"))

    hidden = "data-mirrors hidden"
    assert (mirrors(plain), mirrors(mirroring)) == ([], ["theories", "issue", "convening"])
    assert [hidden in answer.content.decode() for answer in (plain, mirroring)] == [True, False]


def test_criteria_show_local_and_global_weights(admin, draft):
    answer = admin.get(address(draft, "criteria-weights", section="convening"))

    assert bars(answer) == [
        ("right-people", "40", "40.0 %", "8.0 %", "40"),
        ("track-record", "25", "25.0 %", "5.0 %", "25"),
        ("cross-party", "20", "20.0 %", "4.0 %", "20"),
        ("continuity", "15", "15.0 %", "3.0 %", "15"),
    ]


def test_criteria_weights_are_saved_and_refused_like_those_of_sections(admin, draft):
    part, url = CriteriaWeightsPart("convening"), address(draft, "criteria-weights", section="convening")
    sent = typed(draft, part) | {"weight-right-people": "50"}

    refused = admin.post(url, sent)
    rescaled = admin.post(url, sent | {"rescale": "1"})
    saved = admin.post(url, sent | {name: rescaled.context["form"].data[name] for name in part.read(draft.document)})

    assert faults(refused) == ["The weights sum to 110, 10 more than 100. They must sum to 100."]
    assert (saved.status_code, saved.url) == (302, url)
    criteria = RubricDraft.objects.get().document["sections"][2]["criteria"]
    assert [criterion["weight"] for criterion in criteria] == [50, "20.83", "16.67", "12.5"]


def test_criterion_that_is_new_says_so(admin, draft):
    new = {"key": "cost", "weight": 0}
    rewritten(draft, lambda sections: sections["issue"]["criteria"].append(new))

    answer = admin.get(address(draft, "criteria-weights", section="issue"))

    assert bars(answer)[-1] == ("cost", "0", "0.0 %", "0.0 %", "new")


def test_theories_are_weighed_against_the_largest(admin, draft):
    part, url = CriteriaWeightsPart("theories"), address(draft, "criteria-weights", section="theories")
    sent = typed(draft, part) | {"weight-track-1-supplement": "2.5", "weight-political-hedge": "0"}

    saved = admin.post(url, sent)

    answer = admin.get(url)
    assert (saved.status_code, saved.url) == (302, url)
    assert [(value, share) for _, value, share, *_ in bars(answer)] == [
        ("1", "40.0 %"),
        ("1", "40.0 %"),
        ("1", "40.0 %"),
        ("2.5", "100.0 %"),
        ("0", "0.0 %"),
        ("1", "40.0 %"),
        ("1", "40.0 %"),
    ]
    assert "need not sum to 100" in answer.content.decode()


def test_theories_that_all_weigh_nothing_are_refused(admin, draft):
    part, url = CriteriaWeightsPart("theories"), address(draft, "criteria-weights", section="theories")

    answer = admin.post(url, dict.fromkeys(part.read(draft.document), "0") | {"seen": typed(draft, part)["seen"]})

    assert faults(answer) == ["Every weight is 0. Strength is counted against the largest, so one is above 0."]
    assert {bar.share for bar in answer.context["bars"].rows} == {"0.0 %"}


@pytest.mark.parametrize("section", ["risk", "nothing"])
def test_section_without_criteria_has_no_weights_to_show(admin, draft, section):
    assert admin.get(address(draft, "criteria-weights", section=section)).status_code == 404


def asked(prefix, *values):
    return {f"{prefix}-{key}": value for key, value in zip(SECTIONS, values, strict=True)}


def found(answer):
    return [(row.today, *row.weights) for row in answer.context["found"]]


def test_swing_page_shows_worst_and_best_of_each_section(admin, draft):
    answer = admin.get(address(draft, "swing"))

    assert [swing.key for swing, _ in answer.context["rows"]] == list(SECTIONS)
    assert (answer.context["ways"], "The weights that follow" in answer.content.decode()) == ([], False)


def test_swing_points_give_weights_that_the_weights_page_tries(admin, draft):
    answer = admin.get(address(draft, "swing"), asked("points", 100, 80, 60, 90, 35))

    assert found(answer) == [
        ("20", "27.39"), ("20", "21.92"), ("20", "16.44"), ("25", "24.66"), ("15", "9.59"),
    ]  # fmt: skip
    tried = admin.get(answer.context["ways"][0].url)
    assert [value for _, value, *_ in bars(tried)] == ["27.39", "21.92", "16.44", "24.66", "9.59"]


@pytest.mark.parametrize(
    ("points", "errors"),
    [
        ((90, 80, 60, 90, 35), {"__all__"}),
        ((100, "", 60, 90, 35), {"points-issue"}),
        ((100, 80, 101, "-1", "much"), {"points-convening", "points-transfer", "points-risk"}),
    ],
)
def test_swing_points_that_cannot_be_are_refused_and_kept(admin, draft, points, errors):
    answer = admin.get(address(draft, "swing"), asked("points", *points))

    assert (set(answer.context["form"].errors), answer.context["ways"]) == (errors, [])
    assert [str(field.value()) for _, field in answer.context["rows"]] == list(map(str, points))


def test_rank_order_gives_weights_in_two_ways(admin, draft):
    answer = admin.get(address(draft, "rank-order"), asked("rank", 1, 2, 3, 4, 5))

    assert [way.name for way in answer.context["ways"]] == ["Centroid", "Rank sum"]
    assert found(answer) == [
        ("20", "45.67", "33.33"),
        ("20", "25.67", "26.67"),
        ("20", "15.66", "20"),
        ("25", "9", "13.33"),
        ("15", "4", "6.67"),
    ]
    tried = admin.get(answer.context["ways"][1].url)
    assert [value for _, value, *_ in bars(tried)] == ["33.33", "26.67", "20", "13.33", "6.67"]


def test_rank_order_with_ties_shares_places(admin, draft):
    answer = admin.get(address(draft, "rank-order"), asked("rank", 1, 1, 1, 1, 5))

    assert found(answer) == [("20", "24", "23.34"), ("20", "24", "23.33"), ("20", "24", "23.33"), ("25", "24", "23.33"),
                             ("15", "4", "6.67")]  # fmt: skip


def test_rank_order_that_is_not_whole_is_refused(admin, draft):
    answer = admin.get(address(draft, "rank-order"), asked("rank", 1, 2, "", 9, 5))

    assert (set(answer.context["form"].errors), answer.context["ways"]) == ({"rank-convening", "rank-transfer"}, [])
