"""Code out of a marimo notebook, which is a Python file whose cells are functions.

The format is marimo's own (checked against files that marimo 0.25 wrote, and what its `app.run()`
leaves): `with app.setup:` runs first; `@app.function` and `@app.class_definition` stand before what
is a plain definition; the body of an `@app.cell` is a cell, its parameters are the names that it
takes from others, and the `return` at its end only lists names. Cells run in the order in which
they need each other's names, not that of the file, with `__name__ == "__main__"`. A cell that is
disabled, or that marimo kept as text because it is not Python, is not run.

marimo is not imported. Each cell becomes a part that keeps its lines' numbers in the file: it is
moved to the left, and its `def` line and its `return` are taken out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader._internal.syntax import parse
from grader.submission.ipython_syntax import MAX_PARSED

_APP = re.compile(r"^(\w+)\s*=\s*\w+\.App\(", re.MULTILINE)
_IMPORT = re.compile(r"^([ \t]*)import marimo(?: as (\w+))?[ \t]*$", re.MULTILINE)
_BINDERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SCOPES = (*_BINDERS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class MarimoCell:
    """A cell as Python. first_line: of the file, counted from 1. needs, gives: names."""

    source: str
    first_line: int
    needs: frozenset[str] = frozenset()
    gives: set[str] = field(default_factory=set)
    setup: bool = False


def read_marimo(text: str) -> list[MarimoCell] | None:
    """The cells of a marimo notebook in the order in which they run; None for any other file."""
    named = _APP.search(text)
    if named is None or "import marimo" not in text or len(text) > MAX_PARSED:
        return None
    try:
        body = parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = _IMPORT.sub(_quiet_import, text).split("\n")
    cells = [cell for node in body if (cell := _cell(node, named[1], lines)) is not None]
    return _in_order(cells) if cells else None


def _quiet_import(found: re.Match[str]) -> str:
    """What stands for `import marimo as mo`: an object that takes every call."""
    return f"{found[1]}{found[2] or 'marimo'} = get_ipython().quiet()"


def _cell(node: ast.stmt, app: str, lines: Sequence[str]) -> MarimoCell | None:
    """The cell that a statement of the file is; None for the file's own frame."""
    if isinstance(node, ast.With):
        setup = any(_of_app(item.context_expr, app) == "setup" for item in node.items)
        return _made(node.body, lines, setup=True) if setup else None
    if not isinstance(node, _BINDERS):
        return _by_hand(node, app, lines)
    kinds = {_of_app(decorator, app): decorator for decorator in node.decorator_list}
    marimos = kinds.get("function") or kinds.get("class_definition")
    if marimos is not None:
        first = (marimos.end_lineno or marimos.lineno) + 1
        return MarimoCell("\n".join(lines[first - 1 : node.end_lineno]), first, gives={node.name})
    if "cell" not in kinds or isinstance(node, ast.ClassDef):
        return _by_hand(node, app, lines)
    if _is_disabled(kinds["cell"]):
        return None
    body = node.body[:-1] if isinstance(node.body[-1], ast.Return) else node.body
    needs = frozenset(argument.arg for argument in node.args.args)
    return _made(body, lines, needs=needs) if body else None


def _by_hand(node: ast.stmt, app: str, lines: Sequence[str]) -> MarimoCell | None:
    """A statement that somebody wrote between the cells. Importing the file would run it."""
    if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Assign, *_BINDERS)):
        return None
    frame = {app, "__generated_with"}
    return None if _given([node]) & frame else _made([node], lines, setup=True)


def _made(
    body: Sequence[ast.stmt],
    lines: Sequence[str],
    *,
    needs: frozenset[str] = frozenset(),
    setup: bool = False,
) -> MarimoCell:
    """The cell of some statements. Comments around them are not kept.

    Lines of a text in quotes are moved to the left too, as marimo moved them to the right.
    """
    first = body[0]
    decorators = first.decorator_list if isinstance(first, _BINDERS) else []
    start = min([first.lineno, *(each.lineno for each in decorators)])
    found = list(lines[start - 1 : body[-1].end_lineno])
    indent = found[0][: len(found[0]) - len(found[0].lstrip())]
    if len(indent) < first.col_offset and start == first.lineno:
        found = [found[0][first.col_offset :]]  # behind `def _():` on one line
    source = "\n".join(line.removeprefix(indent) for line in found)
    return MarimoCell(source, start, needs, _given(body), setup)


def _of_app(node: ast.expr, app: str) -> str | None:
    """The attribute in `app.cell` or `app.cell(...)`."""
    node = node.func if isinstance(node, ast.Call) else node
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return None
    return node.attr if node.value.id == app else None


def _is_disabled(decorator: ast.expr) -> bool:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return any(
        word.arg == "disabled" and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in keywords
    )


def _given(body: Sequence[ast.stmt]) -> set[str]:
    """The names that statements bind, not those inside of functions, classes and the like."""
    names: set[str] = set()
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, _BINDERS):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        if not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)
    return names


def _in_order(cells: list[MarimoCell]) -> list[MarimoCell]:
    """Setup, then each cell behind those that give what it needs; in the file's order otherwise.

    Cells that need each other in a circle, which marimo refuses to run, stay where they are.
    """
    givers = {name: number for number, cell in enumerate(cells) for name in cell.gives}
    done: dict[int, None] = {}
    order = sorted(range(len(cells)), key=lambda number: not cells[number].setup)
    for start in order:
        waiting: list[tuple[int, Iterator[int]]] = [(start, _before(cells[start], givers))]
        under_way = {start}
        while waiting:
            number, needed = waiting[-1]
            following = next(needed, None)
            if following is None:
                done.setdefault(number)
                waiting.pop()
            elif following not in done and following not in under_way:
                under_way.add(following)
                waiting.append((following, _before(cells[following], givers)))
    return [cells[number] for number in done]


def _before(cell: MarimoCell, givers: dict[str, int]) -> Iterator[int]:
    return iter(sorted({givers[name] for name in cell.needs if name in givers}))
