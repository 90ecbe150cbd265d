"""A submission's code as it stands on a page: lines, colours, and the places that messages name.

No student code is run here. The size of what is shown is limited, whatever was handed in.
"""

from __future__ import annotations

import codecs
import functools
import io
import re
import tokenize
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from grader._internal.text import printable
from grader.reports.schema import Message
from grader.submission.choice import COURSE_FILES
from grader.submission.code import Part
from grader.submission.files import Submission
from grader.submission.program import Program

MAX_FILES = 80
MAX_LINES = 4_000
MAX_BYTES = 256 << 10
MAX_COLOURED = 64 << 10  # some hostile text takes a lexer a second for so much
MAX_LINE = 2_000
MAX_NOTES = 3

_LINE_ENDS = re.compile(r"\r\n|\r|\n")
# Python refuses them for source, and they take a time that grows with the square of the size.
_NO_SOURCE = frozenset({"idna", "punycode"})


@dataclass(frozen=True)
class Token:
    """A run of text of one colour. kind: a class of the style sheet; empty for plain text."""

    kind: str
    text: str


@dataclass(frozen=True)
class CodeFile:
    """One file or cell. name: as messages call it. whole: False if the end is not shown."""

    name: str
    anchor: str
    lines: tuple[tuple[Token, ...], ...]
    whole: bool

    def line_anchor(self, number: int) -> str:
        """The id that a line has on the page."""
        return f"{self.anchor}-{number}"


@dataclass(frozen=True)
class TextSpan:
    """Text of a message. anchor: of the line of code that it names, or None."""

    text: str
    anchor: str | None = None


@dataclass(frozen=True)
class Listing:
    """All the code of a submission that is shown."""

    files: tuple[CodeFile, ...] = ()

    @functools.cached_property
    def _by_name(self) -> dict[str, CodeFile]:
        return {file.name: file for file in reversed(self.files)}

    @functools.cached_property
    def _places(self) -> re.Pattern[str] | None:
        """Matches `adagrad.py, line 7` and `cell 3, line 7` of the files that are shown."""
        if not self.files:
            return None
        names = "|".join(re.escape(name) for name in sorted(self._by_name, key=len, reverse=True))
        return re.compile(rf"(?<![\w./-])({names}), line (\d{{1,6}})\b")

    def pieces(self, text: str) -> tuple[TextSpan, ...]:
        """`text` in pieces, those that name a line that is shown with its anchor."""
        found: list[TextSpan] = []
        end = 0
        for match, anchor in self._found(text):
            found.append(TextSpan(text[end : match.start()]))
            found.append(TextSpan(match[0], anchor))
            end = match.end()
        found.append(TextSpan(text[end:]))
        return tuple(piece for piece in found if piece.text)

    def marks(self, messages: Iterable[Message]) -> dict[str, tuple[str, ...]]:
        """The lines that messages name, by anchor, each with what went wrong there.

        A line that was only on the way to the one that raised has no words.
        """
        marks: dict[str, dict[str, None]] = {}
        for message in dict.fromkeys(messages):
            raised = None
            for _, line in message.without_output.lines():
                for match, anchor in self._found(line):
                    notes = marks.setdefault(anchor, {})
                    rest = line[match.end() :]
                    if rest.startswith(", in "):  # a frame; the last one is where it was raised
                        raised = notes
                    elif rest.lstrip(": "):
                        notes[rest.lstrip(": ")] = None
            if raised is not None:
                raised[message.headline] = None
        return {anchor: tuple(notes)[:MAX_NOTES] for anchor, notes in marks.items()}

    def _found(self, text: str) -> Iterator[tuple[re.Match[str], str]]:
        if self._places is None:
            return
        for match in self._places.finditer(text):
            file, number = self._by_name[match[1]], int(match[2])
            if 1 <= number <= len(file.lines):
                yield match, file.line_anchor(number)


