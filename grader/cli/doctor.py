"""The command `doctor`: what this machine offers for running student code safely."""

from __future__ import annotations

import sys


def command() -> None:
    """Say what this machine offers for running student code safely, and what is missing.

    The exit code is 0 if submissions can be isolated here, and 1 if not.
    """
    from rich.markup import escape

    from grader.cli import _terminal as show
    from grader.sandbox.host.survey import PROMISE, survey

    out = show.console()
    with out.status("Trying the sandbox ..."):
        found = survey()
    colour = "green" if found.isolation == "full" else "yellow"
    out.print(f"Isolation: [bold {colour}]{found.isolation}[/]. {escape(found.verdict)}")
    out.print(PROMISE)
    out.print()
    for rung in found.rungs:
        state = "holds" if rung.holds else "does not hold"
        out.print(f"level {rung.level}: {state}")
        for trouble in rung.trouble:
            out.print(f"    {escape(trouble)}")
    out.print()
    for fact in found.facts:
        out.print(f"{show.mark(fact.good)} {escape(fact.name)}: {escape(fact.found)}")
        if fact.remedy:
            out.print(f"    remedy: {escape(fact.remedy)}")
    sys.exit(0 if found.isolation != "none" else 1)
