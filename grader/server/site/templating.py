"""The environment in which pages are filled: text stays text, whoever wrote it."""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from grader._internal.clock import due_in
from grader._internal.text import size
from grader.course.course import Course
from grader.reports.pages.render import make_environment, moment
from grader.server.problems import sentence
from grader.server.records import Account
from grader.server.site.static import StaticFiles

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parents[1] / "templates"


def make_pages(static: StaticFiles, root_path: str, course: Course) -> Environment:
    """Our templates beside those of report pages, with their filters.

    `static("style.css")` in a template is a static file's address; `at|moment(account)` a time as
    that person reads it.
    """
    environment = make_environment(TEMPLATES)
    environment.globals["static"] = lambda name: root_path + static[name].path
    environment.filters["moment"] = lambda at, account: moment(at, zone_of(account, course))
    environment.filters["person"] = lambda student, label="": student or label  # of report pages
    environment.filters["left"] = due_in
    environment.filters["size"] = size
    environment.filters["sentence"] = sentence
    return environment


def zone_of(account: Account | None, course: Course) -> tzinfo:
    """The time zone in which somebody reads times: theirs, else the course's, else UTC."""
    if account is not None and account.timezone:
        try:
            return ZoneInfo(account.timezone)
        except (KeyError, ValueError, OSError):
            pass  # this machine's list of zones has changed
    return course.zone or UTC
