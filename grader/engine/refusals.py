"""What an author cannot use in a check: refused at collection, each with a fact and a remedy.

A feature of pytest's that this runner would ignore is worse than one that it lacks: a check that
fails under plain pytest would give every submission its points here. So what cannot be judged is
refused by name before any submission is graded.
"""

from __future__ import annotations

import ast
import difflib
import functools
import inspect
import re
import unittest
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.engine import _pytest_private as private
from grader.engine.marks import refuse_misused_marks
from grader.errors import SpecError

_OUR_FIXTURES = (
    "student", "rng", "student_rng", "student_id", "note", "reference", "data", "diagnose",
    "run_cell",
)  # fmt: skip
_ITS_OWN_PROCESS = "the student's code runs in a process of its own"
# Fixtures of pytest's, and what to do instead.
_FIXTURES = {
    **dict.fromkeys(
        ("capsys", "capfd", "capsysbinary", "capfdbinary", "capteesys"),
        f"{_ITS_OWN_PROCESS}, and what it prints stands in the report; compare what it returns",
    ),
    "caplog": f"{_ITS_OWN_PROCESS}, and its log does not reach the check; compare what it returns",
    "recwarn": f"{_ITS_OWN_PROCESS}, and its warnings do not reach the check; for the check's own "
    "sums use warnings.catch_warnings(record=True)",
    **dict.fromkeys(("tmpdir", "tmpdir_factory", "tmp_path_factory"), "use tmp_path"),
    **dict.fromkeys(
        ("cache", "pytester", "testdir", "doctest_namespace", "record_property"),
        "a check keeps nothing from one submission to the next; leave it out",
    ),
    **dict.fromkeys(
        ("record_xml_attribute", "record_testsuite_property"),
        "there is no JUnit report; use note(text) to add a line to the report",
    ),
}
_MARKS = {
    **dict.fromkeys(
        ("skip", "skipif", "xfail"),
        "a check must always run; remove the mark, or use waived",
    ),
    "filterwarnings": 'write `with warnings.catch_warnings(): warnings.simplefilter("error")` '
    "around the check's own sums",
    "timeout": "set `call_s` under [limits] in assignment.toml",
    **dict.fromkeys(("asyncio", "anyio", "trio"), "write an ordinary function"),
    **dict.fromkeys(("flaky", "repeat"), "draw random numbers from `rng` only, and leave it out"),
}
_SCOPES = ("function", "class", "module", "package", "session")
_HELPERS = ("raises", "warns", "deprecated_call")
_TOO_WIDE = frozenset({"Exception", "BaseException", "GraderError", "StudentFault"})
# Never None, whatever the names in them stand for. What else is returned shows when a check runs.
_VALUES = (
    ast.Compare, ast.BinOp, ast.UnaryOp, ast.JoinedStr, ast.Lambda, ast.Tuple, ast.List, ast.Set,
    ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


def refuse_what_cannot_be_judged(item: pytest.Item) -> None:
    """Raises SpecError for a check that this runner could not judge as plain pytest does."""
    if not isinstance(item, pytest.Function):
        raise _refused(item, "is no function", "write checks as functions named test_*")
    if item.cls is not None and issubclass(item.cls, unittest.TestCase):
        raise _refused(
            item,
            f"stands in {item.cls.__name__}, a unittest.TestCase",
            "write a function, or a class without that base; for subtests there is the fixture "
            "`subtests`",
        )
    function = _written_function(item)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise _refused(item, "is an `async def`", "write an ordinary function")
    if inspect.isgeneratorfunction(function):
        raise _refused(item, "holds a `yield`", "use pytest.mark.parametrize for several cases")
    refuse_misused_marks(item)
    for name, remedy in _MARKS.items():
        if item.get_closest_marker(name) is not None:
            raise _refused(item, f"is marked {name}, which is not supported", remedy)
    _refuse_fixtures(item)
    refused = _read(item.path).refused
    if refused is not None:
        raise SpecError(f"{item.path}:{refused}")
    _refuse_returns(item, function)


def refuse_what_is_not_collected(items: Sequence[pytest.Item]) -> None:
    """Raises SpecError for a function that has points and that pytest does not run.

    Its points would be missing from the maximum, without a word.
    """
    found = set()
    for item in items:
        code = getattr(_written_function(item), "__code__", None)  # type: ignore[arg-type]  # any
        if code is not None:
            found.add((item.path, code.co_name, code.co_firstlineno))
    for path in sorted({Path(argument) for item in items[:1] for argument in item.config.args}):
        known = _read(path)
        for (name, line), node in known.functions.items():
            if (path, name, line) not in found and any(map(_gives_points, node.decorator_list)):
                why = _why(name, line, known.functions, node in known.top)
                raise SpecError(f"{path}:{node.lineno}: {name} has points and is not run: {why}")


def _gives_points(decorator: ast.expr) -> bool:
    return re.match(r"(?:\w+\.)*mark\.points\b", ast.unparse(decorator)) is not None


def _why(
    name: str, line: int, functions: Mapping[tuple[str, int], ast.FunctionDef], on_top: bool
) -> str:
    if not name.startswith("test"):
        return "the name of a check begins with test_"
    later = [each for other, each in functions if other == name and each > line]
    if later:
        return f"line {later[0]} defines {name} again; give each check a name of its own"
    if not on_top:
        return (
            "it stands within another function, or in a class whose name does not begin with Test"
        )
    return "something below it gives its name another meaning"


def _refused(item: pytest.Item, fact: str, remedy: str) -> SpecError:
    return SpecError(f"{item.path}: {item.name} {fact}; {remedy}")


def _written_function(item: pytest.Function) -> Any:
    """The function as it stands in the file, below what decorators made of it."""
    generated = getattr(item.function, "hypothesis", None)
    return inspect.unwrap(getattr(generated, "inner_test", item.function))


def _refuse_fixtures(item: pytest.Item) -> None:
    """Fixtures that are not there, that cannot work, or that outlive what they are made of."""
    fixtures = private.fixtures_of(item)
    for name in private.fixture_names(item):
        fixture = fixtures.get(name)
        if fixture is None or not fixture.is_authors:
            if name in _FIXTURES:
                raise _refused(item, f"uses pytest's fixture `{name}`", _FIXTURES[name])
            if fixture is None:
                near = difflib.get_close_matches(name, [*_OUR_FIXTURES, *fixtures], n=1)
                remedy = f"did you mean `{near[0]}`?" if near else "define it, or leave it out"
                raise _refused(item, f"asks for `{name}`, and there is no such fixture", remedy)
            continue
        width = _SCOPES.index(fixture.scope)
        for inner in fixture.needs:
            if inner in fixtures and _SCOPES.index(fixtures[inner].scope) < width:
                raise SpecError(
                    f"{item.path}: the fixture `{name}` is made once for a {fixture.scope} and "
                    f"uses `{inner}`, which is new for every check; leave its scope out"
                )


def _refuse_returns(item: pytest.Item, function: Any) -> None:
    """A check that returns a value, where its syntax shows it."""
    code = getattr(function, "__code__", None)
    place = None if code is None else (code.co_name, code.co_firstlineno)
    node = None if place is None else _read(item.path).functions.get(place)
    for line in [] if node is None else _lines_of_values(node):
        raise _refused(
            item,
            f"returns a value in line {line}, which gives no part of the points",
            "assert what must hold; for part of the points write several checks, or parametrise",
        )
    waived = item.get_closest_marker("waived") is not None  # it says so itself when it runs
    early = None if waived or node is None else _line_of_early_return(node)
    if early is not None:
        raise _refused(
            item,
            f"ends with the `return` in line {early}, so that what follows judges nobody",
            "remove it; to give the points to everyone who attempted it, leave the check as it was "
            "and decorate it with @pytest.mark.waived",
        )


def _line_of_early_return(node: ast.FunctionDef) -> int | None:
    """The line of a bare `return` without a condition that something follows, or that is alone."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    for place, statement in enumerate(body):
        is_bare = isinstance(statement, ast.Return) and (
            statement.value is None or ast.unparse(statement.value) == "None"
        )
        if is_bare and (place == 0 or statement is not body[-1]):
            return statement.lineno
    return None


@dataclass(frozen=True)
class _CheckFile:
    """What the source of a file of checks says.

    functions: by name and first line, which is that of the first decorator. top: those of them that
    stand in no other function. refused: why a call or a statement in it cannot be judged, None if
    all can.
    """

    functions: Mapping[tuple[str, int], ast.FunctionDef]
    top: frozenset[ast.FunctionDef]
    refused: str | None


def _read(path: Path) -> _CheckFile:
    """A file of checks, which pytest has been able to import."""
    return _read_once(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _read_once(path: Path, changed_ns: int) -> _CheckFile:
    tree = ast.parse(path.read_bytes(), path)
    nodes = list(ast.walk(tree))  # once: a file of checks has thousands
    functions = {
        (node.name, min([node.lineno, *(each.lineno for each in node.decorator_list)])): node
        for node in nodes
        if isinstance(node, ast.FunctionDef)
    }
    top = frozenset(node for node in tree.body if isinstance(node, ast.FunctionDef))
    helpers = _names_of_pytests(nodes)
    return _CheckFile(
        functions, top, _refused_call(nodes, helpers) or _without_effect(nodes, helpers)
    )


def _lines_of_values(function: ast.FunctionDef) -> Iterator[int]:
    """The lines of a function in which it returns what cannot be None."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            continue  # no expression holds a `return` of the function's own
        if isinstance(node, ast.Return):
            value = node.value
            constant = isinstance(value, ast.Constant) and value.value is not None
            if constant or isinstance(value, _VALUES):
                yield node.lineno
        waiting += ast.iter_child_nodes(node)


def _refused_call(nodes: Iterable[ast.AST], helpers: Mapping[str, str]) -> str | None:
    """A call of a helper of pytest's that would pass or fail for a reason not the student's."""
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = helpers.get(_dotted(node.func))
        if name in ("warns", "deprecated_call"):
            return (
                f"{node.lineno}: pytest.{name}: {_ITS_OWN_PROCESS}, and its warnings do not reach "
                "the check; compare what it returns"
            )
        if name == "raises" and _too_wide(node):
            return (
                f"{node.lineno}: pytest.raises without a type, or with one as wide as Exception, "
                "accepts a function that is not written yet or ran out of time; name the type that "
                "is asked for, such as ValueError"
            )
    return None


def _without_effect(nodes: Sequence[ast.AST], helpers: Mapping[str, str]) -> str | None:
    """A statement that judges nothing, though its author means it to."""
    raising = {name for name, kind in helpers.items() if kind == "raises"}
    expecting = {
        inner
        for node in nodes
        if isinstance(node, ast.With) and any("raises" in ast.unparse(i) for i in node.items)
        for inner in node.body
    }
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Compare):
            if node not in expecting:
                return f"{node.lineno}: a comparison alone judges nothing; write assert before it"
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name = _context(node.value, raising)
            if name is not None:
                return f"{node.lineno}: {name}(...) alone judges nothing; write `with {name}(...):`"
    if any(isinstance(node, ast.Assign) and _context(node.value, raising) for node in nodes):
        for function in nodes:
            if isinstance(function, ast.FunctionDef):
                for name, line in _contexts_not_entered(function, raising):
                    return f"{line}: {name}(...) is not used; write `with {name}(...):`"
    return None


