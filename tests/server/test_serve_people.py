"""`serve verify`, `deactivate` and `activate` as staff use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import run_grader
from serving import PEOPLE

from grader._internal.clock import now_utc
from grader._internal.zips import zip_files
from grader.course.course import find_course
from grader.gradebook.connect import writing
from grader.gradebook.models import hand_ins
from grader.server.hand_ins.receipts import signed_receipt
from grader.server.records import Role
from grader.server.site.site import Site, open_site

DATA = zip_files({"demo.py": b"x = 1\n"})


@pytest.fixture
def site(course: Path) -> Site:
    """The tiny course with ada, who has handed in DATA; her receipt is in receipt.json."""
    site = open_site(find_course(course), "https://grader.example.edu", clock=now_utc)
    site.book.enrol(PEOPLE, who="test")
    site.accounts.sync()
    site.accounts.add_staff("olga", Role.OWNER, who="test")
    ada = site.accounts.account("ada")
    assert ada is not None
    made = site.hand_ins.accept("demo", ada, site.blobs.put(DATA), len(DATA))
    (course / "work.zip").write_bytes(DATA)
    receipt = signed_receipt(site.keys, site.course.settings.name, site.address, made)
    (course / "receipt.json").write_text(json.dumps(receipt, indent=2))
    site.book.close()
    return site


def test_a_receipt_is_verified_with_what_it_is_for(site: Site, course: Path) -> None:
    ran = run_grader("serve", "verify", "receipt.json", "work.zip", cwd=course)
    assert ran.code == 0, ran.said
    assert "is genuine: hand-in 1 of ada for demo" in ran.out
    assert "The gradebook has it." in ran.out
    assert "work.zip is the file that it confirms." in ran.out
    (course / "work.zip").write_bytes(DATA + b"more")
    ran = run_grader("serve", "verify", "receipt.json", "work.zip", cwd=course)
    assert ran.code == 1
    assert "NOT the file" in ran.out


@pytest.mark.parametrize(
    ("name", "value"), [("received_at", "2020-01-01T00:00:00+00:00"), ("student", "bob")]
)
def test_a_receipt_that_was_changed_is_no_receipt(
    site: Site, course: Path, name: str, value: str
) -> None:
    path = course / "receipt.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))
    ran = run_grader("serve", "verify", path, cwd=course)
    assert ran.code == 1
    assert "was not signed by this course's server" in ran.out


def test_a_genuine_receipt_of_what_is_lost_is_told_apart(site: Site, course: Path) -> None:
    with writing(site.engine) as connection:
        connection.execute(hand_ins.delete())
    ran = run_grader("serve", "verify", "receipt.json", cwd=course)
    assert ran.code == 1
    assert "is genuine" in ran.out
    assert "does NOT have it" in ran.out


@pytest.mark.parametrize("text", ["", "[]", "{}", "{" * 100_000, "\xff"])
def test_what_is_no_receipt_is_said_to_be_none(course: Path, text: str) -> None:
    (course / "receipt.json").write_text(text, encoding="latin-1")
    ran = run_grader("serve", "verify", "receipt.json", cwd=course)
    assert ran.code == 2
    assert "is not a server's receipt" in ran.said


def test_without_the_servers_key_none_is_made(site: Site, course: Path) -> None:
    (course / ".grader/server.key").unlink()
    ran = run_grader("serve", "verify", "receipt.json", cwd=course)
    assert ran.code == 2
    assert "there is no key" in ran.said
    assert not (course / ".grader/server.key").exists()


def test_who_is_deactivated_is_out_until_activated(site: Site, course: Path) -> None:
    ada = site.accounts.account("ada")
    assert ada is not None
    secret, _ = site.accounts.open_session(ada)
    ran = run_grader("serve", "deactivate", "Ada Lovelace", "--as", "olga", cwd=course)
    assert ran.code == 0, ran.said
    assert "serve activate ada" in ran.out
    assert site.accounts.visit(secret) is None
    ran = run_grader("serve", "invite", "ada", cwd=course)
    assert ran.code == 2
    assert "may not sign in here" in ran.said
    assert run_grader("serve", "activate", "ada", cwd=course).code == 0
    assert run_grader("serve", "invite", "ada", cwd=course).code == 0
    history = [each for each in site.book.history(last=20) if each.action == "account"]
    assert "olga" in {each.who for each in history}
    site.book.close()


def test_the_only_owner_cannot_be_deactivated(site: Site, course: Path) -> None:
    ran = run_grader("serve", "deactivate", "olga", cwd=course)
    assert ran.code == 2
    assert "only owner" in ran.said
