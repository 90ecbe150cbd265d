"""The command `bench`: measures what grading costs."""

from __future__ import annotations

import contextlib
import functools
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.cli._course import AT_A_TIME, CourseOption, find, pick_name

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from grader.benchmark.class_page import ClassPageCost
    from grader.benchmark.gradebook import GradebookCost
    from grader.benchmark.marking import MarkingCost
    from grader.benchmark.server import ServerCost
    from grader.benchmark.submission import SubmissionCost
    from grader.benchmark.waiting import Waiting
    from grader.benchmark.whole_class import ClassCost, Executors
    from grader.course.assignment import Assignment
    from grader.course.course import Course


GrowthOption = Annotated[
    int, typer.Option("--growth", help="Then grade this many more and report what grows.")
]
WholeClassOption = Annotated[
    int,
    typer.Option("--class", min=0, help="Measure only a class of this size, graded twice."),
]
ExecutorsOption = Annotated[
    int,
    typer.Option(
        "--executors",
        min=0,
        help="Measure only this, in so many rounds of -n submissions: one worker, two workers, "
        "and two workers of a Dask cluster.",
    ),
]
GradebookOption = Annotated[
    int,
    typer.Option("--gradebook", min=0, help="Measure only a gradebook with this many submissions."),
]
ServerOption = Annotated[
    int,
    typer.Option("--server", min=0, help="Measure only the web server, with this many hand-ins."),
]
MarkingOption = Annotated[
    int,
    typer.Option(
        "--marking",
        min=0,
        help="Measure only marking in the browser, with this many answers; needs Chromium.",
    ),
]
ClassPageOption = Annotated[
    int,
    typer.Option(
        "--class-page",
        min=0,
        help="Measure only the server's page of the class now, with this many students.",
    ),
]
JobsOption = Annotated[
    int,
    typer.Option(
        "--jobs",
        min=1,
        help="With --class and --server: how many submissions to grade at the same time.",
    ),
]
AsJsonOption = Annotated[
    Path | None, typer.Option("--json", help="Write the figures to this file as well.")
]


def command(
    name: Annotated[str | None, typer.Argument(help="The homework.", show_default=False)] = None,
    count: Annotated[int, typer.Option("-n", min=1, help="How many submissions to grade.")] = 40,
    growth: GrowthOption = 0,
    whole_class: WholeClassOption = 0,
    executors: ExecutorsOption = 0,
    gradebook: GradebookOption = 0,
    server: ServerOption = 0,
    marking: MarkingOption = 0,
    class_page: ClassPageOption = 0,
    jobs: JobsOption = AT_A_TIME,
    as_json: AsJsonOption = None,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Run without isolation.")] = False,
    course: CourseOption = None,
) -> None:
    """Measure what grading costs, and how long a student waits."""
    from grader.cli._terminal import console

    benchmark = _Benchmark(find(course), console(), name, unsafe)
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as made:
        folder = Path(made)
        if gradebook:
            figures = benchmark.gradebook(folder, gradebook)
        elif server:
            figures = benchmark.server(folder, server, jobs)
        elif marking:
            figures = benchmark.marking(folder, marking)
        elif class_page:
            figures = benchmark.class_page(folder, class_page)
        elif whole_class:
            figures = benchmark.whole_class(folder, whole_class, jobs)
        elif executors:
            figures = benchmark.executors(folder, count, executors)
        else:
            figures = benchmark.submission(count, growth)
    if as_json is not None:
        as_json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class _Benchmark:
    """Measures one thing, shows it as a table, and returns its figures by name.

    name: the homework that was named. folder, in the methods: an empty one to work in.
    """

    course: Course
    out: Console
    name: str | None
    unsafe: bool

    @property
    def _options(self) -> list[str]:
        return ["--unsafe"] if self.unsafe else []

    def _assignment(self) -> Assignment:
        return self.course.assignment(pick_name(self.course, self.name))

    def gradebook(self, folder: Path, submissions: int) -> dict[str, Any]:
        from grader.benchmark.gradebook import measure_gradebook

        with self.out.status("Writing and reading the gradebook ..."):
            cost = measure_gradebook(self.course, folder, submissions)
        self.out.print(gradebook_table(cost))
        return {"gradebook": asdict(cost)}

    def server(self, folder: Path, hand_ins: int, jobs: int) -> dict[str, Any]:
        from grader.benchmark.server import measure_server

        names = [pick_name(self.course, self.name)] if self.name else []
        with _steps(self.out, hand_ins) as step:
            cost = measure_server(self.course, folder, hand_ins, jobs, step, names, self._options)
        self.out.print(server_table(cost))
        return {"server": asdict(cost)}

    def marking(self, folder: Path, answers: int) -> dict[str, Any]:
        from grader.benchmark.marking import measure_marking

        with _steps(self.out, answers, "marked") as step:
            cost = measure_marking(self.course, folder, answers, step, self._options)
        self.out.print(marking_table(cost))
        return {"marking": asdict(cost)}

    def class_page(self, folder: Path, students: int) -> dict[str, Any]:
        from grader.benchmark.class_page import measure_class_page

        with _steps(self.out, students * len(self.course.names), "recorded") as step:
            cost = measure_class_page(self.course, folder, students, step)
        self.out.print(class_page_table(cost))
        return {"class_page": asdict(cost)}

    def whole_class(self, folder: Path, size: int, jobs: int) -> dict[str, Any]:
        from grader.benchmark.whole_class import measure_class

        with _steps(self.out, size) as step:
            cost = measure_class(
                self.course, self._assignment(), folder, size, jobs, step, self._options
            )
        self.out.print(class_table(cost))
        return {"class": asdict(cost)}

    def executors(self, folder: Path, count: int, rounds: int) -> dict[str, Any]:
        from grader.benchmark.whole_class import measure_executors

        with _steps(self.out, count) as step:
            compared = measure_executors(
                self.course, self._assignment(), folder, count, rounds, step, self._options
            )
        self.out.print(executors_table(compared))
        return {"executors": asdict(compared)}

    def submission(self, count: int, growth: int) -> dict[str, Any]:
        from grader.benchmark.submission import measure
        from grader.benchmark.waiting import measure_waiting
        from grader.sandbox.host.probe import open_launcher

        assignment = self._assignment()
        with self.out.status("Grading one by one ..."):
            opening = functools.partial(open_launcher, self.unsafe)
            cost = measure(assignment, count, opening, growth)
        self.out.print(submission_table(cost))
        with self.out.status("Measuring how long a student waits ..."):
            waiting = measure_waiting(self.course, assignment)
        self.out.print(waiting_table(waiting))
        return {**cost.to_dict(), "student": asdict(waiting)}


