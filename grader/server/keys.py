"""The server's key, and what is made with it: signatures, and the secrets of links and sessions."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from grader._internal.files import UNFINISHED
from grader.course.course import Course
from grader.errors import CourseError

FILE = "server.key"
_BYTES = 32


@dataclass(frozen=True)
class ServerKeys:
    """One random key, from which each purpose gets a key of its own."""

    key: bytes = field(repr=False)

    @classmethod
    def open(cls, course: Course) -> ServerKeys:
        """The key in the course's `.grader/server.key`, made if it is missing.

        Raises CourseError if it can be neither read nor made.
        """
        path = course.memory / FILE
        try:
            if not path.exists():
                _make(path)
            key = bytes.fromhex(path.read_text(encoding="ascii"))
        except OSError as exc:
            raise CourseError(
                f"the server's key {path} cannot be used: {exc.strerror}; correct the permissions"
            ) from None
        except ValueError:
            key = b""
        if len(key) != _BYTES:
            raise CourseError(
                f"{path} does not contain a key; restore it from a backup, or delete it to have a "
                "new one made. Receipts that the old key signed can then no longer be verified"
            )
        return cls(key)

    def sign(self, purpose: str, text: str) -> str:
        """The signature of a text, as hexadecimal digits. It holds for this purpose only."""
        own = hmac.new(self.key, purpose.encode(), hashlib.sha256).digest()
        return hmac.new(own, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def verify(self, purpose: str, text: str, signature: str) -> bool:
        """Whether `sign` made a signature, in a time that tells nothing about it."""
        expected = self.sign(purpose, text).encode()
        return hmac.compare_digest(expected, signature.encode("utf-8", "surrogatepass"))

    @staticmethod
    def hashed(secret: str) -> str:
        """What is stored of a secret: its SHA-256. The secrets are random, so it needs no salt."""
        return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

    @staticmethod
    def new_secret() -> str:
        """256 random bits as text that an address may contain."""
        return secrets.token_urlsafe(_BYTES)


def _make(path: Path) -> None:
    """Make the file, whole or not at all. Of two processes at once, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)  # for its owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        Path(temporary).unlink(missing_ok=True)
