"""The ladder, on this machine and on machines that are made to lack something."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from grader.errors import SandboxUnavailable
from grader.sandbox import probe, seccomp
from grader.sandbox.launch import PlainLauncher
from grader.sandbox.survey import survey

ROOT = Path(__file__).resolve().parents[2]
REFUSAL = (
    "Cannot isolate student code here: needs Linux 5.13 or newer with Landlock."
    " Use --unsafe only for code you trust."
)

# A kernel or a container that answers `errno` to some calls, made with the filter's own tools.
POORER = """
import json, sys
sys.path.insert(0, sys.argv[1])
from grader.errors import SandboxUnavailable
from grader.sandbox import linux, seccomp
rules = [seccomp.Rule(0x00050000 | number, name) for name, number in json.loads(sys.argv[2])]
linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
seccomp.load(seccomp._export(rules, seccomp.ALLOW, None))
from grader.sandbox.probe import open_launcher
from grader.sandbox.survey import survey
try:
    launcher = open_launcher()
    found = [launcher.isolation, launcher.notice]
    launcher.close()
except SandboxUnavailable as exc:
    found = ["none", str(exc), *exc.__notes__]
seen = survey()
facts = [[fact.name, fact.found, fact.good, fact.remedy] for fact in seen.facts]
print(json.dumps([found, seen.isolation, facts]))
"""
EPERM, ENOSYS = 1, 38
NO_NAMESPACES = [["unshare", EPERM]]
NO_LANDLOCK = [["landlock_create_ruleset", ENOSYS]]


def poorer(lacking: list[list[Any]]) -> tuple[list[str], str, dict[str, list[Any]]]:
    """What is found where calls fail: the ladder's answer, the survey's level and facts."""
    if platform.system() != "Linux" or seccomp.missing():
        pytest.skip("needs Linux and libseccomp to take calls away")
    ran = subprocess.run(
        [sys.executable, "-c", POORER, str(ROOT), json.dumps(lacking)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    found, level, facts = json.loads(ran.stdout)
    return found, level, {fact[0]: fact[1:] for fact in facts}


def test_full_is_not_skipped_where_the_machine_has_it() -> None:
    """A machine that can make namespaces and knows Landlock must come out as "full"."""
    if platform.system() != "Linux":
        pytest.skip("only Linux has namespaces")
    from grader.sandbox import linux

    made = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "x", "/mnt"],
        capture_output=True,
    )
    if made.returncode or not linux.landlock_version() or seccomp.missing():
        pytest.skip("this machine lacks namespaces, Landlock or libseccomp")
    launcher = probe.open_launcher()
    launcher.close()
    assert launcher.isolation == "full"


def test_the_canary_is_quick() -> None:
    launcher, _ = probe.climb()
    if launcher is None:
        pytest.skip("no isolation here")
    with launcher:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            assert probe.run_canary(launcher) == ()
            times.append(time.perf_counter() - started)
    # 20 ms on an idle machine; this only tells tens of milliseconds from seconds.
    assert min(times) < 0.5


def test_without_namespaces_landlock_alone() -> None:
    found, level, facts = poorer(NO_NAMESPACES)
    if found[0] == "none":
        pytest.skip("this machine has no Landlock either")
    assert found[0] == level == "landlock"
    assert found[1].startswith(
        "Namespaces unavailable (unshare: EPERM). Using Landlock + seccomp: submissions cannot"
        " write files and can see whether paths exist."
    )
    assert facts["namespaces"][0] == "not available: unshare: EPERM"
    assert facts["namespaces"][1] is False


@pytest.mark.parametrize("lacking", [NO_LANDLOCK, NO_LANDLOCK + NO_NAMESPACES])
def test_without_landlock_there_is_no_level(lacking: list[list[Any]]) -> None:
    found, level, facts = poorer(lacking)
    assert found[:2] == ["none", REFUSAL]
    assert level == "none"
    assert facts["Landlock"][1] is False
    assert facts["Landlock"][2]


def test_without_a_filter_there_is_no_level() -> None:
    found, _, _ = poorer([["seccomp", EPERM]])
    assert found[:2] == ["none", REFUSAL]


def test_without_memory_watching_the_level_still_holds() -> None:
    """A container's own filter may have the one listener that the kernel gives."""
    found, _, _ = poorer([["mount_setattr", ENOSYS]])
    assert found[0] in ("landlock", "none")  # read-only binds need it: a level lower


def test_unsafe_is_never_chosen_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rungs = (probe.Rung("full", False, ("x",)), probe.Rung("landlock", False, ("y",)))
    monkeypatch.setattr(probe, "climb", lambda: (None, rungs))
    with pytest.raises(SandboxUnavailable) as caught:
        probe.open_launcher()
    assert str(caught.value) == REFUSAL
    assert caught.value.__notes__ == ["full: x", "landlock: y"]
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
    assert fact.found.startswith(f"{name}: students' `check` works here")
    assert fact.remedy == remedy


def test_the_survey_explains_this_machine() -> None:
    seen = survey()
    facts = {fact.name: fact for fact in seen.facts}
    assert {"system", "Landlock", "libseccomp", "namespaces", "user"} <= set(facts)
    assert facts["namespaces"].good == (seen.isolation == "full")
    for fact in seen.facts:
        assert fact.good or fact.remedy or fact.name == "namespaces"
    if seen.isolation == "full":
        assert seen.rungs == (probe.Rung("full", True),)
