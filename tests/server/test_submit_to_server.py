"""`submit --to` a server: from a student's folder to the graded report, as processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import DEMO_RIGHT, write_course
from running import Ran, run_grader
from running_server import RunningServer, running_server

from grader.server.hand_ins.receipts import is_genuine


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    course = write_course(tmp_path_factory.mktemp("served") / "course")
    with running_server(course, "--unsafe", "--jobs", "1") as running:
        yield running


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A student's copy of the course, with their work in it."""
    folder = write_course(tmp_path / "kit", staff=False)
    (folder / "assignments/demo/demo.py").write_text(DEMO_RIGHT, encoding="utf-8")
    return folder


def submit(kit: Path, *options: str, **env: str) -> Ran:
    return run_grader("submit", "demo", "--yes", *options, cwd=kit, **env)


def test_the_receipt_is_signed_and_the_checks_are_shown(server: RunningServer, kit: Path) -> None:
    ran = submit(kit, "--to", server.address, "--token", server.token("ada"))
    assert ran.code == 0, ran.err
    assert "Handed in Demo as ada" in ran.said
    assert "✓ double of three numbers" in ran.out
    assert "Graded:" in ran.out
    (text,) = (kit / ".grader/receipts/server").glob("*.json")
    receipt = json.loads(text.read_bytes())
    assert is_genuine(server.site.keys, receipt)
    assert receipt["sha256"] in ran.said
    tokens = kit / ".grader/tokens.json"
    assert tokens.stat().st_mode & 0o077 == 0
    # The second time, neither address nor token has to be given.
    again = submit(kit, "--no-wait")
    assert again.code == 0, again.err
    assert f"{server.address}/hand-ins/" in again.said
    status = run_grader("status", "demo", cwd=kit)
    assert "signed by the course's server" in status.said
    assert "Your files are the same as in your last submission" in status.said


def test_a_token_that_does_not_work_hands_nothing_in(server: RunningServer, kit: Path) -> None:
    ran = submit(kit, "--to", server.address, "--token", "grader_forged")
    assert ran.code == 2
    assert "make another one on your account's page" in ran.said
    assert not (kit / ".grader/tokens.json").exists()
    assert submit(kit, "--to", server.address).code == 2
    somebody = submit(
        kit, "--to", server.address, "--student", "bob", GRADER_TOKEN=server.token("ada")
    )
    assert somebody.code == 2
    assert "belongs to ada, not to bob" in somebody.said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://grader.example.edu", "would send your token unprotected"),
        ("https://", "is not the address of a server"),
        ("https://me:pw@example.edu", "is not the address of a server"),
        ("http://127.0.0.1:9", "cannot be reached"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(kit: Path, address: str, said: str) -> None:
    ran = submit(kit, "--to", address, "--token", "grader_x")
    assert ran.code == 2
    assert said in ran.said
