"""Collecting: what was handed in, in one tidy folder, once each."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from downloads import CANVAS, DOWNLOADS, NAMES, find
from making import write_files, zipped

from grader.errors import SubmissionError, UsageError
from grader.lms.collect import collect
from grader.lms.discover import find_submissions
from grader.lms.folder import INDEX
from grader.submission.archives import opened
from grader.submission.sources import Source


@pytest.mark.parametrize("system", DOWNLOADS)
def test_zip_as_downloaded_is_what_its_folder_is(tmp_path: Path, system: str) -> None:
    files = DOWNLOADS[system]
    write_files(tmp_path / "folder", files)
    (tmp_path / "download.zip").write_bytes(zipped(files))
    with opened(tmp_path / "download.zip") as folder:
        unpacked = {name: item.read().sha256 for name, item in find(folder).items()}
    assert not folder.exists()
    assert unpacked == {
        name: item.read().sha256 for name, item in find(tmp_path / "folder").items()
    }


def test_damaged_download_is_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.zip": "no zip", "b.zip": zipped(CANVAS)[:-40]})
    for name in ("a.zip", "b.zip"):
        with (
            pytest.raises(SubmissionError, match="it is damaged; download it again"),
            opened(tmp_path / name),
        ):
            pass


@pytest.mark.parametrize("system", DOWNLOADS)
def test_collected_is_the_same_and_again_adds_only_what_is_new(tmp_path: Path, system: str) -> None:
    drop, to = tmp_path / "drop", tmp_path / "to"
    write_files(drop, DOWNLOADS[system])
    before = list(find(drop).values())
    assert collect(before, NAMES, to, lambda _: None).new == len(before)
    assert fingerprint(find(to)) == fingerprint(find(to / "demo")) == fingerprint(find(drop))
    files = {path: path.read_bytes() for path in to.rglob("*") if path.is_file()}

    for path in drop.rglob("*.py"):
        os.utime(path, (4e9, 4e9))  # downloaded anew
    newer = list(find(drop).values())
    assert collect(newer, NAMES, to, lambda _: None).new == 0
    next(drop.rglob("*demo*.py")).write_text("changed")
    assert collect(list(find(drop).values()), NAMES, to, lambda _: None).new == 1
    found, others = find_submissions(to, NAMES, None)
    assert (len(found), others) == (len(before) + 1, [])
    index = files.pop(to / INDEX)
    assert (to / INDEX).read_bytes().startswith(index)
    assert all(path.read_bytes() == data for path, data in files.items())


def fingerprint(found: Mapping[str, Source]) -> dict[str, tuple[object, ...]]:
    return {
        name: (item.read().sha256, item.received_at, item.members, item.claimed, item.assignment)
        for name, item in found.items()
    }


def test_index_cut_off_by_a_kill_loses_nothing(tmp_path: Path) -> None:
    write_files(tmp_path / "drop", CANVAS)
    found = list(find(tmp_path / "drop").values())
    to = tmp_path / "to"
    collect(found, NAMES, to, lambda _: None)
    text = (to / INDEX).read_bytes()
    (to / INDEX).write_bytes(text[:-20])
    assert collect(found, NAMES, to, lambda _: None).new == 1
    assert len(find(to)) == len(found)


def test_index_is_believed_at_the_top_alone_and_leads_nowhere_else(tmp_path: Path) -> None:
    line = {"assignment": "demo", "student": "ada", "received_at": "2020-01-01T00:00:00+00:00"}
    line |= {"sha256": "", "path": "../../outside"}
    write_files(tmp_path, {"drop/mallory/demo.py": "", f"drop/mallory/{INDEX}": json.dumps(line)})
    assert list(find(tmp_path / "drop")) == ["mallory"]
    write_files(tmp_path, {f"drop/{INDEX}": json.dumps(line), "outside/demo.py": ""})
    assert find(tmp_path / "drop") == {}


def test_folder_with_other_things_is_not_collected_into(tmp_path: Path) -> None:
    write_files(tmp_path, {"to/thesis.tex": ""})
    with pytest.raises(UsageError, match="contains other files"):
        collect([], NAMES, tmp_path / "to", lambda _: None)
