import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from proposals.models import Answer, Assessment, Docket, ProposalRevision, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import CellAnswer, risk_answer
from proposals.services.grids import load_grid
from proposals.services.snapshots import take_snapshot
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, assign, bar, make_evidence, make_scorecard, make_user, submit
from tests.proposals.scorecard_posts import empty_post, post_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(officer):
    proposal = ProposalFactory(title="Quiet Water")
    assign(proposal, officer)
    return proposal


@pytest.fixture
def url(proposal):
    return reverse("proposals:scorecard-edit", args=[proposal.pk])


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


def test_scorecard_page_get_creates_no_row(signed_in, url):
    response = signed_in.get(url)

    assert response.status_code == 200
    assert Scorecard.objects.count() == 0


def test_scorecard_page_shows_only_claimed_theories(signed_in, url):
    response = signed_in.get(url)

    theories = response.context["forms"].sections[0]
    assert [row.row.part.key for row in theories.rows] == ["diplomatic-subsidy"]


def test_scorecard_page_per_side_criterion_has_a_cell_for_each_side(signed_in, url):
    response = signed_in.get(url)

    keys = [form.cell.key for form in response.context["forms"] if form.cell.part.key == "route"]
    assert keys == ["route.a", "route.b"]


def test_scorecard_page_every_control_has_a_label(signed_in, url):
    html = signed_in.get(url).content.decode()

    assert html.count("<select") == html.count('">Evidence grade</label>')
    assert html.count('for="id_stakes-rationale"') == 1


def test_scorecard_page_without_script_saves_a_draft(signed_in, url, proposal):
    response = signed_in.post(url, post_data(proposal))

    assertRedirects(response, url)
    assert Scorecard.objects.get().state == "draft"
    assert len(answers_of(Scorecard.objects.get())) == len(load_grid(proposal).cells)


def test_scorecard_page_grade_left_as_cited_takes_best_cited(signed_in, url, proposal):
    cited = [str(make_evidence(proposal, grade=grade).pk) for grade in (1, 3)]
    fields = {"stakes-answer": "4", "stakes-grade": "", "stakes-citations": cited, "focus-answer": "2"}

    signed_in.post(url, empty_post(proposal, **fields))

    answers = answers_of(Scorecard.objects.get())
    assert (answers["stakes"].grade, answers["focus"].grade) == (3, 1)


def test_scorecard_page_grade_too_high_is_refused_and_typed_values_stay(signed_in, url, proposal):
    fields = {"stakes-answer": "3", "stakes-grade": "3", "stakes-rationale": "Typed with care.", "focus-answer": "2"}

    response = signed_in.post(url, empty_post(proposal, **fields))

    assert response.context["forms"].faults == [
        ("cell-stakes", "Stakes", "E3 needs evidence of grade E3 or better. Cite it below, or choose E1.")
    ]
    assert response.content.decode().count("Typed with care.") == 1
    assert list(answers_of(Scorecard.objects.get())) == ["focus"]


def test_scorecard_page_mended_fault_saves_with_the_new_token(signed_in, url, proposal):
    refused = signed_in.post(url, empty_post(proposal, **{"stakes-answer": "3", "stakes-grade": "3"}))
    shown = {f"{form.cell.key}-seen": form.shown_version for form in refused.context["forms"]}

    signed_in.post(url, empty_post(proposal, **shown, **{"stakes-answer": "3", "stakes-grade": "1"}))

    assert answers_of(Scorecard.objects.get()) == {"stakes": CellAnswer(Answer.SCORED, value=3, grade=1)}


def test_scorecard_page_grade_without_a_score_is_said(signed_in, url, proposal):
    response = signed_in.post(url, empty_post(proposal, **{"stakes-grade": "2"}))

    faults = [fault[2] for fault in response.context["forms"].faults]
    assert faults == ["Choose a score too: a grade alone is not kept."]


@pytest.mark.parametrize("answer", ["7", "na"])
def test_scorecard_page_answer_off_the_scale_is_refused_with_its_message(signed_in, url, proposal, answer):
    response = signed_in.post(url, empty_post(proposal, **{"stakes-answer": answer}))

    message = f"Select a valid choice. {answer} is not one of the available choices."
    assert [fault[2] for fault in response.context["forms"].faults] == [message]


