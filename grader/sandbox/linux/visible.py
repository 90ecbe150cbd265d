"""What a submission may read besides its own files: Python and the packages it may import.

A `FileView` is computed by the zygote before it jails itself, in the interpreter that student code
will run in. It lists folders of the system and of Python to show whole, the package folders inside
them to hide (they may hold anything: this package, scipy, a course's checks), and the packages to
show in spite of that: numpy, matplotlib, what the homework names, and what their own metadata say
they need. Symbolic links are the reason that a path can stand here twice, as it is written and as
it resolves.
"""

from __future__ import annotations

import importlib.abc
import os
import stat
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox.protocol.packages import entries

# The loader's default folders, fonts and time zones. /etc stays out, and /usr/local too unless
# Python itself lives there.
_SYSTEM = (
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/zoneinfo",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class FileView:
    """What can be read in the jail; absolute paths that exist.

    links: top-level symbolic links to repeat, such as /lib, with their targets.
    roots: shown whole but for what `hidden` takes out.
    hidden: package folders below a root, and this package's own source.
    packages: folders and files shown although they are below something hidden.
    """

    links: tuple[tuple[str, str], ...]
    roots: tuple[str, ...]
    hidden: tuple[str, ...]
    packages: tuple[str, ...]

    def shows(self, path: str) -> bool:
        """Whether `path` can be read, or an entry of that folder."""
        return any(
            _is_within(path, root) and not any(_is_within(path, hole) for hole in self.hidden)
            for root in self.roots
        ) or any(path in (package, str(Path(package).parent)) for package in self.packages)

    def readable(self) -> list[str]:
        """The same set without holes, for Landlock, which can only add."""
        paths: list[str] = []
        for root in self.roots:
            paths += _around(root, self.hidden)
        return paths + list(self.packages)

    def listable(self) -> list[str]:
        """Folders that the import system lists although parts of them are hidden."""
        holed = [root for root in self.roots if any(_is_within(h, root) for h in self.hidden)]
        return holed + sorted({str(Path(package).parent) for package in self.packages})


def view_with(packages: tuple[str, ...]) -> FileView:
    """The view of this interpreter, with these packages. Reads metadata and lists folders; imports
    nothing."""
    links, roots = [], []
    for root in _unique([*_SYSTEM, *_python_folders()]):
        path = Path(root)
        if path.is_symlink() and path.parent == Path("/"):
            links.append((root, str(path.readlink())))
        elif path.exists():
            roots.append(root)
    roots = [root for root in roots if not any(_is_below(root, other) for other in roots)]
    return FileView(
        links=tuple(links),
        roots=tuple(roots),
        hidden=tuple(_hidden_below(roots)),
        packages=tuple(_unique(name for entry in entries(packages) for name in _spellings(entry))),
    )


def importable(view: FileView) -> list[str]:
    """The entries of sys.path from which something can be imported in the jail."""
    return _unique(entry for entry in sys.path if entry and view.shows(entry))


class HiddenModules(importlib.abc.MetaPathFinder):
    """Says "no module named scipy" where scipy can be seen but not read.

    That is so at the level "landlock"; where mounts hide what is hidden nobody needs this.
    """

    def __init__(self, view: FileView) -> None:
        shown = {Path(package) for package in view.packages}
        self._names = frozenset(
            entry.name.partition(".")[0]
            for folder in {package.parent for package in shown}
            for entry in folder.iterdir()
            if entry not in shown
        )

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Nothing for other finders to find; raises ModuleNotFoundError for what is hidden."""
        if path is None and fullname in self._names:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def is_open_to_others(view: FileView) -> bool:
    """Whether a user who owns nothing may enter every folder that Python is imported from.

    False for a Python below root's home. Then the level "landlock" cannot give children another
    user, whatever Landlock would allow.
    """
    folders = {Path(path) for path in (*view.roots, *view.packages)}
    above = {parent for folder in folders for parent in folder.parents}
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in above)


def _python_folders() -> Iterator[str]:
    """Where the standard library and the shared libraries beside it are."""
    for stdlib in _standard_library():
        # Beside a Python of its own prefix lie its libraries; /usr/local/lib is everybody's.
        private = not stdlib.is_relative_to("/usr")
        yield from _spellings(stdlib.parent if private else stdlib)


def _standard_library() -> list[Path]:
    """The folders of the standard library, of this Python and not of a virtual environment."""
    bases = {
        "base": sys.base_prefix,
        "installed_base": sys.base_prefix,
        "platbase": sys.base_exec_prefix,
        "installed_platbase": sys.base_exec_prefix,
    }
    folders = {Path(sysconfig.get_path(name, vars=bases)) for name in ("stdlib", "platstdlib")}
    return sorted(folders)


def _hidden_below(roots: list[str]) -> Iterator[str]:
    """Every folder below a root where packages are installed, and this package's source."""
    standard = [str(path) for path in _standard_library()]
    found = {
        spelling
        for entry in sys.path
        if entry and not any(_is_within(entry, s) for s in standard)
        for spelling in _spellings(Path(entry))
    }
    for root in roots:
        for name in _PACKAGE_FOLDERS:
            for pattern in (name, f"python*/{name}"):
                found.update(map(str, Path(root).glob(pattern)))
    found.update(_spellings(Path(__file__).parents[2]))
    inside = {
        path for path in found if Path(path).is_dir() and any(_is_below(path, r) for r in roots)
    }
    yield from sorted(path for path in inside if not any(_is_below(path, p) for p in inside))


def _spellings(path: Path) -> list[str]:
    """The path as written and as it resolves: imports use the first, links lead to the second."""
    return _unique([str(path.absolute()), str(path.resolve())])


def _around(path: str, holes: tuple[str, ...]) -> list[str]:
    """`path` split into the parts that contain none of `holes`."""
    if path in holes:
        return []
    if not any(_is_below(hole, path) for hole in holes):
        return [path]
    parts: list[str] = []
    for entry in sorted(Path(path).iterdir()):
        parts += _around(str(entry), holes)
    return parts


def _is_within(path: str, folder: str) -> bool:
    return path == folder or _is_below(path, folder)


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
