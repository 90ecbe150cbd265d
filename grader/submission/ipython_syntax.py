"""IPython's own syntax, put into Python line for line.

The rules are those of IPython's `inputtransformer2` (IPython 7 to 9), which is what a notebook's
cell goes through before Python sees it; tests/submission/test_ipython.py holds them against IPython
itself. In its order:

1. A cell that is indented as a whole is moved to the left. Pasted prompts (`>>>` with `...`, and
   `In [1]:` with `...:`) are taken off.
2. A cell whose first line is `%%name` is given to that magic. `%%time`, `%%capture`, `%%prun` and
   `%%debug` run the rest in the notebook, so it is kept, and read by these rules again; the rest of
   any other leaves no name, so it is taken out. `%%timeit` runs its cell inside of a function.
3. A logical line that begins with `!`, `%`, `?`, `,`, `;` or `/`, or ends with `?`, is IPython's,
   and so is the right side of `x = !command` and `x = %magic`. Behind a backslash it goes on.

What is IPython's is replaced by a statement that does nothing, or the least that leaves the names
that IPython leaves: `%time x = f()` becomes `x = f()`. Every other line stays where it is, so that
line numbers in a traceback are the student's own. Text that Python can parse is never changed.
`%run` and `%pylab` are left for the worker to do: they become a call of `get_ipython()`.
`%load_ext grader` becomes the import of what it brings, which does nothing in a worker.

Where Python text is too long to be parsed here (MAX_PARSED), the rules are applied all the same:
they leave what is Python as it is. Time and memory grow with the length of the text.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from grader._internal.syntax import parse
from grader.submission.logical_lines import logical_line

# Parsing takes up to 0.85 KB of memory and 2.4 microseconds for each byte of a hostile source.
MAX_PARSED = 128 << 10
MAX_PARSED_IN_ALL = 3 * MAX_PARSED // 2  # of one file, for one purpose
_MAX_EXPRESSION = 2000

# Magics that run the rest of their cell in the notebook itself.
RUN_IN_PLACE = frozenset({"time", "capture", "prun", "debug"})
_WRITES = frozenset({"writefile", "file"})
# Lines that are done by the worker, since only running tells which names come of them.
_LEFT_TO_RUN = frozenset({"run", "pylab"})
_BY_THE_WORKER = "get_ipython().run_line_magic("
# What `%load_ext grader` does: see grader.notebook. A worker has functions of these names, too.
_LOAD_CHECKS = "from grader.notebook import check, hint, submit"

_MAYBE_SPECIAL = re.compile(r"[%!?]|>>>|\.\.\.:|^In \[|^[ \t]*[,;/]|\A\s*^[ \t]+\S", re.MULTILINE)
_PASTED = re.compile(r"[ \t]*(>>>|\.\.\.)([ \t]|$)")
_STRING_START = re.compile(r"\s*[rubfRUBF]*$")
_IPYTHON_PROMPT = re.compile(r"((\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?")
_PROMPTED = re.compile(
    rf"\s*^(?:{_IPYTHON_PROMPT.pattern}|.*\n(?:{_IPYTHON_PROMPT.pattern}))", re.M
)
_HELP_END = re.compile(r"[\w\])*]\?{1,2}\s*$")
_ESCAPED = re.compile(r"[%!?,;/]")
_VALUE = re.compile(r"[ \t]*(?:!(?!=)\s*\S|%\w)")
_NAMES = re.compile(r"[\w\s]+(?:,[\w\s]+)+")
_OPTION = re.compile(r"-(?:([DlsT])\s*(\S+)|-?[\w-]+)\s*")


@dataclass(frozen=True)
class WriteCell:
    """A `%%writefile`: the name it writes to, what it writes, and whether behind what is there."""

    name: str
    text: str
    append: bool


@dataclass(frozen=True)
class Translation:
    """A cell as Python. skipped: what was IPython's. magic: of a cell that is not run here.

    written: what a `%%writefile` cell writes.
    """

    source: str
    skipped: tuple[str, ...] = ()
    magic: str = ""
    written: WriteCell | None = None


def translate(source: str, *, parse_first: bool = True) -> Translation:
    """A cell, or a module with IPython's lines in it, as Python with the same line numbers.

    parse_first: False where so much was parsed already that this text is to be taken by the rules
    alone.
    """
    if not _MAYBE_SPECIAL.search(source):
        return Translation(source)
    # `In [1]: x = 5` is a prompt, though Python could read it, as an annotation. Nothing of
    # Python's begins with `%%`.
    no_python = source.startswith("%%") or _PROMPTED.match(source)
    if parse_first and not no_python and is_python(source):
        return Translation(source)
    lines = _tidied(re.sub(r"\r\n?", "\n", source).split("\n"))
    skipped: list[str] = []
    first = _first_line(lines)
    while lines[first].startswith("%%") and not re.match(r"%%\w+\?", lines[first]):
        magic, _, argument = lines[first][2:].strip().partition(" ")
        skipped.append(lines[first].strip())
        if magic not in RUN_IN_PLACE or (magic == "time" and _without_options(argument)):
            return _left_out(lines, first, magic, argument, skipped)
        lines[first] = _captured(argument) if magic == "capture" else ""
        if _first_line(lines, first + 1) == first:
            break
        first = _first_line(lines, first + 1)
    if skipped:
        # What a magic runs goes through the rules anew.
        lines[first:] = _tidied(lines[first:])
        if parse_first and is_python("\n".join(lines)):
            return Translation("\n".join(lines), tuple(skipped))
    _replace_lines(lines, skipped)
    return Translation("\n".join(lines), tuple(skipped))


def is_python(source: str) -> bool:
    """Whether Python can parse a text; False also for one that is too long to try."""
    if len(source) > MAX_PARSED:
        return False
    try:
        parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _first_line(lines: list[str], start: int = 0) -> int:
    """The first line from `start` on that is not blank; 0, or the one before, where all are."""
    found = (index for index in range(start, len(lines)) if lines[index].strip())
    return next(found, max(start - 1, 0))


def _left_out(
    lines: list[str], first: int, magic: str, argument: str, skipped: list[str]
) -> Translation:
    """A cell that leaves no name in the notebook."""
    written = None
    if magic in _WRITES:
        words = re.findall(r"\"[^\"]*\"|'[^']*'|\S+", argument)
        names = [word.strip("'\"") for word in words if word not in ("-a", "--append")]
        text = "\n".join(lines[first + 1 :])
        if len(names) == 1:
            written = WriteCell(names[0], text, append=len(words) > 1)
    return Translation("", tuple(skipped), magic or "%%", written)


def _captured(argument: str) -> str:
    """What stands for `%%capture out`: the name that the output is kept under."""
    names = [word for word in argument.split() if word.isidentifier()]
    return f"{names[0]} = get_ipython().captured()" if names else ""


# Prompts and indentation


def _tidied(lines: list[str]) -> list[str]:
    """The lines without an indentation that all have, and without pasted prompts."""
    first = _first_line(lines)
    if lines[first][:1] in (" ", "\t"):
        lines = textwrap.dedent("\n".join(lines)).split("\n")
    lines = _without_pasted_prompts(lines)
    two = lines[first : first + 2]
    if any(_IPYTHON_PROMPT.match(line) for line in two):
        lines = [_IPYTHON_PROMPT.sub("", line, count=1) for line in lines]
    return lines


def _without_pasted_prompts(lines: list[str]) -> list[str]:
    """Lines without `>>> ` and `... `; those in a text in triple quotes keep theirs.

    `...` is a prompt only where `>>>` is one: by itself it is Python.
    """
    inside = _in_texts(lines)
    prompts = [not text and _PASTED.match(line) for line, text in zip(lines, inside, strict=True)]
    if not any(found and found[1] == ">>>" for found in prompts):
        return lines
    kept = [
        line[found.end() :] if found else line for line, found in zip(lines, prompts, strict=True)
    ]
    return textwrap.dedent("\n".join(kept)).split("\n")


def _in_texts(lines: list[str]) -> list[bool]:
    """For each line whether it is inside of a text in triple quotes that stands by itself, as a
    docstring does. One that is assigned may hold pasted code."""
    marks: list[bool] = []
    quotes, prompted = "", False
    for line in lines:
        marks.append(bool(quotes) and not prompted)
        for found in re.finditer(r"\"\"\"|'''", line):
            if not quotes:
                quotes, prompted = found[0], not _STRING_START.match(line[: found.start()])
            elif quotes == found[0]:
                quotes = ""
    return marks


# Lines


def _replace_lines(lines: list[str], skipped: list[str]) -> None:
    """Put Python in the place of every line that is IPython's."""
    number = 0
    while number < len(lines):
        line = lines[number]
        text = line.lstrip()
        if _ESCAPED.match(text):
            last = _last_continued(lines, number)
            content = _joined([text, *lines[number + 1 : last + 1]])
            _put(lines, number, last, _indent(line) + _statement(content), skipped)
            number = last + 1
            continue
        logical = logical_line(lines, number)
        place = logical.value
        ends = lines[logical.last]
        if logical.whole and logical.comment is None and _HELP_END.search(ends):
            _put(lines, number, logical.last, f"{_indent(line)}pass", skipped)
        elif place is not None and _VALUE.match(lines[place[0]], place[1]):
            at, column = place
            last = _last_continued(lines, at)
            content = _joined([lines[at][column:].lstrip(), *lines[at + 1 : last + 1]])
            target = lines[at][: column - 1].rstrip()
            _put(lines, at, last, _assignment(target, content), skipped)
            number = last + 1
            continue
        number = logical.last + 1


