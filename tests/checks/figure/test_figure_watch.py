"""The figure that a plotting function means is found, whatever it returns and calls."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from grader.sandbox.guest import figures


@pytest.fixture
def watching():
    watch = figures.watch()
    yield watch
    watch.close()


def _drawn():
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    return fig, ax


RETURNS = {
    "the figure": lambda fig, ax: fig,
    "figure and axes": lambda fig, ax: (fig, ax),
    "axes and figure": lambda fig, ax: [ax, fig],
    "axes": lambda fig, ax: ax,
    "an array of axes": lambda fig, ax: np.array([[ax, None]], object),
    "a list of artists": lambda fig, ax: ax.plot([2, 1]),
    "bars": lambda fig, ax: ax.bar([1], [1]),
    "a dict": lambda fig, ax: {"a": 1, "figure": fig},
    "the canvas": lambda fig, ax: fig.canvas,
    "a legend": lambda fig, ax: ax.legend(["a"]),
    "pyplot": lambda fig, ax: plt,
    "nothing": lambda fig, ax: None,
    "a file's name": lambda fig, ax: "plot.png",
    "numbers": lambda fig, ax: np.arange(3),
    "what show returns": lambda fig, ax: plt.show(),
    "after close": lambda fig, ax: plt.close("all"),
    "after an empty new figure": lambda fig, ax: plt.figure() and None,
}


@pytest.mark.parametrize("name", RETURNS)
def test_pick_finds_the_figure(name, watching):
    with watching.during() as seen:
        fig, ax = _drawn()
        assert figures.pick(RETURNS[name](fig, ax), seen) is fig


def test_pick_finds_the_whole_of_a_subfigure(watching):
    with watching.during() as seen:
        fig = plt.figure()
        left, _ = fig.subfigures(1, 2)
        inner = left.subfigures(2, 1)[0]
        ax = inner.subplots()
        for returned in (left, inner, ax):
            assert figures.pick(returned, seen) is fig


def test_pick_gives_none_where_nothing_was_drawn(watching):
    with watching.during() as first:
        _drawn()
        assert first.current() is not None
    with watching.during() as second:
        assert figures.pick(None, second) is None


def test_pick_finds_a_figure_made_without_pyplot(watching):
    with watching.during() as seen:
        fig = Figure()
        fig.subplots().plot([1, 2])
        assert figures.pick(None, seen) is fig


def test_pick_finds_an_old_figure_that_was_drawn_in_again(watching):
    with watching.during():
        fig, ax = _drawn()
    with watching.during() as seen:
        ax.plot([3, 4])
        assert figures.pick(None, seen) is fig


def test_pick_prefers_the_current_figure_to_a_later_one(watching):
    with watching.during() as seen:
        one, _ = _drawn()
        _drawn()
        plt.figure(one.number)
        assert figures.pick(None, seen) is one


PROGRAMS = {
    "two with show between": ("plot([1, 2]); show(); plot([1, 3]); plot([3, 1]); show()", [1, 2]),
    "cleared after show": ("plot([1, 2]); show(); clf(); plot([1, 3]); plot([3, 1])", [1, 2]),
    "its own object cleared": ("f = figure(); plot([1]); show(); f.clf(); plot([1])", [1, 1]),
    "closed after show": ("plot([1, 2]); show(); close(); plot([1, 3]); show()", [1, 1]),
    "shown twice": ("plot([1, 2]); show(); show(); savefig(buffer)", [1]),
    "not waited for": ("plot([1, 2]); show(block=False); plot([1, 3]); show()", [2]),
    "without show": ("figure(); plot([1, 2]); figure(); plot([1, 3])", [1, 1]),
    "one object shown and drawn on": (
        "f, a = subplots(); a.plot([1]); show(); a.plot([2]); show()", [2]
    ),
    "empty at the end": ("plot([1, 2]); show(); figure(); subplots()", [1]),
    "nothing at all": ("show(); figure(); show()", []),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_show_ends_a_figure_of_a_program_and_what_was_shown_is_kept(name, watching):
    code, lines = PROGRAMS[name]
    with watching.program() as seen:
        exec(code, {**vars(plt), "show": plt.show, "buffer": io.BytesIO()})
    drawn = [sum(len(axes.lines) for axes in figure.axes) for figure in seen.filled]
    assert drawn == lines


def test_a_plotting_function_may_return_the_current_figure_after_show(watching):
    with watching.during() as seen:
        fig, _ = _drawn()
        plt.show()
        assert figures.pick(plt.gcf(), seen) is fig


def test_what_a_plotting_function_has_shown_counts_after_it_is_cleared(watching):
    with watching.during() as seen:
        _drawn()
        plt.show()
        plt.clf()
        assert len(figures.pick(None, seen).axes[0].lines) == 1


def test_pick_survives_objects_that_raise(watching):
    class Hostile:
        def __getattribute__(self, name):
            raise RuntimeError("no")

    loop: list[object] = []
    loop.append(loop)
    with watching.during() as seen:
        fig, _ = _drawn()
        for result in (Hostile(), [Hostile()], loop, [[[]]] * 5000):
            assert figures.pick(result, seen) is fig


def test_no_screen_is_ever_needed(watching):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        matplotlib.use("TkAgg")
        plt.switch_backend("QtAgg")
        plt.figure()
        plt.pause(100)
        plt.show(block=True)
    assert matplotlib.get_backend().lower() == "agg"


def test_watching_begins_before_matplotlib_is_imported():
    code = """
