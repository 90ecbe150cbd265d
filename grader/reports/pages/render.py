"""Pages as bytes: jinja2 fills the templates, whose directory holds the style sheet too."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from grader._internal.install_hint import install_hint
from grader._internal.text import printable
from grader.errors import UsageError
from grader.reports.pages.listing import Listing
from grader.reports.pages.view import is_hidden, points, view_of
from grader.reports.schema import Report

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


class IndexRow(Protocol):
    """What the index says of a submission."""

    @property
    def assignment(self) -> str: ...
    @property
    def student(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def max_score(self) -> float: ...
    @property
    def counts(self) -> bool: ...
    @property
    def status(self) -> str: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def diagnosis(self) -> str | None: ...


class Pages:
    """Makes pages. The templates are compiled once, so keep one for many."""

    def __init__(
        self, people: Mapping[str, str] = MappingProxyType({}), zone: tzinfo | None = None
    ) -> None:
        """Raises UsageError if jinja2 is not installed.

        people: the names of people, by the names under which they handed in. zone: of the times;
        None for UTC.
        """
        environment = make_environment(zone=zone)

        def person(student: str, label: str = "") -> str:
            name = people.get(student, "")
            return f"{name} ({label or student})" if name else label or student

        environment.filters["person"] = person
        # Exactly as the templates include them, because the pages contain their hashes.
        self._style = environment.get_template("style.css").render()
        self._script = environment.get_template("sort.js").render()
        self._page = environment.get_template("page.html.j2")
        self._index = environment.get_template("index.html.j2")

    def page(
        self, report: Report, code: Listing, pictures: Mapping[str, bytes], label: str
    ) -> bytes:
        """The page of a report, for whom that report is.

        label: the report's file name without its ending. pictures: as the report names them;
        others are not looked at.
        """
        return self._page.render(
            view=view_of(report, code, pictures),
            label=label,
            policy=content_policy([self._style]),
        ).encode("utf-8", "replace")

    def index(self, rows: Sequence[IndexRow]) -> bytes:
        """The staff's table of submissions, a part for each homework."""
        from statistics import mean, median  # slow to load, for who wants no pages

        ordered = sorted(rows, key=lambda row: (row.assignment, row.label))
        parts = []
        for name, group in groupby(ordered, key=lambda row: row.assignment):
            listed = list(group)
            scores = [row.score for row in listed if row.counts]
            parts.append(
                {
                    "name": name,
                    "rows": listed,
                    "mean": round(mean(scores), 1) if scores else None,
                    "median": round(median(scores), 1) if scores else None,
                    "best": max((row.max_score for row in listed), default=0),
                }
            )
        return self._index.render(
            parts=parts, policy=content_policy([self._style], [self._script])
        ).encode("utf-8", "replace")


def content_policy(styles: Sequence[str], scripts: Sequence[str] = ()) -> str:
    """A Content-Security-Policy: our own styles and scripts by their hashes, inline pictures,
    nothing else."""
    parts = ["default-src 'none'", "img-src data:"]
    parts += [f"style-src {' '.join(map(_hash, styles))}"]
    parts += [f"script-src {' '.join(map(_hash, scripts))}"] if scripts else []
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def moment(at: datetime, zone: tzinfo | None) -> str:
    """A time for people, with its zone: "Fri 27 Mar 2026, 23:59 CET". zone: None for UTC."""
    local = at.astimezone(zone or UTC)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} {local.tzname()}"


def make_environment(*more: Path, zone: tzinfo | None = None) -> Environment:
    """jinja2 with these templates and those of other folders, where text stays text.

    zone: of the times, None for UTC. Raises UsageError if jinja2 is not installed.
    """
    try:
        import jinja2
    except ImportError:
        raise UsageError(
            f"making pages needs jinja2, which is not installed; run: {install_hint('staff')}"
        ) from None
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*more, TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        # A report's texts are already printable; everything else that a template shows must be too.
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = points
    environment.filters["moment"] = lambda at, reader=None: moment(at, zone)
    environment.filters["address"] = lambda text: quote(text, safe="", errors="replace")
    environment.tests["hidden"] = is_hidden
    return environment
