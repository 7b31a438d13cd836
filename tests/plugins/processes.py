"""The product's own processes, started for a test as an operator starts them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.plugins.servers import Server, dying_with_parent

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def process_environment(**values: str) -> dict[str, str]:
    """Nothing of this test run's environment but the paths, and what the test says."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "COVERAGE_PROCESS_START") if name in os.environ}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": programs, "ENV_FILE": os.devnull, "PYTHONUNBUFFERED": "1", **values}


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def started(arguments: list[str], environment: dict[str, str], log: Path) -> AbstractContextManager[Server]:
    """Python with these arguments, e.g. manage.py and a command."""
    return started_command([sys.executable, *arguments], environment, log)


@contextmanager
def started_command(command: list[str], environment: dict[str, str], log: Path) -> Generator[Server, None, None]:
    """A process of ours, stopped at the end, its output in the log."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, start_new_session=True, preexec_fn=dying_with_parent(signal.SIGTERM),
        )  # fmt: skip
    server = Server(process, log, signal.SIGTERM)
    try:
        yield server
    finally:
        server.stop()


def status_of(url: str, headers: dict[str, str] | None = None) -> int:
    """The HTTP status that this address answers with; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=5) as response:  # noqa: S310 - localhost
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def children_of(pid: int) -> dict[int, str]:
    """The running children of a process, with their command lines (Linux)."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found[int(process.name)] = line
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
