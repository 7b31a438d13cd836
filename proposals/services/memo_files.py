"""Handing out the stored PDF of a memo."""

import datetime as dt
import hashlib

from django.core.files import File

from proposals.models import Memo
from t2eval.accounts.models import User
from t2eval.audit.services import record

ALTERED = "The stored PDF is not the one that was rendered: its SHA-256 differs. It is not sent; tell an administrator."


class MemoFileAlteredError(Exception):
    """The stored file is not the one that was rendered."""


def open_pdf(*, memo: Memo, by: User, at: dt.datetime) -> File[bytes]:
    """Open the memo's PDF for reading and record that; a file that is not the rendered one is recorded and refused.

    Raises FileNotFoundError where the file is missing. The record of an altered file outlives the refusal, so there is
    no transaction around the two.
    """
    file: File[bytes] = memo.pdf.open("rb")
    is_altered = hashlib.file_digest(file, "sha256").hexdigest() != memo.pdf_sha256
    event = "memo.pdf-altered" if is_altered else "memo.pdf-read"
    record(event, by=by, at=at, target=memo, proposal_id=memo.proposal_id, edition=memo.edition)
    if is_altered:
        file.close()
        raise MemoFileAlteredError(ALTERED)
    file.seek(0)
    return file
