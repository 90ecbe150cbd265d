"""What a message tells to install is what is really in use, and never somebody else's package."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, clean_environment
from test_architecture import SOURCES

from grader.authoring.release.kit import StudentKit

SHOW = "from grader._internal.install_hint import install_hint as hint; print(hint({!r}))"


def hint(extra: str | None, *, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SHOW.format(extra)],
        cwd=cwd,
        env=clean_environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_in_a_clone_it_is_the_clone(tmp_path: Path) -> None:
    here = hint("staff", cwd=ROOT)
    assert here.endswith("python -m pip install -e '.[staff]'")
    assert hint("staff", cwd=tmp_path) == f"{sys.executable} -m pip install -e '{ROOT}[staff]'"
    assert hint(None, cwd=tmp_path) == f"{sys.executable} -m pip install -e '{ROOT}'"


def test_installed_from_a_wheel_it_is_the_wheel_while_that_is_there(
    tiny_kit: StudentKit, tmp_path: Path
) -> None:
    wheel = tmp_path / "a kit" / tiny_kit.info.wheel
    wheel.parent.mkdir()
    wheel.write_bytes((tiny_kit.folder / tiny_kit.info.wheel).read_bytes())
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
    subprocess.run(
        [*pip, "--target", str(site), str(wheel)],
        check=True,
        env=clean_environment(PIP_DISABLE_PIP_VERSION_CHECK="1"),
    )
    pip = f"{sys.executable} -m pip install"
    assert hint("staff", cwd=tmp_path, PYTHONPATH=str(site)) == f"{pip} '{wheel}[staff]'"
    wheel.unlink()
    named = hint("staff", cwd=tmp_path, PYTHONPATH=str(site))
    assert named == f"{pip} 'homework-grader[staff]'"


# Somebody else's package, by its bare name or with one of our extras.
OTHERS = re.compile(
    r"pip3? install (?:-\S+ )*['\"]?grader(?![\w/.-])|(?<![\w-])grader\[(?:staff|cluster|postgres)"
)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("pip install {}", True),
        ("pip install '{}[staff]'", True),
        ("an image with `{}[staff,cluster]`", True),
        ("pip install -U {}", True),
        ("pip install 'homework-{}[staff]'", False),
        ("import {}", False),
        ("pip install ./{}-0.1.0.whl", False),
    ],
)
def test_the_pattern_finds_what_it_should(text: str, wrong: bool) -> None:
    assert bool(OTHERS.search(text.format("grader"))) is wrong


def test_no_file_tells_anybody_to_install_somebody_elses_package() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = listed.stdout.decode().split("\0")[:-1]
    assert "README.md" in names
    for name in names:
        path = ROOT / name
        if path.is_file():  # and not taken away since the last commit
            found = OTHERS.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{name}: {found}"


def test_every_message_that_tells_what_to_install_asks_install_hint() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_bytes())
        docstrings = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
        }  # a string that stands alone is told to nobody
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                told = "pip install" in node.value and id(node) not in docstrings
                assert not told or path.name == "install_hint.py", f"{path}:{node.lineno}"
