"""Rendering in a child process: no database, no secrets, limited memory and time. A poison document harms nobody."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
WALL_SECONDS = 90
REASON_LENGTH = 300


class RenderFailedError(Exception):
    """The child process gave no PDF; the message says why, for people."""


def render_in_child(content: dict[str, Any], target: Path, *, wall_seconds: float = WALL_SECONDS) -> None:
    """Render stored memo content to `target`, an absolute path in a folder that is ours to write."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
        [sys.executable, "-m", "proposals.memos.render_child", str(target)],
        cwd=ROOT,
        env=_environment(target.parent),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, errors = child.communicate(json.dumps(content).encode(), timeout=wall_seconds)
    except subprocess.TimeoutExpired as error:
        raise RenderFailedError(f"The rendering took longer than {wall_seconds:g} seconds.") from error
    finally:
        _kill_group(child)
    if child.returncode != 0:
        raise RenderFailedError(_reason(child.returncode, errors.decode(errors="replace")))
    if not target.is_file() or target.stat().st_size == 0:
        raise RenderFailedError("The rendering ended without a file.")


def _environment(folder: Path) -> dict[str, str]:
    """Only what Python and the fonts need; nothing of ours is handed on."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """End a child that still runs, with whatever it started, and take its exit status."""
    if child.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _reason(status: int, errors: str) -> str:
    if status == -signal.SIGXCPU:
        return "The rendering used more computing time than it may."
    if status < 0:
        return f"The rendering was ended by signal {-status} ({signal.Signals(-status).name})."
    last = next((line.strip() for line in reversed(errors.splitlines()) if line.strip()), "no message")
    return f"The rendering stopped: {last[:REASON_LENGTH]}"
