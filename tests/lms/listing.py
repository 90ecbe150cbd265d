"""What lies in a folder, as a list in the order of the reports."""

from __future__ import annotations

import json
from pathlib import Path

from downloads import NAMES

from grader.lms.discover import find_submissions
from grader.submission.sources import Source


def find(folder: Path, assignment: str | None = None, names: list[str] = NAMES) -> list[Source]:
    return find_submissions(folder, names, assignment)[0]


def told(found: list[Source]) -> list[tuple[str, str | None]]:
    return [(item.student, item.assignment) for item in found]


def manifest(student: object, assignment: object = "demo") -> str:
    return json.dumps({"student": student, "assignment": assignment})
