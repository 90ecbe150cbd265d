"""A homework as a folder that plain pytest runs: for other graders, or for no grader at all.

The checks stay as they are. A conftest.py gives them their fixtures on the module beside them, in
one process, and the part of this package that checks import lies in the folder. It needs numpy,
matplotlib and pytest, and isolates nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import grader
from grader._internal.syntax import parse
from grader.authoring.release.kit import homework_files, refuse_shared_code
from grader.course.assignment import STARTERS
from grader.course.course import Course
from grader.errors import UsageError

_DRAWING = "grader.sandbox.guest.figures"  # what conftest.py describes figures with
_TOP = '"""The part of homework-grader {version} that checks import."""\n'


def write_pytest_folder(course: Course, name: str, to: Path, *, hidden: bool) -> list[str]:
    """Write the folder; the paths in it. hidden: with the hidden checks and the reference.

    Raises UsageError for a folder that exists and is not empty.
    """
    files = pytest_folder(course, name, hidden=hidden)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to} already exists and is not empty; name another folder")
    try:
        for path, data in files.items():
            target = to / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as exc:
        raise UsageError(f"cannot write {to}: {exc.strerror}; name another folder") from None
    return sorted(files)


def pytest_folder(course: Course, name: str, *, hidden: bool) -> dict[str, bytes]:
    """The files of the folder by their paths. Raises UsageError for what cannot be released."""
    assignment = course.assignment(name)
    public = dict(homework_files(course, assignment))
    if not hidden:
        refuse_shared_code(course, [assignment], public)
    own = f"assignments/{name}/"
    files = {
        path.removeprefix(own): data
        for path, data in public.items()
        if path.startswith(own) and not path.startswith(STARTERS)
    }
    for left_out in ("assignment.toml", f"{name}.ipynb"):
        files.pop(left_out, None)
    files["test_public.py"] = files.pop("checks.py")
    if hidden:
        assert assignment.solution is not None  # homework_files has seen it
        files["test_hidden.py"] = (assignment.solution / "hidden_checks.py").read_bytes()
        files[f"reference/{name}.py"] = (assignment.solution / f"{name}.py").read_bytes()
    template = resources.files("grader.authoring.release") / "plain_conftest.py.txt"
    conftest = template.read_text(encoding="utf-8").replace("{{name}}", name)
    files["conftest.py"] = conftest.replace("{{data}}", repr(sorted(assignment.data))).encode()
    files |= dict(_library())
    return files


def _library() -> Iterator[tuple[str, bytes]]:
    """The modules of this package that checks need, by their paths, with an empty top."""
    root = Path(grader.__file__).parent
    public = [path.relative_to(root.parent) for path in (root / "checks").rglob("*.py")]
    waiting = [_DRAWING, *(".".join(path.with_suffix("").parts) for path in public)]
    seen: set[Path] = set()
    while waiting:
        module = waiting.pop()
        path = root.parent.joinpath(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        module = module.removesuffix(".__init__")
        if path in seen or not path.is_file():
            continue  # a name that a module defines, and no module
        seen.add(path)
        source = path.read_bytes()
        yield path.relative_to(root.parent).as_posix(), source
        waiting += [name for name in _imports(source) if name != "grader"]
        above = module.rpartition(".")[0]
        waiting += [above] if above != "grader" else []
    yield "grader/__init__.py", _TOP.format(version=grader.__version__).encode()


def _imports(source: bytes) -> Iterator[str]:
    """The modules of this package that a module may import."""
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in found if name.startswith("grader"))