@pytest.mark.parametrize(
    ("fields", "key", "said"),
    [
        ({"stakes-rationale": "Why."}, "stakes", CellAnswer(Answer.OPEN, rationale="Why.")),
        ({"disinformation-likelihood": "2"}, "disinformation", risk_answer(2, None, open_level="consequence")),
        ({"disinformation-consequence": "0"}, "disinformation", risk_answer(None, 0, open_level="likelihood")),
        (
            {"disinformation-rationale": "Why."},
            "disinformation",
            risk_answer(None, None, open_level="both", rationale="Why."),
        ),
    ],
)
def test_scorecard_page_half_an_answer_is_kept_and_shown(signed_in, url, proposal, fields, key, said):
    signed_in.post(url, empty_post(proposal, **fields))

    assert answers_of(Scorecard.objects.get()) == {key: said}
    [form] = [form for form in signed_in.get(url).context["forms"] if form.cell.key == key]
    assert {name: form[name.removeprefix(f"{key}-")].value() for name in fields} == fields
    assert form.is_answered is False


def test_scorecard_page_cap_is_explained_beside_the_cell(signed_in, url, proposal):
    signed_in.post(url, empty_post(proposal, **{"stakes-answer": "4"}))

    html = signed_in.get(url).content.decode()

    assert html.count("A 4 needs E3; this rests on E1: counted as 2.") == 1


def test_scorecard_page_saved_in_another_tab_shows_both(signed_in, url, proposal):
    signed_in.post(url, empty_post(proposal, **{"stakes-answer": "1", "stakes-rationale": "First tab."}))

    response = signed_in.post(url, empty_post(proposal, **{"stakes-answer": "3", "stakes-rationale": "Second tab."}))

    clashes = {form.cell.key: form.clash for form in response.context["forms"] if form.clash}
    assert clashes == {"stakes": "1, E1 · First tab."}
    assert response.content.decode().count("Second tab.") == 1
    assert answers_of(Scorecard.objects.get())["stakes"].rationale == "First tab."


def test_scorecard_page_after_a_clash_saving_again_keeps_what_is_shown(signed_in, url, proposal):
    signed_in.post(url, empty_post(proposal, **{"stakes-answer": "1"}))
    clash = signed_in.post(url, empty_post(proposal, **{"stakes-answer": "3"}))
    shown = {f"{form.cell.key}-seen": form.shown_version for form in clash.context["forms"]}

    response = signed_in.post(url, empty_post(proposal, **shown, **{"stakes-answer": "3"}))

    assertRedirects(response, url)
    assert answers_of(Scorecard.objects.get())["stakes"].value == 3


def test_scorecard_page_clash_names_every_kind_of_saved_answer(signed_in, url, proposal):
    cited = make_evidence(proposal, grade=3)
    saved = {
        "stakes-answer": "nei",
        "disinformation-likelihood": "3",
        "disinformation-consequence": "nei",
        "focus-answer": "2",
        "focus-citations": [str(cited.pk)],
        "recommendation": "fund",
        "recommendation_reason": "Sound.",
    }
    signed_in.post(url, empty_post(proposal, **saved))

    other = {name: "0" if name.endswith("answer") else "nei" for name in saved if "citations" not in name}
    response = signed_in.post(url, empty_post(proposal, **other | {"recommendation": "decline"}))

    forms = response.context["forms"]
    assert {form.cell.key: form.clash for form in forms if form.clash} == {
        "stakes": "Not enough information",
        "focus": "2, E3 · [1]",
        "disinformation": "likelihood 3, consequence not known",
    }
    assert forms.recommendation.clash == "fund: Sound."


def test_scorecard_page_untouched_cells_of_an_old_page_leave_what_was_saved_since(signed_in, url, proposal):
    signed_in.post(url, empty_post(proposal, **{"stakes-answer": "1"}))

    response = signed_in.post(url, empty_post(proposal, **{"focus-answer": "2"}))

    assertRedirects(response, url)
    assert {key: said.value for key, said in answers_of(Scorecard.objects.get()).items()} == {"stakes": 1, "focus": 2}


