"""Refuses, on a machine without a jail, the packages that are not there where work is graded.

A student has many packages installed. Code that imports one of them would pass every check at home
and fail where it is graded, so it fails at home in the same way.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Collection, Sequence
from pathlib import Path


class PromisedOnly(importlib.abc.MetaPathFinder):
    """Says "No module named 'scipy'" of every package that is installed but not promised."""

    def __init__(self, packages: Collection[str], folder: str) -> None:
        """packages: the top-level names that may be imported. folder: where the submission lies;
        every module in it is the student's own."""
        self._allowed = frozenset(packages) | sys.stdlib_module_names | {"grader"}
        self._folder = Path(folder).resolve()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Of what is refused a spec whose import fails; else None, which leaves it to others.

        Raising here would also fail code that only asks `importlib.util.find_spec` what is there.
        torch does so for packages that it never imports.
        """
        of_graders = fullname.startswith("grader.") and not fullname.startswith("grader.sandbox")
        if of_graders or (path is None and fullname not in self._allowed):
            spec = importlib.machinery.PathFinder.find_spec(fullname, path)
            if spec is not None and not self._is_here_to_stay(spec, of_graders):
                return importlib.machinery.ModuleSpec(fullname, _Refusal(), origin=spec.origin)
        return None

    def _is_here_to_stay(self, spec: importlib.machinery.ModuleSpec, of_graders: bool) -> bool:
        """Whether a module is the student's own, or one of Python's that its list does not name,
        such as `_sysconfigdata__linux_x86_64-linux-gnu`."""
        told = [spec.origin] if spec.has_location else spec.submodule_search_locations or ()
        places = [Path(place).resolve() for place in told if place]
        return any(
            place.is_relative_to(self._folder) or (not of_graders and _is_of_python(place))
            for place in places
        )


class _Refusal(importlib.abc.Loader):
    """Loads nothing: the module is not there where work is graded."""

    def exec_module(self, module: types.ModuleType) -> None:
        raise ModuleNotFoundError(f"No module named {module.__name__!r}", name=module.__name__)


def _is_of_python(place: Path) -> bool:
    standard = Path(os.__file__).resolve().parent
    if not place.is_relative_to(standard):
        return False
    return not {"site-packages", "dist-packages"} & {*place.relative_to(standard).parts}
