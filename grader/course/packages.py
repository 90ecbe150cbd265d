"""The packages that a homework may use: how authors name them, and the course's with a homework's.

`packages = ["torch>=2.6", "pandas"]` as `pip install` takes them: names, versions, extras. A file
or an address to install from is refused, since no two machines would have the same, and so is a
marker: which packages there are does not depend on the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from pydantic import AfterValidator

# `grader` itself shows the course's checks, and pytest could be mistaken for them.
_REFUSED = frozenset({"homework-grader", "grader", "pytest"})


def _plain(text: str) -> str:
    """One package in the one way to write it. Raises ValueError with the remedy."""
    try:
        read = Requirement(text)
    except InvalidRequirement:
        raise ValueError(f"{text!r} is no package; write a name and versions: torch>=2.6") from None
    if read.url is not None or read.marker is not None:
        raise ValueError(f"{text!r} has more than a name, extras and versions; leave that out")
    if canonicalize_name(read.name) in _REFUSED:
        raise ValueError(f"{read.name} cannot be used by submissions; leave it out")
    if read.name in sys.stdlib_module_names:
        raise ValueError(f"{read.name} is part of Python and always there; leave it out")
    read.name = canonicalize_name(read.name)
    return str(read)


PackageName = Annotated[str, AfterValidator(_plain)]


def joined(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Several lists as one, in alphabetical order; of a package in two, both versions hold."""
    found: dict[str, Requirement] = {}
    for each in (Requirement(text) for texts in lists for text in texts):
        known = found.setdefault(each.name, each)
        known.specifier = SpecifierSet(f"{known.specifier},{each.specifier}".strip(","))
        known.extras |= each.extras
    return tuple(str(found[name]) for name in sorted(found))
