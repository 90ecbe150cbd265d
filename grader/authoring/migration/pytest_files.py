"""Files of pytest and unittest: each test function as a source that runs by itself.

What a function needs of its file (imports, constants, helpers) stands in front of it, and what it
imports of the program under test is there already, under the names that the program gives.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader._internal.syntax import parse
from grader.authoring.migration.names import bound_by, used_by
from grader.errors import UsageError

_CASE = "from unittest import TestCase\n\nself = TestCase()\n"


@dataclass(frozen=True)
class PytestFile:
    """A file of tests."""

    path: Path
    tree: ast.Module

    def sources(self, module: str) -> Iterator[tuple[str, Callable[[], str]]]:
        """The tests by name, `TestSquares::test_one` within a class, each with what makes a source
        of it, which raises ValueError for what only pytest can run.

        module: the program under test.
        """
        program = _Program(module, self.tree)
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                yield node.name, partial(self._source, program, node, [], "")
            elif isinstance(node, ast.ClassDef):
                methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
                before = [each for each in methods if each.name in ("setUp", "setup_method")]
                for each in methods:
                    if each.name.startswith("test"):
                        make = partial(self._source, program, each, before, _CASE)
                        yield f"{node.name}::{each.name}", make

    def _source(
        self,
        program: _Program,
        node: ast.FunctionDef,
        before: Sequence[ast.FunctionDef],
        head: str,
    ) -> str:
        loops = _loops(node)
        parameters = {each.arg for each in node.args.args} - {"self"}
        unknown = parameters - {name for names, _ in loops for name in names}
        if unknown:
            raise ValueError(f"{node.name} uses the fixture `{min(unknown)}`")
        documented = ast.get_docstring(node) is not None
        told, own = node.body[:documented], node.body[documented:]
        body: list[ast.stmt] = [*(line for each in before for line in each.body), *own]
        if any(isinstance(each, ast.Return) for line in body for each in ast.walk(line)):
            inner = ast.FunctionDef(node.name, _no_arguments(), body, [])
            call = ast.Expr(ast.Call(ast.Name(node.name, ast.Load()), [], []))
            body = [inner, call]
        for names, values in loops:
            targets: list[ast.expr] = [ast.Name(name, ast.Store()) for name in names]
            target = targets[0] if len(targets) == 1 else ast.Tuple(targets, ast.Store())
            body = [ast.For(target, values, body, [])]
        body = [*told, *parse(head).body, *self._needed(body), *body]
        made = program.without_it(ast.Module(body, []))
        return ast.unparse(ast.fix_missing_locations(made)) + "\n"

    def _needed(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """The statements of the file that bind what a test uses, in order."""
        wanted = used_by(ast.Module(list(body), []))
        found: set[ast.stmt] = set()
        for node in reversed(self.tree.body):
            if wanted & set(bound_by(node)) and not _is_test_of(node):
                found.add(node)
                wanted |= used_by(node)
        return [node for node in self.tree.body if node in found]


def read_pytest_file(path: Path) -> PytestFile:
    """Read a file of tests. Raises UsageError for what is no Python."""
    try:
        return PytestFile(path, parse(path.read_bytes()))
    except OSError as exc:
        raise UsageError(f"cannot read {path}: {exc.strerror}") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise UsageError(f"{path} is no Python: {exc}; correct it") from None


def _is_test_of(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test")


def _no_arguments() -> ast.arguments:
    return ast.arguments([], [], None, [], [], None, [])


def _loops(node: ast.FunctionDef) -> list[tuple[list[str], ast.expr]]:
    """The names and values of `pytest.mark.parametrize`, the innermost first."""
    found = []
    for each in node.decorator_list:
        if not isinstance(each, ast.Call) or not ast.unparse(each.func).endswith(".parametrize"):
            raise ValueError(f"{node.name} is decorated with {ast.unparse(each)[:40]}")
        names = each.args[0]
        if not isinstance(names, ast.Constant) or len(each.args) < 2:
            raise ValueError(f"{node.name} names its parameters in a form that is not read")
        found.append(([name.strip() for name in str(names.value).split(",")], each.args[1]))
    return found


class _Program(ast.NodeTransformer):
    """Takes away what a test says of where the program is: its names are there when it runs."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self._module = module
        self._modules: set[str] = set()
        self._renamed: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name == module:
                        self._modules.add(alias.asname or alias.name)
            elif isinstance(node, ast.ImportFrom) and self._is_it(node):
                for alias in node.names:
                    if alias.asname and alias.name != "*":
                        self._renamed[alias.asname] = alias.name

    def _is_it(self, node: ast.ImportFrom) -> bool:
        return (node.module or "").split(".")[-1] == self._module

    def without_it(self, tree: ast.Module) -> ast.Module:
        made = self.visit(tree)
        assert isinstance(made, ast.Module)
        return ast.Module([node for node in made.body if not isinstance(node, ast.Pass)], [])

    def visit_Import(self, node: ast.Import) -> ast.stmt:
        kept = [alias for alias in node.names if alias.name != self._module]
        return ast.Import(kept) if kept else ast.Pass()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        return ast.Pass() if self._is_it(node) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id in self._modules:
            return ast.Name(node.attr, node.ctx)
        made = self.generic_visit(node)
        assert isinstance(made, ast.expr)
        return made

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._renamed.get(node.id, node.id), node.ctx)
