"""What `grade` and `collect` say about the submissions that they found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from grader.lms.times import Times
    from grader.submission.sources import Source


def tell_untimed(
    out: Console, found: Sequence[Source], others: Sequence[Path], times: Times | None = None
) -> None:
    """Name submissions that count as late only because their download does not tell the time.

    others: what is no submission.
    """
    from grader._internal.text import printable

    if times is not None:
        out.print(
            f"Submission times are from the column {times.column!r}.", markup=False, soft_wrap=True
        )
        for name in times.unused(found):
            line = f"in the table of times, but without a submission here: {printable(name)}"
            out.print(line, markup=False, soft_wrap=True)
    untimed = sorted({item.student for item in found if item.clock})
    if not untimed:
        return
    names = ", ".join(map(printable, untimed[:10]))
    more = f" and {len(untimed) - 10} more" if len(untimed) > 10 else ""
    out.print("[yellow]These count as late, because only the time of the download is known:[/]")
    out.print(f"  {names}{more}", markup=False, soft_wrap=True)
    if any(item.clock == "unsure" for item in found):
        beside = _beside(found, others)
        names = ", ".join(map(printable, beside[:5]))
        more = f" and {len(beside) - 5} more" if len(beside) > 5 else ""
        out.print(
            "The download marks who was late, but other files lie beside its own, so any of them "
            f"might be a student's: {names}{more}. Move these elsewhere, and its marks count.",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    out.print(
        "Supply the real times before you grade them: python -m grader collect DOWNLOAD --to "
        "NEW-FOLDER --times FILE",
        markup=False, soft_wrap=True,
    )  # fmt: skip


def _beside(found: Sequence[Source], others: Sequence[Path]) -> list[str]:
    """The names of what lies among the files of a download and is none of them."""
    from grader.lms.discover import is_of_a_download

    paths = [*(item.path for item in found if not item.clock and not item.parts), *others]
    return sorted({path.name for path in paths if not is_of_a_download(path)})
