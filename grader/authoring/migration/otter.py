"""Reads Otter Assign's source notebooks: with raw cells as boundaries (v1), or without (v0).

The format is in Otter's user guide, "Notebook Format": `# ASSIGNMENT CONFIG`, `# BEGIN QUESTION`
with its settings in YAML, `# BEGIN SOLUTION`, `# BEGIN TESTS`, `# HIDDEN`; in the older form the
settings stand in a block of a Markdown cell, and a cell's first line says what it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

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
from grader.authoring.migration.otter_points import OtterTest, points_of_tests
from grader.authoring.migration.otter_solutions import without_ignored, without_solutions
from grader.authoring.migration.starters import only_shows, with_stubs
from grader.errors import UsageError

_FENCED = re.compile(r"^```otter\s*\n(.*?)^```\s*$", re.S | re.M)
_BOUNDARY = re.compile(r"#\s*(BEGIN|END)\s+(QUESTION|SOLUTION|PROMPT|TESTS)\b", re.I)
_CONFIG = re.compile(r"#\s*ASSIGNMENT\s+CONFIG\b", re.I)
_OLD_QUESTION = re.compile(r"```\s*\n\s*BEGIN QUESTION\s*\n(.*?)```", re.S)
_OLD_CONFIG = re.compile(r"```\s*\n\s*BEGIN ASSIGN(?:MENT)?\s*\n(.*?)```", re.S)
_OLD_MARK = re.compile(r"\s*(?:##\s*(hidden test|test|solution|answer|prompt)s?\s*##|"
                       r"#\s*(HIDDEN TEST|TEST|SOLUTION)S?\b)\s*", re.I)  # fmt: skip
_IGNORED = re.compile(r"\s*(##\s*ignore\s*##|#\s*ignore\b)", re.I)
_TEST_CONFIG = re.compile(
    r"\A\s*(?:\.\s*=\s*)?\"\"\"?\s*#\s*BEGIN\s*TEST\s*CONFIG\s*\n(.*?)"
    r"^\s*\"\"\"?\s*;?\s*#\s*END\s*TEST\s*CONFIG[^\n]*\n?",
    re.S | re.M | re.I,
)
_EXPORTS = re.compile(r"^\s*(?:import otter\b|\w+\s*=\s*otter\.Notebook\()", re.M)


@dataclass
class _QuestionDraft:
    """A question that is being read. text: its Markdown. answers: what its solution says."""

    settings: Mapping[str, Any]
    text: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    tests: list[OtterTest] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.settings.get("name", ""))

    @property
    def is_manual(self) -> bool:
        return bool(self.settings.get("manual"))


@dataclass
class _OtterParts(HomeworkParts):
    """settings: those of the notebook. names: of the questions."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


class OtterSystem:
    """See GradingSystem."""

    def read(self, path: Path, name: str | None) -> tuple[ForeignHomework, ...]:
        """The homework in one source notebook, or those in a folder."""
        return handouts.homeworks_at(path, name, _read)


def _read(path: Path, name: str) -> ForeignHomework:
    cells = read_notebook(path)
    unfolded = [each for cell in cells for each in _unfenced(cell)]
    found = _OtterParts()
    if any(_boundary(cell) == ("BEGIN", "QUESTION") for cell in unfolded):
        _read_blocks(path, unfolded, found)
    elif any(_OLD_QUESTION.search(cell.source) for cell in cells if cell.kind == "markdown"):
        _read_old(path, cells, found)
    else:
        raise UsageError(
            f"{path} asks no question in Otter's form: there is no `# BEGIN QUESTION`; name the "
            "source notebook, from which `otter assign` makes the students' one"
        )
    homework = found.homework(name, title_of(unfolded, name), f"Otter, {path.name}")
    if not any(cell.is_solution for cell in homework.cells):
        raise UsageError(f"{path} asks for no code, so there is nothing to grade here")
    named = [str(each) for each in found.settings.get("files") or ()]
    for file in named:
        if not (path.parent / file).exists():
            raise UsageError(f"{path} lists the file {file!r}, which is not there; add it")
    return handouts.with_files(homework, path.parent, cells, named)


