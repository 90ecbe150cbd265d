"""What the names and the zips of a submission cost the trusted process: bounded, as its code is.

Each is read in a process of its own under limits of the kernel's: 5 s of CPU, and 300 MB of memory
beyond what the process has before it reads.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from making import DEMO_RIGHT, grade_class, write_course

from grader.errors import SubmissionError
from grader.submission.archives import opened
from grader.submission.files import MAX_NAME_BYTES, MAX_PATH, read_submission

LIMITED = """
import resource, sys
from pathlib import Path
from grader.course.course import find_course
from grader.errors import SubmissionError
from grader.lms import discover
from grader.submission.files import read_submission
from grader.submission.choice import attempted
from grader.submission.program import prepare
assignment = find_course(Path(sys.argv[2])).assignment("demo")
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + (300 << 20),) * 2)
used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
resource.setrlimit(resource.RLIMIT_CPU, (used + 5,) * 2)
submission = read_submission(Path(sys.argv[1]))
try:
    print("read", len(prepare(submission, assignment).parts))
except SubmissionError as exc:
    print("refused", exc)
for name in submission.files:
    attempted(name, submission.files[name], assignment)
"""
SOURCE = b"def double(x):\n    return 2 * x\n"


def zipped(names: list[str], method: int = zipfile.ZIP_DEFLATED, data: bytes = SOURCE) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def repeated(count: int) -> bytes:
    """A zip whose directory lists one small entry `count` times."""
    raw = zipped(["demo.py"])
    start = raw.index(b"PK\x01\x02")
    end = raw.index(b"PK\x05\x06")
    entry = raw[start:end]
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF,
        len(entry) * count, start, 0,
    )  # fmt: skip
    return raw[:start] + entry * count + tail


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    # name: (what makes the zip, what is said)
    "a name of copies": (lambda: zipped(["-1" * 16_000 + "x.py"]), "read 1"),
    "names of copies": (
        lambda: zipped(["-1" * 16_000 + f"{i}x.py" for i in range(400)]),
        "read 1",  # work in files of other names counts
    ),
    "a name of spaces": (lambda: zipped([" (1)" * 8_000 + "x.ipynb"]), "refused"),
    "a name of dots": (lambda: zipped(["." * 60_000 + "py"]), "read 1"),
    "a deep path": (lambda: zipped(["a/" * 16_000 + "demo.py"]), f"more than {MAX_PATH}"),
    "deep paths": (lambda: zipped(["a/" * 490 + f"{i}.py" for i in range(500)]), "read 1"),
    "junk of long names": (lambda: zipped([f"__MACOSX/{'x' * 900}{i}" for i in range(19_000)]), ""),
    "one name many times": (lambda: repeated(500), "read 1"),
    "one name too many times": (lambda: repeated(19_000), "more than 500 files"),
    "more entries than are counted": (lambda: repeated(60_000), "more than 500 files"),
    "a file that is a folder": (lambda: zipped(["a", "a/b.txt", "demo.py"]), "'a' both as a file"),
    "a folder that is a file": (lambda: zipped(["a/b/c.py", "demo.py", "a/b"]), "'a/b' both"),
    "no name": (lambda: zipped([".", "./", "./.", "demo.py"]), "read 1"),
    "dots": (lambda: zipped(["./x/../demo.py"]), "leaves its folder"),
    "absolute": (lambda: zipped(["/etc/demo.py"]), "leaves its folder"),
    "a drive": (lambda: zipped(["C:\\demo.py"]), "leaves its folder"),
    "a bomb": (lambda: zipped(["demo.py"], data=b"#" * (65 << 20)), "more than 500 files or 64 MB"),
    "many files of a bomb": (
        lambda: zipped([f"{i}.py" for i in range(400)], data=b"#" * (1 << 20)),
        "64 MB",
    ),
    "a bomb of bzip2": (
        lambda: zipped(["demo.py"], zipfile.ZIP_BZIP2, b"#" * (65 << 20)),
        "64 MB",
    ),
    "a packer that asks for memory": (
        lambda: zipped(["demo.py"], zipfile.ZIP_LZMA),
        "compressed by a method that is not supported",
    ),
}


@pytest.fixture(scope="module")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("bounds"))


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_zip_costs_at_most_5_seconds_and_300_megabytes(
    tmp_path: Path, small_course: Path, label: str
) -> None:
    data, said = HOSTILE[label]
    path = tmp_path / "demo.zip"
    path.write_bytes(data())
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), str(small_course)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert said in done.stdout
    assert len(done.stdout) < 2000


def test_long_name_is_cut_and_two_of_them_stay_two(tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(["ü" * 300 + "1.py", "ü" * 300 + "2.py", "demo.py"]))
    names = list(read_submission(path).files)
    assert len(names) == 3
    assert all(len(name.encode()) <= MAX_NAME_BYTES for name in names)
    assert [Path(name).suffix for name in names] == [".py"] * 3


def test_names_that_differ_in_case_alone_are_two_files(tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(["Demo.py", "demo.py"]))
    assert list(read_submission(path).files) == ["Demo.py", "demo.py"]


@pytest.mark.parametrize("isolation", ["landlock", "full"])
def test_names_that_cannot_be_laid_out_cost_their_own_submission_alone(
    tmp_path: Path, isolation: str
) -> None:
    course = write_course(tmp_path / "course")
    drop = tmp_path / "subs"
    drop.mkdir()
    right = DEMO_RIGHT.encode()
    (drop / "ada.zip").write_bytes(zipped(["demo.py"], data=right))
    (drop / "bob.zip").write_bytes(zipped(["demo.py", "a", "a/b.txt"], data=right))
    # A notebook writes files whose names no file system takes, or that are folders'.
    (drop / "eve.zip").write_bytes(zipped(["demo.ipynb", "a/b.txt"], data=NOTEBOOK))
    found = grade_class(course, drop, tmp_path / "out", isolation=isolation)
    assert found["ada"].full
    assert "holds 'a' both as a file and as a folder" in found["bob"].warned
    assert found["bob"].staff.score == 0
    assert found["eve"].full
    assert "FileExistsError" in found["eve"].warned or "IsADirectoryError" in found["eve"].warned


NOTEBOOK = (
    '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ['
    + ", ".join(
        '{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, '
        f'"source": {source}}}'
        for source in (
            '"%%writefile a\\nx"',
            f'"%%writefile {"n" * 300}\\nx"',
            '"%%writefile \\ud800\\nx"',
            json.dumps(DEMO_RIGHT),
        )
    )
    + "]}"
).encode()


def test_download_with_one_name_many_times_is_unpacked_without_looking_for_each(
    tmp_path: Path,
) -> None:
    looked = 0

    class Counting(type(tmp_path)):  # type: ignore[misc]  # of this platform
        def exists(self, *args: object, **more: object) -> bool:
            nonlocal looked
            looked += 1
            return bool(super().exists(*args, **more))

    path = tmp_path / "download.zip"
    # One name each, in a zip that then calls them all alike.
    raw = zipped([f"x/{number:03}.py" for number in range(300)] + ["d/" * 3000 + "demo.py"])
    for number in range(300):
        raw = raw.replace(f"x/{number:03}.py".encode(), b"x/000.py")
    path.write_bytes(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.submission.archives.Path", Counting)
        with opened(path) as folder:
            assert len([each for each in folder.rglob("*") if each.is_file()]) == 301
    assert looked < 1000


def test_download_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "download.zip"
    path.write_bytes(b"PK")
    with pytest.raises(SubmissionError, match="is not a zip file, or it is damaged"), opened(path):
        pass
