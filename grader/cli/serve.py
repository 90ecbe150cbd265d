"""The command `serve`: the course on the web, and the invitations to it."""

from __future__ import annotations

import contextlib
import importlib.util
import ipaddress
import os
import re
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

from grader.api import open_book, who_is
from grader.cli import _serve_people
from grader.cli._course import CourseOption, find, person_is_here
from grader.errors import PackagesMissing, UsageError

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.gradebook import Gradebook
    from grader.server.accounts.accounts import Accounts
    from grader.server.hand_ins.regrade_runs import RegradeRuns
    from grader.server.records import Account, WorkersState
    from grader.server.site.site import Site

PORT = 8000
FINISH_S = 20.0  # for what is being graded when the server is told to stop
LOOPBACK = "127.0.0.1"
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
    _require_extra()
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
        local = f"http://{_named(host)}:{listening.getsockname()[1]}"
        site = open_site(home, _address(home, local, root_path, demo), demo=demo)
        with contextlib.closing(site.book):
            if demo:
                fill(site.book, site.accounts)
                furnish(site)
            site.accounts.sync()
            print(f"{home.settings.name} is at {site.address}/ (Ctrl-C stops it)", flush=True)
            if not demo and not any(each.role == "owner" for each in site.accounts.everyone()):
                print(
                    "Nobody owns the course here yet. For a link for yourself, run: "
                    "python -m grader serve invite YOUR-ID --role owner",
                    flush=True,
                )
            _tell_missing_packages(home)
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


def _require_extra() -> None:
    """Raises UsageError if the server's libraries are not installed."""
    from grader._internal.install_hint import install_hint

    try:
        import starlette  # noqa: F401  # only whether it is there
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as exc:
        raise UsageError(
            f"the server needs {exc.name}, which is not installed; run: {install_hint('server')}"
        ) from None


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


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _address(course: Course, local: str, root_path: str, demo: bool) -> str:
    """Where people reach the server. Raises UsageError."""
    address = (None if demo else course.settings.server.address) or local
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(
            f"address {address!r} in [tool.grader.server] is no address of a website; "
            "write it as https://grader.example.edu"
        )
    path = root_path.strip("/")
    there = parts.path.strip("/")
    if path and there and path != there:
        raise UsageError(
            f"--root-path {root_path} and the path of the address {address} differ; "
            "leave out --root-path"
        )
    path = path or there
    if path and not _usable_path(path):
        raise UsageError(
            f"the path /{path} cannot be told from one of the server's own pages, or contains "
            "signs that a path has to encode; take one such as /ml"
        )
    return f"{parts.scheme}://{parts.netloc}" + (f"/{path}" if path else "")


def _usable_path(path: str) -> bool:
    """Whether the server's pages may be below it, even if a proxy takes it off."""
    from grader.server.routes import ROUTES

    ours = {route.path.split("/")[1] for route in ROUTES}
    pieces = path.split("/")
    return pieces[0] not in ours and all(
        re.fullmatch(r"[\w~-][\w.~-]*", piece, re.ASCII) for piece in pieces
    )


