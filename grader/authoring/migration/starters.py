"""What students get of code: stubs in the places of what they write."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader._internal.syntax import parse
from grader.authoring.migration.model import ProgramCell
from grader.authoring.migration.names import bound_by
from grader.checks.variants import is_main_block

STUB = "raise NotImplementedError"


def stubbed(source: str) -> str:
    """A cell that is the solution as a whole: signatures, docstrings, imports; `...` for values."""
    lines = source.split("\n")
    kept: list[str] = []
    for node in parse(source).body:
        text = lines[_first_line(node) - 1 : node.end_lineno]
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept += text
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            kept += ["", "", *_stub(node, lines)] if kept else _stub(node, lines)
        elif is_main_block(node):
            kept += ["", "", *text]
        else:
            kept += [f"{name} = ..." for name in dict.fromkeys(bound_by(node))]
    return "\n".join(kept)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _stub(node: ast.stmt, lines: Sequence[str]) -> list[str]:
    """A function, or a class method by method, without what it does."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    body = node.body
    documented = ast.get_docstring(node, clean=False) is not None
    first = body[1] if documented and len(body) > 1 else body[0]
    if isinstance(node, ast.ClassDef):
        kept = list(lines[_first_line(node) - 1 : _first_line(first) - 1])
        for each in body:
            if isinstance(each, ast.FunctionDef):
                kept += ["", *_stub(each, lines)] if kept[-1].strip() else _stub(each, lines)
        return kept
    if first.lineno == node.lineno:  # def f(x): return x
        header = lines[node.lineno - 1][: first.col_offset].rstrip()
        return [*lines[_first_line(node) - 1 : node.lineno - 1], f"{header} {STUB}"]
    end = body[0].end_lineno if documented else first.lineno - 1
    head = list(lines[_first_line(node) - 1 : end])
    while head and (not head[-1].strip() or head[-1].lstrip().startswith("#")):
        head.pop()
    return [*head, " " * first.col_offset + STUB]


def with_stubs(starter: str, source: str) -> str:
    """A starter in which each function that students change begins with a stub.

    Otter leaves `...` in the place of a solution, and a function that returns None would count as
    an attempt. A starter that is no Python stays as it is.
    """
    try:
        mine, theirs = parse(starter), parse(source)
    except SyntaxError:
        return starter
    right = {node.name: ast.dump(node) for node in _functions(theirs)}
    lines = starter.split("\n")
    for node in reversed(list(_functions(mine))):
        is_stub = any(
            isinstance(e, ast.Name) and e.id == "NotImplementedError" for e in ast.walk(node)
        )
        if is_stub or right.get(node.name) == ast.dump(node):
            continue
        documented = ast.get_docstring(node, clean=False) is not None
        rest = node.body[documented:]
        empty = all(
            isinstance(each, ast.Pass)
            or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            for each in rest
        )
        if node.body[0].lineno == node.lineno:
            continue
        indent = " " * node.body[0].col_offset
        if rest and empty:
            lines[rest[0].lineno - 1 : rest[-1].end_lineno] = [indent + STUB]
        elif rest:
            place = rest[0].lineno - 1
            lines[place:place] = [f"{indent}{STUB}  # take this line out when you begin"]
        else:
            lines[node.end_lineno or 0 : node.end_lineno or 0] = [indent + STUB]
    return "\n".join(lines)


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions at the top and the methods of classes, in order."""
    found = []
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        found += [each for each in inner if isinstance(each, ast.FunctionDef)]
    return found


def only_shows(source: str, before: Sequence[ProgramCell]) -> bool:
    """Whether a given cell only shows what students wrote, such as `squares(10)`.

    In a module that would print nothing, and in the starter it would fail.
    """
    try:
        body = parse(source).body
    except SyntaxError:
        return False
    written: set[str] = set()
    for cell in before:
        try:
            tree = parse(cell.source) if cell.is_solution else ast.Module([], [])
        except SyntaxError:
            continue
        written |= set(bound_by(tree))
    return all(
        isinstance(node, ast.Expr)
        and (
            isinstance(node.value, ast.Constant | ast.Name)
            or bool(written & {n.id for n in ast.walk(node) if isinstance(n, ast.Name)})
        )
        for node in body
    )
