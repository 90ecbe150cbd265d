"""`release --pytest`: a folder that plain pytest runs, without this package and its sandbox."""

from __future__ import annotations

import subprocess
import sys

import pytest
from homeworks import write_homework
from making import write_files
from running import ROOT, clean_environment, run_grader

# Neither the plugin of this package nor the package itself, as where it is not installed.
PLAIN = (
    "import sys, importlib.metadata as m\n"
    "sys.path[:] = [p for p in sys.path if p != {root!r}]\n"
    "import pytest\n"
    "pytest.main(['-p', 'no:cacheprovider', '-q', '-rN'])\n"
    "print('from', sys.modules['grader'].__file__)\n"
)


@pytest.fixture
def course(tmp_path):
    write_files(tmp_path, {"pyproject.toml": '[tool.grader]\nname = "Made up"\n'})
    write_homework(tmp_path, "doubling")
    return tmp_path


def run_plain(folder):
    done = subprocess.run(
        [sys.executable, "-c", PLAIN.format(root=str(ROOT))],
        cwd=folder,
        env=clean_environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout + done.stderr


def test_reference_passes_everything_and_the_starter_nothing(course):
    ran = run_grader("release", "doubling", "--pytest", "plain", "--hidden", cwd=course)
    assert ran.code == 0, ran.err
    starter = run_plain(course / "plain")
    assert "0 of 10 points" in starter
    reference = (course / "plain/reference/doubling.py").read_text()
    write_files(course / "plain", {"doubling.py": reference})
    done = run_plain(course / "plain")
    assert "10 of 10 points" in done
    assert f"from {course / 'plain' / 'grader'}" in done


def test_students_folder_holds_nothing_of_the_solution(course):
    ran = run_grader("release", "doubling", "--pytest", "plain", cwd=course)
    assert ran.code == 0, ran.err
    names = {path.relative_to(course / "plain").as_posix() for path in course.glob("plain/*")}
    assert names == {
        "README.md", "doubling.py", "numbers.csv", "conftest.py", "test_public.py", "grader",
    }  # fmt: skip
    assert "0 of 4 points" in run_plain(course / "plain")


def test_folder_that_is_there_is_not_touched(course):
    write_files(course, {"plain/mine.txt": "mine"})
    ran = run_grader("release", "doubling", "--pytest", "plain", cwd=course)
    assert ran.code == 2
    assert "plain already exists and is not empty; name another folder" in ran.said
    for words in (("--pytest", "x"), ("--hidden",), ()):
        assert run_grader("release", *words, cwd=course).code == 2
