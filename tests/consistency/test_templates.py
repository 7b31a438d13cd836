"""Every template compiles, keeps to the content security policy, and refers only to static files that exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
STYLE_SHEETS = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
JINJA_COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)

CSS_NO_SELECTOR = re.compile(r"/\*.*?\*/|url\([^)]*\)", re.DOTALL)
MEDIA_SHEETS = {"memo-print.css", "memo-letter.css", "memo-draft.css", "memo-screen.css"}


def source(name: str) -> str:
    return JINJA_COMMENT.sub("", (ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name: str) -> None:
    assert get_template(name).template.name == name


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_has_nothing_inline(name: str) -> None:
    """The parts of the memo too: its body is shown on a page."""
    html = source(name)

    assert re.findall(r"<style\b", html) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html) == []
    assert re.findall(r"""[\s"']style\s*=""", html) == []
    assert re.findall(r"""[\s"'](?:on[a-z]+|hx-on[:\w-]*)\s*=""", html) == []
    assert re.findall(r"""(?:href|src|action)\s*=\s*["']?\s*javascript:""", html, re.IGNORECASE) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_static_files_exist(name: str) -> None:
    paths = re.findall(r"""{%\s*static\s+["']([^"']+)["']""", source(name))

    assert [path for path in paths if finders.find(path) is None] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_asks_nothing_of_another_site(name: str) -> None:
    """The memo's own files have an address that the renderer alone resolves."""
    asked = re.findall(r"""(?:src|href|action)\s*=\s*["']((?:https?:)?//[^"']*)""", source(name))

    assert [url for url in asked if not url.startswith("https://t2eval.invalid/")] == []


@pytest.mark.parametrize("path", STYLE_SHEETS, ids=lambda path: path.name)
def test_style_sheet_files_exist(path: Path) -> None:
    urls = re.findall(r"""url\(["']?([^"')]+)["']?\)""", path.read_text(encoding="utf-8"))

    assert [url for url in urls if not url.startswith("data:") and not (path.parent / url).is_file()] == []


def test_style_sheets_use_only_properties_of_the_tokens() -> None:
    tokens = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    defined = set(re.findall(r"^\s*(--[\w-]+):", tokens, re.MULTILINE))

    used = {
        (path.name, name)
        for path in STYLE_SHEETS
        for name in re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8"))
    }

    assert {(file, name) for file, name in used if name not in defined} == set()


def test_style_sheets_define_each_block_in_one_file() -> None:
    """Two files that style the same class undo each other on the page that links both; those for one medium mean to."""
    homes: dict[str, set[str]] = {}
    for path in STYLE_SHEETS:
        if path.name in MEDIA_SHEETS:
            continue
        for block in re.findall(r"^\.([a-z][a-z0-9-]*) \{", path.read_text(encoding="utf-8"), re.MULTILINE):
            homes.setdefault(block, set()).add(path.name)

    assert {block: files for block, files in homes.items() if len(files) > 1} == {}


def test_style_sheets_name_only_classes_that_are_used() -> None:
    """A modifier may be put together: `badge--{{ band }}` uses every `badge--…`."""
    rooms = [Path(settings.BASE_DIR) / room for room in ("templates", "proposals", "rubrics", "t2eval", "static/js")]
    files = [path for room in rooms for path in room.rglob("*") if path.suffix in {".html", ".py", ".svg", ".js"}]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    words, composed = set(re.findall(r"[A-Za-z][\w-]*", text)), tuple(set(re.findall(r"([a-z][\w-]*--\w*)[{]", text)))

    styled = {
        (path.name, name)
        for path in STYLE_SHEETS
        for selector in re.findall(r"([^{}]+){", CSS_NO_SELECTOR.sub("", path.read_text(encoding="utf-8")))
        for name in re.findall(r"\.([a-z][\w-]*)", selector)
    }

    assert {(file, name) for file, name in styled if name not in words and not name.startswith(composed)} == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_scrolling_tables_can_be_reached_by_keyboard(name: str) -> None:
    wraps = re.findall(r'<div class="table-wrap"[^>]*>', source(name))

    assert [wrap for wrap in wraps if 'tabindex="0"' not in wrap or "aria-label" not in wrap] == []
