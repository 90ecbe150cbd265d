"""A variant is given those results of the reference that it cannot change, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from making import PICTURE_RIGHT, best_isolation, write_course, write_files

from grader.authoring.footprints import Footprints
from grader.authoring.trials import Trial, trials_of
from grader.checks.variants import load_variants
from grader.course.course import find_course
from grader.engine.context import import_reference
from grader.engine.runner import grade_all
from grader.engine.task import Result, Task, task_of
from grader.sandbox.host.probe import Opening
from grader.sandbox.host.session import Session
from grader.submission.files import Submission

REFERENCE = (
    PICTURE_RIGHT
    + """

FACTORS = {"two": 2, "three": 3}


def scale(history):
    return [FACTORS["two"] * value for value in history]


def twice(history):
    return scale(scale(history))


def apply(function, history):
    return function(history)
"""
)
HIDDEN = '''
import pytest

from grader.checks import assert_close

pytestmark = pytest.mark.points(1)


def test_scale(student):
    """scale doubles"""
    assert_close(student.scale([1.0, 2.0]), [2.0, 4.0])


def test_twice(student):
    """twice scales twice"""
    assert_close(student.twice.map([([1.0],)])[0], [4.0])


def test_plot(student):
    """a figure is drawn"""
    student.plot_history.draw([1.0, 2.0])


def test_source(student):
    """scale is there to be read"""
    student.source("scale")


def test_function_as_argument(student):
    """apply calls what it is given"""
    assert_close(student.apply(student.twice, [1.0]), [4.0])


def test_own_numbers(student, student_rng):
    """scale doubles numbers of one's own"""
    value = student_rng.normal()
    assert_close(student.scale([value]), [2 * value])


def test_nothing(student):
    """a check that asks for nothing"""
'''
VARIANTS = """
import random

import picture as ref
from grader.checks.variants import alternative, mistake


def by_a_list(history, steps=slice(None)):
    return list(history)[steps]


@mistake("twice", "Your twice scales once.")
def once(history):
    return ref.scale(by_a_list(history))


@mistake("scale", "Your scale triples.")
def triples(history):
    return [ref.FACTORS["three"] * value for value in history]


@mistake("plot_history", "Your plot_history draws nothing.")
def draws_nothing(history):
    import matplotlib.pyplot as plt
    return plt.figure()


@alternative("twice", "with a table that can change")
def with_a_table(history):
    ref.FACTORS.update(two=2)
    return ref.scale(ref.scale(history))


@alternative("twice", "at random")
def at_random(history):
    random.seed(0)
    return ref.scale(ref.scale(history))
"""
SAME_FOR_ALL = {"test_nothing"}
KEPT = {
    # What it replaces leaves alone:
    "once": {"test_scale", "test_plot", *SAME_FOR_ALL},
    "triples": {"test_plot", *SAME_FOR_ALL},  # twice rests on scale
    "draws_nothing": {"test_scale", "test_twice", "test_function_as_argument", *SAME_FOR_ALL},
    # It may change the module, or the generator of all:
    "with_a_table": set(),
    "at_random": set(),
}

BOXES = """
class Box:
    def __init__(self, *children):
        self.children, self.value, self.grad = children, None, 0.0


class Leaf(Box):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Double(Box):
    def fprop(self):
        self.value = 2 * self.children[0].value

    def bprop(self):
        self.children[0].grad += 2 * self.grad


class Square(Box):
    def fprop(self):
        self.value = self.children[0].value ** 2

    def bprop(self):
        self.children[0].grad += 2 * self.children[0].value * self.grad


def run(box):
    box.fprop()
    return box.value


def slope(box):
    run(box)
    box.grad = 1.0
    box.bprop()
    return box.children[0].grad


def apply(function, box):
    return function(box)
"""
BOXES_HIDDEN = '''
import pytest

from grader.checks import assert_close, together

pytestmark = pytest.mark.points(1)
kept = []


def test_double(student):
    """Double doubles"""
    box = student.Double(student.Leaf(3.0))
    assert_close(student.run(box), 6.0)
    kept.append(box)


def test_square(student):
    """Square squares"""
    box = student.Square(student.Leaf(3.0))
    box.fprop()
    assert_close(box.value, 9.0)


def test_slope_in_steps(student):
    """Square passes 2 a on"""
    assert_close(together(student, lambda steps: steps.slope(steps.Square(steps.Leaf(3.0)))), 6.0)


def test_method_and_function_as_arguments(student):
    """apply calls what it is given"""
    assert_close(student.apply(student.run, student.Double(student.Leaf(1.0))), 2.0)


def test_class_of_a_leaf(student):
    """a leaf is a box"""
    assert isinstance(student.Leaf(1.0), student.Box)

'''
BORROWS = '''

def test_box_of_another_check(student):
    """the box that was kept has its value"""
    assert_close(kept[-1].value, 6.0)
