import copy
import json
import subprocess
import sys

import pytest
from django.conf import settings

from rubrics.models import Rubric
from rubrics.scoring.faults import FaultyDocumentError
from rubrics.scoring.parse import load_rubric, parse_rubric
from rubrics.services.defaults import default_rubric_document
from rubrics.services.differences import differences
from rubrics.services.documents import rubric_document
from rubrics.services.exchange import ORDER, read_file, write_file
from tests.factories import items_of, make_draft

RUBRIC = Rubric(key="track-2", title="Track 2")
DEFAULT = default_rubric_document()


def written(**changes):
    return json.dumps({**DEFAULT, **changes}).encode()


def faults_of(data):
    with pytest.raises(FaultyDocumentError) as refused:
        read_file(data, RUBRIC)
    return [str(fault) for fault in refused.value.faults]


def test_file_written_and_read_is_the_same_document():
    assert read_file(write_file(DEFAULT).encode(), RUBRIC) == DEFAULT


@pytest.mark.django_db
def test_file_of_a_version_or_draft_is_read_as_it_is_scored(version):
    for document in (rubric_document(version), make_draft().document):
        text = write_file(document)

        read = read_file(text.encode(), version.rubric)
        assert (read, load_rubric(text)) == (document, parse_rubric(document))
        assert differences(document, read) == []


def test_file_is_laid_out_in_the_order_of_the_format():
    shuffled = dict(sorted(DEFAULT.items(), reverse=True))

    text = write_file({**shuffled, "unheard-of": "Ü"})

    names = list(json.loads(text))
    assert names == [*(name for name in ORDER if name in DEFAULT), "unheard-of"]
    assert text.startswith('{\n  "key": "track-2",\n  "version": 1,\n  "title"')
    assert text.endswith('"unheard-of": "Ü"\n}\n')


@pytest.mark.parametrize(
    ("number", "held"),
    [
        ("0.25", "0.25"), ("0.250", "0.25"), ("1.0", 1), ("1e0", 1), ("0", 0), ("2.5e-1", "0.25"), ('"0.250"', "0.250"),
    ],
)  # fmt: skip
def test_file_numbers_stay_exact(number, held):
    text = write_file(DEFAULT).replace('"overlap": "0.25"', f'"overlap": {number}')

    document = read_file(text.encode(), RUBRIC)

    assert items_of(document)["theories"]["overlap"] == held
    assert type(items_of(document)["theories"]["overlap"]) is type(held)


def test_file_numbers_longer_than_arithmetic_usually_is_stay_exact():
    long = "0.90000000000000000000000000000000000001"
    text = write_file(DEFAULT).replace('"0.90"', long)

    document = read_file(text.encode(), RUBRIC)

    assert items_of(document)["risk"]["probability"][-1] == long
    assert [change.sentence for change in differences(DEFAULT, document)] == [
        f"Risk and mitigation: likelihood level 5 counts as 0.9 → {long}"
    ]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\xff\xfe", "$: is not UTF-8 text (byte 0)"),
        (b"", "$: is not JSON: Expecting value (line 1, column 1)"),
        (b"[" * 100_000, "$: is nested too deeply"),
        (b"[]", "$: a list is not an object"),
        (written(key="other"), '$.key: "other" is another rubric: this one is "track-2"'),
        (written(note=json.loads("[" * 300 + "]" * 300)), f"$.note{'[0]' * 20}: is nested too deeply"),
        (written(guidance="\0"), "$.guidance: holds a character that is none"),
        (written(title="x" * 201), "$.title: has more than 200 characters"),
        (written(version=0), "$.version: 0 is not at least 1"),
        (written(note="x").replace(b'"x"', b"NaN"), "$.note: NaN is not a number that can be computed with"),
        (written(title="x").replace(b'"x"', b'"x", "title": "y"'), "$.title: is given more than once"),
    ],
    ids=["bytes", "empty", "deep", "list", "another", "deep note", "nul", "title", "version", "nan", "twice"],
)
def test_file_with_a_fault_is_refused_at_its_place(data, line):
    assert faults_of(data) == [line]


def test_file_of_another_rubric_tells_what_else_cannot_be_kept():
    assert faults_of(written(key="other", title="x" * 201)) == [
        '$.key: "other" is another rubric: this one is "track-2"',
        "$.title: has more than 200 characters",
    ]


def spoiled(document):
    document["sections"][1]["weight"] = -1
    document["sections"][2]["criteria"][0]["per_side"] = "yes"
    document["evidence_caps"] = [2, 2, 4, 3, 4]
    document["gates"][0]["when"][0]["criterion"] = "gone"
    document["gates"][1]["unheard-of"] = 1
    document["bands"].pop()
    return document


def test_file_faults_are_those_that_assess_prints():
    document = spoiled(copy.deepcopy(DEFAULT))
    bundle = {"format": "t2eval-bundle/1", "rubric": document, "proposals": []}

    told = faults_of(json.dumps(document).encode())
    printed = subprocess.run(
        [sys.executable, "manage.py", "assess", "-"],
        cwd=settings.BASE_DIR,
        input=json.dumps(bundle).encode(),
        capture_output=True,
        check=False,
    ).stderr.decode()

    assert printed.splitlines() == [line.replace("$", "$.rubric", 1) for line in told]
    assert len(told) == 6