def _put(lines: list[str], first: int, last: int, python: str, skipped: list[str]) -> None:
    """Replace some lines by one and blank ones. What the worker does is not skipped."""
    if python.strip() != _LOAD_CHECKS and _BY_THE_WORKER not in python:
        skipped.append("\n".join(lines[first : last + 1]).strip())
    lines[first : last + 1] = [python] + [""] * (last - first)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _last_continued(lines: list[str], first: int) -> int:
    """The last of the lines that backslashes hold together."""
    while lines[first].endswith("\\") and first + 1 < len(lines):
        first += 1
    return first


def _joined(pieces: list[str]) -> str:
    """Lines held together by backslashes as one."""
    return " ".join(
        [piece.rstrip()[:-1] for piece in pieces[:-1]] + [pieces[-1].rstrip().removesuffix("\\")]
    )


def _statement(content: str) -> str:
    """The statement that stands for one of IPython's lines."""
    sign, rest = content[0], content[1:].strip()
    if _HELP_END.search(content) or sign in "!?":
        return "pass"
    if sign == "%":
        return line_magic(rest) or "pass"
    name, _, arguments = rest.partition(" ")
    words = {
        ",": [repr(word) for word in arguments.split()],
        ";": [repr(arguments)],
        "/": arguments.split(),
    }
    call = f"{name}({', '.join(words[sign])})"
    return call if name and is_python(call) else content