def test_scorecard_page_after_a_clash_shows_untouched_cells_as_they_are_stored(signed_in, url, proposal):
    other = {"stakes-answer": "1", "focus-answer": "2", "recommendation": "fund", "recommendation_reason": "Sound."}
    signed_in.post(url, empty_post(proposal, **other))

    page = signed_in.post(url, empty_post(proposal, **{"stakes-answer": "3"}))

    forms = page.context["forms"]
    assert {form.cell.key for form in forms if form.is_clash} == {"stakes"}
    shown = {form.cell.key: form["answer"].value() for form in forms if form.cell.key in {"stakes", "focus"}}
    assert (shown, forms.recommendation["recommendation"].value()) == ({"stakes": "3", "focus": "2"}, "fund")


def test_scorecard_page_begun_by_somebody_else_is_refused(signed_in, url, proposal):
    other = make_user(Role.OFFICER)

    response = signed_in.post(url, empty_post(proposal, officer=str(other.pk), **{"stakes-answer": "1"}))

    assert (response.status_code, Scorecard.objects.count()) == (403, 0)


def test_scorecard_page_without_clash_in_the_recommendation_says_nothing(signed_in, url, proposal):
    signed_in.post(url, empty_post(proposal, **{"stakes-answer": "1"}))

    response = signed_in.post(url, empty_post(proposal, **{"stakes-answer": "2"}))

    assert response.context["forms"].recommendation.clash == ""


def test_scorecard_page_recommendation_too_long_keeps_the_rest(signed_in, url, proposal):
    typed = {"stakes-answer": "2", "recommendation": "fund", "recommendation_reason": "x" * 3001}

    response = signed_in.post(url, empty_post(proposal, **typed))

    scorecard = Scorecard.objects.get()
    assert [fault[0] for fault in response.context["forms"].faults] == ["id_recommendation"]
    assert (scorecard.recommendation, scorecard.recommendation_reason) == ("", "")
    assert list(answers_of(scorecard)) == ["stakes"]


@pytest.mark.parametrize("name", ["likelihood", "consequence"])
def test_scorecard_page_risk_level_off_the_scale_is_refused(signed_in, url, proposal, name):
    typed = {"disinformation-likelihood": "1", "disinformation-consequence": "1", f"disinformation-{name}": "9"}

    response = signed_in.post(url, empty_post(proposal, **typed))

    assert [fault[0] for fault in response.context["forms"].faults] == ["cell-disinformation"]


def test_scorecard_page_not_applicable_is_kept_where_allowed(signed_in, url, proposal):
    signed_in.post(url, empty_post(proposal, **{"cross-party-answer": "na"}))

    assert answers_of(Scorecard.objects.get()) == {"cross-party": CellAnswer(Answer.NOT_APPLICABLE)}


def test_scorecard_detail_draft_shows_open_cells_and_leads_back(signed_in, url, proposal, officer):
    signed_in.post(url, empty_post(proposal, **{"stakes-answer": "2"}))

    html = signed_in.get(reverse("proposals:scorecard-detail", args=[Scorecard.objects.get().pk])).content.decode()

    assert html.count("<b>Open</b>") == len(load_grid(proposal).cells) - 1
    assert html.count(f'<a class="button button--primary" href="{url}"') == 1


@pytest.mark.parametrize("token", ["nonsense", "empty", ""])
def test_scorecard_page_unreadable_token_counts_as_changed(signed_in, url, proposal, token):
    signed_in.post(url, empty_post(proposal, **{"stakes-answer": "1"}))

    response = signed_in.post(url, empty_post(proposal, **{"stakes-seen": token, "stakes-answer": "3"}))

    assert response.context["is_changed"] is True


def test_scorecard_page_fill_sets_open_cells_to_not_enough_information(signed_in, url, proposal):
    signed_in.post(url, empty_post(proposal, **{"action": "fill", "stakes-answer": "3"}))

    answers = answers_of(Scorecard.objects.get())
    unknown = [key for key, said in answers.items() if said == CellAnswer(Answer.NOT_ENOUGH_INFORMATION)]
    assert sorted(unknown) == sorted(set(load_grid(proposal).cells) - {"stakes"})


def test_scorecard_page_submit_incomplete_saves_and_lists_what_is_missing(signed_in, url, proposal):
    response = signed_in.post(url, post_data(proposal, **{"action": "submit", "stakes-rationale": ""}))

    assert [one.place for one in response.context["missing"]] == ["cell-stakes"]
    assert response.content.decode().count('href="#cell-stakes"') == 1
    assert Scorecard.objects.get().state == "draft"


