"""Gradescope: whose each submission of its export is, and when it came."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from downloads import GRADESCOPE, find
from making import write_files

from grader.errors import UsageError


@pytest.mark.parametrize("deep", [True, False])
def test_gradescope_tells_who_and_when(tmp_path: Path, deep: bool) -> None:
    write_files(tmp_path, GRADESCOPE)
    found = find(tmp_path if deep else tmp_path / "assignment_55_export")
    ada, john, _ = found.values()
    assert list(found) == ["ada@example.org 1815", "john@example.org John Smith", "submission_303"]
    assert ada.received_at == datetime(2026, 3, 1, 10, 0, 0, 123456, UTC)
    assert john.received_at == datetime(2026, 3, 2, 18, tzinfo=UTC)
    assert (ada.members, john.members) == ((), ("john@example.org John Smith", "1900"))
    assert list(john.read().files) == ["demo.py"]


@pytest.mark.parametrize("text", ["a: [", "a: !!python/name:os.system", "\0"])
def test_metadata_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    write_files(tmp_path, {**GRADESCOPE, "assignment_55_export/submission_metadata.yml": text})
    with pytest.raises(UsageError, match="download the export again"):
        find(tmp_path)


@pytest.mark.parametrize("text", ["- 1", "a: &a [*a]", "submission_301:\n  :submitters: [3, {}]"])
def test_metadata_that_names_nobody_leaves_the_folders_names(tmp_path: Path, text: str) -> None:
    write_files(tmp_path, {**GRADESCOPE, "assignment_55_export/submission_metadata.yml": text})
    assert set(find(tmp_path)) == {"submission_301", "submission_302", "submission_303"}
