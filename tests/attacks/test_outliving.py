"""Attacks on the end of a run: whatever is killed, nothing is left behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from arena import Arena, Fighter, home_of
from conftest import KINDS

BUSY = (
    "import threading\ndef burn():\n    while True: pass\n"
    "threading.Thread(target=burn, daemon=True).start()\n"
    "def attack():\n    return 1\n"
)
IDLE = "def attack():\n    return 1\n"


@pytest.fixture(params=KINDS, ids=[f"{level}-{user}" for level, user in KINDS])
def own_arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """An arena that the test may destroy."""
    level, user = request.param
    if home_of(user).reason:
        pytest.skip(home_of(user).reason)
    try:
        arena = Arena(level, user)
    except RuntimeError as exc:
        pytest.skip(f"{level} is not available to {user} here: {exc}")
    yield arena
    arena.close()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def children_of(pid: int) -> set[int]:
    """All descendants of a process."""
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(entry.parent.name)
            found |= {child} | children_of(child)
    return found


def wait_gone(pids: set[int], limit_s: float = 10.0) -> set[int]:
    """Those of `pids` that still run after `limit_s`."""
    ends = time.monotonic() + limit_s
    while time.monotonic() < ends and any(map(is_running, pids)):
        time.sleep(0.02)
    return set(filter(is_running, pids))


def mounts() -> str:
    return Path("/proc/self/mountinfo").read_text()


def fight(arena: Arena) -> list[Fighter]:
    """Two submissions at work and, where the launcher keeps one, a third that waits."""
    return [arena.open(BUSY), arena.open(IDLE), arena.open(BUSY)]


def test_a_killed_grader_leaves_nothing(own_arena: Arena) -> None:
    mounts_before = mounts()
    fight(own_arena)
    pids = children_of(own_arena.about["pid"])
    assert len(pids) >= 5  # keeper, zygote, three submissions
    own_arena.process.send_signal(signal.SIGKILL)
    own_arena.process.wait()
    assert wait_gone(pids) == set()
    assert mounts() == mounts_before
    folder = own_arena.about["folder"]
    assert bool(folder) == (own_arena.level == "landlock")
    assert not folder or not Path(folder).exists()


def test_a_closed_grader_leaves_nothing(own_arena: Arena) -> None:
    fight(own_arena)
    pids = children_of(own_arena.about["pid"])
    own_arena.close()
    assert wait_gone(pids) == set()
    folder = own_arena.about["folder"]
    assert not folder or not Path(folder).exists()


@pytest.mark.parametrize("victim", ["keeper", "zygote"])
def test_a_killed_fork_server_takes_its_children_along_and_is_replaced(
    own_arena: Arena, victim: str
) -> None:
    fighters = fight(own_arena)
    keeper = own_arena.about["keeper"]
    pids = children_of(keeper) | {keeper}
    os.kill(own_arena.about[victim], signal.SIGKILL)
    assert wait_gone(pids) == set()
    # Nobody can know what would have come: it is not the submission's fault.
    assert fighters[1].call("attack").fault == "GraderFault"
    assert own_arena.run(IDLE).value == 1
    assert own_arena.ask("about")["restarts"] == 1
    for fighter in fighters:
        fighter.close()
    assert own_arena.run(IDLE).value == 1


def test_a_fork_server_that_dies_while_a_call_runs_costs_that_call(own_arena: Arena) -> None:
    import threading

    fighter = own_arena.open("import time\ndef attack():\n    time.sleep(60)\n", call_s=20.0)
    keeper = own_arena.about["keeper"]
    timer = threading.Timer(0.3, os.kill, [keeper, signal.SIGKILL])
    timer.start()
    fought = fighter.call("attack")
    timer.join()
    assert fought.fault == "GraderFault"
    fighter.close()
    assert own_arena.run(IDLE).value == 1


def test_two_hundred_submissions_leave_nothing_open(arena: Arena) -> None:
    for _ in range(5):
        arena.run(IDLE)
    before = arena.ask("about")["descriptors"]
    running = len(children_of(arena.about["pid"]))
    for index in range(200):
        fighter = arena.open(IDLE if index % 4 else "import os\nos._exit(1)\n")
        fighter.call("attack")
        fighter.close()
    assert arena.ask("about")["descriptors"] == before
    assert len(children_of(arena.about["pid"])) == running


def test_daemons_of_a_submission_end_with_it(arena: Arena) -> None:
    fighter = arena.open(BUSY)
    pid = fighter.pid
    tasks = {int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir()}
    assert len(tasks) == 2
    fighter.close()
    assert wait_gone({pid} | tasks) == set()
