"""The Linux system calls that the jail needs and that Python does not offer, by their own names.

Nothing here decides anything: each function is one call of the kernel and raises OSError with the
kernel's errno and the call's name. Only jail.py, landlock.py, seccomp.py and zygote.py use it.
The module can be imported anywhere; calling it works on Linux only.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import resource
import signal
from pathlib import Path
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18

MOUNT_ATTR_RDONLY = 1
MOUNT_ATTR_NOSUID = 2
MOUNT_ATTR_NODEV = 4
MOUNT_ATTR_NOEXEC = 8

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_SECUREBITS = 28
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

# From number 424 on, every architecture but alpha has the same numbers. Older calls that
# libc may have no name for stand here by architecture.
_PIDFD_SEND_SIGNAL = 424
_PIDFD_OPEN = 434
_CLOSE_RANGE = 436
_MOUNT_SETATTR = 442
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_ADD_RULE = 445
_LANDLOCK_RESTRICT_SELF = 446
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_TGKILL = {"x86_64": 234, "aarch64": 131}

_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MNT_DETACH = 2
_MADV_COLLAPSE = 25
_LAST_FD = 0x7FFFFFFF
_CAPABILITY_VERSION_3 = 0x20080522
_SECUREBITS_LOCKED_NO_ROOT = 0x2F  # NOROOT, NO_SETUID_FIXUP, KEEP_CAPS off; each of them locked
_LANDLOCK_VERSION = 1
_LANDLOCK_RULE_PATH_BENEATH = 1
_SECCOMP_SET_MODE_FILTER = 1


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@functools.cache
def _libc_with_lock() -> ctypes.PyDLL:
    return ctypes.PyDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return result


def _syscall(number: int, what: str, *args: Any) -> int:
    """Call by number. Integers are widened to a register, as libc's `syscall` expects."""
    call = _libc().syscall
    call.restype = ctypes.c_long
    wide = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return _check(call(ctypes.c_long(number), *wide), what)


def _here(numbers: dict[str, int]) -> int:
    number = numbers.get(platform.machine())
    if number is None:
        raise OSError(f"{platform.machine()} is not one of {', '.join(numbers)}")
    return number


def unshare(flags: int) -> None:
    """Move this process (for NEWPID: its next children) into fresh namespaces."""
    _check(_libc().unshare(ctypes.c_int(flags)), "unshare")


def setns(fd: int, flags: int) -> None:
    """Join the namespaces that `fd` (here always a pidfd) names."""
    _check(_libc().setns(ctypes.c_int(fd), ctypes.c_int(flags)), "setns")


def mount(
    source: str | None,
    target: str,
    fstype: str | None = None,
    flags: int = 0,
    data: str | None = None,
) -> None:
    """mount(2)."""
    source_b, fstype_b, data_b = (
        None if text is None else os.fsencode(text) for text in (source, fstype, data)
    )
    result = _libc().mount(source_b, os.fsencode(target), fstype_b, ctypes.c_ulong(flags), data_b)
    _check(result, f"mount on {target}")


def mount_setattr(target: str, attributes: int) -> None:
    """Set `attributes` on the mount at `target` and on all below it, and make them private."""
    block = (ctypes.c_uint64 * 4)(attributes, 0, MS_PRIVATE, 0)
    path = ctypes.c_char_p(os.fsencode(target))
    what = f"mount_setattr({target})"
    _syscall(_MOUNT_SETATTR, what, _AT_FDCWD, path, _AT_RECURSIVE, block, ctypes.sizeof(block))


def detach(target: str) -> None:
    """Unmount `target` now, freed when nothing uses it any more."""
    _check(_libc().umount2(os.fsencode(target), ctypes.c_int(_MNT_DETACH)), f"umount {target}")


def pivot_root_here() -> None:
    """Make the current folder the root and put the old root below it (same place, covered)."""
    _check(_libc().pivot_root(b".", b"."), "pivot_root")


def prctl(option: int, value: int = 0, second: int = 0) -> int:
    """prctl(2) with up to two arguments after the option."""
    zero = ctypes.c_ulong(0)
    result = _libc().prctl(
        ctypes.c_int(option), ctypes.c_ulong(value), ctypes.c_ulong(second), zero, zero
    )
    return _check(result, f"prctl({option})")


