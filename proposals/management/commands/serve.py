"""Serves the site: gunicorn and, without Redis, the sweeper that takes memo jobs from the database."""

import ctypes
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

WEB = "gunicorn"
SWEEPER = "sweep"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # before a dead sweeper starts again, in seconds
STEADY = 60.0  # a sweeper that lived so long was well
GRACE = 35.0  # for children to end; gunicorn gives its requests 30 seconds
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """A child ended by itself."""

    name: str
    code: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A signal asks us to end."""

    number: int


class Supervisor:
    """Runs child processes until one of them, or a signal, ends it all."""

    def __init__(self, commands: dict[str, list[str]], say: Callable[[str], object]) -> None:
        self.commands = commands
        self.say = say
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started_at: dict[str, float] = {}
        self.pause = FIRST_PAUSE
        self.events: SimpleQueue[Ended | Asked] = SimpleQueue()

    def run(self) -> int:
        """Serve until gunicorn ends (its fault: non-zero) or a signal asks (zero)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _frame: self.events.put(Asked(number)))
        for name in self.commands:
            self.start(name)
        try:
            return self.watch()
        finally:
            self.stop()

    def watch(self) -> int:
        restart_at: float | None = None
        while True:
            try:
                event = self.events.get(timeout=max(0, restart_at - time.monotonic()) if restart_at else None)
            except Empty:
                restart_at = None
                self.start(SWEEPER)
                continue
            if isinstance(event, Asked):
                return 0
            if event.name == WEB:
                self.say(f"{WEB} ended with {event.code}; stopping.")
                return event.code if event.code > 0 else 1
            restart_at = time.monotonic() + self.next_pause()
            self.say(f"{event.name} ended with {event.code}; starting it again.")

    def next_pause(self) -> float:
        """Doubles with each early death, up to a limit; starts over after a steady life."""
        if time.monotonic() - self.started_at[SWEEPER] > STEADY:
            self.pause = FIRST_PAUSE
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        return pause

    def start(self, name: str) -> None:
        """In a session of its own, so that Ctrl-C reaches it through us, once."""
        child = subprocess.Popen(  # noqa: S603 - our own commands
            self.commands[name],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - two system calls, no locks
        )
        self.children[name], self.started_at[name] = child, time.monotonic()
        Thread(target=lambda: self.events.put(Ended(name, child.wait())), daemon=True).start()

    def stop(self) -> None:
        deadline = time.monotonic() + GRACE
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()


def _prctl() -> Callable[..., int] | None:
    return ctypes.CDLL(None).prctl if sys.platform == "linux" else None


prctl = _prctl()  # looked up before any fork


def die_with_parent() -> None:
    """For a new child, on Linux: end when the supervisor is killed, so that nobody sweeps unseen."""
    if prctl:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def refuse_busy_port(host: str, port: int) -> None:
    """Say it here, in one line, rather than by gunicorn after five attempts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"Port {port} on {host}: {error.strerror}. Choose another, e.g. PORT=8001.") from error


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
        parser.add_argument("--workers", type=int, default=2, help="web processes (default: %(default)s)")

    def handle(self, *_args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_busy_port(host, port)
        shown = f"[{host}]" if ":" in host else host
        commands = {
            WEB: [
                sys.executable, "-m", "gunicorn", "t2eval.wsgi:application", "--bind", f"{shown}:{port}",
                "--workers", str(options["workers"]), "--threads", "4", "--log-level", "warning", "--no-control-socket",
                "--chdir", str(settings.BASE_DIR),
            ]
        }  # fmt: skip
        if not settings.REDIS_URL:
            commands[SWEEPER] = [sys.executable, str(settings.BASE_DIR / "manage.py"), SWEEPER]
        self.stdout.write(f"Serving on http://{shown}:{port}/ ({' and '.join(commands)}; Ctrl-C stops)")
        self.stdout.flush()
        if code := Supervisor(commands, self.stderr.write).run():
            sys.exit(code)
