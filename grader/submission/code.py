"""A file that counts as the homework's code, as the parts that a worker runs.

Here notebooks and scripts come together: what one reader finds is what every other module asks for.
Nothing of the student's is run; code is only parsed, and only up to MAX_PARSED bytes of it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from grader.errors import SubmissionError
from grader.submission.ipython_syntax import MAX_PARSED, MAX_PARSED_IN_ALL, WriteCell, is_python
from grader.submission.notebook import Cell, read_cells
from grader.submission.notebook_file import conflict_line, told_by_its_beginning
from grader.submission.scripts import read_script, statements

_MAX_SHOWN = 60
_MAX_LATER = 100  # definitions of one function in a notebook


@dataclass(frozen=True)
class Part:
    """A piece of source that runs in order: a whole module, or one code cell of a notebook.

    label: how a message names it ("my_homework.py" or "cell 3"). filename: what stands in
    tracebacks. source: bytes, so that a declared encoding and a byte-order mark are honoured.
    first_line: the number that its first line has in the file of that name. opening: the first
    line of a cell, as the student wrote it.
    """

    label: str
    filename: str
    source: bytes
    first_line: int = 1
    opening: str = ""


@dataclass(frozen=True)
class Code:
    """A homework's code, ready to run.

    notebook: its parts run as IPython runs cells. written: the files that its cells write, by
    name. warnings: what the student should know of how it was read.
    """

    parts: tuple[Part, ...]
    notebook: bool
    written: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def read_code(name: str, data: bytes, module: str, functions: Collection[str]) -> Code:
    """Read a `.py` or `.ipynb` file. Raises SubmissionError with the reason.

    module: the homework's name. functions: the names that it asks for.
    """
    if name.lower().endswith(".ipynb") or _looks_like_a_notebook(data):
        return _read_notebook(name, data, module, functions)
    return _read_script(name, data, functions)


def statements_of(parts: Sequence[Part]) -> list[ast.stmt] | None:
    """The statements of all parts; None if one cannot be parsed, or they are too long to be."""
    if sum(len(part.source) for part in parts) > MAX_PARSED:
        return None
    try:
        return [node for part in parts for node in statements(part.source)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parsed_parts(parts: Iterable[Part]) -> Iterator[tuple[Part, list[ast.stmt]]]:
    """The parts that can be parsed, with their statements, up to MAX_PARSED_IN_ALL bytes."""
    left = MAX_PARSED_IN_ALL
    for part in parts:
        if len(part.source) <= left:
            left -= len(part.source)
            yield part, statements_of([part]) or []


def _looks_like_a_notebook(data: bytes) -> bool:
    """Whether a file of another name is a notebook: JSON that names its format."""
    return data[:100].lstrip().startswith(b"{") and b'"nbformat"' in data and b'"cells"' in data


# Scripts


def _read_script(name: str, data: bytes, functions: Collection[str]) -> Code:
    what = told_by_its_beginning(data)
    if what is not None:
        raise SubmissionError(f"{name} is not Python: {what}")
    script = read_script(data)
    if conflict_line(data) and not is_python(data[:MAX_PARSED].decode("utf-8", "replace")):
        raise SubmissionError(f"{name} is not Python: {conflict_line(data)}")
    parts = tuple(Part(name, name, part.source, part.first_line) for part in script.parts)
    warnings = [*_skipped_lines(name, script.skipped)]
    if script.marimo:
        warnings += _renamed(name, parts, functions)
    return Code(parts, script.notebook, _files(script.written), tuple(warnings))


def _renamed(name: str, parts: Sequence[Part], functions: Collection[str]) -> Iterator[str]:
    """Functions asked for that a marimo notebook also has under a name with a number.

    `marimo convert` calls the second definition of `loss` in a notebook `loss_1`, the third
    `loss_2`: the one that counted in the notebook is no longer called `loss`.
    """
    nodes = [node for _, nodes in parsed_parts(parts) for node in nodes]
    defined = {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for function in sorted(defined & set(functions)):
        later = [f"{function}_{number}" for number in range(1, _MAX_LATER)]
        found = [each for each in later if each in defined and each not in functions]
        if found:
            yield (
                f"{name}: `{function}` is what counts, and not `{found[-1]}`, as `marimo convert` "
                f"calls a later definition of `{function}`; call the right one `{function}`"
            )


def _skipped_lines(name: str, skipped: Sequence[str]) -> Iterator[str]:
    if skipped:
        what = "1 line" if len(skipped) == 1 else f"{len(skipped)} lines"
        example = skipped[0].split("\n")[0][:_MAX_SHOWN]
        yield f"{name}: {what} of IPython's skipped, such as `{example}`"


# Notebooks


def _read_notebook(name: str, data: bytes, module: str, functions: Collection[str]) -> Code:
    try:
        cells = read_cells(data)
    except SubmissionError as exc:
        raise SubmissionError(f"{name} is {exc}") from None
    ordinary = _parts(cell for cell in cells if not cell.magic)
    own = f"{module}.py"
    taken = _last_written(cells, own)
    if taken and _defined(ordinary).isdisjoint(functions):
        # The homework itself stands in `%%writefile` cells: they are the notebook's code.
        parts = _parts(_opened(cell) if cell in taken else cell for cell in cells)
        told = [f"{name}: {_called(cell)} writes {own}, and was taken as {own}" for cell in taken]
    else:
        parts, told = ordinary, []
    if not parts:
        raise SubmissionError(f"{name} {_why_empty(cells, module)}")
    written = _files([cell.written for cell in cells if cell.written is not None])
    skipped = [line for cell in cells for line in cell.skipped]
    warnings = [*_skipped_lines(name, skipped), *told]
    if written and not taken:
        warnings += _lost(cells, _defined(parts), functions)
    return Code(parts, True, written, tuple(warnings))


def _parts(cells: Iterator[Cell]) -> tuple[Part, ...]:
    made = []
    for cell in cells:
        name, source = f"cell {cell.number}", cell.source.encode("utf-8", "replace")
        if cell.source.strip():
            made.append(Part(name, name, source, opening=cell.opening[:_MAX_SHOWN]))
    return tuple(made)


def _defined(parts: Sequence[Part]) -> set[str]:
    """The names of the functions and classes that the parts define, where they can be parsed."""
    names = set()
    for _, nodes in parsed_parts(parts):
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.Assign):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _last_written(cells: Sequence[Cell], name: str) -> list[Cell]:
    """The cells whose `%%writefile` makes a file what it is in the end."""
    found: list[Cell] = []
    for cell in cells:
        if cell.written is not None and PurePosixPath(cell.written.name) == PurePosixPath(name):
            found = [*found, cell] if cell.written.append else [cell]
    return found


def _opened(cell: Cell) -> Cell:
    """A `%%writefile` cell as one that runs: its body, below an empty line for the magic's."""
    assert cell.written is not None
    return replace(cell, source=f"\n{cell.written.text}", magic="", written=None)


