"""What `grade` and `collect` say of what they found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from grader.lms.times import Times
    from grader.submission.sources import Source


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
