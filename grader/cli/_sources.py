"""What `grade` and `collect` say about the submissions that they found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from grader.lms.times import Times
    from grader.submission.sources import Source


def tell_untimed(out: Console, found: Sequence[Source], times: Times | None = None) -> None:
    """Name submissions that count as late only because their download does not tell the time."""
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
    out.print(
        "Supply the real times before you grade them: python -m grader collect DOWNLOAD --to "
        "NEW-FOLDER --times FILE",
        markup=False, soft_wrap=True,
    )  # fmt: skip
