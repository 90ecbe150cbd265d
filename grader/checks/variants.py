"""Variants of a reference solution: one function done wrong, or done differently and rightly.

A function, a class ("Model") or a method ("Model.fit") can stand in for its target.

A homework's variants.py holds functions under two decorators. Beside the reference they serve
twice: to name the mistake behind a wrong answer, and to prove that the homework's checks catch
every mistake and refuse no alternative.

    import my_homework as ref
    from grader.checks.variants import alternative, mistake

    @mistake("gradient", "Your gradient is not divided by n: the loss is a mean.")
    def gradient_of_the_sum(w, X, y):
        return len(y) * ref.gradient(w, X, y)

`ref` is always the untouched reference. Everything else in the file (imports, helpers) is shared.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any, Literal, TypeVar

from grader.checks.processor_time import loading_time
from grader.errors import SpecError

Kind = Literal["mistake", "alternative"]
F = TypeVar("F", bound=Callable[..., Any])

_MARK = "__variant__"
_PLAIN = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.Expr)
_BY_NAME = frozenset(
    ["__dict__", "__globals__", "eval", "exec", "getattr", "globals", "locals", "modules", "vars"]
)
UNTOUCHED = "_untouched"  # how the name of the module ends that a variant meets as `ref`
# What a function of the copy makes, or asks the class of, is of the submission's own classes.
SHARE_CLASSES = "vars(ref).update({k: v for k, v in globals().items() if isinstance(v, type)})"


@dataclass(frozen=True)
class Variant:
    """One function, class or method of the reference, replaced.

    kind: "mistake" or "alternative". target: the function it replaces. words: for a mistake, what
    a student should read, "" for a mutant; for an alternative, how it differs. function: runs
    beside the reference. name: unique in its file. source: its own text, without its decorators.
    preamble: the file's shared text (imports and helpers, without the import of the reference).
    """

    kind: Kind
    target: str
    words: str
    function: Callable[..., Any]
    name: str
    source: str
    preamble: str

    @property
    def is_named(self) -> bool:
        """Whether it is a mistake that a student can be told of."""
        return self.kind == "mistake" and bool(self.words)


def mistake(target: str, words: str) -> Callable[[F], F]:
    """Mark a function as `target` done wrong; `words` are what a student should read."""
    return _marker("mistake", target, words)


def alternative(target: str, words: str) -> Callable[[F], F]:
    """Mark a function as `target` done differently and rightly."""
    return _marker("alternative", target, words)


def mutant(target: str) -> Callable[[F], F]:
    """Mark a function as `target` done wrong in a way that no student is told by name.

    The checks have to refuse it; that is all.
    """
    return _mark("mistake", target, "")


def load_variants(path: Path, reference: ModuleType) -> tuple[Variant, ...]:
    """The variants of a file, in its order. No file, no variants.

    reference: what `import <homework>` means inside the file; the homework's name is that of the
    folder. Raises SpecError if the file cannot be used.
    """
    if not path.is_file():
        return ()
    homework = path.parent.name
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text, str(path))
        namespace: dict[str, Any] = {"__name__": f"grader_variants.{homework}"}
        with standing_in(homework, reference), loading_time(path.name):
            exec(compile(tree, str(path), "exec"), namespace)
    except (Exception, SystemExit) as exc:
        raise SpecError(f"{path} cannot be loaded: {type(exc).__name__}: {exc}") from exc
    preamble = _preamble(tree, text, homework, namespace)
    found: dict[str, Variant] = {}
    for node in tree.body:
        mark = _mark_of(node, namespace)
        if mark is None:
            continue
        assert isinstance(node, (ast.FunctionDef, ast.ClassDef))
        function = namespace[node.name]
        kind, target, words = mark
        if node.name in found:
            raise SpecError(f"{path}: two variants are called {node.name}; rename one")
        if not callable(_found(reference, target)):
            raise SpecError(f"{path}: {node.name} replaces {target!r}, which the reference lacks")
        if isinstance(node, ast.ClassDef) and not isinstance(_found(reference, target), type):
            raise SpecError(f"{path}: {node.name} is a class, and {target!r} is none; write a def")
        source = "".join(text.splitlines(keepends=True)[node.lineno - 1 : node.end_lineno])
        found[node.name] = Variant(kind, target, words, function, node.name, source, preamble)
    return tuple(found.values())


def rebuilt(reference: ModuleType, replaced: Mapping[str, Callable[..., Any]]) -> dict[str, Any]:
    """The names of a fresh copy of the reference in which functions are `replaced`."""
    path = Path(str(reference.__file__))
    module: dict[str, Any] = {"__name__": f"{reference.__name__}.rebuilt"}
    exec(_compiled(path.read_bytes(), str(path)), module)
    module.update(replaced)
    return module


def rebuilt_with(reference: ModuleType, variant: Variant) -> dict[str, Any]:
    """The names of a fresh copy of the reference in which a variant stands for its target."""
    owner, _, method = variant.target.rpartition(".")
    if not owner and not isinstance(variant.function, type):
        if not has_classes(reference):
            return rebuilt(reference, {variant.target: variant.function})
        return _in_one_family(reference, variant)
    if not owner:
        path = Path(str(reference.__file__))
        source = _with_class(variant, path.read_text(encoding="utf-8"))
        made: dict[str, Any] = {"__name__": f"{reference.__name__}.rebuilt"}
        exec(_compiled(source.encode(), str(path)), made)
        return made
    module = rebuilt(reference, {})
    setattr(module[owner], method, variant.function)
    return module


def has_classes(reference: ModuleType) -> bool:
    """Whether a reference defines classes, of which an object is of one module's and no other's."""
    return any(
        isinstance(value, type) and value.__module__ == reference.__name__
        for value in vars(reference).values()
    )


def _in_one_family(reference: ModuleType, variant: Variant) -> dict[str, Any]:
    """As a submission of the variant is: its `ref` is a copy with the same classes."""
    module, copy = rebuilt(reference, {}), rebuilt(reference, {})
    copy.update({name: value for name, value in module.items() if isinstance(value, type)})
    module["ref"] = SimpleNamespace(**copy)
    exec(compile(f"{variant.preamble}\n\n{variant.source}", "variants.py", "exec"), module)
    module[variant.target] = module[variant.name]
    return module


def _with_class(variant: Variant, reference_source: str) -> str:
    """The reference with a class that follows the one in whose place it stands.

    So what is derived from that class further down is derived from the variant. `ref` holds what
    the module's names stand for without it.
    """
    nodes = [
        node
        for node in ast.parse(reference_source).body
        if isinstance(node, ast.ClassDef) and node.name == variant.target
    ]
    lines = reference_source.splitlines(keepends=True)
    end = (nodes[-1].end_lineno if nodes else None) or len(lines)
    return (
        f"{''.join(lines[:end])}\n\nimport types\n\nref = types.SimpleNamespace(**globals())\n\n"
        f"{variant.preamble}\n\n{variant.source}\n\n{variant.target} = {variant.name}\n"
        f"{''.join(lines[end:])}\n\nvars(ref).update({{**globals(), **vars(ref)}})\n"
    )


def _found(reference: ModuleType, target: str) -> object:
    """What a target names: "fit", "Model" or "Model.fit"."""
    owner, _, name = target.rpartition(".")
    return getattr(getattr(reference, owner, None) if owner else reference, name, None)


def _mark_of(node: ast.stmt, namespace: Mapping[str, Any]) -> tuple[Kind, str, str] | None:
    """How a function or a class of variants.py is marked. A class does not inherit its mark."""
    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or not node.decorator_list:
        return None
    mark: tuple[Kind, str, str] | None = vars(namespace[node.name]).get(_MARK)
    return mark


@functools.lru_cache(maxsize=4)
def _compiled(source: bytes, path: str) -> CodeType:
    """Cached, because the reference is run again for each mistake, and compiling takes as long."""
    return compile(source, path, "exec")


def submission_files(variant: Variant, homework: str, reference_source: str) -> dict[str, str]:
    """The reference with one function replaced, as files of a submission.

    homework: its name, which is the module's. Functions of the module that call the replaced one
    meet the variant; inside the variant `ref` is an untouched copy.
    """
    if isinstance(variant.function, type):
        return {f"{homework}.py": _with_class(variant, reference_source)}
    copy = f"{homework}{UNTOUCHED}"
    shared = f"{SHARE_CLASSES}\n\n" if _defines_classes(variant, reference_source) else ""
    main = (
        f"{reference_source}\n\nimport {copy} as ref\n\n{shared}"
        f"{variant.preamble}\n\n{variant.source}\n\n{variant.target} = {variant.name}\n"
    )
    return {f"{homework}.py": main, f"{copy}.py": reference_source}


def _defines_classes(variant: Variant, reference_source: str) -> bool:
    """Whether a function is replaced beside classes. A method has to meet untouched ones."""
    body = parsed(reference_source).body
    return "." not in variant.target and any(isinstance(node, ast.ClassDef) for node in body)


@functools.lru_cache(maxsize=8)
def parsed(source: str) -> ast.Module:
    """The syntax tree of a module, which nobody may change."""
    return ast.parse(source)


@functools.lru_cache(maxsize=8)
def names_below(source: str) -> dict[str, frozenset[str]]:
    """For each function, class and variable of a module the names in what it is made of."""
    found: dict[str, frozenset[str]] = {}
    for node in parsed(source).body:
        names = frozenset(
            each.id if isinstance(each, ast.Name) else each.attr
            for each in ast.walk(node)
            if isinstance(each, ast.Name | ast.Attribute)
        )
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound = [node.name]
        else:
            bound = [ast.unparse(each) for each in getattr(node, "targets", ())]
        for name in bound:
            found[name] = found.get(name, frozenset()) | names
    return found


def all_below(name: str, below: Mapping[str, frozenset[str]]) -> set[str]:
    """A name, and all that it rests on. below: see names_below."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += below.get(each, ())
    return found


