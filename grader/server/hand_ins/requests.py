"""Students' requests to look again at one check or one question of an attempt."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update

from grader.errors import TooMany, UsageError
from grader.gradebook.connect import reading, writing
from grader.gradebook.models import requests, server_values
from grader.server.records import Account, Request

MOST_CHARACTERS = 4000
MOST_OPEN = 50  # of one account
MOST_TEMPLATES = 50
_TEMPLATES = "answers"  # their name among the server's values

_REQUEST = (
    requests.c.key, requests.c.attempt, requests.c.account, requests.c.kind, requests.c.item,
    requests.c.reason, requests.c.at, requests.c.answer, requests.c.answered_by,
    requests.c.answered_at, requests.c.before, requests.c.after,
)  # fmt: skip


# Changes a grade within the transaction that answers; returns it before and after, in words.
Change = Callable[[Connection], tuple[str, str]]


class AnsweredAlready(UsageError):
    """Somebody else has answered the same request."""


class Requests:
    """The requests of one course. clock: the present, aware and in UTC.

    Whether an attempt is the account's own, the caller has to look at.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def ask(self, account: Account, attempt: int, kind: str, item: str, reason: str) -> Request:
        """Ask for another look. The same item asked for again is the same request.

        kind: "check" or "question". Raises UsageError without a reason, and for one that is too
        long; TooMany if too many of the account's are open.
        """
        reason = reason.strip()
        if not reason or len(reason) > MOST_CHARACTERS:
            raise UsageError(f"give a reason of at most {MOST_CHARACTERS} characters")
        now = self._clock()
        values = {"attempt": attempt, "account": account.key, "kind": kind, "item": item}
        same = (requests.c[name] == values[name] for name in ("attempt", "kind", "item"))
        query = select(*_REQUEST).where(*same)
        mine = requests.c.account == account.key, requests.c.answered_at.is_(None)
        with writing(self._engine) as connection:
            if (row := connection.execute(query).one_or_none()) is not None:
                return Request(*row)
            if len(connection.execute(select(requests.c.key).where(*mine)).all()) >= MOST_OPEN:
                raise TooMany(f"{MOST_OPEN} of your requests are open; wait for an answer", now)
            more: dict[str, Any] = {"reason": reason, "at": now, "answer": "", "answered_by": ""}
            connection.execute(insert(requests).values(**values, **more))
            return Request(*connection.execute(query).one())

    def answer(self, key: int, answer: str, *, who: str, change: Change | None = None) -> None:
        """Answer a request, and make a change with it: both, or neither.

        change: what the answer does to the grade; it returns the grade before and after as texts
        that the student reads. Raises AnsweredAlready if somebody else was first, and UsageError
        without an answer.
        """
        if not answer.strip():
            raise UsageError("an answer needs a text, which the student reads; write one")
        given: dict[str, Any] = {
            "answer": answer.strip(), "answered_by": who, "answered_at": self._clock()
        }  # fmt: skip
        same = requests.c.key == key, requests.c.answered_at.is_(None)
        with writing(self._engine) as connection:
            result = connection.execute(update(requests).where(*same).values(**given))
            if result.rowcount == 0:
                query = select(requests.c.answered_by).where(requests.c.key == key)
                other = connection.execute(query).scalar() or "somebody"
                raise AnsweredAlready(f"{other} has answered this request already")
            if change is not None:
                before, after = change(connection)
                told = update(requests).where(requests.c.key == key)
                connection.execute(told.values(before=before, after=after))

    def templates(self) -> tuple[str, ...]:
        """Texts that staff kept for answers, by the alphabet."""
        with reading(self._engine) as connection:
            return _load_templates(connection)

    def keep_template(self, text: str) -> None:
        """Keep a text for answers. Raises UsageError if there are too many."""
        self._change_templates(lambda kept: kept | {text.strip()} - {""})

    def drop_template(self, text: str) -> None:
        """Keep it no longer."""
        self._change_templates(lambda kept: kept - {text})

    def _change_templates(self, change: Callable[[set[str]], set[str]]) -> None:
        with writing(self._engine) as connection:
            texts = sorted(change(set(_load_templates(connection))), key=str.casefold)
            if len(texts) > MOST_TEMPLATES:
                raise UsageError(
                    f"{MOST_TEMPLATES} texts for answers are kept already; remove one of them first"
                )
            where = server_values.c.name == _TEMPLATES
            connection.execute(delete(server_values).where(where))
            row = {"name": _TEMPLATES, "value": json.dumps(texts)}
            connection.execute(insert(server_values).values(**row))

    def request(self, key: int) -> Request | None:
        """By key. Whose it is, the caller has to look at."""
        return next(iter(self._load(requests.c.key == key)), None)

    def of_account(self, account: Account) -> tuple[Request, ...]:
        """Somebody's, the newest first."""
        return self._load(requests.c.account == account.key)

    def of_attempt(self, attempt: int) -> tuple[Request, ...]:
        """All about one attempt, the newest first."""
        return self._load(requests.c.attempt == attempt)

    def everybodys(self) -> tuple[Request, ...]:
        """All, also those that are answered, the newest first."""
        return self._load(requests.c.key > 0)

    def unanswered(self) -> tuple[Request, ...]:
        """Everybody's open ones, the newest first."""
        return self._load(requests.c.answered_at.is_(None))

    def _load(self, where: ColumnElement[bool]) -> tuple[Request, ...]:
        query = select(*_REQUEST).where(where).order_by(requests.c.key.desc())
        with reading(self._engine) as connection:
            return tuple(Request(*row) for row in connection.execute(query))


def _load_templates(connection: Connection) -> tuple[str, ...]:
    query = select(server_values.c.value).where(server_values.c.name == _TEMPLATES)
    return tuple(json.loads(connection.execute(query).scalar() or "[]"))
