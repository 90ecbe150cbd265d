"""Which grader made a result, as far as that matters to the result.

The fingerprint is a digest of the syntax trees of exactly those parts of this package that a result
depends on. Comments, layout and docstrings do not count, and neither does the rest of the package:
a change in the command line, in the pages or in the gradebook leaves every cached result valid.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs

import grader
from grader._internal.files import write_atomically

# What a result depends on: folders with all their modules, and single modules. A test holds that
# none of these imports a module of this package that is not named here. `grader/__init__.py` alone
# is imported and not named: they use its version, which a report tells beside the fingerprint.
PARTS = (
    "_internal/clock.py",
    "_internal/files.py",
    "_internal/install_hint.py",
    "_internal/log.py",
    "_internal/message_lines.py",
    "_internal/syntax.py",
    "_internal/text.py",
    "checks",
    "course",
    "engine",
    "errors.py",
    "reports/grade_sheet.py",
    "reports/schema.py",
    "sandbox",
    "submission",
)

_MOST_KEPT = 15  # of earlier versions, a line each
# Fields of a syntax node that say nothing about what it does: whether a name is read or written
# follows from where it stands.
_IGNORED = frozenset({"ctx", "kind", "type_comment"})
_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@functools.cache
def fingerprint() -> str:
    """SHA-256, in hexadecimal digits, over the parts of the running package that results depend on.

    Reads about a hundred modules, once in each process. Parsing them takes much longer, so what it
    gave is kept in the user's cache under a digest of all that was read, for the last few versions
    of the package and of Python that ran.
    """
    package = Path(grader.__file__).parent
    digest = hashlib.sha256(sys.version.encode())
    for path in _modules(package):
        digest.update(f"\0{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes())
    kept = platformdirs.user_cache_path("grader") / "fingerprint"
    lines: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        lines = kept.read_text(encoding="ascii").splitlines()
    for line in lines:
        read, _, found = line.partition(" ")
        if read == digest.hexdigest():
            return found
    found = fingerprint_of(package)
    lines = [*lines[-_MOST_KEPT:], f"{digest.hexdigest()} {found}"]
    with contextlib.suppress(OSError):  # without a place for it, it is made again each time
        write_atomically(kept, "".join(f"{line}\n" for line in lines).encode())
    return found


def fingerprint_of(package: Path) -> str:
    """The fingerprint of the package whose folder this is."""
    digest = hashlib.sha256()
    for path in _modules(package):
        tree = ast.parse(path.read_bytes(), path)
        digest.update(f"{path.relative_to(package).as_posix()}\0{tree_text(tree)}\0".encode())
    return digest.hexdigest()


def _modules(package: Path) -> Iterator[Path]:
    """The modules of PARTS, always in the same order."""
    for part in PARTS:
        path = package / part
        yield from [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


def tree_text(tree: ast.AST) -> str:
    """A syntax tree as text without positions and docstrings; faster than `ast.dump`."""
    parts: list[str] = []
    _write(tree, parts.append, {})
    return " ".join(parts)


def _write(
    node: ast.AST, put: Callable[[str], None], fields: dict[type[ast.AST], tuple[str, ...]]
) -> None:
    """Put the words of a node and of all below it. fields: of each kind of node met so far."""
    kind = type(node)
    if kind not in fields:
        fields[kind] = tuple(field for field in kind._fields if field not in _IGNORED)
    put(kind.__name__)
    for field in fields[kind]:
        value = getattr(node, field, None)
        if isinstance(value, list):
            put("[")
            for each in value[1:] if field == "body" and _has_docstring(node) else value:
                if isinstance(each, ast.AST):
                    _write(each, put, fields)
                else:
                    put(repr(each))
            put("]")
        elif isinstance(value, ast.AST):
            _write(value, put, fields)
        else:
            put(repr(value))


def _has_docstring(node: ast.AST) -> bool:
    if not isinstance(node, _WITH_DOCSTRING) or not node.body:
        return False
    first = node.body[0]
    return (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
