"""Which system calls a submission may make: one list of names for every architecture.

Theory of operation. The system's libseccomp turns names into a classic BPF program once, in the
trusted process; each jailed child only loads those bytes (half a millisecond, against two for
building them again). A call that stands in no list gets ENOSYS, which is what libc expects of a
kernel that is too old, so that it falls back; a call that is refused on purpose gets EPERM. A call
through another architecture's door (x32 or int 0x80 on x86-64) kills: its numbers mean other
calls, and no honest program uses it.

Some calls are allowed with some arguments only. libseccomp keeps one action per rule and has no
"else", so each of these has rules that allow and rules that refuse; what neither of them names
falls to ENOSYS.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import os
import platform
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.sandbox.linux import syscalls


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ALLOWED = _names("""
    access arch_prctl alarm brk chdir clock_getres clock_gettime clock_nanosleep close close_range
    dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd2
    exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir fdatasync fstat fstatfs fsync
    ftruncate futex get_robust_list getcpu getcwd getdents getdents64 getegid geteuid getgid
    getgroups getitimer getpeername getpgrp getpid getppid getpriority getrandom getresgid
    getresuid getrlimit getrusage getsockname gettid gettimeofday getuid lseek lstat madvise
    membarrier mincore mkdir mkdirat mmap mprotect mremap msync munmap nanosleep newfstatat open
    openat pause pipe pipe2 poll ppoll pread64 preadv pselect6 pwrite64 pwritev read readlink
    readlinkat readv rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction
    rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait sched_get_priority_max
    sched_get_priority_min sched_getaffinity sched_getparam sched_getscheduler sched_yield select
    set_robust_list set_tid_address setitimer shutdown sigaltstack stat statfs statx sysinfo time
    timer_create timer_delete timer_getoverrun timer_gettime timer_settime times umask uname unlink
    unlinkat wait4 waitid write writev
""")

# Changes by path that Landlock does not watch (`truncate` only from version 3 on). Harmless where
# every mount but the submission's own folder is read-only, refused where it is not.
ALLOWED_ON_READ_ONLY_MOUNTS = _names("""
    chmod fchmod fchmodat fchmodat2 futimesat truncate utime utimensat utimes
""")

REFUSED = _names("""
    accept accept4 acct add_key bind bpf capset chown chroot connect copy_file_range delete_module
    execve execveat fanotify_init fanotify_mark fchown fchownat finit_module flock fork fsconfig
    fsetxattr fsmount fsopen fspick getsockopt init_module inotify_add_watch inotify_init
    inotify_init1 io_setup io_submit io_uring_enter io_uring_register io_uring_setup ioperm iopl
    ioprio_set kcmp kexec_load keyctl landlock_add_rule landlock_create_ruleset
    landlock_restrict_self lchown link linkat listen lsetxattr mbind memfd_create memfd_secret
    migrate_pages mknod mknodat mlock mlock2 mlockall mount mount_setattr move_mount move_pages
    mq_open mq_unlink msgget msgrcv msgsnd name_to_handle_at open_by_handle_at open_tree
    perf_event_open personality pidfd_getfd pidfd_open pidfd_send_signal pivot_root
    process_madvise process_vm_readv process_vm_writev ptrace quotactl reboot recvmmsg recvmsg
    request_key rt_sigqueueinfo rt_tgsigqueueinfo sched_setaffinity sched_setattr sched_setparam
    sched_setscheduler seccomp semget sendfile sendmmsg sendmsg set_mempolicy setdomainname
    setfsgid setfsuid setgid setgroups sethostname setns setpgid setpriority setregid setresgid
    setresuid setreuid setrlimit setsid setsockopt setuid setxattr shmat shmget socket splice
    swapoff swapon symlink symlinkat syslog tee tkill umount2 unshare userfaultfd vfork vhangup
    vmsplice
