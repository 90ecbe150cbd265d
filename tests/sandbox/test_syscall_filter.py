"""The system call filter, read as the kernel reads it: for both architectures on any machine."""

from __future__ import annotations

import errno
import platform
import struct

import pytest

from grader.sandbox.linux import diagnosis, seccomp
from grader.sandbox.linux.memory_watch import MappingRequest

if seccomp.missing():
    pytest.skip(str(seccomp.missing()), allow_module_level=True)

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
I386 = 0x40000003
EPERM, ENOSYS, KILL = f"errno {errno.EPERM}", f"errno {errno.ENOSYS}", "kill"
OWN_PID = 77
# Newer than some libseccomp that are still in use: without a rule they get ENOSYS.
MAY_BE_UNKNOWN = {
    *("epoll_pwait2", "fchmodat2", "landlock_add_rule", "landlock_create_ruleset"),
    *("landlock_restrict_self", "memfd_secret", "mount_setattr", "process_madvise"),
}

# name, arguments, what the kernel does
DECISIONS = [
    ("read", (), "allow"),
    ("mmap", (0, 1 << 30, 3), "allow"),
    ("clone", (0x3D0F00,), "allow"),  # glibc's pthread_create
    ("clone", (0x11,), EPERM),  # fork
    ("clone", (0x4111,), EPERM),  # vfork
    ("clone", (0x3D0F00 | 0x10000000,), EPERM),  # a thread in a new user namespace
    ("clone", (0x3D0F00 | 0x20000,), EPERM),
    ("clone", (0x3D0F00 | 0x2000,), EPERM),  # traced
    ("clone3", (), ENOSYS),
    ("kill", (OWN_PID, 9), "allow"),
    ("kill", (OWN_PID + 1, 9), EPERM),
    ("kill", (0, 9), EPERM),
    ("kill", (0xFFFFFFFF, 9), EPERM),
    ("kill", (0xFFFFFFFFFFFFFFFF, 9), EPERM),
    ("tgkill", (OWN_PID, 5, 6), "allow"),
    ("tgkill", (1, 1, 9), EPERM),
    ("tkill", (OWN_PID, 9), EPERM),
    ("prlimit64", (0, 7, 0, 1), "allow"),
    ("prlimit64", (0, 7, 1, 0), EPERM),
    ("prlimit64", (0, 7, 1 << 32, 0), EPERM),
    ("prlimit64", (5, 7, 0, 1), EPERM),
    ("socketpair", (1, 1, 0), "allow"),
    ("socketpair", (1, 0o2004001, 0), "allow"),  # STREAM | NONBLOCK | CLOEXEC
    ("socketpair", (1, 2, 0), EPERM),
    ("socketpair", (1, 5, 0), EPERM),
    ("socketpair", (2, 1, 0), EPERM),
    ("socket", (2, 1, 0), EPERM),
    ("sendto", (3, 0, 9, 0, 0, 0), "allow"),
    ("sendto", (3, 0, 9, 0x4040, 0, 0), "allow"),
    ("sendto", (3, 0, 9, 0, 1 << 40, 16), EPERM),
    ("sendto", (3, 0, 9, 1, 0, 0), EPERM),  # MSG_OOB
    ("sendto", (3, 0, 9, 0x20000000, 0, 0), ENOSYS),
    ("recvfrom", (3, 0, 9, 0, 0, 0), "allow"),
    ("recvfrom", (3, 0, 9, 1, 0, 0), EPERM),
    ("ioctl", (0, 0x5401), "allow"),
    ("ioctl", (0, 0x5412), ENOSYS),  # TIOCSTI: type into the terminal
    ("fcntl", (0, 3), "allow"),
    ("fcntl", (0, 8), ENOSYS),  # F_SETOWN
    ("fcntl", (0, 1031), ENOSYS),  # F_SETPIPE_SZ
    ("prctl", (15,), "allow"),
    ("prctl", (22,), ENOSYS),  # PR_SET_SECCOMP
    ("prctl", (1, 0), ENOSYS),  # PR_SET_PDEATHSIG
    ("execve", (), EPERM),
    ("io_uring_setup", (), EPERM),
    ("unshare", (0x10000000,), EPERM),
    ("openat2", (), ENOSYS),
]


