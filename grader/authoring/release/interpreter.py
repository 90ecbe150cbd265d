"""The Python of a browser that pages bring along: a folder of Pyodide, or where it is served.

A distribution of Pyodide has its own files and a wheel for each package, which
`pyodide-lock.json` lists with what each needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.errors import UsageError

# What the public checks need besides the interpreter.
PACKAGES = (
    "matplotlib",
    "msgpack",
    "numpy",
    "packaging",
    "platformdirs",
    "pydantic",
    "pytest",
    "rich",
)
LOCK = "pyodide-lock.json"
_CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)
_BESIDE = "python"


@dataclass(frozen=True)
class WebPython:
    """address: where pages load it from, "" for `python/` beside them. folder: whence it is copied
    there. python_version: which Python it is, as its lock file says. lock: what its packages are,
    by their names; None where only the browser can see that."""

    address: str = ""
    folder: Path | None = None
    python_version: str = ""
    lock: Mapping[str, Mapping[str, object]] | None = field(default=None, repr=False)

    def lacks(self, requirements: Iterable[str]) -> list[str]:
        """Those of these packages, as pip takes them, that it does not have."""
        if self.lock is None:
            return []
        return [name for name in names_of(requirements) if name not in self.lock]

    def files(self, requirements: Iterable[str]) -> dict[str, Path]:
        """What is copied beside the pages so that these packages, and what they need, are there.

        Raises UsageError for a wheel that is listed and missing.
        """
        if self.folder is None or self.lock is None:
            return {}
        wanted, names = list(names_of(requirements)), set(_CORE)
        seen: set[str] = set()
        while wanted:
            name = canonicalize_name(wanted.pop())
            if name in seen or name not in self.lock:
                continue
            seen.add(name)
            names.add(str(self.lock[name].get("file_name")))
            needs = self.lock[name].get("depends")
            wanted += map(str, needs if isinstance(needs, list) else [])
        missing = sorted(name for name in names if not (self.folder / name).is_file())
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            raise UsageError(
                f"{self.folder} lacks {missing[0]}{more}; take the full distribution of a Pyodide "
                f"with Python {self.python_version}: its core alone has no packages"
            )
        return {f"{_BESIDE}/{name}": self.folder / name for name in sorted(names)}


def names_of(requirements: Iterable[str]) -> list[str]:
    """The packages by their names alone."""
    return [canonicalize_name(Requirement(text).name) for text in requirements]


def interpreter_at(text: str) -> WebPython:
    """The one in a folder or at an address. Raises UsageError where there is none."""
    parts = urlsplit(text)
    if parts.scheme in ("http", "https") and parts.netloc:
        path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
        return WebPython(urlunsplit((parts.scheme, parts.netloc, path, "", "")))
    folder = Path(text)
    try:
        lock = json.loads((folder / LOCK).read_bytes())
        python_version, packages = str(lock["info"]["python"]), dict(lock["packages"])
    except OSError:
        raise UsageError(
            f"{text} has no {LOCK}; name the folder into which a distribution of Pyodide was "
            "unpacked, or the address that serves one, which begins with https://"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{folder / LOCK} is damaged; unpack the distribution again") from None
    return WebPython("", folder, python_version, packages)
