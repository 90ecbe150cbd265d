"""The handout as a page: what its Markdown and its formulas become."""

from __future__ import annotations

from pathlib import Path

import pytest
from justhtml import JustHTML
from tiny_course import write_course

from grader.course.course import find_course
from grader.server.pages.handouts import handout_html


def first_row(course: Path, cell: str) -> list[str]:
    """What the cells of a table's row say on the page, if the handout has `cell` for the first."""
    table = f"| formula | in code | in words |\n|---|---|---|\n| {cell} | `f(x)` | as $f$ |\n"
    (course / "assignments/scales/README.md").write_text(f"# Scales\n\n{table}", encoding="utf-8")
    page = handout_html(find_course(course), "scales")
    assert page is not None
    return [cell.to_text(strip=True) for cell in JustHTML(page, sanitize=False).query("td")]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("$|x|$", "|x|"),
        (r"$\|x\|_2$", "‖x‖2"),
        (r"$$\|x\|$$", "‖x‖"),
        (r"$P(A|B)$ and $|A|$", "P(A|B) and |A|"),
        (r"$\text{\$5|6}$", "$5|6"),
        (r"a \| b", "a | b"),
        ("costs $5", "costs $5"),
    ],
)
def test_a_bar_in_a_formula_ends_no_cell_of_a_table(tmp_path: Path, cell: str, shown: str) -> None:
    write_course(tmp_path)
    said = first_row(tmp_path, cell)
    assert [text.replace(" ", "") for text in said] == [shown.replace(" ", ""), "f(x)", "asf"]
