import pytest

from proposals.models import Participant
from proposals.services.memo_names import NameFound, names_in_content
from tests.memo_rows import make_memo, make_sponsored

pytestmark = pytest.mark.django_db


def name_somebody(proposal, name):
    return Participant.objects.create(proposal=proposal, side=proposal.sides.first(), name=name, role="adviser")


def test_names_in_content_without_participants_are_none():
    proposal, _ = make_sponsored()
    memo = make_memo(proposal, content={"case_for": "Zofia Example leads."})

    assert names_in_content(memo) == []


@pytest.mark.parametrize(
    "text",
    [
        "Zofia Maria Łódzka-Example leads.",
        "It rests on ZOFIA MARIA ŁÓDZKA EXAMPLE.",
        "Łódzka-Example, Zofia Maria",
        "see Z. Example and others",
        "Zofia Example's office",
        "Zofia Maria Lodzka-Example",
    ],
)
def test_names_in_content_are_found_in_every_spelling(text):
    proposal, _ = make_sponsored()
    name = "Zofia Maria Łódzka-Example"
    name_somebody(proposal, name)
    memo = make_memo(proposal, content={"case_for": text})

    assert names_in_content(memo) == [NameFound(name, "words", "case_for", text)]


def test_names_in_content_leave_other_people_alone():
    proposal, _ = make_sponsored()
    name_somebody(proposal, "May Example")
    memo = make_memo(proposal, content={"case_for": "They may give examples in May. An example follows."})

    assert names_in_content(memo) == []


def test_names_in_content_say_on_which_page_they_are_written():
    proposal, _ = make_sponsored()
    name_somebody(proposal, "May Example")
    memo = make_memo(
        proposal,
        content={
            "conditions": [{"text": "May Example stays.", "owner": "", "due": "", "proof": ""}],
            "conflicts": ["May Example is a friend."],
            "exit_triggers": "May Example leaves.",
        },
    )

    found = names_in_content(memo)

    assert sorted((name.page, name.field) for name in found) == [
        ("proposal", ""),
        ("words", "conditions"),
        ("words", "exit_triggers"),
    ]
