import dataclasses
from itertools import combinations

import pytest

from proposals.memos.charts.glyphs import is_right_to_left, text_width, wrap
from proposals.memos.charts.pathway_map import PathwayMap, pathway_map
from proposals.memos.charts.risk_arrows import risk_arrows
from proposals.memos.charts.section_bars import RADIUS, section_bars
from proposals.memos.judgements import RiskRow, Risks
from proposals.memos.parts import Dot, Mechanism, SectionBar, Theory


def bar(*values: str, value: str = "60.0") -> SectionBar:
    dots = tuple(Dot(chr(ord("A") + place), dot) for place, dot in enumerate(values))
    return SectionBar("issue", "Issue-area importance", "20%", value, "E2", incomplete=False, dots=dots)


def risks(*rows: tuple[str, str]) -> Risks:
    lines = tuple(
        RiskRow(f"Risk {n}", "2", "3", before, "40%", "", after, "high") for n, (before, after) in enumerate(rows)
    )
    return Risks(lines, (), ("2", "8", "20"), "90", "", "")


def way(kind: str, side: str, audience: str, grade: str = "E2") -> Mechanism:
    return Mechanism(kind, side, audience, "", "", grade)


def theory(*mechanisms: Mechanism, decision: str = "The wording of an annex") -> Theory:
    return Theory((), "", mechanisms, "Dialogue: four meetings", decision)


def drawn(*mechanisms: Mechanism, **facts: str) -> PathwayMap:
    chart = pathway_map(theory(*mechanisms, **facts))
    assert chart is not None
    return chart


@pytest.mark.parametrize("values", [("50.0",) * 6, ("50.0", "51.0", "52.0", "90.0"), ("0.0", "0.0", "100.0")])
def test_section_bars_dots_never_cover_each_other(values: tuple[str, ...]) -> None:
    (row,) = section_bars((bar(*values),)).rows

    distances = [((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5 for a, b in combinations(row.dots, 2)]

    assert min(distances) >= 2 * RADIUS
    assert all(row.top + RADIUS <= dot.y <= row.top + row.height - RADIUS for dot in row.dots)


def test_section_bars_place_a_value_on_the_scale() -> None:
    chart = section_bars((bar("25.0", value="50.0"),))

    assert chart.rows[0].bar == chart.span / 2
    assert chart.rows[0].dots[0].x == chart.left + chart.span / 4


def test_section_bars_without_a_value_say_so() -> None:
    chart = section_bars((bar("", value=""),))

    assert (chart.rows[0].bar, chart.rows[0].value, chart.rows[0].dots) == (0.0, "no value", ())
    assert chart.sentence.startswith("Section values from 0 to 100. Issue-area importance without a value")


@pytest.mark.parametrize("row", [("90.0", "36.0"), ("0.1", "0.1"), ("0.0", "0.0"), ("8.0", "7.9")])
def test_risk_arrows_labels_stay_clear_of_titles_dots_and_bands(row: tuple[str, str]) -> None:
    chart = risk_arrows(risks(row))
    (arrow,) = chart.arrows

    left_end = arrow.after_at - text_width(arrow.after_label, 10)
    right_end = arrow.before_at + text_width(arrow.before_label, 10)

    assert left_end > text_width(arrow.title, 11)
    assert arrow.after_at < arrow.after - 4.6
    assert arrow.before_at > arrow.before + 4.6
    assert right_end < chart.band_at


def test_risk_arrows_short_way_has_no_arrow() -> None:
    short, long = risk_arrows(risks(("8.0", "7.9"), ("36.0", "8.0"))).arrows

    assert (short.has_arrow, long.has_arrow) == (False, True)


def test_risk_arrows_unknown_level_is_not_drawn() -> None:
    chart = risk_arrows(risks(("", "")))

    assert chart.arrows[0].known is False
    assert chart.sentence.endswith("Risk 0: not enough information.")


def test_pathway_map_without_mechanism_is_none() -> None:
    assert pathway_map(theory()) is None


def test_pathway_map_boxes_never_overlap_and_text_fits() -> None:
    kinds = ["Pre-briefing", "Post-briefing", "Participants who advise", "Memo or joint paper", "Testimony"]
    chart = drawn(
        *(
            way(kind, side, f"{side} department of arms control and strategic stability number {n} of the ministry")
            for n, kind in enumerate(kinds)
            for side in ("Side A", "Side B")
        ),
        decision="Whether the launch-notification annex covers tests of new boosters " * 4,
    )

    for a, b in combinations(chart.boxes, 2):
        apart = a.right <= b.x or b.right <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart
    for box in chart.boxes:
        assert all(text_width(line.text, 10) <= box.width - 8 for line in box.lines)
        assert box.y >= 0
        assert box.y + box.height <= chart.legend_y
        assert all(box.y < line.y < box.y + box.height for line in box.lines)


def test_pathway_map_line_style_follows_the_grade() -> None:
    chart = drawn(way("A", "S", "x", "E3"), way("B", "S", "y", "E2"), way("C", "S", "z", ""))

    assert [edge.style for edge in chart.edges if edge.style != "plain"] == ["confirmed", "artefact", "word"]


def test_pathway_map_arrows_to_one_audience_do_not_lie_on_one_another() -> None:
    chart = drawn(way("A", "S", "x"), way("B", "S", "x"), way("C", "S", "x"))

    heads = [edge.head for edge in chart.edges if edge.style != "plain"]

    assert len(set(heads)) == 3


def test_pathway_map_right_to_left_text_becomes_a_note() -> None:
    chart = drawn(way("Post-briefing", "S", "وزارة الخارجية"), way("Testimony", "وزارة الخارجية", "Office"))

    texts = [line.text for box in chart.boxes for line in box.lines]

    assert chart.notes == ("وزارة الخارجية",)
    assert "see note 1" in texts
    assert not any(is_right_to_left(text) for text in texts)


def test_pathway_map_draws_twelve_audiences_and_counts_the_rest() -> None:
    chart = drawn(*(way("Post-briefing", "S", f"Office {n}") for n in range(15)))

    assert chart.left_out == 3
    assert "Office 14" not in chart.sentence


def test_wrap_keeps_every_line_within_the_width_and_marks_what_it_cuts() -> None:
    lines = wrap("Donaudampfschifffahrtsgesellschaftskapitän and the others of the office", 60, 10, lines=2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert max(text_width(line, 10) for line in lines) <= 60


def test_section_bar_sentence_tells_all_numbers() -> None:
    incomplete = dataclasses.replace(bar("40.0", "80.0"), incomplete=True)

    assert section_bars((incomplete,)).sentence == (
        "Section values from 0 to 100. Issue-area importance 60.0 (weight 20%; officers A 40.0, B 80.0;"
        " lowest grade E2; incomplete)."
    )
