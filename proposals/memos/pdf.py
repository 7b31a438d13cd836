"""Memo content to PDF."""

from proposals.memos.content import MemoContent
from proposals.memos.html import render_document


def render_pdf(content: MemoContent) -> bytes:
    """Render the tagged PDF: the same content gives the same bytes."""
    from weasyprint import HTML

    document: bytes = HTML(string=render_document(content)).write_pdf(pdf_variant="pdf/ua-1")
    return document
