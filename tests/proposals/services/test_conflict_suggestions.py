import pytest

from proposals.models import CoFunder, Participant
from proposals.services.conflict_suggestions import have_in_common, suggest_conflicts
from t2eval.accounts.models import Affiliation
from t2eval.accounts.roles import Role
from tests.factories import ProposalFactory, bar, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks(version):
    """A proposal of the Harrow Lake Institute, with a co-funder and a past convening."""
    made = ProposalFactory(docket__rubric_version=version, organizer__name="Harrow Lake Institute (sample)")
    CoFunder.objects.create(proposal=made, name="Linden Street Fund")
    made.organizer.past_convenings.create(title="Missile incidents, first series", period="2019")
    return made


def person(**facts):
    return make_user(Role.OFFICER, **facts)


def interest(user, organization, kind="advisory", **facts):
    return Affiliation.objects.create(user=user, organization=organization, kind=kind, **facts)


def suggested(proposal, user):
    return [(one.kind, one.why) for one in suggest_conflicts(proposal, user)]


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("Harrow Lake Institute", "HARROW LAKE institute (sample)", True),
        ("Harrow Lake Institute, Department of Talks", "harrow lake institute", True),
        ("Ｈａｒｒｏｗ Lake", "Harrow Lake", True),
        ("Harrow", "Harrowgate Lake", False),
        ("Lake Harrow", "Harrow Lake", False),
        ("Lake Institute", "Harrow Lake Institute", True),
        ("", "Harrow Lake", False),
        ("–", "Harrow Lake", False),
    ],
)
def test_have_in_common_compares_whole_words_in_their_order(one, other, common):
    assert (have_in_common(one, other), have_in_common(other, one)) == (common, common)


def test_suggestions_without_anything_in_common_are_none(talks):
    user = person(employer="Somewhere Else")
    interest(user, "Another House", kind="participation")

    assert suggested(talks, user) == []


@pytest.mark.parametrize(
    ("employer", "part"), [("Harrow Lake Institute", "is the organizer"), ("Linden Street Fund", "is a co-funder")]
)
def test_suggestions_from_the_employer_name_its_part(talks, employer, part):
    assert suggested(talks, person(employer=employer)) == [
        ("employment", f"Your employer, {employer}, {part}: employment?")
    ]


def test_suggestions_from_interests_take_their_kind_and_end(talks):
    user = person()
    interest(user, "Harrow Lake", kind="family")
    interest(user, "Linden Street Fund", until_year=2019)

    assert suggested(talks, user) == [
        ("family", "Harrow Lake, on your list of interests, is the organizer."),
        ("advisory", "Linden Street Fund, on your list of interests until 2019, is a co-funder."),
    ]


def test_suggestions_from_interests_of_others_are_none(talks):
    interest(person(), "Harrow Lake Institute")

    assert suggested(talks, person()) == []


@pytest.mark.parametrize(("kind", "found"), [("participation", True), ("advisory", False)])
def test_suggestions_from_past_convenings_need_participation(talks, kind, found):
    user = person()
    interest(user, "Missile Incidents", kind=kind)

    assert (
        suggested(talks, user)
        == [
            (
                "participation",
                "You took part in Missile Incidents; the organizer's past convenings list “Missile incidents, first"
                " series”.",
            )
        ]
        * found
    )


@pytest.mark.parametrize(("name", "found"), [("maro, INES", True), ("Ines Maro-Lind", False), ("Ines", False)])
def test_suggestions_from_the_register_need_the_whole_name(talks, name, found):
    Participant.objects.create(proposal=talks, side=talks.sides.first(), name=name, role="adviser")

    assert (
        suggested(talks, person(name="Ines Maro"))
        == [("participation", "Somebody of your name is on the register of participants.")] * found
    )


def test_suggestions_from_earlier_declarations_are_of_the_same_organizer_and_person(talks):
    user = person()
    bar(ProposalFactory(organizer=talks.organizer, docket=talks.docket), user, kind="family")
    bar(ProposalFactory(organizer=talks.organizer, docket=talks.docket), person())
    bar(ProposalFactory(docket=talks.docket), user)

    assert suggested(talks, user) == [
        ("family", "You declared this on 2 March 2026, on another proposal of the same organizer.")
    ]


def test_suggestions_said_twice_stand_once(talks):
    CoFunder.objects.create(proposal=talks, name="Linden Street Fund II")

    assert len(suggested(talks, person(employer="Linden Street Fund"))) == 1
