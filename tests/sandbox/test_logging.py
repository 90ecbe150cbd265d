"""The log: what it says of the sandbox, what it never says, and that it changes nothing."""

from __future__ import annotations

import logging
import platform
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import DEMO_RIGHT, grade_class, options_of, write_course, write_files
from running import ROOT, Ran, clean_environment, run_grader

from grader.errors import Refused, SandboxUnavailable
from grader.sandbox.host.fork_server import ForkServerLauncher
from grader.sandbox.host.launch import Limits
from grader.sandbox.host.session import Session
from grader.sandbox.host.zygote_link import Level
from grader.sandbox.linux import seccomp
from grader.submission.program import Part, Program

needs_sandbox = pytest.mark.skipif(
    platform.system() != "Linux" or seccomp.missing() is not None, reason="only Linux has a sandbox"
)

LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?P<pid>\d+) (?P<level>[A-Z]+) +"
    r"(?P<logger>grader\.[a-z.]+): (?P<text>.*)"
)

# Two functions that work, and try what is refused while they do.
MEDDLING = '''\
import os
import socket

import numpy as np


def double(x):
    """Twice x."""
    for _ in range(3):
        try:
            socket.socket()
        except OSError:
            pass
    return 2 * x


def total(x):
    """The sum of x."""
    try:
        os.fork()
    except OSError:
        pass
    return float(np.sum(x))
'''

# Says aloud all that it is given.
TALKING = '''\
import sys


def double(x):
    """Twice x."""
    print("double of", *x)
    print("double of", *x, file=sys.stderr, flush=True)
    return 2 * x


def total(x):
    """The sum of x."""
    print("total of", *x)
    raise ValueError(" ".join(map(str, x)))
'''


