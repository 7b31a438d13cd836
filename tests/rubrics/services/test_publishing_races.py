"""Two administrators publish drafts of the same version at once, for real."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from rubrics.models import RubricDraft, RubricVersion
from rubrics.services.draft_parts import ScalePart
from rubrics.services.drafts import DraftGoneError, PartChangedError, digest, edit_draft
from rubrics.services.publishing import BaseMovedError, publish_draft
from t2eval.accounts.roles import Role
from t2eval.audit.models import Event
from tests.factories import NOW, make_draft, make_newer_version, make_user

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 50


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gives or raises, all begun at the same moment."""
    begin, found = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            begin.wait(10)
            found[place] = call()
        except Exception as error:  # noqa: BLE001 - what it raised is what the test looks at
            found[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def publishing(draft, by):
    return lambda: publish_draft(draft=draft, seen=draft.revision, reason="Because", by=by, at=NOW)


def small(document):
    """One criterion and no gate: rounds are many, and rows are not what is tried here."""
    document["sections"] = [document["sections"][1]]
    del document["sections"][0]["criteria"][1:]
    document["gates"] = []


def titled(title):
    return lambda document: document.update(title=title)


def test_two_administrators_publishing_from_the_same_base_make_one_version_each_round():
    people, in_force = [make_user(Role.ADMIN), make_user(Role.ADMIN)], make_newer_version(small)

    for number in range(3, ROUNDS + 3):
        drafts = [make_draft(titled(f"{number}, {by.name}"), base=in_force, by=by) for by in people]

        found = together(*(publishing(*each) for each in zip(drafts, people, strict=True)))

        won = [outcome for outcome in found if isinstance(outcome, RubricVersion)]
        lost = [outcome for outcome in found if isinstance(outcome, BaseMovedError)]
        assert (len(won), len(lost)) == (1, 1), found
        kept = drafts[found.index(lost[0])]
        assert (won[0].number, lost[0].version, list(RubricDraft.objects.all())) == (number, won[0], [kept])
        in_force = RubricVersion.objects.get(state="published")
        assert in_force == won[0]
        kept.delete()

    versions = RubricVersion.objects.order_by("number")
    assert [version.number for version in versions] == list(range(1, ROUNDS + 3))
    assert [version.state for version in versions] == ["retired"] * (ROUNDS + 1) + ["published"]
    assert Event.objects.filter(event="rubric_version.published").count() == ROUNDS + 2


def test_one_draft_published_twice_at_once_is_one_version():
    draft, people = make_draft(titled("Next")), [make_user(Role.ADMIN), make_user(Role.ADMIN)]

    found = together(*(publishing(draft, person) for person in people))

    assert sorted(type(outcome).__name__ for outcome in found) == [DraftGoneError.__name__, RubricVersion.__name__]
    assert RubricVersion.objects.count() == 2


def test_one_part_saved_twice_at_once_is_saved_once():
    draft, people = make_draft(), [make_user(Role.ADMIN), make_user(Role.ADMIN)]
    held = ScalePart().read(draft.document)

    def saving(by, title):
        values = {**held, "title": title}
        return lambda: edit_draft(draft=draft, part=ScalePart(), values=values, seen=digest(held), by=by, at=NOW)

    found = together(saving(people[0], "One"), saving(people[1], "Other"))

    saved = [outcome for outcome in found if isinstance(outcome, RubricDraft)]
    refused = [outcome for outcome in found if isinstance(outcome, PartChangedError)]
    assert (len(saved), len(refused)) == (1, 1)
    assert RubricDraft.objects.get().document["title"] == saved[0].document["title"] == refused[0].current["title"]
    assert Event.objects.filter(event="rubric_draft.edited").count() == 1
