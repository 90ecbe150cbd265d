"""What the source of a submission uses: `student.source(...)`, for tasks that forbid something.

The source is parsed here and never run. So this sees what stands in it, under the names that its
imports and simple assignments give, and nothing that is only known when it runs.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader._internal.syntax import callables_of, is_bare
from grader.errors import CheckFailed, GraderFault, NotAttempted, StudentRaised
from grader.sandbox.protocol.answers import MissingFunction
from grader.submission.choice import is_stub
from grader.submission.code import Part, parsed_parts
from grader.submission.program import Program

_LOOPS = {
    ast.For: "a for loop", ast.AsyncFor: "a for loop", ast.While: "a while loop",
    ast.ListComp: "a comprehension", ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension", ast.GeneratorExp: "a comprehension",
}  # fmt: skip
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# The usual short names, under which nothing is ever found: uses are told in full.
_SHORT = {
    "np": "numpy", "plt": "matplotlib.pyplot", "mpl": "matplotlib", "sp": "scipy", "pd": "pandas",
    "sns": "seaborn", "tf": "tensorflow", "jnp": "jax.numpy",
}  # fmt: skip
_LOOPING = ("map", "filter", "numpy.vectorize", "numpy.apply_along_axis", "numpy.frompyfunc")


@dataclass(frozen=True)
class Use:
    """A name that the source uses, in full, such as "numpy.linalg.lstsq"; and where it stands.

    Of an attribute of something whose type is not known it is the last part, such as ".sort".
    """

    name: str
    place: str


@dataclass(frozen=True)
class StudentSource:
    """The part of a submission's source that a check asked for.

    what: the functions asked for, as a message names them. text: of the parts. uses: the names in
    it. loops: what repeats something in it, with its place.
    """

    what: str
    text: str
    uses: tuple[Use, ...]
    loops: tuple[Use, ...]

    def forbid(self, *names: str, hint: str | None = None) -> None:
        """Raise CheckFailed if one of `names`, or anything below it, is used.

        names: in full, such as "numpy.linalg.lstsq" or "scipy"; ".sort" for a method.
        """
        if not names or not all(isinstance(name, str) and name for name in names):
            raise GraderFault("forbid takes the names that are forbidden, such as numpy.linalg.inv")
        for name in names:
            if meant := _SHORT.get(name.partition(".")[0]):
                raise GraderFault(f"forbid takes names in full: write {meant} for {name!r}")
        for use in self.uses:
            for name in names:
                if use.name == name or use.name.startswith(f"{name}."):
                    self._refuse(f"uses {use.name.lstrip('.')}", use.place, hint)

    def forbid_loops(self, *, hint: str | None = None) -> None:
        """Raise CheckFailed for a loop, a comprehension, or a function that calls one for each."""
        for loop in self.loops:
            self._refuse(f"holds {loop.name}", loop.place, hint)
        for use in self.uses:
            if use.name in _LOOPING:
                self._refuse(f"uses {use.name}, which is a loop", use.place, hint)

    def _refuse(self, what: str, place: str, hint: str | None) -> None:
        raise CheckFailed(f"{self.what} {what}, which this task forbids", where=place, hint=hint)


def source_of(program: Program, names: Sequence[str]) -> StudentSource:
    """The source of these functions, classes or methods and of what they use of the submission's.

    names: none stand for all of the code. Raises MissingFunction for one that is not defined,
    NotAttempted for a stub, StudentRaised if the code cannot be parsed.
    """
    parts = [*program.parts, *_modules_beside(program)]
    pieces: dict[str, _SourcePiece] = {}
    everything: list[_SourcePiece] = []
    parsed = list(parsed_parts(parts))
    for part, nodes in parsed:
        if not nodes and part.source.strip():
            raise StudentRaised(f"{part.label} cannot be parsed", whole=True)
        everything += [_SourcePiece(part, node) for node in nodes]
        pieces |= {name: _SourcePiece(part, node) for name, node in callables_of(nodes)}
    if len(parsed) < len(parts):
        raise StudentRaised("the code is too long to be parsed", whole=True)
    for name in names:
        if name not in pieces:
            raise MissingFunction(name)
        if _is_unwritten(pieces[name].node):
            raise NotAttempted(f"`{name}` is not written yet")
    aliases = _of_module(everything)
    chosen = _reached(names, pieces) if names else everything
    text = "\n".join(dict.fromkeys(ast.unparse(piece.node) for piece in chosen))
    uses, loops = _found(chosen, aliases)
    what = " and ".join(f"`{name}`" for name in names) if names else "the code"
    return StudentSource(what, text, uses, loops)


@dataclass(frozen=True)
class _SourcePiece:
    """A statement, and the part of the program that it stands in."""

    part: Part
    node: ast.stmt

    def place(self, node: ast.AST) -> str:
        line = getattr(node, "lineno", 1) + self.part.first_line - 1
        return f"{self.part.label}, line {line}"


def _modules_beside(program: Program) -> Iterator[Part]:
    for name, data in program.files.items():
        if name.endswith(".py"):
            yield Part(name, name, data)


def _is_unwritten(node: ast.stmt) -> bool:
    if isinstance(node, ast.ClassDef):
        methods = [inner for name, inner in callables_of([node]) if "." in name]
        return is_bare(node) or (bool(methods) and all(map(is_stub, methods)))
    return isinstance(node, ast.FunctionDef) and is_stub(node)


def _reached(names: Sequence[str], pieces: Mapping[str, _SourcePiece]) -> list[_SourcePiece]:
    """What `names` stand for, and everything of the submission's that is named in it."""
    by_last: dict[str, list[str]] = {}
    for name in pieces:
        by_last.setdefault(name.rpartition(".")[2], []).append(name)
    found: dict[str, _SourcePiece] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = pieces[name]
        for node in ast.walk(pieces[name].node):
            word = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
            waiting += by_last.get(word, []) if isinstance(word, str) else []
    # A method within a class that was reached too stands there already.
    return [
        piece for name, piece in found.items() if "." not in name or name.split(".")[0] not in found
    ]


