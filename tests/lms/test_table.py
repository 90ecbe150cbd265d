"""A CSV file of another system's: what nobody changes stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from exporting import BRIGHTSPACE, CANVAS, MOODLE, export
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lms.table import Table


@given(
    st.lists(
        st.sampled_from(
            ["a", ",", ";", '"', '""', "\n", "\r\n", "\r", "=1", "ü", " ", "\t", "1,5"]
        ),
        min_size=3,
    ).map("".join),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"]),
)
def test_a_table_that_nobody_changes_comes_out_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    data = (mark + "x,y\n" + text + "z\n").encode(encoding)
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_bytes(data)
    if text.count('"') % 2:  # one is never closed, and swallows the rows below
        with pytest.raises(UsageError, match="never closed"):
            Table(path)
    else:
        assert Table(path).encoded() == data


OTHER_POINTS = {
    "canvas": CANVAS.replace(",10,5,", ",100,5,"),
    "moodle": MOODLE.replace("10,", "20,"),
    "brightspace": BRIGHTSPACE.replace("MaxPoints:10", "MaxPoints:20"),
}


@pytest.mark.parametrize("kind", OTHER_POINTS)
def test_a_column_of_other_points_than_the_homework_is_told(graded_course: Path, kind: str) -> None:
    assert (
        "In the file, this column is worth"
        in export(graded_course, kind, OTHER_POINTS[kind])[0].said
    )
