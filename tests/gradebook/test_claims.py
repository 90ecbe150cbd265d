"""Claims and conflicts on both engines: who may mark what, at a time that is handed in."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from books import DEMO, QUESTIONS, hand_in, scored

from grader.course.course import Course
from grader.errors import MarkConflict
from grader.gradebook import Attempt, Gradebook, open_gradebook
from grader.gradebook.claims import LASTS, Marker

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
EVE, FAY = Marker("eve", "1"), Marker("fay", "2")


@pytest.fixture
def handed_in(book: Gradebook, course: Course) -> list[Attempt]:
    spec = course.root / "assignments" / "demo" / "assignment.toml"
    spec.write_text(DEMO + QUESTIONS, encoding="utf-8")
    names = [f"s{number}" for number in range(6)]
    book.record([(hand_in(name), scored(name, 5)) for name in names], who="t")
    return list(book.attempts("demo"))


def test_a_claim_keeps_others_away_until_it_runs_out_or_is_given_back(
    book: Gradebook, handed_in: list[Attempt]
) -> None:
    first, second, *_ = handed_in
    assert book.claim(first, "why", EVE, NOW)[0].holder == EVE.holder
    assert book.claim(first, "why", FAY, NOW)[0].who == "eve"
    assert book.claim(first, "how", FAY, NOW)[0].who == "fay"  # another question
    almost = NOW + LASTS - timedelta(seconds=1)
    assert book.claim(first, "why", FAY, almost)[0].who == "eve"
    assert book.claim(first, "why", FAY, NOW + LASTS)[0].who == "fay"
    # Who goes on to another answer gives back the one before.
    assert book.claim(second, "why", FAY, NOW + LASTS)[0].who == "fay"
    assert book.claim(first, "why", EVE, NOW + LASTS)[0].who == "eve"
    book.give_back(EVE)
    assert book.claim(first, "why", FAY, NOW + LASTS)[0].who == "fay"


def test_a_mark_is_saved_only_over_the_one_that_was_seen(
    book: Gradebook, handed_in: list[Attempt]
) -> None:
    first = handed_in[0]
    book.mark(first, "why", 3, who="eve", seen=None)
    with pytest.raises(MarkConflict, match="eve gave 3 points"):
        book.mark(first, "why", 1, who="fay", seen=None)
    with pytest.raises(MarkConflict, match="eve gave 3 points"):
        book.unmark(first, "why", who="fay", seen=None)
    _, now = book.claim(first, "why", FAY, NOW)
    assert book.mark(first, "why", 1, who="fay", seen=now, marker=FAY, at=NOW) == now
    book.unmark(first, "why", who="fay")
    with pytest.raises(MarkConflict, match="the mark was removed"):
        book.mark(first, "why", 2, who="eve", seen=now)


def test_many_at_once_claim_each_answer_for_one(
    book: Gradebook, course: Course, handed_in: list[Attempt]
) -> None:
    won: list[tuple[int, str]] = []

    def work(name: str) -> None:
        with open_gradebook(course) as mine:
            for attempt in handed_in:
                # Each answer has a session of its own, so that no claim is given back.
                marker = Marker(name, f"{name} {attempt.key}")
                held, _ = mine.claim(attempt, "why", marker, NOW)
                if held.holder == marker.holder:
                    won.append((attempt.key, name))

    people = [threading.Thread(target=work, args=(name,)) for name in ("eve", "fay", "gus")]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)
    assert sorted(key for key, _ in won) == sorted(attempt.key for attempt in handed_in)
