"""The command `serve invite`: one-time links for the course's people."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.api import open_book, who_is
from grader.cli import _serve_people
from grader.cli._course import CourseOption, find
from grader.cli._serve_address import LOOPBACK, PORT, address_of
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.gradebook import Gradebook
    from grader.server.accounts.accounts import Accounts
    from grader.server.records import Account


MOST_NAMED = 10


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
    _serve_people.require_extra()
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
    from grader.server.accounts.invitations import (
        invitations_csv,
        invite,
        send,
        without_address,
    )

    address = address_of(home, f"http://{LOOPBACK}:{port}", "", demo=False)
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
    if unreachable := [each.id for each in without_address(people)]:
        print(
            f"A mail merge does not reach {', '.join(unreachable[:MOST_NAMED])}"
            + (f" and {len(unreachable) - MOST_NAMED} more" if unreachable[MOST_NAMED:] else "")
            + ": they have no email address, or what cannot be one. Hand these links over in "
            "another way, or correct the roster.",
            file=sys.stderr,
        )
    print(f"{links} in {csv}. Whoever has a link can sign in: keep the file safe.")
