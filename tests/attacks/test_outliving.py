"""Attacks on the end of a run: whatever is killed, nothing is left behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from arena import Arena, Fighter
from levels import BOTH_ENDS, KINDS, at_both_ends, start_arena

BUSY = (
    "import threading\ndef burn():\n    while True: pass\n"
    "threading.Thread(target=burn, daemon=True).start()\n"
    "def attack():\n    return 1\n"
)
IDLE = "def attack():\n    return 1\n"


@pytest.fixture(params=KINDS, ids=[f"{level}-{user}" for level, user in KINDS])
def own_arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """An arena that the test may destroy."""
    arena = start_arena(*request.param)
    if isinstance(arena, str):
        pytest.skip(arena)
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


def kill_fork_server(arena: Arena, victim: str) -> None:
    """Its children go with it, and the next submission gets a new one."""
    fighters = fight(arena)
    about = arena.ask("about")
    pids = children_of(about["keeper"]) | {about["keeper"]}
    os.kill(about[victim], signal.SIGKILL)
    assert wait_gone(pids) == set()
    # Nobody can know what would have come: it is not the submission's fault.
    assert fighters[1].call("attack").fault == "GraderFault"
    assert arena.run(IDLE).value == 1
    assert arena.ask("about")["restarts"] == about["restarts"] + 1
    for fighter in fighters:
        fighter.close()
    assert arena.run(IDLE).value == 1


def kill_fork_server_during_a_call(arena: Arena) -> None:
    fighter = arena.open("import time\ndef attack():\n    time.sleep(60)\n", call_s=20.0)
    timer = threading.Timer(0.3, os.kill, [arena.ask("about")["keeper"], signal.SIGKILL])
    timer.start()
    fought = fighter.call("attack")
    timer.join()
    assert fought.fault == "GraderFault"
    fighter.close()
    assert arena.run(IDLE).value == 1


def test_whatever_is_killed_nothing_is_left(own_arena: Arena) -> None:
    """Fork servers are replaced; the grader's own death is the end of everything."""
    mounts_before = mounts()
    kill_fork_server(own_arena, "zygote")
    kill_fork_server(own_arena, "keeper")
    kill_fork_server_during_a_call(own_arena)
    fight(own_arena)
    about = own_arena.ask("about")
    pids = children_of(about["pid"])
    assert len(pids) >= 5  # keeper, zygote, three submissions
    own_arena.process.send_signal(signal.SIGKILL)
    own_arena.process.wait()
    assert wait_gone(pids) == set()
    assert mounts() == mounts_before
    assert bool(about["folder"]) == (own_arena.level == "landlock")
    assert not about["folder"] or not Path(about["folder"]).exists()


@pytest.mark.parametrize("own_arena", BOTH_ENDS, indirect=True)
def test_a_closed_grader_leaves_nothing(own_arena: Arena) -> None:
    fight(own_arena)
    about = own_arena.ask("about")
    pids = children_of(about["pid"])
    own_arena.close()
    assert wait_gone(pids) == set()
    assert not about["folder"] or not Path(about["folder"]).exists()


@at_both_ends
def test_two_hundred_submissions_leave_nothing_open(arena: Arena) -> None:
    for _ in range(5):
        arena.run(IDLE)
    before, running = descriptors_at_rest(arena), children_at_rest(arena)
    for index in range(200):
        fighter = arena.open(IDLE if index % 4 else "import os\nos._exit(1)\n")
        fighter.call("attack")
        fighter.close()
    assert descriptors_at_rest(arena) == before
    assert children_at_rest(arena) == running


def descriptors_at_rest(arena: Arena) -> int:
    """How many descriptors the grader holds when nothing that ended is still being closed."""
    return settled(lambda: int(arena.ask("about")["descriptors"]))


def children_at_rest(arena: Arena) -> int:
    """How many processes the grader has when none that ended is still being waited for."""
    return settled(lambda: len(children_of(arena.about["pid"])))


def settled(read: Callable[[], int]) -> int:
    """A reading that stays the same for a second: what ends or is forked ahead passes by sooner."""
    found, unchanged = read(), 0
    for _ in range(600):
        time.sleep(0.05)
        now = read()
        unchanged = unchanged + 1 if now == found else 0
        found = now
        if unchanged == 20:
            return found
    raise AssertionError(f"never at rest; {found} at last")


def test_daemons_of_a_submission_end_with_it(arena: Arena) -> None:
    fighter = arena.open(BUSY)
    pid = fighter.pid
    tasks = {int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir()}
    assert len(tasks) == 2
    fighter.close()
    assert wait_gone({pid} | tasks) == set()