# Settings


def _settings(path: Path, cell: NotebookCell, text: str) -> Mapping[str, Any]:
    """Settings in YAML. Raises UsageError for what is none."""
    try:
        import yaml
    except ModuleNotFoundError:
        raise UsageError("reading Otter's settings needs PyYAML; install the staff extra") from None
    try:
        read = yaml.safe_load(text) or {}
    except yaml.YAMLError as exc:
        told = " ".join(str(exc).split())
        raise UsageError(f"{path}, cell {cell.number}: the settings are no YAML: {told}") from None
    if not isinstance(read, dict):
        raise UsageError(f"{path}, cell {cell.number}: the settings are no table; correct them")
    return read


def _begin_question(
    path: Path, cell: NotebookCell, found: _OtterParts, settings: Mapping[str, Any]
) -> _QuestionDraft:
    name = str(settings.get("name") or "")
    if not name:
        raise UsageError(f"{path}, cell {cell.number}: the question has no name; give it one")
    if name in found.names:
        raise UsageError(f"{path}: two questions have the name {name!r}; rename one")
    found.names.append(name)
    return _QuestionDraft(settings)


def _end_question(path: Path, question: _QuestionDraft, found: _OtterParts) -> None:
    name = question.name
    if question.is_manual:
        points = question.settings.get("points")
        if isinstance(points, int | float) and points > 0:
            found.questions.append(
                ForeignQuestion(
                    name,
                    float(points),
                    "\n\n".join(question.text).strip() or name,
                    (),
                    "\n\n".join(question.answers),
                )
            )
            found.handout.append(f"*Question `{name}`, {counted(points, 'point')}.*")
        else:
            found.notes.append(f"the question {name!r} is for people and has no points; left out")
    try:
        points_of = points_of_tests(question.settings, question.tests)
    except ValueError as exc:
        raise UsageError(f"{path}: question {name!r}: {exc}; correct its points") from None
    if question.settings.get("all_or_nothing") and len(question.tests) > 1:
        found.tests += _all_or_nothing(question, sum(points_of))
        return
    for number, (test, points) in enumerate(zip(question.tests, points_of, strict=True), start=1):
        label = f"{name}_{number}" if len(question.tests) > 1 else name
        title = f"{name}, test {number}" if len(question.tests) > 1 else name
        found.tests.append(ForeignTest(label, test.source, points, test.hidden, title))


def _all_or_nothing(question: _QuestionDraft, points: float) -> Iterator[ForeignTest]:
    """One check with all of the points; what students see of it has none of its own."""
    name = question.name
    shown = [test.source for test in question.tests if not test.hidden]
    if len(shown) == len(question.tests):
        yield ForeignTest(name, "\n".join(shown), points, hidden=False, title=name)
        return
    for number, source in enumerate(shown, start=1):
        yield ForeignTest(
            f"{name}_shown_{number}", source, 0, hidden=False, title=f"{name}, a part"
        )
    every = "\n".join(test.source for test in question.tests)
    yield ForeignTest(name, every, points, hidden=True, title=name)


# The form with boundaries


def _unfenced(cell: NotebookCell) -> Iterator[NotebookCell]:
    """A Markdown cell with its blocks for Otter as the raw cells that they stand for."""
    if cell.kind != "markdown" or "```otter" not in cell.source:
        yield cell
        return
    for index, text in enumerate(_FENCED.split(cell.source)):
        if text.strip():
            yield replace(cell, kind="raw" if index % 2 else "markdown", source=text)


def _boundary(cell: NotebookCell) -> tuple[str, str] | None:
    if cell.kind != "raw":
        return None
    match = _BOUNDARY.match(cell.source.strip())
    return None if match is None else (match[1].upper(), match[2].upper())


