"""Mail through the SMTP server of the settings."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage

from grader.course.course import Course
from grader.course.server_settings import MailSettings
from grader.errors import UsageError

TIMEOUT_S = 30.0


def settings_of(course: Course, instead: str) -> MailSettings:
    """[tool.grader.server.mail]. instead: what else somebody may do. Raises UsageError."""
    settings = course.settings.server.mail
    if settings is None:
        raise UsageError(
            "there is no mail server in the settings; add [tool.grader.server.mail] with its host "
            f"and the sender, {instead}"
        )
    return settings


def connected(settings: MailSettings, instead: str) -> smtplib.SMTP:
    """A connection to the mail server, signed in. instead: see `settings_of`. Raises UsageError."""
    try:
        return _connected(settings)
    except (OSError, smtplib.SMTPException) as exc:
        raise UsageError(
            f"the mail server {settings.host}, port {settings.port}, cannot be used: "
            f"{reason(exc)}; correct [tool.grader.server.mail], {instead}"
        ) from None


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


def message(
    settings: MailSettings, name: str, address: str, subject: str, text: str
) -> EmailMessage:
    """A mail to one person. Raises ValueError for an address that is none."""
    mail = EmailMessage()
    mail["From"] = settings.sender
    mail["To"] = Address(display_name=name, addr_spec=address)
    mail["Subject"] = subject
    mail.set_content(text)
    return mail


def reason(exc: Exception) -> str:
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
