import json
from decimal import Decimal
from fractions import Fraction

import pytest

from rubrics.scoring.assess import assess_proposal
from rubrics.scoring.cli import run, unreadable
from rubrics.scoring.document import UnusableNumber, read_json
from rubrics.scoring.output import exact, exact_json, rounded
from rubrics.scoring.parse import load_bundle, parse_bundle
from tests.rubrics.scoring.scoring_cases import bundle, card, proposal


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"", "$: is not JSON"),
        (b"{", "$: is not JSON"),
        (b"\xff\xfe{", "$: is not UTF-8 text"),
        (b'{"a": "\n"}', "$: is not JSON"),
        (b"[" * 100_000, "$: is nested too deeply"),
        (b'{"a":' * 100_000, "$: is nested too deeply"),
        (b"[]", "$: a list is not an object"),
        (b"5", "$: 5 is not an object"),
        (b"NaN", "$: NaN is not a number that can be computed with"),
    ],
)
def test_run_text_that_is_no_bundle_gives_one_line(data: bytes, start: str) -> None:
    status, output, errors = run(data)

    assert (status, output) == (2, "")
    assert len(errors.splitlines()) == 1
    assert errors.startswith(start)


@pytest.mark.parametrize(
    "literal",
    ["NaN", "Infinity", "-Infinity", "1e999999", "1e99999999999999999999", "1e-999", "9" * 5000, "0." + "1" * 5000],
)
def test_run_unusable_number_anywhere_is_refused_at_its_path(literal: str) -> None:
    data = json.dumps(bundle()).replace('"weight": 60', f'"weight": {literal}')

    status, _, errors = run(data)

    assert status == 2
    assert [line.partition(": ")[0] for line in errors.splitlines()] == ["$.rubric.sections[1].criteria[0].weight"]


def test_run_repeated_keys_are_refused_at_their_path() -> None:
    data = json.dumps(bundle()).replace('"round": 1', '"round": 1, "round": 1, "round": 1')

    assert run(data) == (2, "", "$.proposals[0].scorecards[0].round: is given more than once\n")


def test_run_hostile_keys_stay_on_one_line() -> None:
    data = json.dumps({**bundle(), "a\nb\u2028\ud800": 1})

    status, _, errors = run(data)

    assert status == 2
    assert errors == '$["a\\nb\\u2028\\ud800"]: is not known here\n'


def test_run_accepts_a_byte_order_mark_and_text() -> None:
    text = json.dumps(bundle())

    assert run(b"\xef\xbb\xbf" + text.encode()) == run(text)


def test_run_prints_names_as_they_are_written() -> None:
    status, output, _ = run(json.dumps(bundle(proposal(card("Zoë")))))

    assert status == 0
    assert '"Zoë": ' in output
    assert output.startswith('{\n "proposals": [\n  {\n   "key": "p1",')


def test_unreadable_gives_one_line_at_the_root() -> None:
    assert unreadable("no\nfile", "No such file") == (2, "", "$: no file cannot be read: No such file\n")


def test_read_json_keeps_numbers_exact() -> None:
    data, faults = read_json('{"a": [0.10, 3, 1e2], "b": NaN}')

    assert data["a"] == [Decimal("0.10"), 3, Decimal(100)]
    assert isinstance(data["b"], UnusableNumber)
    assert [str(fault) for fault in faults] == ["$.b: NaN is not a number that can be computed with"]


def test_parse_bundle_reads_decimals_alike_in_every_spelling() -> None:
    spelled = [json.dumps(bundle()).replace('"0.25"', literal) for literal in ('"0.25"', "0.25", "25e-2", '"2.5e-1"')]

    rubrics = [load_bundle(text).rubric for text in spelled]

    assert rubrics == [parse_bundle(json.loads(spelled[1])).rubric] * 4


def test_exact_json_gives_fractions_that_read_back() -> None:
    read = parse_bundle(bundle(proposal(card("a", stakes=1, exchange=None), card("b", stakes=2, exchange=None))))
    result = assess_proposal(read.rubric, read.proposals[0])

    stored = json.loads(json.dumps(exact_json(result)))

    assert Fraction(stored["index"]) == result.index
    assert stored["sections"]["theories"] is None
    assert stored["sections"]["issue"] == "105/2"
    assert list(stored["officers"]) == ["a", "b"]
    assert stored["residuals_after"] == {
        condition.mitigation: {
            key: exact(value) if isinstance(value, Fraction) else None for key, value in condition.residuals.items()
        }
        for condition in result.conditions
    }


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0.0000005", 0),
        ("0.0000015", 0.000002),
        ("0.0000025", 0.000002),
        ("0.00000250001", 0.000003),
        ("100", 100),
        ("99.9999999", 100),
        ("-0.0000015", -0.000002),
    ],
)
def test_rounded_is_half_even_on_the_exact_value(number: str, shown: float) -> None:
    found = rounded(Fraction(number))

    assert found == shown
    assert isinstance(found, int) == (shown == int(shown))