def _dotted(function: ast.expr) -> str:
    """The name of what is called, if it is one like "raises" or "pytest.raises"; else ""."""
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return ""


def _context(call: ast.expr, helpers: Collection[str]) -> str | None:
    """The name of what a call makes for a `with`, such as "diagnose"; None if it makes none."""
    if not isinstance(call, ast.Call):
        return None
    name = _dotted(call.func)
    if name in helpers:
        return name if len(call.args) < 2 else None
    return name if name in ("diagnose", "subtests.test") else None


def _contexts_not_entered(
    function: ast.FunctionDef, helpers: Collection[str]
) -> Iterator[tuple[str, int]]:
    """What is made for a `with`, and kept under a name that is never used."""
    kept = [
        (node.targets[0].id, name, node.lineno)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        if (name := _context(node.value, helpers)) is not None
    ]
    if not kept:
        return
    used = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    yield from ((name, line) for variable, name, line in kept if variable not in used)


def _names_of_pytests(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """How a file may call helpers of pytest's, such as "pytest.raises", and what they are."""
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "pytest":
                    module = alias.asname or alias.name
                    found |= {f"{module}.{name}": name for name in _HELPERS}
        elif isinstance(node, ast.ImportFrom) and node.module == "pytest":
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
    return found


def _too_wide(call: ast.Call) -> bool:
    named = [word.value for word in call.keywords if word.arg == "expected_exception"]
    types = call.args[:1] or named
    if not types:
        return True
    each = types[0].elts if isinstance(types[0], ast.Tuple) else types
    return any(ast.unparse(kind).split(".")[-1] in _TOO_WIDE for kind in each)
