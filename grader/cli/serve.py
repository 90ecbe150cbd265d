"""The command `serve`: the course on the web, and the invitations to it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import SplitResult, urlsplit

import typer

from grader.api import open_book
from grader.cli import _serve_invite, _serve_people
from grader.cli._course import CourseOption, find, person_is_here
from grader.cli._serve_address import LOOPBACK, PORT, address_of, is_loopback, named_host
from grader.cli._serve_people import require_extra
from grader.errors import PackagesMissing, UsageError

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.server.hand_ins.regrade_runs import RegradeRuns
    from grader.server.records import WorkersState
    from grader.server.site.site import Site

FINISH_S = 20.0  # for what is being graded when the server is told to stop
command = typer.Typer(
    help="Serve the course on the web: students hand in and see their reports.",
    invoke_without_command=True,
)


@command.callback()
def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = LOOPBACK,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port.")] = PORT,
    database: Annotated[
        str | None,
        typer.Option(
            "--database", help="The gradebook's URL or file.", show_default="as the course has it"
        ),
    ] = None,
    root_path: Annotated[
        str,
        typer.Option("--root-path", help="The path below which a proxy shows it, such as /ml."),
    ] = "",
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", min=0, help="How many hand-ins to grade at the same time; 0 for none here."
        ),
    ] = os.cpu_count() or 1,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            help="Grade on the Dask cluster at this address (tcp://...).",
            show_default=False,
        ),
    ] = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run without isolation. Only for code that you trust.")
    ] = False,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Try it with a made-up class, on this machine only."),
    ] = False,
    open_browser: Annotated[
        bool | None,
        typer.Option(
            "--open/--no-open", help="Open it in the browser.", show_default="with --demo"
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Serve the course on the web until Ctrl-C."""
    if ctx.invoked_subcommand is not None:
        return
    require_extra()
    if demo and not is_loopback(host):
        raise UsageError(
            "anybody may sign in as anybody in a demonstration, so it runs on this machine only; "
            "leave out --host or --demo"
        )
    if scheduler is not None:
        _require_cluster(scheduler)
    served = find(course)
    if database is not None:
        _use_database(served, database)
    with _course_to_serve(served, demo) as home:
        _serve(home, host, port, root_path, demo, open_browser, jobs, unsafe, scheduler)


def _use_database(course: Course, database: str) -> None:
    if "://" not in database and not (path := course.root / database).exists():
        print(f"There is no gradebook {path} yet: a new, empty one is made.", file=sys.stderr)
    os.environ["GRADER_GRADEBOOK"] = database  # the processes that grade have to find it, too


def _serve(
    home: Course,
    host: str,
    port: int,
    root_path: str,
    demo: bool,
    open_browser: bool | None,
    jobs: int,
    unsafe: bool,
    scheduler: str | None,
) -> None:
    from grader.gradebook.faults import require_intact
    from grader.server.demo import fill
    from grader.server.demo_work import furnish
    from grader.server.lti.assets.running import LmsThreads
    from grader.server.site.site import open_site
    from grader.server.web import bind, serve

    if not demo and home.settings.server.address is None and not is_loopback(host):
        raise UsageError(
            "the server needs to know under which address people reach it, for its links and "
            'cookies; set address = "https://..." in [tool.grader.server] of pyproject.toml'
        )
    listening = bind(host, port)
    with listening, open_book(home):
        local = f"http://{named_host(host)}:{listening.getsockname()[1]}"
        site = open_site(home, address_of(home, local, root_path, demo), demo=demo)
        with contextlib.closing(site.book):
            whole = require_intact(site.engine)
            if demo:
                fill(site.book, site.accounts)
                furnish(site)
            site.accounts.sync()
            print(f"{home.settings.name} is at {site.address}/ (Ctrl-C stops it)", flush=True)
            if not whole:
                print("The gradebook is large: only a part was looked through for damage.")
            if not demo and not any(each.role == "owner" for each in site.accounts.everyone()):
                print(
                    "Nobody owns the course here yet. For a link for yourself, run: "
                    "python -m grader serve invite YOUR-ID --role owner",
                    flush=True,
                )
            _tell_missing_packages(home)
            for trouble in site.course.troubles:  # so each that can be read is read, and kept
                print(
                    f"{trouble.why}. Until then, what could be read of it last holds.", flush=True
                )
            if open_browser or (open_browser is None and demo and person_is_here()):
                webbrowser.open(f"{site.address}/")
            working = _workers(site, jobs, unsafe, scheduler)
            with working as state, _regrades(site, jobs, unsafe) as runs, LmsThreads(site):
                serve(replace(site, workers=state, regrades=runs), listening)
            print("The server has stopped.", flush=True)


def _tell_missing_packages(home: Course) -> None:
    """Say which homeworks cannot be graded here: what is handed in for them waits."""
    from grader.engine.packages import require_packages

    for name in home.names:
        try:
            require_packages(home.assignment(name))
        except PackagesMissing as exc:
            print(f"What is handed in for {name} waits: {exc}", flush=True)
        except UsageError:
            continue  # told to staff when it is graded


@contextlib.contextmanager
def _workers(
    site: Site, jobs: int, unsafe: bool, scheduler: str | None
) -> Iterator[Callable[[], WorkersState] | None]:
    """Let processes grade what is handed in, as long as the block lasts.

    For a cluster there is one process, which waits for its results.
    """
    if jobs == 0:
        yield None
        return
    from grader.server.grading.order import WorkerOrder
    from grader.server.grading.supervisor import Supervisor

    order = WorkerOrder(
        root=str(site.course.root),
        database=site.engine.url.render_as_string(hide_password=False),
        files=str(site.blobs.folder),
        started=secrets.token_hex(8),
        unsafe=unsafe,
        scheduler=scheduler,
        jobs=jobs,
    )
    processes = jobs if scheduler is None else 1
    supervisor = Supervisor(site.course, site.engine, site.hand_ins, order, processes)
    supervisor.start()
    try:
        yield supervisor.state
    finally:
        supervisor.stop(FINISH_S)


@contextlib.contextmanager
def _regrades(site: Site, jobs: int, unsafe: bool) -> Iterator[RegradeRuns | None]:
    """Let owners have homeworks graded again, as long as the block lasts."""
    if jobs == 0:
        yield None
        return
    from grader.server.hand_ins.regrade_runs import RegradeRuns

    runs = RegradeRuns(site.course, unsafe=unsafe, jobs=max(1, jobs // 2), clock=site.clock)
    try:
        yield runs
    finally:
        runs.stop()


def _require_cluster(scheduler: str) -> None:
    """Raises UsageError for what is no address, or if Dask is not installed.

    Whether a scheduler is there now does not matter: what is handed in waits for it.
    """
    from grader._internal.install_hint import install_hint

    parts = urlsplit(scheduler)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or not _port_of(parts):
        raise UsageError(
            f"--scheduler {scheduler} is no address of a Dask scheduler; write it as tcp://HOST:PORT"
        )
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(f"distributed is not installed; run: {install_hint('cluster')}")


def _port_of(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return None


@contextlib.contextmanager
def _course_to_serve(course: Course, demo: bool) -> Iterator[Course]:
    """The course, or in a demonstration a copy that ends with it."""
    if not demo:
        yield course
        return
    from grader.server.demo import copy_course

    with tempfile.TemporaryDirectory(prefix="grader-demo-") as folder:
        os.environ["GRADER_GRADEBOOK"] = "gradebook.sqlite"
        yield copy_course(course, Path(folder))


command.command()(_serve_invite.invite)
for act in (_serve_people.deactivate, _serve_people.activate, _serve_people.verify):
    command.command()(act)
