"""The ladder, on this machine and on machines that are made to lack something."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SandboxUnavailable
from grader.sandbox.host import probe
from grader.sandbox.host.launch import PlainLauncher
from grader.sandbox.host.survey import Survey, survey
from grader.sandbox.linux import seccomp

ROOT = Path(__file__).resolve().parents[2]
REFUSAL = (
    "Cannot isolate student code here: needs Linux 5.13 or newer with Landlock."
    " Use --unsafe only for code you trust."
)

# A kernel or a container that answers `errno` to some calls, made with the filter's own tools; and
# a system without libseccomp, as ctypes would find it.
POORER = """
import ctypes, json, sys
sys.path.insert(0, sys.argv[1])
from grader.sandbox.linux import seccomp, syscalls
lacking = json.loads(sys.argv[2])
rules = [seccomp.Rule(0x00050000 | number, name) for name, number in lacking.items() if number]
syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
seccomp.load(seccomp._export(rules, seccomp.ALLOW, None))
load = ctypes.CDLL
def load_other(name, *args, **more):
    if name in lacking:
        raise OSError(f"{name}: cannot open shared object file")
    return load(name, *args, **more)
seccomp._library.cache_clear()
ctypes.CDLL = load_other
from grader.sandbox.host.survey import Survey, survey
seen = survey()
facts = [[fact.name, fact.found, fact.good, fact.remedy] for fact in seen.facts]
print(json.dumps([seen.isolation, seen.verdict, facts]))
"""
EPERM, ENOSYS = 1, 38
NO_NAMESPACES = {"unshare": EPERM}
NO_LANDLOCK = {"landlock_create_ruleset": ENOSYS}
# A container's root: it may become others, but not mount.
NO_MOUNTING = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
NO_OTHER_USER = ("setpriv", "--bounding-set=-sys_admin,-setuid", "--inh-caps=-sys_admin,-setuid")


def poorer(
    lacking: dict[str, int], command: tuple[str, ...] = ()
) -> tuple[str, str, dict[str, list[Any]]]:
    """What is found where something is missing: the level, the verdict and the facts by name.

    lacking: system calls with their error, or a library with 0. command: what to run it with.
    """
    if platform.system() != "Linux" or seccomp.missing():
        pytest.skip("needs Linux and libseccomp to take calls away")
    ran = subprocess.run(
        [*command, sys.executable, "-c", POORER, str(ROOT), json.dumps(lacking)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    level, verdict, facts = json.loads(ran.stdout)
    return level, verdict, {fact[0]: fact[1:] for fact in facts}


@pytest.fixture(scope="module")
def here() -> Survey:
    return survey()


def test_full_is_not_skipped_where_the_machine_has_it(here: Survey) -> None:
    """A machine that can make namespaces and knows Landlock must come out as "full"."""
    if platform.system() != "Linux":
        pytest.skip("only Linux has namespaces")
    from grader.sandbox.linux import syscalls

    made = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "x", "/mnt"],
        capture_output=True,
    )
    if made.returncode or not syscalls.landlock_version() or seccomp.missing():
        pytest.skip("this machine lacks namespaces, Landlock or libseccomp")
    assert here.isolation == "full"


def test_the_survey_explains_this_machine(here: Survey) -> None:
    facts = {fact.name: fact for fact in here.facts}
    if platform.system() != "Linux":
        pytest.skip("other systems have one fact")
    assert {"system", "Landlock", "libseccomp", "namespaces", "user"} <= set(facts)
    assert facts["namespaces"].good == (here.isolation != "landlock")
    for fact in here.facts:
        assert fact.good or fact.remedy
    if here.isolation == "full":
        assert here.rungs == (probe.Rung("full", True),)


def test_without_namespaces_landlock_alone() -> None:
    level, verdict, facts = poorer(NO_NAMESPACES)
    if level == "none":
        pytest.skip("this machine has no Landlock either")
    assert level == "landlock"
    assert verdict.startswith(
        "Namespaces are not available (unshare: EPERM). Landlock and seccomp are used instead:"
        " submissions cannot write files, but they can see whether paths exist."
    )
    assert facts["namespaces"][:2] == ["not available: unshare: EPERM", False]
    assert facts["namespaces"][2]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_containers_root_begins_with_a_user_namespace(here: Survey) -> None:
    if shutil.which("setpriv") is None or here.isolation != "full":
        pytest.skip("needs setpriv, and a machine that has the level")
    assert poorer({}, NO_MOUNTING)[0] == "full"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_it_is_said_where_the_kernel_does_not_count_threads(here: Survey) -> None:
    """Of the machine's own root it counts none, in whatever namespace."""
    if shutil.which("setpriv") is None or here.isolation != "full":
        pytest.skip("needs setpriv, and a machine that has the level")
    level, verdict, _ = poorer({}, NO_OTHER_USER)
    assert (level, verdict) == (
        "full",
        "Everything runs as the machine's root user, whose threads the kernel does not limit."
        " Grade as an ordinary user to limit them.",
    )


