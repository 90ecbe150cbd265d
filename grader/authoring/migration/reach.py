"""Whether the assertions of a test say something of what a submission gave."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.authoring.migration.names import bound_by, mentioned, root_of


class NotPlain(Exception):
    """A test that cannot be judged in the trusted process. Its text says why, for people."""


class Reach:
    """Whether each assertion says something of what the submission gave.

    One that does not, such as of a list that the student's function was to change in place, would
    hold for every submission.
    """

    def __init__(self, asked: frozenset[str]) -> None:
        self._asked = asked
        self._tainted = set(asked)
        self._judged = 0

    def judge(self, body: Sequence[ast.stmt]) -> None:
        """Look at a test. Raises NotPlain."""
        self._walk(body)
        if not self._judged:
            raise NotPlain("it asserts nothing of what the code returns")

    def _is_tainted(self, node: ast.AST) -> bool:
        return bool(self._tainted & mentioned(node))

    def _walk(self, body: Sequence[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                self._tainted |= {node.name} if self._is_tainted(node) else set()
                continue
            if isinstance(node, ast.Assert):
                if not self._is_tainted(node.test) and not always_fails(node):
                    raise NotPlain("it asserts something that no answer of the code reaches")
                self._judged += 1
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                called = ast.unparse(node.value.func).split(".")[-1]
                if called.startswith(("assert", "eq_", "ok_")) and not self._is_tainted(node):
                    raise NotPlain("it asserts something that no answer of the code reaches")
                looks = called != "print" and root_of(node.value.func) not in self._asked
                self._judged += looks and self._is_tainted(node)
            if isinstance(node, ast.Raise | ast.Try | ast.With) and self._is_tainted(node):
                self._judged += 1
            header = [node] if not _blocks(node) else list(_headers(node))
            if any(self._is_tainted(each) for each in header):
                self._tainted |= {n for each in header for n in bound_by(each)}
            for block in _blocks(node):
                self._walk(block)


def _blocks(node: ast.stmt) -> list[list[ast.stmt]]:
    blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
    blocks += [handler.body for handler in getattr(node, "handlers", ())]
    return [block for block in blocks if block]


def _headers(node: ast.stmt) -> Iterator[ast.AST]:
    for name in ("target", "iter", "test", "subject"):
        if isinstance(part := getattr(node, name, None), ast.AST):
            yield part
    yield from getattr(node, "items", ())


def always_fails(node: ast.stmt) -> bool:
    """Whether a statement fails whatever was computed."""
    if isinstance(node, ast.Raise):
        return node.exc is not None and ast.unparse(node.exc).startswith("AssertionError")
    return isinstance(node, ast.Assert) and ast.unparse(node.test) in ("False", "0")
