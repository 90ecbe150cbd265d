"""Takes in what people upload: a form with files, or an archive as the body of a request.

The bytes are read as they come and counted, by the event loop and not by a thread: a client that
is slow, or never ends, keeps nobody waiting.
"""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from grader._internal.zips import zip_files
from grader.errors import UsageError
from grader.server.templating import size
from grader.submission.files import MAX_FILES

MAX_FIELDS = 20
_PART_OVERHEAD = 1024  # of a file in a form: its headers and the boundary


class TooLarge(UsageError):
    """More was sent than is taken."""


class NotReceived(UsageError):
    """What was sent cannot be read, or did not come whole."""


@dataclass(frozen=True)
class Form:
    """A form that was sent. files: the names in the form, with their bytes, in its order."""

    fields: dict[str, str]
    files: tuple[tuple[str, bytes], ...]


async def read_form(request: Request, limit: int) -> Form:
    """The fields and files of a form. limit: bytes of all its files.

    Raises TooLarge and NotReceived.
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
    except ClientDisconnect:
        raise NotReceived("the connection ended before everything had arrived") from None
    try:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        files: list[tuple[str, bytes]] = []
        total = 0
        for _, value in form.multi_items():
            if not isinstance(value, UploadFile) or not value.filename:
                continue
            data = await value.read()
            total += len(data)
            if total > limit:
                raise TooLarge(too_large(limit))
            files.append((value.filename, data))
        return Form(fields, tuple(files))
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
    async for piece in request.stream():
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


def archive_of(files: Sequence[tuple[str, bytes]]) -> bytes:
    """One archive of the files of a form: the zip that was chosen, or a new one of all of them.

    Raises NotReceived if there are none.
    """
    if not files:
        raise NotReceived("no file was chosen; choose your .py file, your notebook or a zip")
    if len(files) == 1 and files[0][0].lower().endswith(".zip"):
        return files[0][1]
    named: dict[str, bytes] = {}
    for name, data in files:
        named.setdefault(_inside(name), data)
    return zip_files(named)


def _inside(name: str) -> str:
    """A file's name as a path that stays in the archive."""
    path = PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/")))
    parts = [part for part in path.parts if part not in ("/", "..") and not part.endswith(":")]
    return "/".join(parts) or "file"
