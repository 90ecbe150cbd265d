"""The fork server as the trusted side uses it: a real zygote, real jailed children."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import GraderFault, SandboxUnavailable
from grader.sandbox.host.fork_server import ForkServerLauncher
from grader.sandbox.host.forked_worker import ForkedWorker, _breach_of, cpu_limit_s
from grader.sandbox.host.launch import Limits
from grader.sandbox.host.session import Session
from grader.sandbox.host.zygote_link import Level
from grader.sandbox.linux import syscalls
from grader.submission.program import Part, Program

LIMITS = Limits(call_s=5.0, total_s=30.0)
LEVELS: tuple[Level, ...] = ("full", "landlock")


def start(level: Level, *, ahead: bool = True) -> ForkServerLauncher:
    try:
        return ForkServerLauncher(level, ahead=ahead)
    except SandboxUnavailable as exc:
        pytest.skip(f"{level} is not available here: {exc}")


@pytest.fixture(scope="module", params=LEVELS)
def launcher(request: pytest.FixtureRequest) -> Iterator[ForkServerLauncher]:
    with start(request.param) as launcher:
        yield launcher


@pytest.fixture
def own(request: pytest.FixtureRequest) -> Iterator[ForkServerLauncher]:
    """One that the test may break."""
    with start("full") as launcher:
        yield launcher


def program(source: str) -> Program:
    return Program("demo", (Part("demo.py", "demo.py", source.encode()),))


def answer(launcher: ForkServerLauncher, source: str = "def f(x):\n    return x + 1\n") -> object:
    session = Session(launcher, LIMITS)
    try:
        session.load(program(source))
        return session.call("f", [((1,), {})], None).values[0]
    finally:
        session.close()


def end(worker: ForkedWorker) -> None:
    worker.discard()


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_worker_answers(launcher: ForkServerLauncher) -> None:
    assert answer(launcher) == 2


def test_several_live_at_once(launcher: ForkServerLauncher) -> None:
    sessions = [Session(launcher, LIMITS) for _ in range(5)]
    for number, session in enumerate(sessions):
        session.load(program(f"def f():\n    return {number}\n"))
    assert [s.call("f", [((), {})], None).values for s in sessions] == [[n] for n in range(5)]
    for session in reversed(sessions):
        session.close()


def test_a_worker_is_the_first_to_go_when_memory_ends(launcher: ForkServerLauncher) -> None:
    worker = launcher.launch(LIMITS)
    assert Path(f"/proc/{worker.host_pid()}/oom_score_adj").read_text() == "1000\n"
    end(worker)


def test_other_limits_do_not_take_the_child_that_waits(launcher: ForkServerLauncher) -> None:
    source = "import resource\ndef f(x):\n    return resource.getrlimit(resource.RLIMIT_FSIZE)[0]\n"
    for disk_mb in (16, 16, 4, 16, 4, 4, 4):
        session = Session(launcher, Limits(disk_mb=disk_mb))
        session.load(program(source))
        assert session.call("f", [((1,), {})], None).values == [disk_mb << 20]
        session.close()


def test_a_child_that_died_waiting_is_not_handed_out(launcher: ForkServerLauncher) -> None:
    for _ in range(3):
        assert answer(launcher) == 2
    spare = launcher._spare
    assert spare is not None
    spare.wait_ready()
    syscalls.pidfd_kill(spare._pidfd)
    time.sleep(0.1)
    assert answer(launcher) == 2
    assert launcher.restarts == 0


def test_threads_share_a_launcher(launcher: ForkServerLauncher) -> None:
    found: list[object] = []

    def work() -> None:
        for _ in range(5):
            found.append(answer(launcher))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2] * 20


def test_kill_says_how_it_ended(launcher: ForkServerLauncher) -> None:
    session = Session(launcher, LIMITS)
    session.load(program("import os\ndef f():\n    os._exit(7)\n"))
    ended = session.close()
    assert os.WTERMSIG(ended.status) == signal.SIGKILL
    assert (ended.breach, ended == session.close()) == ("", True)
    assert 0 < ended.cpu_s < 5
    assert ended.max_rss_kb > 10_000

    worker = launcher.launch(LIMITS)
    worker.rpc.close()  # its end makes the worker's loop return
    ended = worker.kill(grace_s=5.0)
    assert (os.WIFEXITED(ended.status), os.WEXITSTATUS(ended.status)) == (True, 0)
    os.close(worker.stdout_fd)
    os.close(worker.stderr_fd)


KILLED, LEFT = int(signal.SIGKILL), 0
# (status, share of the CPU limit, ended by itself) -> the limit that was reached. The kernel's
# count runs ahead of the exact one, but it kills by its own count alone.
ENDS = {
    (KILLED, 0.49, True): "",  # by somebody else, as where the machine's memory is short
    (KILLED, 0.5, True): "cpu",
    (KILLED, 1.2, True): "cpu",
    (KILLED, 0.94, False): "",  # killed from here, for another reason
    (KILLED, 0.95, False): "cpu",
    (LEFT, 0.94, True): "",
    (LEFT, 0.95, True): "cpu",
    (int(signal.SIGSEGV), 0.94, True): "",
    (int(signal.SIGSYS), 1.0, True): "filter",
}


@pytest.mark.parametrize(("status", "share", "by_itself"), ENDS)
def test_the_cpu_limit_is_told_from_how_a_child_ended(
    status: int, share: float, by_itself: bool
) -> None:
    limits = Limits(total_s=9.0)
    cpu_s = share * cpu_limit_s(limits)
    told = {"status": status, "cpu_s": cpu_s, "max_rss_kb": 40_000, "refused": False}
    expected = ENDS[status, share, by_itself]
    assert _breach_of(told, limits, by_itself=by_itself) == expected
    short = told | {"refused": True}  # a refused allocation explains an end that nothing else does
    assert _breach_of(short, limits, by_itself=by_itself) == (expected or "memory")
    assert _breach_of(told | {"killed": True}, limits, by_itself=by_itself) == "filter"


def test_files_may_not_lead_out_of_their_folder(launcher: ForkServerLauncher) -> None:
    if launcher.isolation == "full":
        pytest.skip("the child lays its own files, in its own jail")
    worker = launcher.launch(LIMITS)
    for name in ("../x.py", "/tmp/x.py", "a/../../x.py"):
        with pytest.raises(GraderFault, match="leads out"):
            worker.place({name: b""})
    assert worker.place({"a/b/c.txt": b"x", "d.py": b""}) == {}
    end(worker)


def test_nothing_stays_open(launcher: ForkServerLauncher) -> None:
    # Those of the next child, which is forked ahead, come sooner or later: not at each look.
    for _ in range(3):
        answer(launcher)
    first = []
    for _ in range(5):
        answer(launcher)
        first.append(open_descriptors())
    before = max(first)
    for _ in range(20):
        answer(launcher)
    looks = []
    while before not in looks and len(looks) < 20:
        answer(launcher)
        looks.append(open_descriptors())
    assert min(looks) <= before, looks


def test_no_breach_is_seen_without_one(launcher: ForkServerLauncher) -> None:
    worker = launcher.launch(LIMITS)
    assert worker.breaches() == frozenset()
    end(worker)
    assert worker.breaches() == frozenset()


def test_a_zygote_that_dies_at_every_start_is_a_fault_of_ours(
    own: ForkServerLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = own._ask_for

    def ask_and_kill(*args: object) -> ForkedWorker:
        os.kill(own.zygote_pid, signal.SIGKILL)
        time.sleep(0.2)
        return ask(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(own, "_ask_for", ask_and_kill)
    with pytest.raises(GraderFault, match="died twice"):
        own.launch(LIMITS)


def test_workers_of_a_closed_launcher_end(own: ForkServerLauncher) -> None:
    worker = own.launch(LIMITS)
    own.close()
    own.close()
    assert worker.kill().status in (-1, signal.SIGKILL)
    end(worker)


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "matplotlib" else find(name)
    )
    with pytest.raises(SandboxUnavailable, match="matplotlib is not installed"):
        ForkServerLauncher("full")


def test_a_python_that_cannot_start_is_said() -> None:
    with pytest.raises(SandboxUnavailable, match="the fork server did not start"):
        ForkServerLauncher("full", _python="/bin/false")


def test_the_environment_switches_no_layer_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRADER_WITHOUT", "GRADER_UNSAFE", "PYTHONPATH", "LD_PRELOAD", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "seccomp")
    with start("full") as launcher:
        assert answer(launcher, "import os\ndef f(x):\n    return sorted(os.environ)\n") == [
            *("HOME", "LANG", "MPLBACKEND", "NPROC", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
            *("PATH", "TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS", "TMPDIR"),
        ]


def test_an_unknown_layer_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match="no such layer: walls"):
        ForkServerLauncher("full", _without=frozenset({"walls"}))


def test_the_backstop_is_behind_the_deadline() -> None:
    assert cpu_limit_s(Limits(total_s=2.5)) == 4
