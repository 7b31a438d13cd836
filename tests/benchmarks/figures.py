"""How benchmarks measure and report."""

import time
from collections.abc import Callable


def cpu(work: Callable[[], object], times: int) -> float:
    """Milliseconds of this process's CPU for one run, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - start) / times)
    return 1000 * best


def say(line: str) -> None:
    print(f"\n{line}")  # noqa: T201 - what a benchmark is for
