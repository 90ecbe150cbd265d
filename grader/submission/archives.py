"""A downloaded zip as a folder, for as long as it is needed."""

from __future__ import annotations

import contextlib
import os
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from grader.errors import SubmissionError
from grader.submission.files import MAX_TOTAL_BYTES, own_entries
from grader.submission.student_ids import safe_label, valid_id

MAX_NAME_BYTES = 240
MAX_PATH_BYTES = 3000  # below what a system call takes


@contextlib.contextmanager
def opened(source: Path) -> Iterator[Path]:
    """A folder as it is; a zip unpacked into a folder that is gone afterwards.

    Nothing is written outside of that folder, whatever the names in the zip are, and no link is
    made. Of a file more is never written than shows that it is too large for a submission. Raises
    SubmissionError for a zip that cannot be read.
    """
    if source.suffix.lower() != ".zip" or not source.is_file():
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary) / ("download" if valid_id(source.stem) else source.stem)
        folder.mkdir()
        try:
            _unpack(source, folder)
        except OSError as exc:
            raise SubmissionError(f"{source} cannot be unpacked: {exc.strerror}") from None
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError):
            raise SubmissionError(
                f"{source} is not a zip file, or it is damaged; download it again"
            ) from None
        yield folder


def _unpack(source: Path, folder: Path) -> None:
    names: Counter[Path] = Counter()
    with zipfile.ZipFile(source) as archive:
        entries, gone = own_entries(archive)
        for nothing in gone:
            # An empty folder stands for what a student's folder held, so that it can be told.
            parts = nothing.split("/")
            if len(parts) > 1:
                with contextlib.suppress(OSError):
                    empty = folder.joinpath(*map(_component, parts))
                    empty.mkdir(parents=True, exist_ok=True)
        for name, entry in entries:
            path = _free(
                folder, folder.joinpath(*map(_component, PurePosixPath(name).parts)), names
            )
            with archive.open(entry) as file, path.open("xb") as copy:
                left = MAX_TOTAL_BYTES + 1
                while left and (block := file.read(min(left, 1 << 20))):
                    copy.write(block)
                    left -= len(block)
            # A zip tells the local time of whoever made it; there is no better one in it.
            with contextlib.suppress(ValueError, OverflowError):
                at = datetime(*entry.date_time).timestamp()
                os.utime(path, (at, at))


def _component(name: str) -> str:
    """One name of a path that can be a file's and leads nowhere else. The extension stays."""
    long = len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES
    odd = any(char == "/" or unicodedata.category(char)[0] == "C" for char in name)
    if not long and not odd and name not in ("", ".", ".."):
        return name
    suffix = PurePosixPath(name).suffix
    known = suffix.isascii() and suffix[1:].isalnum() and len(suffix) < 10
    return safe_label(name) + (suffix if known else "")


def _free(folder: Path, path: Path, names: Counter[Path]) -> Path:
    """The path, or another where a file is there already: a zip may hold a name twice.

    names: how often each came before, so that a thousandth one is not looked for from the first.
    """
    try:
        if len(os.fsencode(path)) > MAX_PATH_BYTES:
            raise NotADirectoryError
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        suffix = path.suffix if len(path.suffix) < 10 else ""
        path = folder / f"{safe_label(str(path.relative_to(folder)))}{suffix}"
    stem, suffix, wanted = path.stem, path.suffix, path
    while path.exists():
        names[wanted] += 1
        path = path.with_name(f"{stem}-{names[wanted] + 1}{suffix}")
    return path
