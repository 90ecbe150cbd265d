"""Reading zips, folders and files: what students hand in by accident or on purpose."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from making import write_files, zipped

from grader.submission.files import MAX_FILES, MAX_TOTAL_BYTES, read_submission


def hand_in(tmp_path: Path, data: bytes, name: str = "ada.zip") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def zip_entry(name: str, content: bytes = b"x", mode: int = 0o100644) -> bytes:
    """A zip of one entry whose name and mode are taken as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        info.external_attr = mode << 16
        archive.writestr(info, content)
    return buffer.getvalue()


def problem_of(path: Path) -> str:
    submission = read_submission(path)
    assert submission.files == {}
    assert submission.problem is not None
    assert "\n" not in submission.problem
    return submission.problem


def test_zip_file_and_folder_give_the_same_files(tmp_path: Path) -> None:
    files = {"demo.py": "x = 1\n", "data/a.txt": "1"}
    write_files(tmp_path / "folder", files)
    folder = read_submission(tmp_path / "folder")
    archive = read_submission(hand_in(tmp_path, zipped(files)))
    assert folder.files == archive.files == {"demo.py": b"x = 1\n", "data/a.txt": b"1"}
    assert folder.problem is None
    single = read_submission(hand_in(tmp_path, b"x = 1\n", "demo.py"))
    assert single.files == {"demo.py": b"x = 1\n"}


def test_sha256_is_that_of_the_file_handed_in(tmp_path: Path) -> None:
    import hashlib

    data = zipped({"demo.py": "x"})
    assert read_submission(hand_in(tmp_path, data)).sha256 == hashlib.sha256(data).hexdigest()


def test_sha256_of_a_folder_changes_with_any_byte_or_name(tmp_path: Path) -> None:
    digests = set()
    for number, files in enumerate(
        [{"demo.py": "x"}, {"demo.py": "y"}, {"a.py": "x"}, {"demo.py": "x", "b": ""}]
    ):
        digests.add(read_submission(write_files(tmp_path / str(number), files)).sha256)
    assert len(digests) == 4
    again = write_files(tmp_path / "again", {"demo.py": "x"})
    assert read_submission(again).sha256 in digests


def test_folder_inside_the_zip_is_taken_off(tmp_path: Path) -> None:
    data = zipped({"hw/deep/demo.py": "x", "hw/deep/lib/helper.py": "y", "__MACOSX/._demo.py": "z"})
    assert set(read_submission(hand_in(tmp_path, data)).files) == {"demo.py", "lib/helper.py"}


def test_backslashes_are_folders(tmp_path: Path) -> None:
    path = hand_in(tmp_path, zip_entry("hw\\demo.py"))
    assert set(read_submission(path).files) == {"demo.py"}


@pytest.mark.parametrize(
    "name", ["../demo.py", "a/../../demo.py", "/etc/passwd", "C:/demo.py", "..\\demo.py", "a/.."]
)
def test_path_that_climbs_out_is_refused(tmp_path: Path, name: str) -> None:
    assert "leaves its folder" in problem_of(hand_in(tmp_path, zip_entry(name)))


def test_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    data = zip_entry("demo.py", b"/etc/passwd", stat.S_IFLNK | 0o777)
    assert "holds a link" in problem_of(hand_in(tmp_path, data))


def test_link_in_what_is_junk_anyway_costs_nothing(tmp_path: Path) -> None:
    data = io.BytesIO(zip_entry(".venv/bin/python", b"/usr/bin/python3", stat.S_IFLNK | 0o777))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("demo.py", "x")
    assert read_submission(hand_in(tmp_path, data.getvalue())).files == {"demo.py": b"x"}


def test_empty_file_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    assert "empty file" in problem_of(hand_in(tmp_path, b""))
    assert "not a zip file" in problem_of(hand_in(tmp_path, b"demo", "b.zip"))
    assert "holds no files" in problem_of(hand_in(tmp_path, zipped({}), "c.zip"))


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9, 0.99])
def test_cut_zip_is_damaged(tmp_path: Path, kept: float) -> None:
    whole = zipped({"demo.py": os.urandom(5000)})
    problem_of(hand_in(tmp_path, whole[: int(len(whole) * kept)]))


def test_changed_byte_in_a_zip_is_damage(tmp_path: Path) -> None:
    data = bytearray(zipped({"demo.py": b"hello " * 100}))
    data[45] ^= 0xFF
    assert "damaged" in problem_of(hand_in(tmp_path, bytes(data)))


