"""Handing in: check locally, draw the figures, pack everything into one zip, deliver it.

The archive holds the source, the figures that the student's own main block draws, the written
answers, `run.py` to draw the figures again, and a manifest. Everything the manifest says is the
student's word; the receiver's clock and the grader's own run are what counts.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grader
from grader.archive import zip_files
from grader.assignment import Assignment
from grader.course import PUBLIC_SEED, Course
from grader.errors import CourseError, StudentFault, SubmissionError, UsageError
from grader.program import attempted, prepare
from grader.proxy import limits_of
from grader.report import Outcome, Report, now_utc, write_atomically
from grader.runner import Graded, Job, grade_all
from grader.sandbox.launch import PlainLauncher
from grader.sandbox.session import Session
from grader.submission import MANIFEST_NAME, Submission, read_submission

NOT_PACKED = frozenset({"assignment.toml", "checks.py", "README.md", "run.py"})
RUN_PY = '''"""Draws the figures of this submission again: python run.py"""

import runpy

runpy.run_path({module!r}, run_name="__main__")
'''


@dataclass(frozen=True)
class Package:
    """A submission ready to deliver. names: what is in it, for the student to see."""

    assignment: str
    student: str
    data: bytes
    sha256: str
    names: tuple[str, ...]
    warnings: tuple[str, ...]
    report: Report


@dataclass(frozen=True)
class Receipt:
    """Proof for the student of what was delivered where. time: UTC, by this machine's clock."""

    assignment: str
    student: str
    time: str
    sha256: str
    file: str


def check_locally(assignment: Assignment, path: Path, only: str | None = None) -> Report:
    """Run the public checks on a file or folder, as an ordinary subprocess of the student's."""
    submission = read_submission(path)
    if path.resolve() == assignment.folder.resolve():
        submission = replace(submission, files=_own_files(submission, assignment))
    graded: list[Graded] = []
    job = Job(student="you", label="you", submission=submission)
    grade_all(
        assignment, [job], PlainLauncher(), graded.append,
        seed=PUBLIC_SEED, hidden=False, keep_figures="none", only=only,
    )  # fmt: skip
    return graded[0].staff


def pack(assignment: Assignment, folder: Path, student: str, *, force: bool) -> Package:
    """Make the archive. Raises UsageError for an untouched starter unless `force`."""
    submission = read_submission(folder)
    if submission.problem is not None:
        raise UsageError(f"{folder} {submission.problem}")
    files = _own_files(submission, assignment)
    mains = [
        name for name in (f"{assignment.name}.py", f"{assignment.name}.ipynb") if name in files
    ]
    if not mains:
        raise UsageError(f"{folder} holds no {assignment.name}.py and no {assignment.name}.ipynb")
    if not force and not any(attempted(name, files[name], assignment) for name in mains):
        raise UsageError(
            f"{folder / mains[0]} is the untouched starter; write something first, "
            "or hand it in as it is with --force"
        )
    report = check_locally(assignment, folder)
    warnings = list(_what_is_missing(report, files, assignment))
    figures, problem = _draw(Submission(files, submission.sha256), assignment)
    if problem:
        warnings.append(problem)
    packed = {**files, **figures}
    if f"{assignment.name}.py" in files:
        packed.setdefault("run.py", RUN_PY.format(module=f"{assignment.name}.py").encode())
    manifest = _manifest(assignment, student, packed, report)
    data = zip_files({**packed, MANIFEST_NAME: manifest})
    sha256 = hashlib.sha256(data).hexdigest()
    names = tuple(f"{name}  {len(content)} bytes" for name, content in sorted(packed.items()))
    return Package(assignment.name, student, data, sha256, names, tuple(warnings), report)


def _own_files(submission: Submission, assignment: Assignment) -> dict[str, bytes]:
    """The student's files of the homework's folder, without the course's own."""
    return {
        name: data
        for name, data in submission.files.items()
        if name not in NOT_PACKED
        and name not in assignment.data
        and not name.endswith(".zip")
        and not name.startswith(f"{assignment.name}.new")  # a starter that `update` put beside
    }


