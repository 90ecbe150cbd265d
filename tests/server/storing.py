"""The server's store of a small class, on a clock that tests move."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from books import reports, roster, student, write_course
from serving import Clock

from grader.course.course import find_course
from grader.course.server_settings import ServerSettings
from grader.gradebook import Gradebook, open_gradebook
from grader.server.accounts.accounts import Accounts
from grader.server.alerts import Alerts
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.queue import GradingQueue, attempt_of
from grader.server.records import Account, HandIn

NAMES = ("ada", "bob", "eve")
READY = ("demo", "other")
SPEC = 'title = "Demo"\npoints = 10\n'


@dataclass(frozen=True)
class Store:
    """Everything of the store. `accounts` has ada, bob and eve, all students."""

    book: Gradebook
    clock: Clock
    accounts: Accounts
    hand_ins: HandIns
    queue: GradingQueue
    alerts: Alerts

    def account(self, name: str) -> Account:
        found = self.accounts.account(name)
        assert found is not None, name
        return found

    def accept(self, name: str, what: str = "work", assignment: str = "demo") -> HandIn:
        digest = hashlib.sha256(what.encode()).hexdigest()
        return self.hand_ins.accept(assignment, self.account(name), digest, len(what))

    def claim(self, worker: str = "w", prefer: str | None = None) -> HandIn | None:
        return self.queue.claim(worker, 60, prefer, READY)

    def finish(self, hand_in: HandIn, worker: str = "w", faults: int = 0) -> bool:
        texts = reports(hand_in.student_id)
        attempt = replace(attempt_of(hand_in), faults=faults)
        return self.queue.finish(hand_in.key, worker, attempt, texts, {"p.png": "0" * 64})

    def now(self, hand_in: HandIn) -> HandIn:
        found = self.hand_ins.hand_in(hand_in.key)
        assert found is not None
        return found


@contextmanager
def storing(folder: Path, url: str, **settings: int) -> Iterator[Store]:
    """A course of two homeworks, `demo` and `other`, whose gradebook is at `url`."""
    specs = dict.fromkeys(READY, SPEC)
    root = write_course(folder, specs, settings=f'gradebook = "{url}"\n')
    chosen, clock = ServerSettings(**settings), Clock()  # type: ignore[arg-type]  # numbers alone
    with open_gradebook(find_course(root)) as book:
        people = [student(name, name=name.title(), email=f"{name}@example.edu") for name in NAMES]
        book.enrol(roster(*people), who="test")
        accounts = Accounts(book.engine, chosen, clock)
        accounts.sync()
        yield Store(
            book,
            clock,
            accounts,
            HandIns(book.engine, chosen, clock),
            GradingQueue(book.engine, clock),
            Alerts(book.engine, clock),
        )
