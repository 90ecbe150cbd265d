"""The written answers in a submission: which files hold them, and their text if there is one.

Students write `answers.md`, `answer.txt`, `Answers.pdf`; they photograph their handwriting; they
write below a heading "Answers" in their notebook. Whatever is named after answers counts, and so
does any document or photograph that lies beside the code.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader._internal.text import printable
from grader.errors import SubmissionError
from grader.submission.notebook_file import read_texts

# What the notebook of the kit says in the cell for answers.
HEADING = "## Your answers"
PLACEHOLDER = (
    "Write your answers to the written questions below this line, or into `answers.md` beside this "
    "notebook."
)
# What it says in the cell of one question, between the question and the place for the answer.
ANSWER_HEADING = "### Answer: "
ANSWER_BELOW = "Write your answer below this line."
TAKEN = "answers.md, .txt, .pdf, .docx, .jpg or .png"

_TEXTS = frozenset({".md", ".markdown", ".txt", ".rst", ".tex", ""})
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".heic", ".webp", ".tif", ".tiff"})
_DOCUMENTS = frozenset({".pdf", ".docx", ".doc", ".odt", ".rtf", ".pages"})
# Named after something else, these are answers as well: a plot is not saved as one of them.
_UNNAMED = _DOCUMENTS | {".md", ".markdown", ".tex", ".jpg", ".jpeg", ".heic"}
_NAMED = re.compile(r"answer|antwort|written|theor|handwrit", re.IGNORECASE)
_OTHERS = re.compile(r"readme|license|changelog|requirements", re.IGNORECASE)
_ANSWERS_CELL = re.compile(r"#{1,6}\s+[^\n]*\banswers?\b[^\n]*", re.IGNORECASE)
_ASKED = re.compile(
    rf"^({re.escape(ANSWER_HEADING)}[^\n]*\n).*?^{re.escape(ANSWER_BELOW)}\n?",
    re.DOTALL | re.MULTILINE,
)
# Jupyter keeps a pasted picture beside the text of its cell, which only links to it.
_PASTED = re.compile(r"[(\"']attachment:")
_MAX_SHOWN = 100_000
_POINTER = re.compile(r"^\(open .* in the submission; sha256 [0-9a-f]{12}\)$", re.MULTILINE)


@dataclass(frozen=True)
class Answers:
    """What a submission holds of written answers. files: their names, the likeliest first.

    text: that of the first text among them; None if nothing can be shown as text. empty: a file of
    theirs in which nothing is written.
    """

    files: tuple[str, ...]
    text: str | None
    empty: str | None = None


def find_answers(files: Mapping[str, bytes]) -> Answers:
    """Find the written answers among the files of a submission. Nothing is unpacked or run."""
    found: list[str] = []
    text = empty = None
    for name in sorted(_candidates(files), key=_likelihood):
        if not files[name].strip():
            empty = empty or name
            continue
        found.append(name)
        if text is None and _suffix(name) in _TEXTS:
            text = printable(files[name].decode("utf-8-sig", "replace")[:_MAX_SHOWN])
    for name in sorted(files):
        if name.endswith(".ipynb"):
            written = _in_notebook(files[name])
            if written and text is None:
                text = printable(written[:_MAX_SHOWN])
            found += [name] if written else []
    return Answers(tuple(found), text, empty)


def answers_for_marking(files: Mapping[str, bytes]) -> str | None:
    """What a marker reads: the text, and which files are to be opened; None if there is nothing.

    The same files give the same text, wherever they are.
    """
    text = find_answers(files).text
    shown = [] if text is None else [text]
    for name in attached(files):
        mark = hashlib.sha256(files[name]).hexdigest()[:12]
        shown.append(f"(open {printable(name)} in the submission; sha256 {mark})")
    return "\n\n".join(shown) or None


def attached(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The names of the answers that are not text alone, to be opened: documents, pictures, and
    notebooks into whose answers a picture was pasted."""
    return tuple(
        name
        for name in find_answers(files).files
        if _suffix(name) not in _TEXTS | {".ipynb"}
        or (name.endswith(".ipynb") and _PASTED.search(_in_notebook(files[name])))
    )


def without_pointers(answer: str) -> str:
    """An answer as `answers_for_marking` gives it, without the lines that name files to open."""
    return _POINTER.sub("", answer).strip()


def _candidates(files: Mapping[str, bytes]) -> Iterator[str]:
    for name in files:
        path, suffix = PurePosixPath(name), _suffix(name)
        if suffix not in _TEXTS | _PICTURES | _DOCUMENTS or path.parts[0] == "figures":
            continue
        if _OTHERS.match(path.stem) and not _NAMED.search(path.stem):
            continue
        if _NAMED.search(path.stem) or (suffix in _UNNAMED and len(path.parts) == 1):
            yield name


def _likelihood(name: str) -> tuple[bool, bool, int, str]:
    path = PurePosixPath(name)
    return (
        path.stem.lower() not in ("answers", "answer"),
        not _NAMED.search(path.stem),
        len(path.parts),
        name,
    )


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _in_notebook(data: bytes) -> str:
    """What stands in text cells from one with the heading "Answers" up to the next code cell."""
    written: list[str] = []
    inside = False
    with contextlib.suppress(SubmissionError):
        for kind, text in read_texts(data):
            inside = kind != "code" and (inside or _ANSWERS_CELL.match(text.lstrip()) is not None)
            if inside:
                written.append(_ASKED.sub(r"\1", text).replace(PLACEHOLDER, ""))
    whole = "\n\n".join(written).strip()
    return whole if _ANSWERS_CELL.sub("", whole).strip(" \n*_#") else ""
