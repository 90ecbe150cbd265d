"""Where Python's logical lines end, in text that may hold IPython's own lines between them.

`tokenize` reads Python alone: it stops at the first `!` or `?`, and differently in each version. A
cell needs less: which brackets and strings are still open at a line's end. Each line is looked at
once, so the time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# What a line is cut into. A sign such as `==` or `+=` must not be taken for an assignment's `=`.
_PIECE = re.compile(
    r"""(?P<comment>\#.*)
      | (?P<triple>\"\"\"|''')
      | (?P<string>"(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+')
      | (?P<cut>"(?:[^"\\]++|\\.)*+\\$|'(?:[^'\\]++|\\.)*+\\$)
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<sign>[=!<>:+\-*/%&|^@]=)
      | (?P<assign>=)
      | (?P<continued>\\$)
    """,
    re.VERBOSE,
)
# A line without strings, brackets, comments and backslashes; group 1: its first assignment's `=`.
_PLAIN = re.compile(
    r"""(?:[^"'\#()\[\]{}\\=!<>:+\-*/%&|^@]++|[=!<>:+\-*/%&|^@]=|[!<>:+\-*/%&|^@])*+
        (=)?[^"'\#()\[\]{}\\]*+
    """,
    re.VERBOSE,
)
# The rest of a string that was opened on an earlier line, by the quotes that it was opened with.
_ENDS = {
    '"""': re.compile(r'(?:[^"\\]++|\\.|\\$|"(?!""))*+"""'),
    "'''": re.compile(r"(?:[^'\\]++|\\.|\\$|'(?!''))*+'''"),
    '"': re.compile(r'(?:[^"\\]++|\\.)*+"'),
    "'": re.compile(r"(?:[^'\\]++|\\.)*+'"),
}


@dataclass(frozen=True)
class LogicalLine:
    """A logical line of a text. Lines are counted from 0.

    last: the physical line that it ends in. value: line and column behind the first `=` that stands
    outside of brackets, or None. comment: the column of a comment at its very end, or None.
    whole: False where the text ends before a string or a backslash's next line does. A bracket may
    be left open.
    """

    last: int
    value: tuple[int, int] | None
    comment: int | None
    whole: bool


def logical_line(lines: Sequence[str], first: int) -> LogicalLine:
    """The logical line that begins with the physical line `first`."""
    plain = _PLAIN.fullmatch(lines[first])
    if plain is not None:
        return LogicalLine(first, (first, plain.end(1)) if plain[1] else None, None, whole=True)
    depth, value = 0, None
    number, column = first, 0
    quotes, going_on = "", False
    while number < len(lines):
        line = lines[number]
        going_on = False
        comment = None
        while True:
            if quotes:
                end = _ENDS[quotes].match(line, column)
                if end is None:
                    # A string in single quotes goes on behind a backslash alone.
                    quotes = quotes if len(quotes) == 3 or line.endswith("\\") else ""
                    break
                quotes, column = "", end.end()
            piece = _PIECE.search(line, column)
            if piece is None:
                break
            column = piece.end()
            kind = piece.lastgroup
            if kind in ("triple", "cut"):
                quotes = piece[0][: 3 if kind == "triple" else 1]
                if kind == "cut":
                    break
            elif kind == "open":
                depth += 1
            elif kind == "close":
                depth = max(depth - 1, 0)
            elif kind == "assign" and depth == 0 and value is None:
                value = (number, column)
            elif kind == "comment":
                comment = piece.start()
            elif kind == "continued":
                going_on = True
        if not (quotes or depth or going_on):
            return LogicalLine(number, value, comment, whole=True)
        number, column = number + 1, 0
    return LogicalLine(len(lines) - 1, value, None, whole=not quotes and not going_on)
