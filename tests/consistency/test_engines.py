"""The same proposals give the same results on SQLite, on PostgreSQL and from the bundle."""

import json
from pathlib import Path
from typing import Any

from rubrics.scoring import cli
from tests.browser.site import new_database
from tests.plugins.processes import manage, process_environment
from tests.plugins.services import Services

DUMP = """
import json
from proposals.models import Assessment
rows = Assessment.objects.current().select_related("proposal").order_by("proposal__docket__slug", "proposal__number")
print(json.dumps([[a.proposal.title, a.result, a.detail, a.exact] for a in rows], sort_keys=True))
"""


def run(environment: dict[str, str], *command: str) -> str:
    finished = manage(*command, environment=environment)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def results_of(environment: dict[str, str]) -> tuple[list[Any], list[Any]]:
    """What the demo's assessments are in this database, and what the sample docket's bundle gives."""
    run(environment, "migrate", "--noinput", "-v0")
    run(environment, "demo_data", "--quiet")
    stored = json.loads(run(environment, "shell", "-v0", "-c", DUMP))
    status, output, _ = cli.run(run(environment, "export_bundle", "sample"))
    assert status == 0
    return [without_key(row) for row in stored], [without_key(row) for row in json.loads(output)["proposals"]]


def without_key(row: Any) -> Any:
    """Keys are random ids, drawn anew in each database."""
    if isinstance(row, list):
        return [without_key(item) for item in row]
    return {name: value for name, value in row.items() if name != "key"} if isinstance(row, dict) else row


def test_assessments_are_the_same_on_both_engines_and_from_the_bundle(services: Services, tmp_path: Path) -> None:
    on_sqlite = results_of(process_environment(DATA_DIR=str(tmp_path)))
    on_postgresql = results_of(
        process_environment(DATABASE_URL=new_database(services), DATA_DIR=str(tmp_path / "other"))
    )

    assert on_sqlite == on_postgresql
    stored, from_bundle = on_sqlite
    assert [result for _, result, _, _ in stored[-len(from_bundle) :]] == from_bundle
    assert len(from_bundle) == 8