def lines(path: Path) -> list[re.Match[str]]:
    """A log, every line of which must have the form."""
    found = [LINE.fullmatch(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert found
    assert None not in found, path.read_text(encoding="utf-8")
    return [line for line in found if line is not None]


def texts(log: list[re.Match[str]], logger: str) -> list[str]:
    return [line["text"] for line in log if line["logger"] == f"grader.{logger}"]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> list[re.Match[str]]:
    """What two grading processes wrote of a class in which one submission meddles."""
    options_of("isolated")  # skips where there is no sandbox
    folder = tmp_path_factory.mktemp("log")
    for name in ("ada", "bob"):
        write_files(folder / "subs" / name, {"demo.py": DEMO_RIGHT})
    write_files(folder / "subs" / "eve", {"demo.py": MEDDLING})
    command = ("--log", folder / "log", "grade", folder / "subs", "--out", folder / "out")
    course = write_course(folder / "course")
    ran = run_grader(*command, "--jobs", 2, cwd=course, GRADER_LOG="debug")
    assert ran.code == 0, ran.err
    assert ran.err == ""
    return lines(folder / "log")


@needs_sandbox
def test_boot_jail_frames_and_ends_are_in_the_log(log: list[re.Match[str]]) -> None:
    boot = texts(log, "sandbox.boot")
    assert any(text.startswith("level full: starting the fork server") for text in boot)
    assert sum(re.fullmatch(r" *\d+\.\d ms  imports", text) is not None for text in boot) == 2
    # For three submissions it does not pay, in neither process.
    assert not [text for text in boot if "rehearsal" in text or "made ready for forks" in text]
    assert any(text.endswith("canary: every attempt to break out failed") for text in boot)

    jail = texts(log, "sandbox.jail")
    for step in ("resource limits", "ids and capabilities", "no new privileges", "Landlock"):
        assert any(re.fullmatch(rf"worker \d+: +\d+\.\d\d ms  {step}", text) for text in jail), step
    assert any(text.endswith("ready: the system call filter is closed") for text in jail)

    form = re.compile(
        r"(to|from) worker: frame ([0-9a-f]{14}), (load|call), \d+ bytes \(worker \d+\)"
    )
    frames = [form.fullmatch(text) for text in texts(log, "sandbox.wire")]
    asked = [frame[2] for frame in frames if frame is not None and frame[1] == "to"]
    answered = [frame[2] for frame in frames if frame is not None and frame[1] == "from"]
    assert None not in frames
    assert len(asked) >= 12
    assert sorted(asked) == sorted(answered)

    ends = [text for text in texts(log, "sandbox.session") if ": ended: " in text]
    assert len(ends) == 3
    assert all("ended: closed; signal SIGKILL, " in text for text in ends)


@needs_sandbox
def test_each_process_that_grades_writes_to_the_same_file(log: list[re.Match[str]]) -> None:
    started = [re.fullmatch(r"runner (\d+) started", text) for text in texts(log, "batch.local")]
    runners = {found[1] for found in started if found is not None}
    assert len(runners) == 2
    booted = {line["pid"] for line in log if "level full: ready after" in line["text"]}
    # The first runner has taken over the one that the command itself started.
    assert len(booted) == 2
    assert len(runners & booted) == 1
    assert sorted(booted) == sorted(
        line["pid"] for line in log if "canary: every attempt" in line["text"]
    )
    graded = {line["pid"] for line in log if "demo: ada: " in line["text"]}
    assert graded <= runners


@needs_sandbox
def test_the_log_names_the_refused_system_calls(log: list[re.Match[str]]) -> None:
    said = texts(log, "sandbox.session")
    number = seccomp.number_of("socket")
    assert any(
        text.endswith(f"refused: system call {number} (socket): EPERM, 3 times") for text in said
    )
    assert any(re.search(r"refused: system call \d+ \((clone|fork)\): EPERM$", t) for t in said)
    meddling = {text.split(":")[0] for text in said if "refused" in text}
    assert len(meddling) == 1  # no other worker made any such call


@needs_sandbox
def test_what_only_staff_may_know_is_never_in_the_log(course: Path, tmp_path: Path) -> None:
    options_of("isolated")
    write_files(tmp_path / "subs" / "eve", {"demo.py": TALKING})
    graded = grade_class(
        course, tmp_path / "subs", tmp_path / "out",
        isolation="isolated", GRADER_LOG="debug", GRADER_KEY="f" * 63 + "0",
    )  # fmt: skip
    log = graded.ran.err
    assert "grader.sandbox.wire: from worker: frame" in log
    staff = graded["eve"].staff
    secrets = set(re.findall(r"\d\.\d{3,}", str(graded["eve"]) + str(staff.stdout_tail)))
    assert len(secrets) > 8  # the inputs of the hidden checks, as the code printed and raised them
    assert [secret for secret in {*secrets, "f" * 63, staff.seed} if secret in log] == []
    assert "double of" not in log


@needs_sandbox
def test_without_debug_the_log_has_no_frames_and_the_filter_is_the_ordinary_one(
    course: Path, tmp_path: Path
) -> None:
    options_of("isolated")
    write_files(tmp_path / "subs" / "eve", {"demo.py": MEDDLING})
    command = ("--log", tmp_path / "log", "grade", tmp_path / "subs", "--out", tmp_path / "out")
    assert run_grader(*command, "--jobs", 1, cwd=course).code == 0
    log = lines(tmp_path / "log")
    assert {line["level"] for line in log} == {"INFO"}
    assert all("diagnosis off" in text for text in texts(log, "sandbox.boot") if "starting" in text)
    assert texts(log, "engine.runner")[0] == "demo: eve: 4 checks"
    assert texts(log, "sandbox.wire") == texts(log, "sandbox.jail") == []
    assert "refused" not in " ".join(texts(log, "sandbox.session"))


def test_nothing_is_written_where_nobody_asks(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    before = {path for path in demo_folder.parents[1].rglob("*") if "__pycache__" not in str(path)}
    ran = run_grader("check", cwd=demo_folder)
    after = {path for path in demo_folder.parents[1].rglob("*") if "__pycache__" not in str(path)}
    assert (ran.code, ran.err) == (0, "")
    assert [path for path in after - before if "log" in path.name] == []


def test_a_student_can_log_too(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    quiet = run_grader("check", cwd=demo_folder)
    ran = run_grader("check", cwd=demo_folder, GRADER_LOG="debug")
    assert (ran.code, ran.out) == (quiet.code, quiet.out)
    assert "grader.sandbox.session: process " in ran.err
    assert all(LINE.fullmatch(line) for line in ran.err.splitlines())


@pytest.mark.parametrize("isolation_level", ["verbose", "debug2"])
def test_an_unknown_level_is_wrong_use(course: Path, isolation_level: str) -> None:
    ran = run_grader("list", cwd=course, GRADER_LOG=isolation_level)
    assert ran.code == 2
    assert ran.err == f"grader: GRADER_LOG={isolation_level}: give info or debug\n"


def test_a_file_that_cannot_be_written_is_wrong_use(course: Path) -> None:
    ran = run_grader("--log", "nowhere/log", "list", cwd=course)
    assert ran.code == 2
    assert ran.err.endswith("nowhere/log: cannot write the log: No such file or directory\n")


def test_no_name_can_forge_a_line(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from grader._internal import log\n"
        "log.start(log.Setting('info', Path(sys.argv[1])))\n"
        "log.logger('engine.runner').info('%s: 4 checks', 'eve\\n2026 \\x1b[2J\\r\\u202e\\udce9')\n"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "log"], check=True, cwd=ROOT)
    (line,) = lines(tmp_path / "log")
    assert line["text"] == r"eve\n2026 \x1b[2J\r\u202e\udce9: 4 checks"


# Where a kernel or a container refuses a call that the jail needs.
POORER = """
import runpy, sys
from grader.sandbox.linux import seccomp, syscalls
syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
seccomp.load(seccomp._export([seccomp.Rule(seccomp.REFUSE, sys.argv[1])], seccomp.ALLOW, None))
sys.argv = ["grader", *sys.argv[2:]]
runpy.run_module("grader", run_name="__main__")
"""


def without(call: str, *args: str, cwd: Path) -> Ran:
    """A command on a machine that refuses a system call."""
    command = [sys.executable, "-c", POORER, call, *args]
    env = clean_environment(GRADER_LOG="debug")
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120)
    return Ran(done.returncode, done.stdout, done.stderr)


@needs_sandbox
def test_the_log_shows_at_which_step_a_level_fails(course: Path, tmp_path: Path) -> None:
    options_of("isolated")
    path = tmp_path / "log"
    without("unshare", "--log", str(path), "doctor", cwd=course)
    boot = texts(lines(path), "sandbox.boot")
    (failed,) = [at for at, text in enumerate(boot) if "level full: " in text and "EPERM" in text]
    assert "the step after that failed: unshare: EPERM" in boot[failed]
    assert "rehearsal" in boot[failed - 1] or re.search(r"user \d+$", boot[failed - 1])
    assert "level landlock: starting" in boot[failed + 1]
    for step in ("imports", "rehearsal: a few calls and a figure", "memory made ready for forks"):
        assert any(re.fullmatch(rf" *\d+\.\d ms  {step}", text) for text in boot[failed:]), step


# Makes system calls by number without arguments and says what the kernel answered.
CALLING = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def errors(numbers):
    found = []
    for number in numbers:
        ctypes.set_errno(0)
        result = libc.syscall(int(number), 0, 0, 0, 0, 0, 0)
        found.append(ctypes.get_errno() if result == -1 else 0)
    return found
def allocate(size):
    return len(bytearray(size))
"""


def log_level(level: int) -> Iterator[None]:
    logger = logging.getLogger("grader")
    before = logger.level
    logger.setLevel(level)
    yield
    logger.setLevel(before)


@pytest.fixture
def informing() -> Iterator[None]:
    """As GRADER_LOG=info has it."""
    yield from log_level(logging.INFO)


@pytest.fixture
def diagnosing() -> Iterator[None]:
    """The sandbox says what it refuses, as GRADER_LOG=debug has it."""
    yield from log_level(logging.DEBUG)


def started(level: Level) -> ForkServerLauncher:
    try:
        return ForkServerLauncher(level)
    except SandboxUnavailable as exc:
        pytest.skip(f"{level} is not available here: {exc}")


# Calls getpid by the number that it has for programs of 32 bits: int 0x80 on x86.
OTHER_DOOR = """
import ctypes, mmap
def f():
    code = mmap.mmap(-1, 4096, prot=7)
    code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20; int 0x80; ret
    here = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return ctypes.CFUNCTYPE(ctypes.c_int)(here)()
"""


@needs_sandbox
@pytest.mark.parametrize("level", ["full", "landlock"])
def test_a_call_that_kills_is_named(
    level: Level, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    if platform.machine() != "x86_64":
        pytest.skip("int 0x80 is of x86")
    refused = []
    for fixture in ("informing", "diagnosing"):
        request.getfixturevalue(fixture)
        caplog.clear()
        with started(level) as launcher:
            session = Session(launcher, Limits())
            session.load(Program("demo", (Part("demo.py", "demo.py", OTHER_DOOR.encode()),)))
            with pytest.raises(Refused) as caught:
                session.call("f", [((), {})], None)
            refused.append(str(caught.value))
        said = [r.getMessage() for r in caplog.records if r.name == "grader.sandbox.session"]
        expected = {
            "informing": "worker 1: killed for a system call through another architecture's door"
            " (x32, int 0x80); GRADER_LOG=debug names it",
            "diagnosing": "worker 1: refused: system call 20 (getpid): killed for it",
        }
        assert said[-2] == expected[fixture]
    assert refused[0] == refused[1]


def errors_of(level: Level, numbers: list[int]) -> list[int]:
    with started(level) as launcher:
        session = Session(launcher, Limits(memory_mb=256))
        try:
            session.load(Program("demo", (Part("demo.py", "demo.py", CALLING.encode()),)))
            values = session.call("errors", [((numbers,), {})], None).values
            assert session.call("allocate", [((100 << 20,), {})], None).values == [100 << 20]
            with pytest.raises(Exception, match="more than 256 MB of memory"):
                session.call("allocate", [((1 << 30,), {})], None)
        finally:
            session.close()
    errors: list[int] = values[0]
    return errors


@needs_sandbox
@pytest.mark.parametrize("level", ["full", "landlock"])
def test_a_diagnosis_refuses_what_is_refused_otherwise(
    level: Level, request: pytest.FixtureRequest
) -> None:
    """Every call that no list allows, and every number that there may be later."""
    allowed = {*seccomp.ALLOWED, *seccomp.ALLOWED_ON_READ_ONLY_MOUNTS}
    conditional = {rule.name for rule in seccomp.conditional_rules()}
    passed = {seccomp.number_of(name) for name in allowed | (conditional - {"clone", "clone3"})}
    passed |= {335, 336}  # of x86-64: uprobes, which newer kernels let no filter see
    numbers = [number for number in [*range(600), 5000, -1] if number not in passed]
    ordinary = errors_of(level, numbers)
    request.getfixturevalue("diagnosing")
    assert errors_of(level, numbers) == ordinary
    assert set(ordinary) == {1, 38}  # EPERM, ENOSYS


@needs_sandbox
@pytest.mark.usefixtures("diagnosing")
@pytest.mark.parametrize("level", ["full", "landlock"])
def test_a_diagnosis_leaves_a_submission_no_descriptor(level: Level) -> None:
    source = (
        "import os\n"
        "def f():\n"
        "    return [fd for fd in range(64) if not is_closed(fd)]\n"
        "def is_closed(fd):\n"
        "    try:\n"
        "        os.fstat(fd)\n"
        "    except OSError:\n"
        "        return True\n"
    )
    with started(level) as launcher:
        session = Session(launcher, Limits())
        try:
            session.load(Program("demo", (Part("demo.py", "demo.py", source.encode()),)))
            assert session.call("f", [((), {})], None).values == [[0, 1, 2, 3]]
        finally:
            session.close()


def test_the_document_names_every_logger() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "grader").rglob("*.py")]
    used = {
        name for source in sources for name in re.findall(r'log\.logger\("([a-z._]+)"\)', source)
    }
    table = (ROOT / "docs" / "SANDBOX-DEBUGGING.md").read_text(encoding="utf-8")
    assert {f"grader.{name}" for name in used} == set(
        re.findall(r"^\| `(grader\.\S+)`", table, re.M)
    )
    assert "sandbox.wire" in used