def parts_of(program: Program | None, submission: Submission) -> list[Part]:
    """All code that was handed in: the parts that were run, then the other modules."""
    parts = list({part.label: part for part in program.parts}.values()) if program else []
    if program is not None and len(parts) < len(program.parts):
        # Parts of one file: it is shown as it was handed in.
        parts = [replace(part, source=submission.files[part.label]) for part in parts]
    shown = {part.label for part in parts}
    parts += [
        Part(name, name, data)
        for name, data in sorted(submission.files.items())
        if name.endswith(".py") and name not in shown and name not in COURSE_FILES
    ]
    return parts


def list_code(program: Program | None, submission: Submission) -> Listing:
    """The parts that were run, then the other modules that were handed in."""
    parts = parts_of(program, submission)
    colour = _colourer(sum(len(part.source) for part in parts))
    lines_left, bytes_left = MAX_LINES, MAX_BYTES
    files = []
    for index, part in enumerate(parts[:MAX_FILES], start=1):
        source = part.source[:bytes_left]
        lines = source_lines(source)
        texts = [_shortened(printable(line)) for line in lines[:lines_left]]
        whole = len(source) == len(part.source) and len(texts) == len(lines)
        tokens = tuple(tuple(line) for line in colour(texts))
        files.append(CodeFile(printable(part.label)[:200], f"code-{index}", tokens, whole))
        lines_left, bytes_left = lines_left - len(texts), bytes_left - len(source)
    return Listing(tuple(files))


def _shortened(line: str) -> str:
    return line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]} …"


def source_lines(source: bytes) -> list[str]:
    """The lines as Python counts them, without a last one that is empty."""
    lines = _LINE_ENDS.split(_decoded(source))
    if lines[-1] == "":
        lines.pop()
    return lines


def _decoded(source: bytes) -> str:
    """The text of a source file by the encoding that it declares, as Python would run it.

    What an encoding such as utf-7 hides from an editor is seen here.
    """
    try:
        declared, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        encoding = "utf-8" if codecs.lookup(declared).name in _NO_SOURCE else declared
        with warnings.catch_warnings(action="ignore"):  # of escapes that mean nothing
            return source.decode(encoding, "replace")
    except (SyntaxError, ValueError, LookupError):
        return source.decode("utf-8", "replace")


Colourer = Callable[[list[str]], list[list[Token]]]


def _colourer(size: int) -> Colourer:
    """What splits lines into tokens: by pygments, which comes with rich, where it is there."""
    try:
        from pygments.lexers.python import PythonLexer
        from pygments.token import Token as Kind
    except ImportError:
        return _plain
    if size > MAX_COLOURED:
        return _plain
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    kinds = (
        (Kind.Comment, "comment"),
        (Kind.Keyword, "keyword"),
        (Kind.Operator.Word, "keyword"),
        (Kind.Literal.String, "string"),
        (Kind.Literal.Number, "literal"),
        (Kind.Name.Function, "name"),
        (Kind.Name.Class, "name"),
        (Kind.Name.Decorator, "name"),
    )

    def colour(texts: list[str]) -> list[list[Token]]:
        lines: list[list[Token]] = [[]]
        for kind, text in lexer.get_tokens("\n".join(texts)):
            name = next((name for above, name in kinds if kind in above), "")
            for index, piece in enumerate(text.split("\n")):
                if index:
                    lines.append([])
                _add(lines[-1], name, piece)
        return lines if len(lines) == len(texts) else _plain(texts)

    return colour


def _add(line: list[Token], kind: str, text: str) -> None:
    """Put text at the end of a line, in one token with what is there where the colour is."""
    if line and (line[-1].kind == kind or not text.strip()):
        line[-1] = Token(line[-1].kind, line[-1].text + text)
    elif text:
        line.append(Token(kind, text))


def _plain(texts: list[str]) -> list[list[Token]]:
    return [[Token("", text)] if text else [] for text in texts]
