"""Checks that are told while they end, to browsers of a running server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from making import write_course
from running_server import RunningServer, running_server
from serving import csrf_of
from sqlalchemy import update

from grader._internal.clock import now_utc
from grader._internal.zips import zip_files
from grader.gradebook.connect import writing
from grader.gradebook.models import sessions
from grader.server.hand_ins.queue import MOST_FAILURES, GradingQueue
from grader.server.keys import ServerKeys
from grader.server.records import Role

PATIENCE_S = 120.0


class Watcher:
    """Somebody in a browser who watches a hand-in, until the server ends that."""

    def __init__(self, running: RunningServer, name: str) -> None:
        account = running.site.accounts.account(name)
        assert account is not None
        self.secret, _ = running.site.accounts.open_session(account)
        self.client = httpx2.Client(
            base_url=running.address,
            cookies={"grader_session": self.secret},
            headers={"origin": running.address, "sec-fetch-site": "same-origin"},
            timeout=PATIENCE_S,
        )
        self.lines: list[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)

    def _read(self) -> None:
        with self.client.stream("GET", "/hand-ins/1/events") as answer:
            for line in answer.iter_lines():
                self.lines.append(line)

    @property
    def is_watching(self) -> bool:
        return self._thread.is_alive()

    def __enter__(self) -> Watcher:
        self._thread.start()
        wait_until("the stream begins", lambda: "event: waiting" in self.lines)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(PATIENCE_S)
        self.client.close()


def wait_until(what: str, is_so: object) -> None:
    assert callable(is_so)
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.05)


@contextmanager
def handed_in(folder: Path) -> Iterator[RunningServer]:
    """A server that grades nothing, to which ada has handed in."""
    with running_server(write_course(folder), "--jobs", "0") as running:
        answer = httpx2.post(
            f"{running.address}/api/v1/hand-ins/demo",
            content=zip_files({"demo.py": b"x = 1\n"}),
            headers={"authorization": f"Bearer {running.token('ada')}"},
        )
        assert answer.status_code == 201, answer.text
        assert answer.json()["key"] == 1
        yield running


@pytest.mark.slow
def test_who_is_signed_out_hears_no_more(tmp_path: Path) -> None:
    with ExitStack() as stack:
        running = stack.enter_context(handed_in(tmp_path / "course"))
        accounts = running.site.accounts
        for name, role in (("max", Role.MARKER), ("mia", Role.MARKER), ("otto", Role.OWNER)):
            accounts.add_staff(name, role, who="test")
        # Whoever began first would be the first to connect again, if that were what ends a watch.
        stays, leaver, late, demoted, *others = (
            stack.enter_context(Watcher(running, name))
            for name in ("olga", "ada", "ada", "otto", "max", "mia")
        )
        signed_out = (leaver, late, *others)

        page = leaver.client.get("/account")
        done = leaver.client.post("/sign-out", data={"csrf": csrf_of(page)})
        assert done.status_code == 303
        with writing(running.site.engine) as connection:
            same = sessions.c.secret_hash == ServerKeys.hashed(late.secret)
            past = now_utc() - timedelta(seconds=1)
            connection.execute(update(sessions).where(same).values(expires_at=past))
        people = {name: accounts.account(name) for name in ("max", "mia", "otto")}
        accounts.close_all(people["max"])  # type: ignore[arg-type]  # they were just made
        accounts.deactivate(people["mia"], who="test")  # type: ignore[arg-type]
        accounts.set_role(people["otto"], Role.MARKER, who="test")  # type: ignore[arg-type]

        for each in (*signed_out, demoted):
            wait_until("the stream ends", lambda each=each: not each.is_watching)
        assert stays.is_watching
        queue = GradingQueue(running.site.engine, now_utc)
        for _ in range(MOST_FAILURES):
            assert queue.claim("w", 60, None, ["demo"]) is not None
            assert queue.give_back(1, "w", "it cannot be graded")
        wait_until("the end is told", lambda: not stays.is_watching)
        assert "event: ended" in stays.lines
        assert not any("event: started" in each.lines for each in (*signed_out, demoted))
        again = [each.client.get("/hand-ins/1/events").status_code for each in signed_out]
        assert again == [401, 401, 401, 401]
        # Who has another role now connects again, as what they are.
        assert demoted.client.get("/hand-ins/1/events").status_code == 200
