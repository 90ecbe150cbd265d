"""Takes in what people upload: a form with files, or an archive as the body of a request.

The bytes are read as they come and counted, by the event loop and not by a thread: a client that
is slow, or never ends, keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import unicodedata
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from grader._internal.text import size
from grader._internal.zips import zip_files
from grader.errors import UsageError
from grader.submission.files import MAX_FILES

MAX_FIELDS = 20
UPLOAD_S = 600.0
_PART_OVERHEAD = 1024  # of a file in a form: its headers and the boundary


class TooLarge(UsageError):
    """More was sent than is taken."""


class NotReceived(UsageError):
    """What was sent cannot be read, or did not come whole."""


@dataclass(frozen=True)
class Form:
    """A form that was sent. files: the names in the form, with what they hold, in its order; they
    lie on the disk if they are large, and are closed with the form. chosen: by field, the names of
    its files."""

    fields: dict[str, str]
    files: tuple[tuple[str, BinaryIO], ...]
    chosen: dict[str, list[str]]


@contextlib.asynccontextmanager
async def received_form(request: Request, limit: int) -> AsyncIterator[Form]:
    """The fields and files of a form. limit: bytes of all its files.

    It is kept as `request.state.form`, for the form to come back if it is refused. Raises TooLarge
    and NotReceived.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise NotReceived("files have to be sent as a form; choose them on the page again")
    most = limit + MAX_FILES * _PART_OVERHEAD
    parser = MultiPartParser(
        request.headers,
        bounded(request, most, limit),
        max_files=MAX_FILES,
        max_fields=MAX_FIELDS,
    )
    try:
        form = await parser.parse()
    except MultiPartException as exc:
        if "Too many files" in exc.message:
            raise TooLarge(
                f"more than {MAX_FILES} files were sent; hand in your own files only"
            ) from None
        raise NotReceived("the form could not be read; choose the files again") from None
    try:
        items = form.multi_items()
        files = [
            (field, each.filename, each)
            for field, each in items
            if isinstance(each, UploadFile) and each.filename
        ]
        if sum(each.size or 0 for *_, each in files) > limit:
            raise TooLarge(too_large(limit))
        chosen: dict[str, list[str]] = {}
        for field, name, _ in files:
            chosen.setdefault(field, []).append(name)
        request.state.form = Form(
            {name: value for name, value in items if isinstance(value, str)},
            tuple((name, each.file) for _, name, each in files),
            chosen,
        )
        yield request.state.form
    finally:
        await form.close()


async def bounded(
    request: Request, limit: int, said: int | None = None
) -> AsyncGenerator[bytes, None]:
    """The body of a request in pieces. Raises TooLarge as soon as that is certain.

    said: the limit that people are told, if it is not that of the whole body.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(too_large(said or limit))
    seen = 0
    stream = request.stream()
    clock = asyncio.get_running_loop().time
    # What has not come in this time does not come: each connection costs the server something.
    ends = clock() + UPLOAD_S
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), ends - clock())
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise NotReceived(
                f"the files did not arrive within {UPLOAD_S // 60:.0f} minutes; send them again"
            ) from None
        except ClientDisconnect:
            raise NotReceived("the connection ended before everything had arrived") from None
        seen += len(piece)
        if seen > limit:
            raise TooLarge(too_large(said or limit))
        yield piece


def too_large(limit: int) -> str:
    """Why something was not taken."""
    return (
        f"more than {size(limit)} were sent; hand in your own files, without installed "
        "packages and data"
    )


def archive_of(files: Sequence[tuple[str, BinaryIO]]) -> bytes:
    """One archive of the files of a form: the zip that was chosen, or a new one of all of them.

    Raises NotReceived if there are none.
    """
    if not files:
        raise NotReceived("no file was chosen; choose your .py file, your notebook or a zip")
    if len(files) == 1 and files[0][0].lower().endswith(".zip"):
        return files[0][1].read()
    named: dict[str, bytes] = {}
    for name, file in files:
        inside = _inside(name)
        data = file.read()
        if named.setdefault(inside, data) != data:
            raise NotReceived(
                f"two different files are called {inside[:200]}; hand in a zip or the folder with "
                "both, or rename one"
            )
    return zip_files(named)


def _inside(name: str) -> str:
    """A file's name as a path that stays in the archive."""
    path = PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/")))
    parts = [part for part in path.parts if part not in ("/", "..") and not part.endswith(":")]
    return "/".join(parts) or "file"
