"""The server's files and its key: whole or not at all, whatever happens."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from books import write_course

from grader.course.course import find_course
from grader.errors import CourseError, StorageFailed
from grader.server.hand_ins.blobs import Blobs
from grader.server.keys import ServerKeys


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "files")
    with blobs.writer() as writer:
        for part in (b"some ", b"work"):
            writer.write(part)
        sha256, size = writer.commit()
    assert (sha256, size) == (hashlib.sha256(b"some work").hexdigest(), 9)
    assert blobs.read(sha256) == b"some work"
    assert blobs.put(b"some work") == sha256
    (path,) = files_below(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    blobs.delete(sha256)
    blobs.delete(sha256)
    with pytest.raises(StorageFailed):
        blobs.read(sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "G" * 64, "0" * 64 + "\n"])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is not a SHA-256"):
        Blobs(tmp_path).path(name)


def test_what_is_not_committed_leaves_nothing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "files")
    with blobs.writer() as writer:
        writer.write(b"half of it")  # and the client has gone
    assert files_below(tmp_path) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    # A limit on the size of files stands for a full disk: the write fails in the middle.
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from grader.server.hand_ins.blobs import Blobs; from grader.errors import StorageFailed\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: Blobs(Path(sys.argv[1])).put(bytes(300_000))\n"
        "except StorageFailed as exc: sys.stdout.write(str(exc))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "files")],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert os.strerror(errno.EFBIG) in ran.stdout
    assert "free some space" in ran.stdout
    assert files_below(tmp_path) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000


def test_the_same_file_by_many_at_once_is_there_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "files")
    with ThreadPoolExecutor(8) as threads:
        names = set(threads.map(blobs.put, [b"same"] * 32))
    assert len(names) == len(files_below(tmp_path)) == 1


def test_only_what_is_old_and_unknown_is_swept(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "files")
    known, unknown = blobs.put(b"known"), blobs.put(b"unknown")
    half = tmp_path / "files" / "incoming" / ".writing-x"
    half.write_bytes(b"half")
    assert blobs.sweep({known}, older_than=3600) == 0
    assert blobs.sweep({known}, older_than=-1) == 2
    assert blobs.path(known).exists()
    assert not blobs.path(unknown).exists()
    assert not half.exists()


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    course = find_course(write_course(tmp_path / "course"))
    with ThreadPoolExecutor(8) as threads:
        keys = {each.key for each in threads.map(lambda _: ServerKeys.open(course), range(8))}
    assert len(keys) == 1
    path = course.memory / "server.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in course.memory.iterdir()] == ["server.key"]
    path.write_text("damaged", encoding="ascii")
    with pytest.raises(CourseError, match="does not contain a key"):
        ServerKeys.open(course)


def test_a_signature_holds_for_its_text_and_purpose_alone(tmp_path: Path) -> None:
    keys = ServerKeys.open(find_course(write_course(tmp_path / "course")))
    signature = keys.sign("receipt", "ada, 1")
    assert keys.verify("receipt", "ada, 1", signature)
    assert not keys.verify("receipt", "bob, 1", signature)
    assert not keys.verify("session", "ada, 1", signature)
    assert not keys.verify("receipt", "ada, 1", "é" + signature[1:])
    assert repr(keys) == "ServerKeys()"
