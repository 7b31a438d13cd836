"""The protocol by which the scoring page saves: one status for each thing that can be the case."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse

from proposals.models import CellChange, Docket, Scorecard
from proposals.services.answer_rows import answers_of
from proposals.services.answers import EMPTY, CellAnswer, Recommendation, risk_answer, version_of
from t2eval.accounts.roles import Role
from tests.factories import NOW, PASSWORD, ProposalFactory, assign, bar, make_evidence, make_scorecard, make_user
from tests.proposals.savings import SCORED, UNKNOWN, save

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def proposal(officer):
    proposal = ProposalFactory(title="Quiet Water")
    assign(proposal, officer)
    return proposal


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


def post(client, proposal, cell="stakes", seen=EMPTY, headers=None, **fields):
    url = reverse("proposals:scorecard-cell", args=[proposal.pk, cell])
    named = {"if-match": f'"{seen}"'} if seen else {}
    return client.post(url, fields, headers={**JSON, **named, **(headers or {})})


NOTHING_RECOMMENDED = version_of(Recommendation())


def post_recommendation(client, proposal, seen=NOTHING_RECOMMENDED, **fields):
    url = reverse("proposals:scorecard-recommendation", args=[proposal.pk])
    return client.post(url, fields, headers={**JSON, "if-match": f'"{seen}"'})


def stored():
    return answers_of(Scorecard.objects.get())


def test_cell_is_saved_and_answered_with_its_version(signed_in, proposal):
    response = post(signed_in, proposal, answer="4", grade="", rationale="Why.")

    said = SCORED(value=4, grade=1, rationale="Why.")
    at = response.json()["saved_at"]
    assert response.status_code == 200
    assert response.json() == {
        "saved_at": at,
        "version": version_of(said),
        "best_grade": 1,
        "cap_note": "A 4 needs E3; this rests on E1: counted as 2.",
    }
    assert response["ETag"] == f'"{version_of(said)}"'
    assert response["Cache-Control"] == "no-store, private"
    assert stored() == {"stakes": said}


def test_cell_with_a_grade_of_its_own_says_nothing_of_the_best(signed_in, proposal):
    response = post(signed_in, proposal, answer="2", grade="0")

    assert sorted(response.json()) == ["cap_note", "saved_at", "version"]


HALF = risk_answer(None, None, open_level="both", rationale="A.")


@pytest.mark.parametrize(
    ("cell", "fields", "said"),
    [
        ("stakes", {"answer": "nei"}, UNKNOWN),
        ("cross-party", {"answer": "na", "rationale": "None."}, CellAnswer("not_applicable", rationale="None.")),
        ("stakes", {"answer": "", "rationale": "Words\r\nfirst."}, CellAnswer("open", rationale="Words\nfirst.")),
        ("route.a", {"answer": "0"}, SCORED(value=0, grade=1)),
        ("disinformation", {"likelihood": "2", "consequence": "0"}, risk_answer(2, 0)),
        ("disinformation", {"likelihood": "nei", "consequence": ""}, risk_answer(None, None, open_level="consequence")),
        ("disinformation", {"likelihood": "nei", "consequence": "nei"}, risk_answer(None, None)),
        ("disinformation", {"rationale": "A.", "likelihood": ""}, HALF),
    ],
)  # fmt: skip
def test_cell_takes_every_kind_of_answer(signed_in, proposal, cell, fields, said):
    response = post(signed_in, proposal, cell, **fields)

    assert (response.status_code, stored()) == (200, {cell: said})


def test_cell_cites_evidence(signed_in, proposal):
    cited = [make_evidence(proposal, grade=3) for _ in range(2)]

    response = post(signed_in, proposal, answer="4", citations=[item.pk for item in cited])

    assert response.json()["best_grade"] == 3
    assert stored()["stakes"].citations == {item.pk for item in cited}


def test_cell_emptied_again_is_gone(signed_in, proposal):
    first = post(signed_in, proposal, answer="2").json()["version"]

    response = post(signed_in, proposal, seen=first, answer="")

    assert (response.json()["version"], stored()) == (EMPTY, {})


def test_cell_without_the_version_seen_is_428(signed_in, proposal):
    response = post(signed_in, proposal, seen="", answer="2")

    assert (response.status_code, response.json()["code"]) == (428, "version-needed")
    assert Scorecard.objects.count() == 0


def test_cell_sent_again_after_its_reply_was_lost_is_saved(signed_in, proposal):
    first = post(signed_in, proposal, answer="2")

    again = post(signed_in, proposal, answer="2")

    assert (again.status_code, again.json()) == (200, first.json())
    assert CellChange.objects.count() == 1


def test_cell_changed_elsewhere_is_409_with_what_is_stored(signed_in, proposal, officer):
    cited = make_evidence(proposal, grade=2)
    post(signed_in, proposal, answer="3", rationale="First tab.", citations=[cited.pk])

    response = post(signed_in, proposal, answer="1", rationale="Second tab.")

    facts = response.json()
    when = facts.pop("when")
    assert response.status_code == 409
    assert facts == {
        "code": "changed",
        "message": "This was saved elsewhere since you opened it.",
        "version": version_of(stored()["stakes"]),
        "who": officer.name,
        "stored": {
            "headline": "3, E2",
            "answer": "3",
            "grade": 2,
            "rationale": "First tab.",
            "cited": [1],
            "citations": [str(cited.pk)],
        },
    }
    assert len(when) == len("14:02:11")
    assert stored()["stakes"].rationale == "First tab."


def test_cell_changed_elsewhere_and_not_here_is_409_too(signed_in, proposal):
    """Or the page would call saved what it does not show, and overwrite it next."""
    post(signed_in, proposal, answer="3", rationale="First tab.")

    response = post(signed_in, proposal, answer="", rationale="")

    assert (response.status_code, response.json()["stored"]["rationale"]) == (409, "First tab.")


def test_cell_emptied_elsewhere_is_409_and_says_so(signed_in, proposal):
    seen = post(signed_in, proposal, answer="3").json()["version"]
    post(signed_in, proposal, seen=seen, answer="")

    response = post(signed_in, proposal, seen=seen, answer="1")

    assert response.json()["stored"] == {"headline": "Open, nothing written"}


def test_risk_changed_elsewhere_is_409_with_its_levels(signed_in, proposal):
    post(signed_in, proposal, "disinformation", likelihood="3", consequence="")

    response = post(signed_in, proposal, "disinformation", likelihood="4", consequence="1")

    assert response.json()["stored"] == {
        "headline": "likelihood 3, consequence open",
        "likelihood": "3",
        "consequence": "",
        "rationale": "",
        "cited": [],
        "citations": [],
    }


@pytest.mark.parametrize(
    ("cell", "fields"),
    [
        ("stakes", {"answer": "7"}),
        ("stakes", {"answer": "na"}),
        ("stakes", {"answer": "many"}),
        ("stakes", {"answer": "2", "grade": "3"}),
        ("stakes", {"answer": "2", "grade": "9"}),
        ("stakes", {"answer": "2", "citations": "nonsense"}),
        ("stakes", {"answer": "2", "citations": "7d1ad0a3-1a48-4a53-8ee1-6c2b9a4b8b0e"}),
        ("stakes", {"answer": "2", "rationale": "x" * 4001}),
        ("disinformation", {"likelihood": "6", "consequence": "1"}),
        ("nothing", {"answer": "2"}),
    ],
)
def test_cell_with_a_bad_value_is_422_and_not_kept(signed_in, proposal, cell, fields):
    response = post(signed_in, proposal, cell, **fields)

    assert (response.status_code, response.json()["code"]) == (422, "refused")
    assert response.json()["message"] != ""
    assert Scorecard.objects.count() == 0


def test_cell_of_the_longest_text_counts_a_line_end_once(signed_in, proposal):
    response = post(signed_in, proposal, rationale="\r\n".join(["x" * 99] * 40))

    assert response.status_code == 200


def test_cell_after_the_session_ended_is_401(client, proposal):
    response = post(client, proposal, answer="2")

    assert (response.status_code, response.json()["code"]) == (401, "signed-out")


def test_cell_with_a_stale_token_is_403_with_a_code(proposal, officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)

    response = post(client, proposal, answer="2")

    assert (response.status_code, response.json()["code"]) == (403, "stale-token")


def test_cell_with_the_token_of_the_session_is_saved(proposal, officer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    facts = client.get(reverse("accounts:session"), headers=JSON).json()

    response = post(client, proposal, answer="2", headers={"x-csrftoken": facts["token"]})

    assert (response.status_code, facts["user"], facts["name"]) == (200, str(officer.pk), officer.name)


def test_cell_from_the_page_of_another_user_is_403(signed_in, proposal):
    response = post(signed_in, proposal, answer="2", headers={"x-officer": str(make_user(Role.OFFICER).pk)})

    assert (response.status_code, response.json()["code"]) == (403, "another-user")
    assert Scorecard.objects.count() == 0


def test_cell_from_ones_own_page_is_saved(signed_in, proposal, officer):
    assert post(signed_in, proposal, answer="2", headers={"x-officer": str(officer.pk)}).status_code == 200


def test_cell_by_a_chair_who_is_not_assigned_is_403(client, proposal):
    client.force_login(make_user(Role.CHAIR))

    response = post(client, proposal, answer="2")

    assert (response.status_code, response.json()["code"]) == (403, "not-allowed")


def test_cell_after_a_conflict_was_declared_is_404(signed_in, proposal, officer):
    save(proposal, officer, {"stakes": UNKNOWN})
    bar(proposal, officer)

    response = post(signed_in, proposal, answer="2")

    assert (response.status_code, response.json()["code"]) == (404, "not-found")


def test_cell_of_a_submitted_scorecard_is_423(signed_in, proposal, officer):
    make_scorecard(proposal, officer)

    response = post(signed_in, proposal, answer="2")

    assert (response.status_code, response.json()["code"]) == (423, "submitted")


def test_cell_in_a_closed_docket_is_423(signed_in, proposal):
    Docket.objects.update(state="closed", closed_at=NOW)

    response = post(signed_in, proposal, answer="2")

    assert (response.status_code, response.json()["code"]) == (423, "closed")


def test_cell_not_open_in_round_2_is_423(signed_in, proposal, officer):
    make_scorecard(proposal, officer)
    make_scorecard(proposal, officer, round=2, submitted=False)

    response = post(signed_in, proposal, answer="2")

    assert (response.status_code, response.json()["code"]) == (423, "round-closed")


@pytest.mark.parametrize(("sent", "kept"), [("2", 2), ("9", 3), ("x", 3), ("99999999999", 3)])
def test_cell_says_for_which_revision_it_was_written(signed_in, proposal, sent, kept):
    type(proposal).objects.update(revision=1)
    post(signed_in, proposal, answer="1", seen=EMPTY, revision="1")
    type(proposal).objects.update(revision=3)

    post(signed_in, proposal, "focus", answer="2", revision=sent)

    assert Scorecard.objects.get().proposal_revision == kept


def test_recommendation_is_saved(signed_in, proposal):
    response = post_recommendation(signed_in, proposal, recommendation="fund", recommendation_reason="Sound.")

    card = Scorecard.objects.get()
    assert response.status_code == 200
    assert response.json()["version"] == version_of(Recommendation("fund", "Sound."))
    assert (card.recommendation, card.recommendation_reason) == ("fund", "Sound.")


def test_recommendation_changed_elsewhere_is_409(signed_in, proposal):
    post_recommendation(signed_in, proposal, recommendation="fund", recommendation_reason="Sound.")

    response = post_recommendation(signed_in, proposal, recommendation="decline", recommendation_reason="No.")

    assert response.status_code == 409
    assert response.json()["stored"] == {
        "headline": "fund",
        "recommendation": "fund",
        "recommendation_reason": "Sound.",
    }


def test_recommendation_of_no_band_is_422(signed_in, proposal):
    response = post_recommendation(signed_in, proposal, recommendation="perhaps")

    assert (response.status_code, Scorecard.objects.count()) == (422, 0)


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_cell_while_the_database_is_away_is_503_and_says_when_to_try_again(signed_in, proposal, monkeypatch, error):
    def fail(**_):
        raise error

    signed_in.raise_request_exception = False
    monkeypatch.setattr("proposals.views.saving.save_cells", fail)

    response = post(signed_in, proposal, answer="2")

    assert (response.status_code, response["Retry-After"], response.json()["code"]) == (503, "2", "database-away")


def test_sign_in_in_place_gives_the_new_token(proposal, officer):
    officer.set_password(PASSWORD)
    officer.save()
    client = Client(enforce_csrf_checks=True)
    sign_in = reverse("accounts:sign-in")
    token = client.get(sign_in, headers=JSON).json()["token"]

    facts = client.post(
        sign_in, {"username": officer.username, "password": PASSWORD}, headers={**JSON, "x-csrftoken": token}
    ).json()

    assert (facts["user"], facts["name"]) == (str(officer.pk), officer.name)
    assert post(client, proposal, answer="2", headers={"x-csrftoken": facts["token"]}).status_code == 200


def test_sign_in_in_place_over_the_session_of_another_user(client, officer):
    officer.set_password(PASSWORD)
    officer.save()
    client.force_login(make_user(Role.OFFICER))

    facts = client.post(
        reverse("accounts:sign-in"), {"username": officer.username, "password": PASSWORD}, headers=JSON
    ).json()

    assert facts["user"] == str(officer.pk)


def test_sign_in_in_place_with_a_wrong_password_is_422(client, officer):
    response = client.post(
        reverse("accounts:sign-in"), {"username": officer.username, "password": "wrong"}, headers=JSON
    )

    assert (response.status_code, response.json()["code"]) == (422, "not-signed-in")


@pytest.mark.parametrize("method", ["get", "put"])
def test_cell_takes_posts_only(signed_in, proposal, method):
    url = reverse("proposals:scorecard-cell", args=[proposal.pk, "stakes"])

    assert getattr(signed_in, method)(url).status_code == 405
