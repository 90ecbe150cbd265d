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


Text = Annotated[str, AfterValidator(reported)]
