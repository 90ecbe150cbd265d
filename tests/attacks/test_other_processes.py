"""Attacks on other processes, and attempts to start new ones."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from arena import Arena

CALLS = """
import ctypes, errno, os, signal
libc = ctypes.CDLL(None, use_errno=True)

def call(name, *args):
    ctypes.set_errno(0)
    result = getattr(libc, name)(*args)
    return "" if result < 0 or result == -1 else name

def refused(act):
    try:
        act()
    except (OSError, AttributeError):
        return True
    return False
"""

# A signal that a living process would survive: nothing is to be harmed if the test fails.
TOUCH = (
    CALLS
    + """
def attack(pids):
    done = []
    for pid in pids:
        word = ctypes.create_string_buffer(8)
        local = (ctypes.c_void_p * 2)(ctypes.addressof(word), 8)
        remote = (ctypes.c_void_p * 2)(ctypes.addressof(word), 8)
        for name, act in {
            "kill": lambda: os.kill(pid, 0),
            "tgkill": lambda: None if libc.tgkill(pid, pid, 0) == 0 else refuse(),
            "queue": lambda: None if libc.sigqueue(pid, 0, None) == 0 else refuse(),
            "ptrace attach": lambda: None if libc.ptrace(16, pid, 0, 0) == 0 else refuse(),
            "ptrace seize": lambda: None if libc.ptrace(0x4206, pid, 0, 0) == 0 else refuse(),
            "read": lambda: (
                None if libc.process_vm_readv(pid, local, 1, remote, 1, 0) > 0 else refuse()
            ),
            "write": lambda: (
                None if libc.process_vm_writev(pid, local, 1, remote, 1, 0) > 0 else refuse()
            ),
            "pidfd": lambda: os.pidfd_open(pid),
            "limits": lambda: __import__("resource").prlimit(
                pid, __import__("resource").RLIMIT_CPU, (1, 1)
            ),
            "priority": lambda: os.setpriority(os.PRIO_PROCESS, pid, 19),
            "affinity": lambda: os.sched_setaffinity(pid, {0}),
            "scheduler": lambda: os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0)),
            "group": lambda: os.setpgid(pid, pid),
        }.items():
            if not refused(act):
                done.append([pid, name])
    return done

def refuse():
    raise OSError(ctypes.get_errno(), "refused")
"""
)


@pytest.fixture
def bystander(arena: Arena) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the grader's user that has nothing to do with grading."""
    more = {"user": 65534, "group": 65534} if arena.user == "ordinary" and os.geteuid() == 0 else {}
    process = subprocess.Popen(["/bin/sleep", "60"], **more)  # type: ignore[call-overload]
    yield process
    assert process.poll() is None, "an uninvolved process was ended"
    process.kill()
    process.wait()


def test_no_other_process_can_be_touched(arena: Arena, bystander: subprocess.Popen[bytes]) -> None:
    sibling = arena.open("def attack():\n    return 'alive'\n")
    about = arena.ask("about")
    outside = [about[name] for name in ("pid", "keeper", "zygote")] + [sibling.pid, bystander.pid]
    fought = arena.run(TOUCH, [*outside, 1_000_000])
    assert fought.value == []
    assert sibling.call("attack").value == "alive"
    sibling.close()


def test_nobody_is_signalled_by_a_number_that_means_many(
    arena: Arena, bystander: subprocess.Popen[bytes]
) -> None:
    source = (
        "import os, signal\ndef attack():\n    done = []\n"
        "    for act in (lambda: os.kill(-1, 9), lambda: os.kill(0, 9), lambda: os.killpg(1, 9),\n"
        "                lambda: os.kill(os.getppid(), 9), lambda: os.kill(-os.getpgrp(), 9)):\n"
        "        try:\n            act()\n            done.append('sent')\n"
        "        except OSError:\n            pass\n"
        "    return done\n"
    )
    sibling = arena.open("def attack():\n    return 'alive'\n")
    assert arena.run(source).value == []
    assert sibling.call("attack").value == "alive"
    sibling.close()


