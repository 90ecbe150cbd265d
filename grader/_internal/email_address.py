"""Whether a text can be somebody's email address."""

from __future__ import annotations

import re

MOST = 254  # what SMTP takes (RFC 5321)
_ATOM = r'[^\s@<>()\[\],;:.\\"\x00-\x1f\x7f]+'
_MAILBOX = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+|localhost")


def email_problem(text: str) -> str | None:
    """Why mail to this address would reach nobody, as the end of a sentence; None if it may."""
    mailbox, at, domain = text.rpartition("@")
    if len(text) > MOST:
        return f"is longer than {MOST} characters"
    if not at:
        return "has no @"
    if re.search(r"\s", text):
        return "contains a space"
    if not mailbox:
        return "has nothing before its @"
    if not _MAILBOX.fullmatch(mailbox):
        return "contains signs that no address has"
    if not _DOMAIN.fullmatch(domain):
        return "does not end with the name of a machine, such as example.edu"
    return None
