"""`serve` and `serve invite` as processes: what they say, what they leave, how they stop."""

from __future__ import annotations

import asyncio
import csv
import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from books import roster, student
from mailing import Post, post_office
from running import run_grader
from running_server import running_server

from grader.course.course import find_course
from grader.gradebook import open_gradebook
from grader.server.web import bind

ADDRESS = 'address = "https://grader.example.edu/ml/"'


def add_settings(course: Path, text: str) -> None:
    with (course / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture
def enrolled(course: Path) -> Path:
    """The tiny course with three students and an address."""
    add_settings(course, f"[tool.grader.server]\n{ADDRESS}\n")
    with open_gradebook(find_course(course)) as book:
        people = (
            student("ada", name="Ada Lovelace", email="ada@example.edu", login="al"),
            student("bob", name="=HYPERLINK(1)", email="bob@example.edu"),
            student("eve", name="Eve"),
        )
        book.enrol(roster(*people), who="test")
    return course


def test_it_serves_until_it_is_told_to_stop(course: Path) -> None:
    with running_server(course, "--jobs", "1", "--unsafe") as server:
        assert httpx2.get(f"{server.address}/healthz").json()["status"] == "ok"
        link = server.invitation("ada")
        with httpx2.Client(headers={"origin": server.address}, follow_redirects=True) as browser:
            assert "Welcome, Ada" in browser.get(link).text
            home = browser.post(link)
        assert home.status_code == 200
        assert "You are signed in as Ada Lovelace." in home.text
        assert "/homeworks/demo" in home.text
        # While somebody is connected and sends nothing.
        host, _, port = server.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))):
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(40) == 0
        assert server.process.stdout is not None
        assert server.process.stdout.read().endswith("The server has stopped.\n")


def test_nothing_is_lost_when_people_are_invited_while_it_serves(course: Path) -> None:
    with running_server(course, "--jobs", "0") as server:
        server.site.engine.dispose()  # only the server has the gradebook open now
        browsers = {}
        for name in ("ada", "bob"):
            ran = run_grader("serve", "invite", name, cwd=course)
            browser = browsers[name] = httpx2.Client(headers={"origin": server.address})
            link = server.address + urlsplit(ran.out.split()[-1]).path
            assert browser.post(link).status_code == 303, name
        for name, browser in browsers.items():
            assert browser.get(f"{server.address}/homeworks").status_code == 200, name
            browser.close()


def test_ctrl_c_stops_it_too(course: Path) -> None:
    with running_server(course, "--jobs", "0") as server:
        # It answers: whoever ends a command that is still starting reads "stopped" and gets 130.
        assert httpx2.get(f"{server.address}/healthz").is_success
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(40) == 0


