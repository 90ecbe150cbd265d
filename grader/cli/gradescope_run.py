"""The command `gradescope-run`: what runs inside a Gradescope autograder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.api import grade_sources, read_result
from grader.cli._course import CourseOption, find
from grader.cli.gradescope import UnsafeOption
from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.course.course import Course


def command(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    base: Annotated[Path, typer.Argument(help="Gradescope's folder /autograder.")],
    unsafe: UnsafeOption = False,
    course: CourseOption = None,
) -> None:
    """Grade the submission in an autograder and write its results.json."""
    import json

    from grader._internal.files import write_atomically
    from grader.authoring.release.gradescope import no_results

    code = 0
    try:
        told = _grade(find(course), name, base, unsafe)
    except GraderError as exc:
        # Fail closed: without a score Gradescope tells that there is none.
        told, code = no_results(str(exc)), 1
    text = json.dumps(told, indent=2, ensure_ascii=False)
    write_atomically(base / "results" / "results.json", text.encode())
    sys.exit(code)


def _grade(course: Course, name: str, base: Path, unsafe: bool) -> dict[str, Any]:
    import tempfile

    from grader._internal.clock import now_utc
    from grader.authoring.release.gradescope import SEED_FILE, results
    from grader.batch import Options
    from grader.cli import _terminal as show
    from grader.cli._grading import find_isolation
    from grader.sandbox.host.probe import Opening
    from grader.submission.sources import Source

    seed = (base / "source" / SEED_FILE).read_text(encoding="ascii").strip()
    source = Source(base / "submission", "student", name, now_utc(), label="student")
    with Opening(unsafe) as opening, tempfile.TemporaryDirectory(prefix="grader-") as folder:
        opening.expect(1)
        launcher = find_isolation(opening, show.console())
        options = Options(Path(folder), launcher.isolation, seed=seed, keep_figures="none")
        (row,) = grade_sources(course, [source], options, launcher=launcher)
        result = read_result(options.out, row)
    return results(result.staff, result.student, course.feedback(name).public_checks)
