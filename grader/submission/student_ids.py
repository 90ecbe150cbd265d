"""Student ids, and file names made of what is no valid id."""

from __future__ import annotations

import hashlib
import unicodedata

MAX_ID_CHARACTERS = 100
MAX_ID_BYTES = 200


def valid_id(student: str) -> str | None:
    """Why a student id cannot be used, or None. It becomes a file name and a table cell."""
    if not student.strip():
        return "is empty"
    if len(student) > MAX_ID_CHARACTERS:
        return f"has {len(student)} characters; at most {MAX_ID_CHARACTERS} are allowed"
    if len(student.encode("utf-8", "surrogatepass")) > MAX_ID_BYTES:
        return f"is too long for a file name: at most {MAX_ID_BYTES} bytes are allowed"
    if any(char in '/\\:*?"<>|~' or unicodedata.category(char)[0] == "C" for char in student):
        return 'holds one of / \\ : * ? " < > | ~ or a control character'
    if student.startswith(".") or student != student.strip():
        return "starts with a dot or has spaces at an end"
    return None


def folded(student: str) -> str:
    """A student id as ids are compared: on no disk are two that differ in case two students."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", student).casefold())


def is_named_for(stem: str, student: str) -> bool:
    """Whether a file's name, without its extension, begins with a student's id.

    `submit` names a file ID_HOMEWORK_TIME_DIGEST.zip, and a browser may add to that.
    """
    name, begins = folded(stem), folded(student)
    return name.startswith(begins) and not name[len(begins) : len(begins) + 1].isalnum()


def safe_label(text: str) -> str:
    """A file name made of any text, for what has no valid student id. Two texts give two names."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    label = "".join(char if char.isalnum() or char in "-_. @+" else "_" for char in text)
    return f"{label.strip(' .')[:40] or 'unnamed'}-{digest}"
