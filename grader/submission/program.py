"""From a submission's files to the program that a worker loads.

Decides which file counts, takes a notebook apart into cells, and lays the course's data beside.
Nothing of the student's is run here; code is only parsed.
"""

from __future__ import annotations

import ast
import contextlib
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader._internal.syntax import callables_of, is_bare
from grader.course.assignment import Assignment
from grader.errors import SubmissionError
from grader.submission.choice import choose, is_stub
from grader.submission.code import Code, Part, parsed_parts, read_code
from grader.submission.files import UNUSABLE, Submission
from grader.submission.notebook import read_cells

MAX_PROGRAM_BYTES = 8 << 20
MAX_SIGNATURE_NODES = 300
MAX_NOTEBOOKS_RUN = 1
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
    def inner_functions(self) -> Mapping[str, str]:
        """The functions that stand inside another function or a class, and where."""
        told: dict[str, str] = {}
        for part, nodes in parsed_parts(self.parts):
            for outer in nodes:
                if not isinstance(outer, (ast.FunctionDef, ast.ClassDef)):
                    continue
                for node in ast.walk(outer):
                    if isinstance(node, ast.FunctionDef) and node is not outer:
                        line = node.lineno + part.first_line - 1
                        told[node.name] = f"inside `{outer.name}` ({part.label}, line {line})"
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
        raise SubmissionError(f"{UNUSABLE}{submission.problem}")
    main, told = choose(submission.files, assignment)
    warnings = [*submission.notes, *told]
    data = submission.files[main]
    code = read_code(main, data, assignment.name, assignment.functions)
    warnings += code.warnings
    warnings += [told for name, told in undone(code.parts).items() if name in assignment.functions]
    around = _around(main, submission.files)
    files = {**around, **code.written, **_notebooks_to_run(code, around)}
    beside = _beside(files, assignment, warnings)
    return Program(assignment.name, code.parts, beside, code.notebook, tuple(warnings))


def undone(parts: Sequence[Part]) -> dict[str, str]:
    """A sentence for each function that is written, and below it defined again as a stub."""
    written: dict[str, str] = {}
    told: dict[str, str] = {}
    for part, nodes in parsed_parts(parts):
        for node in nodes:
            if not isinstance(node, ast.FunctionDef) or node.decorator_list:
                continue  # a decorator may add to what was there, as `register` and `overload` do
            name, place = node.name, f"{part.label}, line {node.lineno + part.first_line - 1}"
            if not is_stub(node):
                written[name] = place
                told.pop(name, None)
            elif name in written:
                told[name] = (
                    f"`{name}` is written ({written[name]}), but defined again below as in the "
                    f"starter ({place}), and the last one counts; delete that"
                )
    return told


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