def decide(program: bytes, number: int, arguments: tuple[int, ...], arch: int) -> str:
    """Run classic BPF over struct seccomp_data. Asserts what the kernel's verifier asks."""
    code = [struct.unpack_from("<HBBI", program, at) for at in range(0, len(program), 8)]
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    at, accumulator = 0, 0
    while True:
        assert 0 <= at < len(code)
        operation, yes, no, k = code[at]
        at += 1
        if operation == 0x20:  # load a word
            assert k % 4 == 0
            assert k + 4 <= len(data)
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif operation == 0x54:  # and
            accumulator &= k
        elif operation == 0x05:  # jump
            at += k
        elif operation in (0x15, 0x25, 0x35, 0x45):
            taken = {
                0x15: accumulator == k,
                0x25: accumulator > k,
                0x35: accumulator >= k,
                0x45: bool(accumulator & k),
            }[operation]
            at += yes if taken else no
        elif operation == 0x06:  # return
            return _name(k)
        else:
            raise AssertionError(f"instruction {operation:#x} is not one of seccomp's")


def _name(action: int) -> str:
    if action & 0xFFFF0000 == 0x00050000:
        return f"errno {action & 0xFFFF}"
    return {seccomp.ALLOW: "allow", seccomp.KILL_PROCESS: KILL, seccomp.NOTIFY: "ask"}[action]


@pytest.fixture(scope="module", params=seccomp.ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module", params=[True, False], ids=["in namespaces", "on the machine"])
def read_only_mounts(request: pytest.FixtureRequest) -> bool:
    answer: bool = request.param
    return answer


@pytest.fixture(scope="module")
def program(architecture: str, read_only_mounts: bool) -> bytes:
    built = seccomp.build_filter(read_only_mounts=read_only_mounts, architecture=architecture)
    return seccomp.for_pid(built, OWN_PID)


def number(name: str, architecture: str) -> int | None:
    found = seccomp.number_of(name, architecture)
    return None if found is None or found < 0 else found


def test_every_name_is_known(architecture: str) -> None:
    names = [
        *seccomp.ALLOWED,
        *seccomp.ALLOWED_ON_READ_ONLY_MOUNTS,
        *seccomp.REFUSED,
        *(rule.name for rule in seccomp.conditional_rules()),
    ]
    unknown = {name for name in names if seccomp.number_of(name, architecture) is None}
    assert unknown <= MAY_BE_UNKNOWN


def test_no_name_stands_in_two_lists() -> None:
    names = [
        *seccomp.ALLOWED,
        *seccomp.ALLOWED_ON_READ_ONLY_MOUNTS,
        *seccomp.REFUSED,
        *{rule.name for rule in seccomp.conditional_rules()},
    ]
    assert len(names) == len(set(names))


def test_the_program_is_one_that_the_kernel_takes(program: bytes) -> None:
    assert len(program) % 8 == 0
    assert len(program) // 8 <= 4096
    for at in range(0, len(program), 8):
        operation, yes, no, k = struct.unpack_from("<HBBI", program, at)
        left = (len(program) - at) // 8 - 1
        assert operation != 0x05 or k < left
        assert operation not in (0x15, 0x25, 0x35, 0x45) or max(yes, no) < left
    assert struct.unpack_from("<H", program, len(program) - 8) == (0x06,)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    DECISIONS,
    ids=[f"{name}{arguments}" for name, arguments, _ in DECISIONS],
)
def test_decisions(
    program: bytes, architecture: str, name: str, arguments: tuple[int, ...], expected: str
) -> None:
    call = number(name, architecture)
    if call is None:
        pytest.skip(f"{architecture} has no {name}, or this libseccomp does not know it")
    assert decide(program, call, arguments, AUDIT[architecture]) == expected


def test_every_allowed_call_is_allowed(program: bytes, architecture: str) -> None:
    for name in seccomp.ALLOWED:
        call = number(name, architecture)
        if call is not None:
            assert decide(program, call, (), AUDIT[architecture]) == "allow", name


def test_every_refused_call_is_refused(program: bytes, architecture: str) -> None:
    for name in seccomp.REFUSED:
        call = number(name, architecture)
        if call is not None:
            assert decide(program, call, (), AUDIT[architecture]) == EPERM, name


def test_files_are_changed_by_path_only_where_mounts_forbid_it(
    program: bytes, architecture: str, read_only_mounts: bool
) -> None:
    for name in seccomp.ALLOWED_ON_READ_ONLY_MOUNTS:
        call = number(name, architecture)
        if call is not None:
            expected = "allow" if read_only_mounts else EPERM
            assert decide(program, call, (), AUDIT[architecture]) == expected, name