@functools.lru_cache(maxsize=256)
def rests_on(source: str, function: str, target: str) -> bool:
    """Whether a function of a module may give something else where `target` is another.

    True where a module's text does not tell, such as one that looks functions up by name.
    """
    body = parsed(source).body
    if not all(isinstance(node, _PLAIN) or is_main_block(node) for node in body):
        return True
    reached = all_below(function, names_below(source))
    return target in reached or bool(reached & _BY_NAME)


def is_main_block(node: ast.stmt) -> bool:
    """Whether it is what runs in a program, and not where its functions are asked for."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _marker(kind: Kind, target: str, words: str) -> Callable[[F], F]:
    if not words.strip():
        raise ValueError(f"@{kind}({target!r}, ...) has no words")
    return _mark(kind, target, words)


def _mark(kind: Kind, target: str, words: str) -> Callable[[F], F]:
    def mark(function: F) -> F:
        setattr(function, _MARK, (kind, target, words))
        return function

    return mark


@contextmanager
def standing_in(name: str, module: ModuleType) -> Iterator[None]:
    """`import <name>` gives `module` for a while."""
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    finally:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before


def _preamble(tree: ast.Module, text: str, homework: str, namespace: Mapping[str, Any]) -> str:
    """The text outside the decorated functions and marked classes, as a submission may hold it."""
    kept = []
    lines = text.splitlines(keepends=True)
    for node in tree.body:
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        if any(m == homework or m.split(".")[0] in ("grader", "__future__") for m in modules):
            continue
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            continue
        if isinstance(node, ast.ClassDef) and _mark_of(node, namespace) is not None:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(each.lineno for each in decorators)])
        kept.append("".join(lines[first - 1 : node.end_lineno]))
    return "\n".join(kept)
