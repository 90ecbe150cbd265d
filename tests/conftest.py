"""Shared by all tests."""

from __future__ import annotations

import compileall
import signal
from pathlib import Path

import making
import pytest
import tiny_course
from hypothesis import settings
from running import ROOT, copy_course, run_grader

from grader.authoring.release.kit import StudentKit

collect_ignore = ["torch_course"]  # a course, whose checks a test runs

# A busy machine is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Make every run alike, whoever starts it.

    A shell starts a background job with Ctrl-C ignored, and every process that the tests start
    would inherit that. Where Python keeps no bytecode, every command would compile the grader anew.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
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


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A tiny course of one homework, `demo`, as staff have it."""
    return making.write_course(tmp_path / "course")


@pytest.fixture
def student_course(tmp_path: Path) -> Path:
    """The same course as a student has it: no solutions."""
    return making.write_course(tmp_path / "course", staff=False)


@pytest.fixture
def demo_folder(student_course: Path) -> Path:
    """The homework's folder at a student's."""
    return student_course / "assignments" / "demo"


@pytest.fixture(scope="session")
def tiny_kit(tmp_path_factory: pytest.TempPathFactory) -> StudentKit:
    """The kit of the tiny course."""
    return tiny_course.make_kit(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def real_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit of this course; its zip lies beside."""
    folder = tmp_path_factory.mktemp("real") / "kit"
    ran = run_grader("release", "--to", folder, cwd=ROOT)
    assert ran.code == 0, ran.err
    return folder
