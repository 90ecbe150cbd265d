"""What names a piece of Python binds and uses, read from its syntax."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader._internal.syntax import parse

BUILTINS = frozenset(dir(builtins))


def bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a statement binds where it stands, and not in functions that it defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    for child in ast.iter_child_nodes(node):
        yield from bound_by(child)


def used_by(node: ast.AST) -> set[str]:
    """The names that a piece of Python reads or deletes without binding them anywhere in itself."""
    read, own = set(), set()
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name, ctx=ast.Store()):
                own.add(name)
            case ast.Name(id=name):
                read.add(name)
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                own.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                own.add(name)
            case ast.Import(names=found) | ast.ImportFrom(names=found):
                own |= {alias.asname or alias.name.split(".")[0] for alias in found}
    return read - own


@dataclass(frozen=True)
class ModuleNames:
    """What stands at the top of a module.

    functions: functions and classes. classes: those of them that are classes. variables: the rest,
    without imports. imports: for each name that one binds, the statement. statements: for each
    name the statements that bind it, in order.
    """

    functions: frozenset[str]
    classes: frozenset[str]
    variables: frozenset[str]
    imports: Mapping[str, str]
    statements: Mapping[str, tuple[ast.stmt, ...]]


def names_of(source: str) -> ModuleNames:
    """What a module binds at its top. Raises SyntaxError."""
    functions, classes, variables = set(), set(), set()
    imports: dict[str, str] = {}
    statements: dict[str, tuple[ast.stmt, ...]] = {}
    for node in parse(source).body:
        names = list(dict.fromkeys(bound_by(node)))
        for name in names:
            statements[name] = (*statements.get(name, ()), node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            functions.add(node.name)
            classes |= {node.name} if isinstance(node, ast.ClassDef) else set()
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports |= {name: _import_of(node, name) for name in names}
        else:
            variables.update(names)
    variables -= functions | imports.keys()
    return ModuleNames(
        frozenset(functions), frozenset(classes), frozenset(variables), imports, statements
    )


def _import_of(node: ast.Import | ast.ImportFrom, name: str) -> str:
    """The statement that imports one of the names of `node`."""
    alias = next(a for a in node.names if (a.asname or a.name.split(".")[0]) == name)
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import([alias]))
    return ast.unparse(ast.ImportFrom(node.module, [alias], node.level))


def changed_in_place(source: str) -> frozenset[str]:
    """The names whose values the statements at the top of a module may change. Raises SyntaxError.

    Those that are assigned to in part, and all that stand in a call whose value nobody keeps.
    """
    found: set[str] = set()
    waiting: list[ast.AST] = list(parse(source).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        part = isinstance(node, ast.Subscript | ast.Attribute) and isinstance(
            node.ctx, ast.Store | ast.Del
        )
        if part or isinstance(node, ast.AugAssign | ast.Delete | ast.Expr):
            found |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        waiting += ast.iter_child_nodes(node)
    return frozenset(found)


def module_of(statement: str) -> str:
    """The top module that an import statement names."""
    words = statement.split()
    return words[1].split(".")[0]


def modules_in(nodes: Iterable[ast.AST]) -> set[str]:
    """The top modules that statements import, wherever in them."""
    found = set()
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Import):
                found |= {alias.name.split(".")[0] for alias in each.names}
            elif isinstance(each, ast.ImportFrom):
                found.add((each.module or "").split(".")[0])
    return found


def mentioned(node: ast.AST) -> set[str]:
    """All names in a piece of Python, read or bound."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def root_of(node: ast.expr) -> str:
    """The name that an attribute, an item or a call begins with; "" where it is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
