import pytest

from proposals.forms.cells import Option
from proposals.templatetags.scorecard_cells import citations, grades, levels, segments


@pytest.fixture
def options():
    return [
        Option("2", "A <b>", "id_x_0", is_chosen=True),
        Option("nei", "Not enough information", "id_x_1", is_chosen=False),
    ]


def test_segments_with_anchors_are_described_by_them(options):
    assert segments(options[:1], "x-answer", "stakes") == (
        '<label class="segment"><input type="radio" name="x-answer" value="2" id="id_x_0"'
        ' aria-describedby="anchor-stakes-2" checked><span>A &lt;b&gt;</span></label>'
    )


def test_segments_without_anchors_are_absences(options):
    assert segments(options[1:], "x-answer") == (
        '<label class="segment segment--absence"><input type="radio" name="x-answer" value="nei" id="id_x_1">'
        "<span>Not enough information</span></label>"
    )


def test_levels_put_the_figure_before_its_words(options):
    assert levels(options, "x").split("\n") == [
        '<label class="level"><input type="radio" name="x" value="2" id="id_x_0" checked>'
        "<span><b>2</b> A &lt;b&gt;</span></label>",
        '<label class="level level--absence"><input type="radio" name="x" value="nei" id="id_x_1">'
        "<span>Not enough information</span></label>",
    ]


def test_citations_are_boxes_to_tick(options):
    assert citations(options[:1], "x-citations") == (
        '<label class="citation"><input type="checkbox" name="x-citations" value="2" id="id_x_0" checked>'
        "<span>A &lt;b&gt;</span></label>"
    )


def test_grades_are_entries_of_a_list(options):
    assert grades(options) == (
        '<option value="2" selected>A &lt;b&gt;</option><option value="nei">Not enough information</option>'
    )
