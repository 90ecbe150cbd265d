"""Python's syntax tree of sources that may be hostile."""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Iterable, Iterator

# CPython looks through the rest of an f-string at each brace: braces * length steps, each of a
# nanosecond or less. 20 KB of text with 1,000 values in it are a tenth of this.
MAX_STEPS_OF_F_STRINGS = 200_000_000
# A comment, or a string literal from its prefix to its end or to where it is cut off.
_LITERAL = re.compile(
    r"""
    \#[^\n]*
    | (?P<prefix>\b[a-z]{1,2})?
      (?: \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ (?:\"{3})?
        | '{3} (?: [^'\\]++ | \\. | '(?!'') )*+ (?:'{3})?
        | " (?: [^"\\\n]++ | \\. )*+ "?
        | ' (?: [^'\\\n]++ | \\. )*+ '?
      )
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)

# Reading a submission parses the same text several times: to see whether it is Python, what of it
# is written, what it imports. Trees of a few sources of ordinary length are kept meanwhile.
MAX_KEPT = 64_000
_TREES = 4
# What could be PEP 263's line, or a byte order mark: then Python decodes the bytes by itself.
_NAMES_ENCODING = re.compile(rb"\xef\xbb\xbf|(?:[^\n]*+\n)?[^\n]*coding")

Callable = ast.FunctionDef | ast.ClassDef


def parse(source: str | bytes) -> ast.Module:
    """`ast.parse` without its warnings, such as for the `\\s` of a formula in a docstring.

    The tree may be shared with others who parse the same text; `parse_to_change` gives one's own.
    Parsed and not compiled: some hostile sources crash the compiler of the trusted process.
    Raises SyntaxError, ValueError, RecursionError or MemoryError. A ValueError also says that
    parsing would take far longer than its length tells, because of its f-strings.
    """
    text = _as_text(source)
    return _kept(text) if len(text) <= MAX_KEPT else parse_to_change(text)


@functools.lru_cache(maxsize=_TREES)
def _kept(source: str | bytes) -> ast.Module:
    return parse_to_change(source)


def _as_text(source: str | bytes) -> str | bytes:
    """Bytes in UTF-8 that name no encoding, as their text: one key for both."""
    if isinstance(source, bytes) and not _NAMES_ENCODING.match(source):
        try:
            return source.decode("utf-8")
        except UnicodeDecodeError:
            return source  # Python says what is wrong with it
    return source


def parse_to_change(source: str | bytes) -> ast.Module:
    """As `parse`, a tree that nobody else holds."""
    if _steps_of_f_strings(source) > MAX_STEPS_OF_F_STRINGS:
        raise ValueError("its f-strings hold too many values to be parsed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def _steps_of_f_strings(source: str | bytes) -> int:
    """About how many steps the f-strings of a source take the parser."""
    text = source if isinstance(source, str) else source.decode("latin-1")
    if "{" not in text:
        return 0
    return sum(
        literal[0].count("{") * len(literal[0])
        for literal in _LITERAL.finditer(text)
        if "f" in (literal["prefix"] or "").lower()
    )


def callables_of(body: Iterable[ast.stmt]) -> Iterator[tuple[str, Callable]]:
    """The functions and classes among statements, and the methods of the classes, by name.

    A method is named "Model.fit".
    """
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield node.name, node
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def is_bare(node: ast.ClassDef) -> bool:
    """Whether a class has no body but a docstring."""
    return all(
        isinstance(inner, ast.Pass)
        or (isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant))
        for inner in node.body
    )


def parameters_of(name: str, node: Callable) -> tuple[str, ...]:
    """The parameters by which something that `callables_of` names is called, without self."""
    if isinstance(node, ast.ClassDef):
        for method, inner in callables_of([node]):
            if method == f"{node.name}.__init__":
                return parameters_of(method, inner)
        return ()
    names = [arg.arg for arg in node.args.args]
    static = any(ast.unparse(each) == "staticmethod" for each in node.decorator_list)
    return tuple(names[1:] if "." in name and not static else names)
