"""The commands of the Dockerfile and docker-compose.yml, run as they stand there, in production mode."""

import json
import re
import secrets
import socket
import subprocess
import urllib.request
from collections.abc import Generator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import environ
import psycopg2
import pytest
import yaml

from tests.plugins.processes import ROOT, eventually, free_port, manage, process_environment, started_command, status_of
from tests.plugins.servers import Server
from tests.plugins.services import Services

HOST = "t2eval.example.org"
PROXIED = {"Host": HOST, "X-Forwarded-Proto": "https"}
PASSWORD = "correct-horse-battery-staple"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


@pytest.fixture(scope="module")
def web_command() -> list[str]:
    """The last CMD of the Dockerfile that stands at the start of a line."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    command: list[str] = json.loads(re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)[-1])
    return command


@pytest.fixture(scope="module")
def production(services: Services, compose: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of compose, with this test run's own PostgreSQL and Redis behind it, migrated and collected."""
    folder = tmp_path_factory.mktemp("production")
    (folder / "secret_key").write_text(secrets.token_urlsafe(50))
    address = environ.Env.db_url_config(services.postgresql())
    database = f"production_{secrets.token_hex(4)}"
    connection = psycopg2.connect(dbname=address["NAME"], host=address["HOST"], user=address["USER"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {database}")
    connection.close()
    environment = process_environment(
        PRODUCTION="true",
        SECRET_KEY_FILE=str(folder / "secret_key"),
        ALLOWED_HOSTS=HOST,
        DATABASE_URL=services.postgresql().removesuffix(address["NAME"]) + database,
        REDIS_URL=services.redis().removesuffix("0") + "1",
        DATA_DIR=str(folder / "data"),
        STATIC_ROOT=str(folder / "static"),
    )
    finished = manage("collectstatic", "--noinput", "-v0", environment=environment)
    assert finished.returncode == 0, finished.stderr
    assert "Published the rubric" in said_by(compose["services"]["migrate"]["command"], environment)
    return environment


def said_by(command: list[str], environment: dict[str, str]) -> str:
    """The output of a command that must end well."""
    finished = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=180
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def site(
    production: dict[str, str], web_command: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Generator[str]:
    """The address of a running web process."""
    port = free_port()
    command = [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in web_command]
    with started_command(command, production, tmp_path_factory.mktemp("web") / "log") as server:
        server.wait_until(lambda: status_of(f"http://127.0.0.1:{port}/healthz", PROXIED) == 200)
        yield f"http://127.0.0.1:{port}"


def read(url: str) -> tuple[str, Any]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=PROXIED), timeout=10) as response:  # noqa: S310 - localhost
        return response.read().decode(), response.headers


class Visitor:
    """A browser behind the proxy, as far as forms need one."""

    def __init__(self, site: str) -> None:
        cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.site, self.opener = site, urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))

    def open(self, path: str, **fields: str) -> tuple[str, str]:
        """The path of the page that the visitor gets to, and its text. With fields: sends that page's form."""
        data = None
        if fields:
            _, page = self.open(path)
            token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[-1]
            data = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(  # noqa: S310 - localhost
            f"{self.site}{path}", data, {**PROXIED, "Referer": f"https://{HOST}{path}"}
        )
        with self.opener.open(request, timeout=20) as response:
            return urlsplit(response.url).path, response.read().decode()


def test_every_entry_point_of_compose_is_known(compose: dict[str, Any]) -> None:
    ours = {name: service for name, service in compose["services"].items() if service["image"] == "t2eval"}

    assert {name: service.get("command", [""])[-1] for name, service in ours.items()} == {
        "migrate": "python manage.py migrate --noinput && exec python manage.py load_defaults",
        "web": "",
        "worker": "--without-mingle",
        "sweeper": "sweep",
    }


def test_every_container_is_confined(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["web"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_every_secret_comes_from_a_file(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            assert not ("PASSWORD" in name or "SECRET" in name) or value.startswith("/run/secrets/"), name


def test_migrate_of_compose_again_changes_nothing(compose: dict[str, Any], production: dict[str, str]) -> None:
    said = said_by(compose["services"]["migrate"]["command"], production)

    assert said.splitlines()[-1] == "The defaults are there already; nothing is changed."


def test_administrator_of_a_new_installation_signs_in_and_opens_the_administration_and_the_rubric(
    site: str, production: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    made = manage(
        "make_administrator", "ada", "--name", "Ada Keeper", "--email", "ada@example.org",
        "--password-file", str(tmp_path / "password"), environment=production,
    )  # fmt: skip
    visitor = Visitor(site)

    signed_in, _ = visitor.open("/sign-in/", username="ada", password=PASSWORD)
    administration, issue_areas = visitor.open("/admin/proposals/issuearea/")
    rubrics, versions = visitor.open("/rubric/")

    assert made.returncode == 0, made.stderr
    assert (signed_in, administration, rubrics) == ("/", "/admin/proposals/issuearea/", "/rubric/")
    assert ("Biosecurity" in issue_areas, "Track 2 dialogue rubric" in versions) == (True, True)


def test_production_passes_the_deployment_check(production: dict[str, str]) -> None:
    finished = manage("check", "--deploy", "--fail-level", "ERROR", environment=production)

    assert finished.returncode == 0, finished.stderr


def test_web_answers_its_proxy_and_sends_others_to_https(site: str) -> None:
    assert status_of(f"{site}/sign-in/", PROXIED) == 200
    assert status_of(f"{site}/sign-in/", {"Host": "elsewhere.example.org", "X-Forwarded-Proto": "https"}) == 400


def test_web_serves_its_style_sheets_for_ever(site: str) -> None:
    page, _ = read(f"{site}/sign-in/")
    sheets = re.findall(r'<link[^>]+href="(/static/[^"]+\.css)"', page)

    assert sheets
    for sheet in sheets:
        assert re.search(r"\.[0-9a-f]{12}\.css$", sheet)
        _, headers = read(f"{site}{sheet}")
        assert "immutable" in headers["Cache-Control"]


def test_healthcheck_of_the_image_finds_the_site_well(site: str, production: dict[str, str], tmp_path: Path) -> None:
    environment = production | {"PORT": str(urlsplit(site).port)}

    with started_command(["python", "script/healthcheck"], environment, tmp_path / "log") as check:
        assert check.process.wait(15) == 0


def test_healthcheck_of_the_image_fails_without_a_site(production: dict[str, str], tmp_path: Path) -> None:
    environment = production | {"PORT": str(free_port())}

    with started_command(["python", "script/healthcheck"], environment, tmp_path / "log") as check:
        assert check.process.wait(15) == 1


def test_worker_of_compose_is_found_well_by_its_healthcheck(
    compose: dict[str, Any], production: dict[str, str], tmp_path: Path
) -> None:
    worker = compose["services"]["worker"]
    host = socket.gethostname()
    check = worker["healthcheck"]["test"][1].replace("$$", "$")

    with started_command(worker["command"], production, tmp_path / "log") as running:
        assert eventually(lambda: exit_code(["sh", "-c", check], production | {"HOSTNAME": host}) == 0), said(running)


def exit_code(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False, timeout=60).returncode


def test_sweeper_of_compose_runs_until_asked_to_end(
    compose: dict[str, Any], production: dict[str, str], tmp_path: Path
) -> None:
    with started_command(compose["services"]["sweeper"]["command"], production, tmp_path / "log") as sweeper:
        assert eventually(lambda: "Sweeping" in said(sweeper)), said(sweeper)

        sweeper.process.terminate()

        assert sweeper.process.wait(15) == 0


def said(server: Server) -> str:
    return server.log.read_text(errors="replace")
