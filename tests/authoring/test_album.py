"""A figure is shared among trials only where no replaced function can have touched it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from making import PICTURE_RIGHT, best_isolation, write_course, write_files

from grader.authoring.album import Album, untouched
from grader.authoring.trials import Trial, trials_of
from grader.checks.variants import UNTOUCHED, load_variants
from grader.course.course import find_course
from grader.engine.context import import_reference
from grader.engine.runner import grade_all
from grader.engine.task import Result, Task, task_of
from grader.reports.schema import Report
from grader.sandbox.host.probe import Opening
from grader.sandbox.host.session import Session
from grader.submission.files import Submission

SCALE = "\n\ndef scale(history):\n    return [2 * value for value in history]\n"
REFERENCE = PICTURE_RIGHT + SCALE
VARIANTS = """
import picture as ref
from grader.checks.variants import alternative, mistake


@mistake("scale", "Your scale adds.")
def scale_adds(history):
    return [2 + value for value in history]


@mistake("plot_history", "Your plot_history draws it upside down.")
def upside_down(history):
    return ref.plot_history(-history)


@alternative("scale", "by a loop")
def scale_by_a_loop(history):
    found = []
    for value in history:
        found.append(value + value)
    return found
"""


def replaced(code: str, target: str, name: str) -> list[str]:
    """The source of a variant's submission, as submission_files writes it."""
    main = f"{REFERENCE}\n\nimport picture{UNTOUCHED} as ref\n\n{code}\n\n{target} = {name}\n"
    return [main, REFERENCE]


def test_what_the_plotting_function_does_not_rest_on_leaves_its_figure_alone() -> None:
    code = "def adds(history):\n    rng = np.random.default_rng(0)\n    return [rng.normal()]\n"
    assert untouched(REFERENCE, "scale", replaced(code, "scale", "adds")) == {"plot_history"}
    assert untouched(REFERENCE, "", [REFERENCE]) == {"plot_history", "scale"}


@pytest.mark.parametrize(
    "body",
    [
        "plt.rcParams['lines.linewidth'] = 9",
        "plt.figure()",
        "ref.plot_history(history)",
        "np.random.seed(0)",
        "r = np.random\n    r.seed(0)",
        "np.seterr(all='raise')",
        "global SIZE\n    SIZE = 3",
        "ref.SIZE = 3",
        "plot_history.size = 3",
        "print(history)",
        "globals()['plot_history'] = 3",
        "import os",
        "from matplotlib import style",
    ],
)
def test_whatever_may_reach_a_figure_has_it_drawn(body: str) -> None:
    code = f"def odd(history):\n    {body}\n    return history\n"
    assert untouched(REFERENCE, "scale", replaced(code, "scale", "odd")) == frozenset()


@pytest.mark.parametrize(
    "shared",
    [
        "CACHE = {}",
        "CACHE = []",
        "plt.rcParams['lines.linewidth'] = 9",
        "import os",
        "def plot_history(history):\n    return None",
        "plot_history = scale",
        "class Cache:\n    kept = []",
        "def helper(x, kept=[]):\n    return kept",
        "@np.vectorize\ndef helper(x):\n    return x",
        "if True:\n    scale = None",
    ],
)
def test_a_module_whose_functions_may_share_more_has_everything_drawn(shared: str) -> None:
    code = f"{shared}\n\ndef adds(history):\n    return history\n"
    assert untouched(REFERENCE, "scale", replaced(code, "scale", "adds")) == frozenset()
    assert untouched(f"{REFERENCE}\n{shared}\n", "scale", [REFERENCE]) == frozenset()


def test_a_function_below_the_plotting_one_has_it_drawn() -> None:
    above = REFERENCE.replace("axes.plot(history)", "axes.plot(scale(history))")
    assert "plot_history" not in untouched(above, "scale", [above])


def test_shared_figures_are_judged_as_drawn_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = write_course(tmp_path / "course", "picture")
    write_files(course, {"solutions/picture/picture.py": REFERENCE})
    write_files(course, {"solutions/picture/variants.py": VARIANTS})
    assignment = find_course(course).assignment("picture")
    assert assignment.solution is not None
    variants = load_variants(assignment.solution / "variants.py", import_reference(assignment))
    kinds = ("reference", "alternative", "mistake")
    tried = [trial for trial in trials_of(assignment, variants) if trial.kind in kinds]
    drawings: list[str] = []
    draw = Session.draw

    def counted(session: Session, name: str, *rest: Any) -> Any:
        drawings.append(name)
        return draw(session, name, *rest)

    monkeypatch.setattr(Session, "draw", counted)

    def task(trial: Trial) -> Task:
        return task_of(Submission(dict(trial.files), "0"), trial.name, "picture")

    def graded(*, shared: bool) -> dict[str, object]:
        album = Album(REFERENCE)
        found: dict[str, object] = {}

        def tasks() -> Iterator[Task]:
            for trial in tried:
                if shared:
                    album.turn_to(trial.target, (data for _, data in trial.files))
                yield task(trial)

        def deliver(task: Task, result: Result) -> None:
            found[task.source.label] = outcome_of(result.staff)

        grade_all(
            *(assignment, tasks(), launcher, deliver),
            seed="s", keep_figures="none", make_subject=album.subject,
        )  # fmt: skip
        return found

    with Opening(best_isolation() == "none") as opening:
        opening.expect(1)
        launcher = opening.finish()
        assert graded(shared=True) == graded(shared=False)
    # Two figures of the reference and of each variant; shared, of `upside_down` and one other.
    assert len(drawings) == 2 * 2 + 2 * len(tried)


def outcome_of(report: Report) -> object:
    return [(check.id, check.outcome, check.message) for check in report.checks]
