import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import rubrics.scoring

ROOT = Path(rubrics.scoring.__file__).parents[2]
MODULES = [found.name for found in pkgutil.iter_modules(rubrics.scoring.__path__, "rubrics.scoring.")]


@pytest.mark.parametrize("name", MODULES)
def test_module_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_package_imports_no_framework() -> None:
    code = f"import sys, {', '.join(MODULES)}; print(*[name for name in ('django', 'numpy') if name in sys.modules])"

    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert found.stdout == "\n"
