"""A slip in one homework's assignment.toml while the course is on the web."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import httpx2
import pytest
from making import DEMO_RIGHT, write_course
from running_server import RunningServer, running_server
from serving import Serving, csrf_of, serving

BROKEN = ("\nunknown_key = 1\n", "unknown key `limits.unknown_key`")
PAGES_OF_STUDENTS = ("/", "/homeworks", "/homeworks/demo", "/homeworks/demo/handout", "/total")
PAGES_OF_STAFF = (
    *("/", "/totals", "/totals/table", "/students", "/requests", "/roster", "/people"),
    *("/homeworks/demo/class", "/homeworks/demo/hand-ins", "/homeworks/demo/release"),
    *("/homeworks/demo/questions", "/homeworks/demo/faults", "/homeworks/demo/shares"),
)


def two_homeworks(folder: Path) -> Path:
    """`demo`, and `other`, which is the same under another name."""
    root = write_course(folder)
    for part in ("assignments", "solutions"):
        shutil.copytree(root / part / "demo", root / part / "other")
        for each in (root / part / "other").glob("demo.py"):
            each.rename(each.with_name("other.py"))
    spec = spec_of(root, "other")
    spec.write_text(spec.read_text().replace('"Demo"', '"Other"'))
    return root


def spec_of(root: Path, name: str = "demo") -> Path:
    return root / "assignments" / name / "assignment.toml"


def slip(root: Path, name: str = "demo") -> str:
    """Break the file; what stood in it."""
    text = spec_of(root, name).read_text()
    spec_of(root, name).write_text(text + BROKEN[0])
    return text


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return two_homeworks(tmp_path / "course")


def check_pages(served: Serving, *, told: bool) -> None:
    staff, student = served.signed_in("olga"), served.signed_in("ada")
    for path in PAGES_OF_STAFF:
        answer = staff.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        if path != "/totals/table":
            assert (BROKEN[1] in answer.text) is told, path
            assert ("demo/assignment.toml" in answer.text) is told, path
    for path in PAGES_OF_STUDENTS:
        answer = student.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        assert BROKEN[1] not in answer.text
        assert "assignment.toml" not in answer.text


def test_a_slip_takes_no_page_away_and_is_told_to_staff_alone(root: Path) -> None:
    with serving(root) as served:
        check_pages(served, told=False)
        text = slip(root)
        check_pages(served, told=True)
        assert "Demo" in served.signed_in("ada").get("/homeworks").text
        spec_of(root).write_text(text.replace('"Demo"', '"Corrected"'))
        check_pages(served, told=False)
        assert "Corrected" in served.signed_in("ada").get("/homeworks").text


def test_after_a_restart_it_is_as_it_was_read_last(root: Path) -> None:
    with serving(root) as served:
        served.signed_in("olga").get("/")
    slip(root)
    with serving(root) as served:
        check_pages(served, told=True)
        assert "pages show what could be read of it last" in served.signed_in("olga").get("/").text


def test_each_is_read_when_the_server_starts_whether_anybody_comes_or_not(root: Path) -> None:
    with running_server(root, "--jobs", "0") as server:
        httpx2.get(f"{server.address}/healthz").raise_for_status()
    slip(root)
    with running_server(root, "--jobs", "0") as server:
        assert server.process.stdout is not None
        assert "demo/assignment.toml: unknown key" in server.process.stdout.readline()
    with serving(root) as served:
        check_pages(served, told=True)


def test_what_was_never_read_is_left_out_and_no_total_is_final(root: Path) -> None:
    slip(root)
    with serving(root) as served:
        staff, student = served.signed_in("olga"), served.signed_in("ada")
        for path in ("/", "/totals", "/homeworks/other/class", "/students", "/requests"):
            answer = staff.get(path)
            assert answer.status_code == 200, f"{path}: {answer.text}"
            assert "pages leave “demo” out" in answer.text
        served.site.book.adjust("other", "ada", 1, who="olga", why="for the test")
        assert "0 of 3 totals are final" in staff.get("/totals").text
        for path in ("/homeworks", "/homeworks/other", "/total"):
            answer = student.get(path)
            assert answer.status_code == 200, path
            assert "assignment.toml" not in answer.text
        assert "Other" in student.get("/homeworks").text
        answer = staff.get("/homeworks/demo/class")
        assert answer.status_code == 503
        assert BROKEN[1] in answer.text
        assert student.get("/homeworks/demo").status_code == 503


def test_no_grade_is_made_up_where_free_days_may_have_gone_to_what_is_not_known(root: Path) -> None:
    with (root / "pyproject.toml").open("a") as file:
        file.write("[tool.grader.late]\npercent_per_day = 10\nfree_days = 2\n")
    slip(root)
    with serving(root) as served:
        assert served.signed_in("olga").get("/totals").status_code == 503


def test_files_that_change_twice_at_once_are_read_twice(root: Path) -> None:
    """The clock of files stands still for some milliseconds, and the size may stay the same."""
    with serving(root) as served:
        text = spec_of(root).read_text()
        for number in range(20):
            spec_of(root).write_text(text.replace('"Demo"', f'"Dem{number % 10}"'))
            assert served.site.course.spec("demo").title == f"Dem{number % 10}"


def test_students_hand_in_while_it_is_broken_and_it_is_graded_once_it_is_corrected(
    root: Path,
) -> None:
    with (
        running_server(root, "--jobs", "1", "--unsafe") as server,
        httpx2.Client(
            base_url=server.address, headers={"origin": server.address}, follow_redirects=True
        ) as browser,
    ):
        browser.post(server.invitation("ada")).raise_for_status()
        text = slip(root)
        handed_in = hand_in(server, browser)
        assert "assignment.toml" not in handed_in.text
        spec_of(root).write_text(text)
        key = re.search(r"/hand-ins/(\d+)", str(handed_in.url))
        assert key, handed_in.url
        graded = wait_until_graded(server, int(key[1]))
    assert graded == "graded"


def hand_in(server: RunningServer, browser: httpx2.Client) -> httpx2.Response:
    """By the forms of the pages, from the choice of the file to the receipt."""
    page = browser.get("/homeworks/demo").raise_for_status()
    draft = browser.post(
        "/homeworks/demo/upload",
        data={"csrf": csrf_of(page)},
        files={"files": ("demo.py", DEMO_RIGHT.encode())},
    ).raise_for_status()
    assert "demo.py" in draft.text
    return browser.post(str(draft.url), data={"csrf": csrf_of(draft)}).raise_for_status()


def wait_until_graded(server: RunningServer, key: int) -> str:
    import time

    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        found = server.site.hand_ins.hand_in(key)
        assert found is not None
        if found.state.value not in ("waiting", "grading"):
            return found.state.value
        time.sleep(0.2)
    return "waiting"
