"""Memo content to PDF: tagged (PDF/UA-1), with the bundle attached, and the same bytes for the same content.

The only place that uses WeasyPrint, which is imported late: it loads Pango when imported, and fails without it.
"""

import datetime as dt
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from proposals.memos.content import MemoContent, content_sha256
from proposals.memos.html import render_decision, render_document
from proposals.memos.tagging import mend_tags

DENSITIES = ("normal", "dense", "tight")
TOO_LONG = "tight memo--flowing"
ATTACHMENT = "bundle.json"


class UnprintableTextError(Exception):
    """The memo holds characters that no font at hand can print."""


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def _watched_glyphs() -> Iterator[None]:
    """Raise UnprintableTextError where WeasyPrint printed empty boxes, instead of letting them pass."""
    log, logger = _Log(), logging.getLogger("weasyprint")
    logger.addHandler(log)
    try:
        yield
    finally:
        logger.removeHandler(log)
    if missing := [line for line in log.lines if ".notdef" in line]:
        raise UnprintableTextError(f"No font at hand prints some characters of this memo: {missing[0][:200]}")


def _layout(html: str) -> Any:
    from weasyprint import HTML

    from proposals.memos.assets import ORIGIN, PackagedAssets

    return HTML(string=html, base_url=f"{ORIGIN}/static/", url_fetcher=PackagedAssets())


def chosen_density(content: MemoContent) -> str:
    """The loosest setting of page 1 that fits one page; where none does, the tightest, flowing on to page 2."""
    for density in DENSITIES:
        if len(_layout(render_decision(content, density)).render().pages) == 1:
            return density
    return TOO_LONG


def bundle_bytes(content: MemoContent) -> bytes:
    """The bundle as it is attached: what the assessment can be recomputed from."""
    return (json.dumps(content.bundle, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _attachment(content: MemoContent) -> Any:
    from weasyprint import Attachment

    moment = dt.datetime.fromisoformat(content.head.moment)
    return Attachment(
        string=bundle_bytes(content),
        name=ATTACHMENT,
        description="The bundle from which the assessment in this memo can be recomputed",
        created=moment,
        modified=moment,
        relationship="Source",
    )


def render_pdf(content: MemoContent) -> bytes:
    """Render the memo. Raises UnprintableTextError, and ForbiddenAddressError for anything not packaged."""
    with _watched_glyphs():
        document: bytes = _layout(render_document(content, chosen_density(content))).write_pdf(
            pdf_variant="pdf/ua-1",
            finisher=mend_tags,
            pdf_identifier=bytes.fromhex(content_sha256(content))[:16],
            attachments=[_attachment(content)],
        )
    return document
