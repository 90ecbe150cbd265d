"""When personal tokens were last used: kept in memory first, and written now and then.

A hand-in by a program would otherwise wait for the database's only writer twice.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, bindparam, update

from grader._internal.log import logger
from grader.errors import CourseError
from grader.gradebook.connect import writing
from grader.gradebook.models import tokens

EVERY_S = 5.0
_LOG = logger("server")
_SEEN = (
    update(tokens)
    .where(tokens.c.secret_hash == bindparam("of_secret"))
    .values(seen_at=bindparam("seen"))
)


class TokenUses:
    """What is not written yet. What a crash loses of it, the token's next use tells again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._seen: dict[str, datetime] = {}

    def note(self, hashed: str, at: datetime) -> None:
        """A token was used. hashed: the hash of its secret."""
        with self._lock:
            self._seen[hashed] = at

    def write(self) -> None:
        """Bring what was noted into the database, in one transaction. Raises CourseError."""
        with self._lock:
            seen, self._seen = self._seen, {}
        if seen:
            rows = [{"of_secret": hashed, "seen": at} for hashed, at in seen.items()]
            with writing(self._engine) as connection:
                connection.execute(_SEEN, rows)

    @contextlib.contextmanager
    def written(self) -> Iterator[None]:
        """Write them every few seconds, and at the end of the block."""
        ended = threading.Event()

        def keep_writing() -> None:
            last = False
            while not last:
                last = ended.wait(EVERY_S)
                try:
                    self.write()
                except CourseError as exc:
                    _LOG.warning("the use of tokens was not noted: %s", exc)

        thread = threading.Thread(target=keep_writing, name="token uses", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
