"""Packages that a homework names: what is shown, loaded before the fork, and said to be missing.

Flask and PyYAML, which the tests' own environment has, stand for any package of several parts.
"""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.packages import joined
from grader.errors import SandboxUnavailable
from grader.sandbox.host.fork_server import ForkServerLauncher
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.sandbox.host.probe import run_canary
from grader.sandbox.host.session import Session
from grader.sandbox.protocol.packages import entries, importable, in_words, lacks, modules, versions
from grader.submission.program import Part, Program

NAMED = ("flask>=3", "pyyaml")
IMPORTS = """
import sys
BEFORE = [name for name in ("flask", "yaml") if name in sys.modules]
def f(name):
    try:
        return __import__(name).__name__
    except ImportError as exc:
        return str(exc)
def before():
    return BEFORE
"""


@pytest.fixture(scope="module")
def base() -> Iterator[ForkServerLauncher]:
    try:
        launcher = ForkServerLauncher("full")
    except SandboxUnavailable as exc:
        pytest.skip(f"full is not available here: {exc}")
    with launcher:
        yield launcher


def values(launcher: object, calls: list[tuple[str, tuple[object, ...]]]) -> list[object]:
    session = Session(launcher, Limits())  # type: ignore[arg-type]
    with contextlib.closing(session):
        session.load(Program("demo", (Part("demo.py", "demo.py", IMPORTS.encode()),)))
        return [session.call(name, [(args, {})], None).values[0] for name, args in calls]


def test_named_packages_are_there_and_loaded_and_no_others(base: ForkServerLauncher) -> None:
    tried: list[ForkServerLauncher] = []
    base.try_new = tried.append
    more = base.serving(NAMED)
    assert base.serving(NAMED) is more
    assert more.serving(NAMED) is more
    assert tried == [more]
    assert run_canary(more) == ()
    names = ("flask", "yaml", "werkzeug", "scipy", "grader.checks")
    calls = [("before", ()), *(("f", (name,)) for name in names)]
    before, flask, yaml, werkzeug, scipy, checks = values(more, calls)
    assert before == ["flask", "yaml"]
    assert (flask, yaml, werkzeug) == ("flask", "yaml", "werkzeug")
    assert scipy == "No module named 'scipy'"
    assert "No module named 'grader" in str(checks)
    # A homework that names none neither sees them nor pays for them.
    assert values(base, [("before", ()), ("f", ("yaml",))]) == [[], "No module named 'yaml'"]


def test_what_follows_from_a_jail_holds_at_home_too() -> None:
    calls = [("f", (name,)) for name in ("yaml", "werkzeug", "rich")]
    told = ["yaml", "werkzeug", "No module named 'rich'"]
    assert values(PlainLauncher().serving(NAMED), calls) == told
    assert values(PlainLauncher(), calls[:1]) == ["No module named 'yaml'"]


def distribution(folder: Path, name: str, *requires: str, code: str = "") -> None:
    """Install a package of one module."""
    version = "1.5"
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = [f"Name: {name}", f"Version: {version}", "Metadata-Version: 2.1"]
    lines += [f"Requires-Dist: {text}" for text in requires]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    (folder / f"{name}.py").write_text(code)
    (info / "RECORD").write_text(f"{name}.py,,\n{info.name}/METADATA,,\n")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages from which this process imports."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()
    return folder


def test_markers_and_extras_say_what_is_needed(shelf: Path) -> None:
    distribution(
        shelf, "loom", "weft", "warp; sys_platform == 'plan9'", "dye[fast]; extra == 'colour'",
    )  # fmt: skip
    distribution(shelf, "weft", "old; python_version < '3'")
    for name in ("warp", "dye", "old", "quick"):
        distribution(shelf, name, *(["quick; extra == 'fast'"] if name == "dye" else []))
    own = {"loom", "weft", "warp", "dye", "old", "quick"}
    assert importable(("loom",)) & own == {"loom", "weft"}
    assert importable(("loom[colour]>=1",)) & own == {"loom", "weft", "dye", "quick"}
    assert {path.name for path in entries(("loom",))} >= {"loom.py", "weft.py"}


def test_what_is_missing_or_of_another_version_is_told(shelf: Path) -> None:
    distribution(shelf, "loom")
    facts = [lack.fact for lack in lacks(("loom>=2", "shuttle", "numpy>=1"))]
    assert facts == ["loom 1.5 is installed, and not loom>=2", "shuttle is not installed"]
    assert lacks(("loom~=1.4",)) == []
    assert versions(("Loom", "shuttle")) == {"loom": "1.5"}


def test_a_package_of_another_name_is_loaded_by_its_modules() -> None:
    assert modules(("pyyaml", "numpy>=1")) == ["yaml"]
    assert modules(NAMED) == ["flask", "yaml"]
    assert in_words(("pyyaml>=6",)) == "numpy, matplotlib, pyyaml and the standard library"


def test_a_package_that_starts_threads_is_left_to_the_submission(
    base: ForkServerLauncher, shelf: Path
) -> None:
    start = "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    distribution(shelf, "busy", code=f"import threading, time\n{start}")
    more = base.serving(("busy", "pyyaml"))
    told = values(more, [("before", ()), ("f", ("busy",)), ("f", ("busy",))])
    assert told == [["yaml"], "busy", "busy"]
    # That its threads count is the submission's own affair.
    assert values(more, [("f", ("yaml",))]) == ["yaml"]


def test_what_a_fork_server_says_before_its_end_is_heard_after_it(
    base: ForkServerLauncher, shelf: Path
) -> None:
    start = "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    distribution(shelf, "hasty", code=f"import threading, time\n{start}")
    launcher = ForkServerLauncher(base._level, packages=("hasty",), wait=False)
    launcher.expect(many=False)  # an order that it does not come to read
    os.waitid(os.P_PID, launcher._link.pid, os.WEXITED | os.WNOWAIT)
    launcher.wait_ready()
    with launcher:
        assert values(launcher, [("f", ("hasty",))]) == ["hasty"]


def test_lists_of_course_and_homework_are_joined() -> None:
    both = joined((("torch>=2.6", "pandas"), ("torch[opt]<3",)))
    assert both == ("pandas", "torch[opt]<3,>=2.6")
    assert joined(((), ())) == ()
