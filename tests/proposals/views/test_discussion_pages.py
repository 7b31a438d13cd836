"""The pages of the discussion: the agenda as each viewer gets it, opening, rescoring, closing."""

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from proposals.models import Discussion, Scorecard
from proposals.services.assessing import assess_proposal
from proposals.services.consensus import record_consensus
from proposals.services.discussions import close_discussion, open_discussion
from proposals.services.rescoring import stand_by_round_one, start_round_two
from t2eval.accounts.roles import Role
from tests.factories import NOW, assign, bar, make_evidence, make_scorecard, make_user, submit

pytestmark = pytest.mark.django_db

OWED = "Round 2 is open: your rescoring comes first"


@pytest.fixture
def split(proposal, officer, other_officer):
    """Both are in and differ on the stakes; the first cites evidence."""
    first = make_scorecard(proposal, officer, values={"stakes": 0}, submitted=False)
    first.scores.get(criterion__key="stakes").citations.add(make_evidence(proposal))
    submit(first)
    make_scorecard(proposal, other_officer)
    assess_proposal(proposal=proposal, by=officer, at=NOW)
    return proposal


def url(proposal, name="detail"):
    return reverse(f"proposals:discussion-{name}", args=[proposal.pk])


def page(client, user, address):
    client.force_login(user)
    return " ".join(client.get(address).content.decode().split())


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_agenda_shows_each_officers_answer_reason_and_evidence(client, split, officer, other_officer):
    html = page(client, other_officer, url(split))

    assert re.findall(r'<h3 class="voice__name">([^<]+)', html) == [officer.name, f"{other_officer.name} "]
    assert re.findall(r'<b class="voice__value">(\d)', html) == ["0", "3"]
    assert html.count("Because of stakes.") == 2
    assert html.count("[1] <span") == 1
    assert html.count("two points or more apart.") == 1


def test_agenda_before_all_are_in_teaches_and_tells_only_the_chair_how_many_are(client, split, officer, chair):
    assign(split, make_user(Role.OFFICER))

    of_officer, of_chair = page(client, officer, url(split)), page(client, chair, url(split))

    assert ["The agenda opens when all scorecards are in" in html for html in (of_officer, of_chair)] == [True, True]
    assert ["2 of 3 scorecards are in" in html for html in (of_officer, of_chair)] == [False, True]
    assert ["Open round 2 now" in html for html in (of_officer, of_chair)] == [False, True]


def test_agenda_does_not_wait_for_who_is_barred(client, split, chair):
    barred = make_user(Role.OFFICER)
    assign(split, barred)
    bar(split, barred)

    assert "voice__name" in page(client, chair, url(split))


def test_agenda_where_officers_agree_says_so(client, proposal, officer, other_officer, chair):
    for one in (officer, other_officer):
        make_scorecard(proposal, one)

    assert "Nothing to discuss" in page(client, chair, url(proposal))


def test_agenda_is_refused_to_who_owes_round_1(client, split):
    late = make_user(Role.OFFICER)
    assign(split, late)
    client.force_login(late)

    assert client.get(url(split)).status_code == 403


def test_tab_of_the_discussion_is_for_who_may_discuss(client, split, officer):
    late = make_user(Role.OFFICER)
    assign(split, late)
    record = reverse("proposals:proposal-detail", args=[split.pk])

    assert [url(split) in page(client, user, record) for user in (officer, late)] == [True, False]


def test_opening_lists_the_cells_then_freezes_them(client, split, chair):
    html = page(client, chair, url(split, "open"))
    response = client.post(url(split, "open"))

    assert "Open round 2 on 1 cell" in html
    assert response.url == url(split)
    assert [one["cell"] for one in Discussion.objects.get().cells] == ["stakes"]


def test_opening_what_cannot_be_opened_says_why(client, proposal, officer, chair):
    make_scorecard(proposal, officer)

    html = page(client, chair, url(proposal, "open"))
    response = client.post(url(proposal, "open"))

    assert "A discussion needs two officers at least" in html
    assert said(response) == ["A discussion needs two officers at least whose scorecards are in."]
    assert Discussion.objects.count() == 0


def test_officer_starts_round_2_and_comes_to_the_scoring_page(client, split, officer, chair):
    open_discussion(proposal=split, by=chair, at=NOW)
    client.force_login(officer)

    response = client.post(url(split, "rescore"))

    assert response.url == reverse("proposals:scorecard-edit", args=[split.pk])
    assert Scorecard.objects.get(officer=officer, round=2).is_submitted is False
    assert "Continue round 2" in page(client, officer, url(split))