""")

ARCHITECTURES = ("x86_64", "aarch64")

# Only writable mappings above this size are asked about (see `build_watch`), so that an ordinary
# allocation costs nothing more.
WATCHED_BYTES = 16 << 20

SET_TSYNC = 1
SET_NEW_LISTENER = 8
KILL_PROCESS = 0x80000000
NOTIFY = 0x7FC00000
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
UNKNOWN = 0x00050000 | errno.ENOSYS

_THREAD = 0x00010000
# Namespaces, ptrace and a parent of choice: nothing that a thread needs.
_CLONE_NEVER = (
    *(0x2000, 0x8000),
    *(0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000),
)
_PRCTLS = {"PR_GET_DUMPABLE": 3, "PR_SET_NAME": 15, "PR_GET_NAME": 16}
_IOCTLS = {
    "TCGETS": 0x5401,
    "TIOCGWINSZ": 0x5413,
    "FIONREAD": 0x541B,
    "FIONBIO": 0x5421,
    "FIONCLEX": 0x5450,
    "FIOCLEX": 0x5451,
}
_FCNTLS = {
    "F_DUPFD": 0,
    "F_GETFD": 1,
    "F_SETFD": 2,
    "F_GETFL": 3,
    "F_SETFL": 4,
    "F_DUPFD_CLOEXEC": 1030,
}
_AF_UNIX = 1
_SOCK_STREAM = 1
_SOCK_TYPE_BITS = 0xF
_MSG_OOB = 1
_MSG_NEVER = 0xFFFFFFFF & ~0x4040  # all but DONTWAIT and NOSIGNAL
_PROT_WRITE = 2

# Larger than any pid that Linux gives out, so that `for_pid` finds its places by it.
_OWN_PID = 0x7FFF5EC0

_NE, _LE, _EQ, _GT, _MASKED_EQ = 1, 3, 4, 6, 7
_SET_MODE_FILTER = 1
_AUDIT_X86_64, _LIBSECCOMP_X32, _X32_BIT = 0xC000003E, 0x4000003E, 0x40000000
_RETURN = 0x06  # the BPF instruction that ends a program with an action
_ATTRIBUTE_BAD_ARCH, _ATTRIBUTE_OPTIMIZE = 2, 8
_BINARY_TREE = 2
_NAME_UNKNOWN = -1


class SeccompMissing(OSError):
    """libseccomp cannot be used here; the message says why."""


@dataclass(frozen=True)
class Compare:
    """One argument's condition. For `_MASKED_EQ`, value is the mask and other what it leaves."""

    argument: int
    operator: int
    value: int
    other: int = 0


@dataclass(frozen=True)
class Rule:
    """`action` for `name` where every condition holds."""

    action: int
    name: str
    conditions: tuple[Compare, ...] = ()


def for_pid(program: bytes, pid: int) -> bytes:
    """`program` for a process that calls itself `pid`: the only one that it may signal."""
    return program.replace(_OWN_PID.to_bytes(4, "little"), pid.to_bytes(4, "little"))


def build_filter(*, read_only_mounts: bool, architecture: str | None = None) -> bytes:
    """The submission's filter as BPF, still to be fitted with `for_pid`.

    read_only_mounts: nothing but the submission's own folder can be written anyway.
    architecture: "x86_64" or "aarch64"; this machine's where not given.
    Raises SeccompMissing.
    """
    refused, allowed = list(REFUSED), list(ALLOWED)
    (allowed if read_only_mounts else refused).extend(ALLOWED_ON_READ_ONLY_MOUNTS)
    rules = [Rule(ALLOW, name) for name in allowed]
    rules += [Rule(REFUSE, name) for name in refused]
    rules += conditional_rules()
    return _export(rules, UNKNOWN, architecture)


def build_asking(
    *, read_only_mounts: bool, channel_fd: int, architecture: str | None = None
) -> bytes:
    """The submission's filter in a form that refuses nothing by itself: it asks its listener.

    Whatever `build_filter` refuses is asked about, and so are the large mappings of `build_watch`;
    the listener answers with the error that `build_filter` has for the call, or kills where it
    would (diagnosis.py). Two calls are allowed so that the process can give its listener away on
    `channel_fd`; `build_seal` refuses them afterwards. Otherwise as `build_filter`.
    """
    allowed = [name for name in ALLOWED if name not in ("mmap", "mremap")]
    if read_only_mounts:
        allowed.extend(ALLOWED_ON_READ_ONLY_MOUNTS)
    rules = [Rule(ALLOW, name) for name in allowed]
    rules += [rule for rule in conditional_rules() if rule.action == ALLOW]
    rules += [
        Rule(ALLOW, "mmap", (Compare(1, _LE, WATCHED_BYTES),)),
        Rule(ALLOW, "mmap", (Compare(2, _MASKED_EQ, _PROT_WRITE, 0),)),
        Rule(ALLOW, "mremap", (Compare(2, _LE, WATCHED_BYTES),)),
        Rule(ALLOW, "sendmsg", (Compare(0, _EQ, channel_fd),)),
        Rule(ALLOW, "seccomp", (Compare(0, _EQ, _SET_MODE_FILTER),)),
    ]
    # Not every version of libseccomp takes a question for a default.
    program = _export(rules, UNKNOWN, architecture)
    return _with_returns(program, {UNKNOWN: NOTIFY, KILL_PROCESS: NOTIFY})


def build_seal() -> bytes:
    """What is loaded on top of `build_asking`: it refuses the calls that only loading needed.

    It leaves calls of another architecture to that filter, whose answer must not be overruled.
    """
    rules = [Rule(REFUSE, "sendmsg"), Rule(REFUSE, "seccomp")]
    return _with_returns(_export(rules, ALLOW, None), {KILL_PROCESS: ALLOW})


