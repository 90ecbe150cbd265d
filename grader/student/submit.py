"""Hands in a student's work: checks it, draws the figures, packs it into one zip, delivers it.

The archive contains the source, the figures that the student's own main block draws, the written
answers, `run.py` to draw the figures again, and a manifest. Everything in the manifest is only the
student's claim; what counts is the receiver's clock and the grader's own run.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grader
from grader._internal.clock import now_utc, span
from grader._internal.files import write_atomically
from grader._internal.zips import zip_files
from grader.course.assignment import Assignment
from grader.engine.packages import require_packages
from grader.engine.proxy import limits_of
from grader.errors import (
    PackagesMissing,
    StudentFault,
    SubmissionError,
    UsageError,
)
from grader.reports.schema import Report
from grader.sandbox.host.launch import Launcher
from grader.sandbox.host.session import Session
from grader.student.check import check_locally
from grader.student.receipts import Receipt
from grader.student.remaining import told_of_answers
from grader.student.work import own_digest, own_files, untouched
from grader.submission.choice import attempted, choose, is_notebook, stubs
from grader.submission.files import MANIFEST_NAME, Submission, read_submission
from grader.submission.notebook import Cell, read_cells
from grader.submission.program import prepare

RUN_PY = '''"""Draws the figures of this submission again: python run.py"""

import runpy

runpy.run_path({module!r}, run_name="__main__")
'''
RUN_NOTEBOOK = '''"""Draws the figures of this submission again: python run.py

The code cells of {notebook}, in order, run as the notebook runs them: statement by statement, and
one that raises an error does not stop those after it.
"""

import ast
import asyncio
import inspect
import traceback


class Shell:
    """Stands for IPython, whose commands are not run here."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


CELLS = {cells}
NAMES = {{"__name__": "__main__", "display": print, "get_ipython": Shell}}
LOOP = asyncio.new_event_loop()

