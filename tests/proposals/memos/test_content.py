import dataclasses
import json

import pytest

from proposals.memos.codec import ContentFormatError
from proposals.memos.content import (
    MemoContent,
    canonical_json,
    content_from_json,
    content_sha256,
    content_to_json,
)


def test_content_through_json_comes_back_equal(full: MemoContent) -> None:
    stored = json.loads(json.dumps(content_to_json(full)))

    assert content_from_json(stored) == full


def test_content_hash_does_not_depend_on_the_order_of_keys(full: MemoContent) -> None:
    stored = content_to_json(full)
    shuffled = dict(reversed(stored.items()))

    assert content_sha256(content_from_json(shuffled)) == content_sha256(full)


def test_content_hash_changes_with_any_word(full: MemoContent) -> None:
    changed = dataclasses.replace(full, case_for=f"{full.case_for}.")

    assert content_sha256(changed) != content_sha256(full)


def test_canonical_json_has_sorted_keys_and_no_spaces(bare: MemoContent) -> None:
    text = canonical_json(bare)

    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"case_for": 3}, "$.case_for: str is expected"),
        ({"extra": ""}, "$: missing or unknown: extra"),
        ({"conditions": {}}, "$.conditions: a list is expected"),
        ({"conditions": ["text"]}, "$.conditions[0]: an object is expected"),
    ],
)
def test_content_from_other_json_is_refused(bare: MemoContent, change: dict[str, object], message: str) -> None:
    with pytest.raises(ContentFormatError) as refused:
        content_from_json(content_to_json(bare) | change)

    assert str(refused.value) == message


def test_content_with_a_boolean_for_a_number_is_refused(bare: MemoContent) -> None:
    stored = content_to_json(bare)
    stored["head"]["edition"] = True

    with pytest.raises(ContentFormatError, match=r"\$\.head\.edition: int is expected"):
        content_from_json(stored)