def _what_is_missing(report: Report, files: dict[str, bytes], assignment: Assignment) -> list[str]:
    missing = sum(check.outcome is Outcome.NOT_ATTEMPTED for check in report.checks)
    warnings = [f"{missing} checks are of functions not written yet"] if missing else []
    if assignment.spec.questions and not files.get("answers.md", b"").strip():
        warnings.append("answers.md is missing: the written questions are not answered")
    due = assignment.spec.due
    if due is not None and now_utc() > due:
        warnings.append(f"the due date, {due.isoformat(sep=' ')}, has passed")
    return warnings


def _draw(submission: Submission, assignment: Assignment) -> tuple[dict[str, bytes], str | None]:
    """The figures that the main block draws, as PNG files, or why there are none."""
    session = None
    try:
        prepared = prepare(submission, assignment)
        session = Session(PlainLauncher(), limits_of(assignment.spec.limits))
        loaded = session.load(prepared.program, as_main=True)
        pictures = {
            f"figures/figure-{number + 1}.png": session.png(number)
            for number in range(loaded.figures)
        }
    except (StudentFault, SubmissionError) as exc:
        return {}, f"no figures were drawn: {str(exc).splitlines()[0]}"
    finally:
        if session is not None:
            session.close()
    if pictures:
        return pictures, None
    why = f": {loaded.notes[-1]}" if loaded.notes else ""
    return {}, f"running your file drew no figures{why}"


def _manifest(
    assignment: Assignment, student: str, files: dict[str, bytes], report: Report
) -> bytes:
    content: dict[str, Any] = {
        "manifest_version": 1,
        "assignment": assignment.name,
        "assignment_version": assignment.public_version,
        "student": student,
        "time": now_utc().isoformat(),
        "grader": grader.__version__,
        "environment": report.environment.model_dump(),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
        "local_result": {
            "score": report.score,
            "max_score": report.max_score,
            "checks": {check.id: check.outcome.value for check in report.checks},
        },
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def deliver(course: Course, package: Package, folder: Path) -> Receipt:
    """Write the archive into a folder, never over another one, and keep a receipt.

    Raises UsageError where the folder cannot be written.
    """
    time = datetime.now(UTC)
    stamp = time.strftime("%Y%m%dT%H%M%SZ")
    name = f"{package.student}_{package.assignment}_{stamp}_{package.sha256[:8]}.zip"
    target = folder / name
    try:
        write_atomically(target, package.data)
    except OSError as exc:
        raise UsageError(
            f"cannot deliver to {folder}: {exc.strerror}; name another with --to"
        ) from None
    receipt = Receipt(
        package.assignment, package.student, time.isoformat(timespec="seconds"),
        package.sha256, str(target),
    )  # fmt: skip
    kept = course.remembered().get("receipts", [])
    with contextlib.suppress(CourseError):  # it is delivered, remembered or not
        course.remember(receipts=[*kept, asdict(receipt)])
    return receipt


def progress_of(course: Course, assignment: Assignment, submission: Submission) -> str:
    """What a student has done of a homework, in a few words."""
    kept = course.remembered()
    receipts = [r for r in kept.get("receipts", []) if r.get("assignment") == assignment.name]
    if receipts:
        when = str(receipts[-1].get("time", ""))[:16].replace("T", " ")
        return f"handed in {when} UTC"
    check = kept.get("checks", {}).get(assignment.name)
    if check:
        return f"{check['score']:g} of {check['max_score']:g} public points"
    files = submission.files
    mains = [n for n in files if n in (f"{assignment.name}.py", f"{assignment.name}.ipynb")]
    begun = any(attempted(name, files[name], assignment) for name in mains)
    return "begun" if begun else "not begun"
