"""One harness for the kept submissions of all homeworks.

A homework's folder holds right/ and wrong/. In right/ lie whole submissions in many styles, each a
file or a folder of files; each gets every point. One that begins with "# base: NAME" is put behind
that submission, as below. In wrong/ each file is one wrong submission, and
the comments at its top say what is expected of its report:

    # base: NAME        the right submission behind which this text is put, so that its functions
                        take the place of those there; without this line it is a whole submission
    # fails: A, B       the checks that lose points, without "test_": these and no other; or
                        "everything"
    # wrong: F, G       the functions that are wrong: each loses points, and so may checks that rest
                        on them, but no other check (`rests_on`)
    # is: M, N          the mistakes of the catalogue that it makes: a diagnosis may name them, and
                        where it is not a pair one of them is named
    # says: TEXT        a diagnosis that is given, whole; one line each
    # may say: WORDS    words of a diagnosis that may be given; "..." allows any

A diagnosis that none of these lines accounts for is false. One session in the sandbox grades
everything of one homework, and draws a figure anew only where the code that draws it is another.
The catalogue's own mistakes are graded by `validate`, which CI runs too.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from making import can_isolate, write_files
from running import ROOT

from grader.api import sources_in
from grader.authoring.handout import run_examples
from grader.checks.figure import FigureDescription
from grader.checks.variants import Variant, load_variants
from grader.course.assignment import Assignment
from grader.course.course import find_course
from grader.engine.context import import_reference
from grader.engine.proxy import Subject
from grader.engine.runner import grade_all
from grader.engine.task import Task
from grader.engine.values import holds_objects
from grader.reports.schema import CheckResult, Outcome, Report
from grader.sandbox.host.probe import Opening
from grader.sandbox.protocol import wire
from grader.sandbox.protocol.wire import Handle
from grader.submission.code import parsed_parts
from grader.submission.program import Program

HERE = Path(__file__).parent
EVERYTHING = "everything"
BASE = re.compile(rb"# base: (\w+)\s")
KEYS = ("base", "fails", "wrong", "is", "says", "may say")
Files = dict[str, bytes]


@dataclass(frozen=True)
class Wrong:
    """A file of wrong/: its text, and what its header says under each key, line by line."""

    label: str
    text: bytes
    header: Mapping[str, tuple[str, ...]]

    @property
    def is_pair(self) -> bool:
        """Whether it makes two mistakes at once."""
        return self.label.startswith("pair")

    @property
    def in_catalogue(self) -> bool:
        """Whether the author's own list of mistakes holds it."""
        return b"not in the catalogue" not in self.text

    def base(self) -> str:
        return next(iter(self.header["base"]), "")

    def names(self, key: str) -> set[str]:
        """The names in the lines of a key, which commas stand between."""
        return {name for line in self.header[key] for name in line.split(", ")}


def read_wrong(path: Path) -> Wrong:
    """Raises AssertionError where a header holds a key that is not one."""
    text = path.read_bytes()
    found: dict[str, list[str]] = {key: [] for key in KEYS}
    for line in text.decode("utf-8", "replace").splitlines():
        if not line.startswith("#"):
            break
        key, colon, said = line.removeprefix("# ").partition(": ")
        if colon and not key.startswith(("not in the catalogue", "-*-")):
            assert key in found, f"{path}: {key!r} is not a key of a header"
            found[key].append(said.strip())
    assert found["fails"] or found["wrong"], f"{path}: nothing says what fails"
    return Wrong(path.stem, text, {key: tuple(lines) for key, lines in found.items()})


