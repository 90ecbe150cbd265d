"""The roster is set in the browser: what would change comes first."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from books import hand_in, roster, scored, student
from making import write_course
from serving import Serving, csrf_of, post, serving
from starlette.testclient import TestClient

ROSTER = "/roster"
FILE = "Id,Name,Email,Section\nada,Ada King,ada@example.edu,B\nzoe,Zoë,zoe@example.edu,B\n"


@pytest.fixture
def owner(served: Serving) -> TestClient:
    return served.signed_in("olga")


def send(owner: TestClient, text: str | bytes) -> str:
    """Upload a file; the address of the page that shows what it would change."""
    data = text.encode() if isinstance(text, str) else text
    form = {"csrf": csrf_of(owner.get(ROSTER))}
    sent = owner.post(ROSTER, data=form, files={"table": ("roster.csv", data)})
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def words(page: httpx2.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def accept(owner: TestClient, address: str) -> httpx2.Response:
    page = owner.get(address)
    found = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert found, page.text
    return owner.post(
        address, data={"csrf": csrf_of(page), "stamp": found[1]}, follow_redirects=True
    )


def on_roster(served: Serving) -> list[str]:
    return [each.id for each in served.site.book.students() if each.on_roster]


def test_nothing_changes_before_it_was_looked_at(served: Serving, owner: TestClient) -> None:
    address = send(owner, FILE)
    said = words(owner.get(address))
    assert "The file has 2 students: 1 added, 1 changed, 2 taken off" in said
    assert "name=Ada Lovelace" in said
    assert "name=Ada King" in said
    assert on_roster(served) == ["ada", "bob", "eve"]
    assert "1 added, 1 changed, 2 taken off" in accept(owner, address).text
    assert on_roster(served) == ["ada", "zoe"]
    history = served.site.book.history(student="zoe")
    assert [(each.who, each.what) for each in history] == [("olga", "added")]


def test_leavers_with_work_are_named_and_their_work_goes_to_a_new_id(
    served: Serving, owner: TestClient
) -> None:
    work = [(hand_in("ada"), scored("ada", 7)), (hand_in("bob"), scored("bob", 5))]
    served.site.book.record(work, who="test")
    address = send(owner, "id,name,email\nal7,Ada King,ada@example.edu\neve,Eve,eve@example.edu\n")
    said = words(owner.get(address))
    assert "Ada Lovelace ( ada ): 1 submission; al7 , who is added, has the same email" in said
    assert "Bob Noyce ( bob ): 1 submission" in said
    accept(owner, address)
    page = owner.get(ROSTER)
    assert "Ada Lovelace ( ada ): 1 submission. al7 has the same email address" in words(page)
    assert "Bob Noyce ( bob ): 1 submission" in words(page)
    form = {"csrf": csrf_of(page), "name": "ada", "student": "al7"}
    done = owner.post(f"{ROSTER}/match", data=form, follow_redirects=True)
    assert "1 submission of ada is al7’s now." in done.text
    assert "( ada )" not in words(done)
    assert "( bob )" in words(done)
    grades = {each.student.id: each.so_far for each in served.site.book.grades("demo")}
    assert grades == {"al7": 7, "eve": 0}
    [matched] = [e for e in served.site.book.history(last=20) if e.action == "matched"][:1]
    assert matched.who == "olga"
    wrong = owner.post(f"{ROSTER}/match", data={**form, "name": "bob", "student": "al8"})
    assert wrong.status_code == 422
    assert "al7" in wrong.text
    assert 'value="al8"' in wrong.text
    assert served.signed_in("max").post(f"{ROSTER}/match", data=form).status_code == 403


def test_accounts_follow_at_once(served: Serving, owner: TestClient) -> None:
    bob = served.signed_in("bob")
    assert bob.get("/homeworks").status_code == 200
    accept(owner, send(owner, FILE))
    assert bob.get("/homeworks").status_code == 401
    assert served.signed_in("zoe").get("/homeworks").status_code == 200
    back = "id\nada\nbob\nzoe\n"
    accept(owner, send(owner, back))
    assert served.signed_in("bob").get("/homeworks").status_code == 200


def test_changes_of_somebody_else_meanwhile_are_seen_first(
    served: Serving, owner: TestClient
) -> None:
    address = send(owner, FILE)
    page = owner.get(address)
    stamp = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert stamp
    served.site.book.enrol(roster(student("ada"), student("kim")), who="other")
    refused = owner.post(address, data={"csrf": csrf_of(page), "stamp": stamp[1]})
    assert refused.status_code == 409
    assert "has changed the roster since" in refused.text
    assert on_roster(served) == ["ada", "kim"]
    accept(owner, address)
    assert on_roster(served) == ["ada", "zoe"]


def test_the_same_roster_again_changes_nothing(served: Serving, owner: TestClient) -> None:
    accept(owner, send(owner, FILE))
    again = owner.get(send(owner, FILE))
    assert "It is the roster that the course has" in again.text
    assert 'name="stamp"' not in again.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"name\nAda\n", "no column `id`"),
        (b"id\nada\nADA\n", "have the same id ADA"),
        (b"id\n../x\n", "row 2"),
        (b'id\n"ada', "not a CSV file"),
    ],
)
def test_a_wrong_file_is_named_with_its_row(
    served: Serving, owner: TestClient, data: bytes, said: str
) -> None:
    page = owner.get(send(owner, data))
    assert page.status_code == 422
    assert said in page.text
    assert 'type="file"' in page.text  # to choose another
    assert "/blobs/" not in page.text
    assert on_roster(served) == ["ada", "bob", "eve"]


def test_two_clicks_at_once_set_it_once(served: Serving, owner: TestClient) -> None:
    address = send(owner, FILE)
    page = owner.get(address)
    stamp = re.search(r'name="stamp" value="([^"]+)"', page.text)
    assert stamp
    form = {"csrf": csrf_of(page), "stamp": stamp[1]}
    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(lambda _: owner.post(address, data=form).status_code, range(2)))
    assert codes == [303, 409]
    assert len(served.site.book.history(student="zoe")) == 1


def test_an_owner_alone_sets_it(served: Serving) -> None:
    assert served.signed_in("max").get(ROSTER).status_code == 403
    assert post(served.signed_in("ada"), ROSTER).status_code == 403


def test_the_roster_is_downloaded_as_the_file_that_gives_it(
    served: Serving, owner: TestClient
) -> None:
    accept(
        owner, send(owner, 'id,name,extension_days,Pronouns\nada,"King, Ada",2,she\nzoe,Zoë,,\n')
    )
    file = owner.get("/roster/file")
    assert file.headers["content-disposition"].startswith("attachment")
    assert "It is the roster that the course has" in owner.get(send(owner, file.content)).text
    assert on_roster(served) == ["ada", "zoe"]


def test_the_file_that_the_settings_name_is_replaced(tmp_path: Path) -> None:
    """Else the next `grade` would set the old roster again."""
    course = write_course(tmp_path / "course")
    with (course / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write('roster = "roster.csv"\n')
    (course / "roster.csv").write_text("id\nada\n")
    with serving(course) as served:
        owner = served.signed_in("olga")
        assert "roster.csv" in owner.get(ROSTER).text
        accept(owner, send(owner, FILE))
        assert (course / "roster.csv").read_text("utf-8") == FILE
        (course / "roster.csv").unlink()
        (course / "roster.csv").mkdir()
        said = accept(owner, send(owner, "id\nada\n"))
        assert "roster.csv could not be written" in said.text
        assert on_roster(served) == ["ada"]
