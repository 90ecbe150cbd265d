"""Where a function changes one of its arguments in place, found by reading it.

`gw = w; gw -= X.T @ r` gives the array a second name and changes it under that name. Views are
followed (`w[1:]`, `w.T`, `np.asarray(w)`), loops over lists, and calls of other functions of the
program.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from grader.submission.code import parsed_parts
from grader.submission.program import Program

_MOST_CALLS = 5  # from one function of the program to the next
_METHODS = frozenset(
    {"sort", "fill", "put", "partition", "resize", "itemset", "append", "extend", "insert"}
    | {"pop", "clear", "update", "reverse", "remove", "setdefault"}
)
_FUNCTIONS = frozenset({"copyto", "fill_diagonal", "place", "put", "putmask", "shuffle"})
_VIEWS = frozenset(
    {"asarray", "asanyarray", "atleast_1d", "atleast_2d", "ravel", "reshape", "squeeze"}
    | {"transpose", "view", "zip", "enumerate", "reversed", "swapaxes", "expand_dims"}
)


@dataclass(frozen=True)
class _Function:
    node: ast.FunctionDef
    label: str
    first_line: int
    lines: list[str]

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Every name in it."""
        return frozenset(each.id for each in ast.walk(self.node) if isinstance(each, ast.Name))


class InPlace:
    """The functions of a program, for questions about what they change and call."""

    def __init__(self, program: Program) -> None:
        self._functions: dict[str, _Function] = {}
        for part, nodes in parsed_parts(program.parts):
            lines = part.source.decode("utf-8", "replace").splitlines()
            for node in nodes:
                if isinstance(node, ast.FunctionDef):
                    self._functions[node.name] = _Function(node, part.label, part.first_line, lines)

    def place(self, function: str, position: int) -> str | None:
        """Where a function changes the argument at a position: "demo.py, line 4: gw -= 1"."""
        return self._place(function, position, _MOST_CALLS)

    def called_by(self, functions: set[str]) -> set[str]:
        """These functions and all that they call, directly or through others."""
        found: set[str] = set()
        waiting = list(functions)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            known = self._functions.get(name)
            if known is not None:
                waiting += known.names & self._functions.keys()
        return found

    def _place(self, function: str, position: int, calls_left: int) -> str | None:
        known = self._functions.get(function)
        if known is None or not calls_left:
            return None
        arguments = [*known.node.args.posonlyargs, *known.node.args.args]
        if position >= len(arguments):
            return None
        aliases = {arguments[position].arg}
        for node in _in_order(known.node):
            if _changes(node, aliases):
                line = getattr(node, "lineno", 1)
                source = known.lines[line - 1].strip() if line <= len(known.lines) else ""
                return f"{known.label}, line {line + known.first_line - 1}: {source}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for index, given in enumerate(node.args):
                    if _root(given) in aliases:
                        inner = self._place(node.func.id, index, calls_left - 1)
                        if inner is not None:
                            return inner
            _rename(node, aliases)
        return None


def _in_order(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The statements and calls of a function, as they stand in its text."""
    kinds = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.Call, ast.Delete, ast.NamedExpr)
    nodes = [node for node in ast.walk(function) if isinstance(node, kinds)]
    return iter(sorted(nodes, key=lambda node: (node.lineno, node.col_offset)))


def _changes(node: ast.AST, aliases: set[str]) -> bool:
    match node:
        case ast.AugAssign(target=target):
            return _root(target) in aliases
        case ast.Assign(targets=targets):
            return any(
                isinstance(each, ast.Subscript) and _root(each) in aliases
                for target in targets
                for each in ([*target.elts] if isinstance(target, ast.Tuple) else [target])
            )
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args, keywords=keywords):
            out = any(word.arg == "out" and _root(word.value) in aliases for word in keywords)
            method = name in _METHODS and _root(owner) in aliases
            return (
                out or method or (name in _FUNCTIONS and bool(args) and _root(args[0]) in aliases)
            )
        case ast.Delete(targets=targets):
            return any(isinstance(t, ast.Subscript) and _root(t) in aliases for t in targets)
    return False


def _rename(node: ast.AST, aliases: set[str]) -> None:
    """Follow what an assignment or a loop gives a name to."""
    match node:
        case ast.Assign(targets=targets, value=value):
            pairs = [(target, value) for target in targets]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            pairs = [(target, value)]
        case ast.NamedExpr(target=target, value=value):
            pairs = [(target, value)]
        case ast.For(target=target, iter=value):
            pairs = [(target, value)]
        case _:
            return
    for target, value in pairs:
        named = {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
        both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
        values = value.elts if both and isinstance(value, ast.Tuple) else [value]
        if any(_root(each) in aliases for each in values):
            aliases |= named
        elif isinstance(target, ast.Name):
            aliases -= named


def _root(node: ast.expr) -> str:
    """The variable whose memory an expression shows; "" for a value of its own."""
    while True:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Subscript(value=inner) | ast.Starred(value=inner):
                node = inner
            case ast.Attribute(value=inner, attr="T" | "real" | "imag" | "flat" | "data"):
                node = inner
            case ast.Call(func=ast.Attribute(value=inner, attr=name), args=args) if name in _VIEWS:
                is_module = isinstance(inner, ast.Name) and inner.id in ("np", "numpy")
                node = args[0] if is_module and args else inner
            case ast.Call(func=ast.Name(id=name), args=[*args]) if name in _VIEWS and args:
                node = args[0]
            case _:
                return ""
