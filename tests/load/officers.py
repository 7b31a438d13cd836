"""An officer at the scoring page, without the page: signs in, and saves single cells as its script does."""

import http.client
import random
import select
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.factories import PASSWORD

TIMEOUT = 15  # seconds, as the page's script waits
LONGEST_PAUSE = 1.0
PATIENCE = 120  # seconds; a server that is gone for so long is a fault of its own


class NoAnswerError(Exception):
    """Nobody answered for as long as a test can wait."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: str
    version: str


@dataclass(frozen=True, slots=True)
class Save:
    """One cell as it was sent: `said` is what the database is to hold, `rationale` names this saving."""

    officer: str
    cell: str
    said: tuple[int | None, int | None, int | None]
    rationale: str


@dataclass
class Officer:
    """`hang_ups` is how often, of 1, the officer is gone before the reply to what they sent."""

    port: int
    username: str
    proposal: str
    scores: list[str]
    risks: list[str]
    hang_ups: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    saved: int = 0
    repeats: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.username)  # noqa: S311 - what to save next is no secret
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def sign_in(self) -> None:
        self.ask("GET", "/sign-in/")
        fields = {
            "username": self.username,
            "password": PASSWORD,
            "csrfmiddlewaretoken": self.cookies["csrftoken"],
        }
        reply = self.ask("POST", "/sign-in/", fields)
        assert reply.status == http.client.FOUND, reply.body

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        self.send(method, path, fields, headers or {})
        response = self.connection.getresponse()
        body = response.read().decode()
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Reply(response.status, body, (response.headers["ETag"] or "").strip('"'))

    def send(self, method: str, path: str, fields: dict[str, str] | None, headers: dict[str, str]) -> None:
        self.forget_closed_connection()
        typed = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode(fields) if fields else None
        self.connection.request(method, path, body, {"Cookie": cookies, **typed, **headers})

    def forget_closed_connection(self) -> None:
        """As browsers do: what the server closed while nobody asked is no reason to fail the next request."""
        if self.connection.sock and select.select([self.connection.sock], [], [], 0)[0]:
            self.connection.close()

    def next_save(self) -> tuple[Save, dict[str, str]]:
        """Some cell with another answer, and the fields that say so."""
        cell = self.chance.choice([*self.scores, *self.risks])
        rationale = f"{self.username}, saving {self.saved + 1}."
        one, two = self.chance.randint(1, 4), self.chance.randint(1, 4)
        if cell in self.risks:
            levels = {"likelihood": str(one), "consequence": str(two)}
            return Save(self.username, cell, (None, one, two), rationale), {**levels, "rationale": rationale}
        fields = {"answer": str(one), "grade": "", "rationale": rationale}
        return Save(self.username, cell, (one, None, None), rationale), fields

    def save(self) -> tuple[Save, Reply]:
        """Save one cell, and send the same again until somebody answers: only then is it known what was kept."""
        save, fields = self.next_save()
        path = f"/proposals/{self.proposal}/scorecard/cells/{save.cell}/"
        headers = {
            "Accept": "application/json",
            "If-Match": f'"{self.versions.get(save.cell, "empty")}"',
            "X-CSRFToken": self.cookies["csrftoken"],
        }
        reply = self.until_answered(path, fields, headers)
        if reply.status == http.client.OK:
            self.versions[save.cell] = reply.version
            self.saved += 1
        return save, reply

    def until_answered(self, path: str, fields: dict[str, str], headers: dict[str, str]) -> Reply:
        pause, end = 0.25, time.monotonic() + PATIENCE
        if self.chance.random() < self.hang_ups:
            self.hang_up(path, fields, headers)
        while time.monotonic() < end:
            try:
                reply = self.ask("POST", path, fields, headers)
            except (OSError, http.client.HTTPException):
                self.connection.close()
            else:
                if reply.status < http.client.INTERNAL_SERVER_ERROR:
                    return reply
            self.repeats += 1
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        raise NoAnswerError(f"{self.username} had no answer for {PATIENCE} seconds.")

    def hang_up(self, path: str, fields: dict[str, str], headers: dict[str, str]) -> None:
        """The reply is lost, whether or not the answer was kept."""
        try:
            self.send("POST", path, fields, headers)
            time.sleep(self.chance.uniform(0, 0.1))
        except (OSError, http.client.HTTPException):
            pass
        self.connection.close()
        self.repeats += 1
