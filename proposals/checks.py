"""Django system checks of this app."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register  # noqa: A004 - Django's own name

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1"
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")


@register
def check_pango(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Say how to install what WeasyPrint loads, before a memo fails for the want of it."""
    del app_configs, kwargs
    if can_write_pdf():
        return []
    return [
        Warning(
            "Memos cannot be written as PDF: WeasyPrint does not find Pango.",
            hint=f"Install the system libraries: apt-get install -y {PACKAGES}",
            id="proposals.W001",
        )
    ]


def can_write_pdf() -> bool:
    """Whether the libraries are there; looks for them without loading WeasyPrint, which takes a second."""
    from ctypes.util import find_library

    return all(find_library(name) for name in LIBRARIES)
