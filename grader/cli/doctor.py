"""The command `doctor`: what this machine offers for running student code safely."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from grader.errors import UsageError


def command() -> None:
    """Say what this machine offers for running student code safely, and what is missing.

    The exit code is 0 if submissions can be isolated here, and 1 if not.
    """
    from rich.markup import escape

    from grader.cli import _terminal as show
    from grader.reports import rich_text
    from grader.sandbox.host.survey import promises, survey

    out = show.console()
    named = _packages_here()
    with out.status("Trying the sandbox ..."):
        found = survey(sorted({packages for packages in named.values() if packages}))
    colour = "green" if found.isolation == "full" else "yellow"
    out.print(f"Isolation: [bold {colour}]{found.isolation}[/]. {escape(found.verdict)}")
    for text in promises(named):
        out.print(text)
    out.print()
    for rung in found.rungs:
        state = "holds" if rung.holds else "does not hold"
        out.print(f"level {rung.level}: {state}")
        for trouble in rung.trouble:
            out.print(f"    {escape(trouble)}")
    out.print()
    for fact in found.facts:
        out.print(f"{rich_text.mark(fact.good)} {escape(fact.name)}: {escape(fact.found)}")
        if fact.remedy:
            out.print(f"    remedy: {escape(fact.remedy)}")
    sys.exit(0 if found.isolation != "none" else 1)


def _packages_here() -> dict[str, tuple[str, ...]]:
    """By homework, the packages that it names; empty outside of a course."""
    from grader.course.course import find_course

    packages = {}
    with contextlib.suppress(UsageError):
        course = find_course(Path.cwd())
        for name in course.names:
            packages[name] = course.packages(name)
    return packages
