"""gunicorn as production runs it, on a PostgreSQL with officers who have something to score."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.site import Site
from tests.load.officers import Officer
from tests.plugins.processes import ROOT, free_port, process_environment, started, status_of
from tests.plugins.servers import Server


@dataclass(frozen=True, slots=True)
class Web:
    site: Site
    server: Server
    officers: list[Officer]


@contextmanager
def serve_officers(
    database_url: str, folder: Path, *, officers: int, workers: int, hang_ups: float = 0.0
) -> Generator[Web, None, None]:
    """Workers of four threads each; officers signed in, in one docket, each with a proposal of their own."""
    environment = process_environment(
        DATABASE_URL=database_url, DATA_DIR=str(folder / "data"), ALLOWED_HOSTS="127.0.0.1", LOG_LEVEL="CRITICAL"
    )
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", environment)
    site.run("migrate", "--noinput", "-v0")
    rows = subprocess.run(
        [sys.executable, "-m", "tests.load.rows", str(officers)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    people = [Officer(port=port, hang_ups=hang_ups, **row) for row in json.loads(rows.stdout)]
    gunicorn = ["-m", "gunicorn", "t2eval.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command = [*gunicorn, "--workers", str(workers), "--threads", "4"]
    with started(command, environment, folder / "web.log") as server:
        server.wait_until(lambda: status_of(f"{site.address}/healthz") == 200, 60)
        for officer in people:
            officer.sign_in()
        yield Web(site, server, people)
