"""Which packages a submission may import besides the standard library: the one list of them.

The jail shows exactly these (`sandbox.linux.visible`), a worker without a jail refuses the others
(`sandbox.guest.imports`), and every message and page that names them gets its words from here.
What a package's own metadata says that it needs is there with it.
"""

from __future__ import annotations

import functools
import importlib.metadata
import re
from collections.abc import Iterator
from pathlib import Path

PROMISED = ("numpy", "matplotlib")

_REQUIREMENT_NAME = re.compile(r"[\w.-]+")


def in_words(packages: tuple[str, ...] = PROMISED) -> str:
    """For a sentence: "numpy, matplotlib and the standard library"."""
    return f"{', '.join(packages)} and the standard library"


@functools.cache
def importable(packages: tuple[str, ...] = PROMISED) -> frozenset[str]:
    """The top-level modules that these packages, and all that they need, have installed here."""
    return frozenset(packages) | {path.name.partition(".")[0] for path in entries(packages)}


def entries(packages: tuple[str, ...] = PROMISED) -> Iterator[Path]:
    """The folders and files, each beside the others in a package folder, of these packages."""
    seen: set[str] = set()
    wanted = list(packages)
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # a requirement of another platform or another Python
        for requirement in distribution.requires or ():
            match = _REQUIREMENT_NAME.match(requirement)
            if match and "extra ==" not in requirement:
                wanted.append(match.group())
        yield from _top_entries(distribution, packages)


def _top_entries(
    distribution: importlib.metadata.Distribution, packages: tuple[str, ...]
) -> Iterator[Path]:
    """What a distribution has put into its package folder, without its own metadata."""
    folder = Path(str(distribution.locate_file("")))
    record = distribution.read_text("RECORD") or ""
    names = {line.partition(",")[0].partition("/")[0] for line in record.splitlines()}
    # A system's packager may leave no record, only the importable names.
    for name in (distribution.read_text("top_level.txt") or "").split():
        names.update((name, f"{name}.py", f"{name}.libs"))
    if not names:
        names.update(packages)
    for name in sorted(names):
        path = folder / name
        ignored = name in ("", "..", "__pycache__") or path.suffix in (".dist-info", ".pth")
        if not ignored and path.exists():
            yield path
