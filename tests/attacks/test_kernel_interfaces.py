"""Attacks on the kernel itself: calls that no homework needs and many exploits did."""

from __future__ import annotations

import platform
import resource

import pytest
from arena import Arena

from grader.sandbox.linux import seccomp

RAW = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
block = ctypes.create_string_buffer(4096)

def attack(numbers):
    done = []
    for name, number in numbers.items():
        for fill in (0, 1, ctypes.addressof(block)):
            ctypes.set_errno(0)
            result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(fill)] * 6)
            if result >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
                done.append([name, result, ctypes.get_errno()])
    return done
"""

NEVER = (
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "keyctl", "add_key"),
    *("request_key", "mount", "umount2", "pivot_root", "bpf", "perf_event_open", "unshare"),
    *("setns", "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_open"),
    *("pidfd_getfd", "pidfd_send_signal", "memfd_create", "shmget", "msgget", "semget", "mq_open"),
    *("fanotify_init", "inotify_init1", "name_to_handle_at", "open_by_handle_at", "init_module"),
    *("finit_module", "kexec_load", "reboot", "swapon", "syslog", "acct", "chroot", "personality"),
    *("seccomp", "landlock_create_ruleset", "landlock_restrict_self", "fsopen", "open_tree"),
    *("move_mount", "mount_setattr", "mknodat", "symlinkat", "linkat", "setuid", "setgid"),
    *("setresuid", "setgroups", "capset", "setsid", "sched_setaffinity", "sched_setattr"),
    *("mlock", "mlockall", "vmsplice", "splice", "tee", "copy_file_range", "clone3", "fork"),
    *("vfork", "execve", "execveat", "socket", "connect", "bind", "listen", "accept4", "sendmsg"),
    *("recvmsg", "sendmmsg", "recvmmsg", "getsockopt", "setsockopt", "migrate_pages"),
    *("move_pages", "mbind", "set_mempolicy", "ioperm", "iopl", "quotactl", "vhangup"),
    *("settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "modify_ldt", "lookup_dcookie"),
    *("remap_file_pages", "process_madvise", "openat2", "signalfd4", "timerfd_create", "io_setup"),
    *("rt_sigqueueinfo", "rt_tgsigqueueinfo", "tkill", "futex_waitv", "sethostname", "setrlimit"),
)


def test_no_call_of_that_kind_is_answered(arena: Arena) -> None:
    known = {name: seccomp.number_of(name) for name in NEVER}
    numbers = {name: number for name, number in known.items() if number is not None and number >= 0}
    assert len(numbers) > 80
    fought = arena.run(RAW, numbers)
    assert fought.fault == ""
    assert fought.value == []


def test_calls_from_the_future_are_unknown(arena: Arena) -> None:
    source = RAW.replace("(errno.EPERM, errno.ENOSYS)", "(errno.ENOSYS,)")
    numbers = {str(number): number for number in range(470, 512)}
    assert arena.run(source, numbers).value == []


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86-64 has these doors")
class TestOtherDoors:
    """System calls by another architecture's numbers end the process."""

    def test_x32_kills(self, arena: Arena) -> None:
        source = "import ctypes\ndef attack():\n    ctypes.CDLL(None).syscall(0x40000000 + 39)\n"
        fighter = arena.open(source)
        assert fighter.call("attack").fault == "Refused"
        assert fighter.close().breach == "filter"

    def test_int_0x80_kills(self, arena: Arena) -> None:
        source = (
            "import ctypes, mmap\ndef attack():\n"
            "    code = mmap.mmap(-1, 4096, prot=7)\n"
            "    code.write(bytes.fromhex('b814000000cd80c3'))  # mov eax, getpid; int 0x80; ret\n"
            "    address = ctypes.addressof(ctypes.c_char.from_buffer(code))\n"
            "    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()\n"
        )
        fighter = arena.open(source)
        assert fighter.call("attack").fault == "Refused"
        assert fighter.close().breach == "filter"


def test_every_limit_is_set(arena: Arena) -> None:
    source = (
        "import resource\n"
        "def attack(numbers):\n"
        "    return {name: list(resource.getrlimit(n)) for name, n in numbers.items()}\n"
    )
    names = ("AS", "CORE", "CPU", "FSIZE", "MEMLOCK", "NOFILE", "NPROC", "STACK")
    numbers = {name: getattr(resource, f"RLIMIT_{name}") for name in names}
    numbers |= {"SIGPENDING": 11, "MSGQUEUE": 12}
    fought = arena.run(source, numbers, memory_mb=100, disk_mb=3, threads=20, total_s=9.0)
    assert all(soft == hard for soft, hard in fought.value.values())
    found = {name: hard for name, (_, hard) in fought.value.items()}
    assert 100 << 20 < found.pop("AS") < 1 << 30
    threads = found.pop("NPROC")
    assert threads == 20 if arena.about["counts_threads"] else threads < 10_000
    expected = {"CORE": 0, "CPU": 10, "FSIZE": 3 << 20, "MEMLOCK": 0, "MSGQUEUE": 0, "NOFILE": 64}
    assert found == {**expected, "SIGPENDING": 64, "STACK": 8 << 20}


def test_limits_cannot_be_raised(arena: Arena) -> None:
    source = (
        "import resource\ndef attack():\n    done = []\n"
        "    for which in range(16):\n"
        "        soft, hard = resource.getrlimit(which)\n"
        "        for new in ((hard, hard), (-1, -1), (soft, -1)):\n"
        "            try:\n                resource.setrlimit(which, new)\n"
        "                done.append([which, *new])\n"
        "            except (OSError, ValueError):\n                pass\n"
        "    return done\n"
    )
    assert arena.run(source).value == []


def test_namespaces_cannot_be_entered(arena: Arena) -> None:
    source = (
        "import ctypes, os\ndef attack(pid):\n"
        "    libc, done = ctypes.CDLL(None, use_errno=True), []\n"
        "    for flag in (0x20000, 0x10000000, 0x40000000, 0x20000000, 0x8000000, 0x80):\n"
        "        if libc.unshare(flag) == 0:\n            done.append(flag)\n"
        "    for name in ('mnt', 'user', 'net', 'pid'):\n"
        "        try:\n            fd = os.open(f'/proc/{pid}/ns/{name}', os.O_RDONLY)\n"
        "            done.append([name, libc.setns(fd, 0)])\n"
        "        except OSError:\n            pass\n"
        "    return done\n"
    )
    assert arena.run(source, arena.about["pid"]).value == []


def test_privileges_cannot_be_gained(arena: Arena) -> None:
    source = (
        "import os\ndef attack():\n    done = []\n"
        "    for act in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]),\n"
        "                lambda: os.seteuid(0), lambda: os.setresuid(0, 0, 0),\n"
        "                lambda: os.chroot('.'), lambda: os.nice(-5)):\n"
        "        try:\n            act()\n            done.append('gained')\n"
        "        except OSError:\n            pass\n"
        "    return done\n"
    )
    assert arena.run(source).value == []
