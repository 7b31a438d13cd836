import datetime as dt
from itertools import pairwise

import pytest

from proposals.services.cell_history import Piece, Turn, answer_words, differing, history_entries, history_runs
from tests.factories import NOW, bar, make_change, make_scorecard

pytestmark = pytest.mark.django_db


def said(value=3, rationale="", **facts):
    return {"answer": "scored", "value": value, "grade": 2, "rationale": rationale, "citations": [], **facts}


def after(minutes):
    return NOW + dt.timedelta(minutes=minutes)


@pytest.fixture
def card(proposal, officer):
    return make_scorecard(proposal, officer, submitted=False)


def entries(card):
    return history_entries(card, history_runs(card, card.officer))


def test_runs_come_newest_first(card):
    for minute, cell in enumerate(["stakes", "focus", "window"]):
        make_change(card, cell, None, said(), at=after(minute))

    assert [run.cell for run in history_runs(card, card.officer)] == ["window", "focus", "stakes"]


@pytest.mark.parametrize(("gap", "savings"), [(10, [2]), (11, [1, 1])])
def test_runs_join_savings_of_a_cell_that_follow_within_ten_minutes(card, gap, savings):
    make_change(card, "stakes", None, said(1), at=NOW)
    make_change(card, "stakes", said(1), said(2), at=after(gap))

    assert [run.savings for run in history_runs(card, card.officer)] == savings


def test_runs_let_stand_alone_what_overwrote_somebody_s_words(card):
    """Two tabs: what one of them wrote and the other replaced can be read again."""
    words = {"answer": "open", "citations": []}
    texts = [
        "",
        "Words of one tab, some sentences of them, and important.",
        "Words of the other tab.",
        "Words of the other tab!",
    ]
    for minute, (before, later) in enumerate(pairwise(texts)):
        make_change(card, "stakes", {**words, "rationale": before}, {**words, "rationale": later}, at=after(minute))

    assert [run.savings for run in history_runs(card, card.officer)] == [2, 1]


def test_runs_reach_as_far_as_each_saving_follows_the_one_before(card):
    for minute in (0, 8, 16, 24):
        make_change(card, "stakes", said(minute), said(minute + 8), at=after(minute))

    (entry,) = entries(card)

    assert (entry.savings, entry.begun, entry.at) == (4, NOW, after(24))
    assert entry.turns == (Turn("Answer", "0, E2", "32, E2"),)


def test_runs_join_savings_of_a_cell_across_those_of_another(card):
    make_change(card, "stakes", None, said(1), at=after(0))
    make_change(card, "focus", None, said(1), at=after(1))
    make_change(card, "stakes", said(1), said(2), at=after(2))

    assert [(run.cell, run.savings) for run in history_runs(card, card.officer)] == [("stakes", 2), ("focus", 1)]


def test_runs_of_two_people_stay_apart(card, chair):
    make_change(card, "stakes", None, said(1), at=after(0))
    make_change(card, "stakes", said(1), said(2), at=after(1), by=chair)

    assert [(run.by, run.savings) for run in history_runs(card, card.officer)] == [(chair.pk, 1), (card.officer.pk, 1)]


def test_runs_of_another_scorecard_or_for_anyone_else_are_none(card, proposal, other_officer, chair):
    make_change(make_scorecard(proposal, other_officer), "stakes", None, said())

    assert [history_runs(card, user) for user in (card.officer, other_officer, chair)] == [[], [], []]


def test_runs_of_a_proposal_that_a_conflict_bars_are_none(card, proposal):
    make_change(card, "stakes", None, said())
    bar(proposal, card.officer)

    assert history_runs(card, card.officer) == []


def test_entry_of_a_side_names_it(card):
    make_change(card, "route.a", None, said())

    assert [entry.label for entry in entries(card)] == ["Route to officials, Side A"]


def test_entry_of_a_side_that_is_gone_keeps_its_key(card):
    make_change(card, "route.gone", None, said())

    assert [entry.label for entry in entries(card)] == ["Route to officials, gone"]


def test_entry_of_the_recommendation_gives_band_and_reason(card):
    make_change(card, "", None, {"recommendation": "fund", "reason": "Good."})

    (entry,) = entries(card)

    assert (entry.label, entry.turns, entry.reason) == (
        "Recommendation",
        (Turn("Band", "open", "Fund"),),
        (Piece("new", "Good."),),
    )


def test_entry_tells_what_evidence_came(card):
    make_change(card, "stakes", said(), said(citations=[1, 4]))

    (entry,) = entries(card)

    assert entry.turns == (Turn("Cites", "nothing", "[1], [4]"),)


@pytest.mark.parametrize(("stands", "is_back"), [(said(1), True), (said(3), False)])
def test_entry_that_ends_where_it_began_says_so(card, stands, is_back):
    make_change(card, "stakes", said(1), said(2), at=after(0))
    make_change(card, "stakes", said(2), stands, at=after(1))

    assert [entry.is_back for entry in entries(card)] == [is_back]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "open"),
        ({"answer": "open", "value": None}, "open"),
        ({"answer": "not_applicable"}, "not applicable"),
        ({"answer": "not_enough_information"}, "not enough information"),
        (said(4), "4, E2"),
        ({"answer": "scored", "likelihood": 3, "consequence": None}, "likelihood 3, consequence not known"),
        (
            {"answer": "scored", "likelihood": 3, "consequence": None, "open_level": "consequence"},
            "likelihood 3, consequence open",
        ),
        ({"answer": "open", "open_level": "both"}, "likelihood open, consequence open"),
    ],
)
def test_answer_in_words(answer, words):
    assert answer_words(answer) == words


def test_difference_of_equal_texts_is_nothing():
    assert differing("The same.", "The same.") == ()


def test_difference_marks_the_words_that_went_and_came():
    assert differing("Officials take part.", "Officials now take no part.") == (
        Piece("same", "Officials "),
        Piece("new", "now "),
        Piece("same", "take "),
        Piece("new", "no "),
        Piece("same", "part."),
    )


def test_difference_leaves_out_the_middle_of_a_long_unchanged_stretch():
    long = "".join(f"w{number} " for number in range(40))

    pieces = differing(f"a {long}z", f"b {long}y")

    assert [piece.kind for piece in pieces] == ["gone", "new", "same", "left-out", "same", "gone", "new"]
    assert [len(piece.text.split()) for piece in pieces] == [1, 1, 12, 1, 12, 1, 1]


def test_difference_leaves_out_a_long_unchanged_beginning_and_end():
    long = "".join(f"w{number} " for number in range(40))

    pieces = differing(f"{long}a {long}", f"{long}b {long}")

    assert [piece.kind for piece in pieces] == ["left-out", "same", "gone", "new", "same", "left-out"]


def test_difference_keeps_what_both_texts_say():
    old, new = " Two  spaces\nand a line.", "Two  spaces\n\nand another line. "

    pieces = differing(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new
