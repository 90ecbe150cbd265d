"""The command `gradescope-run`: what runs inside a Gradescope autograder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.cli._course import CourseOption, find
from grader.cli.gradescope import UnsafeOption
from grader.errors import GraderError


def command(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    base: Annotated[Path, typer.Argument(help="Gradescope's /autograder.")],
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


def _grade(home: Any, name: str, base: Path, unsafe: bool) -> dict[str, Any]:
    import tempfile

    from grader._internal.clock import now_utc
    from grader.authoring.release.gradescope import SEED_FILE, results
    from grader.batch import Options, grade_folder
    from grader.cli import _terminal as show
    from grader.cli._grading import find_isolation
    from grader.reports.schema import read_report
    from grader.submission.sources import Source

    isolation = find_isolation(unsafe, show.console())
    seed = (base / "source" / SEED_FILE).read_text(encoding="ascii").strip()
    item = Source(base / "submission", "student", name, now_utc(), label="student")
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        options = Options(Path(folder), isolation, seed=seed, keep_figures="none")
        grade_folder(home, [item], options, lambda row: None)
        made = Path(folder) / name
        reports = [read_report(made / each / "student.json") for each in ("", "student")]
    return results(*reports)
