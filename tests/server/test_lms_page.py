"""Grades get into the table of an LMS in the browser: first what would change, then the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from looking import mark, serving_graded
from serving import Serving, csrf_of
from starlette.testclient import TestClient

LMS = "/homeworks/demo/lms"
CANVAS = (
    "Student,ID,SIS Login ID,Section,Demo (4711)\n"
    "    Points Possible,,,,7\n"
    "Ada Lovelace,1,al,A,5\n"
    "Bob Noyce,2,bob,A,\n"
    "Eve,3,eve,A,0.0\n"
    "Mallory <b>,4,mallory,A,\n"
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    """ada's grade is final with 6 points, eve's with none; bob's is open."""
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as served:
        mark(served, "ada", 3, "Says why (3)")
        yield served


@pytest.fixture
def owner(served: Serving) -> TestClient:
    return served.signed_in("olga")


def send(owner: TestClient, text: str | bytes, **more: str) -> httpx2.Response:
    form = {"csrf": csrf_of(owner.get(LMS)), **more}
    data = text.encode() if isinstance(text, str) else text
    return owner.post(LMS, data=form, files={"table": ("gradebook.csv", data)})


def shown(owner: TestClient, text: str | bytes) -> tuple[str, httpx2.Response]:
    """The address of the page that follows an upload, and the page."""
    sent = send(owner, text)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"], owner.get(sent.headers["location"])


def words(page: httpx2.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_what_would_change_is_shown_and_the_file_has_it(owner: TestClient) -> None:
    address, page = shown(owner, CANVAS)
    assert page.status_code == 200
    said = words(page)
    assert "1 cell changes, 1 has the right grade already" in said
    assert "Ada Lovelace 5 6" in said
    assert "not final yet, left unchanged: bob" in said
    assert "in the table but not in the course: Mallory &lt;b&gt;" in said
    filled = owner.get(f"{address}/file")
    assert filled.headers["content-disposition"].startswith("attachment")
    assert filled.text == CANVAS.replace("A,5", "A,6").replace("A,0.0", "A,0")


def test_each_row_has_id_and_name_and_two_rows_of_one_student_are_refused(
    owner: TestClient,
) -> None:
    _, page = shown(owner, CANVAS)
    said = words(page)
    assert "ada Ada Lovelace 5 6" in said
    assert "not final yet, left unchanged: bob (Bob Noyce)" in said
    address, page = shown(owner, CANVAS + "Ada Lovelace,7,AL,B,\n")
    assert page.status_code == 422
    assert "ada (Ada Lovelace): rows 3, 7" in words(page)
    assert "nothing was filled in" in words(page)
    assert "Download the filled" not in page.text
    assert owner.get(f"{address}/file").status_code == 422


def test_a_strangers_row_gets_nothing_by_a_namesake(owner: TestClient) -> None:
    text = CANVAS.replace("Ada Lovelace,1,al,A,5", "Ada Lovelace,9,al2,A,")
    address, page = shown(owner, text)
    said = words(page)
    assert "not in the course: Ada Lovelace (al2 is not the id of that name)" in said
    assert "with a grade but not in the table: ada (Ada Lovelace)" in said
    assert "al2,A,\n" in owner.get(f"{address}/file").text
    # Where no id stands, or none in the table is of the roster's kind, names are what there is.
    _, page = shown(owner, CANVAS.replace(",al,", ",,"))
    assert "ada Ada Lovelace 5 6" in words(page)
    _, page = shown(owner, re.sub(r",(al|bob|eve|mallory),", r",sis-\1-9,", CANVAS))
    assert "ada Ada Lovelace 5 6" in words(page)


def test_so_far_counts_what_is_open(owner: TestClient) -> None:
    address, _ = shown(owner, CANVAS)
    assert "Bob Noyce – 1" in words(owner.get(f"{address}?so_far=on"))
    assert "bob,A,1\n" in owner.get(f"{address}/file?so_far=on").text


def test_a_column_of_another_name_is_chosen_on_the_page(owner: TestClient) -> None:
    address, page = shown(owner, CANVAS.replace("Demo (4711)", "Sheet 1"))
    assert page.status_code == 422
    assert "Choose it below" in page.text
    assert "--column" not in page.text
    assert '<option value="Sheet 1">' in page.text
    chosen = owner.get(address, params={"column": "Sheet 1"})
    assert chosen.status_code == 200
    assert "Ada Lovelace 5 6" in words(chosen)


def test_a_table_that_tells_no_system_is_asked_for_its_system(owner: TestClient) -> None:
    address, page = shown(owner, "Name,Demo\nada,\n")
    assert page.status_code == 422
    assert "does not tell which system it is from" in page.text
    assert owner.get(f"{address}/file").status_code == 422


@pytest.mark.parametrize("data", [b"", b"\0\xff\xfe" * 99, b"one line", b"PK\3\4" + bytes(500)])
def test_what_is_no_table_is_named_and_no_path_is_told(owner: TestClient, data: bytes) -> None:
    _, page = shown(owner, data)
    assert page.status_code == 422
    assert "/blobs/" not in page.text
    assert "Download" not in page.text


def test_the_table_is_seen_by_whoever_sent_it_alone(served: Serving, owner: TestClient) -> None:
    from grader.server.records import Role

    address, _ = shown(owner, CANVAS)
    served.site.accounts.add_staff("oskar", Role.OWNER, "Oskar", "o@example.edu", who="test")
    assert served.signed_in("oskar").get(address).status_code == 404
    assert served.signed_in("max").get(address).status_code == 403
    assert owner.get(address.replace("/lms/", "/nothing/")).status_code == 404
    assert owner.get(f"/roster/{address.rsplit('/', 1)[1]}").status_code == 404
    served.clock.pass_by(days=2)
    assert owner.get(address).status_code in (401, 404)


def test_no_file_too_much_and_a_missing_token(owner: TestClient) -> None:
    form = {"csrf": csrf_of(owner.get(LMS))}
    assert owner.post(LMS, data=form, files={"table": ("", b"")}).status_code in (413, 422)
    assert send(owner, bytes(17_000_000)).status_code == 413
    assert send(owner, CANVAS, csrf="wrong").status_code == 403