def test_scorecard_page_submit_with_a_fault_does_not_submit(signed_in, url, proposal):
    response = signed_in.post(url, post_data(proposal, **{"action": "submit", "stakes-grade": "4"}))

    assert response.status_code == 200
    assert Scorecard.objects.get().state == "draft"


def test_scorecard_page_submit_complete_counts_and_shows_the_scorecard(signed_in, url, proposal):
    response = signed_in.post(url, post_data(proposal, action="submit"))

    scorecard = Scorecard.objects.get()
    assertRedirects(response, reverse("proposals:scorecard-detail", args=[scorecard.pk]))
    assert (scorecard.state, Assessment.objects.count()) == ("submitted", 1)


def test_scorecard_page_submit_and_leave_the_rest_after_a_failed_gate(signed_in, url, proposal):
    typed = {"diplomatic-subsidy-answer": "1", "diplomatic-subsidy-rationale": "Topics only."}
    words = {"recommendation": "decline", "recommendation_reason": "No mechanism."}

    response = signed_in.post(url, empty_post(proposal, action="submit-rest", **typed, **words))

    scorecard = Scorecard.objects.get()
    assertRedirects(response, reverse("proposals:scorecard-detail", args=[scorecard.pk]))
    assert (scorecard.state, len(answers_of(scorecard))) == ("submitted", len(load_grid(proposal).cells))


def test_scorecard_page_submit_and_leave_the_rest_without_a_failed_gate_is_refused(signed_in, url, proposal):
    response = signed_in.post(url, empty_post(proposal, action="submit-rest", **{"stakes-answer": "2"}))

    assert response.context["refusal"].startswith("No gate that declines has failed")
    assert Scorecard.objects.get().state == "draft"


def test_scorecard_page_save_and_enter_evidence_comes_back_to_the_cell(signed_in, url, proposal):
    fields = {"action": "evidence:route.a", "stakes-answer": "2"}

    response = signed_in.post(url, empty_post(proposal, **fields))

    create = reverse("proposals:evidence-create", args=[proposal.pk])
    assertRedirects(response, f"{create}?next={url.replace('/', '%2F')}%23cell-route.a")
    assert Scorecard.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_scorecard_page_submitted_leads_to_the_detail(signed_in, url, proposal, officer, method):
    scorecard = make_scorecard(proposal, officer)

    response = getattr(signed_in, method)(url, {"stakes-answer": "0"})

    assertRedirects(response, reverse("proposals:scorecard-detail", args=[scorecard.pk]))
    assert answers_of(scorecard)["stakes"].value == 3


def test_scorecard_page_rationale_is_escaped(signed_in, url, proposal):
    attack = "</textarea><script>alert(1)</script>"

    signed_in.post(url, empty_post(proposal, **{"stakes-answer": "2", "stakes-rationale": attack}))

    html = signed_in.get(url).content.decode()
    assert html.count("<script>alert(1)") == 0
    assert html.count("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;") == 1


def test_scorecard_page_has_nothing_inline(signed_in, url):
    html = signed_in.get(url).content.decode()

    assert (html.count("style="), html.count("onclick"), html.count("<script>")) == (0, 0, 0)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("roles", "assigned", "barred", "status"),
    [
        ([Role.OFFICER], True, True, 404),
        ([Role.OFFICER], False, False, 404),
        ([Role.CHAIR], False, False, 403),
        ([Role.CHAIR], False, True, 404),
        ([Role.COMMITTEE], False, False, 404),
        ([Role.ADMIN], False, False, 404),
        ([Role.AUDITOR], False, False, 404),
        ([], True, False, 404),
    ],
)
def test_scorecard_page_is_for_assigned_officers(client, url, proposal, method, roles, assigned, barred, status):
    user = make_user(*roles)
    if assigned:
        assign(proposal, user)
    if barred:
        bar(proposal, user)
    client.force_login(user)

    response = getattr(client, method)(url)

    assert response.status_code == status
    assert Scorecard.objects.count() == 0


def test_scorecard_page_closed_docket_is_refused(signed_in, url):
    Docket.objects.update(state="closed", closed_at=NOW)

    assert signed_in.get(url).status_code == 403
    assert signed_in.post(url).status_code == 403


