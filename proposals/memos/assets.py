"""What a memo may load while it is rendered: packaged fonts and style sheets, and nothing else."""

from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

ORIGIN = "https://t2eval.invalid"
STATIC = Path(__file__).resolve().parents[2] / "static"
FOLDERS = (STATIC / "fonts", STATIC / "css")
TYPES = {".css": "text/css", ".ttf": "font/ttf", ".svg": "image/svg+xml"}


class ForbiddenAddressError(FatalURLFetchingError):  # type: ignore[misc]  # WeasyPrint ships no types
    """The document asks for something that is not packaged: a fault of ours or an attack, never a blank box."""


class PackagedAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Serves files of static/fonts and static/css under an address that cannot exist; touches no network."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        del headers
        path = packaged_file(url)
        response_headers = EmailMessage()
        response_headers["Content-Type"] = TYPES[path.suffix]
        return URLFetcherResponse(url, path.read_bytes(), response_headers)


def packaged_file(url: str) -> Path:
    """The file behind an address, or ForbiddenAddressError for anything but a packaged asset."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" == ORIGIN:
        path = (STATIC.parent / unquote(parts.path).lstrip("/")).resolve()
        if path.suffix in TYPES and any(path.is_relative_to(folder) for folder in FOLDERS) and path.is_file():
            return path
    raise ForbiddenAddressError(f"A memo may load packaged fonts and style sheets only, not {url[:200]!r}.")
