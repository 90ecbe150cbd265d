"""Which changes of the grader itself make cached results invalid."""

from __future__ import annotations

import ast
import functools
import shutil
from pathlib import Path

import pytest
from making import write_course, write_files
from running import ROOT, run_grader
from test_architecture import SOURCES, imports_of

import grader
from grader.engine import fingerprint
from grader.engine.fingerprint import PARTS, fingerprint_of, tree_text

# Leaves a line in a file that outlives the worker whenever it is called.
SPY = """\
def double(x):
    with open({log!r}, "a") as file:
        file.write("double\\n")
    return 2 * x
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of this package, in a folder for PYTHONPATH."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(ROOT / "grader", tmp_path / "python" / "grader", ignore=ignored))


def append(package: Path, line: str, *modules: str) -> None:
    for name in modules:
        path = package / name
        path.write_text(path.read_text() + f"\n\n{line}\n")


def calls(package: Path) -> int:
    """Grade a class of two by the copy; how often the students' function was called."""
    base = package.parents[1]
    log = base / "log"
    log.unlink(missing_ok=True)
    ran = run_grader(
        *("grade", base / "subs", "--assignment", "demo", "--out", base / "out", "--unsafe"),
        *("--jobs", 1, "--seed", "s"),
        cwd=base / "course",
        PYTHONPATH=str(package.parent),
    )
    assert ran.code == 0, ran.err
    return len(log.read_text().splitlines()) if log.exists() else 0


@pytest.mark.smoke
def test_only_a_change_of_what_results_depend_on_grades_anew(package: Path) -> None:
    base = package.parents[1]
    write_course(base / "course")
    spy = SPY.format(log=str(base / "log"))
    write_files(base / "subs", {"ada.py": spy, "bob.py": spy.replace("2 * x", "3 * x")})
    everything = calls(package)
    assert everything == 4

    append(package, "# A comment.", "engine/runner.py", "sandbox/guest/worker.py")
    runner = (package / "engine" / "runner.py").read_text()
    (package / "engine" / "runner.py").write_text(runner.replace('"""Grades', '"""Now grades', 1))
    elsewhere = [
        "cli/grade.py",
        "gradebook/grades/rules.py",
        "lms/discover.py",
        "reports/writer.py",
    ]
    append(package, "CHANGED = True", *elsewhere, "reports/pages/view.py")
    version = (package / "__init__.py").read_text()
    (package / "__init__.py").write_text(version.replace('__version__ = "', '__version__ = "9.'))
    assert calls(package) == 0

    append(package, "CHANGED = True", "checks/compare.py")
    assert calls(package) == everything


@pytest.fixture
def parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules that are as they were are not parsed again: that takes a second each time."""
    monkeypatch.setattr(ast, "parse", functools.cache(ast.parse))
    monkeypatch.setattr(fingerprint, "tree_text", functools.cache(tree_text))


@pytest.mark.usefixtures("parsed_once")
def test_each_part_counts(package: Path) -> None:
    before = fingerprint_of(package)
    for part in PARTS:
        append(package, "CHANGED = True", part if part.endswith(".py") else f"{part}/__init__.py")
        after = fingerprint_of(package)
        assert after != before, part
        before = after


@pytest.mark.usefixtures("parsed_once")
def test_no_other_part_counts(package: Path) -> None:
    before = fingerprint_of(package)
    others = {
        path.relative_to(package).as_posix()
        for part in ("analytics", "authoring", "batch", "benchmark", "cli", "gradebook", "lms")
        for path in (package / part).rglob("*.py")
    }
    counted = {package / part for part in PARTS if part.startswith("reports/")}
    assert {path.name for path in counted} == {"schema.py", "grade_sheet.py"}
    more = [path for path in (package / "reports").rglob("*.py") if path not in counted]
    more += (package / "student").rglob("*.py")
    others |= {path.relative_to(package).as_posix() for path in more}
    append(package, "CHANGED = True", *sorted(others))
    assert fingerprint_of(package) == before


@pytest.mark.usefixtures("parsed_once")
def test_a_module_that_is_added_counts(package: Path) -> None:
    before = fingerprint_of(package)
    (package / "checks" / "another.py").write_text("")
    assert fingerprint_of(package) != before


def test_versions_that_take_turns_are_parsed_once(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    parsed: list[Path] = []
    monkeypatch.setattr(fingerprint.platformdirs, "user_cache_path", lambda name: cache)
    monkeypatch.setattr(
        fingerprint, "fingerprint_of", lambda root: parsed.append(root) or f"of{len(parsed)}"
    )

    def ask(root: Path) -> str:
        monkeypatch.setattr(grader, "__file__", str(root / "__init__.py"))
        return fingerprint.fingerprint.__wrapped__()

    first = ask(ROOT / "grader")
    append(package, "# Another version.", "checks/compare.py")
    other = ask(package)
    assert (first, other) == ("of1", "of2")
    assert [ask(ROOT / "grader"), ask(package)] == [first, other]
    (cache / "fingerprint").write_bytes(b"\xff what a broken disk leaves\n")
    assert ask(package) == "of3"
    assert ask(package) == "of3"


def test_parts_import_nothing_that_does_not_count() -> None:
    folder = ROOT / "grader"
    named = {path for part in PARTS for path in _modules(folder / part)}
    # `from grader import errors` imports the package itself too, of which only the version is used.
    missing = set()
    for source in named:
        for module, _ in imports_of(source):
            path = ROOT.joinpath(*module.split("."))
            path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            if module.startswith("grader.") and path not in named and path in SOURCES:
                missing.add(f"{source.relative_to(folder)} imports {module}")
    assert missing == set()


def test_every_internal_module_that_counts_is_used_by_a_part() -> None:
    folder = ROOT / "grader"
    named = {path for part in PARTS for path in _modules(folder / part)}
    used = {module for source in named for module, _ in imports_of(source)}
    for part in PARTS:
        if part.startswith("_internal/"):
            assert "grader." + part.removesuffix(".py").replace("/", ".") in used


def _modules(path: Path) -> list[Path]:
    return [path] if path.suffix == ".py" else list(path.rglob("*.py"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = [1, 2]", "x = [\n    1,\n    2,  # two\n]"),
        ('def f():\n    """Says."""\n    return 1', "def f():\n    return 1"),
        ('"""Says."""\nx = 1', "x = 1"),
        ('class A:\n    """Says."""\n    x = 1', 'class A:\n    """Says otherwise."""\n    x = 1'),
    ],
)
def test_comments_layout_and_docstrings_do_not_count(one: str, other: str) -> None:
    assert tree_text(ast.parse(one)) == tree_text(ast.parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = '1'"),
        ("x = 'a'", "x = b'a'"),
        ("f(a, b)", "f(a)(b)"),
        ("f(a, b=b)", "f(a, b)"),
        ("f([a], [b])", "f([a, b], [])"),
        ("if x:\n    a\n    b", "if x:\n    a\nb"),
        ("def f(a, /, b): pass", "def f(a, b, /): pass"),
        ("x < y", "x <= y"),
        ("def f(): pass", "async def f(): pass"),
        ("from . import a", "from .. import a"),
        ("{**a, b: c}", "{b: c, **a}"),
        ("f'{x!r}'", "f'{x!s}'"),
        ("def f():\n    x = 1\n    'text'", "def f():\n    x = 1\n    'other'"),
    ],
)
def test_whatever_does_something_else_counts(one: str, other: str) -> None:
    assert tree_text(ast.parse(one)) != tree_text(ast.parse(other))
