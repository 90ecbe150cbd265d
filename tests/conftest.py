"""Shared by all tests."""

from __future__ import annotations

import compileall
from pathlib import Path

import pytest
from hypothesis import settings
from running import ROOT, copy_course

# A busy machine is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the grader once: where Python keeps no bytecode, every command would do it anew."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(ROOT / "grader", quiet=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with slow tests first, so that none of them is left alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def real_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this course. Tests may run commands in it, but change nothing."""
    return copy_course(tmp_path_factory.mktemp("course"))
