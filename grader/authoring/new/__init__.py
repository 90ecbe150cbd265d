"""The skeleton of a homework, which `python -m grader new` makes.

The files are in homework/, for one of functions, and in classes/, for one of classes, with `.txt`
appended to their names, so that no tool takes them for code of the package. `{{name}}` and
`{{title}}` stand for the homework's name and title, `{{imports}}` for the imports of variants.py
in a formatter's order, which depends on the name.
"""

from __future__ import annotations

import keyword
import re
import sys
from importlib import resources
from pathlib import Path

from grader._internal.files import write_atomically
from grader.errors import UsageError

# Where each file goes, in the course's folder.
_TARGETS = {
    "assignment/assignment.toml.txt": "assignments/{name}/assignment.toml",
    "assignment/README.md.txt": "assignments/{name}/README.md",
    "assignment/starter.py.txt": "assignments/{name}/{name}.py",
    "assignment/checks.py.txt": "assignments/{name}/checks.py",
    "solution/reference.py.txt": "solutions/{name}/{name}.py",
    "solution/hidden_checks.py.txt": "solutions/{name}/hidden_checks.py",
    "solution/variants.py.txt": "solutions/{name}/variants.py",
    "solution/answers.md.txt": "solutions/{name}/answers.md",
}
_IMPORTS = ("import matplotlib.pyplot as plt", "import numpy as np")
# Modules that a submission or its checks import: a homework's module must not hide them.
_TAKEN = frozenset({"numpy", "matplotlib", "scipy", "grader", "pytest", "checks", "helper", "ref"})
# The other files of a homework, of a submission and of pytest, and what Windows calls its devices.
_FILES = frozenset({"hidden_checks", "variants", "answers", "run", "manifest", "conftest"})
_DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")


def make_homework(root: Path, name: str, *, classes: bool = False) -> list[Path]:
    """Write a new homework into the course at `root`; the paths of its files.

    classes: one made of classes, not of functions. Raises UsageError for a name that cannot be used
    or already exists.
    """
    problem = problem_with(name)
    if problem is not None:
        raise UsageError(f"{name[:60]!r} {problem}; choose a different name")
    for folder in (root / "assignments" / name, root / "solutions" / name):
        if folder.exists():
            raise UsageError(f"{folder} already exists; choose a different name, or remove it")
    title = name.replace("_", " ").strip().capitalize()
    imports = sorted([f"import {name} as ref", *(_IMPORTS[1:] if classes else _IMPORTS)])
    written = []
    templates = resources.files("grader.authoring.new") / ("classes" if classes else "homework")
    for source, target in _TARGETS.items():
        text = (templates / source).read_text(encoding="utf-8")
        path = root / target.format(name=name)
        filled = text.replace("{{imports}}", "\n".join(imports))
        filled = filled.replace("{{name}}", name).replace("{{title}}", title)
        try:
            write_atomically(path, filled.encode())
        except OSError as exc:
            raise UsageError(f"cannot write {path}: {exc.strerror}") from None
        written.append(path)
    return written


def problem_with(name: str) -> str | None:
    """Why a homework, which is a module that students import, cannot have this name, or None."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
        return "is not a name of lower-case letters, digits and _ that begins with a letter"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "is a keyword of Python"
    if name in sys.stdlib_module_names or name in _TAKEN:
        return "is the name of a module that the homework may import"
    if name in _FILES or name.startswith("test_") or name.endswith("_test"):
        return "is the name of another file of a homework, or of tests"
    if _DEVICES.fullmatch(name):
        return "is a name that Windows keeps for itself"
    return None
