import pytest

from proposals import checks


def test_check_with_the_libraries_finds_nothing() -> None:
    assert checks.check_pango(None) == []


def test_check_without_pango_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LIBRARIES", ("no-such-library-anywhere",))

    (warning,) = checks.check_pango(None)

    assert warning.id == "proposals.W001"
    assert "apt-get install -y libpango-1.0-0 " in str(warning.hint)
