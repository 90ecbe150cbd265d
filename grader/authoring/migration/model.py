"""A homework as another grader has it: what each system's module reads, and the writer writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class ProgramCell:
    """A stretch of the program. source: with the solution. starter: as students get it.

    is_solution: whether students write any of it; else it is given to them.
    """

    source: str
    starter: str
    is_solution: bool


@dataclass(frozen=True)
class ForeignTest:
    """A test: Python that raises nothing for a right solution.

    name: in the old system, such as "q1" or a grade_id. title: for students, "" for none. hidden:
    whether students must not see it.
    """

    name: str
    source: str
    points: float
    hidden: bool
    title: str = ""


@dataclass(frozen=True)
class ForeignQuestion:
    """What people mark. rubric: a line each. answer: the author's, as Markdown."""

    id: str
    points: float
    text: str
    rubric: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True)
class ForeignHomework:
    """A homework of another grader. name: its module's here.

    origin: the system and the file, for people. cells, tests, questions: in the old order. handout:
    Markdown. data: files that the program reads, by their names beside it. pictures: files that the
    handout links to, by their paths from it. packages: what the program and the tests import in
    addition to what every homework may. notes: what its author should know, a line each.
    """

    name: str
    title: str
    origin: str
    cells: tuple[ProgramCell, ...]
    tests: tuple[ForeignTest, ...]
    questions: tuple[ForeignQuestion, ...]
    handout: str
    data: Mapping[str, bytes] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """The whole program with the solution."""
        return _joined(cell.source for cell in self.cells)

    @property
    def given(self) -> str:
        """What of the program students are given whole."""
        return _joined(cell.source for cell in self.cells if not cell.is_solution)

    @property
    def solution(self) -> str:
        """What of the program students write, with what stands around it."""
        return _joined(cell.source for cell in self.cells if cell.is_solution)

    @property
    def starter(self) -> str:
        """The whole program as students get it."""
        return _joined(cell.starter for cell in self.cells)


@dataclass
class HomeworkParts:
    """What has been read of a notebook so far. handout: its paragraphs."""

    cells: list[ProgramCell] = field(default_factory=list)
    tests: list[ForeignTest] = field(default_factory=list)
    questions: list[ForeignQuestion] = field(default_factory=list)
    handout: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def homework(self, name: str, title: str, origin: str) -> ForeignHomework:
        """All of it, without the files beside the notebook."""
        return ForeignHomework(
            name,
            title,
            origin,
            tuple(self.cells),
            tuple(self.tests),
            tuple(self.questions),
            "\n\n".join(part for part in self.handout if part).strip() + "\n",
            notes=tuple(self.notes),
        )


def _joined(sources: Iterable[str]) -> str:
    kept = [each.strip("\n") for each in sources if each.strip()]
    return "\n\n\n".join(kept) + "\n"


class GradingSystem(Protocol):
    """One other grader."""

    def read(self, path: Path, name: str | None) -> tuple[ForeignHomework, ...]:
        """The homeworks in a file or a folder. name: what to call it, if there is one only.

        Raises UsageError for what cannot be read, with the file, the place and the remedy.
        """
        ...
