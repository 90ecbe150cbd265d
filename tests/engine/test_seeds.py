"""The inputs of hidden checks, for a student who fails on purpose to find out about them."""

from __future__ import annotations

from pathlib import Path

from making import DEMO_RIGHT, write_course, write_files
from running import run_grader

from grader.course.course import BY_SUBMISSION
from grader.reports.schema import read_report

# Right for a positive first number, wrong for a negative one: one bit of the input.
PROBE = DEMO_RIGHT.replace("return 2 * x", "return (2 if np.ravel(x)[0] > 0 else 3) * x")
NUMBER = 8


def bits(folder: Path, settings: str) -> tuple[list[str], list[str | None]]:
    """How a hidden check ended for submissions that differ by a comment, and the seeds."""
    assert PROBE != DEMO_RIGHT
    course = write_course(folder / "course")
    write_files(course, {"pyproject.toml": f"[tool.grader]\n{settings}\n"})
    files = {f"s{number}.py": f"{PROBE}\n# {number}\n" for number in range(NUMBER)}
    write_files(folder / "subs", files)
    options = ("--assignment", "demo", "--unsafe", "--jobs", 1, "--out", folder / "out")
    done = run_grader("grade", folder / "subs", *options, cwd=course, GRADER_KEY="k" * 40)
    assert done.code == 0, done.said
    found = [read_report(folder / "out" / "demo" / f"s{n}.json") for n in range(NUMBER)]
    ends = [
        check.outcome.value
        for report in found
        for check in report.checks
        if check.id.endswith("test_double_at_random")
    ]
    assert len(ends) == NUMBER
    return ends, [report.seed for report in found]


def test_each_submission_has_inputs_of_its_own_if_the_course_says_so(tmp_path: Path) -> None:
    ends, seeds = bits(tmp_path / "own", 'seeds = "submission"')
    assert set(ends) == {"passed", "failed"}
    assert len(set(seeds)) == 1
    assert str(seeds[0]).startswith(BY_SUBMISSION)
    # And the same submission gets the same again.
    assert bits(tmp_path / "again", 'seeds = "submission"')[0] == ends


def test_otherwise_all_submissions_have_the_same_inputs(tmp_path: Path) -> None:
    assert len(set(bits(tmp_path, "")[0])) == 1
