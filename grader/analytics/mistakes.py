"""Frequent mistakes: the diagnoses of failed checks, with the code that they are about."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from grader._internal.syntax import parse
from grader.analytics.gather import ClassEntry, Text
from grader.analytics.statements import pieces_of
from grader.reports.pages.listing import MAX_LINE
from grader.reports.schema import CheckResult, Outcome

EXAMPLES = 3
EXAMPLE_LINES = 24
LOOKED_AT = 40
MAX_WORDS = 300  # characters of a message
MAX_PARSED = 256 << 10
SHOWN = 20
SHOWN_UNNAMED = 10

_SILENT = frozenset({Outcome.PASSED, Outcome.NOT_ATTEMPTED, Outcome.BLOCKED, Outcome.GRADER_ERROR})


@dataclass(frozen=True)
class Excerpt:
    """A function of one submission. lines: number and text; whole: False if more follow."""

    who: str
    label: str
    lines: tuple[tuple[int, str], ...]
    whole: bool


@dataclass(frozen=True)
class Mistake:
    """A mistake that several submissions share.

    words: the diagnosis; if there was none, the first line of the check's message, and `named` is
    False. who: the students. checks: id and title of each check that said so. function: the
    homework's function that it is about; None if that is not known.
    """

    words: str
    named: bool
    who: tuple[str, ...]
    checks: tuple[tuple[str, str], ...]
    function: str | None
    examples: tuple[Excerpt, ...] = ()


def mistakes_of(entries: Sequence[ClassEntry], functions: Collection[str]) -> list[Mistake]:
    """The mistakes with a name, then failures without one; the most frequent first.

    A failure without a name is left out if the same student's function has a named mistake.
    """
    told: dict[tuple[bool, str], list[tuple[ClassEntry, CheckResult]]] = {}
    for entry in entries:
        failed = [check for check in entry.report.checks if check.outcome not in _SILENT]
        explained = {_about(check, functions) for check in failed if check.diagnosis} - {None}
        for check in failed:
            if check.diagnosis or _about(check, functions) not in explained:
                words = check.diagnosis or _said_first(check)
                key = check.diagnosis is not None, words[:MAX_WORDS]
                told.setdefault(key, []).append((entry, check))
    made = [_mistake(named, words, listed, functions) for (named, words), listed in told.items()]
    return sorted(made, key=lambda each: (not each.named, -len(each.who), each.words))


def with_examples(
    mistake: Mistake, entries: Sequence[ClassEntry], functions: Sequence[str]
) -> Mistake:
    """The same with a few examples of its code, the shortest first, no two of them alike."""
    if mistake.function is None:
        return mistake
    by_who = {entry.who: entry for entry in entries}
    found: dict[tuple[tuple[str, ...], ...], Excerpt] = {}
    for who in mistake.who[:LOOKED_AT]:
        excerpt = _excerpt(by_who[who], mistake.function)
        if excerpt is not None:
            text = "\n".join(line for _, line in excerpt.lines)
            pieces = pieces_of([text], functions)
            key = tuple(each.words for piece in pieces for each in piece.statements)
            found.setdefault(key, excerpt)
    shortest = sorted(found.values(), key=lambda each: len(each.lines))[:EXAMPLES]
    return replace(mistake, examples=tuple(shortest))


def _said_first(check: CheckResult) -> str:
    return check.outcome.words if check.message is None else check.message.headline


def _mistake(
    named: bool,
    words: str,
    listed: Sequence[tuple[ClassEntry, CheckResult]],
    functions: Collection[str],
) -> Mistake:
    checks = {check.id: check.title for _, check in listed}
    who = dict.fromkeys(entry.who for entry, _ in listed)
    about = {_about(check, functions) for _, check in listed}
    function = about.pop() if len(about) == 1 else None
    return Mistake(words, named, tuple(who), tuple(checks.items()), function)


def _about(check: CheckResult, functions: Collection[str]) -> str | None:
    """The function that a failed check is about: the first named by diagnosis, title or id."""
    if not functions:
        return None
    longest = sorted(functions, key=len, reverse=True)
    pattern = re.compile(rf"(?<![^\W_])({'|'.join(map(re.escape, longest))})(?![^\W_])")
    texts = (check.diagnosis or "", check.title, check.id)
    return next((found[1] for text in texts if (found := pattern.search(text))), None)


def _excerpt(entry: ClassEntry, function: str) -> Excerpt | None:
    """A function without its docstring, as the program has it in the end."""
    for text in reversed(entry.texts):
        node = _definition(text, function)
        if node is not None:
            lines = _without_docstring(node, text)
            kept = tuple(lines[:EXAMPLE_LINES])
            return Excerpt(entry.who, text.label, kept, len(kept) == len(lines))
    return None


def _definition(text: Text, function: str) -> ast.FunctionDef | None:
    try:
        body = parse("\n".join(text.lines)[:MAX_PARSED]).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == function]
    return found[-1] if found else None


def _without_docstring(node: ast.FunctionDef, text: Text) -> list[tuple[int, str]]:
    first, skipped = node.body[0], range(0)
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if is_text and len(node.body) > 1 and first.lineno > node.lineno:
        skipped = range(first.lineno, (first.end_lineno or first.lineno) + 1)
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return [
        (number, text.lines[number - 1][:MAX_LINE])
        for number in lines
        if number not in skipped and text.lines[number - 1].strip()
    ]
