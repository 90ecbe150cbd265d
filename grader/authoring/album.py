"""Figures that the trials of a homework share: what no mistake can touch is drawn once.

Drawing is most of what a trial costs, and most variants replace a function that no plotting
function rests on. Such a trial is given the figure that an earlier one drew from the same
arguments, where its code leaves no other way from one function to another: no variable of the
module that can change, no state of numpy's or matplotlib's that outlives a call. Where that cannot
be seen from the code, everything is drawn.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grader.checks.figure.description import FigureDescription
from grader.checks.variants import UNTOUCHED, all_below, is_main_block, names_below, parsed
from grader.engine.drawn import DrawnFigure
from grader.engine.proxy import Subject
from grader.engine.values import holds_objects
from grader.sandbox.host.launch import Launcher, Limits
from grader.sandbox.protocol.wire import Handle
from grader.submission.program import Program

_PURE_IMPORTS = frozenset(
    [
        "__future__",
        "collections.abc",
        "dataclasses",
        "itertools",
        "math",
        "matplotlib",
        "matplotlib.pyplot",
        "numpy",
        "typing",
    ]
)
# Names through which a function reaches what is not its own, or tells of having run.
_REACHING = frozenset(
    [
        "__import__",
        "compile",
        "delattr",
        "eval",
        "exec",
        "globals",
        "input",
        "open",
        "print",
        "setattr",
        "vars",
    ]
)
# Attributes of numpy's and matplotlib's state, and what changes it.
_STATE = frozenset(
    [
        "__dict__",
        "__globals__",
        "close",
        "interactive",
        "ioff",
        "ion",
        "isinteractive",
        "rc",
        "rc_context",
        "rcParams",
        "rcParamsDefault",
        "rcdefaults",
        "register",
        "set_printoptions",
        "set_state",
        "seterr",
        "seterrcall",
        "style",
        "switch_backend",
        "use",
        "xkcd",
    ]
)
_RANDOM = frozenset(["Generator", "PCG64", "SeedSequence", "default_rng"])
_Key = tuple[str, bytes]
_Picture = tuple[FigureDescription, list[DrawnFigure]]


class Album:
    """The figures of one homework's trials in one process.

    reference: the source of the solution's module.
    """

    def __init__(self, reference: str) -> None:
        self._reference = reference
        self._pictures: dict[_Key, _Picture] = {}
        self._untouched: frozenset[str] = frozenset()

    def turn_to(self, replaced: str | None, files: Iterable[bytes]) -> None:
        """The next subject is the reference with a function replaced; "" if with none.

        None if it is something else. files: the source of every file of it.
        """
        self._untouched = frozenset()
        if replaced is not None:
            texts = [file.decode("utf-8") for file in files]
            self._untouched = untouched(self._reference, replaced, texts)

    def subject(
        self,
        program: Program | None,
        launcher: Launcher,
        limits: Limits,
        functions: Mapping[str, tuple[str, ...]],
        problem: str | None = None,
    ) -> Subject:
        """What stands for the trial. See runner.SubjectMaker."""
        subject = TrialSubject(program, launcher, limits, functions, problem)
        subject.share(self._pictures, self._untouched)
        return subject


class TrialSubject(Subject):
    """A subject that takes some figures from those that others drew."""

    _pictures: dict[_Key, _Picture]
    _untouched: frozenset[str] = frozenset()

    def share(self, pictures: dict[_Key, _Picture], untouched: frozenset[str]) -> None:
        """pictures: of all trials. untouched: the functions that draw as in any of them."""
        self._pictures, self._untouched = pictures, untouched

    def draw(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        on: Handle | None = None,
    ) -> FigureDescription:
        """See Subject.draw."""
        lasting = on is None and not holds_objects([list(args), dict(kwargs)])
        if name not in self._untouched or not lasting:
            return super().draw(name, args, kwargs, on)
        self._ready(name)
        key = self._asked_for(name, args, kwargs)
        if key not in self._pictures:
            before = len(self._figures)
            figure = super().draw(name, args, kwargs, on)
            self._pictures[key] = figure, self._figures[before:]
            return figure
        figure, drawn = self._pictures[key]
        self._figures += drawn
        self.calls += 1
        self.attempts += 1
        return figure


def untouched(reference: str, target: str, texts: Sequence[str]) -> frozenset[str]:
    """The functions of a homework that give the same with `target` replaced as without.

    reference: the source of its module. texts: all source of the submission with the replacement.
    Empty where functions may reach each other by other ways than calls, and where the
    replacement draws: pyplot keeps the figures that a function leaves open.
    """
    # Each file begins with the reference, so that only the rest is new.
    pieces = (reference, *(text.removeprefix(reference) for text in texts))
    if not all(map(_has_no_state, pieces)):
        return frozenset()
    bound: dict[str, set[str]] = {}
    for piece in pieces:
        for name, meanings in _bindings(piece).items():
            bound[name] = bound.get(name, set()) | meanings
    if any(len(meanings) > 1 for name, meanings in bound.items() if name != target):
        return frozenset()
    below = names_below(reference)
    if target:
        reached = all_below(target, _merged(map(names_below, pieces)))
        if reached & frozenset().union(*map(_plotting, pieces)):
            return frozenset()
    return frozenset(name for name in below if target not in all_below(name, below))


@functools.lru_cache(maxsize=8)
def _bindings(text: str) -> dict[str, set[str]]:
    """For each name of a module what it stands for, one after the other."""
    found: dict[str, set[str]] = {}
    for node in parsed(text).body:
        if isinstance(node, ast.FunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.asname or alias.name for alias in node.names]
        else:
            targets = getattr(node, "targets", [getattr(node, "target", None)])
            names = [ast.unparse(each) for each in targets if each is not None]
        for name in names:
            found.setdefault(name, set()).add(ast.dump(node))
    return found


def _merged(tables: Iterable[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    merged: dict[str, frozenset[str]] = {}
    for table in tables:
        for name, names in table.items():
            merged[name] = merged.get(name, frozenset()) | names
    return merged


@functools.lru_cache(maxsize=8)
def _plotting(text: str) -> frozenset[str]:
    """The names under which a module has matplotlib."""
    return frozenset(
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).startswith("matplotlib")
    )


@functools.lru_cache(maxsize=8)
def _has_no_state(text: str) -> bool:
    """Whether the functions of a module can reach each other by calls alone."""
    for node in parsed(text).body:
        if isinstance(node, ast.FunctionDef):
            if node.decorator_list or not _is_closed(node):
                return False
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if not _is_pure_import(node):
                return False
        elif not (_is_constant(node) or is_main_block(node)):
            return False
    return True


def _is_pure_import(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        names = {alias.name for alias in node.names}
        return node.module in _PURE_IMPORTS and not names & (_STATE | {"random"})
    return all(
        alias.name in _PURE_IMPORTS or alias.name.endswith(UNTOUCHED) for alias in node.names
    )


def _is_constant(node: ast.stmt) -> bool:
    """A docstring, or a name for something that cannot change: a number, a text, a function."""
    value = getattr(node, "value", None)
    return (
        isinstance(node, ast.Expr | ast.Assign)
        and all(isinstance(each, ast.Name) for each in getattr(node, "targets", ()))
        and value is not None
        and _is_unchanging(value)
    )


def _is_closed(function: ast.FunctionDef) -> bool:
    """Whether a function changes nothing but what it was given and what it made."""
    own = {each.arg for each in ast.walk(function) if isinstance(each, ast.arg)}
    own |= {
        each.id
        for each in ast.walk(function)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    defaults = [*function.args.defaults, *filter(None, function.args.kw_defaults)]
    nodes = list(ast.walk(function))
    return (
        all(map(_is_unchanging, defaults))
        and all(_is_harmless(node, own) for node in nodes)
        and sum(map(_is_numpys_random, nodes)) == sum(map(_is_stateless_random, nodes))
    )


def _is_numpys_random(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.random", "numpy.random")


def _is_stateless_random(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute) and node.attr in _RANDOM and _is_numpys_random(node.value)
    )


def _is_unchanging(node: ast.expr) -> bool:
    """Whether an expression is made of numbers, texts, functions and the like."""
    allowed = ast.Constant | ast.Tuple | ast.UnaryOp | ast.BinOp | ast.unaryop | ast.operator
    return isinstance(node, ast.Lambda) or all(
        isinstance(each, allowed | ast.Name | ast.Attribute | ast.Load)
        and not _is_numpys_random(each)
        for each in ast.walk(node)
    )


def _is_harmless(node: ast.AST, own: set[str]) -> bool:
    if isinstance(node, ast.Global | ast.ClassDef | ast.AsyncFunctionDef):
        return False
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _is_pure_import(node)
    if isinstance(node, ast.Name):
        return node.id not in _REACHING
    if isinstance(node, ast.Attribute) and node.attr in _STATE:
        return False
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return _root(node) in own
    return True


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