@command.command("invite")
def invite(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Whom: id, login, email address or full name.", metavar="[NAME]..."),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Invite every student on the roster.")
    ] = False,
    role: Annotated[
        str | None,
        typer.Option("--role", help="Make them of staff: owner or marker.", metavar="ROLE"),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", help="With --role, their name.", show_default=False)
    ] = "",
    email: Annotated[
        str, typer.Option("--email", help="With --role, their email.", show_default=False)
    ] = "",
    csv: Annotated[
        Path | None,
        typer.Option("--csv", help="Write the links to this file.", show_default=False),
    ] = None,
    mail: Annotated[bool, typer.Option("--mail", help="Send the links by email.")] = False,
    port: Annotated[
        int,
        typer.Option(
            "--port", min=1, max=65535, help="The server's port, where no address is set."
        ),
    ] = PORT,
    as_: _serve_people.AsOption = None,
    course: CourseOption = None,
) -> None:
    """Make a one-time link for each person. Earlier links of theirs end."""
    _require_extra()
    home = find(course)
    named = names or []
    if everybody == bool(named):
        raise UsageError("whom do you invite? Name people, or give --all for the whole roster")
    if role is not None and everybody:
        raise UsageError("--role makes those whom you name staff; it does not go with --all")
    if (name or email) and (role is None or len(named) != 1):
        raise UsageError("--name and --email are for one person of staff; give one id and --role")
    if mail and csv is not None:
        raise UsageError("--mail and --csv both take the links to people; give one of them")
    with open_book(home) as book:
        accounts = _serve_people.accounts_of(home, book)
        if role is not None:
            people = [_staff(accounts, each, role, name, email, who_is(as_)) for each in named]
        elif everybody:
            people = _whole_roster(accounts)
        else:
            people = [_person(book, accounts, each) for each in named]
        _hand_out(home, accounts, people, csv, mail, port)


for act in (_serve_people.deactivate, _serve_people.activate, _serve_people.verify):
    command.command()(act)


def _staff(accounts: Accounts, id_: str, role: str, name: str, email: str, who: str) -> Account:
    """The account of somebody who is or becomes staff."""
    from grader.server.records import Role

    if role not in (Role.OWNER, Role.MARKER):
        raise UsageError(f"there is no role {role!r}; give --role owner or --role marker")
    found = accounts.account(id_)
    if found is not None and found.student is not None:
        return accounts.set_role(found, Role(role), who=who)
    known_name, known_email = (found.name, found.email) if found else ("", "")
    return accounts.add_staff(id_, Role(role), name or known_name, email or known_email, who=who)


def _whole_roster(accounts: Accounts) -> list[Account]:
    people = [each for each in accounts.everyone() if each.active and each.student is not None]
    if not people:
        raise UsageError(
            "there is nobody on the roster; load it first with: "
            "python -m grader gradebook roster FILE"
        )
    return people


def _person(book: Gradebook, accounts: Accounts, name: str) -> Account:
    """The account that a name means; of staff by id only."""
    found = _serve_people.account_named(book, accounts, name)
    if not found.active:
        raise UsageError(
            f"{found.id} may not sign in here; add them to the roster and load it, or run: "
            f"python -m grader serve activate {found.id}"
        )
    return found


def _hand_out(
    home: Course,
    accounts: Accounts,
    people: list[Account],
    csv: Path | None,
    mail: bool,
    port: int,
) -> None:
    """Give the links out: to the terminal, a file, or by mail."""
    from grader.server.accounts.invitations import invitations_csv, invite, send

    address = _address(home, f"http://{LOOPBACK}:{port}", "", demo=False)
    if home.settings.server.address is None:
        print(
            f"The links begin with {address} and work on this machine only, because address in "
            "[tool.grader.server] is not set.",
            file=sys.stderr,
        )
    if mail:
        failed = send(accounts, people, address, home)
        sent = len(people) - len(failed)
        print("1 invitation was sent." if sent == 1 else f"{sent} invitations were sent.")
        for person, why in failed:
            print(f"{person.called} ({person.id}): not sent: {why}", file=sys.stderr)
        if failed:
            raise typer.Exit(1)
        return
    if csv is None:
        for each in invite(accounts, people, address):
            print(f"{each.account.called} ({each.account.id}): {each.link}")
        return
    try:
        handle = os.open(csv, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            with contextlib.suppress(OSError):  # what is no file, such as /dev/stdout, has no owner
                os.fchmod(handle, 0o600)
            file.write(invitations_csv(invite(accounts, people, address)))
    except OSError as exc:
        raise UsageError(f"cannot write {csv}: {exc.strerror}; name another file") from None
    links = "1 link is" if len(people) == 1 else f"{len(people)} links are"
    print(f"{links} in {csv}. Whoever has a link can sign in: keep the file safe.")
