"""What the result of a check depends on, as keys: a result whose key is the same need not be made
again.

The key of one result is made of the submission's hash, the *run key* (the fingerprint of those
parts of the grader that a result depends on, the versions and the isolation, the seed, what is
common to all checks of the homework) and the *check key* (the check's own source with whatever of
its file it uses, and of the solution what it asks for). Everything is read from source without
running it, so that the process that plans a batch imports no check. Comments and layout do not
matter.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from grader.course.assignment import Assignment
from grader.reports.schema import Environment

# A fixture of the plugin's by which a check gets at a file of the solution.
_REFERENCE, _VARIANTS = frozenset({"reference", "diagnose"}), frozenset({"diagnose"})


def run_key(assignment: Assignment, seed: str, isolation: str, environment: Environment) -> str:
    """What all results of one run rest on, but for the submission and the check."""
    spec = assignment.spec
    # The grader's version is for people; its fingerprint says exactly what a result depends on.
    versions = environment.model_dump_json(exclude={"grader"})
    parts = [
        assignment.name, seed, isolation, versions,
        spec.limits.model_dump_json(), repr(spec.data), repr(assignment.packages),
        repr(sorted(assignment.functions.items())),
    ]  # fmt: skip
    parts += [_hash(path.read_bytes()) for _, path in sorted(assignment.data.items())]
    return _hash("\0".join(parts).encode())


def check_keys(assignment: Assignment) -> dict[str, str]:
    """A key for each check function, by "file stem::function name".

    A file that cannot be parsed gives one key that changes with its bytes; running it says why.
    """
    keys = _keys_of_file(assignment.public_checks, {})
    if assignment.hidden_checks is not None and assignment.solution is not None:
        keys |= _keys_of_file(assignment.hidden_checks, _solution_parts(assignment))
    return keys


def _solution_parts(assignment: Assignment) -> dict[str, str]:
    """What a hidden check gets of the solution, by the name of the fixture. "" goes to each."""
    assert assignment.solution is not None
    named = {f"{assignment.name}.py", "variants.py", "hidden_checks.py"}
    others = sorted(path for path in assignment.solution.glob("*.py") if path.name not in named)
    return {
        "reference": _hash_file(assignment.solution / f"{assignment.name}.py"),
        "variants": _hash_file(assignment.solution / "variants.py"),
        "": "".join(map(_hash_file, others)),
    }


def _keys_of_file(path: Path, parts: Mapping[str, str]) -> dict[str, str]:
    try:
        source = path.read_bytes()
        tree = ast.parse(source)
    except FileNotFoundError:
        return {}
    except (SyntaxError, ValueError):
        return {f"{path.stem}::": _hash(path.read_bytes())}
    defined: dict[str, _Piece] = {}
    common = [parts.get("", "")]
    for node in tree.body:
        if _is_ordinary(node):
            defined[node.name] = _Piece(ast.dump(node), frozenset(_words(node)))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            # An import, a constant, a line that runs: any check may rest on it.
            common.append(ast.dump(node))
    keys = {}
    for name in defined:
        if name.startswith("test"):
            used = [defined[each] for each in sorted(_closure(name, defined))]
            asked = frozenset().union(*(piece.words for piece in used))
            text = [*common, *(piece.text for piece in used)]
            text += [parts.get("reference", "")] if asked & _REFERENCE else []
            text += [parts.get("variants", "")] if asked & _VARIANTS else []
            keys[f"{path.stem}::{name}"] = joined(text)
    return keys


@dataclass(frozen=True)
class _Piece:
    """A top-level function or class: its syntax tree as text, and the words in it."""

    text: str
    words: frozenset[str]


def _is_ordinary(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.ClassDef]:
    """Whether only those use it who name it: no autouse fixture, no class of checks."""
    if isinstance(node, ast.ClassDef):
        return not node.name.startswith("Test")
    if not isinstance(node, ast.FunctionDef):
        return False
    return not any("autouse" in ast.dump(each) for each in node.decorator_list)


def _closure(start: str, defined: Mapping[str, _Piece]) -> set[str]:
    """`start` and all names that it uses of its file, directly or not."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += defined[name].words & defined.keys()
    return found


def _words(node: ast.AST) -> Iterator[str]:
    """Names that are read, and parameters, which name fixtures. Strings too: usefixtures("x")."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.arg):
            yield each.arg
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _hash_file(path: Path) -> str:
    return _hash(path.read_bytes()) if path.is_file() else ""


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def joined(keys: Iterable[str]) -> str:
    """One key for many."""
    return _hash("\0".join(keys).encode())
