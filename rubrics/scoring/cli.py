"""The whole way on text: a bundle in, results or faults out. The management command only carries bytes."""

import json

from rubrics.scoring.faults import Fault, FaultyDocumentError
from rubrics.scoring.output import assess_bundle
from rubrics.scoring.parse import load_bundle

OK, REFUSED = 0, 2


def run(data: bytes | str) -> tuple[int, str, str]:
    """Assess a bundle given as JSON text and return the exit status, standard output and standard error.

    Status 0 with the results as JSON; status 2 with one line per fault and no output. Never raises on any text.
    Source: the project's scoring method, §8. Worked: `run(b"")` gives 2, nothing, and one line at `$`.
    """
    try:
        bundle = load_bundle(data)
    except FaultyDocumentError as error:
        return REFUSED, "", "".join(f"{fault}\n" for fault in error.faults)
    return OK, json.dumps(assess_bundle(bundle), indent=1, ensure_ascii=False) + "\n", ""


def unreadable(name: str, why: str) -> tuple[int, str, str]:
    """Give the same three for a file that cannot be read."""
    line = " ".join(f"{name} cannot be read: {why}".split())
    return REFUSED, "", f"{Fault('$', line)}\n"