def _read_blocks(path: Path, cells: Sequence[NotebookCell], found: _OtterParts) -> None:
    question: _QuestionDraft | None = None
    block = ""
    for cell in cells:
        if cell.kind == "raw" and _CONFIG.match(cell.source.strip()):
            found.settings = _settings(path, cell, cell.source)
            continue
        if _IGNORED.match(cell.source):
            continue
        edge = _boundary(cell)
        if edge is None:
            _take(path, cell, found, question, block)
            continue
        kind, what = edge
        if what == "QUESTION":
            if (kind == "BEGIN") == (question is not None) or block:
                raise _unpaired(path, cell)
            if question is None:
                question = _begin_question(path, cell, found, _settings(path, cell, cell.source))
            else:
                _end_question(path, question, found)
                question = None
        elif question is None or (block != "" if kind == "BEGIN" else block != what):
            raise _unpaired(path, cell)
        else:
            block = what if kind == "BEGIN" else ""
    if question is not None:
        raise UsageError(f"{path}: the question {question.name!r} has no `# END QUESTION`; add it")


def _unpaired(path: Path, cell: NotebookCell) -> UsageError:
    line = cell.source.strip().splitlines()[0]
    return UsageError(f"{path}, cell {cell.number}: `{line[:60]}` has no partner; add it")


def _take(
    path: Path, cell: NotebookCell, found: _OtterParts, question: _QuestionDraft | None, block: str
) -> None:
    """Sort a cell between boundaries into what it is."""
    if cell.kind == "markdown":
        if question is not None and block == "SOLUTION":
            question.answers.append(cell.source.strip())
        elif block != "PROMPT":
            found.handout.append(cell.source.strip())
            if question is not None:
                question.text.append(cell.source.strip())
    elif cell.kind == "code" and question is not None and block == "TESTS":
        question.tests.append(_test(path, cell, question))
    elif cell.kind == "code" and block != "PROMPT":
        is_solution = block == "SOLUTION" or _is_marked(cell.source)
        _take_code(path, cell, found, question, is_solution=is_solution)


def _is_marked(source: str) -> bool:
    """Whether a cell outside of a solution holds one: Otter strips those too, on demand."""
    return re.search(r"#\s*(BEGIN )?SOLUTION\b", source) is not None


def _take_code(
    path: Path,
    cell: NotebookCell,
    found: _OtterParts,
    question: _QuestionDraft | None,
    *,
    is_solution: bool,
) -> None:
    try:
        source = without_ignored(program_text(path, cell))
        if _EXPORTS.search(source):
            source = "\n".join(line for line in source.split("\n") if not _EXPORTS.match(line))
        starter, source = without_solutions(source) if is_solution else (source, source)
    except ValueError as exc:
        raise UsageError(f"{path}, cell {cell.number}: {exc}; correct it") from None
    if is_solution:
        starter = with_stubs(starter, source)
        found.handout += handouts.places(starter)
        if question is not None and question.is_manual:
            question.answers.append(f"```python\n{cell.source.strip()}\n```")
        found.cells.append(ProgramCell(source, starter, is_solution=True))
    elif source.strip() and not only_shows(source, found.cells):
        found.cells.append(ProgramCell(source, source, is_solution=False))


def _test(
    path: Path, cell: NotebookCell, question: _QuestionDraft, *, hidden: bool = False
) -> OtterTest:
    """A test cell: what it expects is what its author's run of it has put out."""
    what = f"{path}: a test of {question.name!r} (cell {cell.number})"
    source = without_ignored(cell.source)
    settings: Mapping[str, Any] = {}
    match = _TEST_CONFIG.match(source)
    if match is not None:
        settings = _settings(path, cell, match[1])
        source = source[match.end() :]
    first = source.lstrip().partition("\n")[0]
    hidden = hidden or (first.startswith("#") and re.search(r"\bhidden\b", first, re.I) is not None)
    hidden = bool(settings.get("hidden", hidden))
    points = settings.get("points")
    if points is not None and not isinstance(points, int | float):
        raise UsageError(f"{what}: its points are {points!r}; give a number")
    return OtterTest(_judging(text_of_test(source, what), cell), points, hidden)


