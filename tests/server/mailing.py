"""A mail server of the test's own, on this machine."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ADDRESS = '[tool.grader.server]\naddress = "https://grader.example.edu"\n'
SETTINGS = """
[tool.grader.server.mail]
host = "127.0.0.1"
port = {port}
sender = "Course <course@example.edu>"
starttls = false
"""


class Post:
    """Keeps what is sent, and knows nobody called bob."""

    def __init__(self) -> None:
        self.kept: list[Envelope] = []

    @property
    def people(self) -> list[str]:
        """To whom mails came, in order."""
        return [to for each in self.kept for to in each.rcpt_tos]

    def text(self, person: str) -> str:
        """The text of the last mail to somebody."""
        sent = [each for each in self.kept if person in each.rcpt_tos][-1]
        assert isinstance(sent.content, bytes)
        read = email.message_from_bytes(sent.content, policy=email.policy.default)
        text: str = read.get_content()
        return text

    async def handle_RCPT(  # aiosmtpd looks for this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("bob"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.kept.append(envelope)
        return "250 OK"


@contextmanager
def post_office() -> Iterator[tuple[Post, str]]:
    """A mail server, and the settings that lead to it."""
    handler = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, SETTINGS.format(port=port)
    finally:
        controller.stop()
