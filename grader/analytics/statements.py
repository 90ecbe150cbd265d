"""Code as statements without what a copier changes: names, comments, layout, order of functions.

A statement is one simple statement, or the head of a compound one. What is left of it is its words
and operators:

    probs = np.exp(z - z.max()) / total     # softmax   ->   v = numpy exp v - v max / v

A name that the student chose is `v`. What others chose stays: of libraries under their own names,
however they were imported; attributes; Python's built-ins; the functions that were asked for.
Docstrings, annotations and imports are left out. Nothing is run; code that cannot be parsed is
taken line by line.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from grader._internal.syntax import parse_to_change

MAX_STATEMENTS = 4_000
MAX_CHARACTERS = 256 << 10

Words = tuple[str, ...]

_WORD = re.compile(r"\w+|\*\*|//|[<>=!]=|[-+*/%@<>=&|^~\[{]")
_COMMENT = re.compile(r"#.*")
_KNOWN = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
_CHOSEN = "v"
_TEXT = "s"


@dataclass(frozen=True)
class Statement:
    """A statement or head at lines `first` to `last` of its part, counted from 1."""

    first: int
    last: int
    words: Words


@dataclass(frozen=True)
class CodeBlock:
    """What moves as a whole: a function with what is nested in it, or the rest of a part.

    name: a function's, where it was asked for; else "". part: the place of its part among the
    submission's. whole: it is a function, all of it.
    """

    name: str
    part: int
    statements: tuple[Statement, ...]
    whole: bool = False

    @property
    def size(self) -> int:
        """In words."""
        return sum(len(statement.words) for statement in self.statements)


def pieces_of(texts: Iterable[str], asked: Collection[str]) -> tuple[CodeBlock, ...]:
    """The pieces of a program's parts, those asked for in that order, then the longest first.

    The order does not tell how the student ordered them.
    """
    found: list[CodeBlock] = []
    left = MAX_CHARACTERS
    for place, text in enumerate(texts):
        found += _pieces(text[:left], place, asked)
        left = max(0, left - len(text))
    order = {name: place for place, name in enumerate(asked)}

    def by_name_or_size(piece: CodeBlock) -> tuple[int, int]:
        return (order[piece.name], 0) if piece.name else (len(order), -piece.size)

    return tuple(sorted(found, key=by_name_or_size))


def _pieces(text: str, place: int, asked: Collection[str]) -> list[CodeBlock]:
    try:
        tree = parse_to_change(text)
        names = _Names(tree, asked)
        found = [_function_piece(node, place, names, asked) for node in _functions(tree.body)]
        return [*found, CodeBlock("", place, tuple(_inside(tree.body, names, functions=False)))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = enumerate(text.split("\n")[:MAX_STATEMENTS], start=1)
        raw = (Statement(number, number, _raw_words(line, asked)) for number, line in lines)
        return [CodeBlock("", place, tuple(statement for statement in raw if statement.words))]


def _function_piece(
    node: _Function, place: int, names: _Names, asked: Collection[str]
) -> CodeBlock:
    name = node.name if node.name in asked else ""
    return CodeBlock(name, place, tuple(_inside([node], names)), whole=True)


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(body: Iterable[ast.stmt]) -> Iterator[_Function]:
    """The functions of a module, and the methods of its classes."""
    for node in body:
        if isinstance(node, _Function):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body)


def _inside(
    body: Iterable[ast.stmt], names: _Names, *, functions: bool = True
) -> Iterator[Statement]:
    """Every statement, the nested ones behind their heads.

    functions: False leaves out those that are pieces of their own.
    """
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or _is_text(node):
            continue
        if isinstance(node, _Function) and not functions:
            continue
        blocks = [getattr(node, name, None) for name in ("body", "orelse", "finalbody")]
        blocks += [[*getattr(node, "handlers", ()), *getattr(node, "cases", ())]]
        nested = [statement for block in blocks if isinstance(block, list) for statement in block]
        first = _first_line(node)
        last = getattr(node, "end_lineno", None) or first
        if nested:
            last = max(first, min(_first_line(each) for each in nested) - 1)
        yield Statement(first, last, names.words_of(node))
        within_class = isinstance(node, ast.ClassDef) and not functions
        yield from _inside(nested, names, functions=not within_class and functions)


def _first_line(node: ast.AST) -> int:
    at = node.pattern if isinstance(node, ast.match_case) else node
    above: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([int(getattr(at, "lineno", 1)), *(each.lineno for each in above)])


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Names(ast.NodeTransformer):
    """Knows of a module which names its author chose, and takes them off its statements."""

    def __init__(self, tree: ast.Module, asked: Collection[str]) -> None:
        self._asked = asked
        self._imported: dict[str, str] = {}
        self._chosen: set[str] = set()  # attributes that the module makes itself
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._imported[alias.asname or alias.name.split(".")[0]] = alias.name
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self._imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.ClassDef):
                self._chosen |= {each.name for each in node.body if isinstance(each, _Function)}
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                self._chosen.add(node.attr)

    def words_of(self, node: ast.AST) -> Words:
        """The words of a statement, or of the head of a compound one."""
        return tuple(_WORD.findall(ast.unparse(self.visit(_head(node)))))

    def _name(self, name: str) -> str:
        if name in self._asked or name in _KNOWN:
            return name
        return self._imported.get(name, _CHOSEN)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self._name(node.id), node.ctx), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        attr = _CHOSEN if node.attr in self._chosen else node.attr
        return ast.copy_location(ast.Attribute(self.visit(node.value), attr, node.ctx), node)

    def visit_Call(self, node: ast.Call) -> ast.Call:
        func: ast.expr = self.visit(node.func)
        own = _CHOSEN in (getattr(func, "id", None), getattr(func, "attr", None))
        keywords = [
            ast.keyword(_CHOSEN if own and each.arg else each.arg, self.visit(each.value))
            for each in node.keywords
        ]
        made = ast.Call(func, [self.visit(each) for each in node.args], keywords)
        return ast.copy_location(made, node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(_CHOSEN)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return _text_at(node) if isinstance(node.value, str | bytes) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Name:
        return _text_at(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        return ast.ExceptHandler(node.type, _CHOSEN if node.name else None, node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self._name(node.name)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self._name(node.name)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.name = _CHOSEN
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        target = self.visit(node.target)
        if node.value is None:
            return ast.Expr(target)
        return ast.Assign([target], self.visit(node.value), lineno=node.lineno)


def _text_at(node: ast.expr) -> ast.Name:
    return ast.copy_location(ast.Name(_TEXT, ast.Load()), node)


def _head(node: ast.AST) -> ast.AST:
    """A node of its own without the statements nested in it, to be changed freely."""
    fields = dict(ast.iter_fields(node))
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        if isinstance(fields.get(name), list):
            fields[name] = []
    if isinstance(node, _Function):
        fields["returns"] = None
    made = type(node)(**fields)
    return ast.copy_location(made, node) if hasattr(node, "lineno") else made


def _raw_words(line: str, asked: Collection[str]) -> Words:
    """The words of a line of code that cannot be parsed."""
    words = _WORD.findall(_COMMENT.sub("", line))
    return tuple(
        _CHOSEN if word[0].isalpha() and word not in asked and word not in _KNOWN else word
        for word in words
    )
