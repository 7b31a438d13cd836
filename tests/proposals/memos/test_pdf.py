import dataclasses
import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import transaction
from pikepdf import Array, Dictionary, Name
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import TextBox

from proposals.memos.assets import ORIGIN, ForbiddenAddressError, PackagedAssets, packaged_file
from proposals.memos.content import MemoContent
from proposals.memos.html import render_decision, render_document
from proposals.memos.judgements import ReferenceLine
from proposals.memos.parts import GateLine
from proposals.memos.pdf import UnprintableTextError, bundle_bytes, chosen_density, render_pdf
from tests.proposals.memos.conftest import content_of
from tests.proposals.memos.full_record import make_full_proposal


@pytest.fixture(scope="module")
def full(django_db_setup: None, django_db_blocker: Any) -> MemoContent:
    """One full memo for the whole module, since drawing it takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        content = content_of(make_full_proposal())
        transaction.set_rollback(True)
    return content


@pytest.fixture(scope="module")
def rendered(full: MemoContent) -> bytes:
    return render_pdf(full)


@pytest.fixture
def document(rendered: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(rendered)) as pdf:
        yield pdf


def elements(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    """Structure elements in reading order."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, Dictionary) and "/S" in node:
            yield node
            if "/K" in node:
                waiting.append(node.K)


def of_kind(pdf: pikepdf.Pdf, kind: str) -> list[Dictionary]:
    return [element for element in elements(pdf) if Name(f"/{kind}") == element.S]


def test_pdf_says_what_it_is(document: pikepdf.Pdf, full: MemoContent) -> None:
    with document.open_metadata() as metadata:
        facts = metadata["dc:title"], metadata["pdfuaid:part"]

    assert facts == (f"{full.head.title}: decision memo {full.head.number}", "1")
    assert str(document.Root.Lang) == "en-GB"
    assert bool(document.Root.MarkInfo.Marked)
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    assert str(document.docinfo["/CreationDate"]).startswith("D:20260302093000")


def test_pdf_headings_start_at_one_and_never_skip(document: pikepdf.Pdf) -> None:
    levels = [int(str(element.S)[2]) for element in elements(document) if re.fullmatch("/H[1-6]", str(element.S))]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_pdf_figures_have_a_sentence_each(document: pikepdf.Pdf) -> None:
    starts = [str(figure.Alt).split()[0] for figure in of_kind(document, "Figure")]

    assert starts == ["Section", "From", "Expected"]


def test_pdf_header_cells_have_a_scope(document: pikepdf.Pdf) -> None:
    cells = of_kind(document, "TH")

    assert len(cells) > 100
    assert {str(cell.A.Scope) for cell in cells} == {"/Row", "/Column"}


def test_pdf_content_is_tagged_or_an_artifact(document: pikepdf.Pdf) -> None:
    loose = 0
    for page in document.pages:
        open_marks = 0
        for _, operator in pikepdf.parse_content_stream(page):
            open_marks += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
            loose += str(operator) in {"Tj", "TJ", "f", "S", "B", "Do"} and not open_marks

    assert loose == 0


def test_pdf_marks_all_stand_in_the_tree(document: pikepdf.Pdf) -> None:
    in_tree = sum(
        1
        for element in elements(document)
        for kid in (element.K if "/K" in element else [])
        if not isinstance(kid, Dictionary | Array)
    )
    on_pages = sum(
        "/MCID" in operands[1]
        for page in document.pages
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) == "BDC" and isinstance(operands[1], Dictionary)
    )

    assert in_tree == on_pages


def test_pdf_fonts_are_embedded_and_can_be_read_as_text(document: pikepdf.Pdf) -> None:
    fonts = {str(font.BaseFont): font for page in document.pages for font in page.Resources.Font.values()}

    families = {re.sub(r"^/\w{6}\+", "", name).split("-")[0] for name in fonts}

    assert [family for family in families if not family.startswith("Source")] == []
    assert [name for name, font in fonts.items() if "/ToUnicode" not in font] == []
    assert [name for name, font in fonts.items() if "/FontFile2" not in font.DescendantFonts[0].FontDescriptor] == []


