"""Names in zips, as each system's own program writes them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from making import DEMO_RIGHT, write_files

from grader.lms.discover import find_submissions
from grader.submission.archives import opened
from grader.submission.files import read_submission


def zip_of(raw: bytes, data: bytes = b"x", *, utf_8: bool = False, extra: bytes = b"") -> bytes:
    """A zip with one file whose name is these bytes, said to be UTF-8 or not."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("?" * len(raw))
        info.extra = extra
        archive.writestr(info, data)
    made = buffer.getvalue().replace(b"?" * len(raw), raw)
    if not utf_8:
        return made
    flagged = bytearray(made)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[made.index(mark) + place + 1] |= 0x08
    return bytes(flagged)


def unicode_path(raw: bytes, name: str, *, of: bytes | None = None, version: int = 1) -> bytes:
    body = struct.pack("<BI", version, zlib.crc32(raw if of is None else of)) + name.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


NAMES = {
    "plain": (zip_of(b"Loesung.py"), "Loesung.py"),
    "said to be UTF-8": (zip_of("Lösung.py".encode(), utf_8=True), "Lösung.py"),
    "Finder": (zip_of("Lo\u0308sung.py".encode()), "Lösung.py"),
    "UTF-8 without the mark": (zip_of("Übung – ł ß ı 李.py".encode()), "Übung – ł ß ı 李.py"),
    "Windows, cp437": (zip_of("Übung_ä_é.py".encode("cp437")), "Übung_ä_é.py"),
    "Windows, cp850": (zip_of("Søren_Õ_ü.py".encode("cp850")), "Søren_Õ_ü.py"),
    "neither": (zip_of(b"a\xb0\xb1.py"), "a░▒.py"),
    "Info-ZIP": (
        zip_of(b"L_sung.py\xff", extra=unicode_path(b"L_sung.py\xff", "Lösung.py")),
        "Lösung.py",
    ),
    "Info-ZIP of another name": (
        zip_of("ü.py".encode("cp437"), extra=unicode_path(b"", "evil.py", of=b"other")),
        "ü.py",
    ),
    "Info-ZIP of another version": (
        zip_of("ü.py".encode("cp437"), extra=unicode_path(b"\x81.py", "evil.py", version=2)),
        "ü.py",
    ),
    "Info-ZIP damaged": (
        zip_of("ü.py".encode("cp437"), extra=b"\x75\x70\x03\x00\x01\x02\x03"),
        "ü.py",
    ),
}


@pytest.mark.parametrize("form", NAMES)
def test_a_files_name_is_what_its_author_saw(tmp_path: Path, form: str) -> None:
    data, name = NAMES[form]
    write_files(tmp_path, {"ada.zip": data})
    assert list(read_submission(tmp_path / "ada.zip").files) == [name]


def test_a_name_that_climbs_out_does_so_in_no_encoding(tmp_path: Path) -> None:
    raw = b"ok\xff.py"
    for number, data in enumerate(
        (zip_of("../ü.py".encode()), zip_of(raw, extra=unicode_path(raw, "../../x.py")))
    ):
        write_files(tmp_path, {f"{number}.zip": data})
        read = read_submission(tmp_path / f"{number}.zip")
        assert "leaves its folder" in str(read.problem)


@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_a_downloads_names_of_students_are_read_so_too(tmp_path: Path, encoding: str) -> None:
    for system, raw in (
        ("moodle", "Sven Müller_12_assignsubmission_file_demo.py"),
        ("canvas", "müllersven_12_9001_demo.py"),
    ):
        write_files(tmp_path, {f"{system}.zip": zip_of(raw.encode(encoding), DEMO_RIGHT.encode())})
        with opened(tmp_path / f"{system}.zip") as folder:
            ((item,), _) = find_submissions(folder, ["demo"], None)
        assert item.student in ("Sven Müller_12", "müllersven_12")
