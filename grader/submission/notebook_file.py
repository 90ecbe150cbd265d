"""The code cells that a notebook's file holds, and what is said of a file that is no notebook.

Only what is needed is read: the kernel's language, and each code cell's text. Formats 3 and 4 of
any minor version are read (nbformat's own words for them: version 3 keeps its cells in
`worksheets`, and the text of a code cell in `input`). Nothing is checked against nbformat's schema:
what that finds is no reason to refuse a student's work.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from grader.errors import SubmissionError
from grader.submission.ipython_syntax import MAX_PARSED, is_python
from grader.submission.json_places import BrokenJson, OtherJson, Places, TooManyValues

MAX_CELLS = 5000
MAX_CODE = 1 << 20
_NEWEST_FORMAT = 4
# How the names of languages that notebooks tell are written; others are named as the file has them.
_LANGUAGES = {"r": "R", "ir": "R", "julia": "Julia", "sql": "SQL", "javascript": "JavaScript"}
_TOO_MANY = (
    "too large: it holds millions of values besides its code; clear all outputs, save it and hand "
    "it in again"
)
_AGAIN = "open it in Jupyter, save it and hand it in again"
# How files begin that are neither text nor a zip. UTF-32 stands before UTF-16, whose mark it holds.
_WIDE = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_OTHER_KINDS = {
    b"%PDF-": "a PDF",
    b"{\\rtf": "formatted text (RTF)",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


def read_sources(data: bytes) -> list[str]:
    """The text of each code cell, in order. Raises SubmissionError with what the file is instead.

    CPU and memory are bounded whatever the file holds: see `json_places`, MAX_CELLS and MAX_CODE.
    """
    what = told_by_its_beginning(data)
    if what is not None:
        raise _no_notebook(what)
    places = Places(data.removeprefix(b"\xef\xbb\xbf"))
    if places.too_many:
        raise SubmissionError(_TOO_MANY)
    try:
        return _read(places)
    except TooManyValues:
        raise SubmissionError(_TOO_MANY) from None
    except (BrokenJson, OtherJson) as exc:
        if isinstance(exc, OtherJson) and places.is_whole():
            what = (
                f"it is JSON, but line {places.line(exc.at)} does not hold {exc.wanted} as a "
                "notebook does there; hand in the notebook's own file"
            )
            raise _no_notebook(what) from None
        marks = conflict_line(data)
        if marks is not None:
            raise _no_notebook(marks) from None
        if is_python(data[: MAX_PARSED + 1].decode("utf-8", "replace")):
            what = "it holds Python code, not a notebook's JSON; end its name in .py"
            raise _no_notebook(what) from None
        line = places.line(exc.at)
        raise _no_notebook(f"its JSON is damaged in line {line}; {_AGAIN}") from None


def read_texts(data: bytes) -> list[tuple[str, str]]:
    """The kind and the text of each cell, in order. Raises SubmissionError for what is no notebook.

    Bounded as `read_sources` is.
    """
    places = Places(data.removeprefix(b"\xef\xbb\xbf"))
    if told_by_its_beginning(data) is not None or places.too_many:
        raise _no_notebook("its text cannot be read")
    try:
        start = places.start()
        members = places.members(start) if places.kind(start) == "{" else ()
        lists = [place for key, place in members if key == "cells"]
        kinds = ("markdown", "raw", "code")
        found = (at for each in lists for at in places.items(each))
        cells = [_cell(places, at, MAX_CODE, kinds) for at in islice(found, MAX_CELLS)]
    except (BrokenJson, OtherJson, TooManyValues):
        raise _no_notebook("its JSON is damaged, or not that of a notebook") from None
    return [(kind, text or "") for kind, text in cells]


def told_by_its_beginning(data: bytes) -> str | None:
    """What a file is that cannot be a program, with what to do; None for what may be one."""
    wide = next((name for mark, name in _WIDE.items() if data.startswith(mark)), None)
    if wide is not None:
        return f"it is saved as {wide}, and only UTF-8 is read; save it as UTF-8 in your editor"
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = next((_OTHER_KINDS[mark] for mark in _OTHER_KINDS if start.startswith(mark)), None)
    if kind is not None:
        return f"it is {kind} under another name; hand in the code as plain text"
    if b"\0" in data and not start.startswith(b"PK"):
        return (
            "it holds null bytes, so it is damaged or saved as UTF-16; open it in your editor, "
            "see whether your work is there, and save it as UTF-8"
        )
    if start.startswith(b"PK\x03\x04"):
        return "it is a zip file under another name; hand in what is inside"
    if start.startswith(b"version https://git-lfs"):
        return (
            "it is git-LFS's note of where the file is kept, not the file; "
            "run `git lfs pull` and hand in what is there then"
        )
    if start.lower().startswith((b"<!doctype html", b"<html")):
        return (
            "it is a web page, not the file itself; download it again, "
            'on GitHub with "Download raw file", or save it from Jupyter'
        )
    return None


def conflict_line(data: bytes) -> str | None:
    """Where a merge was left unfinished, with what to do; None where it was not."""
    for number, line in enumerate(data.splitlines(), start=1):
        if line.startswith(b"<<<<<<< "):
            mark = line[:30].decode("utf-8", "replace")
            return (
                f"it holds the marks of an unfinished merge, `{mark}` in line {number}; "
                "resolve the conflict and hand it in again"
            )
    return None


def _no_notebook(why: str) -> SubmissionError:
    return SubmissionError(f"not a readable notebook: {why}")


def _read(places: Places) -> list[str]:
    start = places.start()
    if places.kind(start) == "":
        raise _no_notebook("it is empty; was it saved before it was handed in?")
    if places.kind(start) != "{":
        if places.is_whole():
            raise _no_notebook("it is JSON, but no notebook; hand in the notebook's own file")
        raise BrokenJson(start)
    sources: list[str | None] | None = None
    version, language = None, ""
    for key, place in places.members(start):
        if key == "nbformat":
            version = places.number(place)
        elif key == "metadata" and places.kind(place) == "{":
            language = _language(places, place)
        elif key in ("cells", "worksheets"):
            sheets = [place] if key == "cells" else _lists_of_cells(places, place)
            sources = _code_of(places, sheets)
    if version is not None and version > _NEWEST_FORMAT:
        raise _no_notebook(
            f"it is of notebook format {version}, and formats 3 and {_NEWEST_FORMAT} are read; "
            "save it with an older Jupyter"
        )
    if sources is None:
        raise _no_notebook("it is JSON, but holds no cells; hand in the notebook's own file")
    _judge_language(language)
    if sources and all(source is None for source in sources):
        raise _no_notebook(f"none of its cells holds any text; {_AGAIN}")
    return [source or "" for source in sources]


def _lists_of_cells(places: Places, at: int) -> Iterator[int]:
    """The `cells` of each worksheet of a notebook of format 3."""
    for sheet in places.items(at):
        for key, place in places.members(sheet):
            if key == "cells":
                yield place


def _code_of(places: Places, lists: Iterator[int] | list[int]) -> list[str | None]:
    """The text of the code cells in the lists at these places; None for a cell that has none."""
    sources: list[str | None] = []
    count = left = 0
    left = MAX_CODE
    for at in lists:
        for cell in places.items(at):
            count += 1
            if count > MAX_CELLS:
                continue  # counting is cheap, and looking into each cell is not
            kind, text = _cell(places, cell, left)
            if kind == "code":
                sources.append(text)
                left -= len(text or "")
    if count > MAX_CELLS:
        raise SubmissionError(f"too long: it holds {count} cells; at most {MAX_CELLS} are read")
    return sources


def _cell(
    places: Places, at: int, left: int, kinds: tuple[str, ...] = ("code",)
) -> tuple[str, str | None]:
    """The kind and the text of the cell at a place. left: how many characters of it are taken.
    kinds: those of the cells whose text is wanted."""
    kind, source = "", None
    for key, place in places.members(at):
        if key == "cell_type" and places.kind(place) == '"':
            kind = places.text(place) if places.size(place) < 20 else ""
        elif key in ("source", "input"):
            source = place
    if kind not in kinds or source is None or not left:
        return kind, None
    # An escape takes six bytes for one character.
    if places.size(source) > 6 * left + 8 or len(text := _text(places, source)) > left:
        raise SubmissionError(f"too long: it holds more than {MAX_CODE >> 20} MB of code")
    return kind, text


def _text(places: Places, at: int) -> str:
    """The text of a cell: a string, or a list of its lines. What is neither holds none."""
    if places.kind(at) == "[":
        text = "".join(places.texts(at))
    else:
        text = places.text(at) if places.kind(at) == '"' else ""
    return text.encode("utf-8", "replace").decode()  # JSON can hold half a surrogate pair


def _language(places: Places, at: int) -> str:
    """The language that a notebook's metadata name: that of its kernel, else of its cells."""
    found = {}
    for key, place in places.members(at):
        if key in ("kernelspec", "language_info") and places.kind(place) == "{":
            for name, value in places.members(place):
                if name in ("language", "name") and places.kind(value) == '"':
                    found[key, name] = places.text(value) if places.size(value) < 100 else ""
    told = (("kernelspec", "language"), ("language_info", "name"), ("kernelspec", "name"))
    return next((found[each] for each in told if found.get(each)), "")


def _judge_language(language: str) -> None:
    plain = language.lower()
    if plain and "py" not in plain and "sage" not in plain:
        name = _LANGUAGES.get(plain, language)
        raise SubmissionError(
            f"a notebook for {name}, and this homework is written in Python; "
            "choose a Python kernel, and check that its cells run"
        )
