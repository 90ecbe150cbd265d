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
from grader.checks.variants import (
    SHARE_CLASSES,
    UNTOUCHED,
    all_below,
    is_main_block,
    names_below,
    parsed,
)
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
        "copy",
        "dataclasses",
        "functools",
        "itertools",
        "math",
        "matplotlib",
        "matplotlib.pyplot",
        "numpy",
        "torch",
        "torch.nn",
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
# Attributes of numpy's, matplotlib's and torch's state, and what changes it. Only numbers that
# torch draws from its generator of all are not the same in each trial: no check may rest on those.
_STATE = frozenset(
    [
        "__class__",
        "__dict__",
        "__globals__",
        "__subclasses__",
        "backends",
        "close",
        "default_generator",
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
        "set_default_device",
        "set_default_dtype",
        "set_detect_anomaly",
        "set_grad_enabled",
        "set_num_threads",
        "set_printoptions",
        "set_rng_state",
        "set_state",
        "seterr",
        "seterrcall",
        "style",
        "switch_backend",
        "use",
        "use_deterministic_algorithms",
        "xkcd",
    ]
)
_CHANGED_BY_USE = frozenset(["random", "sys", "threading"])  # modules with a state of their own
_PLAIN_DECORATORS = frozenset(["property", "staticmethod", "torch.no_grad()"])
_RANDOM = frozenset(["Generator", "PCG64", "SeedSequence", "default_rng"])
_Key = tuple[str, bytes]
_Picture = tuple[FigureDescription, list[DrawnFigure]]


class Album:
    """The figures of one homework's trials in one process.

    reference: the source of the solution's module. untouched: see the function of this name; of
    the subject that it was turned to last.
    """

    def __init__(self, reference: str) -> None:
        self._reference = reference
        self._pictures: dict[_Key, _Picture] = {}
        self.untouched: frozenset[str] = frozenset()

    def turn_to(self, replaced: str | None, files: Iterable[bytes]) -> None:
        """The next subject is the reference with a function replaced; "" if with none.

        None if it is something else. files: the source of every file of it.
        """
        self.untouched = frozenset()
        if replaced is not None:
            texts = [file.decode("utf-8") for file in files]
            self.untouched = untouched(self._reference, replaced, texts)

    def subject(
        self,
        program: Program | None,
        launcher: Launcher,
        limits: Limits,
        functions: Mapping[str, tuple[str, ...]],
        problem: str | None = None,
    ) -> Subject:
        """What stands for the trial. See runner.SubjectMaker."""
        return self.lend(TrialSubject(program, launcher, limits, functions, problem))

    def lend(self, subject: TrialSubject) -> TrialSubject:
        """The subject, with the figures that it may take."""
        subject.share(self._pictures, self.untouched)
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
    """The functions and classes of a homework that do the same with `target` replaced as without.

    reference: the source of its module. texts: all source of the submission with the replacement.
    Empty where functions may reach each other by other ways than calls. Where the replacement
    draws, none that draws is among them: pyplot keeps the figures that a function leaves open.
    """
    # Each file begins with the reference, so that only the rest is new.
    pieces = (reference, *(text.removeprefix(reference) for text in texts))
    below = names_below(reference)
    reached = frozenset(all_below(target, _merged(map(names_below, pieces))) if target else ())
    # What the file of variants holds for other ones is loaded and never run.
    if not _has_no_state(reference) or not all(_has_no_state(p, reached) for p in pieces[1:]):
        return frozenset()
    tables = frozenset().union(*map(_tables, pieces))
    if tables and not all(_only_reads(piece, tables) for piece in pieces):
        return frozenset()
    bound: dict[str, list[ast.stmt]] = {}
    for piece in pieces:
        for name, statements in _bindings(piece).items():
            bound.setdefault(name, []).extend(statements)
    if any(_differ(statements) for name, statements in bound.items() if name != target):
        return frozenset()
    plotting = frozenset().union(*map(_plotting, pieces))
    owner, _, _ = target.partition(".")  # of a method, the class
    avoided = {owner} | (plotting if plotting & reached else frozenset())
    return frozenset(name for name in below if not avoided & all_below(name, below))


@functools.lru_cache(maxsize=8)
def _bindings(text: str) -> dict[str, list[ast.stmt]]:
    """For each name of a module what it stands for, one after the other."""
    found: dict[str, list[ast.stmt]] = {}
    for node in parsed(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.asname or alias.name for alias in node.names]
        else:
            targets = getattr(node, "targets", [getattr(node, "target", None)])
            names = [ast.unparse(each) for each in targets if each is not None]
        for name in names:
            found.setdefault(name, []).append(node)
    return found