def _judging(source: str, cell: NotebookCell) -> str:
    """The test with what it has put out turned into an assertion.

    A function of the name `test_...` is called with the program's names that it asks for.
    """
    tree = parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if functions and functions[0].name.startswith("test") and len(tree.body) <= 2:
        return _function_test(functions[0], source)
    printed, shown = cell.printed.strip(), cell.shown.strip()
    last = tree.body[-1] if tree.body else None
    if not (printed or shown) or not isinstance(last, ast.Expr):
        return source
    before = "\n".join(source.split("\n")[: last.lineno - 1])
    value = ast.unparse(last.value)
    if printed:
        made = (
            "import contextlib\nimport io\n\n"
            "with contextlib.redirect_stdout(io.StringIO()) as printed:\n"
            f"    value = {value}\nassert printed.getvalue().strip() == {printed!r}"
        )
        made += f"\nassert repr(value) == {shown!r}" if shown else ""
    elif shown in ("True", "np.True_"):
        made = f"assert {value}"
    elif shown in ("False", "np.False_"):
        made = f"assert not ({value})"
    elif _is_value(shown):
        made = f"assert ({value}) == {shown}"
    else:
        made = f"assert repr({value}) == {shown!r}"
    return f"{before}\n{made}".lstrip("\n")


def _is_value(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _function_test(node: ast.FunctionDef, source: str) -> str:
    """The body of `def test_q1(x): ...`, in which the parameters are names of the program."""
    names = [each.arg for each in node.args.args]
    if "env" in names:
        return f"{ast.unparse(node)}\n\n{node.name}({', '.join(_argument(n) for n in names)})"
    return "\n".join(ast.unparse(each) for each in node.body)


def _argument(name: str) -> str:
    return "globals()" if name == "env" else name


# The older form, in which the first line of a cell says what it is


def _read_old(path: Path, cells: Sequence[NotebookCell], found: _OtterParts) -> None:
    question: _QuestionDraft | None = None
    answered = False
    for cell in cells:
        if cell.kind == "markdown" and (config := _OLD_CONFIG.search(cell.source)):
            found.settings = _settings(path, cell, config[1])
            continue
        if _IGNORED.match(cell.source):
            continue
        asked = _OLD_QUESTION.search(cell.source) if cell.kind == "markdown" else None
        if asked is not None:
            if question is not None:
                _end_question(path, question, found)
            question = _begin_question(path, cell, found, _settings(path, cell, asked[1]))
            answered = False
            text = _OLD_QUESTION.sub("", cell.source).strip()
            question.text.append(text)
            found.handout.append(text)
            continue
        mark = _OLD_MARK.match(cell.source)
        kind = "" if mark is None else (mark[1] or mark[2]).lower()
        if question is not None and cell.kind == "code" and "test" in kind:
            assert mark is not None
            stripped = replace(cell, source=cell.source[mark.end() :])
            question.tests.append(_test(path, stripped, question, hidden="hidden" in kind))
        elif question is not None and not answered and cell.kind in ("code", "markdown"):
            answered = kind != "prompt"
            text = cell.source[mark.end() :] if mark is not None else cell.source
            if cell.kind == "markdown":
                question.answers.append(re.sub(r"^\*\*SOLUTION:?\*\*:?", "", text).strip())
            elif kind != "prompt":
                solution = replace(cell, source=text)
                _take_code(path, solution, found, question, is_solution=True)
        else:
            if question is not None:
                _end_question(path, question, found)
                question = None
            _take(path, cell, found, None, "")
    if question is not None:
        _end_question(path, question, found)
