"""How long staff wait for the page of the class now, for `bench --class-page`.

A server of its own shows a made-up class in which everybody has a graded attempt at every homework.
Beside the page, in turn with it, stands the bare query: one statement that reads from the same
database the rows which the page is made of, and makes nothing of them.
"""

from __future__ import annotations

import contextlib
import statistics
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from grader.benchmark.gradebook import made_up_entries, seconds_of
from grader.benchmark.server import WHO, copy_with_students, quantile_ms, running_server
from grader.course.course import Course
from grader.server.http.cookies import cookie_name
from grader.server.records import Role
from grader.server.site.site import open_site

RUNS = 15
AT_ONCE = 1000
_BARE = """
SELECT students.*, attempts.*, reports.*, report_texts.staff, hand_ins.*
FROM attempts
JOIN students ON students.key = attempts.student
JOIN reports ON reports.attempt = attempts.key
JOIN report_texts ON report_texts.report = reports.key
LEFT JOIN hand_ins ON hand_ins.attempt = attempts.key
WHERE attempts.assignment = :assignment
"""


@dataclass(frozen=True)
class ClassPageCost:
    """Milliseconds of the page and of the bare query. ratio: the median of pairs. first_ms: the
    page after the server has started."""

    students: int
    homeworks: int
    first_ms: float
    page_p50_ms: float
    page_p95_ms: float
    bare_p50_ms: float
    ratio: float


def measure_class_page(
    course: Course, folder: Path, students: int, progress: Callable[[int], None]
) -> ClassPageCost:
    """Show the class page of a class of so many. progress: takes how many attempts are recorded."""
    home = copy_with_students(course, folder / "course", students)
    site = open_site(home, "http://localhost")
    with contextlib.closing(site.book):
        owner = site.accounts.add_staff("owner", Role.OWNER, "Owner", who=WHO)
        done = 0
        for name in home.names:
            entries = list(made_up_entries(name, [f"s{each:05}" for each in range(students)]))
            for start in range(0, len(entries), AT_ONCE):
                site.book.record(entries[start : start + AT_ONCE], who=WHO)
                done += len(entries[start : start + AT_ONCE])
                progress(done)
        secret, _ = site.accounts.open_session(owner)
        name = home.names[0]
        with running_server(home, 0, ()) as (address, _):
            page = urllib.request.Request(
                f"{address}/homeworks/{name}/class",
                headers={"Cookie": f"{cookie_name(site)}={secret}", "Accept": "text/html"},
            )
            first = seconds_of(lambda: _read(page))
            pairs = [
                (seconds_of(lambda: _read(page)), seconds_of(lambda: _bare(site.engine, name)))
                for _ in range(RUNS)
            ]
    pages, bare = zip(*pairs, strict=True)
    return ClassPageCost(
        students=students,
        homeworks=len(home.names),
        first_ms=round(first * 1000, 1),
        page_p50_ms=quantile_ms(pages, 0.5),
        page_p95_ms=quantile_ms(pages, 0.95),
        bare_p50_ms=quantile_ms(bare, 0.5),
        ratio=round(statistics.median(page / query for page, query in pairs), 2),
    )


def _read(page: urllib.request.Request) -> None:
    with urllib.request.urlopen(page, timeout=300) as answer:
        answer.read()


def _bare(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(_BARE), {"assignment": name}).all()