for number, cell in CELLS:
    try:
        for statement in ast.parse(cell).body:
            module = ast.Module([statement], [])
            code = compile(module, f"cell {{number}}", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            result = eval(code, NAMES)
            if inspect.iscoroutine(result):
                LOOP.run_until_complete(result)
    except Exception:
        print(f"cell {{number}}:")
        traceback.print_exc()

if "plt" in NAMES:
    NAMES["plt"].show()
'''
_DRAWN = re.compile(r"figures/figure-\d+\.png")


@dataclass(frozen=True)
class Draft:
    """What would be handed in. files: everything except the manifest. work: see Receipt."""

    assignment: Assignment
    files: Mapping[str, bytes]
    work: str
    warnings: tuple[str, ...]
    report: Report


@dataclass(frozen=True)
class Package:
    """A submission ready to deliver."""

    draft: Draft
    student: str
    partners: tuple[str, ...]
    data: bytes
    sha256: str


@dataclass(frozen=True)
class FigureSet:
    """The figures that the main block draws, as PNG files.

    problem: why there are none. stopped: where running the file stopped although it drew some.
    """

    pictures: Mapping[str, bytes]
    problem: str | None = None
    stopped: str | None = None


def draft(assignment: Assignment, launcher: Launcher, *, force: bool) -> Draft:
    """Run the student's code and gather what would be handed in.

    launcher: starts the processes that run it. Raises UsageError for an unchanged starter unless
    `force`, and for anything that cannot be handed in at all.
    """
    folder = assignment.folder
    submission = read_submission(folder)
    if submission.problem is not None:
        raise UsageError(f"{folder} {submission.problem}{_largest(folder)}")
    files = own_files(submission, assignment)
    try:
        main, _ = choose(files, assignment)
    except SubmissionError:
        raise UsageError(
            f"there is neither {assignment.name}.py nor {assignment.name}.ipynb in {folder}; put "
            f"the starter back with `python -m grader start {assignment.name}`"
        ) from None
    if not force and not attempted(main, files[main], assignment):
        raise UsageError(
            f"{folder / main} is the unchanged starter; write something and save it first, "
            "or hand it in as it is with --force"
        )
    report = check_locally(assignment, folder, launcher=launcher).staff
    drawn = draw(assignment, Submission(files, submission.sha256), launcher)
    warnings = [*_what_is_missing(files, main, assignment), *report.warnings]
    try:
        require_packages(assignment)
    except PackagesMissing as exc:
        warnings.insert(0, f"the checks could not run in full: {exc}")
    if drawn.problem:
        warnings.append(drawn.problem)
    if drawn.stopped and not any(drawn.stopped in warning for warning in warnings):
        warnings.append(f"not every figure may be there: {drawn.stopped}")
    left_out = [name for name in untouched(files, assignment) if name != main]
    packed = {n: d for n, d in files.items() if n not in left_out and not _DRAWN.fullmatch(n)}
    packed |= drawn.pictures or {n: files[n] for n in files if _DRAWN.fullmatch(n)}
    packed.setdefault("run.py", _entry_point(files, main))
    unique = tuple(dict.fromkeys(warnings))
    return Draft(assignment, packed, own_digest(files, assignment), unique, report)


def seal(drafted: Draft, student: str, partners: Sequence[str] = ()) -> Package:
    """Make the archive. partners: the ids of those who made it together with the student."""
    manifest = _manifest(drafted, student, partners)
    data = zip_files({**drafted.files, MANIFEST_NAME: manifest})
    return Package(drafted, student, tuple(partners), data, hashlib.sha256(data).hexdigest())


def _largest(folder: Path) -> str:
    """The largest file, for someone whose folder is too large."""
    sizes = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    if not sizes:
        return ""
    path = max(sizes, key=lambda path: sizes[path])
    name = path.relative_to(folder)
    return f"; remove what you do not hand in, such as {name} ({sizes[path] / 1e6:.0f} MB)"


def _entry_point(files: Mapping[str, bytes], main: str) -> bytes:
    """A program that draws the figures again."""
    if not is_notebook(main):
        return RUN_PY.format(module=main).encode()
    cells: Sequence[Cell] = ()
    with contextlib.suppress(SubmissionError):
        cells = read_cells(files[main])
    listed = [(cell.number, cell.source) for cell in cells if cell.source.strip()]
    shown = "".join(f"    {cell!r},\n" for cell in listed)
    text = RUN_NOTEBOOK.format(notebook=main, cells=f"[\n{shown}]")
    return text.encode("utf-8", "replace")


def _what_is_missing(
    files: Mapping[str, bytes], main: str, assignment: Assignment
) -> Iterator[str]:
    """What a student may have forgotten, one line for each."""
    left = stubs(main, files[main], assignment)
    if left:
        are = "is 1 function" if len(left) == 1 else f"are {len(left)} functions"
        yield f"there {are} left to write: {', '.join(left)}"
    if {f"{assignment.name}.py", f"{assignment.name}.ipynb"} <= files.keys():
        yield from _notebook_against_module(files, assignment)
    if assignment.spec.questions:
        yield told_of_answers(files)
    due = assignment.spec.due
    if due is not None and now_utc() > due:
        yield f"the due date, {due.isoformat(sep=' ')}, passed {span(now_utc() - due)} ago"


def _notebook_against_module(files: Mapping[str, bytes], assignment: Assignment) -> Iterator[str]:
    """Which of the two counts, if both are there, and whether that may be a mistake."""
    module, notebook = f"{assignment.name}.py", f"{assignment.name}.ipynb"
    saved = {name: (assignment.folder / name).stat().st_mtime for name in (module, notebook)}
    if not attempted(notebook, files[notebook], assignment):
        return
    if not attempted(module, files[module], assignment):
        if saved[notebook] < saved[module]:
            yield f"{notebook} counts, but it is older than {module}; did you save it?"
        return
    age = "newer" if saved[notebook] > saved[module] else "older"
    yield (
        f"both {module} and {notebook} contain work, but only {module} counts "
        f"({notebook} is {age}); remove the one that you do not mean"
    )


def draw(assignment: Assignment, submission: Submission, launcher: Launcher) -> FigureSet:
    """Run the student's main block and render the figures that it draws."""
    session = None
    try:
        program = prepare(submission, assignment)
        session = Session(launcher, limits_of(assignment.spec.limits))
        loaded = session.load(program, as_main=True)
        pictures = {
            f"figures/figure-{number + 1}.png": session.png(number)
            for number in range(loaded.figures)
        }
    except (StudentFault, SubmissionError) as exc:
        return FigureSet({}, f"no figures were drawn: {str(exc).splitlines()[0]}")
    finally:
        if session is not None:
            session.close()
    stopped = str(loaded.notes[-1]) if loaded.notes else None
    if pictures:
        return FigureSet(pictures, stopped=stopped)
    why = f": {stopped}" if stopped else ""
    return FigureSet({}, f"running your file drew no figures{why}")


def _manifest(drafted: Draft, student: str, partners: Sequence[str]) -> bytes:
    report = drafted.report
    files = sorted(drafted.files.items())
    content: dict[str, Any] = {
        "manifest_version": 1,
        "assignment": drafted.assignment.name,
        "assignment_version": drafted.assignment.public_version,
        "student": student,
        **({"members": [student, *partners]} if partners else {}),
        "time": now_utc().isoformat(),
        "grader": grader.__version__,
        "environment": report.environment.model_dump(),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files},
        "local_result": {
            "score": report.score,
            "max_score": report.max_score,
            "checks": {check.id: check.outcome.value for check in report.checks},
        },
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def require_folder(folder: Path) -> None:
    """Raise UsageError unless there is such a folder: a new one would be read by nobody."""
    if folder.is_dir():
        return
    if folder.exists():
        raise UsageError(f"{folder} is a file; name the folder to deliver to with --to")
    names = [path.name for path in folder.parent.glob("*/")] if folder.parent.is_dir() else []
    near = difflib.get_close_matches(folder.name, names, n=1)
    remedy = f"did you mean {folder.parent / near[0]}?" if near else "name another folder with --to"
    raise UsageError(f"the folder {folder} does not exist; {remedy}")


def deliver(package: Package, folder: Path) -> Receipt:
    """Write the archive into a folder, without ever replacing another one. The receipt says so.

    Raises UsageError if the folder is not there or cannot be written.
    """
    require_folder(folder)
    time = now_utc().replace(microsecond=0)
    name = package.draft.assignment.name
    stamp = time.strftime("%Y%m%dT%H%M%SZ")
    target = folder / f"{package.student}_{name}_{stamp}_{package.sha256[:8]}.zip"
    try:
        write_atomically(target, package.data)
    except OSError as exc:
        raise UsageError(
            f"cannot deliver to {folder}: {exc.strerror}; name another folder with --to"
        ) from None
    return Receipt(
        assignment=name,
        student=package.student,
        time=time,
        sha256=package.sha256,
        file=str(target),
        work=package.draft.work,
        partners=package.partners,
    )
