"""How this package was installed, and what to type to install more of it.

The distribution is `homework-grader`; `grader` is what is imported and typed. On the package index
`grader` is a package of somebody else's, so no message may ever tell anybody to install that one.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import grader

DISTRIBUTION = "homework-grader"
# What the distribution was called before; its files are those of today's.
FORMER_DISTRIBUTION = "grader"


def install_hint(extra: str | None = None) -> str:
    """The command that installs this package, with an extra of it, from where it came.

    That is the clone, or the wheel of a kit, if there is one; else the distribution by its name.
    """
    extras = f"[{extra}]" if extra else ""
    root = clone()
    if root is not None:
        target = f"-e '{'.' if root == Path.cwd() else root}{extras}'"
    else:
        # In quotes: a shell would take the brackets for a pattern.
        target = f"'{_local_origin() or DISTRIBUTION}{extras}'"
    return f"{pip_install()} {target}"


def pip_install() -> str:
    """`python -m pip install`, with the Python that runs this."""
    return f"{shown(Path(sys.executable))} -m pip install"


def install(requirements: Iterable[str]) -> str:
    """The command that installs packages, named as pip takes them."""
    # A shell would take < and > for files.
    quoted = (f'"{text}"' if set(text) & set("<>=!~[],; ") else text for text in requirements)
    return f"{pip_install()} {' '.join(dict.fromkeys(quoted))}"


def install_in_kit(requirements: Iterable[str]) -> str:
    """The command that installs packages where a kit lies, in the versions that it names."""
    quoted = " ".join(f'"{text}"' for text in requirements)
    return f"python -m pip install -c constraints.txt {quoted}"


def shown(path: Path) -> str:
    """A path to type, from where one stands if it is below."""
    here = Path.cwd()
    text = os.fspath(path.relative_to(here)) if path.is_relative_to(here) else os.fspath(path)
    return f'"{text}"' if " " in text else text


def clone() -> Path | None:
    """The folder of the source tree that this package runs from, if it does."""
    root = Path(grader.__file__).resolve().parents[1]
    try:
        settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return root if settings.get("project", {}).get("name") == DISTRIBUTION else None


def installed(name: str = DISTRIBUTION) -> Distribution | None:
    """The installed distribution of this name, if there is one."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _local_origin() -> Path | None:
    """The wheel or folder on this machine that pip was given, if it was given one and it is there.

    pip keeps it as PEP 610 says.
    """
    # Only now: they take longer than the command that may have to say this.
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    found = installed()
    text = found.read_text("direct_url.json") if found is not None else None
    try:
        url = urlsplit(json.loads(text or "{}")["url"])
    except (ValueError, KeyError, TypeError):
        return None
    path = Path(url2pathname(url.path))
    return path if url.scheme == "file" and path.exists() else None
