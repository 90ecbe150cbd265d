"""From a submission's files to the program that a worker loads.

Decides which file counts, takes a notebook apart into cells, and lays the course's data beside.
Nothing of the student's is run here; code is only parsed.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from grader._internal.syntax import Callable, callables_of, is_bare, parse
from grader.course.assignment import Assignment
from grader.errors import SubmissionError
from grader.submission.code import Code, Part, parsed_parts, read_code, statements_of
from grader.submission.files import Submission
from grader.submission.notebook import read_cells

MAX_PROGRAM_BYTES = 8 << 20
MAX_SIGNATURE_NODES = 300
MAX_NOTEBOOKS_RUN = 1
COURSE_FILES = frozenset({"checks.py", "run.py"})
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".pdf", ".svg")


@dataclass(frozen=True)
class Program:
    """What a worker loads.

    files: everything to lay beside the module, by relative path. notebook: the parts run as a
    notebook's cells do, statement by statement and as `__main__`. warnings: what the report should
    say of how the program was chosen from the submission's files.
    """

    module: str
    parts: tuple[Part, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    notebook: bool = False
    warnings: tuple[str, ...] = ()

    def beginning_of(self, label: str) -> str:
        """How a cell begins, in words to put behind a message that names it; "" for a module.

        People find a cell by what stands in it: notebooks do not show its number.
        """
        if not self.notebook or len(self.parts) == 1:
            return ""
        opening = next((part.opening for part in self.parts if part.label == label), "")
        return f" ({label} begins with `{opening}`)" if opening else ""

    @functools.cached_property
    def definitions(self) -> Mapping[str, str]:
        """Where each function and each method is defined, and how; a class as its `__init__` is.

        Parsed once, however often it is asked for.
        """
        told: dict[str, str] = {}
        for part, nodes in parsed_parts(self.parts):
            for name, node in callables_of(nodes):
                if isinstance(node, ast.FunctionDef):
                    line = node.lineno + part.first_line - 1
                    told[name] = f"{part.label}, line {line}: {_signature(node)}"
        return told

    @functools.cached_property
    def bare_classes(self) -> frozenset[str]:
        """The classes that have no body but a docstring."""
        return frozenset(
            node.name
            for _, nodes in parsed_parts(self.parts)
            for node in nodes
            if isinstance(node, ast.ClassDef) and is_bare(node)
        )


def prepare(submission: Submission, assignment: Assignment) -> Program:
    """Choose the file that counts and take it apart. Raises SubmissionError with the reason."""
    if submission.problem is not None:
        raise SubmissionError(f"the submission {submission.problem}")
    warnings: list[str] = []
    main = _choose(submission.files, assignment, warnings)
    data = submission.files[main]
    code = read_code(main, data, assignment.name, assignment.functions)
    warnings += code.warnings
    around = _around(main, submission.files)
    files = {**around, **code.written, **_notebooks_to_run(code, around)}
    beside = _beside(files, assignment, warnings)
    return Program(assignment.name, code.parts, beside, code.notebook, tuple(warnings))


def _around(main: str, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Files by their path as the main file's own folder sees them: it imports what lies there."""
    folder, _, _ = main.rpartition("/")
    return {name.removeprefix(f"{folder}/") if folder else name: files[name] for name in files}


def _notebooks_to_run(code: Code, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """For `%run other.ipynb`: the notebooks that the code names so, as Python, under NAME.ipynb.py.

    The worker takes that file in the notebook's place.
    """
    called = [
        name
        for name in files
        if name.endswith(".ipynb")
        and any(f"run_line_magic('run', '{name}'".encode() in part.source for part in code.parts)
    ]
    made: dict[str, bytes] = {}
    for name in called[:MAX_NOTEBOOKS_RUN]:
        with contextlib.suppress(SubmissionError):
            text = "\n".join(cell.source for cell in read_cells(files[name]))
            made[f"{name}.py"] = text.encode("utf-8", "replace")
    return made


def _beside(
    files: Mapping[str, bytes], assignment: Assignment, warnings: list[str]
) -> dict[str, bytes]:
    """What lies beside the module when it runs: their files but pictures, and the course's data."""
    kept: dict[str, bytes] = {}
    total = 0
    for name, data in sorted(files.items(), key=lambda item: len(item[1])):
        total += len(data)
        if name.lower().endswith(_PICTURES):
            continue
        if total > MAX_PROGRAM_BYTES:
            warnings.append(f"{name} was left out: files over {MAX_PROGRAM_BYTES >> 20} MB in all")
            continue
        kept[name] = data
    return {**kept, **{name: path.read_bytes() for name, path in assignment.data.items()}}


def _choose(files: Mapping[str, bytes], assignment: Assignment, warnings: list[str]) -> str:
    module, notebook = (_find_named(files, assignment.name, ext) for ext in (".py", ".ipynb"))
    if not module and not notebook:
        module, notebook = (_find_lone(files, ext) for ext in (".py", ".ipynb"))
    if module and notebook:
        tried = [name for name in (module, notebook) if attempted(name, files[name], assignment)]
        if len(tried) == 2:
            warnings.append(f"{module} and {notebook} were both handed in; {module} counts")
        chosen = tried[0] if tried else module
    else:
        chosen = module or notebook or ""
    if not chosen:
        there = ", ".join(sorted(files)[:5]) or "nothing"
        raise SubmissionError(
            f"the submission holds no {assignment.name}.py or {assignment.name}.ipynb; "
            f"it holds {there}"
        )
    # A single file is rightly named for its student; among several the name must tell.
    if PurePosixPath(chosen).stem != assignment.name and len(files) > 1:
        warnings.append(f"{chosen} was taken as {assignment.name}{PurePosixPath(chosen).suffix}")
    return chosen


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
    given = _given_classes(assignment) if any(map(_is_class, body)) else {}
    written = (node for name, node in asked.items() if given.get(name) != ast.dump(node))
    return any(not is_stub(node) for node in written) or _binds(body, assignment)


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


def definition_of(program: Program, name: str) -> str | None:
    """Where a function is defined, and how: "my_homework.py, line 4: def softmax(Z):"."""
    return program.definitions.get(name)


def _signature(node: ast.FunctionDef) -> str:
    """A function's `def` line. Python writes it anew, so a default of 400 terms must not nest."""
    try:
        arguments = ast.unparse(node.args) if _is_short(node.args) else "..."
    except RecursionError:
        arguments = "..."
    return f"def {node.name}({arguments}):"


def _is_short(arguments: ast.arguments) -> bool:
    """Whether writing out the arguments takes no time to speak of."""
    return all(number < MAX_SIGNATURE_NODES for number, _ in enumerate(ast.walk(arguments)))


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
