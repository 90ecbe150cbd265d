"""Invitations: a one-time link for each person, printed, in a CSV file, or sent by mail."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import smtplib
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage

from grader.course.course import Course
from grader.course.server_settings import MailSettings
from grader.errors import UsageError
from grader.reports.summary import harmless_cell
from grader.server.accounts import Accounts
from grader.server.records import Account

TIMEOUT_S = 30.0
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
    settings = course.settings.server.mail
    if settings is None:
        raise UsageError(
            "there is no mail server in the settings; add [tool.grader.server.mail] with its host "
            "and the sender, or write the links to a file with --csv"
        )
    failed = []
    days = course.settings.server.invitation_days
    try:
        server = _connected(settings)
    except (OSError, smtplib.SMTPException) as exc:
        raise UsageError(
            f"the mail server {settings.host}, port {settings.port}, cannot be used: "
            f"{_reason(exc)}; correct [tool.grader.server.mail], or write the links to a file "
            "with --csv"
        ) from None
    with contextlib.closing(server):
        for person in people:
            if "@" not in person.email:
                failed.append((person, "the roster has no email address"))
                continue
            try:
                for each in invite(accounts, [person], address):
                    server.send_message(_mail(each, settings, course.settings.name, days))
            except (OSError, smtplib.SMTPException, ValueError) as exc:
                failed.append((person, _reason(exc)))
    return failed


def _connected(settings: MailSettings) -> smtplib.SMTP:
    server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)
    try:
        if settings.starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, os.environ.get(settings.password_variable, ""))
    except BaseException:
        server.close()
        raise
    return server


def _mail(invitation: Invitation, settings: MailSettings, course: str, days: int) -> EmailMessage:
    """Raises ValueError for an address that is none."""
    person = invitation.account
    mail = EmailMessage()
    mail["From"] = settings.sender
    mail["To"] = Address(display_name=person.name, addr_spec=person.email)
    mail["Subject"] = f"Your invitation to {course}"
    mail.set_content(
        MAIL.format(name=person.called, course=course, link=invitation.link, days=days)
    )
    return mail


def _reason(exc: Exception) -> str:
    """What a mail server or the system said, on one line."""
    code: int
    said: bytes | str
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(exc.recipients.values()))
    elif isinstance(exc, smtplib.SMTPResponseException):
        code, said = exc.smtp_code, exc.smtp_error
    else:
        return " ".join(str(exc).split()) or type(exc).__name__
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join(f"{code} {text}".split())