def test_a_port_that_is_taken_is_named(course: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = run_grader("serve", "--port", taken.getsockname()[1], cwd=course)
    assert ran.code == 2
    assert "Address already in use" in ran.said
    assert "another port with --port" in ran.said


def test_a_gradebook_that_is_not_there_yet_is_told(course: Path) -> None:
    """Else a slip in its name would look like a course that has lost its grades."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = ("serve", "--port", taken.getsockname()[1], "--database", "grades.sqlite")
        first = run_grader(*command, cwd=course).said
        (course / "grades.sqlite").touch()
        second = run_grader(*command, cwd=course).said
    assert "There is no gradebook" in first
    assert "grades.sqlite yet: a new, empty one is made." in first
    assert "There is no gradebook" not in second


@pytest.mark.parametrize(
    ("settings", "options", "said"),
    [
        ("", ("--host", "0.0.0.0"), "under which address people reach it"),
        ("", ("--host", "no.such.host.invalid"), "under which address people reach it"),
        ("", ("--demo", "--host", "0.0.0.0"), "on this machine only"),
        ("", ("--host", "127.0.0.1.evil.example"), "under which address people reach it"),
        ('address = "grader.example.edu"', (), "is no address of a website"),
        ('address = "ftp://grader.example.edu"', (), "is no address of a website"),
        ('address = "https://e.edu/a?b=1"', (), "is no address of a website"),
        ('address = "https://e.edu/a"', ("--root-path", "/b"), "differ"),
        ('address = "https://e.edu/homeworks"', (), "server's own pages"),
        ("", ("--root-path", "/a b"), "has to encode"),
        ("", ("--root-path", "/../x"), "has to encode"),
        ('addres = "https://e.edu"', (), "addres"),
        ("upload_mb = 0", (), "upload_mb"),
    ],
)
def test_what_cannot_be_served_is_said_before(
    course: Path, settings: str, options: tuple[str, ...], said: str
) -> None:
    add_settings(course, f"[tool.grader.server]\n{settings}\n")
    ran = run_grader("serve", "--port", "0", "--jobs", "0", *options, cwd=course)
    assert ran.code == 2, ran.said
    assert said in ran.said


def test_a_link_is_made_for_each_whom_one_names(enrolled: Path) -> None:
    ran = run_grader("serve", "invite", "ADA", "bob@example.edu", cwd=enrolled)
    assert ran.code == 0, ran.said
    ada, bob = ran.out.splitlines()
    assert ada.startswith("Ada Lovelace (ada): https://grader.example.edu/ml/invitation/")
    assert "(bob): https://grader.example.edu/ml/invitation/" in bob
    assert ran.err == ""


def test_without_an_address_the_links_say_where_they_work(course: Path) -> None:
    ran = run_grader("serve", "invite", "olga", "--role", "owner", cwd=course)
    assert ran.out.startswith("olga (olga): http://127.0.0.1:8000/invitation/")
    assert "work on this machine only" in ran.said
    ran = run_grader("serve", "invite", "olga", "--role", "owner", "--port", 8765, cwd=course)
    assert ran.out.startswith("olga (olga): http://127.0.0.1:8765/invitation/")


def test_a_file_of_links_is_for_its_owner_and_harmless_in_a_spreadsheet(enrolled: Path) -> None:
    file = enrolled / "links.csv"
    ran = run_grader("serve", "invite", "--all", "--csv", file, cwd=enrolled)
    assert ran.code == 0, ran.said
    assert "3 links are in" in ran.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["id"] for row in rows] == ["ada", "bob", "eve"]
    assert rows[1]["name"] == "'=HYPERLINK(1)"
    assert len({row["link"] for row in rows}) == 3


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "whom do you invite?"),
        (("ada", "--all"), "whom do you invite?"),
        (("adda",), "ada"),
        (("nobody-like-this",), "nobody-like-this"),
        (("x", "--role", "boss"), "there is no role 'boss'"),
        (("--all", "--role", "marker"), "does not go with --all"),
        (("a", "b", "--role", "marker", "--name", "A"), "one person of staff"),
        (("ada", "--email", "a@b.c"), "one person of staff"),
        (("--all", "--mail", "--csv", "x.csv"), "give one of them"),
        (("--all", "--mail"), "[tool.grader.server.mail]"),
        (("--all", "--csv", "no/such/folder/x.csv"), "cannot write"),
        (("a b/c", "--role", "owner"), "the id"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    enrolled: Path, args: tuple[str, ...], said: str
) -> None:
    ran = run_grader("serve", "invite", *args, cwd=enrolled)
    assert ran.code == 2, ran.said
    assert said in ran.said


def test_nobody_is_on_the_roster_yet(course: Path) -> None:
    ran = run_grader("serve", "invite", "--all", cwd=course)
    assert ran.code == 2
    assert "gradebook roster FILE" in ran.said


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    with post_office() as office:
        yield office


def test_links_are_sent_by_mail_and_what_failed_is_named(
    enrolled: Path, post: tuple[Post, str]
) -> None:
    handler, settings = post
    add_settings(enrolled, settings)
    ran = run_grader("serve", "invite", "--all", "--mail", cwd=enrolled)
    assert ran.code == 1, ran.said
    assert "1 invitation was sent." in ran.out
    assert "(bob): not sent: 550 no such user" in ran.err
    assert "Eve (eve): not sent: the roster has no email address" in ran.err
    [sent] = handler.kept
    assert isinstance(sent.content, bytes)
    assert sent.rcpt_tos == ["ada@example.edu"]
    assert b"Your invitation to Tiny" in sent.content
    assert b"https://grader.example.edu/ml/invitation/" in sent.content.replace(b"=\r\n", b"")
    assert "invitation/" not in ran.said


def test_a_mail_server_that_is_away_ends_no_earlier_link(enrolled: Path) -> None:
    add_settings(
        enrolled,
        '[tool.grader.server.mail]\nhost = "127.0.0.1"\nport = 9\nsender = "c@example.edu"\n',
    )
    first = run_grader("serve", "invite", "ada", cwd=enrolled).out.split("/invitation/")[1].strip()
    ran = run_grader("serve", "invite", "--all", "--mail", cwd=enrolled)
    assert ran.code == 2
    assert "cannot be used" in ran.said
    from grader.server.site.site import open_site

    site = open_site(find_course(enrolled), "https://grader.example.edu/ml")
    try:
        assert site.accounts.invited(first) is not None
    finally:
        site.book.close()


def test_a_demonstration_leaves_the_course_as_it_is(course: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in course.rglob("*")}
    with running_server(course, "--demo", "--jobs", "0") as server:
        page = httpx2.get(f"{server.address}/sign-in").text
        for name in ("Ada Lovelace", "Grace Hopper", "Olga Taussky"):
            assert name in page
        headers = {"origin": server.address}
        done = httpx2.post(f"{server.address}/sign-in/demo", data={"id": "ada"}, headers=headers)
        assert done.status_code == 303
        with httpx2.Client(headers=headers, follow_redirects=True) as staff:
            staff.post(f"{server.address}/sign-in/demo", data={"id": "olga"})
            asked = staff.get(f"{server.address}/requests").text
            assert "3 requests about the same check" in asked
            released = staff.get(f"{server.address}/homeworks/demo/release").text
            assert "of 12 students see their grade" in released
        rebound = httpx2.get(f"{server.address}/sign-in", headers={"host": "evil.example"})
        assert rebound.status_code == 421
        assert os.getpid() != server.process.pid
    there = {path for path in course.rglob("*") if ".grader" not in path.parts}
    assert {path for path in there if before.get(path) != path.stat().st_mtime_ns} <= {course}


def test_answers_leave_without_waiting_for_an_acknowledgement() -> None:
    """Else each of a page's requests takes 40 ms more on a connection that is kept."""

    async def without_delay() -> bool:
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connected = writer.get_extra_info("socket")
            told.set_result(connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with bind("127.0.0.1", 0) as listening:
            server = await asyncio.start_server(answer, sock=listening)
            async with server:
                _, writer = await asyncio.open_connection(*listening.getsockname())
                writer.close()
                return bool(await told)

    assert asyncio.run(without_delay())


@pytest.mark.parametrize("address", ["nowhere", "http://127.0.0.1:8786", "tcp://host", "tcp://h:x"])
def test_what_is_no_scheduler_is_told_before_anything_is_served(course: Path, address: str) -> None:
    done = run_grader("serve", "--port", "0", "--no-open", "--scheduler", address, cwd=course)
    assert done.code == 2
    assert f"--scheduler {address} is no address" in done.said
    assert "tcp://HOST:PORT" in done.said


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("max", "the email address 'max' has no @"),
        ("max@example", "does not end with the name of a machine"),
        ("max example@example.edu", "contains a space"),
        ("<max@example.edu>", "contains signs that no address has"),
        ("Max <max@example.edu", "contains a space"),
        ("@example.edu", "has nothing before its @"),
        ("max@example.edu\nBcc: all@example.edu", "contains a space"),
        ("a" * 250 + "@example.edu", "is longer than 254 characters"),
    ],
)
def test_what_is_no_email_address_is_refused(enrolled: Path, email: str, said: str) -> None:
    ran = run_grader("serve", "invite", "max", "--role", "marker", "--email", email, cwd=enrolled)
    assert ran.code == 2, ran.said
    assert said in ran.said
    assert "give one such as ada@example.edu" in ran.said


def test_addresses_as_people_have_them_are_taken(enrolled: Path) -> None:
    for email in ("m.o'hara+ml@sub.example.edu", " max@example.edu ", "jürgen@münchen.example"):
        command = ("serve", "invite", "max", "--role", "marker", "--email", email)
        ran = run_grader(*command, cwd=enrolled)
        assert ran.code == 0, ran.said


def test_a_file_of_links_says_whom_a_mail_merge_does_not_reach(enrolled: Path) -> None:
    with open_gradebook(find_course(enrolled)) as book:
        people = (
            student("ada", email="ada@example.edu"),
            student("bob", email="bob at example"),
            student("eve"),
        )
        book.enrol(roster(*people), who="test")
    ran = run_grader("serve", "invite", "--all", "--csv", "links.csv", cwd=enrolled)
    assert ran.code == 0, ran.said
    assert "A mail merge does not reach bob, eve: they have no email address" in ran.said
