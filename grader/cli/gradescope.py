"""`python -m grader gradescope`: an autograder for Gradescope, and what runs in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.cli.common import CourseOption, find
from grader.errors import GraderError, UsageError

UnsafeOption = Annotated[
    bool,
    typer.Option("--unsafe", help="Grade without isolation there. Only for code you trust."),
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("gradescope", rich_help_panel="For staff")(gradescope)
    app.command("gradescope-run", hidden=True)(run)


def gradescope(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    to: Annotated[Path, typer.Option("--to", help="The zip to write.")] = Path("autograder.zip"),
    unsafe: UnsafeOption = False,
    course: CourseOption = None,
) -> None:
    """Make a Gradescope autograder of a homework. It holds the solution: keep it to staff."""
    try:
        from grader.gradescope import build_autograder
    except ModuleNotFoundError as exc:
        raise UsageError(f"{exc.name} is not installed: pip install 'grader[staff]'") from None
    from grader.report import write_atomically

    data = build_autograder(find(course), name, unsafe=unsafe)
    try:
        write_atomically(to, data)
    except OSError as exc:
        raise UsageError(f"cannot write {to}: {exc.strerror}; name another file") from None
    print(f"{to}: upload it at Configure Autograder. It holds the solution: keep it to staff.")


def run(
    name: Annotated[str, typer.Argument(help="The homework.", metavar="NAME")],
    base: Annotated[Path, typer.Argument(help="Gradescope's /autograder.")],
    unsafe: UnsafeOption = False,
    course: CourseOption = None,
) -> None:
    """Grade the submission in an autograder and write its results.json."""
    import json

    from grader.gradescope import no_results
    from grader.report import write_atomically

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

    from grader.batch import Options, grade_folder
    from grader.cli import show
    from grader.cli.staff import find_isolation
    from grader.discover import Found
    from grader.gradescope import SEED_FILE, results
    from grader.report import now_utc, read_report

    isolation = find_isolation(unsafe, show.console())
    seed = (base / "source" / SEED_FILE).read_text(encoding="ascii").strip()
    item = Found(base / "submission", "student", name, now_utc(), label="student")
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        options = Options(Path(folder), isolation, seed=seed, keep_figures="none")
        grade_folder(home, [item], options, lambda row: None)
        made = Path(folder) / name
        reports = [read_report(made / each / "student.json") for each in ("", "student")]
    return results(*reports)
