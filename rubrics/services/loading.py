"""From a file in the bundle's rubric format to a published version, by command."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from rubrics.models import Rubric, RubricVersion
from rubrics.scoring.faults import FaultyDocumentError
from rubrics.scoring.parse import parse_rubric
from rubrics.services.documents import rubric_document
from rubrics.services.publishing import put_in_force
from rubrics.services.storable import storable_faults
from rubrics.services.storing import store_version
from t2eval.accounts.models import User


class RubricVersionExistsError(Exception):
    """This version number is taken by other content."""


def _comparable(value: Any) -> Any:
    """The same for documents that say the same: numbers by value, empty descriptions left out."""
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items() if not _is_silent(key, item)}
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return value


def _is_silent(key: str, item: Any) -> bool:
    """Whether leaving the key out would say the same."""
    return item is None or item is False or item == "" or (item in ([], {}) and key != "reduces")


@transaction.atomic
def load_rubric_version(
    document: dict[str, Any], *, by: User | None, at: dt.datetime, reason: str = "Loaded from a file"
) -> RubricVersion:
    """Publish the version that a document holds, retiring the one in force; loading the same again changes nothing.

    Raises FaultyDocumentError with every fault, RubricVersionExistsError where the number holds other content.
    """
    parse_rubric(document)
    if faults := storable_faults(document):
        raise FaultyDocumentError(faults)
    rubric, _ = Rubric.objects.select_for_update().get_or_create(
        key=document["key"], defaults={"title": document.get("title", document["key"])}
    )
    existing = rubric.versions.filter(number=document["version"]).first()
    if existing is not None:
        if _comparable(rubric_document(existing)) != _comparable(document):
            raise RubricVersionExistsError(
                f"{existing} is published with other content: give the file the next version number."
            )
        return existing
    version = store_version(rubric, document, number=document["version"], reason=reason)
    put_in_force(version, by=by, at=at)
    return version
