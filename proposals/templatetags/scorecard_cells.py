"""The boxes of a cell, of which a scoring page has hundreds: written in Python, in a third of a template's time."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from proposals.forms.cells import Option

register = template.Library()

CHECKED, SELECTED = SafeString(" checked"), SafeString(" selected")
NOTHING = SafeString("")
BOX = '<label class="{}"><input type="{}" name="{}" value="{}" id="{}"{}{}><span>{}</span></label>'


@register.simple_tag
def segments(options: Iterable[Option], name: str, anchors: str = "") -> SafeString:
    """Radios beside each other; each described by its anchor, where `anchors` names the part that has them."""
    kind = "segment" if anchors else "segment segment--absence"
    return _boxes(((kind, "radio", one, _anchor(anchors, one), one.label) for one in options), name)


@register.simple_tag
def levels(options: Iterable[Option], name: str) -> SafeString:
    """Radios under each other, a figure before its words."""
    return _boxes(((_level(one), "radio", one, NOTHING, _with_figure(one)) for one in options), name)


@register.simple_tag
def citations(options: Iterable[Option], name: str) -> SafeString:
    return _boxes((("citation", "checkbox", one, NOTHING, one.label) for one in options), name)


@register.simple_tag
def grades(options: Iterable[Option]) -> SafeString:
    rows = ((one.value, SELECTED if one.is_chosen else NOTHING, one.label) for one in options)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def _boxes(rows: Iterable[tuple[str, str, Option, str, str]], name: str) -> SafeString:
    filled = (
        (css, kind, name, one.value, one.id, described, CHECKED if one.is_chosen else NOTHING, label)
        for css, kind, one, described, label in rows
    )
    return format_html_join("\n", BOX, filled)


def _anchor(part: str, one: Option) -> SafeString:
    return format_html(' aria-describedby="anchor-{}-{}"', part, one.value) if part else NOTHING


def _is_level(one: Option) -> bool:
    return one.value not in {"", "nei"}


def _level(one: Option) -> str:
    return "level" if _is_level(one) else "level level--absence"


def _with_figure(one: Option) -> str:
    return format_html("<b>{}</b> {}", one.value, one.label) if _is_level(one) else one.label
