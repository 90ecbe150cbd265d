"""What a made-up class has handed in: results, marks and requests, for a demonstration.

Nothing is run for it. The results are made up from the titles of the homework's public checks, and
each report says so.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from grader._internal.zips import zip_files
from grader.reports.schema import (
    CheckResult,
    Environment,
    Message,
    Outcome,
    Report,
    Visibility,
)
from grader.server.demo import answers_of
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.queue import GradingQueue, attempt_of
from grader.server.records import Account, HandIn, Role
from grader.server.site.site import Site
from grader.submission.files import read_archive

DUE_AGO, HANDED_IN_AGO = timedelta(days=3), timedelta(days=4)
MADE_UP = "This result was made up for the demonstration; nothing was run."
WHO = "max"
_DUE = re.compile(r"^due\s*=.*$", re.MULTILINE)
_ENVIRONMENT = Environment(
    python="3", numpy="2", matplotlib="3", platform="demonstration", grader="0",
    grader_sha256="0" * 64,
)  # fmt: skip


def furnish(site: Site) -> None:
    """Let the class of a demonstration have done its first homework with questions, which was due
    lately, and half of its answers be marked.

    The homework's due date is moved, in the demonstration's copy of the course.
    """
    names = site.course.by_due_date
    asking = [name for name in names if site.course.spec(name).questions]
    name = next(iter([*asking, *names]), None)
    if name is None:
        return
    spec = site.course.root / "assignments" / name / "assignment.toml"
    due = (site.clock() - DUE_AGO).replace(microsecond=0).isoformat()
    spec.write_text(_DUE.sub(f"due = {due}", spec.read_text("utf-8")), encoding="utf-8")
    solution = site.course.root / "solutions" / name
    questions = site.course.spec(name).questions
    work = solution / f"{name}.py"
    students = [each for each in site.accounts.everyone() if each.role is Role.STUDENT]
    checks = list(_checks_of((site.course.root / "assignments" / name / "checks.py").read_bytes()))
    rest = (site.course.spec(name).points or 0.0) - sum(each.max_points for each in checks)
    if checks and rest > 0:
        together = {"id": "hidden_checks::test_all", "title": "The hidden checks, together"}
        worth = {"points": rest, "max_points": rest, "visibility": Visibility.HIDDEN}
        checks.append(checks[0].model_copy(update={**together, **worth}))
    if not (work.is_file() and checks):
        return
    hard = min(2, len(checks) - 1)
    at = site.clock() - HANDED_IN_AGO
    hand_ins = HandIns(site.engine, site.settings, lambda: at)
    for number, account in enumerate(students[:-1]):
        theirs = {work.name: work.read_bytes() + f"# {account.id}\n".encode()}
        if questions:
            theirs["answers.md"] = answers_of(questions, number).encode()
        data = zip_files(theirs)
        made = hand_ins.accept(name, account, site.blobs.put(data), len(data))
        results = [_ended(each, number, index, hard) for index, each in enumerate(checks)]
        done = _finish(site, made, data, results)
        _mark(site, name, account, number)
        _ask(site, account, number, done, results[hard])


def _checks_of(source: bytes) -> Iterator[CheckResult]:
    """The checks that a file of checks seems to have, all passed."""
    for node in ast.parse(source).body:
        if not (isinstance(node, ast.FunctionDef) and node.name.startswith("test")):
            continue
        said = " ".join(ast.unparse(each) for each in node.decorator_list)
        worth = re.search(r"\bpoints\((\d+)\)", said)
        points = float(worth[1]) if worth else 1.0
        yield CheckResult(
            id=f"checks::{node.name}",
            title=(ast.get_docstring(node) or node.name).splitlines()[0],
            max_points=points,
            points=points,
            outcome=Outcome.PASSED,
            message=None,
            diagnosis=None,
            visibility=Visibility.VISIBLE,
            duration_s=0.01,
        )


def _ended(check: CheckResult, student: int, index: int, hard: int) -> CheckResult:
    """How it ended for a student: most pass most checks, and many fail the one at `hard`."""
    if (student * 5 + index * 3) % 11 == 0 or (index == hard and student % 2):
        message = Message(summary="The values are not those that are expected.")
        failed = {"points": 0.0, "outcome": Outcome.FAILED, "message": message}
        return check.model_copy(update=failed)
    if student == 5 and index > 3:
        return check.model_copy(update={"points": 0.0, "outcome": Outcome.NOT_ATTEMPTED})
    return check


def _finish(site: Site, made: HandIn, data: bytes, results: list[CheckResult]) -> HandIn:
    queue = GradingQueue(site.engine, site.clock)
    queue.claim("demo", 60, None, [made.assignment])
    sha256 = read_archive(data).sha256
    report = Report(
        audience="staff",
        assignment=made.assignment,
        assignment_version="0" * 64,
        submission_sha256=sha256,
        student=made.student_id,
        seed="0" * 32,
        environment=_ENVIRONMENT,
        isolation="none",
        started_at=site.clock(),
        duration_s=0.1,
        score=sum(each.points for each in results),
        max_score=sum(each.max_points for each in results),
        checks=tuple(results),
        warnings=(MADE_UP,),
        stdout_tail="",
    )
    texts = report.to_json(), report.for_student((MADE_UP,), "").to_json()
    queue.finish(made.key, "demo", replace(attempt_of(made), sha256=sha256), texts, {})
    return site.hand_ins.hand_in(made.key) or made


def _mark(site: Site, name: str, account: Account, number: int) -> None:
    """Half of the answers are marked."""
    attempt = site.book.grade(name, account.id).attempt
    if number % 2 or attempt is None:
        return
    for question in site.course.spec(name).questions:
        met = question.rubric[: len(question.rubric) - number % 3]
        points = question.points * len(met) / max(1, len(question.rubric))
        site.book.mark(attempt, question.id, round(points), who=WHO, rubric=met)


def _ask(site: Site, account: Account, number: int, made: HandIn, asked: CheckResult) -> None:
    """Three ask about a check that they failed, and one about an answer."""
    if made.attempt is None:
        return
    if asked.outcome is Outcome.FAILED and number in (1, 3, 7):
        reason = "My own test gives the same numbers as the example in the handout."
        site.requests.ask(account, made.attempt, "check", asked.id, reason)
    questions = site.course.spec(made.assignment).questions
    if questions and number == 2:
        reason = "The step that is called missing is on the second page."
        site.requests.ask(account, made.attempt, "question", questions[0].id, reason)