def test_rescoring_while_round_2_is_not_open_says_so(client, split, officer):
    client.force_login(officer)

    answers = [client.post(url(split, name)) for name in ("rescore", "stand")]

    assert [said(answer)[-1] for answer in answers] == ["Round 2 on this proposal is not open."] * 2


def test_officer_who_stands_by_round_1_sees_the_assessment_again(client, split, officer, chair):
    open_discussion(proposal=split, by=chair, at=NOW)
    assessment = reverse("proposals:assessment-detail", args=[split.pk])
    before = page(client, officer, assessment)

    client.post(url(split, "stand"))

    after = page(client, officer, assessment)
    assert [OWED in html for html in (before, after)] == [True, False]
    assert "Stands by round 1" in page(client, officer, url(split))


def test_agenda_after_round_2_shows_the_change_and_what_stays_split(client, split, officer, other_officer, chair):
    open_discussion(proposal=split, by=chair, at=NOW)
    second = start_round_two(proposal=split, officer=officer, by=officer, at=NOW)
    second.scores.filter(criterion__key="stakes").update(value=1, rationale="Less than I thought.")
    submit(second)
    assess_proposal(proposal=split, by=officer, at=NOW)

    html, of_other = page(client, officer, url(split)), page(client, other_officer, url(split))

    assert 'Round 1</span> 0, E3 <span aria-hidden="true">→</span>' in html
    assert html.count("Still split") == 1
    assert reverse("proposals:memo-words-edit", args=[split.pk]) + "#id_minority_view" in html
    assert ["Less than I thought." in one for one in (html, of_other)] == [True, False]


def test_agenda_shows_consensus_which_settles_what_was_split(client, split, officer, chair):
    open_discussion(proposal=split, by=chair, at=NOW)
    stand_by_round_one(proposal=split, officer=officer, by=officer, at=NOW)
    facts = {"item": "stakes", "part": "", "value": 2, "grade": 3, "reason": "They talked."}
    record_consensus(proposal=split, by=chair, at=NOW, **facts)

    html = page(client, chair, url(split))

    assert "Agreed: 2</strong>" in html
    assert (html.count("They talked."), html.count("No longer split"), html.count("Still split")) == (1, 1, 0)


def test_agenda_takes_consensus_on_each_level_of_a_risk(client, proposal, officer, other_officer, chair):
    make_scorecard(proposal, officer, risk=(5, 2))
    make_scorecard(proposal, other_officer)
    risk = proposal.docket.rubric_version.sections.get(rule="residual_risk").risks.order_by("position").first()

    html = page(client, chair, url(proposal))

    record = [
        reverse("proposals:consensus-record-part", args=[proposal.pk, risk.key, p]) for p in ("probability", "loss")
    ]
    assert [html.count(f'"{address}"') for address in record] == [1, 1]
    assert "Consequence: nothing agreed" in html


def test_chair_closes_round_2_once(client, split, chair):
    open_discussion(proposal=split, by=chair, at=NOW)
    client.force_login(chair)

    first, second = client.post(url(split, "close")), client.post(url(split, "close"))

    assert said(first)[0].startswith("Round 2 is closed.")
    assert said(second)[-1] == "Round 2 on this proposal is not open."
    assert Discussion.objects.get().is_open is False


def test_scorecard_of_round_2_lists_what_changed(client, split, officer, chair):
    open_discussion(proposal=split, by=chair, at=NOW)
    second = start_round_two(proposal=split, officer=officer, by=officer, at=NOW)
    second.scores.filter(criterion__key="stakes").update(value=1)
    second.scores.filter(criterion__key="window").update(rationale="Said better.")
    Scorecard.objects.filter(pk=second.pk).update(recommendation="decline")
    close_discussion(proposal=split, by=chair, at=NOW)

    html = page(client, officer, reverse("proposals:scorecard-detail", args=[second.pk]))

    start = html.index("Changed since round 1")
    changes = html[start : html.index("The scorecard of round 1")]
    assert "<strong>1, E3</strong>" in changes
    assert "3, E3: <span" in changes
    assert "<strong>Decline</strong>" in changes
    assert changes.count("<dt>") == 3
