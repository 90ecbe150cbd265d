"""Python's syntax tree of sources that may be hostile."""

from __future__ import annotations

import ast
import warnings


def parse(source: str | bytes) -> ast.Module:
    """`ast.parse` without its warnings, such as for the `\\s` of a formula in a docstring.

    Parsed and not compiled: some hostile sources crash the compiler of the trusted process.
    Raises SyntaxError, ValueError, RecursionError or MemoryError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)