def test_scorecard_page_anonymous_is_sent_to_sign_in(client, url):
    response = client.get(url)

    assertRedirects(response, f"{reverse('accounts:sign-in')}?next={url}")


@pytest.mark.parametrize("many", [1, 5])
def test_scorecard_page_queries_do_not_grow(signed_in, url, proposal, officer, many, django_assert_num_queries):
    scorecard = make_scorecard(proposal, officer, submitted=False)
    for _ in range(many):
        item = make_evidence(proposal)
        for score in scorecard.scores.all()[:many]:
            score.citations.add(item)

    ProposalRevision.objects.create(proposal=proposal, number=1, content=take_snapshot(proposal), at=NOW)
    signed_in.get(url)  # reads the rubric version, which stays in memory

    with django_assert_num_queries(15):
        signed_in.get(url)


def test_scorecard_detail_says_what_was_chosen_and_what_the_cap_does(signed_in, proposal, officer):
    scorecard = make_scorecard(proposal, officer, value=4, grade=1)

    html = signed_in.get(reverse("proposals:scorecard-detail", args=[scorecard.pk])).content.decode()

    cells = scorecard.scores.count() + scorecard.mitigation_scores.count()
    assert html.count("A 4 needs E3; this rests on E1: counted as 2.") == cells
    assert html.count("this group of sides is pivotal for it.") == 1
    assert html.count("Likelihood: 5 to 20 % over the term.") == scorecard.risk_scores.count()


def test_scorecard_detail_of_another_is_invisible_until_own_is_in(signed_in, proposal, officer, other_officer):
    assign(proposal, other_officer)
    other = reverse("proposals:scorecard-detail", args=[make_scorecard(proposal, other_officer).pk])

    before = signed_in.get(other).status_code
    own = make_scorecard(proposal, officer, submitted=False)
    drafting = signed_in.get(other).status_code
    Scorecard.objects.filter(pk=own.pk).update(state="submitted", submitted_at=NOW)
    after = signed_in.get(other).status_code

    assert (before, drafting, after) == (404, 404, 200)


def test_scorecard_detail_draft_of_another_is_invisible(signed_in, client, proposal, officer, other_officer, chair):
    make_scorecard(proposal, officer)
    draft = reverse("proposals:scorecard-detail", args=[make_scorecard(proposal, other_officer, submitted=False).pk])

    as_officer = signed_in.get(draft).status_code
    client.force_login(chair)

    assert (as_officer, client.get(draft).status_code) == (404, 404)


@pytest.mark.parametrize(
    ("roles", "barred", "status"),
    [
        ([Role.CHAIR], False, 200),
        ([Role.CHAIR], True, 404),
        ([Role.OFFICER], False, 404),
        ([Role.COMMITTEE], False, 404),
        ([Role.ADMIN], False, 404),
        ([Role.AUDITOR], False, 404),
    ],
)
def test_scorecard_detail_submitted_by_role(client, proposal, officer, roles, barred, status):
    url = reverse("proposals:scorecard-detail", args=[make_scorecard(proposal, officer).pk])
    user = make_user(*roles)
    if barred:
        bar(proposal, user)
    client.force_login(user)

    assert client.get(url).status_code == status


def test_scorecard_detail_own_of_barred_officer_is_gone(signed_in, proposal, officer):
    url = reverse("proposals:scorecard-detail", args=[make_scorecard(proposal, officer).pk])
    bar(proposal, officer)

    assert signed_in.get(url).status_code == 404


@pytest.mark.parametrize("many", [1, 5])
def test_scorecard_detail_queries_do_not_grow(signed_in, proposal, officer, many, django_assert_num_queries):
    scorecard = make_scorecard(proposal, officer, submitted=False)
    for _ in range(many):
        item = make_evidence(proposal)
        for score in scorecard.scores.all()[:many]:
            score.citations.add(item)
    submit(scorecard)

    with django_assert_num_queries(28):
        signed_in.get(reverse("proposals:scorecard-detail", args=[scorecard.pk]))


def test_scorecard_written_for_an_earlier_revision_says_so(signed_in, url, proposal, officer):
    make_scorecard(proposal, officer, submitted=False)
    proposal.revision = 2
    proposal.save()

    html = signed_in.get(url).content.decode()

    assert html.count("you scored revision 1, this is revision 2") == 1
