"""The page on which results of grading again are looked at, and accepted.

`gradebook regrade` makes them beside the server, in a folder of their own (see `regrades`), begun
here or in a terminal.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from starlette.responses import Response

from grader.errors import StorageFailed, UsageError
from grader.gradebook.regrading import Proposal, Regrades
from grader.server.hand_ins.regrades import (
    alone,
    drop_results,
    read_proposals,
    read_run,
    regrade_folder,
    version_of,
)
from grader.server.http.calls import Call
from grader.server.pages.student_pages import homework_name
from grader.server.problems import Problem, sentence
from grader.server.staff.correction_pages import problem_of, told


def regrade(call: Call) -> Response:
    """Who would gain and lose by the results that wait."""
    name, site = homework_name(call), call.site
    folder = regrade_folder(site.course, name)
    run = read_run(folder)
    found = None
    if run is not None:
        proposals = read_proposals(folder, name, run)
        found = Regrades(site.course, site.engine, site.clock).look(name, proposals)
    return call.page(
        "regrade.html.j2",
        name=name,
        title=site.course.spec(name).title,
        run=run,
        outdated=run is not None and run.version != version_of(site.course, name),
        regrade=found,
        can_begin=site.regrades is not None,
        state=site.regrades.state(name) if site.regrades is not None else None,
    )


def begin(call: Call) -> Response:
    """Grades it again, on this machine."""
    name, runs = homework_name(call), call.site.regrades
    if runs is None:
        raise Problem(409, "This server grades nothing itself; use the command on the page.")
    try:
        runs.begin(name, call.account.id)
    except UsageError as exc:
        raise Problem(409, sentence(str(exc))) from None
    return call.go("regrade", name=name)


def accept(call: Call) -> Response:
    """Records the results that wait, if that still does what was looked at."""
    name, site, why = homework_name(call), call.site, call.field("why")
    try:
        with alone(site.course, name) as folder:
            return _accept(call, name, folder, why)
    except UsageError as exc:
        raise problem_of(exc) from None


def _accept(call: Call, name: str, folder: Path, why: str) -> Response:
    site, run = call.site, read_run(folder)
    if run is None:
        raise Problem(409, "No results wait to be accepted; somebody has accepted them already.")
    if run.version != version_of(site.course, name):
        raise Problem(409, "The homework's files have changed since; grade again before.")
    if not why:
        raise Problem(422, "A correction needs a reason, which the history keeps; write one.")
    proposals = read_proposals(folder, name, run)
    done = Regrades(site.course, site.engine, site.clock).accept(
        name, proposals, call.field("stamp"), who=call.account.id, why=why
    )
    _keep_pictures(call, name, folder, {label: proposals[label] for label in done.accepted})
    drop_results(site.course, name)
    return call.go("regrade", told(done.correction), name=name)


def _keep_pictures(call: Call, name: str, folder: Path, accepted: dict[str, Proposal]) -> None:
    """Let the pages of accepted results show their pictures; without one they are still pages."""
    site = call.site
    for hand_in in site.hand_ins.of_homework(name):
        proposal = accepted.get(hand_in.label)
        if proposal is None:
            continue
        made = {}
        for check in proposal.report.checks:
            for file in (figure.file for figure in check.figures if figure.file):
                with contextlib.suppress(OSError, StorageFailed):
                    made[file] = site.blobs.put((folder / name / file).read_bytes())
        site.hand_ins.keep_pictures(hand_in.key, made)