def test_pdf_bookmarks_lead_to_the_sections(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        (title,) = outline.root
        names = [item.title for item in title.children]

    assert names[:3] == ["1 What the grant does", "2 The organizer", "3 Budget"]
    assert names[-1] == "Annex D: gates"


def test_pdf_carries_the_bundle(document: pikepdf.Pdf, full: MemoContent) -> None:
    attached = document.attachments["bundle.json"].get_file().read_bytes()

    assert attached == bundle_bytes(full)
    assert json.loads(attached) == full.bundle


def test_pdf_of_the_same_content_has_the_same_bytes(bare: MemoContent) -> None:
    assert render_pdf(bare) == render_pdf(bare)


def test_pdf_with_nearly_nothing_written_is_a_whole_memo(bare: MemoContent) -> None:
    with pikepdf.open(io.BytesIO(render_pdf(bare))) as pdf:
        assert len(of_kind(pdf, "H1")) == 1


def test_pdf_with_a_character_that_no_font_prints_is_refused(bare: MemoContent) -> None:
    unprintable = dataclasses.replace(bare, case_for="A private character: \U0010fffd.")

    with pytest.raises(UnprintableTextError):
        render_pdf(unprintable)


def test_density_of_a_short_page_is_normal(bare: MemoContent) -> None:
    assert chosen_density(bare) == "normal"


def test_density_grows_with_the_text(full: MemoContent) -> None:
    gate = GateLine("key", "A gate", "blocks issue", "unknown", "unknown", contested=False, reason="Because. " * 12)
    crowded = dataclasses.replace(full, decision=dataclasses.replace(full.decision, gates=(gate,) * 12))

    assert chosen_density(crowded) in {"dense", "tight"}
    assert "memo--dense" in render_decision(crowded, "dense")


def test_density_of_what_never_fits_lets_page_1_flow_on(bare: MemoContent) -> None:
    endless = dataclasses.replace(bare.decision, uncertainty="Endless words. " * 500)

    assert chosen_density(dataclasses.replace(bare, decision=endless)) == "tight memo--flowing"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/tracker.png",
        "file:///etc/passwd",
        "https://t2eval.invalid/static/../pyproject.toml",
        "https://t2eval.invalid/static/js/site.js",
        "https://t2eval.invalid.example.org/static/css/memo.css",
        "data:text/css,body{}",
    ],
)
def test_packaged_file_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        packaged_file(address)


def test_packaged_file_of_ours_is_found() -> None:
    assert packaged_file("https://t2eval.invalid/static/css/memo.css").name == "memo.css"


def test_pdf_that_asks_for_anything_else_is_refused(bare: MemoContent, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "memos").mkdir()
    (tmp_path / "memos" / "document.html").write_text(
        '<!doctype html><html lang="en"><img src="file:///etc/passwd" alt="">'
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    with pytest.raises(ForbiddenAddressError):
        render_pdf(bare)


def pages_of(content: MemoContent, *starts: str) -> list[set[int]]:
    """The numbers of the pages on which lines begin with each of these texts."""
    html = HTML(string=render_document(content), base_url=f"{ORIGIN}/static/", url_fetcher=PackagedAssets())
    texts = [
        (number, box.text)
        for number, page in enumerate(html.render().pages, 1)
        for box in page._page_box.descendants()  # noqa: SLF001  # WeasyPrint has no public way to its boxes
        if isinstance(box, TextBox)
    ]
    return [{number for number, text in texts if text.startswith(start)} for start in starts]


@pytest.mark.parametrize("rows", [24, 32, 40])
def test_heading_and_note_of_the_last_annex_stay_with_its_table(bare: MemoContent, rows: int) -> None:
    gate = GateLine("key", "A gate", "blocks issue", "pass", "passed", contested=False, reason="")
    line = ReferenceLine("Figure", "3", "3")
    annex = dataclasses.replace(bare.annex, gates=(gate,) * rows, references=(line,) * 6, reference_note="Noted. " * 30)

    heading, caption = pages_of(dataclasses.replace(bare, annex=annex), "Annex E", "Suggested, unconfirmed reference")

    assert caption == {min(heading)}  # later pages name it in their running heads


def test_words_without_a_break_stay_within_page_1(full: MemoContent) -> None:
    word = "W" * 300
    recommendation = dataclasses.replace(full.decision.recommendation, resolution=word, term=word)
    content = dataclasses.replace(
        full,
        head=dataclasses.replace(full.head, title=word, organizer=word),
        decision=dataclasses.replace(
            full.decision, recommendation=recommendation, reasons_for=(word,), reasons_against=(word,)
        ),
    )
    html = HTML(string=render_decision(content, "normal"), base_url=f"{ORIGIN}/static/", url_fetcher=PackagedAssets())

    pages = html.render().pages

    texts = [
        (page.width, box.position_x + box.width)
        for page in pages
        for box in page._page_box.descendants()  # noqa: SLF001  # WeasyPrint has no public way to its boxes
        if isinstance(box, TextBox) and box.text.startswith("WW")
    ]
    assert len(texts) > 6
    assert [(width, right) for width, right in texts if right > width] == []
