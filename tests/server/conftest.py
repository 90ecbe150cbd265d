"""A tiny course on the web."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import server, url
from making import write_course
from serving import Serving, serving
from storing import Store, storing

__all__ = ["server", "url"]  # fixtures of theirs


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    """The course `demo` on the web, with students ada, bob, eve, an owner olga, a marker max."""
    with serving(write_course(tmp_path / "course")) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path, url: str) -> Iterator[Store]:
    """The store of a course, on each kind of database."""
    with storing(tmp_path / "course", url) as opened:
        yield opened
