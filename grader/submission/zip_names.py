"""The names in a zip as the person who made it saw them.

A zip says in each entry whether the name is UTF-8. Programs that do not say so write the bytes of
their system all the same: UTF-8 on macOS, the code page of the console on Windows. zipfile takes
all of these for code page 437.
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib

_IS_UTF_8 = 0x800
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field, APPNOTE 4.6.9


def name_of(entry: zipfile.ZipInfo) -> str:
    """An entry's name, composed, with `/` between folders."""
    # Up to a NUL, as zipfile reads it.
    name = entry.orig_filename.partition("\0")[0]
    if not entry.flag_bits & _IS_UTF_8 and not name.isascii():
        name = _decoded(name.encode("cp437"), entry.extra)
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _decoded(raw: bytes, extra: bytes) -> str:
    said = _unicode_path(raw, extra)
    if said is not None:
        return said
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    # Windows in the United States, and in Western Europe: the one that makes letters of all bytes.
    for page in ("cp437", "cp850"):
        name = raw.decode(page)
        if all(char.isascii() or "LATIN" in unicodedata.name(char, "") for char in name):
            return name
    return raw.decode("cp437")


def _unicode_path(raw: bytes, extra: bytes) -> str | None:
    """The name in Info-ZIP's extra field; None if there is none, or if it is of another name."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        at += 4 + size
        if kind != _UNICODE_PATH or len(field) < 5 or field[0] != 1:
            continue
        if struct.unpack_from("<I", field, 1)[0] == zlib.crc32(raw):
            try:
                return field[5:].decode()
            except UnicodeDecodeError:
                return None
    return None
