"""Memo content to HTML, through templates: the same body for the reader in the browser and for the PDF."""

from django.template.loader import render_to_string

from proposals.memos.content import MemoContent, content_sha256


def render_body(content: MemoContent) -> str:
    """Render the memo's body, to be embedded in a page of the site."""
    return render_to_string("memos/body.html", {"memo": content, "fingerprint": content_sha256(content)})


def render_document(content: MemoContent) -> str:
    """Render the whole HTML document from which the PDF is made."""
    return render_to_string("memos/document.html", {"memo": content, "fingerprint": content_sha256(content)})