import sys, warnings
from grader.sandbox.guest import figures
watch = figures.watch()
assert "matplotlib" not in sys.modules
with watch.during() as seen:
    import matplotlib
    matplotlib.use("TkAgg")
    import matplotlib.pyplot as plt
    plt.rcParams["backend"] = "TkAgg"
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    warnings.simplefilter("error", UserWarning)
    plt.show()
    plt.close("all")
    assert figures.pick(None, seen) is fig
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_watch_leaves_nothing_behind():
    before = Figure.__init__, matplotlib.use, plt.show, list(sys.meta_path)
    figures.watch().close()
    assert (Figure.__init__, matplotlib.use, plt.show, list(sys.meta_path)) == before


def test_png_shows_what_savefig_shows():
    plain, axes = plt.subplots(facecolor="yellow")
    axes.contourf(np.arange(30.0).reshape(5, 6))
    laid_out, _ = plt.subplots(2, 2, layout="constrained", figsize=(5.3, 4.1))
    laid_out.suptitle("a title")
    deep = plt.figure()
    deep.add_subplot(projection="3d").plot([1, 2], [1, 2], [1, 2])
    for fig in (plain, laid_out, deep, Figure()):
        picture, dpi = figures.png(fig, 60), fig.dpi
        saved = io.BytesIO()
        fig.savefig(saved, dpi=60)
        ours, theirs = (plt.imread(io.BytesIO(data)) for data in (picture, saved.getvalue()))
        assert np.array_equal(ours, theirs)
        assert fig.dpi == dpi
    plt.close("all")


def test_a_picture_shows_what_is_animated():
    """As `savefig` does."""
    fig, ax = plt.subplots()
    (line,) = ax.plot([1, 2])
    before = figures.png(fig, 60)
    line.set_animated(True)
    assert figures.png(fig, 60) == before
    assert not fig.canvas.is_saving()


def test_png_is_the_same_twice_and_bounded():
    fig, _ = _drawn()
    picture = figures.png(fig, 60)
    assert picture.startswith(b"\x89PNG")
    assert picture == figures.png(fig, 60)
    assert b"matplotlib" not in picture.lower()
    fig.set_size_inches(200, 100)
    assert len(figures.png(fig, 300)) < 200_000