@dataclass
class _Aliases:
    """What names stand for, in full. stars: the modules from which everything is imported.

    bound: the names that stand for something else, such as a parameter or a function of theirs.
    """

    names: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    bound: frozenset[str] = frozenset()

    def within(self, nodes: Sequence[ast.AST]) -> _Aliases:
        """These names as `nodes` see them, which may give them other meanings of their own."""
        bound = Counter(name for node in nodes for name in _bound_in(node))
        names = {name: full for name, full in self.names.items() if name not in bound}
        found = _Aliases(names, list(self.stars), self.bound | bound.keys())
        for node in nodes:
            _add_import(node, found)
        for node in nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target, full = node.targets[0], _full_name(node.value, found)
                if isinstance(target, ast.Name) and bound[target.id] == 1 and full is not None:
                    found.names.setdefault(target.id, full)
        return found


def _bound_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        yield node.name


def _add_import(node: ast.AST, found: _Aliases) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            first = alias.name.split(".")[0]
            found.names[alias.asname or first] = alias.name if alias.asname else first
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            if alias.name == "*":
                found.stars.append(node.module)
            else:
                found.names[alias.asname or alias.name] = f"{node.module}.{alias.name}"


def _of_module(pieces: Sequence[_SourcePiece]) -> _Aliases:
    """What names stand for at top level: what is imported, assigned and defined there."""
    nodes: list[ast.AST] = []
    for piece in pieces:
        nodes += [piece.node] if isinstance(piece.node, _SCOPES) else ast.walk(piece.node)
    return _Aliases().within(nodes)


def _full_name(node: ast.AST, aliases: _Aliases) -> str | None:
    """The name that an expression stands for; None if it is no name."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    if isinstance(node, ast.Name) and node.id in aliases.names:
        return ".".join([aliases.names[node.id], *attributes])
    if attributes:
        return f".{attributes[-1]}"
    return node.id if isinstance(node, ast.Name) and node.id not in aliases.bound else None


def _found(
    pieces: Sequence[_SourcePiece], aliases: _Aliases
) -> tuple[tuple[Use, ...], tuple[Use, ...]]:
    uses: list[Use] = []
    loops: list[Use] = []
    for piece in pieces:
        nodes = list(ast.walk(piece.node))
        known = aliases.within(nodes[1:]) if isinstance(piece.node, _SCOPES) else aliases
        for node in nodes:
            kind = _LOOPS.get(type(node))
            if kind is not None:
                loops.append(Use(kind, piece.place(node)))
            if isinstance(node, (ast.Attribute, ast.Name)):
                place = piece.place(node)
                uses += [Use(name, place) for name in _names_of(node, known)]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = (f"{node.module}.{alias.name}" for alias in node.names)
                uses += [Use(name, piece.place(node)) for name in (node.module, *names)]
            elif isinstance(node, ast.Import):
                uses += [Use(alias.name, piece.place(node)) for alias in node.names]
    return tuple(uses), tuple(loops)


def _names_of(node: ast.Attribute | ast.Name, aliases: _Aliases) -> Iterator[str]:
    name = _full_name(node, aliases)
    if name is None:
        return
    yield name
    if isinstance(node, ast.Attribute) and not name.startswith("."):
        yield f".{node.attr}"
    if isinstance(node, ast.Name) and node.id not in aliases.names and node.id not in aliases.bound:
        yield from (f"{module}.{node.id}" for module in aliases.stars)
