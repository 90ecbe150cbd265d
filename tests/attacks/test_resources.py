"""Attacks on the machine's memory, disk, processors and time: each has a typed end."""

from __future__ import annotations

import pytest
from arena import Arena, Attack
from levels import at_both_ends

MEMORY_MB = 256

GREED = {
    "30 GB at once": "import numpy as np\ndef attack():\n    return np.zeros(30 << 27)\n",
    "16 MB steps": (
        "def attack():\n    kept = []\n    while True:\n        kept.append(bytearray(16 << 20))\n"
    ),
    "1 kB steps": (
        "def attack():\n    kept = []\n    while True:\n        kept.append(bytes(1000))\n"
    ),
    "half and then more than half": (
        "import numpy as np\ndef attack():\n"
        "    first = np.ones(150 << 17)\n    return first, np.ones(150 << 17)\n"
    ),
    "an array that grows": (
        "def attack():\n    grown = bytearray()\n"
        "    while True:\n        grown += bytes(30 << 20)\n"
    ),
    "shared mappings": (
        "import mmap\ndef attack():\n    kept = []\n"
        "    while True:\n        kept.append(mmap.mmap(-1, 50 << 20))\n"
    ),
    "many threads' arrays": (
        "import threading, numpy as np\ndef attack():\n    kept, errors = [], []\n"
        "    def work():\n        try:\n            kept.append(np.ones(100 << 17))\n"
        "        except MemoryError as exc:\n            errors.append(exc)\n"
        "    threads = [threading.Thread(target=work) for _ in range(8)]\n"
        "    [t.start() for t in threads]\n    [t.join() for t in threads]\n    raise errors[0]\n"
    ),
}


@at_both_ends
def test_memory_ends_at_its_limit(arena: Arena) -> None:
    limits = {"memory_mb": MEMORY_MB, "call_s": 10.0}
    outcomes = arena.run_all({name: Attack(GREED[name], limits=limits) for name in GREED})
    for name, outcome in outcomes.items():
        fought, ended = outcome.last, outcome.ended
        assert (fought.fault, ended.breach) == ("OutOfMemory", "memory"), (name, outcome)
        assert fought.text == f"`attack` needed more than {MEMORY_MB} MB of memory"
        assert ended.max_rss_kb < (MEMORY_MB + 150) << 10, name


LIES = (
    "raise MemoryError",
    "raise MemoryError('Unable to allocate 30. GiB')",
    "import numpy as np; kept = np.ones(100 << 17); raise MemoryError",
)


@at_both_ends
def test_running_out_of_memory_is_not_taken_on_the_students_word(arena: Arena) -> None:
    limits = {"memory_mb": MEMORY_MB}
    outcomes = arena.run_all(
        {lie: Attack(f"def attack():\n    {lie}\n", limits=limits) for lie in LIES}
    )
    for lie, outcome in outcomes.items():
        assert (outcome.last.fault, outcome.ended.breach) == ("StudentRaised", ""), (lie, outcome)


def test_all_of_its_memory_can_be_used(arena: Arena) -> None:
    """The limit counts what it inherited too, which must not come out of its share."""
    source = "import numpy as np\ndef attack():\n    return float(np.ones(220 << 17)[-1])\n"
    assert arena.run(source, memory_mb=MEMORY_MB).value == 1.0


def test_memory_is_not_taken_by_other_doors(arena: Arena) -> None:
    for way in ("memfd_create('x')", "posix_openpt(0)"):
        fought = arena.run(f"import os\ndef attack():\n    os.{way}\n")
        assert fought.fault == "StudentRaised", way


THREADS = """
import threading, time
def attack():
    for _ in range(1000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
"""


def test_threads_end_at_their_limit(arena: Arena) -> None:
    if not arena.about["counts_threads"]:
        pytest.skip("the kernel counts all threads of this user together, or of root none")
    fought = arena.run(THREADS, threads=16)
    assert (fought.fault, fought.text) == ("OverLimit", "`attack` started more than 16 threads")


def test_a_thread_bomb_hurts_nobody(arena: Arena) -> None:
    sibling = arena.open("def attack():\n    return 'alive'\n")
    fought = arena.run(THREADS, threads=64)
    assert fought.fault in ("OverLimit", "StudentRaised")
    assert sibling.call("attack").value == "alive"
    sibling.close()


@at_both_ends
def test_questions_to_the_fork_server_do_not_stop_it(arena: Arena) -> None:
    """Each large mapping asks the fork server; a flood of them must leave it time for others."""
    source = (
        "import mmap, threading\ndef burn():\n    while True: mmap.mmap(-1, 32 << 20).close()\n"
        "for _ in range(8): threading.Thread(target=burn, daemon=True).start()\n"
        "def attack():\n    return 'alive'\n"
    )
    flood = arena.open(source)
    for _ in range(5):
        assert arena.run("def attack():\n    return 1\n").value == 1
    assert flood.call("attack").value == "alive"
    flood.close()


FILL = {
    "one large file": "open('a', 'wb').write(bytes(100 << 20))",
    "many files": "[open('f%d' % i, 'wb').write(bytes(1 << 20)) for i in range(100)]",
    "many empty files": "[open('f%d' % i, 'wb').close() for i in range(100_000)]",
    "many folders": "[os.mkdir('d%d' % i) for i in range(100_000)]",
    "a file with a hole": "[os.ftruncate(os.open('a', 66), 1 << 40)]",
    "kept open and removed": (
        "[(os.remove('a'), f.write(bytes(1 << 20)), f.flush(), kept.append(f))"
        " for f in (open('a', 'wb') for _ in range(60))]"
    ),
}