def test_without_landlock_there_is_no_level() -> None:
    level, verdict, facts = poorer(NO_LANDLOCK)
    assert (level, verdict) == ("none", REFUSAL)
    assert facts["Landlock"][1] is False
    assert facts["Landlock"][2]
    # Which level is missing is not the namespaces' fault.
    assert facts["namespaces"][1:] == [True, ""]


def test_without_landlock_and_namespaces_each_has_its_remedy() -> None:
    level, verdict, facts = poorer(NO_LANDLOCK | NO_NAMESPACES)
    assert (level, verdict) == ("none", REFUSAL)
    assert [facts[name][1] for name in ("Landlock", "namespaces")] == [False, False]
    assert facts["Landlock"][2]
    assert facts["namespaces"][2]


def test_without_libseccomp_there_is_no_level() -> None:
    level, verdict, facts = poorer({"libseccomp.so.2": 0})
    assert level == "none"
    assert verdict == (
        "Cannot isolate student code here: the system's libseccomp (libseccomp.so.2) is not there."
        " Use --unsafe only for code you trust."
    )
    assert facts["libseccomp"][1:] == [
        False,
        "install libseccomp2 (Debian, Ubuntu) or libseccomp (Fedora, Arch, Alpine)",
    ]


def test_without_a_filter_there_is_no_level() -> None:
    level, verdict, _ = poorer({"seccomp": EPERM})
    assert level == "none"
    assert "seccomp: EPERM" in verdict


def test_without_read_only_binds_a_level_lower() -> None:
    assert poorer({"mount_setattr": ENOSYS})[0] in ("landlock", "none")


def test_unsafe_is_never_chosen_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rungs = (probe.Rung("full", False, ("x",)), probe.Rung("landlock", False, ("y",)))
    monkeypatch.setattr(probe, "climb", lambda *_, **__: (None, rungs))
    with pytest.raises(SandboxUnavailable) as caught:
        probe.open_launcher()
    assert str(caught.value).startswith("Cannot isolate student code here: ")
    assert caught.value.__notes__[:2] == ["full: x", "landlock: y"]
    assert "doctor" in caught.value.__notes__[2]
    assert isinstance(probe.open_launcher(allow_unsafe=True), PlainLauncher)


@pytest.mark.parametrize(
    ("system", "name", "remedy"),
    [
        ("Darwin", "macOS", "grade on Linux, or in the course's container image"),
        ("Windows", "Windows", "grade in WSL 2, on Linux, or in the course's container image"),
    ],
)
def test_other_systems_are_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, system: str, name: str, remedy: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    seen = survey()
    assert (seen.isolation, seen.verdict) == ("none", REFUSAL)
    (fact,) = seen.facts
    assert fact.found.startswith(f"{name}: `check` works here, without isolation")
    assert fact.remedy == remedy