def pidfd_open(pid: int) -> int:
    """A descriptor of a process. Python has it only where it was built on a recent system."""
    return _syscall(_PIDFD_OPEN, "pidfd_open", pid, 0)


def pidfd_kill(pidfd: int) -> None:
    """SIGKILL to a process by its descriptor; nothing where it has ended already."""
    try:
        _syscall(_PIDFD_SEND_SIGNAL, "pidfd_send_signal", pidfd, signal.SIGKILL, None, 0)
    except ProcessLookupError:
        return


def has_thread(process_id: int, thread_id: int) -> bool:
    """Whether `thread_id` is a living thread of that process (tgkill with signal 0)."""
    try:
        _syscall(_here(_TGKILL), "tgkill", process_id, thread_id, 0)
    except OSError:
        return False
    return True


def address_space() -> int:
    """This process's address space in bytes, as RLIMIT_AS counts it."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def merge_pages(start: int, end: int) -> None:
    """Make huge pages of a range of memory (MADV_COLLAPSE, Linux 6.1): a fork copies 1 entry for
    512. Raises OSError where the kernel cannot."""
    address, length = ctypes.c_void_p(start), ctypes.c_size_t(end - start)
    _check(_libc().madvise(address, length, ctypes.c_int(_MADV_COLLAPSE)), "madvise")


def bare_fork() -> int:
    """fork(2) without Python's own bookkeeping, which costs a child 300 page faults (1 ms).

    For a process with one thread only, in which no other ever ran: there is then nothing that the
    bookkeeping would mend. The interpreter's lock stays held, as PyDLL does not release it.
    """
    return _check(_libc_with_lock().fork(), "fork")


def close_from(first: int) -> None:
    """Close every descriptor from `first` on, however many there are, in one call.

    os.closerange closes two thousand million one by one where Python was built with an old libc.
    """
    _syscall(_CLOSE_RANGE, "close_range", first, _LAST_FD, 0)


def drop_bounding_set() -> None:
    """Drop every capability from the set that bounds what this process could ever get back."""
    call = _libc().prctl
    for capability in range(64):
        # EINVAL: past the last capability. EPERM: there was none to begin with.
        if call(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break


def drop_capabilities() -> None:
    """Give up every capability for good: bounding set, ambient set, securebits, own sets."""
    drop_bounding_set()
    try:
        prctl(PR_SET_SECUREBITS, _SECUREBITS_LOCKED_NO_ROOT)
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    except OSError:
        # Without CAP_SETPCAP the bits cannot be set; nor is there anything that they would hold.
        pass
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _check(_libc().capset(header, (ctypes.c_uint32 * 6)()), "capset")


def landlock_version() -> int:
    """The kernel's Landlock ABI, or 0 where Landlock is missing or switched off."""
    try:
        return _syscall(
            _LANDLOCK_CREATE_RULESET, "landlock", None, ctypes.c_long(0), _LANDLOCK_VERSION
        )
    except OSError:
        return 0


def landlock_create_ruleset(attributes: bytes) -> int:
    """A new ruleset's descriptor. `attributes` is struct landlock_ruleset_attr."""
    block = ctypes.c_char_p(attributes)
    what = "landlock_create_ruleset"
    return _syscall(_LANDLOCK_CREATE_RULESET, what, block, len(attributes), 0)


def landlock_add_path(ruleset_fd: int, rule: bytes) -> None:
    """Add a rule. `rule` is struct landlock_path_beneath_attr."""
    block = ctypes.c_char_p(rule)
    what = "landlock_add_rule"
    _syscall(_LANDLOCK_ADD_RULE, what, ruleset_fd, _LANDLOCK_RULE_PATH_BENEATH, block, 0)


def landlock_restrict_self(ruleset_fd: int) -> None:
    """Apply a ruleset to this thread and all that it starts from now on."""
    _syscall(_LANDLOCK_RESTRICT_SELF, "landlock_restrict_self", ruleset_fd, 0)


class _FilterProgram(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def seccomp_set_filter(program: bytes, flags: int) -> int:
    """Load a classic BPF program (8 bytes an instruction) as a system call filter.

    With SECCOMP_FILTER_FLAG_NEW_LISTENER the result is the listener's descriptor, else 0.
    """
    block = _FilterProgram(len(program) // 8, program)
    return _syscall(
        _here(_SECCOMP), "seccomp", _SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(block)
    )