def test_a_stopped_submission_can_still_be_ended(arena: Arena) -> None:
    source = "import os, signal\ndef attack():\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
    fighter = arena.open(source, call_s=0.5)
    fought = fighter.call("attack")
    # Process 1 of a pid namespace cannot stop itself.
    assert fought.fault in ("", "TimedOut")
    fighter.close()


START = (
    CALLS
    + """
import subprocess, sys

def by_number(number, *args):
    result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args))
    if result == 0:
        os._exit(0)  # this is the child
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")

def by_multiprocessing():
    import multiprocessing
    process = multiprocessing.get_context("fork").Process(target=print)
    process.start()

def attack(clone, clone3):
    SIGCHLD, CLONE_VFORK_VM, CLONE_PARENT = 17, 0x4100, 0x8000
    done = []
    for name, act in {
        "fork": lambda: os.fork() or os._exit(0),
        "forkpty": lambda: os.forkpty()[0] or os._exit(0),
        "vfork": lambda: by_number(clone, CLONE_VFORK_VM | SIGCHLD, 0, 0, 0, 0),
        "clone": lambda: by_number(clone, SIGCHLD, 0, 0, 0, 0),
        "clone of the parent": lambda: by_number(clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0),
        "clone3": lambda: by_number(clone3, 0, 88),
        "spawn": lambda: os.posix_spawn("/bin/sh", ["sh"], {}),
        "run": lambda: subprocess.run(["/bin/true"]),
        "system": lambda: None if os.system("true") == 0 else (_ for _ in ()).throw(OSError()),
        "popen": lambda: os.popen("true").close(),
        "multiprocessing": by_multiprocessing,
        "setsid": os.setsid,
        "setpgid": lambda: os.setpgid(0, 0),
        "exec": lambda: os.execv("/bin/sh", ["sh"]),
        "exec of python": lambda: os.execv(sys.executable, ["python"]),
        "exec of a library": lambda: os.execv("/lib64/ld-linux-x86-64.so.2", ["ld.so"]),
    }.items():
        if not refused(act):
            done.append(name)
    return done
"""
)


def test_no_process_is_started(arena: Arena) -> None:
    from grader.sandbox.linux import seccomp

    fought = arena.run(START, seccomp.number_of("clone"), seccomp.number_of("clone3"))
    assert fought.fault == ""
    assert fought.value == []


def test_nothing_is_executed_from_its_own_folder(arena: Arena) -> None:
    source = (
        "import ctypes, os\ndef attack():\n    done = []\n"
        "    for act in (lambda: os.execv('program', ['program']),\n"
        "                lambda: ctypes.CDLL(os.path.abspath('library.so'))):\n"
        "        try:\n            act()\n            done.append('ran')\n"
        "        except OSError:\n            pass\n"
        "    return done\n"
    )
    if arena.level == "landlock":
        pytest.skip("nothing can be written at this level, so there is nothing of its own to run")
    import _ctypes

    # Any shared library will do.
    files = {"program": b"#!/bin/sh\n", "library.so": Path(_ctypes.__file__).read_bytes()}
    fought = arena.run(source, files=files)
    assert fought.value == []


def test_threads_work(arena: Arena) -> None:
    source = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def attack():\n"
        "    with ThreadPoolExecutor(4) as pool:\n        return list(pool.map(abs, [-1, -2]))\n"
    )
    assert arena.run(source).value == [1, 2]


def test_asyncio_works(arena: Arena) -> None:
    source = (
        "import asyncio\nasync def wait():\n    await asyncio.sleep(0.01)\n    return 5\n"
        "def attack():\n    return asyncio.run(wait())\n"
    )
    assert arena.run(source).value == 5


def test_the_grader_survives_a_signal_to_its_process_group(arena: Arena) -> None:
    """Ctrl-C in a terminal goes to the whole group: the fork server must not be in it."""
    about = arena.ask("about")
    assert os.getpgid(about["keeper"]) != os.getpgid(about["pid"])
