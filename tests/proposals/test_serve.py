"""`manage.py serve`, as processes."""

import os
import signal
import socket
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.plugins.processes import (
    children_of,
    eventually,
    free_port,
    is_running,
    manage,
    process_environment,
    started,
    status_of,
)
from tests.plugins.servers import Server
from tests.plugins.services import Services

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc for the children")


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a private installation: a migrated SQLite, no Redis."""
    environment = process_environment(DATA_DIR=str(tmp_path_factory.mktemp("var")))
    assert manage("migrate", "-v0", environment=environment).returncode == 0
    return environment


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def served(private: dict[str, str], port: int, tmp_path: Path) -> Generator[Server, None, None]:
    with started(["manage.py", "serve", "--port", str(port)], private, tmp_path / "serve.log") as server:
        server.wait_until(lambda: status_of(f"http://127.0.0.1:{port}/healthz") == 200)
        yield server


def child_of(server: Server, name: str) -> int | None:
    """The supervised child whose command line has this word."""
    return next((pid for pid, line in children_of(server.process.pid).items() if f" {name}" in line), None)


def test_serve_without_redis_runs_web_and_sweeper(served: Server, port: int) -> None:
    assert eventually(lambda: child_of(served, "sweep ") is not None)
    assert child_of(served, "gunicorn ") is not None
    assert status_of(f"http://127.0.0.1:{port}/static/css/base.css") == 200


def test_serve_restarts_a_killed_sweeper(served: Server) -> None:
    assert eventually(lambda: child_of(served, "sweep ") is not None)
    first = child_of(served, "sweep ")

    os.kill(first, signal.SIGKILL)

    assert eventually(lambda: child_of(served, "sweep ") not in {None, first})
    assert "starting it again" in served.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_asked_to_end_takes_its_children_along(served: Server, port: int, number: signal.Signals) -> None:
    children = children_of(served.process.pid)

    served.process.send_signal(number)

    assert served.process.wait(20) == 0
    assert [pid for pid in children if is_running(pid)] == []
    assert status_of(f"http://127.0.0.1:{port}/healthz") == 0


def test_serve_whose_gunicorn_dies_ends_with_an_error(served: Server) -> None:
    os.kill(child_of(served, "gunicorn "), signal.SIGKILL)

    assert served.process.wait(20) == 1
    assert eventually(lambda: children_of(served.process.pid) == {})


def test_serve_that_is_killed_leaves_nobody_behind(served: Server) -> None:
    children = children_of(served.process.pid)

    served.process.kill()
    served.process.wait()

    assert eventually(lambda: not any(is_running(pid) for pid in children))


def test_serve_with_redis_runs_only_the_web(
    private: dict[str, str], port: int, tmp_path: Path, services: Services
) -> None:
    environment = private | {"REDIS_URL": services.redis()}

    with started(["manage.py", "serve", "--port", str(port)], environment, tmp_path / "serve.log") as server:
        server.wait_until(lambda: status_of(f"http://127.0.0.1:{port}/healthz") == 200)

        assert child_of(server, "sweep ") is None
        assert child_of(server, "gunicorn ") is not None


def test_serve_on_a_busy_port_says_so(private: dict[str, str]) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        finished = manage("serve", "--port", str(port), environment=private)

    assert finished.returncode == 1
    assert f"Port {port} on 127.0.0.1: Address already in use" in finished.stderr
