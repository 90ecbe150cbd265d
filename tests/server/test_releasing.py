"""Grades are released and taken back on their page, looked at before, and told by mail."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from looking import mark, serving_graded
from mailing import ADDRESS, Post, post_office
from running import run_grader
from serving import Serving, csrf_of, post
from starlette.testclient import TestClient

from grader.gradebook.mails import Mails, MailState
from grader.gradebook.records import StandingKind
from grader.gradebook.standings import decide_standing
from grader.server.routes import ROUTES

RELEASE = "/homeworks/demo/release"


@pytest.fixture
def graded(tmp_path: Path) -> Iterator[Serving]:
    """ada's grade is final, bob's and eve's are not."""
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as served:
        mark(served, "ada", 3, "Says why (3)")
        yield served


@pytest.fixture
def owner(graded: Serving) -> TestClient:
    return graded.signed_in("olga")


def words(page: str) -> str:
    """The text of a page, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def everything_of(client: TestClient, key: int) -> str:
    """All that the application answers a student who asks for a hand-in and its homework."""
    examples = {"name": "demo", "key": str(key), "file": "demo.py", "id": "0", "secret": "0"}
    told = []
    for route in ROUTES:
        if "GET" in route.methods and route.name not in ("static", "oidc_begin", "oidc_end"):
            path = re.sub(r"{(\w+)[^}]*}", lambda found: examples.get(found[1], "0"), route.path)
            told.append(client.get(f"{path}?student=ada").text)
    return "\n".join(told)


def test_a_grade_is_seen_from_its_release_until_it_is_taken_back(
    graded: Serving, owner: TestClient
) -> None:
    ada, secret = graded.signed_in("ada"), "Says why (3)"
    assert secret not in everything_of(ada, 1)
    assert "6 of 7" not in words(everything_of(ada, 1))
    sent = post(owner, RELEASE, student="Ada Lovelace")
    assert sent.status_code == 303
    assert secret in everything_of(ada, 1)
    assert "Grade: 6 of 7 points" in words(everything_of(ada, 1))
    assert "Your grade" not in everything_of(graded.signed_in("bob"), 2)
    assert post(owner, "/homeworks/demo/take-back", student="ada").status_code == 303
    assert secret not in everything_of(ada, 1)
    again = post(owner, "/homeworks/demo/take-back", student="ada")
    assert again.status_code == 409
    page = words(owner.get(RELEASE).text)
    assert "olga: grades of ada : taken back" in page
    assert "olga: grades of ada : released" in page


def test_open_grades_are_released_only_when_that_is_confirmed(
    graded: Serving, owner: TestClient
) -> None:
    page = words(owner.get(RELEASE).text)
    assert "0 of 3 students see their grade now" in page
    assert "why: not marked yet: Bob Noyce" in page
    assert "although 1 is open" in page  # eve has handed in nothing, which is final
    refused = post(owner, RELEASE)
    assert refused.status_code == 422
    assert "1 of 3 grades are not final" in refused.text
    assert not graded.site.book.is_released("demo", graded.site.book.student("bob"))
    assert post(owner, RELEASE, anyway="on").status_code == 303
    assert "3 of 3 students see their grade now" in words(owner.get(RELEASE).text)
    assert "so far" in graded.signed_in("bob").get("/hand-ins/2").text


def test_a_section_is_released_by_itself(graded: Serving, owner: TestClient) -> None:
    from books import roster, student

    people = roster(student("ada", section="A"), student("bob", section="B"), student("eve"))
    graded.site.book.enrol(people, who="test")
    assert post(owner, RELEASE, section="A").status_code == 303
    assert "Section A" in owner.get(RELEASE).text
    sees = [graded.site.book.is_released("demo", each) for each in graded.site.book.students()]
    assert sees == [True, False, False]
    assert post(owner, RELEASE, section="C").status_code == 422
    assert post(owner, RELEASE, whom="student", student="").status_code == 422
    listed = words(owner.get(f"{RELEASE}?section=B").text).split("The students")[1]
    assert "bob" in listed
    assert "Preview" in listed
    assert "eve" not in listed.split("What was released")[0]


def test_a_preview_is_the_students_own_page_and_says_that_it_is_one(
    graded: Serving, owner: TestClient
) -> None:
    before = owner.get("/homeworks/demo/preview?student=ada").text
    assert "Preview:" in before
    assert "Your grade" in before
    assert "Your grade" not in owner.get("/homeworks/demo/preview?student=ada&when=now").text
    post(owner, RELEASE, student="ada")
    theirs = graded.signed_in("ada").get("/hand-ins/1").text
    body = theirs[
        theirs.index('<p class="score">') : theirs.index('<section aria-labelledby="look')
    ]
    preview = owner.get("/homeworks/demo/preview?student=ada&when=now").text
    assert "double" in body
    assert body in preview
    # Nothing that only staff may read is in it.
    staff = owner.get("/hand-ins/1").text
    seed = "3" * 32
    assert seed in staff
    assert seed not in preview
    assert owner.get("/homeworks/demo/preview?student=eve").status_code == 200
    assert owner.get("/homeworks/demo/preview?student=nobody").status_code == 404


def test_a_zip_has_what_students_see_and_nothing_else(graded: Serving, owner: TestClient) -> None:
    def download(worksheet: bytes = b"", **fields: str) -> tuple[int, dict[str, str]]:
        token = csrf_of(owner.get(RELEASE))
        files = {"worksheet": ("worksheet.csv", worksheet, "text/csv")}
        answer = owner.post("/homeworks/demo/zip", data={"csrf": token, **fields}, files=files)
        if answer.status_code != 200:
            return answer.status_code, {"": answer.text}
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            read = {each: archive.read(each).decode() for each in archive.namelist()}
        return 200, read

    assert download()[0] == 409
    post(owner, RELEASE, student="ada")
    code, files = download()
    assert (code, sorted(files)) == (200, ["ada.html", "ada.md"])
    assert "Your grade" in files["ada.html"]
    assert "def double" in words(files["ada.html"]) or "double" in files["ada.html"]
    assert "6 of 7" in files["ada.md"]
    sheet = "Identifier,Full name,Email address\nParticipant 7,Ada Lovelace,ada@example.edu\n"
    code, files = download(sheet.encode())
    assert list(files) == ["Ada Lovelace_7_assignsubmission_file_/feedback.html"]
    stranger = sheet.replace("Ada Lovelace", "Ann Other").replace("ada@", "ann@").encode()
    code, files = download(stranger)
    assert code == 422
    assert "ada" in files[""]
    assert download(stranger, anyway="on")[0] == 200
    code, files = download(b"nothing")
    assert code == 422
    assert "worksheet" in files[""]
    assert "/tmp" not in files[""]
    with_other_token = owner.post(
        "/homeworks/demo/zip", data={"csrf": "x"}, files={"worksheet": ("w.csv", b"", "text/csv")}
    )
    assert with_other_token.status_code == 403


def test_the_class_report_has_the_code_that_came_through_the_server(graded: Serving) -> None:
    root = graded.site.course.root
    ran = run_grader("report", "demo", "--to", "class", cwd=root)
    assert ran.code == 0, ran.said
    assert "was not found" not in ran.said
    assert "2 submissions of demo" in ran.said


# By mail


@pytest.fixture
def mailing(tmp_path: Path) -> Iterator[tuple[Serving, Post]]:
    """The same class with a mail server, which refuses bob."""
    with (
        post_office() as (office, settings),
        serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}, settings=ADDRESS + settings) as served,
    ):
        mark(served, "ada", 3, "Says why (3)")
        yield served, office


def test_each_student_is_told_once_and_failures_are_named(
    mailing: tuple[Serving, Post],
) -> None:
    served, office = mailing
    owner, mail = served.signed_in("olga"), "/homeworks/demo/mail"
    assert "Nobody sees their grade now" in owner.get(mail).text
    assert post(owner, mail).status_code == 303
    assert office.kept == []
    post(owner, RELEASE, anyway="on")
    page = owner.get(mail).text
    assert "3 to send" in page
    assert office.kept == []
    sent = post(owner, mail)
    assert sent.status_code == 303
    said = words(owner.get(mail).text)
    assert "2 mails sent." in said
    assert "Not sent: bob" in said
    assert "Bob Noyce (1 of 7, so far): last time not sent, 550 no such user" in said
    assert sorted(office.people) == ["ada@example.edu", "eve@example.edu"]
    assert "https://grader.example.edu/homeworks/demo" in office.text("ada@example.edu")
    assert "6 of 7" not in office.text("ada@example.edu")
    # bob alone is tried again.
    post(owner, mail)
    assert sorted(office.people) == ["ada@example.edu", "eve@example.edu"]
    assert "1 to send" in owner.get(mail).text
    # A grade that changes is not told again by itself.
    mark(served, "ada", 4, "Says why (3)", "With an example (1)")
    assert "has been told 6 of 7" in owner.get(mail).text
    post(owner, mail)
    assert office.people.count("ada@example.edu") == 1
    post(owner, mail, again="on", sheet="on")
    assert office.people.count("ada@example.edu") == 2
    told = office.text("ada@example.edu")
    assert "7 of 7 points" in told
    assert "With an example" in told
    assert "max" not in told  # who marked it is not told


def test_who_has_withdrawn_reads_so_gets_no_mail_and_is_not_marked(
    mailing: tuple[Serving, Post],
) -> None:
    served, _ = mailing
    owner, site = served.signed_in("olga"), served.site
    question = "/homeworks/demo/questions/why"
    assert "1 of 2 marked" in words(owner.get("/homeworks/demo/questions").text)
    decide_standing(
        site.book, site.course, "bob", StandingKind.WITHDRAWN, who="olga", why="left the university"
    )
    post(owner, RELEASE, anyway="on")
    assert "Bob Noyce : has withdrawn from the course" in words(
        owner.get("/homeworks/demo/mail").text
    )
    assert post(owner, "/homeworks/demo/mail").status_code == 303
    said = words(owner.get("/homeworks/demo/mail").text)
    assert "2 mails sent." in said
    assert "Not sent" not in said
    # His answer waits for nobody, and can still be read.
    assert "1 of 1 marked" in words(owner.get("/homeworks/demo/questions").text)
    assert "Everything is marked" in owner.get(question, follow_redirects=True).text
    assert "Bob Noyce" in owner.get("/homeworks/demo/hand-ins").text
    assert owner.get("/hand-ins/2").status_code == 200
    for page in (owner.get(f"/students/{served.account('bob').student}"), bobs_total(served)):
        said = words(page.text)
        assert "of 7, withdrawn, left the university" in said
        assert "excused" not in said.split("Decide on")[0]
    row = next(
        line for line in owner.get("/totals/table").text.splitlines() if line.startswith("bob,")
    )
    assert "withdrawn" in row
    assert "excused" not in row


def bobs_total(served: Serving) -> httpx2.Response:
    return served.signed_in("bob").get("/total")


def test_a_mail_that_was_interrupted_is_not_sent_again_by_itself(
    mailing: tuple[Serving, Post],
) -> None:
    served, office = mailing
    owner, mail = served.signed_in("olga"), "/homeworks/demo/mail"
    post(owner, RELEASE, student="ada")
    mails = Mails(served.site.engine, served.clock)
    assert mails.begin("demo", "ada", "6 of 7", None, "olga")
    assert not mails.begin("demo", "ada", "6 of 7", None, "max"), "somebody else is sending"
    assert "may have arrived" in owner.get(mail).text
    post(owner, mail)
    assert office.people == []
    post(owner, mail, again="on")
    assert office.people == ["ada@example.edu"]
    assert mails.of("demo")["ada"].state is MailState.SENT


def test_the_command_does_the_same(mailing: tuple[Serving, Post]) -> None:
    served, office = mailing
    root, owner = served.site.course.root, served.signed_in("olga")
    release = ("gradebook", "release", "demo", "--mail")
    ran = run_grader(*release, "--dry-run", cwd=root)
    assert ran.code == 0, ran.said
    assert "3 mails would be sent. Nothing was released or sent." in ran.out
    assert "0 of 3 students see their grade now" in words(owner.get(RELEASE).text)
    ran = run_grader(*release, cwd=root)
    assert ran.code == 1, ran.said
    assert "2 mails sent." in ran.out
    assert "Bob Noyce (bob): not sent: 550 no such user" in ran.err
    assert "3 of 3 students see their grade now" in words(owner.get(RELEASE).text)
    post(owner, "/homeworks/demo/mail")
    assert sorted(office.people) == ["ada@example.edu", "eve@example.edu"]
    assert run_grader("gradebook", "release", "demo", "--again", cwd=root).code == 2


def test_without_a_mail_server_nothing_is_sent_and_it_is_said(
    graded: Serving, owner: TestClient
) -> None:
    post(owner, RELEASE, student="ada")
    assert "There is no mail server in the settings" in owner.get("/homeworks/demo/mail").text
    refused = post(owner, "/homeworks/demo/mail")
    assert refused.status_code == 502
    assert "tool.grader.server.mail" in refused.text
    assert Mails(graded.site.engine, graded.clock).of("demo") == {}
