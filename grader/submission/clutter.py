"""What lies in a submission but is no work of the student's: installed packages, caches, clutter.

It is left out before anything is counted or read. What a student might miss is told; the leavings
of an operating system are not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

_OF_SYSTEMS = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini", ".fseventsd", ".trashes")
_INSTALLED = ("site-packages", "dist-packages", "node_modules", "__pypackages__", ".conda", ".pixi")
_CACHES = (
    "__pycache__", ".ipynb_checkpoints", ".git", ".svn", ".hg", ".tox", ".nox", ".eggs", ".cache",
    ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis",
)  # fmt: skip
_NAMES = frozenset((*_OF_SYSTEMS, *_INSTALLED, *_CACHES))
# A name or a path with such a part in it. `._demo.py` is what macOS adds to demo.py on other disks.
JUNK = re.compile(rf"(^|/)(?i:{'|'.join(map(re.escape, sorted(_NAMES)))}|\.venv|\._[^/]*)(/|$)")

_ENVIRONMENTS = frozenset(("venv", ".venv", "env", ".env", "virtualenv"))
# What an environment consists of, in the order in which its tools make it.
_PARTS = frozenset((
    "bin", "scripts", "lib", "lib64", "libs", "include", "share", "etc", "conda-meta", "dlls",
    "library", "pkgs", "envs", "man", "ssl", "var",
))  # fmt: skip

# The names of the folders and of the files in a folder.
Content = tuple[Collection[str], Collection[str]]


def left_out(name: str, folders: Mapping[str, Content], files: Collection[str]) -> frozenset[str]:
    """Which folders and files in a folder are left out.

    name: the folder's own; "" for the submission's. folders, files: what is in it, with what is in
    those folders.

    A virtual environment is known by its name or by what its tool puts into it. Code directly in it
    is the student's, as some editors suggest; then only the environment's own folders are left out.
    `env` may as well be a package of the student's: with code in it, more than its name must tell.
    """
    known = _is_made((folders, files)) or (name.casefold() in _ENVIRONMENTS - {"env"})
    gone = set()
    for each, inside in folders.items():
        whole = each.casefold() in _ENVIRONMENTS or _is_made(inside)
        if (
            _is_junk(each)
            or (known and each.casefold() in _PARTS)
            or (whole and not any(map(is_code, inside[1])))
        ):
            gone.add(each)
    return frozenset((*gone, *filter(_is_junk, files)))


def _is_junk(name: str) -> bool:
    return name.casefold() in _NAMES or name.startswith("._")


def _is_made(content: Content) -> bool:
    return "pyvenv.cfg" in content[1] or "conda-meta" in content[0]


def is_code(name: str) -> bool:
    """Whether a file is a module or a notebook, by its name."""
    return name.lower().endswith((".py", ".ipynb"))


def worth_telling(paths: Iterable[str]) -> tuple[str, ...]:
    """Of the paths left out, those that a student put there or may miss, once each."""
    told = (path for path in paths if not _is_of_a_system(path.rpartition("/")[2]))
    return tuple(dict.fromkeys(told))


def _is_of_a_system(name: str) -> bool:
    return name.casefold() in _OF_SYSTEMS or name.startswith("._")


@dataclass
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    gone: frozenset[str] | None = None

    def content(self) -> Content:
        return self.folders.keys(), self.files


def own_paths(paths: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Of the paths of files with `/` between names, the student's own; and what is left out.

    Takes time linear in the length of all paths, however deep they are.
    """
    top = _Folder()
    split = [(path, [name for name in path.split("/") if name not in ("", ".")]) for path in paths]
    for _, names in split:
        folder = top
        for name in names[:-1]:
            folder = folder.folders.setdefault(name, _Folder())
        folder.files.update(names[-1:])
    own, gone = [], []
    for path, names in split:
        at = _where_left_out(top, names)
        if at is None:
            own.append(path)
        else:
            gone.append("/".join(names[: at + 1]))
    return frozenset(own), worth_telling(gone)


def _where_left_out(top: _Folder, names: list[str]) -> int | None:
    """Which name of a path is left out; None for a path of the student's own."""
    folder, own = top, ""
    for at, name in enumerate(names):
        if folder.gone is None:
            inside = {each: inner.content() for each, inner in folder.folders.items()}
            folder.gone = left_out(own, inside, folder.files)
        if name in folder.gone:
            return at
        if at < len(names) - 1:
            folder, own = folder.folders[name], name
    return None