def test_zip_with_a_password_says_so(tmp_path: Path) -> None:
    data = bytearray(zip_entry("demo.py"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert "password" in problem_of(hand_in(tmp_path, bytes(data)))


def test_unknown_compression_is_not_called_a_password(tmp_path: Path) -> None:
    data = bytearray(zip_entry("demo.py"))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(signature) + offset] = 9  # Deflate64, which Windows sometimes writes
    problem = problem_of(hand_in(tmp_path, bytes(data)))
    assert "password" not in problem
    assert "compress" in problem


def test_bomb_is_refused_by_what_unpacks(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("demo.py", "w") as file,
    ):
        for _ in range((MAX_TOTAL_BYTES >> 20) + 8):
            file.write(bytes(1 << 20))
    data = bytearray(buffer.getvalue())
    assert "more than" in problem_of(hand_in(tmp_path, bytes(data)))
    # The same with a header that lies about the size.
    start = data.rindex(b"PK\x01\x02")
    data[start + 24 : start + 28] = (10).to_bytes(4, "little")
    problem_of(hand_in(tmp_path, bytes(data), "liar.zip"))


def test_many_files_are_refused_and_junk_does_not_count(tmp_path: Path) -> None:
    many = {f"f{index}.txt": "" for index in range(MAX_FILES)}
    over = hand_in(tmp_path, zipped({**many, "demo.py": "x"}))
    assert f"more than {MAX_FILES} files" in problem_of(over)
    junk = {f".venv/lib/f{index}.py": "" for index in range(MAX_FILES)}
    fine = read_submission(hand_in(tmp_path, zipped({**junk, "demo.py": "x"}), "fine.zip"))
    assert fine.files == {"demo.py": b"x"}
    assert (
        read_submission(write_files(tmp_path / "f", {**junk, "demo.py": "x"})).files == fine.files
    )


def test_zip_of_very_many_entries_is_refused_before_it_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = zipped({"demo.py": "x"})
    start, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    path = hand_in(tmp_path, raw[:start] + raw[start:end] * 30_000 + raw[end:])
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert f"more than {MAX_FILES} files" in problem_of(path)


def test_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.py"
    with path.open("wb") as file:
        file.truncate(10 << 30)
    assert "larger than" in problem_of(path)
    folder = tmp_path / "folder"
    folder.mkdir()
    path.rename(folder / "huge.py")
    assert "larger than" in problem_of(folder)


def test_links_in_a_folder_are_left_out(tmp_path: Path) -> None:
    write_files(tmp_path, {"solution/demo.py": "secret", "ada/notes.txt": "mine"})
    (tmp_path / "ada" / "demo.py").symlink_to(tmp_path / "solution" / "demo.py")
    (tmp_path / "ada" / "all").symlink_to(tmp_path / "solution")
    assert set(read_submission(tmp_path / "ada").files) == {"notes.txt"}


def test_folder_that_lies_behind_a_link_is_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"real/subs/ada/lib/demo.py": "x", "real/subs/ada/demo.py": "y"})
    (tmp_path / "term").symlink_to(tmp_path / "real")
    assert set(read_submission(tmp_path / "term" / "subs" / "ada").files) == {
        "demo.py",
        "lib/demo.py",
    }


def test_pipes_and_junk_in_a_folder_are_left_out(tmp_path: Path) -> None:
    files = {"demo.py": "x", ".git/config": "", "__pycache__/demo.pyc": b"", ".DS_Store": b""}
    folder = write_files(tmp_path / "ada", files)
    os.mkfifo(folder / "pipe.py")
    assert set(read_submission(folder).files) == {"demo.py"}


def test_name_that_is_no_text_is_made_text(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "ada", {"demo.py": "x"})
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_bytes(b"odd")
    names = set(read_submission(folder).files)
    assert len(names) == 2
    assert all(name.encode() for name in names)


def test_file_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert "cannot be read" in problem_of(tmp_path / "gone.zip")


def test_manifest_is_taken_out_and_only_believed_where_it_is_one(tmp_path: Path) -> None:
    good = read_submission(hand_in(tmp_path, zipped({"a.py": "", "manifest.json": '{"a": 1}'})))
    assert good.manifest == {"a": 1}
    assert set(good.files) == {"a.py"}
    for number, text in enumerate(["[1]", "{", "[" * 100_000, '"x"', b"\xff\xfe", ""]):
        path = hand_in(tmp_path, zipped({"a.py": "", "manifest.json": text}), f"{number}.zip")
        assert read_submission(path).manifest == {}
        assert read_submission(path).problem is None
