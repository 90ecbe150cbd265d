"""A test of a notebook as a check of ours: the same assertions, on what comes from the student.

In a notebook a test runs beside the student's code, which can change whatever it meets. Here the
assertions are evaluated in the trusted process: `squares(2)` becomes `student.squares(2)`, and a
variable `answer` becomes `variable(student, "answer")`. What cannot be judged so, because it looks
at the code itself or depends on what does not travel, is `NotPlain`, and runs whole in the worker.
"""

from __future__ import annotations

import ast
import builtins
import copy
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader._internal.syntax import parse
from grader.authoring.migration.names import (
    BUILTINS,
    ModuleNames,
    bound_by,
    mentioned,
    module_of,
    modules_in,
    root_of,
    used_by,
)
from grader.authoring.migration.reach import NotPlain, Reach, always_fails

# Modules that look into the interpreter or at files: of these the trusted process has its own.
_LOOKING_IN = frozenset(
    {"ast", "builtins", "contextlib", "dis", "gc", "importlib", "inspect", "io", "os", "pathlib"}
    | {"pickle", "shutil", "subprocess", "sys", "tempfile", "threading", "types", "weakref"}
)
_CARRIED = (sys.stdlib_module_names | {"numpy", "pytest"}) - _LOOKING_IN
_REFUSED = frozenset(
    {"__import__", "breakpoint", "callable", "compile", "delattr", "dir", "eval", "exec", "exit"}
    | {"getattr", "globals", "hasattr", "help", "id", "input", "locals", "open", "quit", "setattr"}
    | {"super", "vars"}
)
_OURS = frozenset({"student", "variable", "any_erroralways_fails", "run_cell"})
_OF_THE_PROXY = frozenset({"output", "source"})
_TOO_WIDE = frozenset({"BaseException", "Exception", "NameError", "NotImplementedError"})
_READS = frozenset({"load", "loadtxt", "genfromtxt", "fromfile", "memmap", "imread"})
_RAISES = frozenset({"assert_raises", "assertRaises", "raises"})


@dataclass(frozen=True)
class Surroundings:
    """What a test of a homework meets.

    asked: the names of what students write. given: of what they are given. earlier: the imports of
    the tests before it, by name. changed: names whose values the program changes in place.
    """

    asked: ModuleNames
    given: ModuleNames
    earlier: Mapping[str, str]
    changed: frozenset[str]


@dataclass(frozen=True)
class PlainTest:
    """The body of a check. above: statements that have to stand at the top of its file."""

    body: str
    above: tuple[str, ...]


def plain(source: str, around: Surroundings) -> PlainTest:
    """A test as assertions on `student`. Raises NotPlain with the reason."""
    tree = without_docstring(parse(source))
    _refuse_forms(tree)
    reader = _Reader(around, frozenset(bound_by(tree)) | _inner(tree))
    reader.read(tree)
    Reach(reader.asked).judge(tree.body)
    rewriter = _Rewriter(reader.functions, reader.variables)
    lines = source.split("\n")
    body: list[str] = []
    end = 0
    for node in tree.body:
        body += [line for line in lines[end : node.lineno - 1] if line.lstrip().startswith("#")]
        end = node.end_lineno or end
        before = ast.dump(node)
        made = rewriter.rewritten(node)
        if isinstance(made, ast.Pass):
            continue
        kept = lines[node.lineno - 1 : end]
        if ast.dump(made) == before and not _spans_lines(node):
            body += kept if len(parse("\n".join(kept)).body) == 1 else [ast.unparse(made)]
        else:
            body.append(ast.unparse(ast.fix_missing_locations(made)))
    return PlainTest("\n".join(body), tuple(dict.fromkeys(reader.above)))


def without_docstring(tree: ast.Module) -> ast.Module:
    """The module without the text that stands first in it."""
    if ast.get_docstring(tree, clean=False) is not None:
        return ast.Module(tree.body[1:], [])
    return tree


def _inner(tree: ast.AST) -> frozenset[str]:
    """Names that are bound within functions and comprehensions of a test."""
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _is_store(n)}
    return frozenset(names | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)})


