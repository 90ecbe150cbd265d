"""Who sees their grade: releases to everybody, a section, a student, and taking them back."""

from __future__ import annotations

import pytest
from books import roster, student

from grader.errors import UsageError
from grader.gradebook import Gradebook


@pytest.fixture
def people(book: Gradebook) -> Gradebook:
    theirs = [student("ada", section="a"), student("bob", section="a"), student("eve")]
    book.enrol(roster(*theirs), who="x")
    return book


def seen(book: Gradebook) -> list[str]:
    return [each.id for each in book.students() if book.is_released("demo", each)]


def test_a_release_is_for_everybody_a_section_or_a_student(people: Gradebook) -> None:
    assert seen(people) == []
    people.release("demo", who="x", section="a")
    assert seen(people) == ["ada", "bob"]
    people.release("demo", who="x", student="Eve")
    assert seen(people) == ["ada", "bob", "eve"]
    assert people.take_back("demo", who="x", section="a")
    assert seen(people) == ["eve"]
    people.release("demo", who="x")
    people.release("demo", who="x")
    assert seen(people) == ["ada", "bob", "eve"]
    assert people.take_back("demo", who="x")
    assert not people.take_back("demo", who="x")
    assert seen(people) == ["eve"]
    told = [(e.what, e.student, e.after) for e in people.history(assignment="demo")]
    assert ("grades of section a", "", "released") in told
    assert ("grades", "eve", "released") in told
    assert ("grades", "", "taken back") in told


def test_nobody_can_release_to_whom_there_is_not(people: Gradebook) -> None:
    with pytest.raises(UsageError, match="the sections are: a"):
        people.release("demo", who="x", section="b")
    with pytest.raises(UsageError):
        people.release("demo", who="x", student="zoe")
    with pytest.raises(UsageError):
        people.release("other", who="x")
    with pytest.raises(UsageError, match="not both"):
        people.release("demo", who="x", section="a", student="ada")
