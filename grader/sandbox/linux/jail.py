"""The walls around student code: what is closed, in which order, and why in that order.

Two functions, called in two processes. `enter_namespaces` runs once, in the zygote, before any
submission exists: it leaves the machine's file system, network, process table and IPC behind.
`lock_down` runs in each forked child just before it serves a submission:

1. descriptors (by the zygote): 0 to 3 are the null device, the two output pipes and the channel
   to the trusted side. In namespaces 4 is Landlock's ruleset until it is applied and 5 the zygote's
   socket until the child has sent a handle on its folder. The rest is closed.
2. a mount namespace and a fresh tmpfs on /box/own. Before 3, because a tmpfs mounted by a user
   without an id answers EOVERFLOW.
3. a user namespace without any id in it, for a counter of processes that no sibling shares.
4. resource limits, while there still are privileges to lower them with.
5. ids and capabilities go. From here on nothing above could be undone.
6. no_new_privs, which Landlock and seccomp ask of a process without privileges; death with the
   parent, which a change of ids has just cleared; no core, no ptrace, no readable /proc entry.
7. Landlock. In namespaces one ruleset serves all children: it grants what is mounted below /box,
   and below /box each child sees only its own mount. Else each child names its own folder.
8. seccomp, last, because it refuses most of what stands above.

At the level "landlock" there are no namespaces: 2 and 3 fall away and the submission's folder,
made by the trusted side, can only be read.

A child's time counts: what is the same for all of them is done in the zygote, and what is left
touches as little of Python's heap as it can, since each page costs a page fault and a copy.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from grader.sandbox.linux import diagnosis, landlock, seccomp, syscalls, visible
from grader.sandbox.linux.diagnosis import Programs
from grader.sandbox.linux.visible import DEVICES, FileView

BOX = "/box/own"
RPC_FD = 3
RULESET_FD = 4
REPORT_FD = 5
DIAGNOSIS_FD = 6  # open during a diagnosis only; see diagnosis.py

# Mounted over in the zygote's own mount namespace, where nobody else sees it. A folder that always
# exists and is never above anything to show saves a temporary folder that could be left behind.
_NEW_ROOT = "/sys"
_BOX_INODES = 512
_OPEN_FILES = 64
_PENDING_SIGNALS = 64
_STACK_BYTES = 8 << 20
_ISOLATED = (
    syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWNET
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWCGROUP
)


@dataclass(frozen=True)
class Bounds:
    """One child's limits as the kernel counts them.

    address_bytes: address space, the zygote's own part included. cpu_s: all threads together.
    disk_bytes: size of /box and of any file. processes: threads, and whatever else the kernel
    counts for the same user.
    """

    address_bytes: int
    cpu_s: int
    disk_bytes: int
    processes: int


@dataclass(frozen=True)
class Walls:
    """What is the same for all children of a zygote.

    namespaces: whether `enter_namespaces` was called. program: the system call filter; where there
    are no namespaces it is still to be fitted to a pid. grants: Landlock's where each child makes
    a ruleset of its own, else empty. without: layers left out, which only tests of layers ask for.
    diagnosis: the filters that tell what they refuse, where somebody looks for the reason of a
    failure.
    """

    namespaces: bool
    program: bytes
    grants: tuple[tuple[str, int], ...] = ()
    without: frozenset[str] = frozenset()
    diagnosis: Programs | None = None


def enter_namespaces(
    view: FileView,
    outer_id: int | None,
    ask_for_maps: Callable[[], None],
    note: Callable[[str], None],
) -> None:
    """Leave everything of the machine behind but `view`. Takes effect on pids with the next fork.

    outer_id: for real root, the user and group id to become, which owns the new user namespace;
    `ask_for_maps` is then called for the trusted side to write the id maps. None for anyone else:
    the process maps itself. note: called with the name of each step that is done. Raises OSError
    where the kernel or the container refuses.
    """
    if outer_id is not None and _may_isolate():
        note("mount, network, IPC, UTS and cgroup namespaces")
        # The root is built as root: Python itself may sit in a folder that only root can enter.
        _build_root(view)
        note("root folder of read-only mounts")
        _become(outer_id)
        note(f"user {outer_id}")
        syscalls.unshare(syscalls.CLONE_NEWUSER | syscalls.CLONE_NEWPID)
        note("user and pid namespaces")
        ask_for_maps()
        os.setresgid(0, 0, 0)
        os.setresuid(0, 0, 0)
        note("id maps")
        return
    if outer_id is not None and visible.is_open_to_others(view):
        _become(outer_id)
        note(f"user {outer_id}")
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)  # else its maps belong to the root that it was
    uid, gid = os.getuid(), os.getgid()
    syscalls.unshare(syscalls.CLONE_NEWUSER | syscalls.CLONE_NEWPID | _ISOLATED)
    note("user, pid, mount, network, IPC, UTS and cgroup namespaces")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    note("id maps")
    _build_root(view)
    note("root folder of read-only mounts")


def _may_isolate() -> bool:
    """Enter all namespaces but those of users and pids. False for the root of a container, which
    lacks CAP_SYS_ADMIN and must begin with a user namespace, as anyone else."""
    try:
        syscalls.unshare(_ISOLATED)
    except PermissionError:
        return False
    return True


def _build_root(view: FileView) -> None:
    """A root of read-only binds, three devices and an empty /box. No /proc, /sys or /etc."""
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    flags = syscalls.MS_NOSUID | syscalls.MS_NODEV
    syscalls.mount("tmpfs", _NEW_ROOT, "tmpfs", flags, "size=1m,nr_inodes=512,mode=0755")
    read_only = syscalls.MOUNT_ATTR_RDONLY | syscalls.MOUNT_ATTR_NOSUID
    for link, target in view.links:
        Path(_NEW_ROOT + link).symlink_to(target)
    for path in view.roots:
        _show(path, read_only | syscalls.MOUNT_ATTR_NODEV)
    for path in view.hidden:
        syscalls.mount(
            "tmpfs", _NEW_ROOT + path, "tmpfs", flags, "size=64k,nr_inodes=512,mode=0755"
        )
    for path in view.packages:
        _show(path, read_only | syscalls.MOUNT_ATTR_NODEV)
    for path in DEVICES:
        # Without NODEV. Read-only keeps its mode and times from being changed, not its use.
        _show(path, read_only | syscalls.MOUNT_ATTR_NOEXEC)
    Path(_NEW_ROOT + BOX).mkdir(0o755, parents=True)
    if not os.path.lexists(_NEW_ROOT + "/tmp"):
        Path(_NEW_ROOT + "/tmp").symlink_to(BOX)
    remount = syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_RDONLY | flags
    for path in (*view.hidden, ""):
        syscalls.mount(None, _NEW_ROOT + path, None, remount)
    os.chdir(_NEW_ROOT)
    syscalls.pivot_root_here()
    syscalls.detach(".")
    os.chdir("/")


def _show(path: str, attributes: int) -> None:
    """Bind `path` to the same place below the new root, with all that is mounted below it."""
    target = Path(_NEW_ROOT + path)
    if not os.path.lexists(target):
        if Path(path).is_dir():
            target.mkdir(0o755, parents=True)
        else:
            target.parent.mkdir(0o755, parents=True, exist_ok=True)
            target.touch()
    syscalls.mount(path, str(target), None, syscalls.MS_BIND | syscalls.MS_REC)
    syscalls.mount_setattr(str(target), attributes)


def grants_in_namespaces(view: FileView) -> tuple[tuple[str, int], ...]:
    """Landlock's grants where mounts already hide what is hidden, and give each child its own."""
    return (*coarse_grants(view), (str(Path(BOX).parent), landlock.OWN_FOLDER))


