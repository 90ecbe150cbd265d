"""Runs a notebook's statements as IPython does, one after the other.

Rules of IPython's `InteractiveShell.run_ast_nodes` and `CachingCompiler`: a cell is parsed as a
whole and compiled statement by statement, so that `from __future__ import ...` may stand anywhere;
it holds for every later statement and cell. A statement may `await`: all run in one event loop,
which lives as long as the notebook.
"""

from __future__ import annotations
import __future__

import ast
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag


class Interpreter:
    """What one notebook's statements share: the compiler's flags and the event loop."""

    def __init__(self) -> None:
        self._flags = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def parsed(self, source: bytes, filename: str) -> list[ast.stmt]:
        """The statements of a cell. Raises what `compile` does for text that is not Python."""
        flags = self._flags | ast.PyCF_ONLY_AST
        tree: ast.Module = compile(source, filename, "exec", flags, dont_inherit=True)
        return tree.body

    def compiled(self, statement: ast.stmt, filename: str) -> Any:
        """The code of one statement. Raises SyntaxError for what Python finds only while it
        compiles, such as a `return` outside of a function."""
        flags = self._flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(ast.Module([statement], []), filename, "exec", flags, dont_inherit=True)
        self._flags |= code.co_flags & FUTURE_FLAGS
        return code

    def run(self, code: Any, names: dict[str, Any]) -> None:
        """Run a statement's code; what it awaits is waited for."""
        if not code.co_flags & inspect.CO_COROUTINE:
            exec(code, names)
            return
        import asyncio  # few notebooks need it, and it takes its time

        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(eval(code, names))
