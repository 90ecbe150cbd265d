"""Which packages a submission may import besides the standard library.

`ALWAYS` are there in every homework; a homework or its course may name more, as `pip install` takes
them: "torch>=2.6". The value travels as a tuple of such texts, which `course.packages` has read and
joined. The jail shows exactly these (`sandbox.linux.visible`), a fork server imports them before it
forks, a worker without a jail refuses the others (`sandbox.guest.imports`), and every message and
page that names them gets its words from here. What a package's own metadata says that it needs, on
this machine and for the extras that were asked for, is there with it.
"""

from __future__ import annotations

import functools
import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALWAYS = ("numpy", "matplotlib")
# What makes libraries compute in one thread. A second one costs more than it gives at homework
# sizes and makes sums depend on the machine; a pool as large as a server's is over the limit.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "NPROC": "1",  # jax's own
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


@dataclass(frozen=True)
class PackageLack:
    """A package that was named and is not here as it was named.

    requirement: as pip takes it. installed: the version that is here, None for none.
    """

    requirement: str
    installed: str | None

    @property
    def fact(self) -> str:
        """What is wrong, for a sentence."""
        if self.installed is None:
            return f"{self.requirement} is not installed"
        name = Requirement(self.requirement).name
        return f"{name} {self.installed} is installed, and not {self.requirement}"


def requirements(packages: tuple[str, ...]) -> list[Requirement]:
    """What may be imported: what is always there first, each once. packages: what is named."""
    found = {canonicalize_name(name): Requirement(name) for name in ALWAYS}
    found |= {canonicalize_name(each.name): each for each in map(Requirement, packages)}
    return list(found.values())


@functools.cache
def names(packages: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the packages, without versions. Every request to a worker asks for them."""
    return tuple(each.name for each in requirements(packages))


def in_words(packages: tuple[str, ...]) -> str:
    """For a sentence: "numpy, matplotlib and the standard library"."""
    return f"{', '.join(names(packages))} and the standard library"


def lacks(packages: tuple[str, ...]) -> list[PackageLack]:
    """The named packages that are not here, or in a version that was not named."""
    found = []
    for each in requirements(packages):
        try:
            version = importlib.metadata.version(each.name)
        except importlib.metadata.PackageNotFoundError:
            found.append(PackageLack(str(each), None))
            continue
        if not each.specifier.contains(version, prereleases=True):
            found.append(PackageLack(str(each), version))
    return found


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """The version that is installed here of each package that is named, by its name."""
    found: dict[str, str] = {}
    for each in map(Requirement, packages):
        try:
            found[canonicalize_name(each.name)] = importlib.metadata.version(each.name)
        except importlib.metadata.PackageNotFoundError:
            continue  # `lacks` tells of it
    return found


@functools.cache
def importable(packages: tuple[str, ...]) -> frozenset[str]:
    """The top-level modules that these packages, and all that they need, have installed here."""
    return frozenset(names(packages)) | {path.name.partition(".")[0] for path in entries(packages)}


def modules(packages: tuple[str, ...]) -> list[str]:
    """What to import so that the packages that are named are loaded: the module of a package's own
    name, else all that it has installed. numpy and matplotlib are not among them."""
    found: list[str] = []
    always = set(map(canonicalize_name, ALWAYS))
    for each in map(Requirement, packages):
        name = canonicalize_name(each.name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # `lacks` tells of it
        tops = [path.name.partition(".")[0] for path in _top_entries(distribution, name)]
        own = [top for top in tops if canonicalize_name(top) == name]
        public = [top for top in tops if top.isidentifier() and top[0] != "_"]
        found += [] if name in always else own[:1] or public
    return list(dict.fromkeys(found))


def entries(packages: tuple[str, ...]) -> Iterator[Path]:
    """The folders and files, each beside the others in a package folder, of these packages."""
    seen: set[tuple[str, str]] = set()
    waiting = [pair for each in requirements(packages) for pair in _asked_for(each)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # left out by whoever installed it; importing it says so
        for needed in map(Requirement, distribution.requires or ()):
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += _asked_for(needed)
        if not extra:
            yield from _top_entries(distribution, name)


def _asked_for(requirement: Requirement) -> list[tuple[str, str]]:
    """A package without extras (""), and with each of those that are asked for."""
    name = canonicalize_name(requirement.name)
    return [(name, extra) for extra in ("", *sorted(requirement.extras))]


def _top_entries(distribution: importlib.metadata.Distribution, name: str) -> Iterator[Path]:
    """What a distribution has put into its package folder, without its own metadata."""
    folder = Path(str(distribution.locate_file("")))
    record = distribution.read_text("RECORD") or ""
    inside = {line.partition(",")[0].partition("/")[0] for line in record.splitlines()}
    # A system's packager may leave no record, only the importable names.
    for top in (distribution.read_text("top_level.txt") or "").split():
        inside.update((top, f"{top}.py", f"{top}.libs"))
    for top in sorted(inside or {name, f"{name}.py"}):
        path = folder / top
        ignored = top in ("", "..", "__pycache__") or path.suffix in (".dist-info", ".pth")
        if not ignored and path.exists():
            yield path
