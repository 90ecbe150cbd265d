"""What a marker waits for between two answers, for `bench --marking`.

A scripted person marks in a real browser, one key press for each answer and no pointer. What is
measured in the page is the time from the key press until the next answer is there, its mark saved.
Beside it, from the same page and in turn with it, stands the bare round trip: /healthz, for which
the server asks its database one thing.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader._internal.clock import now_utc
from grader._internal.install_hint import install_hint
from grader._internal.zips import zip_files
from grader.benchmark.server import WHO, copy_with_students, quantile_ms, running_server
from grader.course.assignment import Question
from grader.course.course import Course
from grader.errors import UsageError
from grader.gradebook.records import Attempt
from grader.server.records import Role
from grader.server.site.site import Site, open_site
from grader.server.staff.answer_views import slug

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
READ_S = 0.25  # nobody reads faster, and the server bounds one person's requests
WORDS = (
    "the loss is convex so its gradient vanishes where a linear system holds and each step costs"
)
_WATCH = """
window.waits = [];
document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
document.addEventListener("answer-shown", () => {
  document.body.getBoundingClientRect();
  window.waits.push(performance.now() - window.pressed);
});
"""
_ROUND_TRIP = """async (address) => {
  const began = performance.now();
  await (await fetch(address, {cache: "no-store"})).text();
  return performance.now() - began;
}"""


@dataclass(frozen=True)
class MarkingCost:
    """Milliseconds between answers, and of the bare round trip. marked: as the gradebook has it."""

    answers: int
    marked: int
    between_p50_ms: float
    between_p95_ms: float
    bare_p50_ms: float
    bare_p95_ms: float


def measure_marking(
    course: Course,
    folder: Path,
    count: int,
    progress: Callable[[int], None],
    options: Sequence[str] = (),
) -> MarkingCost:
    """Let a scripted person mark `count` answers to one question. options: for `serve`.

    Raises UsageError without a browser, and for a course without written questions.
    """
    home = copy_with_students(course, folder / "course", count)
    name, question = _question(home)
    site = open_site(home, "http://localhost")
    with contextlib.closing(site.book):
        _hand_in(site, name, count)
        marker = site.accounts.add_staff("marker", Role.MARKER, "Marker", who=WHO)
        with running_server(home, 0, options) as (address, _):
            invitation = f"{address}/invitation/{site.accounts.invite(marker)}"
            page = f"{address}/homeworks/{name}/questions/{slug(question.id)}"
            waits, bare = _mark(invitation, page, f"{address}/healthz", question, count, progress)
        marks = [
            each.mark
            for grade in site.book.grades(name)
            for each in grade.questions
            if each.question == question.id and each.mark is not None
        ]
    return MarkingCost(
        answers=count,
        marked=len(marks),
        between_p50_ms=quantile_ms(waits, 0.5),
        between_p95_ms=quantile_ms(waits, 0.95),
        bare_p50_ms=quantile_ms(bare, 0.5),
        bare_p95_ms=quantile_ms(bare, 0.95),
    )


def _question(course: Course) -> tuple[str, Question]:
    for name in course.names:
        if questions := course.spec(name).questions:
            return name, questions[0]
    raise UsageError("no homework of this course has a written question; there is nothing to mark")


def _hand_in(site: Site, name: str, count: int) -> None:
    """An answer of some 80 words by everybody, unlike every other's."""
    draw = random.Random(1)
    made = []
    for number in range(count):
        words = draw.choices(WORDS.split(), k=80)
        text = f"Answer {number}: {' '.join(words)}\n"
        data = zip_files({f"{name}.py": b"x = 1\n", "answers.md": text.encode()})
        sha256 = site.blobs.put(data)
        who = f"s{number:05}"
        made.append((Attempt(name, who, now_utc(), sha256, "hand-in 1", who), None))
    site.book.record(made, who=WHO)


def _mark(
    invitation: str,
    page: str,
    healthz: str,
    question: Question,
    count: int,
    progress: Callable[[int], None],
) -> tuple[list[float], list[float]]:
    """The seconds between answers, and those of bare round trips."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise UsageError(
            f"this needs a browser that can be driven; run: {install_hint('test')}"
        ) from None
    if program is None:
        raise UsageError("there is no Chromium here; install it, for example as `chromium`")
    draw, bare = random.Random(2), []
    keys = ["f", "z", *(str(place + 1) for place in range(min(9, len(question.rubric))))]
    with (
        sync_playwright() as playwright,
        contextlib.closing(playwright.chromium.launch(executable_path=program)) as browser,
    ):
        # What drives the page evaluates text in it, which our policy forbids to everybody.
        tab = browser.new_page(bypass_csp=True)
        tab.goto(invitation)
        tab.click("main button")
        tab.goto(page)
        tab.wait_for_function("document.documentElement.dataset.markingReady")
        tab.keyboard.press("q")  # from now on a digit marks and goes on
        tab.evaluate(_WATCH)
        for number in range(count):
            time.sleep(READ_S)
            bare.append(float(tab.evaluate(_ROUND_TRIP, healthz)) / 1000)
            tab.keyboard.press(draw.choice(keys))
            tab.wait_for_function(f"window.waits.length > {number}")
            progress(number + 1)
        waits = [float(each) / 1000 for each in tab.evaluate("window.waits")]
    return waits, bare
