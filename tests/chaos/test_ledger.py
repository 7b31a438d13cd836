"""What the page calls saved is in the database, whatever dies in between.

Officers save as the page's script does, and write down what was acknowledged, while web workers are killed and
PostgreSQL crashes. Then the ledger and the database are laid beside each other.
"""

import http.client
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.load.officers import Officer, Save
from tests.load.web import Web, serve_officers
from tests.plugins.processes import children_of, eventually
from tests.plugins.servers import Server, find_postgresql, restart_postgresql, start_postgresql
from tests.plugins.services import Services

pytestmark = pytest.mark.chaos

DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
CELLS = """
SELECT u.username, c.cell, c.value, c.likelihood, c.consequence, c.rationale
FROM (
    SELECT s.scorecard_id, k.key || coalesce('.' || side.key, '') AS cell, s.value,
        NULL::int AS likelihood, NULL::int AS consequence, s.rationale
    FROM proposals_score s JOIN rubrics_criterion k ON k.id = s.criterion_id
        LEFT JOIN proposals_side side ON side.id = s.side_id
    UNION ALL
    SELECT s.scorecard_id, k.key, s.value, NULL, NULL, s.rationale
    FROM proposals_mitigationscore s JOIN rubrics_mitigation k ON k.id = s.mitigation_id
    UNION ALL
    SELECT s.scorecard_id, k.key, NULL, s.likelihood, s.consequence, s.rationale
    FROM proposals_riskscore s JOIN rubrics_risk k ON k.id = s.risk_id
) c JOIN proposals_scorecard card ON card.id = c.scorecard_id JOIN accounts_user u ON u.id = card.officer_id
"""
CHANGES = """
SELECT u.username, c.cell, (c.after ->> 'value')::int, (c.after ->> 'likelihood')::int,
    (c.after ->> 'consequence')::int, c.after ->> 'rationale'
FROM proposals_cellchange c JOIN proposals_scorecard card ON card.id = c.scorecard_id
    JOIN accounts_user u ON u.id = card.officer_id
ORDER BY c.id
"""
BROKEN_CHAINS = """
SELECT scorecard_id, cell, id FROM (
    SELECT scorecard_id, cell, id, before, lag(after) OVER (PARTITION BY scorecard_id, cell ORDER BY id) AS expected
    FROM proposals_cellchange
) c WHERE before IS DISTINCT FROM expected
"""
STALE_CARDS = """
SELECT card.id FROM proposals_scorecard card
WHERE updated_at <> (SELECT max(at) FROM proposals_cellchange c WHERE c.scorecard_id = card.id)
    OR 1 <> (SELECT count(*) FROM audit_event e WHERE e.event = 'scorecard.started' AND e.target_id = card.id::text)
"""
STARTED_AT = "SELECT pg_postmaster_start_time()::text"


@dataclass
class Ledger:
    """What was acknowledged, in the order of each officer's savings; and every other answer."""

    saves: list[Save] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)

    def keep(self, officer: Officer, over: threading.Event) -> None:
        try:
            while not over.is_set():
                save, reply = officer.save()
                if reply.status == http.client.OK:
                    self.saves.append(save)
                else:
                    self.refusals.append(f"{reply.status} {save.cell} {reply.body}")
                over.wait(officer.chance.uniform(0.05, 0.2))
        except BaseException as fault:  # noqa: BLE001 - a thread's fault is the test's, which looks at it
            self.faults.append(fault)

    def of(self, username: str) -> list[Save]:
        return [save for save in self.saves if save.officer == username]


@dataclass(frozen=True, slots=True)
class Faults:
    """When, in seconds from the beginning, a worker is killed, and when PostgreSQL crashes."""

    seconds: float
    kills: tuple[float, ...]
    crash: float

    def __iter__(self) -> Iterator[tuple[float, str]]:
        return iter(sorted([(at, "kill") for at in self.kills] + [(self.crash, "crash")]))


def kill_a_worker(web: Web, chance: random.Random) -> int:
    """Once there is one: a killed worker takes a moment to be replaced."""
    master = web.server.process.pid
    assert eventually(lambda: bool(children_of(master)))
    pid = chance.choice(sorted(children_of(master)))
    os.kill(pid, signal.SIGKILL)
    return pid


def save_through(faults: Faults, web: Web, postgresql: Server) -> tuple[Ledger, list[int]]:
    """All officers at once, each with one request in flight, while the faults happen in this thread."""
    ledger, over, killed = Ledger(), threading.Event(), []
    chance = random.Random(3)  # noqa: S311 - which worker dies is no secret
    threads = [threading.Thread(target=ledger.keep, args=(officer, over)) for officer in web.officers]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    try:
        for at, fault in faults:
            time.sleep(max(0, begun + at - time.monotonic()))
            if fault == "kill":
                killed.append(kill_a_worker(web, chance))
            else:
                restart_postgresql(postgresql)
        time.sleep(max(0, begun + faults.seconds - time.monotonic()))
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return ledger, killed


def last_of_each_cell(saves: list[Save]) -> set[tuple[object, ...]]:
    last = {(save.officer, save.cell): save for save in saves}
    return {(save.officer, save.cell, *save.said, save.rationale) for save in last.values()}


def run(services: Services, folder: Path, faults: Faults, *, officers: int, workers: int) -> tuple[Ledger, str]:
    """Nothing acknowledged is lost, nothing else is kept, nobody is told of a change that was their own."""
    folder_of_server = services.folder / f"crashing-{officers}"
    postgresql, url = start_postgresql(find_postgresql(), folder_of_server, DURABLE)
    try:
        with serve_officers(url, folder, officers=officers, workers=workers, hang_ups=0.1) as web:
            first_start = web.site.rows(STARTED_AT)

            ledger, killed = save_through(faults, web, postgresql)

            assert (ledger.faults, ledger.refusals) == ([], [])
            assert (len(set(killed)), web.site.rows(STARTED_AT) != first_start) == (len(faults.kills), True)
            assert_database_says_the_same(web, ledger)
            repeats = sum(officer.repeats for officer in web.officers)
    finally:
        postgresql.stop()
    said = f"{len(ledger.saves)} saves acknowledged, {repeats} sent again, {len(killed)} workers killed, 1 crash"
    return ledger, said


def assert_database_says_the_same(web: Web, ledger: Ledger) -> None:
    cells, changes = web.site.rows(CELLS), web.site.rows(CHANGES)
    assert Counter(cells) == Counter(last_of_each_cell(ledger.saves))
    for officer in web.officers:
        acknowledged = [(save.officer, save.cell, *save.said, save.rationale) for save in ledger.of(officer.username)]
        assert [change for change in changes if change[0] == officer.username] == acknowledged
    assert web.site.rows(BROKEN_CHAINS) == []
    assert web.site.rows(STALE_CARDS) == []


def test_savings_through_a_killed_worker_and_a_crash_of_the_database_are_all_kept(
    services: Services, tmp_path: Path
) -> None:
    faults = Faults(seconds=8, kills=(2,), crash=4.5)

    ledger, _ = run(services, tmp_path, faults, officers=6, workers=2)

    assert len(ledger.saves) >= 20


@pytest.mark.long
def test_savings_of_twenty_officers_for_a_minute_of_faults_are_all_kept(
    services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = Faults(seconds=60, kills=tuple(range(5, 60, 5)), crash=32)

    ledger, said = run(services, tmp_path, faults, officers=20, workers=3)

    with capsys.disabled():
        print(f"\n{said}")  # noqa: T201 - how much the test has tried
    assert len(ledger.saves) >= 500
