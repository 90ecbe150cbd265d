"""Which of a submission's files counts as the homework's code.

It is the file of the homework's name, `.py` before `.ipynb`. Work is often elsewhere: a browser
saves `demo (1).py`, Jupyter makes `demo-Copy1.ipynb`, people write `my_demo.py`. A file that
holds work wins over a starter that nobody has touched. The same rule holds at home and for grading.
Nothing of the student's is run here; code is only parsed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader._internal.syntax import Callable, callables_of, is_bare, parse
from grader.course.assignment import Assignment
from grader.errors import SubmissionError
from grader.submission.code import read_code, statements_of
from grader.submission.ipython_syntax import MAX_PARSED_IN_ALL

COURSE_FILES = frozenset({"checks.py", "run.py"})
# What editors, mail programs and browsers make of the names of a module and a notebook.
_RENAMED = (".py.txt", ".ipynb.txt", ".ipynb.json")
MAX_LOOKED_AT = 20  # files of other names in which work is looked for


@dataclass(frozen=True)
class _Work:
    """A file of another name. written: how many of the functions asked for it has; 0 if it cannot
    be parsed."""

    name: str
    written: int
    likeness: int


def choose(files: Mapping[str, bytes], assignment: Assignment) -> tuple[str, tuple[str, ...]]:
    """The name of the file that counts, and what the report should say of the choice.

    Raises SubmissionError if there is none.
    """
    name = assignment.name
    module, notebook = (_find_named(files, name, ext) for ext in (".py", ".ipynb"))
    named = [each for each in (module, notebook) if each]
    tried = [each for each in named if attempted(each, files[each], assignment)]
    elsewhere = [] if tried else _work_elsewhere(files, assignment, named)
    if elsewhere:
        return elsewhere[0].name, tuple(_told_of_work(elsewhere, named, files, assignment))
    if not named:
        named = [lone for ext in (".py", ".ipynb") if (lone := _find_lone(files, ext))]
        tried = [each for each in named if attempted(each, files[each], assignment)]
    if not named:
        there = ", ".join(sorted(files)[:5]) or "nothing"
        raise SubmissionError(
            f"the submission holds no {name}.py or {name}.ipynb; it holds {there}"
        )
    chosen = (tried or named)[0]
    warnings = []
    if len(tried) == 2:
        warnings.append(f"{tried[0]} and {tried[1]} were both handed in; {tried[0]} counts")
    if PurePosixPath(chosen).stem != name and len(files) > 1:
        warnings.append(f"{chosen} was taken as {name}{_extension(chosen)}")
    if chosen == f"{name}{_extension(chosen)}":
        warnings += _other_versions(files, assignment, chosen, named)
    return chosen, tuple(warnings)


def _told_of_work(
    found: list[_Work], named: list[str], files: Mapping[str, bytes], assignment: Assignment
) -> Iterator[str]:
    best, others = found[0].name, [work.name for work in found[1:]]
    taken = f"{best} was taken as {assignment.name}{_extension(best)}"
    # A single file is rightly named for its student; among several the name must tell.
    if named or len(files) > 1:
        yield f"{taken}: {named[0]} is still the starter" if named else taken
    if others:
        hold = "holds work, too, and does" if len(others) == 1 else "hold work, too, and do"
        yield f"{', '.join(others[:3])} {hold} not count"


def _other_versions(
    files: Mapping[str, bytes], assignment: Assignment, chosen: str, named: list[str]
) -> Iterator[str]:
    """Of a file that counts by its name: the copies of it that hold work as well. One that it
    names is a helper."""
    copies = [name for name in files if _likeness(name, assignment.name) == 0]
    others = {
        name: files[name]
        for name in copies
        if PurePosixPath(name).stem.encode() not in files[chosen] and files[name] != files[chosen]
    }
    for work in _work_elsewhere(others, assignment, named):
        yield f"{work.name} holds work, too, but {chosen} counts"


def _work_elsewhere(
    files: Mapping[str, bytes], assignment: Assignment, named: list[str]
) -> list[_Work]:
    """The files of other names that hold work, the most likely one first.

    Work is a function that was asked for and is written. Of a file that cannot be parsed only the
    name can tell.
    """
    candidates = [
        _Work(name, 0, _likeness(name, assignment.name))
        for name in sorted(files)
        if name.lower().endswith((".py", ".ipynb", *_RENAMED))
        and PurePosixPath(name).name not in COURSE_FILES
        and name not in named
    ]
    found = []
    left = MAX_PARSED_IN_ALL
    for work in sorted(candidates, key=lambda work: (work.likeness, work.name))[:MAX_LOOKED_AT]:
        left -= len(files[work.name])
        body = _body_of(work.name, files[work.name], assignment) if left >= 0 else []
        if body is None and work.likeness == 0 and files[work.name].strip():
            found.append(work)
        written = len(_written(body or [], assignment))
        if written:
            found.append(_Work(work.name, written, work.likeness))
    return sorted(
        found,
        key=lambda work: (work.likeness, -work.written, work.name.endswith("ipynb"), work.name),
    )


def is_notebook(path: str) -> bool:
    """Whether a file is a notebook by its name, or was one before it was renamed."""
    return _extension(path) == ".ipynb"


def _extension(path: str) -> str:
    """.py or .ipynb: the one that a file has, or had before it was renamed."""
    suffixes = PurePosixPath(path.lower()).suffixes[-2:]
    return ".ipynb" if ".ipynb" in suffixes else ".py"


def _likeness(path: str, name: str) -> int:
    """0 for a copy of the homework's file by its name, such as `demo (1).py`; 2 for any other."""
    stem, plain = PurePosixPath(path).stem, _plain(name)
    if _plain(stem) == plain or _plain(stem).startswith(plain):
        return 0
    return 1 if plain in _plain(stem) else 2