@contextlib.contextmanager
def _steps(out: Console, count: int, what: str = "graded") -> Iterator[Callable[[int], None]]:
    with out.status("Starting ...") as status:
        yield lambda done: status.update(f"{done} of {count} are {what}")


class _Figures:
    """A table with one figure on each line, under headings."""

    def __init__(self) -> None:
        from rich.table import Table

        self.table: Table = Table(box=None, pad_edge=False, show_header=False)
        self.table.add_column(overflow="fold")
        self.table.add_column(justify="right", no_wrap=True)
        self.table.add_column(no_wrap=True)

    def heading(self, text: str) -> None:
        self.table.add_row(f"[bold]{text}[/]", "", "")

    def line(self, what: str, value: float, unit: str = "", digits: int = 1) -> None:
        self.table.add_row(f"  {what}", f"{value:.{digits}f}", unit)


def submission_table(measured: SubmissionCost) -> Table:
    """What one submission costs."""
    figures = _Figures()
    line = figures.line
    figures.heading(
        f"{measured.assignment}: {measured.submissions} submissions, {measured.isolation}"
    )
    line("start-up to the first worker", measured.start_up_s, "s", 2)
    line("a worker from start to end: jailed, loaded, called once (median)", measured.life_ms, "ms")
    line("remote call, 50x10 float64 both ways (median)", measured.round_trip_ms, "ms", 3)
    line("memory of a worker after a plot (PSS)", measured.worker_memory_mb, "MB")
    for title, run, base in (
        ("figures kept only if a check failed", measured.unsaved, measured.floor_unsaved),
        ("every figure saved", measured.saved, measured.floor),
    ):
        figures.heading(title)
        line("submissions per second, one job", 1 / run.wall_s)
        line("CPU per submission", run.cpu_s * 1e3, "ms")
        line("  trusted process", run.trusted_cpu_s * 1e3, "ms")
        line("  fork server", run.server_cpu_s * 1e3, "ms")
        line("  worker", run.worker_cpu_s * 1e3, "ms")
        line("floor: CPU", base.cpu_s * 1e3, "ms")
        line("  loading the module", base.load_s * 1e3, "ms")
        line("  calls of the student's functions", base.calls_s * 1e3, "ms")
        line("  drawing", base.drawing_s * 1e3, "ms")
        line("  saving", base.saving_s * 1e3, "ms")
        line("  pytest and checks", base.pytest_and_checks_s * 1e3, "ms")
        line("CPU above the floor", (run.cpu_s - base.cpu_s) * 1e3, "ms")
        line("wall time above the floor", (run.wall_s - base.wall_s) * 1e3, "ms")
        line("CPU, as a multiple of the floor", run.cpu_s / base.cpu_s, "x", 2)
        line(
            "nbgrader 0.9.6 on the same work, as a multiple of this",
            measured.nbgrader_s / run.cpu_s,
            "x",
        )
    if measured.growth is not None:
        growth = measured.growth
        figures.heading(f"after a tenth of {growth.submissions} submissions, and at the end")
        for name, (first, last) in growth.pairs().items():
            figures.table.add_row(f"  {name}", f"{first:g}", f"-> {last:g}")
    return figures.table


