"""Drafts of the default rubric, for tests of what they would do."""

import copy
from collections.abc import Callable
from typing import Any

from rubrics.models import RubricDraft
from rubrics.services.documents import rubric_document
from rubrics.services.drafts import start_draft
from t2eval.accounts.roles import Role
from tests.factories import NOW, items_of, make_user, make_version


def draft_of(change: Callable[[dict[str, Any]], Any] = lambda _: None) -> RubricDraft:
    """A draft from the version in force, with what `change` does to its document."""
    version = make_version()
    document = copy.deepcopy(rubric_document(version))
    change(document)
    return start_draft(base=version, name="Another try", document=document, by=make_user(Role.ADMIN), at=NOW)


def reweigh(document: dict[str, Any]) -> None:
    """Other section weights and another band: recombined from what is stored."""
    items_of(document)["transfer"]["weight"] = 90
    items_of(document)["theories"]["weight"] = 2
    document["bands"][0]["min"] = 80


def regate(document: dict[str, Any]) -> None:
    """Another criterion weight, evidence cap and gate too: the official method alone can answer."""
    reweigh(document)
    items_of(document)["stakes"]["weight"] = 1
    document["evidence_caps"] = [1, 1, 2, 3, 4]
    gate = {"key": "new-floor", "title": "New floor", "effect": "cap:revise"}
    document["gates"].append({**gate, "when": [{"section": "issue", "mean_below": "3.5"}]})
