"""A constraints file for pip: the exact versions, installed here, of what a wheel needs.

So students get the numpy with which the course's staff wrote and tested the homework.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from grader._internal.zips import unzip

_HEAD = """\
# The versions that the course's staff use; with this file, pip takes exactly these.
"""


def make_constraints(wheel: bytes, packages: tuple[str, ...] = ()) -> bytes:
    """constraints.txt for a wheel: each distribution that it needs, without extras of its own, and
    what those need in their turn. packages: what submissions may import, as pip takes it.

    Depends on nothing but what is installed. What this platform or this Python does not need, and
    what is not installed, is left out: pip then takes the newest.
    """
    files = unzip(wheel)
    inside = next(name for name in files if name.endswith(".dist-info/METADATA"))
    waiting = list(_needed(message_from_bytes(files[inside]).get_all("Requires-Dist"), ""))
    waiting += _needed(list(packages), "")
    versions: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        # Without a local part such as "+cpu", which no index offers.
        versions[name] = Version(found.version).public
        waiting += _needed(found.requires, extra)
    lines = [f"{name}=={versions[name]}\n" for name in sorted(versions)]
    return (_HEAD + "".join(lines)).encode()


def _needed(requires: list[str] | None, extra: str) -> Iterator[tuple[str, str]]:
    """The names that hold here, once for no extra ("") and once for each that is asked for."""
    for text in requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            name = canonicalize_name(requirement.name)
            yield from ((name, each) for each in ("", *sorted(requirement.extras)))
