"""What the settings make of an environment, each in a fresh process; and what this test run itself stands on."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

SECRET = "9f" * 25
PRODUCTION = {
    "PRODUCTION": "true",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "t2eval.example.org",
    "DATABASE_URL": "postgres://t2eval:secret@db.example.org/t2eval",
    "REDIS_URL": "redis://redis.example.org:6379/0",
}
ENGINES = {"postgresql": "django.db.backends.postgresql", "sqlite": "django.db.backends.sqlite3"}


def run_settings(environment: dict[str, str], expression: str = "None") -> subprocess.CompletedProcess[str]:
    """Evaluate an expression over the settings `s` in a process with only this environment."""
    code = f"import json, t2eval.settings as s; print(json.dumps({expression}, default=str))"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, **environment},
        capture_output=True, text=True, check=False, cwd=settings.BASE_DIR, timeout=60,
    )  # fmt: skip


def read_settings(environment: dict[str, str], expression: str) -> object:
    finished = run_settings(environment, expression)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def test_test_run_uses_the_engine_asked_for(pytestconfig: pytest.Config) -> None:
    assert settings.DATABASES["default"]["ENGINE"] == ENGINES[pytestconfig.getoption("database")]
    assert connection.vendor == pytestconfig.getoption("database")


def test_test_run_rings_redis_only_beside_postgresql(pytestconfig: pytest.Config) -> None:
    assert bool(settings.REDIS_URL) is (pytestconfig.getoption("database") == "postgresql")


def test_psycopg_3_is_not_importable() -> None:
    assert importlib.util.find_spec("psycopg") is None
    assert importlib.util.find_spec("psycopg2") is not None


def test_settings_with_nothing_set_are_a_private_sqlite() -> None:
    default = read_settings({}, "s.DATABASES['default']")

    assert default["ENGINE"] == ENGINES["sqlite"]
    assert default["NAME"] == str(settings.BASE_DIR / "var" / "t2eval.sqlite3")
    assert default["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert default["OPTIONS"]["timeout"] == 20
    assert "synchronous=FULL" in default["OPTIONS"]["init_command"]
    assert "journal_mode=WAL" in default["OPTIONS"]["init_command"]


def test_settings_with_database_url_are_postgresql_with_time_limits() -> None:
    default = read_settings(PRODUCTION, "s.DATABASES['default']")

    assert default["ENGINE"] == ENGINES["postgresql"]
    assert (default["HOST"], default["NAME"], default["USER"]) == ("db.example.org", "t2eval", "t2eval")
    assert default["CONN_HEALTH_CHECKS"] is True
    assert "statement_timeout" in default["OPTIONS"]["options"]


def test_production_with_everything_set_starts_and_keeps_cookies_secure() -> None:
    found = read_settings(PRODUCTION, "[s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT]")

    assert found == [False, True, True, True]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing, a sample or shorter"),
        ({"SECRET_KEY": "sample-secret-for-development-only-never-in-production"}, "SECRET_KEY is missing, a sample"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing, a sample or shorter"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"REDIS_URL": ""}, "REDIS_URL is missing"),
        ({"DATABASE_URL": "postgres://t2eval:PASSWORD@localhost/t2eval"}, "DATABASE_URL has the sample's password"),
        ({"SECRET_KEY_FILE": "/nowhere/secret_key"}, "SECRET_KEY_FILE is /nowhere/secret_key, which cannot be read"),
        ({"DEBUG": "true"}, "PRODUCTION and DEBUG are both set"),
        ({"MEMO_PAPER": "A5"}, "set it to A4 or Letter"),
    ],
)
def test_production_with_something_wrong_refuses_with_what_to_do(change: dict[str, str], refusal: str) -> None:
    finished = run_settings(PRODUCTION | change)

    assert finished.returncode == 1
    assert refusal in finished.stderr


def test_production_without_a_secret_refuses() -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}

    finished = run_settings(environment)

    assert finished.returncode == 1
    assert "secrets.token_urlsafe" in finished.stderr


def test_secrets_in_files_count_before_those_in_variables(tmp_path: Path) -> None:
    for name, value in {
        "secret_key": SECRET[::-1],
        "database_password": "p@ss/word",
        "redis_password": "r:d@s",
    }.items():
        (tmp_path / name).write_text(f"{value}\n")
    files = {
        f"{name}_FILE": str(tmp_path / name.lower()) for name in ("SECRET_KEY", "DATABASE_PASSWORD", "REDIS_PASSWORD")
    }

    found = read_settings(PRODUCTION | files, "[s.SECRET_KEY, s.DATABASES['default']['PASSWORD'], s.REDIS_URL]")

    assert found == [SECRET[::-1], "p@ss/word", "redis://:r%3Ad%40s@redis.example.org:6379/0"]


def test_settings_without_reminders_send_no_mail() -> None:
    assert read_settings({}, "[s.REMINDERS, s.EMAIL_BACKEND]") == [
        False,
        "django.core.mail.backends.dummy.EmailBackend",
    ]


def test_settings_with_reminders_take_the_mail_server(tmp_path: Path) -> None:
    path = tmp_path / "email_url"
    path.write_text("smtp+tls://t2eval:word@mail.example.org:587\n", encoding="utf-8")

    found = read_settings(
        {"REMINDERS": "true", "EMAIL_URL_FILE": str(path), "MAIL_FROM": "t2eval@example.org"},
        "[s.REMINDERS, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_HOST_PASSWORD, s.DEFAULT_FROM_EMAIL]",
    )

    assert found == [True, "mail.example.org", 587, True, "word", "t2eval@example.org"]


def test_settings_with_reminders_and_no_mail_server_say_what_to_do() -> None:
    finished = run_settings({"REMINDERS": "true"})

    assert finished.returncode != 0
    assert "REMINDERS is set without EMAIL_URL" in finished.stderr
