"""A notebook to fill in, made from a starter and its handout.

The handout's text is split where it begins to describe a function, and the function's cell follows
its text. The description of a function begins at a paragraph that starts with its name in bold
code,

    **`softmax(Z)`** takes scores of shape (n, k) ...

or at a heading that starts with it, and ends before the next function or the next heading of the
first two levels. HTML comments are left out. The same starter and handout give the same bytes.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.course.assignment import Question
from grader.submission.answers import ANSWER_BELOW, ANSWER_HEADING, HEADING, PLACEHOLDER

_NAMED = re.compile(r"(?:\*\*|__)`(\w+)\b")
_NAMED_HEADING = re.compile(r"(?:\*\*|__)?`(\w+)\b")
_SECTION_LEVELS = ("h1", "h2")
# Inline code is kept. A comment on lines of its own is removed with the blank line after it.
_COMMENT = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|^[ ]{0,3}<!--.*?(?:-->|\Z)[ \t]*(?:\n\n?|\Z)"
    r"|[ \t]*<!--.*?-->",
    re.DOTALL | re.MULTILINE,
)
_MAX_ID = 64  # characters of a cell's id, by the notebook format

_HOW_TO = """\

---

This notebook asks for the same functions as `{name}.py`: work in one of the two and leave the other
unchanged. Run the cells from the top and save. Then check your work in a terminal:

    python -m grader check {name}
"""

_IN_CELLS = """\

Or check it here: a cell such as `check("...")` runs the checks with this text in their name or
title, on your functions as they are when it runs. `check()` runs all of them, `hint("...")` shows a
hint, and `submit()` hands in what you have saved.
"""

_FIGURES = """\
## Your figures

The cell below is the block at the end of `{name}.py`. It uses your functions to draw your figures,
here and again when you hand in. Data files are read from the folder of this notebook.
"""


@dataclass(frozen=True)
class HandoutBlock:
    """A stretch of a starter's source. name: of the function or class that it defines, if any."""

    source: str
    name: str | None = None
    is_main: bool = False


@dataclass(frozen=True)
class Section:
    """A stretch of a handout. function: the one that it speaks of, if any."""

    text: str
    function: str | None = None


def make_notebook(
    name: str,
    handout: str,
    starter: str,
    *,
    checked: Collection[str] = (),
    questions: Sequence[Question] = (),
) -> bytes:
    """The notebook of the homework `name`, as a file. Raises SyntaxError for a broken starter.

    checked: the functions behind whose cells there is one that checks them. questions: the written
    ones, each with a cell for its answer.
    """
    import nbformat
    from nbformat.v4 import new_notebook

    header, functions, main = _sorted_out(split_starter(starter))
    asked = [piece.name for piece in functions if piece.name is not None]
    # In the notebook the functions are there already; the starter's would replace them.
    own_import = re.compile(rf"^>>> (?:from {name} import .*|import {name})\n", re.MULTILINE)
    sections = split_handout(own_import.sub("", handout), asked)
    cells = list(_cells(name, header, functions, sections, checked))
    if main:
        cells += [_text("figures-text", _FIGURES.format(name=name)), _code("figures", main)]
    if questions:
        cells.append(_text("answers", f"{HEADING}\n\n{PLACEHOLDER}\n"))
    for number, question in enumerate(questions, start=1):
        cells.append(_text(f"answer-{number}", _place_for(question)))
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        # Exported before a kernel has filled this in, a notebook without a suffix becomes a .txt.
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
    }
    notebook: Any = new_notebook(cells=cells, metadata=metadata)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    written: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return written.rstrip("\n").encode() + b"\n"


def _place_for(question: Question) -> str:
    """The cell of a written question: what is asked, and below it the place for the answer."""
    quoted = "\n".join(f"> {line}".rstrip() for line in question.text.strip().splitlines())
    heading = f"{ANSWER_HEADING}{question.id} ({question.points:g} points)"
    return f"{heading}\n\n{quoted}\n\n{ANSWER_BELOW}\n"


def split_starter(source: str) -> list[HandoutBlock]:
    """The starter in order: its opening, each function and class, its main block.

    Nothing is lost: comments and statements between two functions go with the second one.
    """
    lines = source.splitlines(keepends=True)
    pieces: list[HandoutBlock] = []
    begun = 0
    for node in ast.parse(source).body:
        end = node.end_lineno or begun
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        is_main = isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
        if named or is_main:
            opening = _end_of_opening(lines, begun, node) if not pieces else begun
            if opening > begun:
                pieces.append(HandoutBlock("".join(lines[begun:opening])))
            text = "".join(lines[opening:end])
            pieces.append(HandoutBlock(text, getattr(node, "name", None), is_main))
            begun = end
    if "".join(lines[begun:]).strip():
        pieces.append(HandoutBlock("".join(lines[begun:])))
    return pieces


