"""Reads a repository of GitHub Classroom's: its autograding tests and the pytest files they run.

The tests stand in `.github/classroom/autograding.json`, or in a workflow whose steps use the
actions `autograding-io-grader`, `autograding-command-grader` and `autograding-python-grader`.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from grader._internal.syntax import parse
from grader._internal.text import counted
from grader.authoring.migration import handouts
from grader.authoring.migration.model import ForeignHomework, ForeignTest, ProgramCell
from grader.authoring.migration.names import modules_in
from grader.authoring.migration.pytest_files import PytestFile, read_pytest_file
from grader.authoring.migration.starters import stubbed
from grader.errors import UsageError

_TESTS = Path(".github/classroom/autograding.json")
_ACTION = re.compile(r"^[\w.-]+/autograding-(io|command|python)-grader\b")
_PYTEST = re.compile(r"\b(pytest|py\.test|unittest)\b")
_PYTHON = re.compile(r"^(?:python3?|py)(?:\.\d+)?\s+(?:-\w\s+)*(\S+\.py)\s*$")
_TEST_FILE = re.compile(r"(test_.*|.*_tests?|tests?)\.py")
# Folders in which pytest looks for no tests, and those of what is installed.
_NO_TESTS = re.compile(
    r"\..*|.*\.egg|build|dist|env|node_modules|site-packages|venv|__pycache__|_darcs|CVS|\{arch\}"
)
_RUNNER = re.compile(r"(.*/)?(pytest|py\.test|unittest)")
_WITHIN = re.compile(r"\s*cd\s+(?P<folder>[^\s;&]+)\s*(?:&&|;)(?P<run>.*)", re.DOTALL)


@dataclass(frozen=True)
class ClassroomTest:
    """One autograding test. comparison: how `output` is looked for in what the command prints."""

    name: str
    run: str
    input: str
    output: str
    comparison: str
    points: float


@dataclass(frozen=True)
class ClassroomSystem:
    """See GradingSystem. The repository holds the solution.

    starter: the repository that students get; without one, what it holds is stubbed. module: the
    program that the tests are about, if they are about several.
    """

    starter: Path | None = None
    module: str | None = None

    def read(self, path: Path, name: str | None) -> tuple[ForeignHomework, ...]:
        """The homework in a repository's folder."""
        if not path.is_dir():
            raise UsageError(f"{path} is no folder; name the repository with the solution")
        tests = tuple(_tests_of(path))
        files = _pytest_files(path)
        module = self._module(path, tests, files)
        program = (path / module).read_text("utf-8-sig")
        stem = Path(module).stem
        found: list[ForeignTest] = []
        notes: list[str] = []
        for test in tests:
            _convert(test, stem, files, found, notes)
        readme = path / "README.md"
        handout = readme.read_text("utf-8", "replace") if readme.is_file() else f"# {stem}\n"
        homework = ForeignHomework(
            name or handouts.name_for(Path(module)),
            _title(handout, stem),
            f"GitHub Classroom, {path.resolve().name}",
            (ProgramCell(program, self._starter(path, module, program), is_solution=True),),
            tuple(found),
            (),
            handout,
            notes=tuple(notes),
        )
        return (handouts.with_files(homework, path, ()),)

    def _module(
        self, path: Path, tests: Sequence[ClassroomTest], files: Mapping[str, PytestFile]
    ) -> str:
        """The program that the tests are about. Raises UsageError if there are none or several."""
        beside = {each.stem: each.name for each in sorted(path.glob("*.py")) if not _is_test(each)}
        named: Counter[str] = Counter()
        for file in files.values():
            named.update(modules_in([file.tree]) & beside.keys())
        for test in tests:
            command = _PYTHON.match(test.run.strip())
            if command and Path(command[1]).stem in beside:
                named[Path(command[1]).stem] += 1
        wanted = {Path(self.module).stem} if self.module else set(named)
        wanted &= beside.keys()
        if len(wanted) != 1:
            several = " and ".join(sorted(wanted)) or "no program beside them"
            raise UsageError(
                f"the tests in {path} are about {several}; name the one that is meant with --module"
            )
        module = beside[wanted.pop()]
        try:
            parse((path / module).read_bytes())
        except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
            raise UsageError(f"{path / module} is no Python: {exc}; correct it") from None
        return module

    def _starter(self, path: Path, module: str, program: str) -> str:
        if self.starter is None:
            return stubbed(program)
        try:
            return (self.starter / module).read_text("utf-8-sig")
        except OSError as exc:
            raise UsageError(
                f"cannot read {self.starter / module}: {exc.strerror}; name the repository that "
                "students get, or leave --starter out"
            ) from None


