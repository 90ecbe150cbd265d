"""The parts of `serve` that say who may sign in, and what a receipt is worth."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.api import open_book, who_is
from grader.cli._course import CourseOption, find
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.gradebook import Gradebook
    from grader.server.accounts.accounts import Accounts
    from grader.server.records import Account

MAX_RECEIPT = 1 << 20
AsOption = Annotated[
    str | None, typer.Option("--as", help="Who you are.", show_default="your login")
]


def deactivate(
    name: Annotated[
        str, typer.Argument(help="Whom: id, login, email address or full name.", metavar="NAME")
    ],
    as_: AsOption = None,
    course: CourseOption = None,
) -> None:
    """End somebody's access, until `serve activate`. What they handed in stays."""
    home = find(course)
    with open_book(home) as book:
        accounts = accounts_of(home, book)
        found = account_named(book, accounts, name)
        accounts.deactivate(found, who=who_is(as_))
        print(
            f"{found.called} ({found.id}) is signed out everywhere and cannot sign in. "
            f"To undo it: python -m grader serve activate {found.id}"
        )


def activate(
    name: Annotated[
        str, typer.Argument(help="Whom: id, login, email address or full name.", metavar="NAME")
    ],
    as_: AsOption = None,
    course: CourseOption = None,
) -> None:
    """Let somebody in again who was deactivated. They need a new link or token."""
    home = find(course)
    with open_book(home) as book:
        accounts = accounts_of(home, book)
        found = account_named(book, accounts, name)
        if found.student is not None and not book.student_by_key(found.student).on_roster:
            raise UsageError(
                f"{found.id} is not on the roster; add them to it, and load it with: "
                "python -m grader gradebook roster FILE"
            )
        accounts.activate(found, who=who_is(as_))
        print(
            f"{found.called} ({found.id}) may sign in again. "
            f"For a link, run: python -m grader serve invite {found.id}"
        )


def verify(
    receipt: Annotated[Path, typer.Argument(help="The receipt.", metavar="RECEIPT")],
    archive: Annotated[
        Path | None, typer.Argument(help="The archive that it is for.", metavar="[ZIP]")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Tell whether this course's server signed a receipt, and whether the hand-in is here."""
    from grader.server.hand_ins.receipts import is_genuine
    from grader.server.keys import ServerKeys

    home = find(course)
    said = _receipt(receipt)
    if not (home.memory / "server.key").is_file():
        raise UsageError(
            f"there is no key {home.memory / 'server.key'} to verify a receipt with; run this "
            "where the server runs, or restore the key from a backup"
        )
    if not is_genuine(ServerKeys.open(home), said):
        print(
            f"{receipt} was not signed by this course's server, or was changed since. "
            "If the server's key was replaced, verify it with the old one."
        )
        raise typer.Exit(1)
    print(
        f"{receipt} is genuine: hand-in {said['number']} of {said['student']} for "
        f"{said['assignment']}, received at {said['received_at']}, SHA-256 {said['sha256']}."
    )
    with open_book(home) as book:
        kept = _is_kept(home, book, said)
    print("The gradebook has it." if kept else _MISSING)
    same = archive is None or _sha256(archive) == said["sha256"]
    if archive is not None:
        print(f"{archive} is {'the file that' if same else 'NOT the file that'} it confirms.")
    if not (kept and same):
        raise typer.Exit(1)


_MISSING = (
    "The gradebook does NOT have it, though the server confirmed it: it may have been restored "
    "from an older backup, or the student's data were removed. Ask the student for the archive, "
    "compare it with: python -m grader serve verify RECEIPT ZIP, and grade it with the time above."
)


def require_extra() -> None:
    """Raises UsageError if the server's libraries are not installed."""
    from grader._internal.install_hint import install_hint

    try:
        import starlette  # noqa: F401  # only whether it is there
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as exc:
        raise UsageError(
            f"the server needs {exc.name}, which is not installed; run: {install_hint('server')}"
        ) from None


def accounts_of(course: Course, book: Gradebook) -> Accounts:
    """Who may sign in, as the roster says now."""
    from grader._internal.clock import now_utc
    from grader.server.accounts.accounts import Accounts

    accounts = Accounts(book.engine, course.settings.server, now_utc)
    accounts.sync()
    return accounts


def account_named(book: Gradebook, accounts: Accounts, name: str) -> Account:
    """The account that a name means; of staff by id only. Also one that is not active."""
    found = accounts.account(name) or accounts.of_student(book.student(name).key)
    if found is None:
        raise UsageError(f"{name} has no account here; add them to the roster and load it")
    return found


def _receipt(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(MAX_RECEIPT))
    except OSError as exc:
        raise UsageError(f"cannot read {path}: {exc.strerror}; name another file") from None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or "signature" not in said:
        raise UsageError(
            f"{path} is not a server's receipt; it is a JSON file with a signature, which "
            "students load from the page of their hand-in"
        )
    return said


def _is_kept(course: Course, book: Gradebook, said: dict[str, Any]) -> bool:
    """Whether the hand-in that a genuine receipt names is in the database."""
    from grader._internal.clock import now_utc
    from grader.server.hand_ins.hand_ins import HandIns

    people = [each for each in book.students() if each.id == said["student"]]
    found = HandIns(book.engine, course.settings.server, now_utc)
    return any(
        (each.number, each.sha256, each.received_at.isoformat())
        == (said["number"], said["sha256"], said["received_at"])
        for one in people
        for each in found.of_student(one.key, said["assignment"])
    )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise UsageError(f"cannot read {path}: {exc.strerror}; name another file") from None