def grants_on_the_machine(view: FileView, work_folder: str) -> tuple[tuple[str, int], ...]:
    """The finest grants: everything shown, piece by piece, and all submissions' folders.

    The zygote itself applies them once. Its children add `coarse_grants`, which leave each only
    its own folder; only what both grant can be read.
    """
    grants = [(path, landlock.READ) for path in (*view.readable(), work_folder)]
    grants += [(path, landlock.LIST) for path in view.listable()]
    return (*grants, *_device_grants())


def coarse_grants(view: FileView) -> tuple[tuple[str, int], ...]:
    """What is shown, in few words: without the holes and without any submission's folder."""
    folders = sorted({str(Path(package).parent) for package in view.packages})
    grants = [(path, landlock.READ) for path in (*view.roots, *folders)]
    return (*grants, *_device_grants())


def _device_grants() -> list[tuple[str, int]]:
    rights = {"/dev/null": landlock.DEVICE}
    return [(path, rights.get(path, landlock.READ)) for path in DEVICES]


def lock_down(
    walls: Walls, bounds: Bounds, folder: str, user_id: int | None, report: Callable[[int], None]
) -> None:
    """Close every layer around this process, as the top of this module says.

    folder: BOX, or at the level "landlock" the folder that the trusted side made.
    user_id: the id to become where the parent is root on the machine.
    report: called with a descriptor of the mounted BOX before the filter closes; not at the level
    "landlock". Raises OSError; the caller must then end the process without running anything.
    """
    steps = diagnosis.Steps()
    if walls.namespaces:
        syscalls.unshare(syscalls.CLONE_NEWNS)
        _mount_box(bounds.disk_bytes)
        steps.note("mount namespace and folder of its own")
        syscalls.unshare(syscalls.CLONE_NEWUSER)
        steps.note("user namespace")
    if "rlimits" not in walls.without:
        _set_limits(bounds)
        steps.note("resource limits")
    if "capabilities" not in walls.without:
        if user_id is not None:
            syscalls.drop_bounding_set()
            _become(user_id)
        syscalls.drop_capabilities()
        steps.note("ids and capabilities")
    os.chdir(folder)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
    steps.note("no new privileges")
    if walls.namespaces:
        report(os.open(BOX, os.O_PATH))
    if "landlock" not in walls.without:
        if not walls.namespaces:
            os.dup2(landlock.create((*walls.grants, (folder, landlock.READ))), RULESET_FD)
        syscalls.landlock_restrict_self(RULESET_FD)
        steps.note("Landlock")
    if walls.diagnosis is None:
        syscalls.close_from(RULESET_FD)
        if "seccomp" not in walls.without:
            seccomp.load(_fitted(walls, walls.program))
    else:
        os.dup2(DIAGNOSIS_FD, RULESET_FD)
        syscalls.close_from(RULESET_FD + 1)
        programs = replace(walls.diagnosis, asking=_fitted(walls, walls.diagnosis.asking))
        diagnosis.load(RULESET_FD, _fitted(walls, walls.program), programs, steps)