def _with_returns(program: bytes, actions: Mapping[int, int]) -> bytes:
    """`program` with the actions that it returns replaced."""
    code = []
    for operation, yes, no, k in struct.iter_unpack("=HBBI", program):
        value = actions.get(k, k) if operation == _RETURN else k
        code.append(struct.pack("=HBBI", operation, yes, no, value))
    return b"".join(code)


def build_watch(architecture: str | None = None) -> bytes:
    """A filter that allows everything and asks its listener about very large mappings.

    The kernel stops the call, the listener (the zygote) notes how much is asked for and lets
    RLIMIT_AS decide. That is how "out of memory" is proved for one allocation that fails at once
    and so leaves no trace in the kernel's own accounting.
    """
    writable = Compare(2, _MASKED_EQ, _PROT_WRITE, _PROT_WRITE)
    rules = [
        Rule(NOTIFY, "mmap", (Compare(1, _GT, WATCHED_BYTES), writable)),
        Rule(NOTIFY, "mremap", (Compare(2, _GT, WATCHED_BYTES),)),
    ]
    return _export(rules, ALLOW, architecture)


def conditional_rules() -> list[Rule]:
    """The calls that depend on their arguments."""

    def flag(argument: int, bits: int, value: int) -> Compare:
        return Compare(argument, _MASKED_EQ, bits, value)

    rules = [
        # A thread of this process, and nothing that is more than a thread.
        Rule(ALLOW, "clone", (flag(0, _THREAD | sum(_CLONE_NEVER), _THREAD),)),
        Rule(REFUSE, "clone", (flag(0, _THREAD, 0),)),
        *(Rule(REFUSE, "clone", (flag(0, bit, bit),)) for bit in _CLONE_NEVER),
        # Its flags stand in memory, where a filter cannot read; libc falls back to clone.
        Rule(UNKNOWN, "clone3"),
        # Signals to itself only.
        *(
            rule
            for name in ("kill", "tgkill")
            for rule in (
                Rule(ALLOW, name, (Compare(0, _EQ, _OWN_PID),)),
                Rule(REFUSE, name, (Compare(0, _NE, _OWN_PID),)),
            )
        ),
        # Its own limits, read only.
        Rule(ALLOW, "prlimit64", (Compare(0, _EQ, 0), Compare(2, _EQ, 0))),
        Rule(REFUSE, "prlimit64", (Compare(0, _NE, 0),)),
        Rule(REFUSE, "prlimit64", (Compare(2, _NE, 0),)),
        # asyncio wakes itself through a pair of sockets. A datagram socket could send to any
        # other by name, and MSG_OOB has had holes.
        Rule(
            ALLOW,
            "socketpair",
            (Compare(0, _EQ, _AF_UNIX), flag(1, _SOCK_TYPE_BITS, _SOCK_STREAM)),
        ),
        Rule(REFUSE, "socketpair", (Compare(0, _NE, _AF_UNIX),)),
        *(
            Rule(REFUSE, "socketpair", (flag(1, _SOCK_TYPE_BITS, kind),))
            for kind in range(_SOCK_TYPE_BITS + 1)
            if kind != _SOCK_STREAM
        ),
        Rule(ALLOW, "sendto", (flag(3, _MSG_NEVER, 0), Compare(4, _EQ, 0))),
        Rule(REFUSE, "sendto", (Compare(4, _NE, 0),)),
        Rule(REFUSE, "sendto", (flag(3, _MSG_OOB, _MSG_OOB),)),
        Rule(ALLOW, "recvfrom", (flag(3, _MSG_OOB, 0),)),
        Rule(REFUSE, "recvfrom", (flag(3, _MSG_OOB, _MSG_OOB),)),
    ]
    for name, argument, values in (
        ("prctl", 0, _PRCTLS),
        ("ioctl", 1, _IOCTLS),
        ("fcntl", 1, _FCNTLS),
    ):
        rules += [Rule(ALLOW, name, (Compare(argument, _EQ, value),)) for value in values.values()]
    return rules


def number_of(name: str, architecture: str | None = None) -> int | None:
    """A system call's number; negative where that architecture has none; None where unknown."""
    library = _library()
    token = library.seccomp_arch_resolve_name(_architecture(architecture).encode())
    number: int = library.seccomp_syscall_resolve_name_arch(token, name.encode())
    return None if number == _NAME_UNKNOWN else number


def name_of(number: int, architecture: int) -> str:
    """A system call's name; "unknown" where libseccomp is older than the call.

    architecture: as the kernel tells it with a call (AUDIT_ARCH_...), which is libseccomp's too,
    but for x32: there it is x86-64's, and a bit of the number makes the difference.
    """
    if architecture == _AUDIT_X86_64 and number & _X32_BIT:
        architecture = _LIBSECCOMP_X32
    library = _library()
    found = library.seccomp_syscall_resolve_num_arch(architecture, number)
    if not found:
        return "unknown"
    try:
        return ctypes.string_at(found).decode()
    finally:
        library.free(found)