def waiting_table(waiting: Waiting) -> Table:
    """How long a student waits."""
    figures = _Figures()
    figures.heading("how long a student waits (medians)")
    figures.line('python -c "import typer"', waiting.typer_s, "s", 3)
    figures.line("python -m grader --help", waiting.help_s, "s", 3)
    figures.line(
        "the help, as a multiple of importing typer", waiting.help_s / waiting.typer_s, "x", 2
    )
    figures.line("one check, from start to end", waiting.check_s, "s", 2)
    figures.line("  the student's code and the checks", waiting.judging_s, "s", 2)
    figures.line("check --watch, from a save to its result", waiting.save_s, "s", 2)
    return figures.table


def class_table(cost: ClassCost) -> Table:
    """What a whole class costs: the start of the run compared with its end."""
    figures, run = _Figures(), cost.run
    figures.heading(f"{cost.assignment}: {run.submissions} submissions, {cost.jobs} at a time")
    figures.line("from start to end", run.wall_s, "s")
    figures.line("submissions per second, first fifth", run.rate(0.0, 0.2))
    figures.line("submissions per second, last fifth", run.rate(0.8, 1.0))
    figures.line("  last fifth / first fifth", run.rate(0.8, 1.0) / run.rate(0.0, 0.2), "x", 2)
    figures.line("CPU per submission, first fifth", run.cpu_ms(0.0, 0.2), "ms")
    figures.line("CPU per submission, last fifth", run.cpu_ms(0.8, 1.0), "ms")
    figures.line("memory of all processes after a tenth (PSS)", run.memory_mb(0.1), "MB")
    figures.line("memory of all processes at the end", run.memory_mb(1.0), "MB")
    figures.line("the same run again, nothing changed", cost.again_s, "s")
    return figures.table


def executors_table(compared: Executors) -> Table:
    """How fast each executor grades, as medians of paired rounds."""
    from statistics import median

    figures = _Figures()
    figures.heading(
        f"{compared.assignment}: {len(compared.one)} rounds of {compared.submissions} submissions"
    )
    figures.line("submissions per second, one worker", median(compared.one))
    figures.line("two workers", median(compared.two))
    figures.line("two workers of a Dask cluster", median(compared.dask))
    figures.line("two workers / one worker, median of rounds", compared.two_for_one, "x", 2)
    figures.line("Dask's two workers / two workers here", compared.dask_for_two, "x", 2)
    return figures.table


def gradebook_table(cost: GradebookCost) -> Table:
    """What a gradebook costs."""
    figures = _Figures()
    figures.heading(f"a gradebook of {cost.submissions} submissions, SQLite")
    figures.line("recording them", cost.record_s, "s")
    figures.line("recording them again, unchanged", cost.record_again_s, "s")
    for what, value in (
        ("reading the attempts of a homework, with their scores", cost.attempts_ms),
        ("reading everything that a homework's grades depend on", cost.facts_ms),
        ("the same, and computing everybody's grade", cost.grades_ms),
        ("one student's grade in a homework", cost.grade_ms),
        ("one student's grades in all homeworks", cost.student_ms),
        ("the last 100 changes", cost.history_ms),
        ("submissions that match nobody on the roster", cost.unmatched_ms),
    ):
        figures.line(what, value, "ms", 0)
    return figures.table


def server_table(cost: ServerCost) -> Table:
    """What the web server costs."""
    figures = _Figures()
    figures.heading(f"{cost.hand_ins} hand-ins, {cost.jobs} at a time are graded")
    for what, value in (
        ("the floor: the file is written and synced, median", cost.floor_p50_ms),
        ("the floor, 99 of 100", cost.floor_p99_ms),
        ("from a hand-in to its receipt, median", cost.accept_p50_ms),
        ("from a hand-in to its receipt, 99 of 100", cost.accept_p99_ms),
    ):
        figures.line(what, value, "ms", 1)
    figures.line("from the first hand-in to the last result", cost.last_s, "s")
    figures.line("CPU of the server and of all grading", cost.cpu_s, "s")
    figures.line("memory of the server's process before the first", cost.idle_mb, "MB", 0)
    figures.heading(f"graded: {cost.graded}, left to staff: {cost.open}")
    return figures.table


def class_page_table(cost: ClassPageCost) -> Table:
    """What staff wait for on the page of the class now."""
    figures = _Figures()
    figures.heading(f"the class now: {cost.students} students, {cost.homeworks} homeworks")
    for what, value in (
        ("the page, the first time after the server's start", cost.first_ms),
        ("the page, median", cost.page_p50_ms),
        ("the page, 95 of 100", cost.page_p95_ms),
        ("the bare query of its rows, median", cost.bare_p50_ms),
    ):
        figures.line(what, value, "ms", 1)
    figures.line("the page, as a multiple of the query (median of pairs)", cost.ratio, "x", 2)
    return figures.table


def marking_table(cost: MarkingCost) -> Table:
    """What a marker waits for."""
    figures = _Figures()
    figures.heading(f"{cost.answers} answers, one key press each; marked: {cost.marked}")
    for what, value in (
        ("from a key press to the next answer, median", cost.between_p50_ms),
        ("from a key press to the next answer, 95 of 100", cost.between_p95_ms),
        ("the bare round trip, median", cost.bare_p50_ms),
        ("the bare round trip, 95 of 100", cost.bare_p95_ms),
    ):
        figures.line(what, value, "ms", 1)
    return figures.table
