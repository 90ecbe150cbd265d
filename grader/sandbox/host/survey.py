"""What this machine offers for running student code safely, what is missing, and the remedy.

`python -m grader doctor` prints it. The verdict comes from the canary (probe.py); the facts are
there to explain it, and if they contradict each other, the canary is right.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader._internal.install_hint import install
from grader.errors import GraderFault
from grader.sandbox.host.probe import Rung, climb, refusal, remedy_of_system, system_name
from grader.sandbox.protocol.packages import in_words, lacks, versions

if TYPE_CHECKING:
    from grader.sandbox.host.fork_server import ForkServerLauncher

_LANDLOCK_SINCE = (5, 13)
# Files below /proc/sys, the value that stands in the way, and what to do about it.
_SWITCHES = (
    (
        "user/max_user_namespaces",
        "0",
        "sudo sysctl user.max_user_namespaces=15000",
    ),
    (
        "kernel/unprivileged_userns_clone",
        "0",
        "sudo sysctl kernel.unprivileged_userns_clone=1",
    ),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or give this Python an"
        " AppArmor profile with `userns,`",
    ),
)
_UNKNOWN_CAUSE = (
    "ask the administrator of this machine what refuses them; the level landlock does not need them"
)


@dataclass(frozen=True)
class Fact:
    """One line of the survey. remedy: what to do, "" if nothing needs to be done."""

    name: str
    found: str
    good: bool
    remedy: str = ""


@dataclass(frozen=True)
class Survey:
    """What this machine offers.

    isolation: the best level that holds ("full", "landlock") or "none". verdict: that in a
    sentence. rungs: how each level that was tried fared. facts: what explains it.
    """

    isolation: str
    verdict: str
    rungs: tuple[Rung, ...]
    facts: tuple[Fact, ...]


def survey(sets: Sequence[tuple[str, ...]] = ()) -> Survey:
    """Try the levels and collect the facts. sets: the packages of homeworks, each tried too.

    Takes a second or two, and as long again for each set as its packages take to be imported.
    """
    launcher, rungs = climb()
    tried: list[Fact] = []
    if launcher is None:
        isolation, verdict = "none", refusal(rungs)
    else:
        with launcher:
            tried = [_package_fact(launcher, packages) for packages in sets]
        isolation = launcher.isolation
        verdict = launcher.notice or (
            "Submissions run isolated, with namespaces, Landlock, a system call filter and limits."
        )
    return Survey(isolation, verdict, rungs, (*_facts(isolation, rungs), *tried))


def promises(named: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What submissions can import: what all can, and those of homeworks that name more.

    named: by homework, the packages that it names.
    """
    yield f"Submissions can import {in_words(())}."
    for name, packages in named.items():
        if packages:
            yield f"Those of {name} can import {in_words(packages)}."


def _package_fact(launcher: ForkServerLauncher, packages: tuple[str, ...]) -> Fact:
    """Whether submissions can be isolated with these packages loaded."""
    name = f"packages {', '.join(packages)}"
    missing = lacks(packages)
    if missing:
        found = "; ".join(lack.fact for lack in missing)
        return Fact(name, found, False, install(lack.requirement for lack in missing))
    try:
        boot_s = launcher.serving(packages).facts.boot_s
    except GraderFault as fault:
        return Fact(name, str(fault), False, "take what is named there off `packages`")
    there = ", ".join(f"{package} {version}" for package, version in versions(packages).items())
    return Fact(name, f"{there}: loaded in {boot_s:.1f} s, once for all submissions", True)


def _facts(isolation: str, rungs: tuple[Rung, ...]) -> Iterator[Fact]:
    name = system_name()
    if name != "Linux":
        yield Fact(
            "system",
            f"{name}: `check` works here, without isolation, but `grade` does not",
            False,
            remedy_of_system(),
        )
        return
    from grader.sandbox.linux import seccomp, syscalls

    yield Fact("system", f"Linux {platform.release()} on {platform.machine()}", True)
    yield _landlock_fact(syscalls.landlock_version())
    trouble = seccomp.missing()
    yield Fact(
        "libseccomp",
        trouble or "present",
        trouble is None,
        "install libseccomp2 (Debian, Ubuntu) or libseccomp (Fedora, Arch, Alpine)"
        if trouble
        else "",
    )
    yield from _namespace_facts(rungs)
    yield _user_fact(isolation)


def _landlock_fact(version: int) -> Fact:
    if version:
        return Fact("Landlock", f"version {version}", True)
    numbers = platform.release().split(".")
    with contextlib.suppress(ValueError, IndexError):
        if (int(numbers[0]), int(numbers[1])) < _LANDLOCK_SINCE:
            return Fact("Landlock", "this kernel is too old", False, "use Linux 5.13 or newer")
    remedy = "add landlock to the kernel's lsm= parameter"
    if _container():
        remedy += ", or let the container use it: a newer runtime or another seccomp profile"
    return Fact("Landlock", "switched off", False, remedy)


def _namespace_facts(rungs: tuple[Rung, ...]) -> Iterator[Fact]:
    full = rungs[0]
    remedies = []
    for name, bad, remedy in _SWITCHES:
        with contextlib.suppress(OSError):
            value = Path("/proc/sys", name).read_text().strip()
            # Where namespaces work all the same, for root perhaps, nothing needs doing.
            hurts = value == bad and not full.holds
            remedies += [remedy] if hurts else []
            yield Fact(name.replace("/", "."), value, not hurts, remedy if hurts else "")
    if _container():
        yield Fact("container", _container(), True)
        remedies.append(
            "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined:"
            " the sandbox restricts more than these options allow"
        )
    if full.holds:
        yield Fact("namespaces", "available", True)
    elif full.trouble == rungs[-1].trouble:
        yield Fact(
            "namespaces", "not tried, because something that both levels need is missing", True
        )
    else:
        found = f"not available: {'; '.join(full.trouble)}"
        yield Fact("namespaces", found, False, "; or ".join(remedies or [_UNKNOWN_CAUSE]))


def _user_fact(isolation: str) -> Fact:
    if os.geteuid() != 0:
        return Fact("user", "an ordinary user", True)
    if isolation == "landlock":
        home = Path(sys.base_prefix)
        if any(not parent.stat().st_mode & 0o001 for parent in (home, *home.parents)):
            return Fact(
                "user",
                f"root, and only root can enter {home}: submissions run as root without privileges"
                " and their threads are not limited",
                False,
                "grade as an ordinary user, or use a Python that every user may read",
            )
        return Fact("user", "root", True, "keep solutions in a folder with mode 0700")
    return Fact("user", "root", True)


def _container() -> str:
    """The container runtime that this runs in, or ""."""
    for path, name in (("/.dockerenv", "Docker"), ("/run/.containerenv", "Podman")):
        if Path(path).exists():
            return name
    return os.environ.get("container", "")  # noqa: SIM112 - so systemd and LXC spell it
