"""A Gradescope autograder: one zip that grades a homework there as `grade` does here.

The zip contains `setup.sh` and `run_autograder` at its root, as Gradescope requires, the wheel of
this package, and the files of the course that grading the homework needs. Gradescope unpacks it to
/autograder/source and runs setup.sh once. For each submission it runs run_autograder, with the
submission in /autograder/submission, and reads the result from /autograder/results/results.json.

The image is private to the course, because it contains the solution. Student code runs in the
sandbox there too. If the image cannot isolate it, it does not run at all.

Source: Gradescope's documents, "Autograder Specifications" and "Autograder Results".
"""

from __future__ import annotations

import shlex
from typing import Any

import tomli_w

from grader._internal.zips import zip_files
from grader.authoring.release.wheel import build_wheel
from grader.course.course import Course
from grader.course.feedback import When
from grader.errors import SpecError
from grader.reports.schema import CheckResult, Outcome, Report, Visibility

SEED_FILE = "seed"
_VISIBILITY = {
    When.AT_ONCE: Visibility.VISIBLE,
    When.DUE: Visibility.AFTER_DUE_DATE,
    When.RELEASED: Visibility.AFTER_PUBLISHED,
    When.NEVER: Visibility.HIDDEN,
}
_SCRIPTS = ("setup.sh", "run_autograder")

_SETUP = """\
#!/usr/bin/env bash
# Installs Python 3.11 or newer, the system's libseccomp, and the grader.
set -euo pipefail
base="${AUTOGRADER_BASE:-/autograder}"
newest() { for each in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$each" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$each"; return; fi; done; }
if [ -z "$(newest)" ] || ! ldconfig -p | grep -q libseccomp.so.2; then
    apt-get update -q
    apt-get install -qy libseccomp2
    [ -n "$(newest)" ] || apt-get install -qy python3.12 python3.12-venv ||
        apt-get install -qy python3.11 python3.11-venv
fi
"$(newest)" -m venv "$base/venv"
"$base/venv/bin/pip" install -q "$(ls "$base"/source/*.whl)[staff]"{packages}
"""

_RUN = """\
#!/usr/bin/env bash
# Grades the submission and writes results.json.
set -euo pipefail
base="${{AUTOGRADER_BASE:-/autograder}}"
cd "$base/source"
exec "$base/venv/bin/python" -m grader gradescope-run {name} "$base"{unsafe}
"""


def build_autograder(course: Course, name: str, *, unsafe: bool) -> bytes:
    """The zip. unsafe: grade without isolation if there is none. Raises SpecError."""
    assignment = course.assignment(name)
    if assignment.solution is None:
        raise SpecError(
            f"{name} has no solution here; make the autograder in the staff's copy of the course"
        )
    wheel, built = build_wheel()
    settings: dict[str, Any] = {"name": course.settings.name}
    chosen = course.settings.feedback.model_dump(mode="json", exclude_defaults=True)
    if chosen:
        settings["feedback"] = chosen
    if course.settings.packages:
        settings["packages"] = list(course.settings.packages)
    packages = "".join(f" {shlex.quote(text)}" for text in assignment.packages)
    files: dict[str, bytes] = {
        "setup.sh": _SETUP.replace("{packages}", packages).encode(),
        "run_autograder": _RUN.format(name=name, unsafe=" --unsafe" if unsafe else "").encode(),
        SEED_FILE: course.secret_seed(name).encode(),
        "pyproject.toml": tomli_w.dumps({"tool": {"grader": settings}}).encode(),
        wheel: built,
    }
    for path in course.files_for_grading(name):
        files[path.relative_to(course.root).as_posix()] = path.read_bytes()
    return zip_files(files, executable=_SCRIPTS)


def results(staff: Report, student: Report, public: When = When.AT_ONCE) -> dict[str, Any]:
    """Gradescope's results.json of a submission's two reports.

    A check's visibility is the author's: what students may not see, Gradescope shows to staff
    alone. Outcome and tag of such a check are the student's, who may see it later, and the time is
    that of the visible checks, because Gradescope shows it to everybody. A fault of ours gives no
    score at all, so that nobody takes it for one. public: from when on students see the visible
    checks.
    """
    if staff.faults or not staff.checks:
        return no_results("Some checks failed because of a fault of the grader.")
    return {
        "score": staff.score,
        "tests": [_test(check, public, number) for number, check in enumerate(staff.checks, 1)],
        # For a student the times of hidden checks are null.
        "execution_time": round(
            sum(check.for_student().duration_s or 0.0 for check in staff.checks), 2
        ),
        "output": "\n".join(student.warnings),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "extra_data": {
            "assignment_version": staff.assignment_version,
            "submission_sha256": staff.submission_sha256,
            "isolation": staff.isolation,
        },
    }


def no_results(reason: str) -> dict[str, Any]:
    """A results.json without a score, for a submission that could not be graded, and why."""
    return {
        "output": f"This submission could not be graded. Please tell the course staff. {reason}",
        "output_format": "text",
        "tests": [],
        "stdout_visibility": "hidden",
    }


def _test(check: CheckResult, public: When, number: int) -> dict[str, Any]:
    """One check, with its outcome as the student may know it. public: when to show visible ones."""
    outcome = check.for_student().outcome
    visibility = check.visibility
    if visibility is Visibility.VISIBLE:
        visibility = _VISIBILITY[public]
    parts = [check.text, f"likely: {check.diagnosis}" if check.diagnosis else None]
    return {
        "name": check.title,
        "number": str(number),
        "score": check.points,
        "max_score": 0 if check.bonus else check.max_points,
        "status": "passed" if check.outcome is Outcome.PASSED else "failed",
        "output": "\n".join(filter(None, parts)),
        "tags": [outcome.words],
        "visibility": visibility.value,
        "extra_data": {"id": check.id, "outcome": outcome.value},
    }
