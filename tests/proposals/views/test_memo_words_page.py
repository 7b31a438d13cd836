import json
import re

import pytest
from django.urls import reverse

from proposals.models import Memo, MemoCondition, MemoPrediction, MemoWords
from proposals.services.memo_words import save_memo_words, signatures, stored_words
from t2eval.accounts.roles import Role
from tests.factories import NOW, ProposalFactory, assign, bar, make_user
from tests.memo_rows import add_officer, make_sponsored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_bell(settings):
    settings.REDIS_URL = ""


def address(proposal):
    return reverse("proposals:memo-words-edit", args=[proposal.pk])


def page_data(client, user, proposal, **typed):
    """What the browser would send from the page as it stands, with some fields changed."""
    page = page_context(client, user, proposal)["page"]
    data = {"seen": page.form.initial["seen"]}
    for field in page.form:
        if field.name != "seen":
            data[field.name] = field.value() if field.value() is not None else ""
    for name, rows in page.rows.items():
        data |= {f"{name}-TOTAL_FORMS": len(rows.forms), f"{name}-INITIAL_FORMS": rows.initial_form_count()}
        for form in rows:
            data |= {field.html_name: field.value() or "" for field in form if field.name != "DELETE"}
    return {**data, **typed}


def test_memo_words_saved_by_the_sponsor_are_stored_and_the_page_comes_again(client):
    proposal, sponsor = make_sponsored()
    data = page_data(client, sponsor, proposal, case_for="One.\r\nTwo.", recommendation="fund", amount="120000")

    response = client.post(address(proposal), data)

    words = MemoWords.objects.get(proposal=proposal)
    assert (response.status_code, response.url) == (302, address(proposal))
    assert (words.case_for, words.recommendation, words.amount) == ("One.\nTwo.", "fund", 120000)


def test_memo_words_with_bad_input_keep_everything_typed(client):
    proposal, sponsor = make_sponsored()
    data = page_data(client, sponsor, proposal, amount="-5", case_for="Kept.")
    data |= {"predictions-0-statement": "Held by June.", "predictions-0-probability": "200"}

    response = client.post(address(proposal), data)

    content = response.content.decode()
    assert response.status_code == 200
    assert not MemoWords.objects.filter(proposal=proposal).exists()
    assert content.count("Kept.") == 1
    assert content.count("Held by June.") == 1
    assert content.count('href="#id_amount"') == 1
    assert content.count('href="#id_predictions-0-probability"') == 1


def test_case_against_by_the_sponsor_is_refused_on_that_field_and_the_rest_is_kept(client):
    proposal, sponsor = make_sponsored()
    data = page_data(client, sponsor, proposal, case_against="Little.", case_for="Much.")

    response = client.post(address(proposal), data)

    form = response.context["page"].form
    assert dict(form.errors) == {
        "case_against": ["Not saved: the case against is written by somebody other than the sponsor officer."]
    }
    assert form["case_for"].value() == "Much."
    assert not MemoWords.objects.filter(proposal=proposal).exists()


def test_other_officer_with_a_submitted_scorecard_writes_only_the_arguments(client):
    proposal, _ = make_sponsored()
    officer = add_officer(proposal)
    data = page_data(client, officer, proposal, case_against="Little.", case_for="Sneaked in.")

    client.post(address(proposal), data)

    words = MemoWords.objects.get(proposal=proposal)
    assert (words.case_against, words.case_against_by, words.case_for) == ("Little.", officer, "")


def test_other_officer_without_a_submitted_scorecard_is_refused(client):
    proposal, _ = make_sponsored()
    client.force_login(add_officer(proposal, submitted=False))

    assert client.get(address(proposal)).status_code == 403


def test_sponsor_without_a_submitted_scorecard_does_not_see_the_arguments_of_others(client):
    proposal = ProposalFactory()
    sponsor = make_user(Role.OFFICER)
    assign(proposal, sponsor, sponsor=True)
    officer = add_officer(proposal)
    save_memo_words(
        proposal=proposal, typed={"case_against": "A secret view."}, seen=signatures(stored_words(proposal)),
        by=officer, at=NOW,
    )  # fmt: skip
    client.force_login(sponsor)

    response = client.get(address(proposal))

    assert response.status_code == 200
    assert b"A secret view." not in response.content


@pytest.mark.parametrize("roles", [[Role.COMMITTEE], [Role.ADMIN], [Role.AUDITOR], [Role.OFFICER], []])
def test_memo_words_of_others_are_not_found(client, roles):
    proposal, _ = make_sponsored()
    client.force_login(make_user(*roles))

    assert client.get(address(proposal)).status_code == 404


def test_memo_words_of_a_conflicted_chair_are_not_found(client):
    proposal, _ = make_sponsored()
    chair = make_user(Role.CHAIR)
    bar(proposal, chair)
    client.force_login(chair)

    assert client.get(address(proposal)).status_code == 404


def test_memo_words_for_the_anonymous_ask_to_sign_in(client):
    proposal, _ = make_sponsored()

    assert client.get(address(proposal)).status_code == 302


