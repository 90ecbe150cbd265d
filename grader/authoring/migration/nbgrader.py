"""Reads nbgrader's source notebooks: the metadata of its cells in versions 0 to 3, its markers.

The formats are in nbgrader's user guide and in its `nbgradermetadata` schemas: a cell is `solution`
(students write it), `grade` (it is worth points), both (people mark it), `task` (people mark what
students add), or given.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader._internal.syntax import parse
from grader._internal.text import counted
from grader.authoring.migration import handouts
from grader.authoring.migration.model import (
    ForeignHomework,
    ForeignQuestion,
    ForeignTest,
    HomeworkParts,
    ProgramCell,
)
from grader.authoring.migration.notebooks import (
    NotebookCell,
    program_text,
    read_notebook,
    text_of_test,
    title_of,
)
from grader.authoring.migration.starters import only_shows, stubbed
from grader.errors import UsageError

_BEGIN, _END = re.compile(r"BEGIN SOLUTION"), re.compile(r"END SOLUTION")
_HIDDEN = re.compile(r"BEGIN HIDDEN TESTS"), re.compile(r"END HIDDEN TESTS")
_SCHEME = re.compile(r"=+ *BEGIN MARK SCHEME *=+(.*?)=+ *END MARK SCHEME *=+", re.S)
_STUB = "# YOUR CODE HERE\nraise NotImplementedError"


@dataclass
class _NbgraderParts(HomeworkParts):
    """text: the Markdown since the last cell of code."""

    text: str = ""


class NbgraderSystem:
    """See GradingSystem."""

    def read(self, path: Path, name: str | None) -> tuple[ForeignHomework, ...]:
        """The notebooks in a folder of `source/`, or one notebook."""
        return handouts.homeworks_at(path, name, _read)


def _read(path: Path, name: str) -> ForeignHomework:
    cells = read_notebook(path)
    _refuse_metadata(path, cells)
    found = _NbgraderParts()
    for cell in cells:
        _take(path, cell, found)
    homework = found.homework(name, title_of(cells, name), f"nbgrader, {path.name}")
    if not any(cell.is_solution for cell in homework.cells):
        raise UsageError(
            f"{path} asks for no code: it has no cell of code with `solution` in its metadata; "
            "written questions alone need no grader"
        )
    if all(cell.source == cell.starter for cell in homework.cells):
        raise UsageError(
            f"{path} holds no solution, as nbgrader's release version; name the source version"
        )
    return handouts.with_files(homework, path.parent, cells)


def _refuse_metadata(path: Path, cells: Sequence[NotebookCell]) -> None:
    ids = Counter(str(_mark(cell, "grade_id")) for cell in cells if _counts(cell))
    if not ids:
        raise UsageError(
            f"{path} has no metadata of nbgrader's; name a notebook of the course's source/ folder"
        )
    for twice in sorted(each for each, count in ids.items() if count > 1):
        raise UsageError(f"{path}: two cells have the grade id {twice!r}; rename one in nbgrader")
    for cell in cells:
        version = _mark(cell, "schema_version") or 0
        if not isinstance(version, int) or version > 3:
            raise UsageError(
                f"{path}, cell {cell.number}: nbgrader's metadata are of version {version}, and "
                "versions up to 3 are read; save it with nbgrader 0.9"
            )


def _mark(cell: NotebookCell, key: str) -> object:
    marks = cell.metadata.get("nbgrader")
    return marks.get(key) if isinstance(marks, dict) else None


def _counts(cell: NotebookCell) -> bool:
    return any(_mark(cell, key) for key in ("grade", "solution", "task", "locked"))


def _points(path: Path, cell: NotebookCell) -> float:
    """The points of a cell; version 0 of the metadata holds them as text."""
    told = _mark(cell, "points")
    try:
        points = float(str(told or 0))
    except ValueError:
        points = -1.0
    if not 0 <= points < 1e6:
        raise UsageError(
            f"{path}: the points of {_mark(cell, 'grade_id')!r} are {told!r}; give a number that "
            "is not negative"
        )
    return points


def _take(path: Path, cell: NotebookCell, found: _NbgraderParts) -> None:
    """Sort one cell into what it is."""
    grade, solution, task = (bool(_mark(cell, key)) for key in ("grade", "solution", "task"))
    if cell.kind == "markdown":
        if task or (grade and solution):
            _take_question(path, cell, found, task=task)
        else:
            found.handout.append(cell.source.strip())
            found.text += "\n\n" + cell.source.strip()
        return
    if cell.kind != "code":
        return
    if grade and not solution:
        found.tests += _tests(path, cell)
        return
    source = program_text(path, cell)
    if grade and solution:
        _take_question(path, cell, found, task=False)
        starter = f"# {_mark(cell, 'grade_id')}: write your code here. People mark it."
        found.cells.append(ProgramCell(source, starter, is_solution=True))
        return
    if solution:
        starter = _starter(path, cell, source)
        found.cells.append(ProgramCell(source, starter, is_solution=True))
        found.handout += handouts.places(starter)
        found.text = ""
    elif not only_shows(source, found.cells):
        found.cells.append(ProgramCell(source, source, is_solution=False))


def _starter(path: Path, cell: NotebookCell, source: str) -> str:
    """What students get of a cell that they write: its regions, or all of it, become stubs."""
    kept = _without_regions(path, cell, source, _BEGIN, _END, _STUB)
    return stubbed(source) if kept == source else kept


def _without_regions(
    path: Path,
    cell: NotebookCell,
    source: str,
    begin: re.Pattern[str],
    end: re.Pattern[str],
    stub: str,
) -> str:
    """The source with each marked region replaced by `stub`, indented as the region was."""
    lines: list[str] = []
    inside = False
    for line in source.split("\n"):
        is_begin, is_end = begin.search(line), end.search(line)
        if (is_begin and inside) or (is_end and not inside):
            break
        if is_begin:
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + each for each in stub.split("\n") if stub]
        elif is_end:
            inside = False
        elif not inside:
            lines.append(line)
    else:
        if not inside:
            return "\n".join(lines)
    raise UsageError(
        f"{path}, cell {cell.number} ({_mark(cell, 'grade_id')}): a line with "
        f"`{begin.pattern}` or `{end.pattern}` has no partner; add it"
    )


def _tests(path: Path, cell: NotebookCell) -> Iterator[ForeignTest]:
    """A test cell as checks.

    nbgrader gives the points of a cell only if all of it holds. So where a part is hidden, the
    hidden check runs the whole cell and has the points; the part that students see has none.
    """
    name, points = str(_mark(cell, "grade_id")), _points(path, cell)
    what = f"{path}: the test {name!r}"
    whole = text_of_test(cell.source, what)
    shown = _without_regions(path, cell, whole, *_HIDDEN, "")
    if shown == whole:
        if _asserts(whole):
            yield ForeignTest(name, whole, points, hidden=False)
            return
        yield ForeignTest(name, whole, points, hidden=True, title=f"{name} (no assertions)")
        return
    if _asserts(shown):
        title = (ast.get_docstring(parse(shown)) or name).splitlines()[0]
        yield ForeignTest(f"{name}_shown", shown, 0, hidden=False, title=f"{title} (a part of it)")
    yield ForeignTest(name, whole, points, hidden=True)


def _asserts(source: str) -> bool:
    """Whether a source does anything but say what it is."""
    try:
        body = parse(source).body
    except SyntaxError:
        return False
    return any(
        not isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in body
    )


def _take_question(path: Path, cell: NotebookCell, found: _NbgraderParts, *, task: bool) -> None:
    name, points = str(_mark(cell, "grade_id")), _points(path, cell)
    scheme = _SCHEME.search(cell.source)
    rubric = tuple(
        line.strip(" -*\t") for line in (scheme[1] if scheme else "").splitlines() if line.strip()
    )
    text = found.text.strip()
    answer = cell.source
    if task:
        text, answer = _SCHEME.sub("", cell.source).strip(), ""
        found.handout.append(text)
    if cell.kind == "code":
        answer = f"```python\n{cell.source.strip()}\n```"
    if points:
        found.questions.append(ForeignQuestion(name, points, text or name, rubric, answer))
        found.handout.append(f"*Question `{name}`, {counted(points, 'point')}.*")
    else:
        found.notes.append(f"the question {name!r} has no points and was left out")
    found.text = ""