def _title(handout: str, stem: str) -> str:
    found = re.search(r"^#\s+(.+?)\s*$", handout, re.M)
    return found[1][:100] if found else stem.replace("_", " ").capitalize()


def _is_test(path: Path) -> bool:
    return _TEST_FILE.fullmatch(path.name) is not None or path.name in ("conftest.py", "setup.py")


def _pytest_files(path: Path) -> dict[str, PytestFile]:
    """The files of tests by their paths in the repository."""
    found = {}
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if not _NO_TESTS.fullmatch(name))
        for file in (Path(folder, name) for name in sorted(names)):
            if _is_test(file) and file.name not in ("conftest.py", "setup.py"):
                found[file.relative_to(path).as_posix()] = read_pytest_file(file)
    return found


# The autograding tests


def _tests_of(path: Path) -> Iterator[ClassroomTest]:
    """The tests of a repository. Raises UsageError where there are none."""
    listed = path / _TESTS
    if listed.is_file():
        yield from _listed(listed)
        return
    steps = [step for file in _workflows(path) for step in _steps(file)]
    found = [test for step in steps for test in _stepped(path, step)]
    if not found:
        raise UsageError(
            f"{path} has no autograding tests: neither {_TESTS} nor a workflow with GitHub "
            "Classroom's actions; name the repository of an assignment"
        )
    yield from found


def _listed(file: Path) -> Iterator[ClassroomTest]:
    remedy = "copy it again from the repository of the assignment"
    try:
        tests = json.loads(file.read_text("utf-8-sig"))["tests"]
        listed = [dict(each) for each in tests]
    except OSError as exc:
        raise UsageError(f"{file} cannot be read: {exc.strerror}; {remedy}") from None
    except json.JSONDecodeError as exc:
        where = f"line {exc.lineno}, column {exc.colno}"
        raise UsageError(f"{file} is not JSON ({where}); {remedy}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8 text; {remedy}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{file} has no list `tests` of tests; {remedy}") from None
    for number, each in enumerate(listed, start=1):
        yield _test(
            file,
            str(each.get("name") or f"test {number}"),
            str(each.get("run") or ""),
            str(each.get("input") or ""),
            str(each.get("output") or ""),
            str(each.get("comparison") or "included"),
            each.get("points"),
        )


def _test(
    file: Path, name: str, run: str, typed: str, output: str, comparison: str, points: Any
) -> ClassroomTest:
    try:
        value = float(points or 0)
    except (TypeError, ValueError):
        value = -1.0
    if not 0 <= value < 1e6:
        raise UsageError(
            f"{file}: the points of {name!r} are {points!r}; give a number that is not negative"
        )
    return ClassroomTest(name, run, typed, output, comparison, value)


def _workflows(path: Path) -> list[Path]:
    return sorted((path / ".github" / "workflows").glob("*.y*ml"))


def _steps(file: Path) -> Iterator[Mapping[str, Any]]:
    """The steps of a workflow that use one of Classroom's actions."""
    import yaml

    try:
        read = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as exc:
        raise UsageError(f"{file} cannot be read: {' '.join(str(exc).split())}") from None
    jobs = read.get("jobs") if isinstance(read, dict) else None
    for job in (jobs or {}).values() if isinstance(jobs, dict) else ():
        for step in (job.get("steps") if isinstance(job, dict) else None) or ():
            if isinstance(step, dict) and _ACTION.match(str(step.get("uses"))):
                yield step


def _stepped(path: Path, step: Mapping[str, Any]) -> Iterator[ClassroomTest]:
    given = step.get("with") if isinstance(step.get("with"), dict) else {}
    assert isinstance(given, dict)
    action = _ACTION.match(str(step.get("uses")))
    is_python = action is not None and action[1] == "python"
    yield _test(
        path,
        str(given.get("test-name") or step.get("name") or step.get("id") or "tests"),
        "pytest" if is_python else str(given.get("command") or ""),
        str(given.get("input") or ""),
        str(given.get("expected-output") or ""),
        str(given.get("comparison-method") or "included"),
        given.get("max-score"),
    )


# Their form here