def _end_of_opening(lines: Sequence[str], begun: int, node: ast.stmt) -> int:
    """The line after the last blank one before a statement: comments right above belong to it."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)]) - 1
    while first > begun and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return first


def _sorted_out(pieces: Sequence[HandoutBlock]) -> tuple[str, list[HandoutBlock], str]:
    """The opening, the functions in order, the main block with all that follows."""
    main = next((i for i, piece in enumerate(pieces) if piece.is_main), len(pieces))
    before, after = list(pieces[:main]), pieces[main:]
    header = before.pop(0).source if before and before[0].name is None else ""
    return header, before, "".join(piece.source for piece in after)


def split_handout(text: str, functions: Sequence[str]) -> list[Section]:
    """The handout in order, cut at its sections and where it begins to speak of a function."""
    shown = without_comments(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(shown)
    cuts: list[tuple[int, str | None]] = [(0, None)]
    waiting = set(functions)
    for token, inner in itertools.pairwise(tokens):
        if token.level > 0 or token.map is None:
            continue
        spoken_of = _function_named(token, inner)
        if spoken_of in waiting:
            waiting.remove(spoken_of)
            cuts.append((token.map[0], spoken_of))
        elif token.type == "heading_open" and token.tag in _SECTION_LEVELS:
            cuts.append((token.map[0], None))
    lines = shown.splitlines(keepends=True)
    ends = [*(line for line, _ in cuts[1:]), len(lines)]
    sections = [
        Section("".join(lines[line:end]).strip("\n"), function)
        for (line, function), end in zip(cuts, ends, strict=True)
    ]
    return [section for section in sections if section.text]


def _function_named(token: Token, inner: Token) -> str | None:
    if token.type == "paragraph_open":
        found = _NAMED.match(inner.content)
    elif token.type == "heading_open":
        found = _NAMED_HEADING.match(inner.content)
    else:
        return None
    return found[1] if found else None


def without_comments(text: str) -> str:
    """A Markdown text without its HTML comments, but for those that are shown as code."""
    lines = text.splitlines(keepends=True)
    blocks = [
        token.map
        for token in MarkdownIt("commonmark").parse(text)
        if token.type in ("fence", "code_block") and token.map is not None
    ]
    shown, done = [], 0
    for first, end in [*blocks, [len(lines), len(lines)]]:
        prose = "".join(lines[done:first])
        shown.append(_COMMENT.sub(lambda found: found["code"] or "", prose))
        shown += lines[first:end]
        done = end
    return "".join(shown)


def _cells(
    name: str,
    header: str,
    functions: Sequence[HandoutBlock],
    sections: Sequence[Section],
    checked: Collection[str],
) -> Iterator[Any]:
    """The handout's sections with each function behind the one that speaks of it.

    A function that the handout does not speak of follows the one before it in the starter.
    """
    titled = bool(sections) and sections[0].function is None
    opening = sections[0].text + "\n" if titled else f"# {name}\n"
    how_to = _HOW_TO.format(name=name) + (_IN_CELLS if checked else "")
    yield _text("text-1", opening + how_to)
    if checked:
        yield _code("load-checks", "%load_ext grader")
    if header.strip():
        yield _code("opening", header)
    spoken_of = {each.function for each in sections if each.function is not None}
    groups = _grouped(functions, spoken_of, checked)
    if None in groups:
        yield from groups.pop(None)
    for number, section in enumerate(sections[1:] if titled else sections, start=2):
        yield _text(f"text-{number}", section.text)
        if section.function is not None:
            yield from groups.pop(section.function)


def _grouped(
    functions: Sequence[HandoutBlock], spoken_of: set[str], checked: Collection[str]
) -> dict[str | None, list[Any]]:
    """Cells by the function behind whose text they go; None for those before the first one."""
    groups: dict[str | None, list[Any]] = {}
    above: str | None = None
    ids: set[str] = set()
    for number, piece in enumerate(functions, start=1):
        if piece.name in spoken_of and piece.name not in groups:
            above = piece.name
        cell_id = f"function-{piece.name}"
        if piece.name is None or cell_id in ids or len(cell_id) > _MAX_ID:
            cell_id = f"function-{number}"
        ids.add(cell_id)
        group = groups.setdefault(above, [])
        group.append(_code(cell_id, piece.source))
        if piece.name in checked:
            group.append(_code(f"check-{number}", f'check("{piece.name}")'))
    return groups


def _text(cell_id: str, source: str) -> Any:
    from nbformat.v4 import new_markdown_cell

    return new_markdown_cell(source.strip("\n"), id=cell_id)  # type: ignore[no-untyped-call]


def _code(cell_id: str, source: str) -> Any:
    from nbformat.v4 import new_code_cell

    return new_code_cell(source.strip("\n"), id=cell_id)  # type: ignore[no-untyped-call]
