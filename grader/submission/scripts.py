"""What students hand in as `.py`, which may be a notebook in one of its other forms.

- A plain module is left as it is, to the byte.
- What `jupyter nbconvert --to script` writes calls `get_ipython()`: `run_cell_magic("time", ...)`
  holds the code of a cell as a text. It goes through the same rules as that cell would have.
- Colab's "Download .py" leaves `!pip install` as it is, and puts a `# ` before each line magic and
  before all of a cell whose first line is a magic such as `%%time`, under the line "Commented out
  IPython magic to ensure Python compatibility."
- jupytext puts a `# ` before each magic, or, in its hydrogen form and on demand, leaves them raw.
- A marimo notebook: see `marimo`.

A file that Python cannot parse is read by a notebook's rules, cell by cell. What begins a cell is
`# %%`, `# +` or `# In[1]:`. Outside of those, as in jupytext's light form and in code that was
pasted together, `%%name` begins one, up to a blank line.
The numbers of lines stay: see `ipython_syntax`.
"""

from __future__ import annotations

import ast
import io
import itertools
import re
import tokenize
from dataclasses import dataclass

from grader._internal.syntax import parse
from grader.submission.ipython_syntax import (
    RUN_IN_PLACE,
    Translation,
    WriteCell,
    is_python,
    line_magic,
    translate,
)
from grader.submission.marimo import read_marimo

MAX_SCRIPT = 1 << 20
MAX_MARKED = 1000  # cells of a script that Python cannot parse

# Others are for Python to decode, in the worker: some take a time that grows with the square.
_ENCODINGS = frozenset(
    {"utf-8", "utf-8-sig", "ascii", "us-ascii", "iso-8859-1", "iso-8859-15", "cp1252", "cp1250"}
)
_MARKER = re.compile(r"# ?%%(\s|\[|$)|# \+|# -\s*$|# In\s?\[[\d\s*]*\]:?\s*$|\"\"\s*$")
_COLAB = "# Commented out IPython magic to ensure Python compatibility."
_JUPYTEXT = re.compile(r"\A(?:#!.*\n)?# ---\n(?:#.*\n){0,60}#\s+jupytext:", re.MULTILINE)
_COMMENTED = re.compile(r"([ \t]*)# ?([ \t]*(?:%%?[A-Za-z]|![\w./]|[\w ,]+ = [%!]\w).*)")
_SHELL_CALL = re.compile(
    r"([ \t]*)(?:([^=()#]+) = )?get_ipython\(\)\.(run_cell_magic|run_line_magic)\((.*)\)\s*"
)


@dataclass(frozen=True)
class ScriptPart:
    """A piece of a script. first_line: the line of the file that it begins with, from 1."""

    source: bytes
    first_line: int = 1


@dataclass(frozen=True)
class Script:
    """A `.py` file as what runs. notebook: it must run as a notebook does, see `Program`.

    skipped: what was IPython's in it. written: what its `%%writefile` cells write. marimo: it is
    a marimo notebook.
    """

    parts: tuple[ScriptPart, ...]
    notebook: bool = False
    skipped: tuple[str, ...] = ()
    written: tuple[WriteCell, ...] = ()
    marimo: bool = False


def read_script(data: bytes) -> Script:
    """A `.py` file's parts. Never raises: what cannot be read here is Python's to refuse."""
    plain = Script((ScriptPart(data),))
    decoded = _decoded(data)
    if decoded is None or len(data) > MAX_SCRIPT:
        return plain
    text, encoding = decoded
    cells = read_marimo(text)
    if cells is not None:
        parts = tuple(
            ScriptPart(cell.source.encode(encoding, "replace"), cell.first_line) for cell in cells
        )
        return Script(parts, notebook=True, marimo=True)
    exported = _Export(text)
    if not is_python(exported.text):
        marked = _marked_cells(exported.text, encoding)
        if len(marked) > 1:
            # What is wrong with one cell is no reason to lose the others.
            return Script(marked, True, tuple(exported.skipped), tuple(exported.written))
    if exported.text == text:
        return plain
    source = ScriptPart(exported.text.encode(encoding, "replace"))
    return Script(
        (source,), exported.was_no_python, tuple(exported.skipped), tuple(exported.written)
    )


def statements(source: bytes) -> list[ast.stmt]:
    """The statements of a part, those in exported cells among them. Raises what `parse` does."""
    found: list[ast.stmt] = []
    for node in parse(source).body:
        call = _magic_call(node)
        texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant)] if call else []
        if len(texts) == 3 and texts[0] in RUN_IN_PLACE and is_python(str(texts[2])):
            found += parse(str(texts[2])).body
        else:
            found.append(node)
    return found


def _marked_cells(text: str, encoding: str) -> tuple[ScriptPart, ...]:
    """The cells of a script whose author has marked them; one part for any other script."""
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    starts = [number for number, line in enumerate(lines) if _MARKER.match(line)]
    if len(starts) > MAX_MARKED:
        return ()
    ends = sorted({0, *starts, len(lines)})
    cells = [("\n".join(lines[a:b]), a + 1) for a, b in itertools.pairwise(ends)]
    return tuple(
        ScriptPart(cell.encode(encoding, "replace"), line) for cell, line in cells if cell.strip()
    )


