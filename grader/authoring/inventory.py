"""The files in a homework's two folders, examined without running any of them.

Each finding is one line: the fact, then the remedy.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader._internal.syntax import Callable, callables_of, parse
from grader.course.assignment import SPEC_NAME, Assignment, Question, Spec
from grader.course.course import Course
from grader.submission.clutter import JUNK

SUMS_NAME = "SHA256SUMS"
_CACHES = frozenset({".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"})
_LINK = re.compile(r"""\]\(\s*<?([^)\s>]+)|(?:src|href)=["']([^"']+)""")
_HEADING = re.compile(r"^#{2,6} .*$", re.MULTILINE)
_SHARE = re.compile(r"\((\d+(?:\.\d+)?)\)\s*\.?\s*$")
_SUM = re.compile(r"([0-9a-f]{64}) [ *](\S.*)")


def missing_files(course: Course, name: str) -> list[str]:
    """The missing files of those without which a homework cannot be run."""
    solution = course.root / "solutions" / name
    return missing_public_files(course, name) + _missing(
        course,
        {
            solution / f"{name}.py": "write the reference",
            solution / "hidden_checks.py": "write the checks that use the reference",
            solution / "variants.py": "write mistakes and alternatives",
        },
    )


def broken_files(course: Course, name: str) -> list[str]:
    """What is no Python among the starter and the reference, neither of which can be run then."""
    found = []
    for folder in ("assignments", "solutions"):
        path = course.root / folder / name / f"{name}.py"
        try:
            parse(path.read_bytes() if path.is_file() else b"")
        except SyntaxError as exc:
            place = f"{shown(course, path)}:{exc.lineno}" if exc.lineno else shown(course, path)
            found.append(f"{place} is no Python: {exc.msg}; correct it")
        except (ValueError, RecursionError, MemoryError) as exc:
            found.append(f"{shown(course, path)} is no Python: {exc}; correct it")
    return found


def missing_public_files(course: Course, name: str) -> list[str]:
    """The missing files of those without which a homework cannot be handed out."""
    homework = course.root / "assignments" / name
    return _missing(
        course,
        {
            homework / "README.md": "write the handout",
            homework / f"{name}.py": "write the starter: signatures, docstrings, stubs",
            homework / "checks.py": "write the public checks",
        },
    )


def _missing(course: Course, needed: Mapping[Path, str]) -> list[str]:
    return [
        f"{shown(course, path)} is missing; {remedy}"
        for path, remedy in needed.items()
        if not path.is_file()
    ]


def inventory(course: Course, assignment: Assignment) -> list[str]:
    """All problems in the files of a homework that can be loaded."""
    return [
        *notebook_in_the_way(course, assignment.name),
        *_strays(course, assignment),
        *_spec(shown(course, assignment.folder / SPEC_NAME), assignment.spec),
        *_answers(course, assignment),
        *_signatures(course, assignment),
        *(
            line
            for folder in sorted({path.parent for path in assignment.data.values()})
            for line in check_sums(course, folder)
        ),
    ]


def notebook_in_the_way(course: Course, name: str) -> list[str]:
    """A notebook in the place of the kit's own, which is made from the starter and the handout."""
    path = course.root / "assignments" / name / f"{name}.ipynb"
    if not path.exists():
        return []
    return [
        f"{shown(course, path)} is in the way, because `release` makes the notebook from {name}.py "
        "and README.md; remove it"
    ]


def shown(course: Course, path: Path) -> str:
    """A path as messages show it: relative to the course's folder."""
    return path.relative_to(course.root).as_posix()


def _strays(course: Course, assignment: Assignment) -> Iterator[str]:
    """Files that do not belong in their folder. What the handout or the answers link to does."""
    name, solution = assignment.name, assignment.solution
    assert solution is not None
    # A notebook of this name has a message of its own.
    ours = {SPEC_NAME, "checks.py", f"{name}.py", f"{name}.ipynb"}
    known = {
        assignment.folder: ("README.md", ours),
        solution: ("answers.md", {f"{name}.py", "hidden_checks.py", "variants.py"}),
    }
    for folder, (page, names) in known.items():
        expected = names | {page} | _linked_from(folder / page)
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_dir() or JUNK.search(inside.as_posix()) or _CACHES & set(inside.parts):
                continue
            if inside.as_posix() not in expected:
                yield (
                    f"{shown(course, path)} does not belong there; remove it, or link to it "
                    f"from {page}"
                )


def _linked_from(page: Path) -> set[str]:
    return linked_files(page.read_text(encoding="utf-8")) if page.is_file() else set()


def linked_files(text: str) -> set[str]:
    """What a Markdown text links to, as paths from its folder. They need not all exist."""
    return {(a or b).split("#")[0].removeprefix("./") for a, b in _LINK.findall(text)}


def _spec(path: str, spec: Spec) -> Iterator[str]:
    if not spec.title.strip():
        yield f"{path}: `title` is empty; give the homework a title"
    if spec.points is None:
        yield f"{path}: `points` is missing; say what the automatic checks are worth in total"
    ids = [question.id for question in spec.questions]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"{path}: two questions have the id {twice!r}; rename one"
    for question in spec.questions:
        yield from _rubric(path, question)


def _rubric(path: str, question: Question) -> Iterator[str]:
    if not question.rubric:
        yield f"{path}: question {question.id!r} has no rubric; say what each point is given for"
        return
    shares = [_SHARE.search(line) for line in question.rubric]
    if not any(shares):
        return  # a rubric need not share out its points line by line
    if not all(shares):
        line = question.rubric[shares.index(None)]
        yield (
            f"{path}: the rubric line {line!r} of {question.id!r} does not end with its points, "
            "and others do; add them in parentheses"
        )
        return
    total = sum(float(share[1]) for share in shares if share)
    if abs(total - question.points) > 1e-9:
        yield (
            f"{path}: the rubric of {question.id!r} adds up to {total:g}, but its points are "
            f"{question.points:g}; make them agree"
        )


def _answers(course: Course, assignment: Assignment) -> Iterator[str]:
    assert assignment.solution is not None
    path = assignment.solution / "answers.md"
    asked = len(assignment.spec.questions)
    if asked and not path.is_file():
        yield f"{shown(course, path)} is missing; answer the written questions there for staff"
        return
    text = path.read_text(encoding="utf-8") if asked else ""
    sections = sum(bool(section.strip()) for section in _HEADING.split(text)[1:])
    answered = max(sections, sum(question.id in text for question in assignment.spec.questions))
    if answered < asked:
        yield (
            f"{shown(course, path)} answers {answered} of {asked} written questions; write each "
            "answer below a heading of its own, such as `## the-id`"
        )


def _signatures(course: Course, assignment: Assignment) -> Iterator[str]:
    """Whether the starter asks for what the reference has, and documents each function.

    A further function of the reference may be its helper. If a check calls it, the starter itself
    fails when it is graded.
    """
    starter, reference = assignment.starter, assignment.reference
    if reference is None or not (starter.is_file() and reference.is_file()):
        return  # reported as missing
    if broken_files(course, assignment.name):
        return  # reported as broken
    theirs, ours = _functions(starter), _functions(reference)
    here = shown(course, starter)
    if not theirs:
        yield f"{here} defines no function; add at least one"
    for name, node in theirs.items():
        if "." not in name and ast.get_docstring(node) is None:
            yield f"{here}: `{name}` has no docstring; say what it takes and returns, with shapes"
        if name not in ours:
            # A method of the starter's may be one that the reference's class inherits.
            if "." not in name or not _inherits(ours.get(name.partition(".")[0])):
                yield f"{here}: `{name}` is not in the reference; add it there or remove it here"
        elif type(node) is not type(ours[name]):
            yield f"{here}: `{name}` is a class here or in the reference only; make the two agree"
        elif _parameters(node) != _parameters(ours[name]):
            yield (
                f"{here}: `{name}({_parameters(node)})` is `{name}({_parameters(ours[name])})` in "
                "the reference; make the two agree"
            )


def _functions(path: Path) -> dict[str, Callable]:
    """Public functions, classes and their methods, `__init__` among these."""
    return {
        name: node
        for name, node in callables_of(parse(path.read_bytes()).body)
        if not name.startswith("_") and ("._" not in name or name.endswith(".__init__"))
    }


def _inherits(node: Callable | None) -> bool:
    return isinstance(node, ast.ClassDef) and bool(node.bases)


def _parameters(function: Callable) -> str:
    """As written, defaults included, annotations not; of a class those of its `__init__` follow."""
    if isinstance(function, ast.ClassDef):
        return ""
    args = copy.deepcopy(function.args)
    for node in ast.walk(args):
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(args)


def check_sums(course: Course, folder: Path) -> list[str]:
    """The problems of a folder of data: wrong checksums, or no README that says its origin."""
    found = []
    if not (folder / "README.md").is_file():
        readme = shown(course, folder / "README.md")
        found.append(f"{readme} is missing; say where the data come from and their licence")
    path = folder / SUMS_NAME
    if not path.is_file():
        remedy = f"create it with `sha256sum FILES > {SUMS_NAME}` in that folder"
        return [*found, f"{shown(course, path)} is missing; {remedy}"]
    listed = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match = _SUM.fullmatch(line.rstrip())
        if match is None:
            found.append(
                f"{shown(course, path)}:{number} is not in the format of sha256sum; create the "
                "file again"
            )
            continue
        listed.add(match[2])
        file = folder / match[2]
        if not file.is_file():
            found.append(
                f"{shown(course, file)} is missing, but {SUMS_NAME} lists it; restore it or remove "
                "its line"
            )
        elif hashlib.sha256(file.read_bytes()).hexdigest() != match[1]:
            found.append(
                f"{shown(course, file)} does not match {SUMS_NAME}; restore it, or update the "
                "checksum if the change is intended"
            )
    for file in sorted(folder.iterdir()):
        ours = file.name in (SUMS_NAME, "README.md") or file.suffix == ".py"
        if file.is_file() and not ours and file.name not in listed and not JUNK.search(file.name):
            found.append(f"{shown(course, file)} is not in {SUMS_NAME}; add its checksum")
    return found
