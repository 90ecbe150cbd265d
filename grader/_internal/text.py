"""Makes text safe for a report, whoever wrote it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,16}\b")


def printable(text: str) -> str:
    """`text` without characters that a terminal would obey or that no file can hold.

    Names, messages and output come from students: an escape sequence among them could rewrite
    what staff see.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode()
        for char in text.replace("\r\n", "\n")
    )


def reported(text: str) -> str:
    """`text` as a report contains it: printable, and the same in each run of the same code.

    What Python shows of an object that has no better text is its address in memory.
    """
    return _ADDRESS.sub("at 0x...", printable(text))


def size(count: int) -> str:
    """A number of bytes as people read it: "414 bytes", "3 KB", "1.2 MB"."""
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.0f} KB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"


Text = Annotated[str, AfterValidator(reported)]


def counted(number: float, thing: str) -> str:
    """A number of things: "1 point", "2.5 points". thing: a word that takes an s."""
    return f"{number:g} {thing}" if number == 1 else f"{number:g} {thing}s"