def _differ(statements: Sequence[ast.stmt]) -> bool:
    return len(statements) > 1 and len(set(map(ast.dump, statements))) > 1


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
def _has_no_state(text: str, reached: frozenset[str] | None = None) -> bool:
    """Whether the functions of a module can reach each other by calls alone.

    reached: the names in what is ever run of it; None for all.
    """
    for node in parsed(text).body:
        if isinstance(node, ast.FunctionDef):
            if not _is_plain_function(node, reached is None or node.name in reached):
                return False
        elif isinstance(node, ast.ClassDef):
            if not _is_plain_class(node, reached is None or node.name in reached):
                return False
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if not _is_pure_import(node) and (reached is None or not _is_unused(node, reached)):
                return False
        elif not (_is_constant(node) or is_main_block(node) or _replaces(node, reached)):
            return False
    return True


def _is_plain_function(node: ast.FunctionDef, is_run: bool) -> bool:
    if not _PLAIN_DECORATORS.issuperset(map(ast.unparse, node.decorator_list)):
        return False
    return _has_plain_defaults(node) and (not is_run or _is_closed(node))


def _is_plain_class(node: ast.ClassDef, is_run: bool) -> bool:
    """Whether a class holds methods and constants, and nothing that its objects share changes."""
    if node.decorator_list or node.keywords:
        return False
    return all(
        _is_plain_function(each, is_run)
        if isinstance(each, ast.FunctionDef)
        else isinstance(each, ast.Pass)
        or (_is_constant(each) and not isinstance(getattr(each, "value", None), ast.Dict))
        for each in node.body
    )


def _replaces(node: ast.stmt, reached: frozenset[str] | None) -> bool:
    """Whether it puts a variant in the place of a method, or is the line before a variant."""
    if reached is None:
        return False
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
        return all(ast.unparse(each) in reached for each in node.targets)
    return ast.unparse(node) == SHARE_CLASSES


def _is_unused(node: ast.Import | ast.ImportFrom, reached: frozenset[str]) -> bool:
    """Whether an import binds nothing that is run, and changes nothing by itself."""
    return isinstance(node, ast.Import) and all(
        alias.name in _CHANGED_BY_USE and (alias.asname or alias.name) not in reached
        for alias in node.names
    )


@functools.lru_cache(maxsize=8)
def _tables(text: str) -> frozenset[str]:
    """The names of a module's dictionaries."""
    return frozenset(
        target.id
        for node in parsed(text).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    )


@functools.lru_cache(maxsize=8)
def _only_reads(text: str, tables: frozenset[str]) -> bool:
    """Whether a module changes none of these dictionaries, and passes none on."""
    harmless: set[ast.expr] = set()
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            harmless.add(node.value)
        elif isinstance(node, ast.Compare):
            pairs = zip(node.ops, node.comparators, strict=True)
            harmless |= {each for op, each in pairs if isinstance(op, ast.In | ast.NotIn)}
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            harmless |= set(node.args if called in ("join", "len", "list", "sorted") else ())
    return not any(
        isinstance(node, ast.Name | ast.Attribute)
        and isinstance(node.ctx, ast.Load)
        and (node.id if isinstance(node, ast.Name) else node.attr) in tables
        and node not in harmless
        for node in ast.walk(parsed(text))
    )


def _is_pure_import(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        names = {alias.name for alias in node.names}
        return node.module in _PURE_IMPORTS and not names & (_STATE | {"random"})
    return all(
        alias.name in _PURE_IMPORTS or alias.name.endswith(UNTOUCHED) for alias in node.names
    )


def _is_constant(node: ast.stmt) -> bool:
    """A docstring, or a name for something that cannot change: a number, a text, a function.

    A dictionary of such can change, so `_only_reads` looks at what is done with it.
    """
    value = getattr(node, "value", None)
    if isinstance(node, ast.Assign) and isinstance(value, ast.Dict):
        parts = [*value.keys, *value.values]
        named = all(isinstance(each, ast.Name) for each in node.targets)
        # An empty one is there to be filled.
        return named and bool(parts) and all(p is not None and _is_unchanging(p) for p in parts)
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
    nodes = list(ast.walk(function))
    return all(_is_harmless(node, own) for node in nodes) and (
        sum(map(_is_numpys_random, nodes)) == sum(map(_is_stateless_random, nodes))
    )


def _has_plain_defaults(function: ast.FunctionDef) -> bool:
    defaults = [*function.args.defaults, *filter(None, function.args.kw_defaults)]
    return all(map(_is_unchanging, defaults))


def _is_numpys_random(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.random", "numpy.random")


def _is_stateless_random(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute) and node.attr in _RANDOM and _is_numpys_random(node.value)
    )


def _is_unchanging(node: ast.expr) -> bool:
    """Whether an expression is made of numbers, texts, functions and the like."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("float", "range", "slice"):
        return not node.keywords and all(map(_is_unchanging, node.args))
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
