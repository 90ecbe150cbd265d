"""Invitations: a one-time link for each person, printed, in a CSV file, or sent by mail."""

from __future__ import annotations

import contextlib
import csv
import io
import smtplib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from grader._internal.email_address import email_problem
from grader.course.course import Course
from grader.course.server_settings import MailSettings
from grader.reports.summary import harmless_cell
from grader.server.accounts.accounts import Accounts
from grader.server.mail import connected, message, reason, settings_of
from grader.server.records import Account

MAIL = """\
Hello {name},

this link signs you in to the course {course}:

{link}

It works once, within {days} days, so open it in the browser that you will use. Do not pass it on:
whoever opens it is you there. If it has run out, ask the course's staff for another.
"""


@dataclass(frozen=True)
class Invitation:
    """A one-time link for somebody."""

    account: Account
    link: str


def invite(accounts: Accounts, people: Iterable[Account], address: str) -> Iterator[Invitation]:
    """Make a link for one after the other; their earlier ones end then. address: the server's."""
    for person in people:
        yield Invitation(person, f"{address}/invitation/{accounts.invite(person)}")


def invitations_csv(invitations: Iterable[Invitation]) -> str:
    """A CSV file for a mail merge."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("id", "name", "email", "link"))
    for each in invitations:
        person = each.account
        cells = (person.id, person.name, person.email)
        writer.writerow((*map(harmless_cell, cells), each.link))
    return out.getvalue()


def send(
    accounts: Accounts, people: Sequence[Account], address: str, course: Course
) -> list[tuple[Account, str]]:
    """Make and send each link by mail. Returns for whom that failed, and why.

    Raises UsageError if the mail server cannot be used at all; then no earlier link ends.
    """
    instead = "or write the links to a file with --csv"
    settings = settings_of(course, instead)
    failed = []
    days = course.settings.server.invitation_days
    with contextlib.closing(connected(settings, instead)) as server:
        for person in people:
            if (why_not := _unreachable(person)) is not None:
                failed.append((person, why_not))
                continue
            try:
                for each in invite(accounts, [person], address):
                    server.send_message(_mail(each, settings, course.settings.name, days))
            except (OSError, smtplib.SMTPException, ValueError) as exc:
                failed.append((person, reason(exc)))
    return failed


def without_address(people: Iterable[Account]) -> list[Account]:
    """To whom no mail can be sent."""
    return [person for person in people if _unreachable(person) is not None]


def _unreachable(person: Account) -> str | None:
    if not person.email:
        return "the roster has no email address"
    problem = email_problem(person.email)
    return problem and f"the email address {person.email[:80]!r} {problem}"


def _mail(invitation: Invitation, settings: MailSettings, course: str, days: int) -> EmailMessage:
    """Raises ValueError for an address that is none."""
    person = invitation.account
    text = MAIL.format(name=person.called, course=course, link=invitation.link, days=days)
    return message(settings, person.name, person.email, f"Your invitation to {course}", text)
