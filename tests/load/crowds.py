"""Crowds of officers who save at the same time, and how long they wait."""

import http.client
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.load.officers import Officer


@dataclass
class Figures:
    """Seconds that each acknowledged saving took, until it was answered; what went wrong beside."""

    seconds: float
    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Savings a second."""
        return len(self.waits) / self.seconds

    def percentile(self, place: int) -> float:
        """In milliseconds."""
        return 1000 * statistics.quantiles(self.waits, n=100)[place - 1]

    def __str__(self) -> str:
        waits = ", ".join(f"p{place} {self.percentile(place):.0f} ms" for place in (50, 95, 99))
        return f"{self.rate:.1f} saves a second: {waits}; {len(self.errors)} errors"


def save_together(officers: Sequence[Officer], *, seconds: float, thinking: tuple[float, float] | None) -> Figures:
    """Each officer saves, thinks for so long, and saves again; without thinking, at once."""
    figures, over = Figures(seconds), threading.Event()
    threads = [threading.Thread(target=_work, args=(officer, figures, over, thinking)) for officer in officers]
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    return figures


def _work(officer: Officer, figures: Figures, over: threading.Event, thinking: tuple[float, float] | None) -> None:
    if thinking:
        over.wait(officer.chance.uniform(0, thinking[1]))  # nobody begins at the same moment
    while not over.is_set():
        repeats, begun = officer.repeats, time.monotonic()
        save, reply = officer.save()
        if reply.status == http.client.OK:
            figures.waits.append(time.monotonic() - begun)
        else:
            figures.errors.append(f"{reply.status} {save.cell}")
        figures.errors += ["sent again"] * (officer.repeats - repeats)
        if thinking:
            over.wait(officer.chance.uniform(*thinking))
