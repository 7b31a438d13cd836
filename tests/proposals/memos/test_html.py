import dataclasses

from proposals.memos.content import MemoContent, content_sha256
from proposals.memos.html import render_body, render_document

HEADINGS = [
    "1 What the grant does",
    "2 The organizer",
    "3 Budget",
    "4 Theory of change",
    "5 The case for",
    "6 The case against",
    "7 Convening and transfer, side by side",
    "8 Risks and mitigations",
    "9 Counterfactual",
    "10 Conditions and milestones",
    "11 Predictions",
    "12 Disagreements and minority views",
    "13 Conflicts declared",
    "14 Exit triggers",
    "15 Follow-up",
    "Annex A: all scores",
    "Annex B: evidence",
    "Annex C: weights",
    "Annex D: gates",
]


def test_document_sections_stand_in_the_order_of_the_rubric(full: MemoContent) -> None:
    html = render_document(full)

    assert [heading for heading in HEADINGS if f"<h2>{heading}</h2>" not in html] == []
    assert [html.index(f"<h2>{heading}</h2>") for heading in HEADINGS] == sorted(
        html.index(f"<h2>{heading}</h2>") for heading in HEADINGS
    )


def test_document_with_empty_words_prints_not_yet_written(bare: MemoContent) -> None:
    html = render_document(bare)

    # recommendation, amount and term; resolution; three for, three against; uncertainty; change of mind;
    # grant, case for, case against, counterfactual, conditions, predictions, minority view, exit triggers, follow-up
    assert html.count("not yet written") == 3 + 1 + 6 + 2 + 9


def test_document_with_all_words_prints_no_gap(full: MemoContent) -> None:
    assert render_document(full).count("not yet written") == 0


def test_document_has_a_watermark_only_as_a_draft(issuable: MemoContent) -> None:
    draft = dataclasses.replace(issuable, draft_reasons=("A gate blocks.",))

    assert "memo-draft.css" not in render_document(issuable)
    assert "memo-draft.css" in render_document(draft)
    assert "A gate blocks." in render_document(draft)


def test_document_paper_is_that_of_the_content(full: MemoContent) -> None:
    letter = dataclasses.replace(full, head=dataclasses.replace(full.head, paper="Letter"))

    assert "memo-letter.css" not in render_document(full)
    assert "memo-letter.css" in render_document(letter)


def test_body_for_the_reader_leaves_the_title_to_the_page(full: MemoContent) -> None:
    body = render_body(full)

    assert "<h1" not in body
    assert " style=" not in body
    assert "<script" not in body
    assert content_sha256(full)[:12] in body


def test_body_escapes_what_people_wrote(full: MemoContent) -> None:
    attacked = dataclasses.replace(full, case_for='<img src="https://example.org/x.png"> & more')

    body = render_body(attacked)

    assert "<img" not in body
    assert "&lt;img src=" in body


def test_document_prints_no_name_of_a_participant(full: MemoContent) -> None:
    assert "Nobody Invented" not in render_document(full)


def test_document_calls_officers_by_letter_only(full: MemoContent) -> None:
    html = render_document(full)

    assert "Test person" not in html
    assert "Officer A, sponsor" in html