def _is_store(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _spans_lines(node: ast.AST) -> bool:
    """Whether a text in it has several lines, which must not be indented."""
    return any(
        isinstance(each, ast.Constant)
        and isinstance(each.value, str)
        and each.end_lineno != each.lineno
        for each in ast.walk(node)
    ) or any(
        isinstance(each, ast.JoinedStr) and "\n" in ast.unparse(each) for each in ast.walk(node)
    )


def _refuse_forms(tree: ast.Module) -> None:
    refused = {
        ast.Delete: "it deletes a name",
        ast.Global: "it sets names of the module",
        ast.Nonlocal: "it sets names of the module",
        ast.Await: "it is asynchronous",
        ast.AsyncFunctionDef: "it is asynchronous",
        ast.AsyncFor: "it is asynchronous",
        ast.AsyncWith: "it is asynchronous",
    }
    for node in ast.walk(tree):
        if type(node) in refused:
            raise NotPlain(refused[type(node)])
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Compare):
            raise NotPlain("it holds a comparison without assert")
        if isinstance(node, ast.Attribute) and node.attr in _READS:
            raise NotPlain("it reads a file")
        if isinstance(node, ast.Compare) and any(
            isinstance(op, ast.Is | ast.IsNot) and not _has_constant(node) for op in node.ops
        ):
            raise NotPlain("it asks whether two objects are one, and values travel as copies")
    _refuse_texts(tree)
    unknown = modules_in([tree]) - _CARRIED
    if unknown:
        raise NotPlain(f"it imports {min(unknown)}")


def _refuse_texts(*nodes: ast.AST) -> None:
    """An array of texts travels as a list, on which the student's code may do something else."""
    for node in (each for top in nodes for each in ast.walk(top)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("array", "full")):
            inside = [each for argument in node.args for each in ast.walk(argument)]
            if any(isinstance(each, ast.Constant) and type(each.value) is str for each in inside):
                raise NotPlain("it makes an array of texts, which travels as a list")


def _has_constant(node: ast.Compare) -> bool:
    return any(isinstance(each, ast.Constant) for each in (node.left, *node.comparators))


class _Reader:
    """Finds what a test uses of the submission, and what has to stand above it."""

    def __init__(self, around: Surroundings, bound: frozenset[str]) -> None:
        self._around = around
        self._bound = bound
        self.functions: set[str] = set()
        self.variables: set[str] = set()
        self.above: list[str] = []

    @property
    def asked(self) -> frozenset[str]:
        return frozenset(self.functions | self.variables)

    def read(self, tree: ast.Module) -> None:
        asked, given = self._around.asked, self._around.given
        if taken := self._bound & _OURS:
            raise NotPlain(f"it sets `{min(taken)}`, which checks use for something else")
        replaced = self._bound & (asked.functions | given.functions)
        if replaced:
            raise NotPlain(f"it gives `{min(replaced)}` another meaning")
        for parent in ast.walk(tree):
            for node in ast.iter_child_nodes(parent):
                if isinstance(node, ast.Name) and not _is_store(node):
                    self._read_name(node, parent)
                elif isinstance(node, ast.Attribute | ast.Subscript) and _is_store(node):
                    root = root_of(node)
                    if root in asked.statements or root in given.statements:
                        raise NotPlain(f"it changes `{root}`")
                elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                    raise NotPlain(f"it reads `.{node.attr}`")

    def _read_name(self, node: ast.Name, parent: ast.AST) -> None:
        name, around = node.id, self._around
        if name in ("list", "tuple") and _asks_for_type(node, parent):
            raise NotPlain("it asks whether a value is a list or a tuple, and both travel as lists")
        if name in self._bound:
            return
        if name in _OURS or (name in _OF_THE_PROXY and name in around.asked.statements):
            raise NotPlain(f"it uses the name `{name}`, which checks use for something else")
        if name in around.asked.functions:
            self._read_function(node, parent)
        elif name in around.asked.variables:
            self._read_variable(name)
        elif name in around.given.functions | around.given.variables:
            self._read_given(name)
        elif (found := self._import(name)) is not None:
            if module_of(found) not in _CARRIED:
                raise NotPlain(f"it uses {module_of(found)}")
            self.above.append(found)
        elif name in _REFUSED:
            raise NotPlain(f"it calls {name}()")
        elif name not in BUILTINS:
            raise NotPlain(f"it uses `{name}`, which another test sets")

    def _import(self, name: str) -> str | None:
        around = self._around
        for known in (around.given.imports, around.asked.imports, around.earlier):
            if name in known:
                return known[name]
        return None

    def _read_function(self, node: ast.Name, parent: ast.AST) -> None:
        name = node.id
        if name.startswith("_"):
            raise NotPlain(f"`{name}` begins with _")
        kept = self._around.asked
        if name in kept.classes and _has_operators(kept.statements[name]):
            raise NotPlain(f"objects of `{name}` have operators, which do not travel")
        if not _is_called(node, parent, kept.functions):
            raise NotPlain(f"it looks at `{name}` itself and not at what it returns")
        self.functions.add(name)

    def _read_variable(self, name: str) -> None:
        if name.startswith("_"):
            raise NotPlain(f"`{name}` begins with _")
        self.variables.add(name)

    def _read_given(self, name: str) -> None:
        """What students are given is copied above the check: theirs may have been changed."""
        _refuse_texts(*self._around.given.statements[name])
        copied = _copied(name, self._around, ())
        if copied is not None:
            self.above += copied
        elif name in self._around.given.variables:
            self._read_variable(name)
        else:
            raise NotPlain(f"it uses `{name}`, which rests on what students write")


