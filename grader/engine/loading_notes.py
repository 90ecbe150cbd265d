"""What is said of a submission that did not load in full, and of a function that it lacks."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from grader._internal.message_lines import CANNOT_BE_RUN
from grader.engine.python_errors import explain
from grader.errors import StudentRaised
from grader.sandbox.protocol.answers import Note
from grader.sandbox.protocol.packages import in_words
from grader.submission.program import Program


def available(packages: tuple[str, ...]) -> str:
    """What can be imported, for a sentence. packages: beside numpy and matplotlib."""
    return f"only {in_words(packages)} are available"


def told(note: Note, packages: tuple[str, ...]) -> str:
    """What went wrong while loading, in a line. packages: as of `available`."""
    if note.kind == "ImportError" and "relative import" in note.text:
        return f"{note}; leave out the dot before the module's name"
    if note.kind == "ImportError" and (meaning := explain(note.kind, note.text, packages)):
        return f"{note}; {meaning}"
    if note.kind == "ModuleNotFoundError":
        return f"{note} ({available(packages)}, and the files that you hand in)"
    return str(note)


def no_program(note: Note, packages: tuple[str, ...]) -> StudentRaised:
    """The fault of a file of which nothing can be run, as of one with a syntax error."""
    below = "\n".join(f"      {line}" for line in note.source.split("\n")) if note.source else None
    hint = explain(note.kind, note.text, packages)
    summary = f"{CANNOT_BE_RUN}{told(note, packages)}"
    return StudentRaised(summary, hint=hint, traceback=below, whole=True)


def elsewhere(name: str, program: Program, defined: Sequence[str], asked: Collection[str]) -> str:
    """Where a function that is missing may be instead, to put behind that fact; "" if nowhere.

    defined: the names that the submission defines. asked: those that the homework asks for: one of
    these is what it is called.
    """
    if inner := program.inner_functions.get(name):
        return f"; it is defined {inner}: take its indentation away"
    near = difflib.get_close_matches(name, [each for each in defined if each not in asked], n=1)
    return f"; did you call it `{near[0]}`?" if near else ""
