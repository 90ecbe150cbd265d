"""A tiny course on the web."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from making import write_course
from serving import Serving, serving


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    """The course `demo` on the web, with students ada, bob, eve, an owner olga, a marker max."""
    with serving(write_course(tmp_path / "course")) as opened:
        yield opened
