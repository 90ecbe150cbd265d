"""The handout's example shows what the reference gives."""

from pathlib import Path

from grader.authoring.handout import run_examples
from grader.course.course import find_course
from grader.engine.context import import_reference

ROOT = Path(__file__).parents[3]


def test_worked_example_is_right():
    assignment = find_course(ROOT).assignment("adagrad")
    examples = run_examples(
        assignment.folder / "README.md",
        assignment.name,
        import_reference(assignment),
        assignment.data,
    )
    assert examples.count > 9
    assert not examples.wrong
    assert not examples.outside
