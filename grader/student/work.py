"""A student's work: the files in a homework's folder that are not the course's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from grader.course.assignment import Assignment
from grader.submission.choice import attempted
from grader.submission.files import Submission, read_submission
from grader.submission.scripts import MAX_SCRIPT

# What the course put into the folder, and what commands write there for the student only.
NOT_PACKED = frozenset({"assignment.toml", "checks.py", "README.md"})
CHECK_FIGURES = "figures/checks"
# What `reset` sets aside, and what editors leave while a file is open.
_ASIDE = re.compile(r"\.backup-\d+$|(^|/)(\.[^/]*\.sw[a-p]|\.[#~][^/]*|#[^/]*#|[^/]*~|4913)$")

_SAVED = re.compile(r"(?P<stem>.+)\.mine\d*(?P<suffix>\.[^./]*)")


def read_work(assignment: Assignment, path: Path) -> Submission:
    """What a student has written in a file or folder, without the course's own files."""
    submission = read_submission(path)
    if path.resolve() == assignment.folder.resolve():
        # The caches of the tools that run the checks are nothing to tell at every check.
        submission = replace(submission, files=own_files(submission, assignment), notes=())
    return submission


def own_files(submission: Submission, assignment: Assignment) -> dict[str, bytes]:
    """The student's files of the homework's folder, without the course's own."""
    return {
        name: data
        for name, data in submission.files.items()
        if name not in NOT_PACKED
        and name not in assignment.data
        and not name.endswith(".zip")
        and not name.startswith(f"{CHECK_FIGURES}/")
        and not name.startswith(f"{assignment.name}.new")  # a starter that `update` put beside
        and not _ASIDE.search(name)
        and not _is_saved_copy(name, assignment)
    }


def _is_saved_copy(name: str, assignment: Assignment) -> bool:
    """Whether `update` saved here what was written into a file of the course's."""
    saved = _SAVED.fullmatch(name)
    course_files = NOT_PACKED | set(assignment.data)
    return saved is not None and saved["stem"] + saved["suffix"] in course_files


def untouched(files: Mapping[str, bytes], assignment: Assignment) -> list[str]:
    """Of module and notebook, those that are as the course handed them out."""
    both = (f"{assignment.name}.py", f"{assignment.name}.ipynb")
    return [name for name in both if files.get(name) == assignment.kept_starter(name) is not None]


def misplaced_work(assignment: Assignment, folders: Iterable[Path]) -> Path | None:
    """A file of the homework's name that holds work in another folder, where nobody reads it."""
    own = assignment.folder.resolve()
    for folder in dict.fromkeys(each.resolve() for each in folders):
        for extension in (".py", ".ipynb"):
            path = folder / (assignment.name + extension)
            if folder == own or not path.is_file() or path.stat().st_size > MAX_SCRIPT:
                continue
            if attempted(path.name, path.read_bytes(), assignment):
                return path
    return None


def own_digest(files: Mapping[str, bytes], assignment: Assignment) -> str:
    """`work_digest` without starters that nobody touched: an update brings newer ones."""
    starters = untouched(files, assignment)
    return work_digest({name: data for name, data in files.items() if name not in starters})


def work_digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over a student's files, without figures, which their code can draw again."""
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        if not name.startswith("figures/"):
            digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    return digest.hexdigest()