class KeptSubmissions:
    """The tests of one homework; a subclass names it and says what rests on what."""

    name: str
    # Where a function of the values is wrong, a check about that of the key may fail.
    rests_on: ClassVar[Mapping[str, set[str]]] = {}
    # What checks are about whose name begins with something else than the function's.
    subjects: ClassVar[Mapping[str, str]] = {}
    examples_at_least: int

    # What is handed in

    @classmethod
    @functools.cache
    def assignment(cls) -> Assignment:
        return find_course(ROOT).assignment(cls.name)

    @classmethod
    @functools.cache
    def catalogue(cls) -> Mapping[str, Variant]:
        path = cls.assignment().solution / "variants.py"
        return {v.name: v for v in load_variants(path, import_reference(cls.assignment()))}

    @classmethod
    @functools.cache
    def right(cls) -> Mapping[str, Files]:
        """Label to files: those of right/, and what a homework makes of them."""
        found: dict[str, Files] = {}
        for path in sorted((HERE / cls.name / "right").iterdir()):
            if path.is_dir():
                found[path.name] = {part.name: part.read_bytes() for part in path.glob("*.py")}
            elif path.suffix in (".py", ".ipynb"):
                found[path.stem] = {f"{cls.name}{path.suffix}": path.read_bytes()}
        module = f"{cls.name}.py"
        found["reference"] = {module: cls.assignment().reference.read_bytes()}
        for label, files in found.items():
            if text := files.get(module, b""):
                base = BASE.match(text)
                found[label] = cls.behind(found[base[1].decode()], text) if base else files
        return {**found, **cls.more_right(found)}

    @classmethod
    def more_right(cls, right: Mapping[str, Files]) -> Mapping[str, Files]:
        """Right submissions as other editors would save them."""
        return {}

    @classmethod
    @functools.cache
    def wrong(cls) -> Mapping[str, Wrong]:
        paths = sorted((HERE / cls.name / "wrong").glob("*.py"))
        return {path.stem: read_wrong(path) for path in paths}

    @classmethod
    def files_of(cls, wrong: Wrong) -> Files:
        if not wrong.base():
            return {f"{cls.name}.py": wrong.text}
        return cls.behind(cls.right()[wrong.base()], wrong.text)

    @classmethod
    def behind(cls, base: Files, text: bytes) -> Files:
        """A submission whose module ends with a text of more functions."""
        module = f"{cls.name}.py"
        return {**base, module: base[module] + b"\n\n" + text}

    @classmethod
    def more_wrong(cls) -> Mapping[str, Mapping[str, str]]:
        """Submissions made of the catalogue, for tests of the homework's own."""
        return {}

    @classmethod
    def grade_everything(cls, folder: Path) -> Mapping[str, Report]:
        """Every submission in one session: label to report."""
        everything: dict[str, Mapping[str, str | bytes]] = {**cls.right(), **cls.more_wrong()}
        everything |= {label: cls.files_of(wrong) for label, wrong in cls.wrong().items()}
        everything["starter"] = {f"{cls.name}.py": cls.assignment().starter.read_bytes()}
        count = len(cls.right()) + len(cls.wrong()) + len(cls.more_wrong()) + 1
        assert len(everything) == count, "two submissions have the same label"
        reports = cls.grade(everything, folder)
        assert set(reports) == set(everything)
        return reports

    @classmethod
    def grade(
        cls,
        submissions: Mapping[str, Mapping[str, str | bytes]],
        folder: Path,
        seed: str = "homework",
    ) -> Mapping[str, Report]:
        """Submissions, label to files, graded with the numbers that a seed draws."""
        for label, files in submissions.items():
            write_files(folder / "in" / label, files)
        reports: dict[str, Report] = {}
        with (
            sources_in(find_course(ROOT), folder / "in", cls.name, folder) as (sources, left_out),
            Opening(allow_unsafe=not can_isolate()) as opening,
        ):
            assert left_out == []
            grade_all(
                cls.assignment(),
                [Task(source, cls.name) for source in sources],
                opening.finish(),
                lambda task, result: reports.update({task.source.label: result.staff}),
                seed=seed,
                keep_figures="none",
                make_subject=functools.partial(DrawingSubject, drawn={}),
            )
        return reports

    @classmethod
    def pytest_generate_tests(cls, metafunc: pytest.Metafunc) -> None:
        for fixture, labels in (("right_label", cls.right()), ("wrong_label", cls.wrong())):
            if fixture in metafunc.fixturenames:
                metafunc.parametrize(fixture, list(labels))

    # What comes of it

    def test_a_right_submission_gets_every_point(self, graded, right_label):
        report = graded[right_label]
        assert {check.id: check.text for check in lost(report)} == {}
        assert report.score == report.max_score == 100

    def test_the_starter_is_not_attempted(self, graded):
        assert {check.outcome for check in graded["starter"].checks} == {Outcome.NOT_ATTEMPTED}
        assert graded["starter"].score == 0

    @pytest.mark.slow
    def test_a_wrong_submission_loses_points_where_it_is_wrong(self, graded, wrong_label):
        wrong, report = self.wrong()[wrong_label], graded[wrong_label]
        assert report.score < 100
        assert not report.faults
        if wrong.header["fails"]:
            every = {name_of(check) for check in report.checks}
            fails = wrong.names("fails")
            assert {name_of(check) for check in lost(report)} == (
                every if fails == {EVERYTHING} else fails
            )
        if wrong.header["wrong"]:
            self.require_fair(wrong, lost(report))

    def require_fair(self, wrong: Wrong, failed: Iterable[CheckResult]) -> None:
        """Each wrong function loses points, and no check that rests on none of them."""
        assert wrong.names("wrong") <= {self.subject_of(check) for check in failed}
        for check in failed:
            assert self.rests(check, wrong.names("wrong")), f"{check.id}: {check.text}"

    def rests(self, check: CheckResult, wrong: set[str]) -> bool:
        """Whether a check may fail where these functions are wrong."""
        subject = self.subject_of(check)
        return bool(wrong & ({subject} | self.rests_on.get(subject, set())))

    def subject_of(self, check: CheckResult) -> str:
        """The function that a check is about: "train_takes_one_step" is about train."""
        subjects = {name: name for name in self.assignment().functions} | dict(self.subjects)
        fitting = [start for start in subjects if name_of(check).startswith(start)]
        return subjects[max(fitting, key=len)]

    @pytest.mark.slow
    def test_no_diagnosis_is_false_and_none_is_missing(self, graded, wrong_label):
        wrong = self.wrong()[wrong_label]
        given = {check.diagnosis for check in graded[wrong_label].checks if check.diagnosis}
        named = {self.catalogue()[name].words for name in wrong.names("is")}
        for text in given:
            told = re.sub(r"^As in your `\w+`: ", "", text)
            fits = any(word.replace("...", "") in told for word in wrong.header["may say"])
            assert fits or told in named or text in wrong.header["says"], text
        assert set(wrong.header["says"]) <= given
        if named and not wrong.is_pair:
            assert named & {re.sub(r"^As in your `\w+`: ", "", text) for text in given}

    def test_enough_mistakes_are_kept(self):
        wrong = self.wrong().values()
        assert sum(each.is_pair for each in wrong) >= 10
        assert sum(not each.is_pair for each in wrong) >= 40
        kinds = [variant.kind for variant in self.catalogue().values()]
        assert kinds.count("mistake") >= 20
        assert kinds.count("alternative") >= 8

    def test_worked_examples_are_right(self):
        assignment = self.assignment()
        examples = run_examples(
            assignment.folder / "README.md",
            assignment.name,
            import_reference(assignment),
            assignment.data,
        )
        assert examples.count >= self.examples_at_least
        assert not examples.wrong
        assert not examples.outside