def test_the_disk_ends_at_its_limit(arena: Arena) -> None:
    attacks = {
        way: Attack(
            f"import os\nkept = []\ndef attack():\n    {FILL[way]}\n",
            limits={"disk_mb": 4, "call_s": 10.0},
        )
        for way in FILL
    }
    for way, outcome in arena.run_all(attacks).items():
        fought = outcome.last
        if arena.level == "landlock":
            assert (fought.fault, fought.text[:15]) == ("StudentRaised", "PermissionError"), way
        elif way == "a file with a hole":
            assert (fought.fault, fought.text[:20]) == ("StudentRaised", "OSError: [Errno 27] ")
        else:
            expected = ("OverLimit", "`attack` wrote more than 4 MB of files")
            assert (fought.fault, fought.text) == expected, way


def test_descriptors_end_at_their_limit(arena: Arena) -> None:
    source = "import os\ndef attack():\n    return len([os.pipe() for _ in range(10_000)])\n"
    fought = arena.run(source)
    assert (fought.fault, fought.text[:19]) == ("StudentRaised", "OSError: [Errno 24]")


LOOPS = {
    "in Python": "while True: pass",
    "that catches everything": (
        "while True:\n        try:\n            while True: pass\n"
        "        except BaseException: pass"
    ),
    "in C": "sum(iter(int, 1))",
    "in numpy": "import numpy as np\n    while True: np.ones((500, 500)) @ np.ones((500, 500))",
    "in a regular expression": "import re; re.match('(a+)+$', 'a' * 60 + 'b')",
    "in a big power": "10 ** 10 ** 10",
    "asleep": "import time; time.sleep(3600)",
    "waiting for a lock": "import threading; l = threading.Lock(); l.acquire(); l.acquire()",
    "waiting for a signal": "import signal; signal.pause()",
    "reading what never comes": "import os; os.read(os.pipe()[0], 1)",
    "in a finaliser": "Endless()",
}
IGNORE_SIGNALS = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
try:
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
except (OSError, ValueError):
    pass
class Endless:
    def __del__(self):
        while True: pass
"""


@at_both_ends
def test_a_loop_is_ended(arena: Arena) -> None:
    attacks = {
        name: Attack(f"{IGNORE_SIGNALS}\ndef attack():\n    {loop}\n", limits={"call_s": 0.3})
        for name, loop in LOOPS.items()
    }
    for name, outcome in arena.run_all(attacks).items():
        expected = ("TimedOut", "`attack` was still running after 0.3 s")
        assert (outcome.last.fault, outcome.last.text) == expected, (name, outcome)


def test_a_loop_in_a_thread_does_not_outlive_the_run(arena: Arena) -> None:
    source = (
        "import threading\ndef burn():\n    while True: pass\n"
        "def attack():\n    threading.Thread(target=burn).start()\n    return 1\n"
    )
    fighter = arena.open(source)
    assert fighter.call("attack").value == 1
    pid = fighter.pid
    fighter.close()
    assert not _exists(pid)


@at_both_ends
def test_loading_may_not_take_for_ever(arena: Arena) -> None:
    source = IGNORE_SIGNALS + "while True:\n    try:\n        while True: pass\n    except: pass\n"
    fought = arena.run(source, load_s=0.6, call_s=0.3)
    assert fought.notes[0].startswith("TimedOut")


BURN = """
import hashlib, resource, threading, time
block = bytes(8 << 20)
def burn():
    while True: hashlib.sha256(block)
def attack():
    for _ in range(4): threading.Thread(target=burn, daemon=True).start()
    time.sleep(3600)
def limit():
    return resource.getrlimit(resource.RLIMIT_CPU)
"""


@at_both_ends
def test_processor_time_ends_at_its_limit(arena: Arena) -> None:
    """Idle to the eye, four threads burn: the backstop counts their time, and not the wall's.

    On fewer than two free cores the wall's time is over first.
    """
    fighter = arena.open(BURN, total_s=2.0, call_s=600.0)
    assert fighter.call("limit").value == [3, 3]
    fought = fighter.call("attack")
    ended = fighter.close()
    assert fought.fault == "TimedOut"
    if ended.breach == "cpu":
        assert fought.text == "`attack` used up the submission's 2 s"
    assert ended.cpu_s < 4.0


@at_both_ends
def test_a_neighbour_with_many_threads_costs_nobody_their_time(arena: Arena) -> None:
    """It takes the cores; a call that only waits for one is not the call that took too long."""
    hungry = arena.open(BURN.replace("range(4)", "range(12)").replace("time.sleep(3600)", "pass"))
    assert hungry.call("attack").value is None
    source = (
        "import time\ndef attack():\n    while time.process_time() < 0.12: pass\n    return 1\n"
    )
    assert arena.run(source, call_s=0.25, total_s=60.0).value == 1
    hungry.close()


FLOODS = {
    "stdout": "while True: print('x' * 100_000)",
    "stderr": "import sys\n    while True: sys.stderr.write('x' * 100_000)",
    "the descriptor": "import os\n    while True: os.write(1, b'x' * 100_000)",
}


@at_both_ends
def test_a_flood_of_output_is_ended(arena: Arena) -> None:
    attacks = {
        name: Attack(f"def attack():\n    {flood}\n", limits={"output_mb": 4, "call_s": 10.0})
        for name, flood in FLOODS.items()
    }
    for name, outcome in arena.run_all(attacks).items():
        expected = ("OverLimit", "printed more than 4 MB")
        assert (outcome.last.fault, outcome.last.text) == expected, name


def _exists(pid: int) -> bool:
    from pathlib import Path

    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
