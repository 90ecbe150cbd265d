"""What was run in a kernel as the work of a homework, and where the saved file says otherwise."""

from __future__ import annotations

import ast
import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course.assignment import Assignment
from grader.errors import SubmissionError
from grader.notebook.kernel import Kernel, cell_label
from grader.student.work import own_files, read_work
from grader.submission.choice import attempted, choose, is_notebook
from grader.submission.code import parsed_parts, read_code
from grader.submission.files import Submission
from grader.submission.in_place import InPlace
from grader.submission.notebook import read_cells
from grader.submission.program import prepare

Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class LiveWork:
    """The cells that a kernel has run, as a submission.

    labels: how messages name its cells, by what a reader of the notebook calls them. definitions:
    the functions and classes that are defined now. saved: the notebook's file, None where there is
    none. counted: the file that would be handed in, if it holds work and is not that notebook.
    """

    submission: Submission
    labels: Mapping[str, str]
    definitions: Mapping[str, Definition]
    saved: Path | None
    counted: Path | None


def live_work(kernel: Kernel, assignment: Assignment) -> LiveWork:
    """Read the cells that have been run, and what lies beside the notebook."""
    numbers, sources, definitions = [], [], {}
    for number, source in kernel.cells().items():
        made = {node.name: node for node in _definitions_in(source)}
        current = {name: node for name, node in made.items() if _is_current(kernel, name, number)}
        if made and not current:
            continue  # each was defined anew since, or deleted
        definitions.update(current)
        numbers.append(number)
        sources.append(source)
    on_disk = read_work(assignment, assignment.folder)
    files = own_files(on_disk, assignment)
    counted = None
    with contextlib.suppress(SubmissionError):  # nothing is saved yet
        counted, _ = choose(files, assignment)
    names = (f"{assignment.name}.py", f"{assignment.name}.ipynb", counted)
    beside = {name: data for name, data in files.items() if name not in names}
    notebook = _as_notebook(sources)
    work = Submission({**beside, f"{assignment.name}.ipynb": notebook}, on_disk.sha256)
    labels = {f"cell {k}": cell_label(number) for k, number in enumerate(numbers, start=1)}
    saved = _file_of_the_notebook(kernel, assignment, counted)
    handed_in = None
    if counted is not None and attempted(counted, files[counted], assignment):
        handed_in = (assignment.folder / counted).resolve()
    return LiveWork(work, labels, definitions, saved, None if handed_in == saved else handed_in)


def _file_of_the_notebook(
    kernel: Kernel, assignment: Assignment, counted: str | None
) -> Path | None:
    """Where the notebook is saved, by what is known of it."""
    file = kernel.file()
    if file is not None:
        return file
    name = counted if counted is not None and is_notebook(counted) else f"{assignment.name}.ipynb"
    path = (assignment.folder / name).resolve()
    return path if path.is_file() else None


def unlike_the_file(work: LiveWork, assignment: Assignment, called: Iterable[str]) -> Iterator[str]:
    """A sentence for what of `called`, and of what these call, is not on disk as it was checked."""
    asked = InPlace(prepare(work.submission, assignment)).called_by({*called})
    if work.saved is None:
        yield f"{assignment.name}.ipynb is not there: save the notebook before you hand in."
        return
    if work.counted is not None:
        yield (
            f"{work.counted.name} is what you hand in as things are, and not {work.saved.name}; "
            "remove or reset the one that you do not mean."
        )
    saved = _definitions_of(work.saved, assignment)
    file = work.saved.name
    made = [name for name in sorted(asked) if name in work.definitions]
    changed = [
        name
        for name in made
        if name in saved and ast.dump(saved[name]) != ast.dump(work.definitions[name])
    ]
    if changed:
        are = "is" if len(changed) == 1 else "are"
        yield (
            f"{', '.join(changed)} in {file} on disk {are} not what was checked: save the notebook "
            "before you hand in."
        )
    lost = [name for name in made if name not in saved]
    if lost:
        are = "is" if len(lost) == 1 else "are"
        yield (
            f"{', '.join(lost)} {are} not in {file} on disk: save the notebook before you hand in, "
            "or write the cell again if you have deleted it."
        )
    waiting = sorted({*called} & saved.keys() - work.definitions.keys())
    if waiting:
        are, cells = ("is", "cell") if len(waiting) == 1 else ("are", "cells")
        yield f"{', '.join(waiting)} {are} in {file}, but not defined here: run the {cells} first."


def _is_current(kernel: Kernel, name: str, number: int) -> bool:
    """Whether a name still stands for what a cell made of it, as far as is known."""
    if name not in kernel.names:
        return False
    return kernel.number_that_defines(name) in (None, number)


def _definitions_in(source: str) -> Iterator[Definition]:
    """The functions and classes that one cell defines."""
    for cell in read_cells(_as_notebook([source])):
        try:
            body = ast.parse(cell.source).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield from (node for node in body if isinstance(node, Definition))


def _definitions_of(path: Path, assignment: Assignment) -> dict[str, Definition]:
    """Those of a file on disk; none where it cannot be read."""
    try:
        code = read_code(path.name, path.read_bytes(), assignment.name, assignment.functions)
    except (OSError, SubmissionError):
        return {}
    return {
        node.name: node
        for _, nodes in parsed_parts(code.parts)
        for node in nodes
        if isinstance(node, Definition)
    }


def _as_notebook(sources: list[str]) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