class DrawingSubject(Subject):
    """A submission that is not asked to draw what the same code drew from the same arguments.

    Drawing is the larger part of what a submission costs, and most wrong ones differ from a right
    one in functions that do not draw. drawn: what all submissions of a session have drawn.
    """

    def __init__(self, *args: Any, drawn: dict[object, FigureDescription]) -> None:
        super().__init__(*args)
        self._drawn_by_code = drawn

    def draw(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        on: Handle | None = None,
    ) -> FigureDescription:
        code = code_behind(self._program, name) if self._program is not None else None
        if on is not None or code is None or holds_objects([list(args), dict(kwargs)]):
            return super().draw(name, args, kwargs, on)
        key = (code, wire.encode([list(args), dict(kwargs)], tuples=True))
        if key in self._drawn_by_code:
            with self.asking(name, on):  # what keeps a program from being loaded is still raised
                self.calls, self.attempts = self.calls + 1, self.attempts + 1
                return self._drawn_by_code[key]
        figure = super().draw(name, args, kwargs, on)
        self._drawn_by_code[key] = figure
        return figure


def code_behind(program: Program, name: str) -> tuple[object, ...] | None:
    """A function with all of the program that it names, and whatever is not a function or a class.

    None where this does not tell what the function draws: it draws at random, or it cannot be read.
    """
    definitions: dict[str, str] = {}  # with all that a name was before: another may stand for it
    others = set()
    for part, nodes in parsed_parts(program.parts):
        lines = part.source.splitlines()
        for node in nodes:
            decorators = getattr(node, "decorator_list", [])
            first = min(each.lineno for each in [*decorators, node])
            text = b"\n".join(lines[first - 1 : node.end_lineno]).decode("utf-8", "replace")
            if (defined := defined_by(node)) is not None:
                definitions[defined] = f"{definitions.get(defined, '')}\n{text}"
            else:
                others.add(text)
    used: dict[str, str] = {}
    waiting = [name]
    while waiting:
        word = waiting.pop()
        if word in definitions and word not in used:
            used[word] = definitions[word]
            waiting += re.findall(r"\w+", used[word])
    if name not in used or any("random" in text for text in used.values()):
        return None
    modules = {part.filename for part in program.parts}
    beside = {path: data for path, data in program.files.items() if path not in modules}
    return frozenset(used.items()), frozenset(others), frozenset(beside.items())


def defined_by(node: ast.stmt) -> str | None:
    """The name of a function or class, and of what is another name for something; else None."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name()):
            return name
    return None


def lost(report: Report) -> list[CheckResult]:
    """The checks without points."""
    return [check for check in report.checks if check.outcome is not Outcome.PASSED]


def name_of(check: CheckResult) -> str:
    """A check's name without "test_"."""
    return check.id.split("::test_")[1]
