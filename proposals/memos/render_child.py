"""The child process that renders one memo: content as JSON on standard input, the PDF to the file named."""

import json
import os
import resource
import sys
from pathlib import Path

MEMORY = 1024**3
CPU_SECONDS = 60
FILE_SIZE = 50 * 1024**2


def main(target: Path) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    content = json.load(sys.stdin)
    _configure()

    from proposals.memos.content import content_from_json
    from proposals.memos.pdf import render_pdf

    pdf = render_pdf(content_from_json(content))
    with target.open("xb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(file.fileno())


def _configure() -> None:
    """Templates and nothing else: the project's settings would read its secrets."""
    import django
    from django.conf import settings

    root = Path(__file__).resolve().parent.parent.parent
    settings.configure(
        BASE_DIR=root,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [root / "templates"]}],
        STATICFILES_DIRS=[root / "static"],
        LANGUAGE_CODE="en-gb",
        USE_I18N=False,
        USE_TZ=True,
    )
    django.setup()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
