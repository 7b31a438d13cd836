import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import proposals.analysis

ROOT = Path(proposals.analysis.__file__).parents[2]
MODULES = [found.name for found in pkgutil.iter_modules(proposals.analysis.__path__, "proposals.analysis.")]


@pytest.mark.parametrize("name", MODULES)
def test_analysis_module_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_analysis_imports_no_framework() -> None:
    code = f"import sys, {', '.join(MODULES)}; print('django' in sys.modules)"

    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert found.stdout == "False\n"