def _decoded(data: bytes) -> tuple[str, str] | None:
    """A file's text and its encoding, where it is one of the usual ones."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return (data.decode(encoding), encoding) if encoding in _ENCODINGS else None
    except (SyntaxError, ValueError, LookupError):
        return None


class _Export:
    """A script's text with what is a notebook's put into Python. text: as it is if nothing was."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.skipped: list[str] = []
        self.written: list[WriteCell] = []
        self.was_no_python = False
        of_colab, of_jupytext = _COLAB in text, bool(_JUPYTEXT.match(text[:4000]))
        lines = re.sub(r"\r\n?", "\n", text).split("\n")
        before = list(lines)
        if "get_ipython()" in text:
            _on_one_line(text, lines)
            lines = [self._without_call(line) for line in lines]
        if of_colab:
            self._uncomment_cells(lines)
        if of_colab or of_jupytext:
            lines = [_uncommented(line) for line in lines]
        if lines != before:
            self.text = "\n".join(lines)
        elif is_python(text):
            return
        self.was_no_python = not is_python(text)
        if not is_python(self.text) or of_jupytext:
            self._translate_cells(lines)

    def _translate_cells(self, lines: list[str]) -> None:
        """Read each cell by a notebook's rules."""
        done: list[str] = []
        for first, last in _cells(lines):
            cell = lines[first:last]
            if len(cell) == 1 and _MARKER.match(cell[0]):
                done += cell  # a comment
                continue
            source = self._take(translate("\n".join(cell))).split("\n")
            done += source + [""] * (len(cell) - len(source))
        if done != lines:
            self.text = "\n".join(done)

    def _take(self, told: Translation) -> str:
        self.skipped += told.skipped
        if told.written is not None:
            self.written.append(told.written)
        return told.source

    def _without_call(self, line: str) -> str:
        """A line with a call that nbconvert wrote, as the magic's own rule has it."""
        found = _SHELL_CALL.fullmatch(line)
        if found is None:
            return line
        indent, target, method, written = found.groups()
        try:
            texts = ast.literal_eval(f"({written},)")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return line
        if not all(isinstance(text, str) for text in texts):
            return line
        if method == "run_cell_magic" and len(texts) == 3:
            told = translate(f"%%{texts[0]} {texts[1]}\n{texts[2]}")
            source = self._take(told) if told.magic else told.source.removeprefix("\n")
            call = f"get_ipython().run_cell_magic({texts[0]!r}, {texts[1]!r}, {source!r})"
            return f"{indent}pass" if told.magic else indent + call
        if len(texts) == 2 and texts[0] in ("time", "prun"):
            python = line_magic(f"{texts[0]} {texts[1]}")
            python = f"{target} = {python}" if target and python else python
            return indent + python if is_python(python) and python else line
        return line

    def _uncomment_cells(self, lines: list[str]) -> None:
        """Undo what Colab does to a whole cell, where the cell runs in the notebook."""
        for number, line in enumerate(lines):
            if line.rstrip() != _COLAB:
                continue
            last = number + 1
            while last < len(lines) and lines[last][:1] == "#" and lines[last].rstrip() != _COLAB:
                last += 1
            cell = [text[2:] if text[:2] == "# " else text[1:] for text in lines[number + 1 : last]]
            if not cell or not cell[0].startswith("%%"):
                continue
            told = translate("\n".join(cell))
            if told.magic and told.written is None:
                self.skipped += told.skipped
            elif told.written is not None or is_python(told.source):
                source = self._take(told).split("\n")
                lines[number + 1 : last] = source + [""] * (len(cell) - len(source))


def _on_one_line(text: str, lines: list[str]) -> None:
    """Put calls of magics that a formatter has broken into lines of their own back on one."""
    if not is_python(text):
        return
    for node in ast.walk(parse(text)):
        call = _magic_call(node)
        if call is None or not isinstance(node, ast.stmt):
            continue
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        if last - first > 1 and all(isinstance(each, ast.Constant) for each in call.args):
            joined = lines[first][: node.col_offset] + ast.unparse(node)
            lines[first:last] = [joined] + [""] * (last - first - 1)


def _magic_call(node: ast.AST) -> ast.Call | None:
    """The call in a statement that is `....run_cell_magic(...)` or assigns its like."""
    call = node.value if isinstance(node, ast.Expr | ast.Assign) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    return call if call.func.attr in ("run_cell_magic", "run_line_magic") else None


def _uncommented(line: str) -> str:
    found = _COMMENTED.fullmatch(line)
    return line if found is None else found[1] + found[2]


def _cells(lines: list[str]) -> list[tuple[int, int]]:
    """The cells of a script: the first line of each, and that behind its last.

    A marker stands by itself, so that a magic is its cell's first line.
    """
    starts = {0, len(lines)}
    marked = False  # whether the cell that a line is in began with a marker, which ends it too
    ends_at_blank = False
    before = ""
    for number, line in enumerate(lines):
        if _MARKER.match(line):
            marked, ends_at_blank = not line.startswith("# -"), False
            starts |= {number, number + 1}
        elif line.startswith("%%") and not before.startswith("%%"):
            starts.add(number)
            ends_at_blank = not marked
        elif ends_at_blank and not line.strip():
            starts.add(number)
            ends_at_blank = False
        before = line
    return list(itertools.pairwise(sorted(starts)))
