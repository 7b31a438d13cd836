import datetime as dt
from decimal import Decimal

import pytest

from proposals.models import MemoCondition, MemoWords
from proposals.services.memo_words import (
    CaseAgainstBySponsorError,
    MemoWordsChangedError,
    save_memo_words,
    signature,
    signatures,
    stored_words,
)
from t2eval.audit.models import Event
from tests.factories import NOW
from tests.memo_rows import add_officer, make_sponsored

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)


def save(proposal, by, *, seen=None, at=NOW, **typed):
    seen = seen if seen is not None else signatures(stored_words(proposal))
    return save_memo_words(proposal=proposal, typed=typed, seen=seen, by=by, at=at)


def test_memo_words_changed_field_is_saved_with_its_author():
    proposal, sponsor = make_sponsored()

    written = save(proposal, sponsor, case_for="The right people meet.", follow_up="")

    words = MemoWords.objects.get(proposal=proposal)
    assert written == ["case_for"]
    assert (words.case_for, words.updated_by, words.updated_at) == ("The right people meet.", sponsor, NOW)
    assert Event.objects.get(event="memo-words.saved").details == {"fields": ["case_for"]}


def test_memo_words_unchanged_page_writes_nothing():
    proposal, sponsor = make_sponsored()

    written = save(proposal, sponsor, case_for="", conditions=[])

    assert written == []
    assert not MemoWords.objects.filter(proposal=proposal).exists()
    assert not Event.objects.filter(event="memo-words.saved").exists()


def test_memo_words_of_different_fields_by_two_writers_are_both_kept():
    proposal, sponsor = make_sponsored()
    officer = add_officer(proposal)
    seen = signatures(stored_words(proposal))
    save(proposal, officer, case_against="Nobody asked for it.", at=LATER)

    save(proposal, sponsor, seen=seen, case_for="Much.", case_against="", at=LATER)

    words = MemoWords.objects.get(proposal=proposal)
    assert (words.case_for, words.case_against, words.case_against_by) == ("Much.", "Nobody asked for it.", officer)


def test_memo_words_of_the_same_field_by_two_writers_are_refused_and_nothing_is_saved():
    proposal, sponsor = make_sponsored()
    officer = add_officer(proposal)
    seen = signatures(stored_words(proposal))
    save(proposal, officer, minority_view="I disagree.")

    with pytest.raises(MemoWordsChangedError) as refusal:
        save(proposal, sponsor, seen=seen, minority_view="None.", case_for="Much.")

    assert refusal.value.names == ["minority_view"]
    assert stored_words(proposal)["minority_view"] == "I disagree."
    assert stored_words(proposal)["case_for"] == ""


def test_memo_words_typed_the_same_by_two_writers_are_no_conflict():
    proposal, sponsor = make_sponsored()
    officer = add_officer(proposal)
    seen = signatures(stored_words(proposal))
    save(proposal, officer, minority_view="I disagree.")

    written = save(proposal, sponsor, seen=seen, minority_view="I disagree.")

    assert written == []


def test_case_against_by_the_sponsor_is_refused():
    proposal, sponsor = make_sponsored()

    with pytest.raises(CaseAgainstBySponsorError):
        save(proposal, sponsor, case_against="Little.", case_for="Much.")

    assert not MemoWords.objects.filter(proposal=proposal).exists()


def test_case_against_emptied_has_no_author():
    proposal, _ = make_sponsored()
    officer = add_officer(proposal)
    save(proposal, officer, case_against="Little.")

    save(proposal, officer, case_against="")

    assert MemoWords.objects.get(proposal=proposal).case_against_by is None


def test_conditions_are_replaced_in_their_order():
    proposal, sponsor = make_sponsored()
    first = {"text": "First", "owner": "", "due": "", "proof": ""}
    second = {"text": "Second", "owner": "Organizer", "due": "May", "proof": "A letter"}
    save(proposal, sponsor, conditions=[first, second])

    save(proposal, sponsor, conditions=[second, first])

    stored = MemoCondition.objects.filter(proposal=proposal).order_by("position").values_list("text", flat=True)
    assert list(stored) == ["Second", "First"]


def test_conditions_overtaken_are_refused():
    proposal, sponsor = make_sponsored()
    seen = signatures(stored_words(proposal))
    row = {"text": "First", "owner": "", "due": "", "proof": ""}
    save(proposal, sponsor, conditions=[row])

    with pytest.raises(MemoWordsChangedError) as refusal:
        save(proposal, sponsor, seen=seen, conditions=[{**row, "text": "Other"}])

    assert refusal.value.names == ["conditions"]


def test_signature_is_the_same_before_and_after_the_database():
    typed = {"amount": Decimal(150000), "resolve_by": dt.date(2027, 1, 1)}
    stored = {"amount": Decimal("150000.00"), "resolve_by": dt.date(2027, 1, 1)}

    assert signature(typed) == signature(stored)