def _find_named(files: Mapping[str, bytes], name: str, extension: str) -> str | None:
    """The module by its name; else by a name that was plainly meant, as a download renames it."""
    if name + extension in files:
        return name + extension
    candidates = [path for path in sorted(files) if path.lower().endswith(extension)]
    plain = [path for path in candidates if _plain(PurePosixPath(path).stem) == _plain(name)]
    if plain:
        return plain[0]
    close = [
        path for path in candidates if _plain(PurePosixPath(path).stem).startswith(_plain(name))
    ]
    return close[0] if close else None


def _find_lone(files: Mapping[str, bytes], extension: str) -> str | None:
    """The only file of its kind, whatever its name; the course's own files are not meant."""
    top = [
        path
        for path in sorted(files)
        if path.lower().endswith(extension) and "/" not in path and path not in COURSE_FILES
    ]
    return top[0] if len(top) == 1 else None


def _plain(stem: str) -> str:
    stem = re.sub(r"(\s*\(\d+\)|[ _-]copy|[-_ ]v?\d+|[ _-]final)+$", "", stem.lower())
    return re.sub(r"[^a-z0-9]", "", stem)


def attempted(name: str, data: bytes, assignment: Assignment) -> bool:
    """Whether a file is more than an untouched starter.

    Judged without running it: untouched means that functions asked for are defined and every one
    of them is still the stub. An abstract method elsewhere that raises NotImplementedError is not.
    """
    body = _body_of(name, data, assignment)
    if body is None:
        return bool(data.strip())
    asked = _asked_for(body, assignment)
    if not asked:
        return bool(body)
    return bool(_written(body, assignment)) or _binds(body, assignment)


def _written(body: list[ast.stmt], assignment: Assignment) -> list[str]:
    """What was asked for and is written: more than a stub, and not as the starter gives it."""
    given = _given_classes(assignment) if any(map(_is_class, body)) else {}
    return [
        name
        for name, node in _asked_for(body, assignment).items()
        if not is_stub(node) and not (name in given and given[name] == ast.dump(node))
    ]


def _is_class(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef)


def _given_classes(assignment: Assignment) -> dict[str, str]:
    """What the starter's classes hold: those parts that it gives, a student has not written."""
    source = assignment.kept_starter(f"{assignment.name}.py")
    if source is None and assignment.solution is None:
        return {}  # what stands in the starter's place is the student's own work
    try:
        body = parse(assignment.starter.read_bytes() if source is None else source).body
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    return {name: ast.dump(node) for name, node in callables_of(classes)}


def stubs(name: str, data: bytes, assignment: Assignment) -> list[str]:
    """The functions asked for that are still as the starter has them."""
    asked = _asked_for(_body_of(name, data, assignment) or [], assignment)
    return [function for function, node in asked.items() if is_stub(node)]


def _body_of(name: str, data: bytes, assignment: Assignment) -> list[ast.stmt] | None:
    """The statements of a module or a notebook, None if it cannot be read."""
    try:
        code = read_code(name, data, assignment.name, assignment.functions)
    except SubmissionError:
        return None
    return statements_of(code.parts)


def _asked_for(body: list[ast.stmt], assignment: Assignment) -> dict[str, Callable]:
    """The functions, classes and methods asked for by name; of several of one name the last.

    A class that is asked for counts with all of its methods.
    """
    return {
        name: node
        for name, node in callables_of(body)
        if name.partition(".")[0] in assignment.functions
    }


def _binds(body: list[ast.stmt], assignment: Assignment) -> bool:
    """Whether a function asked for is defined in another way: a lambda, an object, an import."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return not names.isdisjoint(assignment.functions)


def is_stub(function: Callable) -> bool:
    """Whether a function or a class is as a starter has it: nothing of it is written."""
    if isinstance(function, ast.ClassDef):
        return is_bare(function)
    body = [node for node in function.body if not _is_text(node)]
    if not body or all(isinstance(node, ast.Pass) for node in body):
        return True
    first = body[0]
    if not isinstance(first, ast.Raise) or first.exc is None:
        return False
    raised = first.exc.func if isinstance(first.exc, ast.Call) else first.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
