"""What the pages of release and requests keep, on each kind of database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection
from storing import Store

from grader.course.course import find_course
from grader.errors import UsageError
from grader.gradebook.corrections import CheckRule, Corrections
from grader.gradebook.mails import Mails, MailState
from grader.gradebook.releases import Releases
from grader.server.hand_ins.requests import AnsweredAlready, Requests


def test_mails_requests_and_corrections_are_kept(store: Store, tmp_path: Path) -> None:
    store.accept("ada")
    held = store.claim()
    assert held is not None
    assert store.finish(held)
    attempt = store.now(held).attempt
    assert attempt is not None

    mails = Mails(store.book.engine, store.clock)
    assert mails.begin("demo", "ada", "1 of 2", None, "olga")
    sending = mails.of("demo")["ada"]
    assert sending.state is MailState.SENDING
    assert not mails.begin("demo", "ada", "1 of 2", None, "max")
    mails.end("demo", "ada", "1 of 2", "olga", "550 no such user")
    failed = mails.of("demo")["ada"]
    assert (failed.state, failed.total, failed.why) == (
        MailState.FAILED,
        "1 of 2",
        "550 no such user",
    )
    assert mails.begin("demo", "ada", "1 of 2", failed, "olga")
    assert mails.of("other") == {}

    requests = Requests(store.book.engine, store.clock)
    asked = requests.ask(store.account("ada"), attempt, "check", "a", "Why?")

    def refuse(connection: Connection) -> tuple[str, str]:
        raise UsageError("no")

    with pytest.raises(UsageError, match="no"):
        requests.answer(asked.key, "Yes.", who="max", change=refuse)
    assert requests.unanswered() == (asked,)
    requests.answer(asked.key, "Yes.", who="max", change=lambda _: ("1", "2"))
    with pytest.raises(AnsweredAlready, match="max has answered"):
        requests.answer(asked.key, "No.", who="olga")
    (answered,) = requests.everybodys()
    assert (answered.answer, answered.before, answered.after) == ("Yes.", "1", "2")
    requests.keep_template("b")
    requests.keep_template("A")
    requests.keep_template("b")
    assert requests.templates() == ("A", "b")
    requests.drop_template("A")
    assert requests.templates() == ("b",)

    store.book.release("demo", who="olga", student="ada")
    (release,) = Releases(store.book.engine).of("demo")
    assert release.reaches(store.book.student("ada"))
    assert not release.reaches(store.book.student("bob"))

    found = Corrections(find_course(tmp_path / "course"), store.book, store.clock)
    (first, *_) = found.checks("demo")
    assert (first.id, first.passed) == ("a", 1)
    assert found.check("demo", "a", CheckRule.EVERYBODY).changes == ()
    lower = found.check("demo", "b", CheckRule.FAILED, 1.0)
    assert lower.changes == ()  # whoever passed keeps the points
