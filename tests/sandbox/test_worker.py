"""One worker and what stands before it: real processes, honest ones and ones that forge."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.engine.objects import RemoteObject, StudentProxy
from grader.engine.proxy import Subject
from grader.errors import (
    Blocked,
    CheckFailed,
    Crashed,
    NotAttempted,
    OverLimit,
    Refused,
    StudentFault,
    StudentRaised,
    TimedOut,
)
from grader.sandbox.host.launch import Exit, Limits, PlainLauncher
from grader.submission.program import Part, Program

LIMITS = Limits(call_s=5, load_s=20, total_s=60, output_mb=1, reply_mb=1)

Start = Callable[..., StudentProxy]


@pytest.fixture
def start() -> Iterator[Start]:
    """Makes `student` of a source, with limits by name."""
    subjects: list[Subject] = []

    def begin(source: str, *, parts: list[str] | None = None, **limits: Any) -> StudentProxy:
        pieces = parts or [source]
        program = Program(
            "demo",
            tuple(
                Part(f"part {number}", f"part {number}", piece.encode())
                for number, piece in enumerate(pieces, start=1)
            ),
        )
        functions = {"f": ("a", "b")}
        used = Limits(**{**vars(LIMITS), **limits})
        subjects.append(Subject(program, PlainLauncher(), used, functions))
        return StudentProxy(subjects[-1])

    yield begin
    for subject in subjects:
        subject.close()


def warnings_of(student: StudentProxy) -> list[str]:
    return student._subject.warnings


def test_values_keywords_and_many_calls(start: Start) -> None:
    student = start("def f(a, b=1, *, c=0):\n    return [a, b, c]")
    assert student.f(1, c=3) == [1, 1, 3]
    assert student.f.map([(1,), (2, 3)]) == [[1, 1, 0], [2, 3, 0]]
    assert student.f.map([]) == []


def test_each_call_gets_its_own_copies(start: Start) -> None:
    student = start("def f(a, b):\n    a += 1\n    return b")
    x = np.zeros(3)
    assert student.f(x, x).tolist() == [0, 0, 0]
    assert [row.tolist() for row in student.f.map([(x, x), (x, x)])] == [[0, 0, 0], [0, 0, 0]]
    assert x.tolist() == [0, 0, 0]
    assert warnings_of(student) == [
        "`f` changed its argument a in place (part 1, line 2: a += 1); work on a copy: `a.copy()`"
    ]


def test_returned_argument_is_not_a_change(start: Start) -> None:
    student = start("def f(a, b=None):\n    return a")
    assert student.f([1, np.zeros(2)])[0] == 1
    assert warnings_of(student) == []


def test_state_is_kept_between_calls(start: Start) -> None:
    student = start("n = [0]\ndef f():\n    n[0] += 1\n    return n[0]")
    assert [student.f(), student.f()] == [1, 2]


def test_objects_stay_in_the_worker(start: Start) -> None:
    source = "class Box:\n    def __init__(self, n):\n        self.n = n\n"
    source += "    def add(self, m):\n        self.n += m\n        return self.n\n"
    source += "def f(box):\n    return type(box).__name__, box.n\n"
    student = start(source)
    box = student.Box(3)
    assert isinstance(box, RemoteObject)
    assert (box.type_name, box.add(2), box.add(2)) == ("Box", 5, 7)
    assert student.f(box) == ["Box", 7]


def test_generators_are_repeatable(start: Start) -> None:
    source = (
        "import random\nimport numpy as np\ndef f():\n    return random.random(), np.random.rand()"
    )
    first, second = start(source).f(), start(source).f()
    assert first[0] == second[0]
    assert first[1] == second[1]


def test_libraries_find_no_ipython(start: Start) -> None:
    # jax, rich and others import IPython where the name is there; the student never asked for it.
    student = start(
        "import numpy\n"
        "asks = 'def asks():\\n    try:\\n        get_ipython()\\n"
        "    except NameError:\\n        return False\\n    return True'\n"
        "library, own = {}, {}\n"
        "exec(compile(asks, numpy.__file__, 'exec'), library)\n"
        "exec(asks, own)\n"
        "def f(): return [library['asks'](), own['asks']()]\n"
        "def g(): return get_ipython() is not None\n"
    )
    assert student.f() == [False, True]
    assert student.g()


def test_secret_key_does_not_reach_the_worker(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_KEY", "the staff's secret")
    student = start("import os\ndef f():\n    return 'GRADER_KEY' in os.environ")
    assert student.f() is False


def test_python_of_the_folder_one_stands_in_is_not_loaded(
    start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit('planted')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('planted')")
    monkeypatch.chdir(tmp_path)
    assert start("def f():\n    return 1").f() == 1


# Faults


def test_raised_error_holds_the_students_frames_alone(start: Start) -> None:
    student = start("def g(x):\n    return [][x]\n\ndef f(x):\n    return g(x)\n")
    with pytest.raises(StudentRaised) as caught:
        student.f(5)
    *shown, hint = str(caught.value).splitlines()
    assert shown == [
        "IndexError: list index out of range",
        "  part 1, line 5, in f: return g(x)",
        "  part 1, line 2, in g: return [][x]",
    ]
    assert hint.startswith("  hint:")


def test_error_deep_inside_numpy_shows_where_the_student_called_it(start: Start) -> None:
    student = start("import numpy as np\ndef f():\n    return np.linalg.inv(np.zeros((2, 2)))\n")
    with pytest.raises(StudentRaised, match="Singular") as caught:
        student.f()
    assert "site-packages" not in str(caught.value)
    assert "part 1, line 3" in str(caught.value)


def test_endless_recursion_is_an_error(start: Start) -> None:
    student = start("def f(x):\n    return f(x)")
    with pytest.raises(StudentRaised, match="RecursionError"):
        student.f(1)


@pytest.mark.parametrize("how", ["SystemExit(0)", "KeyboardInterrupt", "GeneratorExit", "Exit()"])
def test_leaving_the_program_is_an_error_like_any_other(start: Start, how: str) -> None:
    student = start(
        f"class Exit(BaseException): pass\ndef f():\n    raise {how}\ndef g(): return 7"
    )
    with pytest.raises(StudentRaised):
        student.f()
    assert student.g() == 7


def test_stub_and_what_calls_it(start: Start) -> None:
    source = "def f():\n    raise NotImplementedError\ndef g():\n    return f()\n"
    source += "def h():\n    raise NotImplementedError('only squares')\n"
    student = start(source)
    with pytest.raises(NotAttempted, match="`f` is not written yet"):
        student.f()
    with pytest.raises(Blocked, match="`g` calls `f`, which is not written yet"):
        student.g()


def test_missing_function_suggests_the_nearest_name(start: Start) -> None:
    student = start("def softmaks(x):\n    return x")
    with pytest.raises(StudentRaised, match=r"no `softmax`.*did you call it `softmaks`\?"):
        student.softmax(1)


def test_endless_loop_costs_one_call_and_then_is_not_run_again(start: Start) -> None:
    student = start("def f():\n    while True: pass\ndef g():\n    return 7", call_s=0.3)
    for _ in range(2):
        with pytest.raises(TimedOut, match=r"`f` was still running after 0.3 s"):
            student.f()
        assert student.g() == 7
    sent = student._subject.calls
    with pytest.raises(TimedOut, match="twice before"):
        student.f()
    assert student._subject.calls == sent
    assert student.g() == 7


def test_total_time_is_limited(start: Start) -> None:
    student = start("import time\ndef f(n):\n    time.sleep(n)", call_s=5, total_s=1.5)
    with pytest.raises(TimedOut, match=r"used up its 1.5 s"):
        student.f(4)
    with pytest.raises(TimedOut, match="in all"):
        student.f(0)


def test_loop_that_catches_everything_ends_at_the_limit_of_loading(start: Start) -> None:
    source = "def spin():\n    while True: pass\n"
    source += "while True:\n    try: spin()\n    except BaseException: pass\n"
    student = start(source, call_s=0.2, load_s=1)
    with pytest.raises(TimedOut, match="loading the submission"):
        student.f()


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("os._exit(0)", "exit code 0"),
        ("os._exit(3)", "exit code 3"),
        ("os.abort()", "SIGABRT"),
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
        ("os.kill(os.getpid(), 40)", "signal 40"),
        ("ctypes.string_at(0)", "SIGSEGV"),
        ("os.closerange(0, 99)", "ended"),
        ("os.write(2, b'cannot go on\\n'); os._exit(1)", "cannot go on"),
    ],
)
def test_process_that_ends_costs_its_call_and_says_how(start: Start, how: str, told: str) -> None:
    student = start(f"import ctypes, os\ndef f():\n    {how}\ndef g():\n    return 7")
    with pytest.raises(Crashed, match=told):
        student.f()
    assert student.g() == 7


def test_process_that_ends_while_loading_is_a_crash_of_every_check(start: Start) -> None:
    student = start("import os\ndef f():\n    return 1\nos._exit(0)\n")
    for _ in range(2):
        with pytest.raises(Crashed, match="loading the submission"):
            student.f()


def test_flood_of_output_is_over_a_limit(start: Start) -> None:
    student = start("def f():\n    while True: print('x' * 100000)\ndef g():\n    return 7")
    with pytest.raises(OverLimit, match="printed more than 1 MB"):
        student.f()
    assert student.g() == 7


def test_output_of_a_call_that_was_stopped_is_left_out(start: Start) -> None:
    # How far it came depends on the clock, and the rest of a report does not.
    source = "def f(loop):\n    print('before')\n    while loop: print('again')\n"
    for fault, limits in ((TimedOut, {"call_s": 0.3, "output_mb": 900}), (OverLimit, {})):
        student = start(source, **limits)
        student.f(False)
        with pytest.raises(fault):
            student.f(True)
        student.f(False)
        left_out = "[what the call that was stopped printed is left out]\n"
        assert student._subject.output() == f"before\n{left_out}before\n"


def test_output_counts_to_the_call_that_printed_it(start: Start) -> None:
    student = start("import os\ndef f():\n    os.write(1, b'x' * 60_000)\n    return 7")
    for _ in range(17):
        assert student.f() == 7
    with pytest.raises(OverLimit):
        student.f()


def test_flood_from_a_thread_does_not_block_the_answer(start: Start) -> None:
    source = "import os, threading, time\ndef flood():\n    while True:\n"
    source += "        os.write(1, b'x' * 4096); time.sleep(0.001)\n"
    source += "threading.Thread(target=flood, daemon=True).start()\ndef f():\n    return 7"
    assert start(source, output_mb=64).f() == 7


def test_only_the_tail_of_output_is_kept(start: Start) -> None:
    student = start("def f():\n    print('a' * 50000 + 'end')\n    return 1")
    student.f()
    assert student._subject.output().endswith("aend\n")
    assert len(student._subject.output()) == 0


def test_answer_that_is_too_large_is_over_a_limit(start: Start) -> None:
    student = start(
        "import numpy as np\ndef f():\n    return np.zeros(10**6)\ndef g():\n    return 7"
    )
    with pytest.raises(OverLimit, match="at most 1 MB"):
        student.f()
    assert student.g() == 7


def test_message_larger_than_any_buffer_arrives(start: Start) -> None:
    student = start("def f(x):\n    return x.sum()", reply_mb=64)
    assert student.f(np.ones(2_000_000)) == 2e6


def test_slow_parts_share_the_time_for_loading(start: Start) -> None:
    slow = ["while True: pass"] * 8
    parts = [*slow, "def f():\n    return 1", *slow, "def g():\n    return 2"]
    student = start("", parts=parts, call_s=0.8, load_s=5)
    assert (student.f(), student.g()) == (1, 2)
    warned = warnings_of(student)
    assert warned[0] == "part 1, line 1: TooSlow: still running after 0.8 s"
    assert warned[-1].endswith("still running, and loading has taken long before it")
    assert len(warned) == 16


def test_syntax_error_in_one_part_of_several_costs_that_part(start: Start) -> None:
    student = start("", parts=["def f():\n    return 1", "def g(:", "def h():\n    return 3"])
    assert (student.f(), student.h()) == (1, 3)
    assert any("part 2, line 1: SyntaxError" in text for text in warnings_of(student))


def test_null_byte_and_bad_encoding_are_syntax_errors(start: Start) -> None:
    for source in ("x = '\0'", "# -*- coding: klingon -*-\n"):
        with pytest.raises(StudentRaised, match="cannot be run"):
            start(source).f()


def test_no_process_and_no_folder_stays(start: Start) -> None:
    source = "import os\nimport subprocess\nimport tempfile\n"
    source += "child = subprocess.Popen(['sleep', '60'])\n"
    source += "def f():\n    return [os.getpid(), child.pid, os.getcwd()]"
    student = start(source)
    pid, child, folder = student.f()
    student._subject.close()
    assert not os.path.exists(folder)  # noqa: PTH110
    for number in (pid, child):
        for _ in range(100):
            if not _runs(number):
                break
            time.sleep(0.02)
        assert not _runs(number)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_worker_ends_with_the_process_that_started_it() -> None:
    code = (
        "import os, sys, time\n"
        "from grader.submission.program import Part, Program\n"
        "from grader.sandbox.host.launch import Limits, PlainLauncher\n"
        "from grader.sandbox.host.session import Session\n"
        "source = b'import os, sys\\nos.write(1, str(os.getpid()).encode())\\nwhile True: pass'\n"
        "session = Session(PlainLauncher(), Limits())\n"
        "print(session._worker._process.pid, flush=True)\n"
        "session.load(Program('demo', (Part('demo.py', 'demo.py', source),)))\n"
    )
    import subprocess
    import sys

    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    time.sleep(1.0)
    assert _runs(worker)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    for _ in range(100):
        if not _runs(worker):
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("a loop of a student's runs on after the grader was killed")


# Forged answers. The student's code shares the interpreter that answers, so it can say anything.

FORGE = """\
import os, socket, stat, struct, sys, time
import numpy as np
from grader.sandbox.protocol import wire


