"""What `grade` and `collect` share: what a folder or download holds, and when it came."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.course.course import Course
    from grader.lms.times import Times
    from grader.submission.sources import Source


@contextlib.contextmanager
def looking_for(
    home: Course, submissions: Path, assignment: str | None, out: Path, times: Times | None = None
) -> Iterator[tuple[list[Source], list[Path]]]:
    """The submissions, and what is none. Raises UsageError where there are none to grade.

    times: when they came, where a download does not tell (grader.lms.times.Times).
    """
    from grader.lms.discover import find_submissions
    from grader.lms.systems import SYSTEMS
    from grader.lms.times import settle
    from grader.submission.archives import opened

    if assignment is not None:
        home.assignment(assignment)
    if out.resolve() == submissions.resolve():
        raise UsageError(f"--out is the folder of submissions, {out}; name another one")
    with opened(submissions) as folder:
        found, others = find_submissions(
            folder, home.names, assignment, settle(home, times), home.zone
        )
        reports = out.resolve()
        if reports.is_relative_to(folder.resolve()):
            found = [item for item in found if not item.path.resolve().is_relative_to(reports)]
        if folder != submissions:  # people know the zip, and not where it was unpacked
            found = [
                replace(item, source=str(submissions / item.path.relative_to(folder)))
                for item in found
            ]
            others = [submissions / path.relative_to(folder) for path in others]
        if not found:
            there = f"; it holds {', '.join(path.name for path in others[:5])}" if others else ""
            raise UsageError(
                f"no submissions in {submissions}{there}. Expected: zips, <student>/ folders, "
                "<student>.py and <student>.ipynb files, or a download of "
                + ", ".join(lms.title for lms in SYSTEMS if lms.key != "folder")
            )
        if all(item.assignment is None for item in found):
            raise UsageError(
                f"nothing in {submissions} tells which homework it is; name one with --assignment: "
                + ", ".join(home.names)
            )
        yield found, others


def tell_untimed(out: Console, found: Sequence[Source], times: Times | None = None) -> None:
    """Hand-ins that would be late only because their download says nothing of the time."""
    from grader._internal.text import printable

    if times is not None:
        out.print(f"Times of hand-in: column {times.column!r}.", markup=False, soft_wrap=True)
        for name in times.unused(found):
            line = f"in the table of times, and nothing of theirs here: {printable(name)}"
            out.print(line, markup=False, soft_wrap=True)
    untimed = sorted({item.student for item in found if item.clock})
    if not untimed:
        return
    names = ", ".join(map(printable, untimed[:10]))
    more = f" and {len(untimed) - 10} more" if len(untimed) > 10 else ""
    out.print("[yellow]Late by the time of the download, which tells no other:[/]")
    out.print(f"  {names}{more}", markup=False, soft_wrap=True)
    out.print(
        "Say when they came before you grade them: python -m grader collect DOWNLOAD --to "
        "NEW-FOLDER --times FILE",
        markup=False, soft_wrap=True,
    )  # fmt: skip
