"""The key pairs by which platforms know this server: kept in a file, published without secrets."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grader._internal.files import UNFINISHED
from grader.course.course import Course
from grader.errors import CourseError

FILE = "lti.keys"
# A platform may keep what we publish for a while; before that, a new key would be unknown to it.
PUBLISHED_FIRST = timedelta(days=1)
MOST_KEYS = 3
ALGORITHM = "RS256"  # the one that every platform has to know


@dataclass(frozen=True)
class ToolKeys:
    """Our keys, the newest first. keys: private ones as JSON Web Keys, each with its `made`."""

    keys: tuple[Mapping[str, Any], ...] = field(repr=False)

    @classmethod
    def open(cls, course: Course, now: datetime) -> ToolKeys:
        """The keys in the course's `.grader/lti.keys`, made if they are missing.

        Raises CourseError if they can be neither read nor made.
        """
        path = course.memory / FILE
        try:
            if not path.exists():
                _write(path, [_new_key(now)], replaces=False)
            keys = tuple(json.loads(path.read_text(encoding="ascii")))
            _ = next((key["kid"], datetime.fromisoformat(key["made"])) for key in keys)
        except OSError as exc:
            raise CourseError(
                f"the keys {path} cannot be used: {exc.strerror}; correct the permissions"
            ) from None
        except (ValueError, KeyError, TypeError, StopIteration):
            raise CourseError(
                f"{path} does not contain keys; restore it from a backup, or delete it to have "
                "new ones made. Platforms then refuse this server until they have read the new ones"
            ) from None
        return cls(keys)

    @staticmethod
    def rotate(course: Course, now: datetime) -> ToolKeys:
        """Add a new key. It is published at once and signs after a day."""
        known = ToolKeys.open(course, now)
        keys = [_new_key(now), *known.keys][:MOST_KEYS]
        _write(course.memory / FILE, keys, replaces=True)
        return ToolKeys(tuple(keys))

    def signing(self, now: datetime) -> Mapping[str, Any]:
        """The newest key that was published long enough, else the oldest."""
        for key in self.keys:
            if now - datetime.fromisoformat(key["made"]) >= PUBLISHED_FIRST:
                return key
        return self.keys[-1]

    @property
    def public(self) -> dict[str, Any]:
        """What is published: a JSON Web Key Set without secrets."""
        said = ("kty", "kid", "n", "e")
        more = {"use": "sig", "alg": ALGORITHM}
        return {"keys": [{**{name: key[name] for name in said}, **more} for key in self.keys]}


def _new_key(now: datetime) -> dict[str, Any]:
    from joserfc.jwk import RSAKey  # slow to load, for who does not need it

    key = RSAKey.generate_key(2048, auto_kid=True)
    return {**key.as_dict(private=True), "made": now.isoformat()}


def _write(path: Path, keys: list[dict[str, Any]] | list[Any], *, replaces: bool) -> None:
    """Write the file, whole or not at all. Of two that make it at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)  # for its owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump([dict(key) for key in keys], file)
            file.flush()
            os.fsync(file.fileno())
        if replaces:
            Path(temporary).replace(path)
            return
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        Path(temporary).unlink(missing_ok=True)
