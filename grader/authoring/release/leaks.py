"""Finds code of solutions/ in what students get: a starter left filled in, or a copied check.

Code is compared, not text: a function's body without its docstring, comments and layout. At least
two equal lines in a row count as a leak, or one line if the function has no more.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from grader._internal.syntax import parse

_SHORTEST_PAIR = 40  # characters, without blanks
_SHORTEST_ONE = 30


def shared_code(solutions: Mapping[str, bytes], files: Mapping[str, bytes]) -> list[str]:
    """Which functions of which solutions appear in which files, a line each.

    Both map paths to contents. A solution that cannot be parsed is left to `validate`. Of hidden
    checks only the checks count: what makes their inputs may be shared with the public ones.
    """
    texts = {path: _squashed(path, data) for path, data in files.items()}
    found = []
    for solution, source in solutions.items():
        checks_only = PurePosixPath(solution).name == "hidden_checks.py"
        for function, prints in fingerprints(source, checks_only=checks_only):
            found += [
                f"{path} contains code of `{function}` from {solution}"
                for path, text in texts.items()
                if any(each in text for each in prints)
            ]
    return found


def fingerprints(source: bytes, *, checks_only: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Each function of a module, with the texts that identify its body. Blanks are removed."""
    try:
        tree = parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if checks_only and not node.name.startswith("test_"):
            continue
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        lines = [_without_blanks(line) for part in body for line in ast.unparse(part).splitlines()]
        pairs = [a + b for a, b in itertools.pairwise(lines)]
        prints = [pair for pair in pairs if len(pair) >= _SHORTEST_PAIR]
        if len(lines) == 1 and len(lines[0]) >= _SHORTEST_ONE:
            prints = lines
        yield node.name, prints


def _squashed(path: str, data: bytes) -> str:
    """The text of a file without blanks; for code, also the same code in one fixed style."""
    text = data.decode("utf-8", "replace")
    if path.endswith(".ipynb"):
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
    if path.endswith((".py", ".ipynb")):
        with contextlib.suppress(SyntaxError, ValueError):
            text += ast.unparse(parse(text))
    return _without_blanks(text)


def _without_blanks(text: str) -> str:
    return "".join(text.split())