def _fitted(walls: Walls, program: bytes) -> bytes:
    """In namespaces the zygote has fitted the programs already: every child is process 1."""
    return program if walls.namespaces else seccomp.for_pid(program, os.getpid())


def _mount_box(size_bytes: int) -> None:
    flags = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
    options = f"size={size_bytes},nr_inodes={_BOX_INODES},mode=0700"
    syscalls.mount("tmpfs", BOX, "tmpfs", flags, options)


def _set_limits(bounds: Bounds) -> None:
    for which, value in (
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, bounds.disk_bytes),
        (resource.RLIMIT_NPROC, bounds.processes),
        (resource.RLIMIT_CPU, bounds.cpu_s),
        (resource.RLIMIT_AS, bounds.address_bytes),
    ):
        _limit(which, value)


def _limit(which: int, value: int) -> None:
    """Both limits, soft and hard, and never above what this process already had."""
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def _become(number: int) -> None:
    """Leave root for the user and group `number`, for good."""
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)


def prepare_for_jail() -> None:
    """What the zygote gives up for itself and for its children."""
    # What the new root holds must be readable under another id, whatever the user's habits.
    os.umask(0o022)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    for which, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, _PENDING_SIGNALS),
        (resource.RLIMIT_STACK, _STACK_BYTES),
    ):
        _limit(which, value)
    with contextlib.suppress(OSError):
        # First to go when the machine runs out of memory: never the grader.
        Path("/proc/self/oom_score_adj").write_text("1000")


def layers(names: Collection[str]) -> frozenset[str]:
    """`names` as a set of layers to leave out. Raises ValueError for one that is not a layer."""
    unknown = set(names) - {"rlimits", "capabilities", "landlock", "seccomp"}
    if unknown:
        raise ValueError(f"no such layer: {', '.join(sorted(unknown))}")
    return frozenset(names)