'''
BOXES_VARIANTS = """
import boxes as ref
from grader.checks.variants import alternative, mistake


@mistake("Double.bprop", "Your Double passes nothing on.")
def double_passes_nothing(self):
    pass


@mistake("Square.fprop", "Your Square cubes.")
def square_cubes(self):
    self.value = self.children[0].value ** 3


@mistake("slope", "Your slope is half of it.")
def half(box):
    return ref.slope(box) / 2


@mistake("Box.__init__", "Your Box forgets its children.")
def box_forgets(self, *children):
    self.children, self.value, self.grad = (), None, 0.0


@alternative("Square.bprop", "counts in what all boxes share")
def counts(self):
    type(self).seen = 1
    self.children[0].grad += 2 * self.children[0].value * self.grad


@alternative("run", "by a class that counts its objects")
def counting(box):
    class Counted:
        pass
    box.fprop()
    return box.value
"""
KEPT_BOXES = {
    "double_passes_nothing": {"test_square", "test_slope_in_steps", "test_class_of_a_leaf"},
    "square_cubes": {
        "test_double",
        "test_method_and_function_as_arguments",
        "test_class_of_a_leaf",
    },
    "half": {
        "test_double",
        "test_square",
        "test_method_and_function_as_arguments",
        "test_class_of_a_leaf",
    },
    "box_forgets": set(),
    # It may change the class, or what is written in it is not looked at:
    "counts": set(),
    "counting": set(),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_course(tmp_path_factory.mktemp("footprints") / "course", "picture")
    files = {"picture.py": REFERENCE, "hidden_checks.py": HIDDEN, "variants.py": VARIANTS}
    write_files(root, {f"solutions/picture/{name}": text for name, text in files.items()})
    files = {"boxes.py": BOXES, "hidden_checks.py": BOXES_HIDDEN, "variants.py": BOXES_VARIANTS}
    write_files(root, {f"solutions/boxes/{name}": text for name, text in files.items()})
    public = "import pytest\n\n\n@pytest.mark.points(1)\ndef test_nothing(student):\n    pass\n"
    handed_out = {"assignment.toml": 'title = "Boxes"\n', "boxes.py": BOXES, "checks.py": public}
    return write_files(root, {f"assignments/boxes/{n}": text for n, text in handed_out.items()})


def graded(
    course: Path, name: str = "picture", *, shared: bool
) -> tuple[dict[str, dict[str, object]], dict[str, set[str]]]:
    """What each trial's checks gave, and which hidden checks of each were not run for it."""
    assignment = find_course(course).assignment(name)
    assert assignment.solution is not None
    assert assignment.reference is not None
    variants = load_variants(assignment.solution / "variants.py", import_reference(assignment))
    kinds = ("reference", "alternative", "mistake")
    tried = [trial for trial in trials_of(assignment, variants) if trial.kind in kinds]
    known = Footprints(assignment.reference.read_text(encoding="utf-8"))
    found: dict[str, dict[str, object]] = {}
    kept: dict[str, set[str]] = {}

    def task(trial: Trial) -> Task:
        made = task_of(Submission(dict(trial.files), "0"), trial.name, name)
        if not shared:
            return made
        held = known.turn_to(trial.target, [data for _, data in trial.files])
        checks = held.staff.checks if held else ()
        kept[trial.name] = {
            check.id.removeprefix("hidden_checks::")
            for check in checks
            if check.id.startswith("hidden_checks::")
        }
        return replace(made, earlier=held)

    def tasks() -> Iterator[Task]:
        yield from map(task, tried)

    def deliver(task: Task, result: Result) -> None:
        known.learn(result)
        found[task.source.label] = {
            check.id: (check.outcome, check.message, check.diagnosis)
            for check in result.staff.checks
        }

    how: dict[str, Any] = {"make_subject": known.subject, "on_collect": known.collected}
    with Opening(best_isolation() == "none") as opening:
        opening.expect(1)
        grade_all(
            *(assignment, tasks(), opening.finish(), deliver),
            seed="s", keep_figures="none", **(how if shared else {}),
        )  # fmt: skip
    return found, kept


@pytest.mark.parametrize(("name", "spared"), [("picture", KEPT), ("boxes", KEPT_BOXES)])
def test_a_variant_has_the_results_that_it_would_have_had(
    course: Path, monkeypatch: pytest.MonkeyPatch, name: str, spared: dict[str, set[str]]
) -> None:
    calls: list[str] = []
    call = Session.call

    def counted(session: Session, name: str, *rest: Any) -> Any:
        calls.append(name)
        return call(session, name, *rest)

    monkeypatch.setattr(Session, "call", counted)
    right, _ = graded(course, name, shared=False)
    every = len(calls)
    found, kept = graded(course, name, shared=True)
    assert found == right
    assert {variant: kept[variant] for variant in spared} == spared
    assert len(calls) - every < every  # what is kept is not run


def test_a_reference_with_a_warning_lends_nothing(course: Path) -> None:
    path = course / "solutions" / "picture" / "picture.py"
    narrow = "return np.float32(scale(scale(history)))"
    path.write_text(REFERENCE.replace("return scale(scale(history))", narrow), encoding="utf-8")
    _, kept = graded(course, shared=True)
    assert not any(kept.values())


def test_checks_that_share_objects_lend_nothing(course: Path) -> None:
    checks = course / "solutions" / "boxes" / "hidden_checks.py"
    checks.write_text(BOXES_HIDDEN + BORROWS, encoding="utf-8")
    right, _ = graded(course, "boxes", shared=False)
    found, kept = graded(course, "boxes", shared=True)
    assert found == right
    assert not any(kept.values())