def test_unknown_calls_are_unknown(program: bytes, architecture: str) -> None:
    for call in (*range(470, 600), 5000):
        assert decide(program, call, (), AUDIT[architecture]) == ENOSYS


def test_another_architectures_calls_kill(program: bytes, architecture: str) -> None:
    for arch in {*AUDIT.values(), I386} - {AUDIT[architecture]}:
        assert decide(program, 0, (), arch) == KILL
    if architecture == "x86_64":
        assert decide(program, 0x40000000 + 39, (), AUDIT[architecture]) == KILL


def test_only_large_writable_mappings_are_asked_about(architecture: str) -> None:
    watch = seccomp.build_watch(architecture)
    mmap, mremap = number("mmap", architecture), number("mremap", architecture)
    assert mmap is not None
    assert mremap is not None
    large, arch = seccomp.WATCHED_BYTES + 1, AUDIT[architecture]
    assert decide(watch, mmap, (0, large, 3), arch) == "ask"
    assert decide(watch, mmap, (0, 30 << 30, 3), arch) == "ask"
    assert decide(watch, mmap, (0, large, 1), arch) == "allow"
    assert decide(watch, mmap, (0, large - 1, 3), arch) == "allow"
    assert decide(watch, mremap, (0, 4096, large), arch) == "ask"
    assert decide(watch, mremap, (0, large, 4096), arch) == "allow"


def every_call(architecture: str) -> list[tuple[int, tuple[int, ...]]]:
    """Each number there may be without arguments, and those of DECISIONS with theirs."""
    found = [(call, ()) for call in (*range(600), 5000, 0x40000000 + 39, -1)]
    named = [(number(name, architecture), arguments) for name, arguments, _ in DECISIONS]
    return found + [(call, arguments) for call, arguments in named if call is not None]


def test_a_diagnosis_asks_about_every_call_that_is_not_allowed(
    program: bytes, architecture: str, read_only_mounts: bool
) -> None:
    channel_fd = 9
    built = seccomp.build_asking(
        read_only_mounts=read_only_mounts, channel_fd=channel_fd, architecture=architecture
    )
    asking = seccomp.for_pid(built, OWN_PID)
    arch = AUDIT[architecture]
    watched = {number(name, architecture) for name in ("mmap", "mremap")}
    needed = {number("sendmsg", architecture): channel_fd, number("seccomp", architecture): 1}
    for call, arguments in every_call(architecture):
        ordinary = decide(program, call & 0xFFFFFFFF, arguments, arch)
        found = decide(asking, call & 0xFFFFFFFF, arguments, arch)
        if call not in watched:
            assert found == ("allow" if ordinary == "allow" else "ask"), call
    for call, argument in needed.items():
        assert call is not None
        assert decide(asking, call, (argument,), arch) == "allow"
        assert decide(asking, call, (argument + 1,), arch) == "ask"
    large, mmap = seccomp.WATCHED_BYTES + 1, number("mmap", architecture)
    assert mmap is not None
    assert decide(asking, mmap, (0, large, 3), arch) == "ask"
    assert decide(asking, mmap, (0, large, 1), arch) == "allow"
    assert decide(asking, mmap, (0, large - 1, 3), arch) == "allow"
    assert decide(asking, 0, (), I386) == "ask"


def test_a_diagnosis_reads_the_filter_as_the_kernel_does(program: bytes, architecture: str) -> None:
    for arch in (AUDIT[architecture], I386):
        for call, arguments in every_call(architecture):
            padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
            found = diagnosis.decide(program, MappingRequest(1, 1, call, arch, padded))
            assert _name(found) == decide(program, call & 0xFFFFFFFF, arguments, arch), call


def test_the_seal_refuses_what_a_diagnosis_needed_and_nothing_else() -> None:
    seal, here = seccomp.build_seal(), platform.machine()
    closed = {number(name, here) for name in ("sendmsg", "seccomp")}
    for call in (*range(600), 5000):
        assert decide(seal, call, (), AUDIT[here]) == (EPERM if call in closed else "allow")


def test_an_architecture_without_a_list_is_refused() -> None:
    with pytest.raises(seccomp.SeccompMissing, match=r"riscv64 is not one of x86_64, aarch64"):
        seccomp.build_filter(read_only_mounts=True, architecture="riscv64")
