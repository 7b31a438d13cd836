"""One visibility policy: who still owes a scorecard gets the same bytes whatever the others do meanwhile.

A test looks at all pages after the others have worked, undoes their work, and looks again.
"""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client, override_settings

from proposals import models
from proposals.services.discussions import open_discussion
from proposals.services.rescoring import start_round_two
from t2eval.accounts.roles import Role
from tests.consistency.panel import Panel, answers, judge, make_panel, score
from tests.factories import NOW, make_scorecard, submit

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=7)
VIEWERS = {
    "officer": {"roles": ()},
    "sponsor": {"roles": (), "sponsors": True},
    "chair and committee": {"roles": (Role.CHAIR, Role.COMMITTEE)},
}


@pytest.fixture(autouse=True)
def files(tmp_path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path, REDIS_URL=""):
        yield


@pytest.fixture(params=VIEWERS)
def panel(request, time_machine) -> Panel:
    time_machine.move_to(NOW, tick=False)
    facts = dict(VIEWERS[request.param])
    panel = make_panel(*facts.pop("roles"), **facts)
    for proposal in panel.both:
        models.MemoWords.objects.create(proposal=proposal, case_for="It may work.", updated_at=NOW)
    return panel


def differing(panel: Panel, work: Callable[[Panel], None]) -> list[str]:
    """The pages that the viewer gets otherwise once the others have done their work."""
    client = Client()
    client.force_login(panel.viewer)
    with transaction.atomic():
        work(panel)
        objects = {"version", *panel.objects}
        after = answers(panel, client, objects)
        transaction.set_rollback(True)
    before = answers(panel, client, objects)
    assert {status for status, *_ in before.values()} >= {200}
    return [name for name, sent in before.items() if sent != after[name]]


def round_one(panel: Panel) -> None:
    """Both others begin, save and hand in; the chair decides, and opens round 2."""
    cards = [score(panel.proposal, other, value=value) for other, value in zip(panel.others, (1, 4), strict=True)]
    for other in panel.others:
        score(panel.decided, other, value=3)
    panel.objects["submitted scorecard"] = {"pk": cards[0].pk}
    judge(panel)
    open_discussion(proposal=panel.proposal, by=panel.chair, at=NOW)


def round_one_begun(panel: Panel) -> None:
    card = make_scorecard(panel.proposal, panel.others[0], submitted=False)
    panel.objects["draft scorecard"] = {"pk": card.pk}


def test_pages_of_who_owes_round_1_are_the_same_once_others_begin(panel):
    assert differing(panel, round_one_begun) == []


@pytest.mark.parametrize("has_draft", [False, True], ids=["not started", "draft"])
def test_pages_of_who_owes_round_1_are_the_same_whatever_others_do(panel, has_draft):
    for proposal in panel.both if has_draft else ():
        make_scorecard(proposal, panel.viewer, submitted=False)

    assert differing(panel, round_one) == []


def round_two(panel: Panel) -> None:
    """Both others hand in round 2, saying something else; the chair decides meanwhile."""
    for other in panel.others:
        card = start_round_two(proposal=panel.proposal, officer=other, by=other, at=LATER)
        card.scores.filter(criterion__key="stakes").update(value=2, rationale="I was wrong.")
        submit(card)
        panel.objects["submitted scorecard"] = {"pk": card.pk}
    judge(panel)


@pytest.mark.parametrize("has_draft", [False, True], ids=["not started", "draft"])
def test_pages_of_who_owes_round_2_are_the_same_whatever_others_do(panel, has_draft):
    for proposal in panel.both:
        for officer, value in zip([panel.viewer, *panel.others], (3, 1, 4), strict=True):
            score(proposal, officer, value=value)
        open_discussion(proposal=proposal, by=panel.chair, at=NOW)
        if has_draft:
            start_round_two(proposal=proposal, officer=panel.viewer, by=panel.viewer, at=LATER)

    assert differing(panel, round_two) == []


@pytest.mark.parametrize("panel", ["officer"], indirect=True)
def test_pages_of_who_has_handed_in_follow_the_others(panel):
    """The comparison can fail: what others do shows where nothing is owed."""
    for proposal in panel.both:
        score(proposal, panel.viewer, value=3)

    assert {"proposals:assessment-detail proposal", "proposals:docket-detail docket"} <= set(
        differing(panel, round_one)
    )