def missing() -> str | None:
    """Why libseccomp cannot be used here, or None."""
    try:
        _library()
        _architecture(None)
    except SeccompMissing as exc:
        return str(exc)
    return None


class _ArgumentCompare(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("value", ctypes.c_uint64),
        ("other", ctypes.c_uint64),
    )


@functools.cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        raise SeccompMissing("the system's libseccomp (libseccomp.so.2) is not there") from None
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = (ctypes.c_uint32,)
    library.seccomp_release.argtypes = (ctypes.c_void_p,)
    library.seccomp_release.restype = None
    library.seccomp_arch_resolve_name.restype = ctypes.c_uint32
    library.seccomp_arch_resolve_name.argtypes = (ctypes.c_char_p,)
    library.seccomp_arch_native.restype = ctypes.c_uint32
    library.seccomp_arch_add.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    library.seccomp_arch_remove.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    library.seccomp_attr_set.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32)
    library.seccomp_syscall_resolve_name_arch.argtypes = (ctypes.c_uint32, ctypes.c_char_p)
    library.seccomp_syscall_resolve_num_arch.restype = ctypes.c_void_p
    library.seccomp_syscall_resolve_num_arch.argtypes = (ctypes.c_uint32, ctypes.c_int)
    library.free.argtypes = (ctypes.c_void_p,)
    library.free.restype = None
    library.seccomp_rule_add_array.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    )
    library.seccomp_export_bpf.argtypes = (ctypes.c_void_p, ctypes.c_int)
    return library


def _architecture(name: str | None) -> str:
    name = name or platform.machine()
    if name not in ARCHITECTURES:
        raise SeccompMissing(f"{name} is not one of {', '.join(ARCHITECTURES)}")
    return name


@contextlib.contextmanager
def _context(default_action: int, architecture: str | None) -> Iterator[ctypes.c_void_p]:
    """An empty libseccomp filter for exactly one architecture."""
    library = _library()
    token = library.seccomp_arch_resolve_name(_architecture(architecture).encode())
    context = ctypes.c_void_p(library.seccomp_init(default_action))
    if not context:
        raise SeccompMissing("libseccomp cannot start a filter")
    try:
        native = library.seccomp_arch_native()
        if token != native:
            _check(library.seccomp_arch_add(context, token), "add an architecture")
            _check(library.seccomp_arch_remove(context, native), "remove an architecture")
        _check(
            library.seccomp_attr_set(context, _ATTRIBUTE_BAD_ARCH, KILL_PROCESS),
            "kill calls of another architecture",
        )
        # Refused by libseccomp before 2.5: a longer program, the same decisions.
        library.seccomp_attr_set(context, _ATTRIBUTE_OPTIMIZE, _BINARY_TREE)
        yield context
    finally:
        library.seccomp_release(context)


def _export(rules: list[Rule], default_action: int, architecture: str | None) -> bytes:
    library = _library()
    with _context(default_action, architecture) as context:
        for rule in rules:
            if rule.action == default_action:
                continue
            theirs, ours = number_of(rule.name, architecture), number_of(rule.name)
            if theirs is None or ours is None or theirs < 0:
                # That architecture never had the call, or libseccomp is older than the call. Both
                # mean the default action, which allows nothing.
                continue
            array = (_ArgumentCompare * len(rule.conditions))(
                *(
                    _ArgumentCompare(c.argument, c.operator, c.value, c.other)
                    for c in rule.conditions
                )
            )
            # Numbers are always this machine's; libseccomp translates.
            result = library.seccomp_rule_add_array(
                context, rule.action, ours, len(rule.conditions), array
            )
            _check(result, f"add a rule for {rule.name}")
        return _program_of(context)


def _program_of(context: ctypes.c_void_p) -> bytes:
    """The BPF of a filter. It fits a pipe's buffer many times over."""
    read_fd, write_fd = os.pipe()
    with os.fdopen(read_fd, "rb") as reader:
        try:
            _check(_library().seccomp_export_bpf(context, write_fd), "export the filter")
        finally:
            os.close(write_fd)
        return reader.read()


def _check(result: int, what: str) -> None:
    if result < 0:
        raise SeccompMissing(f"libseccomp cannot {what}: {os.strerror(-result)}")


def load(program: bytes) -> None:
    """Apply a program to every thread of this process, for good."""
    syscalls.seccomp_set_filter(program, SET_TSYNC)


def load_with_listener(program: bytes) -> int:
    """Apply a program that notifies; returns the listener's descriptor.

    Raises OSError, for example EBUSY where a container's own filter already has a listener.
    """
    return syscalls.seccomp_set_filter(program, SET_NEW_LISTENER)