def line_magic(content: str) -> str:
    """What a line magic does to the notebook's names; "" for nothing. content: without the `%`."""
    name, _, argument = content.partition(" ")
    if name in _LEFT_TO_RUN:
        return f"{_BY_THE_WORKER}{name!r}, {argument.strip()!r})"
    if (name, argument.strip()) == ("load_ext", "grader"):
        return _LOAD_CHECKS
    if name not in ("time", "prun"):
        return ""
    statement = _without_options(argument)
    if statement[:1] in ("%", "!"):  # `%time %run helper.py`
        return _statement(statement) if statement.count("%") < 10 else ""
    return statement


def _without_options(argument: str) -> str:
    """The statement behind the options of `%time` and `%prun`."""
    argument = argument.strip()
    while option := _OPTION.match(argument):
        argument = argument[option.end() :]
    return argument


def _assignment(target: str, content: str) -> str:
    """An assignment of what a command or a magic gives. What a command prints is not known here."""
    value = "[]" if content.startswith("!") else "None"
    names = target.lstrip()
    if content.startswith("!") and _NAMES.fullmatch(names):
        value = f"[''] * {len([name for name in names.split(',') if name.strip()])}"
    if content.startswith("%"):
        statement = line_magic(content[1:])
        if statement and len(statement) <= _MAX_EXPRESSION and is_python(f"({statement})"):
            value = statement
        elif statement and is_python(statement):
            return f"{_indent(target)}{statement}; {names} = None"
    return f"{target} = {value}"
