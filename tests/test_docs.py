"""The documentation says what the code does: its examples are recomputed, its tables compared, its links followed."""

import doctest
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rubrics.scoring.cli import OK, run

ROOT = Path(__file__).parents[1]
METHOD = (ROOT / "docs/method.md").read_text(encoding="utf-8")
DEFAULT = json.loads((ROOT / "rubrics/data/track-2.json").read_text(encoding="utf-8"))
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def blocks(info: str) -> list[str]:
    return [match["body"] for match in FENCE.finditer(METHOD) if match["info"] == info]


def table(heading: str) -> list[list[str]]:
    """The cells of the first table after a line, without its head, as written."""
    lines = METHOD[METHOD.index(heading) :].splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("|---"))
    rows = iter(lines[start + 1 :])
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in _while_table(rows)]


def _while_table(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


def anchors(page: Path) -> set[str]:
    """The names by which headings are linked: lower case, without punctuation, spaces as hyphens."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_method_python_examples_recomputed_give_what_is_printed() -> None:
    (worked,) = blocks("json worked-bundle")
    examples = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(examples, {"WORKED_BUNDLE": worked}, "docs/method.md", None, None)
    report: list[str] = []

    result = doctest.DocTestRunner().run(test, out=report.append)

    assert (result.failed, "".join(report)) == (0, "")
    assert result.attempted == examples.count(">>> ")


def test_method_worked_bundle_assessed_gives_the_stated_results() -> None:
    (worked,) = blocks("json worked-bundle")
    (stated,) = blocks("json worked-results")

    status, output, errors = run(worked)

    assert (status, errors) == (OK, "")
    assert json.loads(output) == json.loads(stated)


def test_method_gates_table_against_default_rubric_says_the_same() -> None:
    stated = [tuple(row[:3]) for row in table("The gates of the rubric that ships")]

    assert stated == [(f"`{gate['key']}`", gate_words(gate), f"`{gate['effect']}`") for gate in DEFAULT["gates"]]


def test_method_numbers_against_default_rubric_are_the_same() -> None:
    sections = {section["key"]: section for section in DEFAULT["sections"]}
    risk, theories = sections["risk"], sections["theories"]
    likelihood, consequence = table("| likelihood level"), table("| consequence level")
    weights = ", ".join(f"{key} {section['weight']}" for key, section in sections.items())
    bands = ", ".join(f"{band['key']} from {band['min']}" for band in DEFAULT["bands"])

    assert likelihood[1][1:] == risk["probability"]
    assert consequence[0][1:] == [str(loss) for loss in risk["loss"]]
    assert f"section's weight: {weights} in the rubric that ships" in METHOD
    assert f"E4: {', '.join(str(cap) for cap in DEFAULT['evidence_caps'])}\n" in METHOD
    assert f"Bands by index: {bands} [data, ours]" in METHOD
    assert f"k = {theories['overlap']} is data" in METHOD
    assert f"loss_at_zero {risk['loss_at_zero']}\n" in METHOD
    assert f"cap {risk['reduction_cap']}\n" in METHOD
    assert f"below `condition_level` ({risk['condition_level']}) [data]" in METHOD
    assert f"{risk['catastrophic_from']} (`catastrophic_from`)" in METHOD
    assert "low below {}, moderate below {}, high below {}".format(*risk["risk_bands"]) in METHOD


@pytest.mark.parametrize("written", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_relative_links_followed_lead_somewhere(written: Path) -> None:
    targets = LINK.findall(FENCE.sub("", written.read_text(encoding="utf-8")))

    broken = [target for target in targets if "://" not in target and not leads_somewhere(written, target)]

    assert broken == []


def gate_words(gate: dict[str, Any]) -> str:
    where = f"on {gate['sides']} side: " if "sides" in gate else ""
    return where + " and ".join(words_of(test) for test in gate["when"])


def words_of(test: dict[str, Any]) -> str:
    match test:
        case {"criterion": name, "below": limit} | {"mitigation": name, "below": limit}:
            words = f"{name} < {limit}"
        case {"section": name, "mean_below": limit}:
            words = f"mean of {name} < {float(limit):g}"
        case {"risk": name, "inherent_at_least": limit}:
            words = f"inherent {name} ≥ {limit}"
        case {"best_claim_below": limit}:
            words = f"best claimed theory < {limit}"
        case {"any_risk_residual_at_least": limit}:
            words = f"any residual ≥ {limit}"
        case {"check": name, "is": state}:
            words = f"check {name} is {state}"
        case {"check": name, "is_not": state}:
            words = f"check {name} is not {state}"
        case _:
            words = f"flag {test['flag']}"
    return words


def leads_somewhere(page: Path, target: str) -> bool:
    path, _, fragment = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists():
        return False
    return not fragment or fragment in anchors(file)
