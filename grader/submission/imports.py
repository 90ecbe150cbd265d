"""What a program imports from outside of itself, found without running it.

An import counts wherever it stands: inside a function, behind `try`, in a helper module that the
program imports, as `importlib.import_module("scipy")`. Under `if __name__ == "__main__"` it does
not count in a module, because that block does not run where work is graded.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.submission.code import Part, parsed_parts
from grader.submission.program import Program

MOST_NAMED = 5
_OF_CELLS = "grader.notebook"  # a worker has a stand-in for it
_FUNCTIONS = frozenset({"__import__", "import_module", "importlib.import_module"})


@dataclass(frozen=True)
class Import:
    """A module that is imported. place: "demo.py, line 3"."""

    module: str
    place: str


def imports_outside(program: Program, packages: Collection[str]) -> list[Import]:
    """The first import of each module that is neither the program's own, of the standard library,
    nor among `packages`; at most MOST_NAMED."""
    own = _own_modules(program)
    known = {*packages, *sys.stdlib_module_names, *own, program.module}
    found: dict[str, Import] = {}
    seen: set[str] = set()
    waiting: list[tuple[Part, ...]] = [program.parts]
    while waiting:
        for part, nodes in parsed_parts(waiting.pop(0)):
            for name, line in _imported(nodes, whole=program.notebook):
                if name in own and name not in seen:
                    seen.add(name)
                    waiting.append(
                        tuple(Part(file, file, program.files[file]) for file in own[name])
                    )
                if name not in known:
                    place = f"{part.label}, line {line + part.first_line - 1}"
                    found.setdefault(name, Import(name, place))
    return list(found.values())[:MOST_NAMED]


def _own_modules(program: Program) -> dict[str, list[str]]:
    """The modules and packages that lie beside the program, each with its files."""
    own: dict[str, list[str]] = {}
    for name in program.files:
        path = PurePosixPath(name)
        if path.suffix == ".py":
            own.setdefault(path.parts[0].removesuffix(".py"), []).append(name)
    return own


def _imported(nodes: list[ast.stmt], *, whole: bool) -> Iterator[tuple[str, int]]:
    """The top-level names of what statements import, with the lines. whole: also what a main block
    imports."""
    waiting: list[ast.AST] = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and _is_skipped(node.test, whole):
            waiting += reversed(node.orelse)
            continue
        for name in _names(node):
            yield name.partition(".")[0], getattr(node, "lineno", 1)
        waiting += reversed(list(ast.iter_child_nodes(node)))


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names if alias.name != _OF_CELLS]
        case ast.ImportFrom(module=str(name), level=0):
            return [] if name == _OF_CELLS else [name]
        case ast.Call(func=ast.Name() | ast.Attribute(), args=[ast.Constant(value=str(name)), *_]):
            return [name] if ast.unparse(node.func) in _FUNCTIONS and name[:1] != "." else []
    return []


def _is_skipped(test: ast.expr, whole: bool) -> bool:
    """Whether a block does not run: a module's main block, or one for a type checker."""
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name):
        return test.left.id == "__name__" and not whole
    return isinstance(test, ast.Name | ast.Attribute) and "TYPE_CHECKING" in (
        getattr(test, "id", ""),
        getattr(test, "attr", ""),
    )
