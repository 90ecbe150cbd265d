"""What a message costs the trusted process, whatever the student's process says: it is bounded.

Held by counts: the steps that it takes to make a message do not grow with what was sent, and its
length stays below one bound. And held by the kernel: 5 s of CPU and 300 MB for a thousand of them.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from grader.engine.loading_notes import elsewhere, no_program, told
from grader.engine.outcome import classify
from grader.engine.python_errors import explain
from grader.errors import StudentFault, StudentRaised
from grader.reports.schema import Message
from grader.sandbox.protocol import answers
from grader.submission.program import Part, Program

PROGRAM = Program("demo", (Part("demo.py", "demo.py", b"def double(x):\n    return 2 * x\n"),))
LONGEST = 8000  # characters of a whole message: a summary, twelve frames, a hint
KINDS = ("TypeError", "ValueError", "NameError", "SyntaxError", "UFuncTypeError", "Wrong" * 10**6)


def text(size: int, kind: str) -> str:
    """What an exception of that kind may say, drawn out to so many characters."""
    begins = {
        "TypeError": "double() takes 1 positional argument but ",
        "ValueError": "operands could not be broadcast together with shapes (",
        "NameError": "name '",
    }
    return (begins.get(kind, "") + "1, " * size)[:size]


def raised(size: int, kind: str) -> dict[str, Any]:
    """A forged answer that tells of an exception, each of its parts so large."""
    frame = ["demo.py" * size, 3, "double" * size, "y = x\n" * size]
    return {"kind": "raised", "type": kind, "text": text(size, kind), "frames": [frame] * 40}


def note(size: int, kind: str) -> dict[str, Any]:
    """A forged note of what went wrong while loading."""
    said = text(size, kind)
    return {"part": "p" * size, "line": 10**30, "type": kind, "text": said, "source": "s\n" * size,
            "module": "m" * size, "fatal": True}  # fmt: skip


def message_of(fault: StudentFault) -> str:
    """The fault as the report has it."""
    outcome, message, _ = classify(fault)
    assert outcome == "error"
    assert isinstance(message, Message)
    return message.rendered()


def of_a_call(size: int, kind: str) -> str:
    fault = answers.fault_of(raised(size, kind), "double")
    assert isinstance(fault, StudentRaised)
    assert fault.kind is not None
    hint = explain(fault.kind, fault.said, ())
    return message_of(StudentRaised(fault.summary, traceback=fault.traceback, hint=hint))


def of_loading(size: int, kind: str) -> str:
    answer = {"notes": [note(size, kind)] * 90, "defined": ["d" * size] * 900, "figures": []}
    loaded = answers.loaded(answer)
    assert len(loaded.notes) <= answers.MAX_NOTES
    longest = max(len(told(note, ())) for note in loaded.notes)
    assert longest <= LONGEST
    whole = message_of(no_program(loaded.notes[0], ()))
    return whole + elsewhere("triple", PROGRAM, loaded.defined, {"triple"})


def of_a_missing_function(size: int, kind: str) -> str:
    said = {"kind": "missing", "text": text(size, kind), "type": "t" * size}
    return message_of(answers.fault_of(said, "double"))


def of_warnings(size: int, kind: str) -> str:
    told = answers.warned([[kind, text(size, kind), "demo.py" * size, 3, "x" * size]] * 90)
    assert len(told) <= answers.MAX_NOTES
    return str(told[0])


MESSAGES = (of_a_call, of_loading, of_a_missing_function, of_warnings)


def steps_of(make: Callable[[], str]) -> int:
    """How many functions, of Python's and of C's, are called until the message is made.

    The garbage collector waits: what others have it call (hypothesis times each collection) comes
    when it comes and is no part of the message.
    """
    count = 0

    def counting(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    make()  # what is made once, such as a compiled pattern, is made before
    gc.disable()
    sys.setprofile(counting)
    try:
        make()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


@pytest.mark.parametrize("kind", KINDS, ids=[kind[:20] for kind in KINDS])
@pytest.mark.parametrize("make", MESSAGES)
def test_a_message_is_cut_and_its_cost_does_not_grow(
    make: Callable[[int, str], str], kind: str
) -> None:
    assert 0 < len(make(10**5, kind)) <= LONGEST
    assert len(make(10**5, kind)) == len(make(10**4, kind))
    assert steps_of(lambda: make(10**5, kind)) == steps_of(lambda: make(10**4, kind))


LIMITED = """
import resource, sys
sys.path[:0] = sys.argv[1:]
import test_bounds_of_messages as messages
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + (300 << 20),) * 2)
used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
resource.setrlimit(resource.RLIMIT_CPU, (used + 5,) * 2)
made = [make(2000, kind) for make in messages.MESSAGES for kind in messages.KINDS * 42]
print(len(made))
"""


def test_a_thousand_messages_stay_within_the_kernels_limits() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *filter(None, sys.path)], capture_output=True, text=True
    )
    assert done.stdout.strip() == str(4 * 6 * 42), done.stderr[-2000:]