def _files(written: Sequence[WriteCell]) -> dict[str, bytes]:
    """What `%%writefile` cells write, by name. A name that leads out of the folder is left out."""
    files: dict[str, str] = {}
    for each in written:
        path = PurePosixPath(each.name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or not path.name or "\0" in each.name:
            continue
        before = files.get(str(path), "") if each.append else ""
        files[str(path)] = before + each.text.removesuffix("\n") + "\n"
    return {name: text.encode("utf-8", "replace") for name, text in files.items()}


def _called(cell: Cell) -> str:
    """How a message names a cell: by its number and its first line."""
    return f"cell {cell.number} (`{cell.opening[:_MAX_SHOWN]}`)"


def _why_empty(cells: Sequence[Cell], module: str) -> str:
    """What is said of a notebook that holds nothing to run."""
    for cell in cells:
        if cell.written is not None:
            return (
                f"holds no code but in a %%writefile cell for {cell.written.name}: "
                f"{_called(cell)}; write to {module}.py there, or take that line away"
            )
    for cell in cells:
        if cell.magic:
            return f"holds no code that leaves a name: {_called(cell)} is not run in the notebook"
    return "holds no code; was it saved before it was handed in?"


def _lost(cells: Sequence[Cell], defined: set[str], functions: Collection[str]) -> Iterator[str]:
    """The cells that hold a function asked for, which no cell that runs defines."""
    for cell in cells:
        if cell.written is None or not is_python(cell.written.text):
            continue
        part = Part("", "", cell.written.text.encode("utf-8", "replace"))
        names = sorted((_defined([part]) & set(functions)) - defined)
        if names:
            yield (
                f"{_called(cell)} writes `{names[0]}` to a file, and the notebook has it only if "
                f"a later cell imports it"
            )
