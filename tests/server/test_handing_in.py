"""Handing in on the web and by program: what is shown before, what is kept, what is refused."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from books import check
from looking import DOUBLE, grade, serving_graded
from making import DEMO_RIGHT, write_course
from serving import Serving, csrf_of, serving
from starlette.testclient import TestClient

from grader.gradebook.connect import writing
from grader.gradebook.roster import Roster
from grader.server.hand_ins.receipts import is_genuine
from grader.server.records import HandInState

Files = list[tuple[str, bytes]]
RIGHT = DEMO_RIGHT.encode()
HALF = RIGHT.replace(b"return 2 * x", b"raise NotImplementedError")


def upload(client: TestClient, files: Files, **fields: str) -> httpx2.Response:
    """Send the form of the homework's page."""
    token = csrf_of(client.get("/homeworks/demo"))
    sent = [("files", each) for each in files]
    return client.post("/homeworks/demo/upload", data={"csrf": token, **fields}, files=sent)


def hand_in(client: TestClient, files: Files) -> str:
    """Upload, look, confirm; returns the address of the hand-in's page."""
    draft = upload(client, files).headers["location"]
    sent = client.post(draft, data={"csrf": csrf_of(client.get(draft))})
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def submit(client: TestClient, data: bytes, token: str, name: str = "demo") -> httpx2.Response:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/zip"}
    return client.post(f"/api/v1/hand-ins/{name}", content=data, headers=headers)


@pytest.fixture
def token(served: Serving) -> str:
    return served.site.accounts.new_token(served.account("ada"), "laptop")


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ([("demo.py", RIGHT)], ["demo.py"]),
        ([("demo.py", RIGHT), ("answers.md", b"Because.")], ["answers.md", "demo.py"]),
        ([("work/demo.py", RIGHT), ("work/answers.md", b"x")], ["answers.md", "demo.py"]),
        ([("mine.zip", zipped([("demo.py", RIGHT)]))], ["demo.py"]),
        ([("C:\\Users\\ada\\demo.py", RIGHT)], ["demo.py"]),
        ([("../../demo.py", RIGHT)], ["demo.py"]),
    ],
)
def test_files_a_folder_or_a_zip_are_shown_before_they_are_handed_in(
    served: Serving, files: Files, names: list[str]
) -> None:
    client = served.signed_in("ada")
    sent = upload(client, files)
    assert sent.status_code == 303, sent.text
    page = client.get(sent.headers["location"]).text
    for name in names:
        assert f"<bdi>{name}</bdi>" in page
    assert "demo.py</code>" in page
    assert served.site.hand_ins.of_student(served.account("ada").student or 0) == ()


def test_pressing_the_button_hands_in_once(served: Serving) -> None:
    client = served.signed_in("ada")
    draft = upload(client, [("demo.py", RIGHT)]).headers["location"]
    token = csrf_of(client.get(draft))
    pages = [client.post(draft, data={"csrf": token}).headers["location"] for _ in range(3)]
    assert len(set(pages)) == 1
    (kept,) = served.site.hand_ins.of_student(served.account("ada").student or 0)
    assert kept.state is HandInState.WAITING
    assert kept.received_at == served.clock.now
    assert "handed in already" in client.get(draft).text
    archive = client.get(f"{pages[0]}/archive")
    assert hashlib.sha256(archive.content).hexdigest() == kept.sha256
    assert archive.headers["content-disposition"].startswith("attachment")
    receipt = json.loads(client.get(f"{pages[0]}/receipt").content)
    assert receipt["sha256"] == kept.sha256
    assert is_genuine(served.site.keys, receipt)
    assert not is_genuine(served.site.keys, {**receipt, "student": "bob"})


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("demo.py", b"def double(x):\n    raise NotImplementedError\n")], "unchanged starter"),
        ([("demo.py", b"")], "</span> Nothing is written in it yet.</p>"),
        (
            [("demo.py", RIGHT), ("mine.zip", zipped([("answers.md", b"Because.")]))],
            "<li>mine.zip is beside the code and was not opened; hand in the files",
        ),
        ([("demo.py", HALF)], "Not written yet: <code>double</code>"),
        ([("notes.txt", b"hello")], "holds no demo.py"),
        ([("mine.zip", b"PK no zip at all")], "zip"),
        ([("mine.zip", b"")], "empty"),
        ([("<b>.py", b"x = 1"), ("demo.py", RIGHT)], "&lt;b&gt;.py"),
    ],
)
def test_what_is_wrong_with_files_is_said_before_they_are_handed_in(
    served: Serving, files: Files, said: str
) -> None:
    client = served.signed_in("ada")
    page = client.get(upload(client, files).headers["location"])
    assert page.status_code == 200
    assert said in page.text
    assert "<b>.py" not in page.text


def test_of_the_same_files_handed_in_twice_the_first_counts(tmp_path: Path) -> None:
    with serving_graded(tmp_path, {"ada": 2.0}) as served:
        grade(served, "ada", check(DOUBLE, 2.0, 2.0))
        page = served.signed_in("ada").get("/homeworks/demo").text
    second, first = re.findall(r"<td>(graded.*?)</td>", page)
    assert first == "graded, <strong>counts</strong>"
    assert second == "graded, the same files as attempt 1"