def test_words_saved_by_two_on_the_same_field_show_both_texts_and_saving_again_decides(client):
    proposal, sponsor = make_sponsored()
    chair = make_user(Role.CHAIR)
    mine = page_data(client, sponsor, proposal, case_for="Mine.", follow_up="Later.")
    client.post(address(proposal), page_data(client, chair, proposal, case_for="Theirs."))
    client.force_login(sponsor)

    response = client.post(address(proposal), mine)

    content = response.content.decode()
    assert response.status_code == 200
    assert (content.count("Mine."), content.count("Theirs."), content.count(">\nLater.</textarea>")) == (1, 1, 1)
    assert MemoWords.objects.get(proposal=proposal).case_for == "Theirs."

    again = client.post(address(proposal), {**mine, "seen": json.dumps(json.loads(seen_in(content)))})

    words = MemoWords.objects.get(proposal=proposal)
    assert again.status_code == 302
    assert (words.case_for, words.follow_up) == ("Mine.", "Later.")


def seen_in(content):
    (value,) = re.findall(r'name="seen" value="([^"]*)"', content)
    return value.replace("&quot;", '"')


def test_conditions_saved_by_two_show_both_lists(client):
    proposal, sponsor = make_sponsored()
    chair = make_user(Role.CHAIR)
    mine = page_data(client, sponsor, proposal, **{"conditions-0-text": "Mine first."})
    client.post(address(proposal), page_data(client, chair, proposal, **{"conditions-0-text": "Theirs first."}))
    client.force_login(sponsor)

    content = client.post(address(proposal), mine).content.decode()

    assert (content.count("Mine first."), content.count("Theirs first.")) == (1, 1)
    assert content.count('<a href="#conditions">Conditions</a>: Somebody else saved other words here') == 1


def test_conditions_are_added_and_removed(client):
    proposal, sponsor = make_sponsored()
    client.post(address(proposal), page_data(client, sponsor, proposal, **{"conditions-0-text": "First."}))
    data = page_data(client, sponsor, proposal, **{"conditions-1-text": "Second.", "conditions-0-DELETE": "on"})

    client.post(address(proposal), data)

    assert list(MemoCondition.objects.values_list("text", flat=True)) == ["Second."]


def test_proposed_condition_is_added_by_its_button_with_what_else_was_typed(client):
    proposal, sponsor = make_sponsored()
    add_officer(proposal, value=1)
    data = page_data(client, sponsor, proposal, case_for="Much.", add="conditions:criterion:tracking:")

    response = client.post(address(proposal), data)

    (condition,) = MemoCondition.objects.all()
    assert response.url == f"{address(proposal)}#conditions"
    assert condition.text == "Tracking of results: bring the proof of level 3."
    assert MemoWords.objects.get(proposal=proposal).case_for == "Much."


def test_proposed_condition_that_was_taken_over_is_not_proposed_again(client):
    proposal, sponsor = make_sponsored()
    add_officer(proposal, value=1)
    before = page_context(client, sponsor, proposal)["proposed"]
    client.post(address(proposal), page_data(client, sponsor, proposal, add="conditions:criterion:tracking:"))

    after = page_context(client, sponsor, proposal)["proposed"]

    assert [c.key for c in before if c not in after] == ["criterion:tracking:"]


def page_context(client, user, proposal):
    client.force_login(user)
    return client.get(address(proposal)).context


def test_starter_prediction_is_put_into_the_empty_row_to_be_completed(client):
    proposal, sponsor = make_sponsored()
    data = page_data(client, sponsor, proposal, add="predictions:3")

    response = client.post(address(proposal), data)

    rows = response.context["page"].rows["predictions"]
    assert rows.forms[0]["statement"].value() == "At least 70 % of the core group attends the next round."
    assert not MemoPrediction.objects.exists()


def test_prediction_resolved_by_its_author_is_refused(client):
    proposal, sponsor = make_sponsored()
    row = {"statement": "Held.", "probability": "80", "resolve_by": "2027-06-01", "resolver": sponsor.name.upper()}
    data = page_data(client, sponsor, proposal, **{f"predictions-0-{name}": value for name, value in row.items()})

    response = client.post(address(proposal), data)

    assert response.context["page"].rows["predictions"].forms[0].errors == {
        "resolver": ["Somebody other than the author of the memo resolves a prediction."]
    }


def test_save_and_ask_saves_the_words_and_makes_the_memo_of_them(client):
    proposal, sponsor = make_sponsored()
    data = page_data(client, sponsor, proposal, case_for="Much.", then="request")

    response = client.post(address(proposal), data)

    memo = Memo.objects.get(proposal=proposal)
    assert response.url == reverse("proposals:memo-detail", args=[memo.pk])
    assert memo.content["case_for"] == "Much."


def test_memo_words_with_a_spoilt_management_form_are_refused_not_broken(client):
    proposal, sponsor = make_sponsored()
    data = page_data(client, sponsor, proposal, **{"conditions-TOTAL_FORMS": "many", "seen": "[1]"})

    response = client.post(address(proposal), {**data, "add": "conditions:criterion:tracking:"})

    assert response.status_code == 200


def test_memo_words_page_by_another_method_is_refused(client):
    proposal, sponsor = make_sponsored()
    client.force_login(sponsor)

    assert client.put(address(proposal)).status_code == 405
