"""Python's syntax tree of sources that may be hostile."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator

Callable = ast.FunctionDef | ast.ClassDef


def parse(source: str | bytes) -> ast.Module:
    """`ast.parse` without its warnings, such as for the `\\s` of a formula in a docstring.

    Parsed and not compiled: some hostile sources crash the compiler of the trusted process.
    Raises SyntaxError, ValueError, RecursionError or MemoryError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def callables_of(body: Iterable[ast.stmt]) -> Iterator[tuple[str, Callable]]:
    """The functions and classes among statements, and the methods of the classes, by name.

    A method is named "Model.fit".
    """
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield node.name, node
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def is_bare(node: ast.ClassDef) -> bool:
    """Whether a class has no body but a docstring."""
    return all(
        isinstance(inner, ast.Pass)
        or (isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant))
        for inner in node.body
    )


def parameters_of(name: str, node: Callable) -> tuple[str, ...]:
    """The parameters by which something that `callables_of` names is called, without self."""
    if isinstance(node, ast.ClassDef):
        for method, inner in callables_of([node]):
            if method == f"{node.name}.__init__":
                return parameters_of(method, inner)
        return ()
    names = [arg.arg for arg in node.args.args]
    static = any(ast.unparse(each) == "staticmethod" for each in node.decorator_list)
    return tuple(names[1:] if "." in name and not static else names)
