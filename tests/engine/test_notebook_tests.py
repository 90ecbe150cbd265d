"""Tests out of notebooks: variables of a submission, and cells that run in its process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from grader.checks import any_error_fails, variable
from grader.engine.notebook_tests import CellRunner
from grader.engine.objects import StudentProxy
from grader.engine.proxy import Subject
from grader.errors import (
    CheckFailed,
    Crashed,
    GraderFault,
    NotAttempted,
    StudentRaised,
    TimedOut,
)
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.submission.program import Part, Program

SOURCE = """
answer = 41
pair = (1, 2)
open_one = ...
class Box:
    value = 3
box = Box()
def double(x):
    return 2 * x
def stub(x):
    raise NotImplementedError
def calls_stub(x):
    return stub(x)
def loops():
    while True:
        pass
def leaves():
    import os
    os._exit(3)
def gives_none(x):
    return None
def gives_box():
    return box
"""


@contextlib.contextmanager
def subject_of(source: str = SOURCE) -> Iterator[Subject]:
    program = Program("hw", (Part("hw.py", "hw.py", source.encode()),), {})
    made = Subject(program, PlainLauncher(), Limits(call_s=1.0), {"stub": ("x",)})
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def subject() -> Iterator[Subject]:
    with subject_of() as made:
        yield made


def test_variables_travel_as_results_do(subject: Subject) -> None:
    student = StudentProxy(subject)
    assert variable(student, "answer") == 41
    assert variable(student, "pair") == [1, 2]
    assert variable(student, "box").value == 3


@pytest.mark.parametrize("name", ["missing", "open_one"])
def test_variable_that_is_not_there_is_not_attempted(subject: Subject, name: str) -> None:
    with pytest.raises(NotAttempted, match=f"`{name}` is not written yet"):
        variable(StudentProxy(subject), name)
    with pytest.raises(NotAttempted, match=f"`{name}` is not written yet"):
        CellRunner(subject)(f"{name} = {name}", needs=[name])


def test_names_of_ours_are_not_read(subject: Subject) -> None:
    with pytest.raises(GraderFault):
        variable(StudentProxy(subject), "__builtins__")


def test_cell_runs_among_the_names_of_the_submission(subject: Subject) -> None:
    run_cell = CellRunner(subject)
    run_cell("assert double(answer) == 82", needs=["double", "answer"])
    with pytest.raises(CheckFailed) as raised:
        run_cell("x = 3\nassert double(x) == 7")
    assert "the test, line 2, in <module>: assert double(x) == 7" in str(raised.value)
    with pytest.raises(CheckFailed, match="too small"):
        run_cell("assert answer > 50, 'too small'")


@pytest.mark.parametrize("call", ["stub(1)", "calls_stub(1)"])
def test_cell_that_meets_a_stub_is_not_attempted(subject: Subject, call: str) -> None:
    with pytest.raises(NotAttempted, match="is not written yet"):
        CellRunner(subject)(call)


def test_what_a_cell_raises_is_the_students_error(subject: Subject) -> None:
    with pytest.raises(StudentRaised, match="ZeroDivisionError"):
        CellRunner(subject)("1 / (answer - 41)")
    with pytest.raises(StudentRaised, match="SystemExit"):
        CellRunner(subject)("raise SystemExit")


def test_cell_that_does_not_end_is_stopped_and_the_next_one_runs() -> None:
    with subject_of() as subject:
        with pytest.raises(TimedOut):
            CellRunner(subject)("loops()")
        with pytest.raises(Crashed):
            CellRunner(subject)("leaves()")
        CellRunner(subject)("assert double(1) == 2")


def test_error_of_the_test_itself_is_the_students_failure(subject: Subject) -> None:
    subject.begin(None)
    student = StudentProxy(subject)
    told = "cannot use what the code gives: TypeError"
    with pytest.raises(CheckFailed, match=told), any_error_fails(student):
        assert student.gives_none(1) + 1 == 2
    with pytest.raises(AssertionError), any_error_fails(student):
        assert student.double(1) == 3
    with pytest.raises(NotAttempted), any_error_fails(student):
        student.stub(1)


def test_error_beside_an_object_that_stays_there_is_nobodys_failure(subject: Subject) -> None:
    """What was asked may be right, and only unable to travel."""
    subject.begin(None)
    student = StudentProxy(subject)
    with pytest.raises(TypeError), any_error_fails(student):
        assert student.gives_box() + 1 == 2
    subject.begin(None)
    with pytest.raises(CheckFailed), any_error_fails(student):
        assert student.gives_none(1) + 1 == 2