def _convert(
    test: ClassroomTest,
    module: str,
    files: Mapping[str, PytestFile],
    found: list[ForeignTest],
    notes: list[str],
) -> None:
    """Add the checks that one autograding test becomes, or a note on why it becomes none."""
    lost = f"the test {test.name!r} ({counted(test.points, 'point')}) was left out"
    if _PYTEST.search(test.run):
        try:
            sources = _selected(test.run, module, files)
        except ValueError as exc:
            notes.append(f"{lost}: {exc}")
            return
        if len(sources) > 1:
            notes.append(
                f"the points of {test.name!r} are shared by its {len(sources)} functions; before, "
                "they were given only if all of them passed"
            )
        cents = round(test.points * 100)
        for number, (name, source) in enumerate(sources):
            share = cents // len(sources) + (number < cents % len(sources))
            label = test.name if len(sources) == 1 else name
            found.append(ForeignTest(name, source, share / 100, hidden=False, title=label))
        return
    command = _PYTHON.match(test.run.strip())
    if command is None or Path(command[1]).stem != module:
        notes.append(f"{lost}: it runs `{test.run[:60]}`")
    else:
        source = _conversation(test)
        found.append(ForeignTest(test.name, source, test.points, hidden=False, title=test.name))


def _selected(run: str, module: str, files: Mapping[str, PytestFile]) -> list[tuple[str, str]]:
    """The functions that a command of pytest's runs: names and sources. Raises ValueError."""
    within = _WITHIN.fullmatch(run)
    base = within["folder"] if within else ""
    try:
        words = shlex.split(within["run"] if within else run)
    except ValueError:
        raise ValueError(f"its command is `{run[:60]}`") from None
    runner = next((at for at, word in enumerate(words) if _RUNNER.fullmatch(word)), -1)
    words = words[runner + 1 :]
    if "-k" in words:
        keyword = words[words.index("-k") + 1] if words[-1] != "-k" else ""
        if not keyword.isidentifier():
            raise ValueError(f"it selects tests by `-k {keyword[:40]}`")
    else:
        keyword = ""
    places = [word for word in words if not word.startswith("-") and "*" not in word]
    is_named = any("/" in word or ".py" in word for word in places)
    picked = {name: _picked(places, name, base) for name in files}
    if not is_named and not any(picked.values()):
        picked = {name: _picked(["."], name, base) for name in files}
    sources = []
    for name, file in files.items():
        for function, make in file.sources(module):
            wanted = any(
                each in ("", function) or function.startswith(f"{each}::") for each in picked[name]
            )
            if wanted and keyword in function:
                sources.append((function.rpartition("::")[2], make()))
    if not sources:
        raise ValueError("it runs no test that is there")
    return sources


def _picked(places: Sequence[str], name: str, base: str) -> list[str]:
    """What a command selects of a file of tests: `TestA::test_b`, or "" for all of it.

    places: files, folders, and modules as unittest names them. base: the folder it is run in.
    """
    file = PurePosixPath(name)
    dotted = ".".join(file.relative_to(base).with_suffix("").parts) if _below(file, base) else None
    found = []
    for word in places:
        path, _, inner = word.partition("::")
        place = PurePosixPath(base, path)
        if place == file or place in file.parents:
            found.append(inner)
        elif dotted and f"{word}.".startswith(f"{dotted}."):
            found.append(word[len(dotted) + 1 :].replace(".", "::"))
    return found


def _below(file: PurePosixPath, base: str) -> bool:
    return PurePosixPath(base) in file.parents


def _conversation(test: ClassroomTest) -> str:
    """Source that runs the submission as a program, with what is typed, and looks at its output."""
    expected = test.output.strip()
    looks = {
        "exact": f"shown.strip() == {expected!r}",
        "regex": f"re.search({expected!r}, shown)",
    }.get(test.comparison, f"{expected!r} in shown")
    return (
        "import builtins\nimport contextlib\nimport io\nimport linecache\nimport re\n"
        "from pathlib import Path\n\n"
        f"typed = iter({test.input.splitlines()!r})\n"
        "program = ''.join(linecache.getlines(Path(__file__).name))\n"
        "kept, builtins.input = builtins.input, lambda *prompt: next(typed)\n"
        "try:\n"
        "    with contextlib.redirect_stdout(io.StringIO()) as printed:\n"
        "        with contextlib.suppress(SystemExit):\n"
        "            exec(compile(program, __file__, 'exec'), {'__name__': '__main__'})\n"
        "finally:\n    builtins.input = kept\n"
        "shown = printed.getvalue()\n"
        f"assert {looks}, 'the program printed ' + repr(shown[:200])\n"
    )
