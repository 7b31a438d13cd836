"""Code stays in pieces that fit on a screen or two."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("t2eval", "rubrics", "proposals")
FILE, FUNCTION, VIEW, TEMPLATE = 350, 35, 25, 150


def python_files() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with the lines of its body, without its docstring and its signature."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - body[0].lineno + 1 if body else 0


def too_long(found: dict[str, int], limit: int) -> dict[str, int]:
    return {name: lines for name, lines in found.items() if lines > limit}


def test_files_are_not_too_long() -> None:
    assert too_long({str(path.relative_to(ROOT)): lines_of(path) for path in python_files()}, FILE) == {}


def test_functions_are_not_too_long() -> None:
    assert too_long({name: lines for path in python_files() for name, lines in functions_of(path)}, FUNCTION) == {}


def test_views_are_not_too_long() -> None:
    views = [path for path in python_files() if "views" in path.parts]

    assert too_long({name: lines for path in views for name, lines in functions_of(path)}, VIEW) == {}


def test_templates_are_not_too_long() -> None:
    templates = (ROOT / "templates").rglob("*.*")

    assert too_long({str(path.relative_to(ROOT)): lines_of(path) for path in templates}, TEMPLATE) == {}
