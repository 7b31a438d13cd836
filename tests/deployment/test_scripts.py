"""The scripts behind the Makefile."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.processes import ROOT


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip


def test_demo_leaves_a_database_alone_that_it_did_not_make(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "t2eval.sqlite3") as database:
        database.executescript(
            "CREATE TABLE accounts_user (id); CREATE TABLE audit_event (event); INSERT INTO accounts_user VALUES (1)"
        )
    before = (tmp_path / "t2eval.sqlite3").read_bytes()

    finished = run(["script/demo"], DATA_DIR=str(tmp_path))

    assert finished.returncode == 1
    assert finished.stderr.startswith("The demo did not make ")
    assert (tmp_path / "t2eval.sqlite3").read_bytes() == before


def test_secrets_are_made_once(tmp_path: Path) -> None:
    (tmp_path / "script").mkdir()
    (tmp_path / "script" / "secrets").write_bytes((ROOT / "script" / "secrets").read_bytes())
    made = [run(["sh", str(tmp_path / "script" / "secrets")]).returncode for _ in range(2)]
    first = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    assert made == [0, 0]
    assert set(first) == {"secret_key", "database_password", "redis_password"}
    assert min(len(value) for value in first.values()) >= 50
    assert oct((tmp_path / "secrets").stat().st_mode & 0o777) == "0o700"

    run(["sh", str(tmp_path / "script" / "secrets")])

    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == first


@pytest.mark.parametrize("target", ["setup", "demo", "test", "check", "bench", "chaos"])
def test_help_names_every_target(target: str) -> None:
    assert f"make {target}" in run(["make"]).stdout


def test_test_runs_the_models_and_services_on_sqlite_after_all_the_rest() -> None:
    last = (ROOT / "script" / "test").read_text().splitlines()[-1].split()

    assert last[:5] == [".venv/bin/python", "-m", "pytest", "$ALL", "--database=sqlite"]
    assert {"tests/proposals/models", "tests/proposals/services", "tests/rubrics/services"} <= set(last[5:])
    assert [path for path in last[5:] if not (ROOT / path).is_dir()] == []


def test_chaos_has_faults_to_run() -> None:
    found = run(
        [sys.executable, "-m", "pytest", "--database=sqlite", "--collect-only", "-q", "-m", "chaos", "tests/proposals"]
    )

    assert found.returncode == 0, found.stdout