def channel():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return socket.socket(fileno=os.dup(fd))
        except OSError:
            pass


def asked():
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"]["id"]


def endless():
    while True:
        time.sleep(60)


def send(data):
    channel().sendall(data)
    endless()


def reply(**body):
    send(wire.frame({"id": asked(), **body}))


def value(**value):
    reply(value=value)

"""

FORGERIES = {
    "nothing but zeros": "send(bytes(64))",
    "garbage": "send(b'\\x05\\0\\0\\0\\xc1\\xc1\\xc1\\xc1\\xc1')",
    "giant header": "send(b'\\xff\\xff\\xff\\xff')",
    "half a header, then silence": "send(b'\\x05\\0')",
    "half a frame, then silence": "send(b'\\x40\\0\\0\\0' + b'\\x91' * 9)",
    "deep nesting": "send(struct.pack('<I', 900000) + b'\\x91' * 900000)",
    "no dict": "send(wire.frame([1, 2]))",
    "no id": "send(wire.frame({'value': {'values': [1], 'changed': []}}))",
    "other id": "send(wire.frame({'id': 5, 'value': {'values': [1], 'changed': []}}))",
    "id that is an array": "send(wire.frame({'id': np.arange(3), 'value': 1}))",
    "id that is a bool": "send(wire.frame({'id': True, 'value': 1}))",
    "two answers": "channel().sendall(wire.frame({'id': asked(), 'value': 1}) * 2); endless()",
    "no value": "reply()",
    "value that is an array": "reply(value=np.arange(3))",
    "value without values": "value(changed=[])",
    "values that are an array": "value(values=np.arange(1), changed=[])",
    "too many values": "value(values=[1, 2], changed=[])",
    "no values": "value(values=[], changed=[])",
    "changed that is an array": "value(values=[1], changed=np.arange(2))",
    "error that is text": "reply(error='no')",
    "error that is an array": "reply(error=np.arange(3))",
    "error without anything": "reply(error={})",
    "error of arrays": "a = np.arange(3); reply(error=dict(kind=a, type=a, text=a, frames=a))",
    "error with odd frames": "reply(error=dict(kind='raised', frames=[1, [2], ['a', 1, 'b', a]]))"
    .replace("a]]", "np.arange(2)]]"),
    "error with frames that are a number": "reply(error=dict(kind='raised', frames=5))",
    "error with frames that are a dict": "reply(error=dict(kind='raised', frames={'a': 1}))",
    "kind that is a handle": "reply(error=dict(kind=wire.Handle(1, 'x')))",
    "channel closed": "channel().shutdown(socket.SHUT_RDWR); endless()",
}  # fmt: skip


@pytest.mark.parametrize("how", FORGERIES, ids=list(FORGERIES))
def test_forged_answer_is_the_students_fault(start: Start, how: str) -> None:
    student = start(f"{FORGE}def f():\n    {FORGERIES[how]}\n", call_s=0.5)
    with pytest.raises(StudentFault):
        student.f()


@pytest.mark.parametrize(
    "forgery",
    [
        "value(notes=[], defined=[])",
        "value(notes=5, defined=[], figures=[])",
        "value(notes=[5], defined=[], figures=[])",
        "value(notes=['text'], defined=[], figures=[])",
        "value(notes=[np.arange(3)], defined=[], figures=[])",
        "value(notes=[{}], defined=[], figures=[])",
        "value(notes=[[]], defined=[], figures=[])",
        "value(notes=np.arange(2), defined=[], figures=[])",
        "reply(value=np.arange(3))",
        "reply(value=None)",
        "reply(error=5)",
    ],
)
def test_forged_answer_to_loading_is_the_students_fault(start: Start, forgery: str) -> None:
    student = start(f"{FORGE}{forgery}\n", call_s=0.5, load_s=10)
    with pytest.raises(StudentFault):
        student.f()


def test_forged_lists_of_names_do_not_hold_the_grader_up(start: Start) -> None:
    forgery = "value(notes=[{}] * 20000, defined=['n' * 50] * 18000, figures=[])"
    note = "dict(part='a' * 999, line=2, type='T', text='x', source='', module=None, fatal=False)"
    student = start(f"{FORGE}{forgery.replace('{}', note, 1)}", load_s=10, call_s=0.5, reply_mb=64)
    with pytest.raises(StudentFault):
        student.f()
    assert len(warnings_of(student)) < 60


@pytest.mark.parametrize(
    "changed", ["[-1]", "[-100]", "[10**9]", "[True, 'a', None]", "[0] * 9999"]
)
def test_forged_changes_give_no_odd_warning(start: Start, changed: str) -> None:
    student = start(f"{FORGE}def f(a, b):\n    value(values=[7], changed={changed})\n")
    assert student.f(1, 2) == 7
    told = {text for text in warnings_of(student) if "imports grader" not in text}
    assert told <= {"`f` changed its argument a in place; work on a copy: `a.copy()`"}


@pytest.mark.parametrize(
    "figure",
    ["{}", "5", "'x'", "np.arange(3)", "[1]", "{'axes': 5}", "{'axes': [5]}", "{'axes': [{}]}"],
)
def test_forged_figure_is_the_students_fault(start: Start, figure: str) -> None:
    body = f"value(values=[{{'figure': {figure}, 'got': 'Figure', 'number': 1}}], changed=[])"
    student = start(f"{FORGE}def f():\n    {body}\n")
    with pytest.raises(StudentFault):
        student.f.draw()


@pytest.mark.parametrize(
    "drawn",
    ["5", "{}", "{'figure': None}", "{'figure': None, 'got': np.arange(3)}"],
)
def test_forged_drawing_is_the_students_fault(start: Start, drawn: str) -> None:
    student = start(f"{FORGE}def f():\n    value(values=[{drawn}], changed=[])\n")
    with pytest.raises((Refused, CheckFailed)):
        student.f.draw()


def test_answer_written_before_it_is_asked_for_is_refused(start: Start) -> None:
    source = FORGE + "def f():\n    channel().sendall(b'abc')\n    return 1\n"
    source += "def g():\n    import threading\n"
    source += "    threading.Timer(0.2, lambda: channel().sendall(b'abc')).start()\n    return 1\n"
    student = start(source)
    with pytest.raises(StudentFault):
        student.f()
    student = start(source)
    assert student.g() == 1
    time.sleep(0.5)
    with pytest.raises(Refused, match="without being asked"):
        student.g()


def test_forged_value_is_only_a_value(start: Start) -> None:
    # The student's code may answer in the worker's place; it gains nothing that returning lacks.
    student = start(f"{FORGE}def f():\n    value(values=[41], changed=[])\n")
    assert student.f() == 41


def test_exit_is_told_in_words() -> None:
    assert Exit(0).describe() == "exit code 0"
    assert Exit(9).describe() == "signal SIGKILL"
    assert Exit(40).describe() == "signal 40"
    assert Exit(-1).describe() == "an unknown cause"