def test_nobody_hands_in_what_somebody_else_uploaded(served: Serving) -> None:
    ada, bob = served.signed_in("ada"), served.signed_in("bob")
    draft = upload(ada, [("demo.py", RIGHT)]).headers["location"]
    assert bob.get(draft).status_code == 404
    token = csrf_of(bob.get("/homeworks/demo"))
    assert bob.post(draft, data={"csrf": token}).status_code == 404
    page = hand_in(ada, [("demo.py", RIGHT)])
    for path in ("", "/receipt", "/archive", "/report", "/events"):
        assert bob.get(page + path).status_code == 404, path
    assert served.signed_in("max").get(page).status_code == 200


def test_a_draft_runs_out(served: Serving) -> None:
    client = served.signed_in("ada")
    draft = upload(client, [("demo.py", RIGHT)]).headers["location"]
    served.clock.pass_by(days=2)
    late = client.get(draft)
    assert late.status_code == 404
    assert "kept for a day" in late.text


def test_a_form_without_the_pages_token_keeps_nothing(served: Serving) -> None:
    client = served.signed_in("ada")
    sent = upload(client, [("demo.py", RIGHT)], csrf="forged")
    assert sent.status_code == 403
    assert served.site.hand_ins.known_files() == set()


def test_too_much_is_refused_before_it_is_kept(tmp_path: Path) -> None:
    folder = write_course(tmp_path / "course")
    settings = folder / "pyproject.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8")
        + "\n[tool.grader.server]\nupload_mb = 0.001\nhand_ins_per_hour = 2\n",
        encoding="utf-8",
    )
    with serving(folder) as served:
        client = served.signed_in("ada")
        large = upload(client, [("demo.py", b"#" * 700_000)])
        assert large.status_code == 413
        assert "More than 1 KB were sent" in large.text
        token = served.site.accounts.new_token(served.account("ada"), "laptop")
        program = served.client()
        too_large = submit(program, b"PK" + b"0" * 2000, token)
        assert too_large.status_code == 413
        assert too_large.json()["status"] == 413
        for number in range(2):
            data = zipped([("demo.py", b"%d" % number)])
            assert submit(program, data, token).status_code == 201
        refused = submit(program, zipped([("demo.py", b"x")]), token)
        assert refused.status_code == 429
        assert 3500 < int(refused.headers["retry-after"]) <= 3600
        # The last one is no further hand-in, if its answer was not heard.
        assert submit(program, data, token).status_code == 200
        served.clock.pass_by(minutes=61)
        assert submit(program, zipped([("demo.py", b"x")]), token).status_code == 201


def test_a_program_hands_in_with_a_token(served: Serving, token: str) -> None:
    client = served.client()
    data = zipped([("demo.py", RIGHT)])
    sent = submit(client, data, token)
    assert sent.status_code == 201
    answer: dict[str, Any] = sent.json()
    assert answer["receipt"]["sha256"] == hashlib.sha256(data).hexdigest()
    assert answer["receipt"]["student"] == "ada"
    assert is_genuine(served.site.keys, answer["receipt"])
    # Whoever did not hear the answer sends it again, and has handed in once.
    again = submit(client, data, token)
    assert again.status_code == 200
    assert again.json() == answer
    headers = {"authorization": f"Bearer {token}"}
    state = client.get(f"/api/v1/hand-ins/{answer['key']}", headers=headers).json()
    assert (state["state"], state["ahead"], state["events"]) == ("waiting", 0, [])
    assert client.get("/api/v1/me", headers=headers).json()["id"] == "ada"


def test_a_program_is_told_what_was_wrong(served: Serving, token: str) -> None:
    client = served.client()
    assert submit(client, zipped([]), "grader_forged").status_code == 401
    assert submit(client, b"no zip", token).status_code == 415
    assert submit(client, b"", token).status_code == 415
    assert submit(client, zipped([]), token, "nothing").status_code == 404
    owner = served.site.accounts.new_token(served.account("olga"), "x")
    assert submit(client, zipped([]), owner).status_code == 403
    assert served.site.hand_ins.known_files() == set()


def test_partners_on_the_roster_see_each_others_hand_ins(served: Serving) -> None:
    people = served.site.book.students()
    grouped = tuple(replace(each, group="g") if each.id != "eve" else each for each in people)
    served.site.book.enrol(Roster(grouped, ()), who="x")
    page = hand_in(served.signed_in("ada"), [("demo.py", RIGHT)])
    assert served.signed_in("bob").get(page).status_code == 200
    assert "by <bdi>ada</bdi>" in served.signed_in("bob").get("/homeworks/demo").text
    assert served.signed_in("eve").get(page).status_code == 404


@pytest.mark.parametrize("way", ["page", "program", "program, large"])
def test_what_came_in_time_is_in_time_however_long_it_waits_for_others_who_write(
    served: Serving, token: str, way: str
) -> None:
    """A release to thousands, or a roster, may hold the database for seconds at the due date."""
    client, at = served.signed_in("ada"), served.clock.now
    draft = upload(client, [("demo.py", RIGHT)]).headers["location"]
    form = {"csrf": csrf_of(client.get(draft))}
    large = zipped([("demo.py", RIGHT), ("noise.bin", os.urandom(400_000))])
    send: dict[str, Callable[[], httpx2.Response]] = {
        "page": lambda: client.post(draft, data=form),
        "program": lambda: submit(client, zipped([("demo.py", RIGHT)]), token),
        "program, large": lambda: submit(client, large, token),
    }
    with ThreadPoolExecutor(1) as threads:
        with writing(served.site.engine):
            sent = threads.submit(send[way])
            time.sleep(1)  # it has come by then, and waits
            assert not sent.done()
            served.clock.pass_by(minutes=2)
        assert sent.result(30).status_code in (201, 303)
    [made] = served.site.hand_ins.of_homework("demo")
    assert made.received_at == at