def _copied(name: str, around: Surroundings, above: tuple[str, ...]) -> list[str] | None:
    """The statements that bind a given name, after those that they need; None where any of these
    is not the author's alone, or reads a file."""
    found: list[str] = []
    if name in above:
        return []
    if name in around.changed:
        return None
    for node in around.given.statements[name]:
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.FunctionDef):
            return None
        for used in sorted(used_by(node) | ({name} & mentioned(node))):
            if used in around.asked.statements or used in _REFUSED:
                return None
            if used in around.given.imports:
                if module_of(around.given.imports[used]) not in _CARRIED:
                    return None
                found.append(around.given.imports[used])
            elif used in around.given.statements and used != name:
                inner = _copied(used, around, (*above, name))
                if inner is None:
                    return None
                found += inner
            elif used not in BUILTINS and used != name:
                return None
        if any(word in ast.unparse(node) for word in (".load", "genfromtxt", "read_", "fromfile")):
            return None
        found.append(ast.unparse(node))
    return found


def _asks_for_type(node: ast.Name, parent: ast.AST) -> bool:
    return isinstance(parent, ast.Compare | ast.Tuple) or (
        isinstance(parent, ast.Call)
        and node in parent.args[1:]
        and ast.unparse(parent.func).split(".")[-1].lower().replace("_", "")
        in ("isinstance", "issubclass", "assertisinstance")
    )


def _has_operators(statements: Sequence[ast.stmt]) -> bool:
    return any(
        isinstance(each, ast.FunctionDef)
        and each.name.startswith("__")
        and each.name not in ("__init__", "__call__")
        for node in statements
        for each in ast.walk(node)
    )


def _is_called(node: ast.Name, parent: ast.AST, functions: frozenset[str]) -> bool:
    """Whether a function is called, or handed to one of theirs or to what expects an exception."""
    if not isinstance(parent, ast.Call):
        return False
    if parent.func is node:
        return True
    called = ast.unparse(parent.func).split(".")[-1]
    is_class = called == "isinstance" and node in parent.args[1:]
    return is_class or called in _RAISES or (root_of(parent.func) in functions)


class _Rewriter(ast.NodeTransformer):
    """Puts the student's functions and variables in the places of names."""

    def __init__(self, functions: set[str], variables: set[str]) -> None:
        self._functions = functions
        self._variables = variables

    def rewritten(self, node: ast.stmt) -> ast.stmt:
        """A statement for a check; `pass` for one that only prints."""
        made: ast.stmt = self.visit(copy.deepcopy(node))
        return made

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._functions:
            return ast.Attribute(ast.Name("student", ast.Load()), node.id, ast.Load())
        if node.id in self._variables and not _is_store(node):
            arguments: list[ast.expr] = [ast.Name("student", ast.Load()), ast.Constant(node.id)]
            return ast.Call(ast.Name("variable", ast.Load()), arguments, [])
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        call = node.value
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "print":
            # What it prints is nobody's; but what it prints may raise.
            values = [each for each in call.args if not isinstance(each, ast.Constant)]
            kept = [self.visit(each) for each in values]
            if not (self._functions | self._variables) & mentioned(call):
                return ast.Pass()
            return ast.Expr(ast.Tuple(kept, ast.Load()))
        return ast.Expr(self.visit(call))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if ast.unparse(node.func).split(".")[-1] in _RAISES:
            kinds = {ast.unparse(each) for each in node.args[:1]}
            if not node.args or _TOO_WIDE & kinds or "(" in "".join(kinds):
                raise NotPlain("it accepts any exception, even that of a stub")
        return self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        if not (self._functions | self._variables) & mentioned(node):
            return node
        kind = _expected(node)
        if kind is None:
            raise NotPlain("it handles exceptions in a way of its own")
        raises = ast.Attribute(ast.Name("pytest", ast.Load()), "raises", ast.Load())
        body = [made for each in node.body for made in [self.visit(each)] if not always_fails(each)]
        return ast.With([ast.withitem(ast.Call(raises, [kind], []))], body)


def _expected(node: ast.Try) -> ast.expr | None:
    """The type that a `try` demands of the code in it, written as in nbgrader's guide; or None."""
    if len(node.handlers) != 1 or node.finalbody:
        return None
    handler = node.handlers[0]
    quiet = all(isinstance(each, ast.Pass) or _prints(each) for each in handler.body)
    fails = any(map(always_fails, node.orelse)) or (not node.orelse and always_fails(node.body[-1]))
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [each.id if isinstance(each, ast.Name) else "" for each in kinds]
    known = all(isinstance(getattr(builtins, name, None), type) for name in names)
    return handler.type if quiet and fails and known and not _TOO_WIDE & set(names) else None


def _prints(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith(("print(", "'", '"', "..."))
