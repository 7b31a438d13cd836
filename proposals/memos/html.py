"""Memo content to HTML, through templates: the same body for the reader in the browser and for the PDF."""

from typing import Any

from django.template.loader import render_to_string

from proposals.memos.charts.pathway_map import pathway_map
from proposals.memos.charts.risk_arrows import risk_arrows
from proposals.memos.charts.section_bars import section_bars
from proposals.memos.content import MemoContent, content_sha256


def _context(content: MemoContent) -> dict[str, Any]:
    return {
        "memo": content,
        "fingerprint": content_sha256(content),
        "section_bars": section_bars(content.decision.bars),
        "risk_arrows": risk_arrows(content.risks) if content.risks.rows else None,
        "pathway_map": pathway_map(content.theory),
    }


def render_body(content: MemoContent) -> str:
    """Render the memo's body, to be embedded in a page that links memo.css and has the title as its h1."""
    return render_to_string("memos/body.html", {**_context(content), "reader": True})


def render_document(content: MemoContent, density: str = "normal") -> str:
    """Render the whole HTML document from which the PDF is made; `density` is how tightly page 1 is set."""
    return render_to_string("memos/document.html", {**_context(content), "density": density})


def render_decision(content: MemoContent, density: str) -> str:
    """Render the decision page alone, to see whether it fits a page."""
    return render_to_string("memos/document.html", {**_context(content), "density": density, "decision_only": True})
