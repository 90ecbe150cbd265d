"""A table wider than the screen scrolls in a box of its own, which a keyboard reaches."""

from __future__ import annotations

import re
from pathlib import Path

import grader.server

TEMPLATES = sorted((Path(grader.server.__file__).parent / "templates").glob("*.j2"))
BOX = re.compile(
    r'<div class="wide" tabindex="0" role="group" aria-label(ledby)?="[^"]+"[^>]*>\s*$'
)


def test_every_table_has_a_box_that_scrolls() -> None:
    found = 0
    for path in TEMPLATES:
        before, *rest = path.read_text(encoding="utf-8").split("<table")
        for after in rest:
            start = before[before.rindex("<div ") :].replace("{{ row.question.id }}", "x")
            assert BOX.fullmatch(start), f"{path.name}: a table without a box"
            assert "</table>\n</div>" in after, path.name
            before, found = after, found + 1
    assert found > 20
