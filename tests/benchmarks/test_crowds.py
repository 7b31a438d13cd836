"""How long a save takes when many officers work, and how many a second one small machine bears."""

import os
from collections.abc import Generator

import pytest

from tests.benchmarks.figures import say
from tests.load.crowds import Figures, save_together
from tests.load.web import Web, serve_officers
from tests.plugins.servers import find_postgresql, start_postgresql
from tests.plugins.services import Services

pytestmark = pytest.mark.bench

SECONDS = float(os.environ.get("T2EVAL_BENCH_SECONDS", "60"))
OFFICERS = 100
THINKING = (5.0, 15.0)
CROWDS = (1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100)
LIMIT = 250  # milliseconds, at the 95th percentile
STEP = 8.0  # seconds for each crowd


@pytest.fixture(scope="module")
def web(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Generator[Web, None, None]:
    """As in production: two workers of four threads, and a PostgreSQL that waits for the disk."""
    durable = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
    postgresql, url = start_postgresql(find_postgresql(), services.folder / "crowds", durable)
    try:
        with serve_officers(url, tmp_path_factory.mktemp("crowds"), officers=OFFICERS, workers=2) as running:
            yield running
    finally:
        postgresql.stop()


def load() -> str:
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, clients included"


def test_bench_a_hundred_officers_who_think(web: Web) -> None:
    figures = save_together(web.officers, seconds=SECONDS, thinking=THINKING)

    say(f"{OFFICERS} officers, thinking 5–15 s, for {SECONDS:.0f} s: {figures} ({load()})")


def test_bench_how_many_saves_a_second_until_they_wait(web: Web) -> None:
    best: Figures | None = None
    for crowd in CROWDS:
        figures = save_together(web.officers[:crowd], seconds=STEP, thinking=None)
        say(f"{crowd} officers without a pause: {figures} ({load()})")
        if figures.percentile(95) > LIMIT:
            break
        best = figures

    reached = f"{best.rate:.0f} saves a second" if best else "fewer than one officer saves"
    say(f"p95 stays within {LIMIT} ms up to: {reached}")
