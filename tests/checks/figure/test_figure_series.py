"""Several named curves are recognised however they are drawn and named, and no others are."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from series_pictures import RIGHT, WRONG_CURVES, WRONG_NAMES

from grader.checks.figure import (
    curve_drawn,
    curves_drawn,
    curves_named,
    path_drawn,
    told_apart,
)
from grader.errors import CheckFailed, GraderFault


@pytest.fixture(scope="module")
def runs() -> dict[str, np.ndarray]:
    """Gaps of three lengths; a name within a name; one run ends at exactly 0."""
    rng = np.random.default_rng(3)
    found = {}
    for name, n, rate in (("sgd", 31, 0.75), ("sgd_averaged", 26, 0.5), ("full", 41, 0.95)):
        found[name] = (2 + rng.random(n)) * rate ** np.arange(n)
    found["sgd_averaged"][-3:] = 0
    return found


@pytest.mark.parametrize("draw", RIGHT, ids=lambda draw: draw.__name__)
def test_a_right_figure_passes(draw, runs, travel):
    found = curves_named(travel(draw(runs)), runs, log_y=True)
    assert list(found) == list(runs)


@pytest.mark.parametrize("draw", WRONG_NAMES, ids=lambda draw: draw.__name__)
def test_wrong_names_fail(draw, runs, travel):
    figure = travel(draw(runs))
    found = curves_drawn(figure, runs)
    with pytest.raises(CheckFailed, match=r"name|nothing says|looks the same"):
        told_apart(figure, found)


@pytest.mark.parametrize("draw", WRONG_CURVES, ids=lambda draw: draw.__name__)
def test_wrong_curves_fail(draw, runs, travel):
    with pytest.raises(CheckFailed, match=r"no curve in the figure shows|cannot be seen"):
        curves_drawn(travel(draw(runs)), runs)


def test_messages_say_what_is_there(runs, travel):
    by_name = {draw.__name__: draw for draw in [*WRONG_NAMES, *WRONG_CURVES]}
    cases = {
        "names_exchanged": "'sgd' has another's name in the figure.*'sgd_averaged'",
        "no_names": "nothing says which curve is 'sgd'",
        "all_black": "'sgd' looks the same as 'full' and 'sgd_averaged' in the legend",
        "logarithms": "the heights of a curve are its values' logarithms.*log10.*set_yscale",
        "the_first_left_out": "first values are missing",
        "in_white": "the curve of 'sgd_averaged' is in the figure but cannot be seen",
    }
    for name, words in cases.items():
        with pytest.raises(CheckFailed, match=f"(?s){words}"):
            curves_named(travel(by_name[name](runs)), runs)


@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
def test_the_scale_is_asked_for_by_option(scale, runs, travel):
    fig, ax = plt.subplots()
    for name, run in runs.items():
        ax.plot(run, label=name)
    ax.set_yscale(scale)
    ax.legend()
    figure = travel(fig)
    curves_named(figure, runs)
    if scale == "linear":
        with pytest.raises(CheckFailed, match="the y axis is not logarithmic"):
            curves_named(figure, runs, log_y=True)
    else:
        curves_named(figure, runs, log_y=True)


def test_places_other_than_the_index(travel):
    degrees = np.array([1, 2, 4, 8, 9])
    errors = {
        "train": np.array([3.0, 2.0, 1.0, 0.5, 0.4]),
        "valid": np.array([3.5, 2.5, 2.0, 4.0, 5.0]),
    }
    fig, (right, wrong) = plt.subplots(1, 2)
    for name, values in errors.items():
        right.plot(degrees.astype(np.float32), values, "o-", label=name)
        wrong.plot(values, label=name)
    right.legend()
    wrong.legend()
    figure = travel(fig)
    curves_named(figure, errors, x=degrees)
    curves_named(figure, errors, x=dict.fromkeys(errors, degrees))
    with pytest.raises(CheckFailed, match="the heights are right, x is not"):
        curves_drawn(figure, errors, x=degrees, among=figure.axes[1])
    with pytest.raises(CheckFailed):
        curves_drawn(figure, errors, among=figure.axes[0])


def test_a_fine_grid_in_any_order_with_a_ceiling(travel):
    t = np.linspace(-3, 3, 241)[::-1]
    losses = {"hinge": np.maximum(0, 1 - t), "exponential": np.exp(-t)}
    drawings = {
        "limits": lambda ax: (
            [ax.plot(t, loss, label=name) for name, loss in losses.items()],
            ax.set_ylim(0, 8),
        ),
        "clipped": lambda ax: [
            ax.plot(t, np.minimum(loss, 8), label=name) for name, loss in losses.items()
        ],
        "masked": lambda ax: [
            ax.plot(t, np.where(loss < 8, loss, np.nan), label=name)
            for name, loss in losses.items()
        ],
        "logarithmic": lambda ax: [
            ax.semilogy(t, loss, label=name) for name, loss in losses.items()
        ],
    }
    for draw in drawings.values():
        fig, ax = plt.subplots()
        draw(ax)
        ax.legend()
        curves_named(travel(fig), losses, x=t, ceiling=5)
    fig, ax = plt.subplots()
    for name, loss in losses.items():
        ax.plot(t, np.minimum(loss, 4), label=name)
    with pytest.raises(CheckFailed, match="'exponential'"):
        curves_drawn(travel(fig), losses, x=t, ceiling=5)


def _bars(ax, spreads, width=0.25):
    for k, (name, heights) in enumerate(spreads.items()):
        ax.bar(np.arange(len(heights)) + k * width, heights, width, label=name)


SPREADS = {"small": [0.3, 0.1, 0.02], "scaled": [0.9, 0.8, 0.85], "zeros": [0.5, 0.4, 0.41]}


def test_sets_of_bars(travel):
    fig, (side_by_side, stretched, lying, dots) = plt.subplots(1, 4)
    _bars(side_by_side, SPREADS)
    for k, (name, heights) in enumerate(SPREADS.items()):
        lying.barh(np.arange(3) + k * 0.25, heights, 0.25, edgecolor="k", label=name)
        dots.plot(np.arange(3) + k * 0.1, heights, "o", label=name)
    for k, (name, heights) in enumerate(SPREADS.items()):
        stretched.bar(4 * np.arange(3) + 1 + k, heights, label=name)
    for ax in fig.axes:
        ax.legend()
    figure = travel(fig)
    for axes in figure.axes:
        told_apart(figure, curves_drawn(figure, SPREADS, bars=True, among=axes))
    with pytest.raises(CheckFailed):
        curves_drawn(figure, SPREADS)
    exchanged = dict(zip(list(SPREADS)[::-1], SPREADS.values(), strict=True))
    with pytest.raises(CheckFailed, match="another's name"):
        curves_named(figure, exchanged, bars=True)


@pytest.mark.parametrize(("moved", "accepted"), [(0.2, True), (0.6, False)])
def test_a_set_of_bars_may_stand_beside_its_uneven_places(moved, accepted, travel):
    degrees, fig = np.array([1, 2, 5, 9]), plt.figure()
    errors = {"training": [3.0, 2.0, 1.0, 0.5], "validation": [4.0, 2.5, 3.5, 6.0]}
    for side, (name, heights) in zip((-1, 1), errors.items(), strict=True):
        plt.bar(degrees + side * moved, heights, 0.4, label=name)
    plt.legend()
    figure = travel(fig)
    if accepted:
        curves_named(figure, errors, x=degrees)
    else:
        with pytest.raises(CheckFailed, match="no curve"):
            curves_drawn(figure, errors, x=degrees)


@pytest.mark.parametrize(("labels", "accepted"), [([1, 2, 5, 9], True), ([9, 5, 2, 1], False)])
def test_ticks_may_say_what_x_is(labels, accepted, travel):
    degrees, (fig, (bars, words)) = [1, 2, 5, 9], plt.subplots(1, 2)
    errors = {"training": [3.0, 2.0, 1.0, 0.5], "validation": [4.0, 2.5, 3.5, 6.0]}
    for side, (name, heights) in zip((-1, 1), errors.items(), strict=True):
        bars.bar(np.arange(4) + side * 0.2, heights, 0.4, label=name)
        words.plot([str(label) for label in labels], heights, label=name)
    bars.set_xticks(range(4), labels)
    for axes in travel(fig).axes:
        if accepted:
            curves_drawn(travel(fig), errors, x=degrees, among=axes)
        else:
            with pytest.raises(CheckFailed, match="no curve"):
                curves_drawn(travel(fig), errors, x=degrees, among=axes)


def test_sets_of_bars_by_panel_in_many_colours_on_a_logarithmic_axis(travel):
    fig, panels = plt.subplots(1, 3)
    for ax, (name, heights) in zip(panels, SPREADS.items(), strict=True):
        ax.bar(range(3), heights, color=["C0", "C1", "C2"])
        ax.set(title=name, yscale="log")
    curves_named(travel(fig), SPREADS, bars=True, log_y=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda heights: heights[::-1],
        lambda heights: heights[:-1],
        lambda heights: [*heights, 0.1],
        lambda heights: [h + 0.01 for h in heights],
    ],
)
def test_other_bars_are_no_set(change, travel):
    fig, ax = plt.subplots()
    _bars(ax, {name: change(heights) for name, heights in SPREADS.items()})
    ax.legend()
    with pytest.raises(CheckFailed, match="no curve"):
        curves_named(travel(fig), SPREADS, bars=True)


def test_two_values_make_a_curve(travel):
    fig, ax = plt.subplots()
    pairs = {"a": [1.0, 2.0], "A": [2.0, 0.5]}
    for name, values in pairs.items():
        ax.plot(values, label=name)
    ax.legend()
    curves_named(travel(fig), pairs)


@pytest.mark.parametrize(
    ("labels", "right"),
    [
        (("Gradientenabstieg", "Newton-Verfahren"), True),
        (("градиентный спуск", "метод Ньютона"), True),
        (("GD", "Newton"), True),
        (("Newton", "GD"), False),
        (("Newton 1", "Newton 2"), False),
        (("GD", "the other"), False),
        (("", "Newton"), False),
    ],
)
def test_words_in_any_language(labels, right, travel):
    k = np.arange(12)
    curves = {"gradient descent": 0.7 * 0.9**k + 0.1, "Newton": 0.6 * 0.2 ** k[:7] + 0.05}
    words = {"gradient descent": (), "Newton": ("newton", "ньютон")}
    fig, ax = plt.subplots()
    for label, curve in zip(labels, curves.values(), strict=True):
        ax.plot(curve, label=label)
    ax.legend()
    figure = travel(fig)
    if right:
        curves_named(figure, curves, words=words)
    else:
        with pytest.raises(CheckFailed):
            curves_named(figure, curves, words=words)


def test_paths_are_told_apart_too(travel):
    k = np.arange(20)[:, None]
    paths = {
        "adam": np.array([1.0, 2.0]) * 0.8**k,
        "adam w": np.array([1.0, 2.0]) * [0.5, 0.9] ** k,
    }
    for names, right in ((list(paths), True), (list(paths)[::-1], False)):
        fig, ax = plt.subplots()
        for name, path in zip(names, paths.values(), strict=True):
            ax.plot(*path.T, "o-", label=f"{name} (beta = 0.9)")
        ax.legend()
        figure = travel(fig)
        found = {name: path_drawn(figure, path) for name, path in paths.items()}
        if right:
            told_apart(figure, found)
        else:
            with pytest.raises(CheckFailed, match="'adam' has another's name"):
                told_apart(figure, found)


@pytest.mark.parametrize("of_the_figure", [False, True])
def test_a_legend_of_another_panel_says_nothing_against_a_title(of_the_figure, travel):
    k = np.arange(20)[:, None]
    paths = {name: np.array([1.0, 2.0]) * rate**k for name, rate in (("a1", 0.8), ("b2", 0.6))}
    fig, (*panels, curves) = plt.subplots(1, 3)
    lines = []
    for ax, (name, path) in zip(panels, paths.items(), strict=True):
        ax.plot(*path.T, color="C1")  # each in its own panel, all in one colour
        ax.set_title(name)
        lines += curves.plot(path[:, 0])  # in C0 and C1
    (fig if of_the_figure else curves).legend(lines, list(paths))
    figure = travel(fig)
    found = {name: path_drawn(figure, path) for name, path in paths.items()}
    if of_the_figure:
        # That legend is about all panels.
        with pytest.raises(CheckFailed, match="'a1' has another's name"):
            told_apart(figure, found)
    else:
        told_apart(figure, found)


def test_equal_runs_share_a_line(travel):
    run = 0.8 ** np.arange(20)
    both = {"one": run, "two": run.copy(), "three": run**2}
    fig, ax = plt.subplots()
    for name, values in both.items():
        ax.plot(values, label=name)
    ax.legend()
    curves_named(travel(fig), both)
    found = curve_drawn(travel(fig), run)
    assert found.also == ()


def test_what_is_cut_is_not_called_wrong(travel):
    fig, ax = plt.subplots()
    for k in range(450):
        ax.plot([k, k + 1], [k, k + 1], label=str(k))
    with pytest.raises(GraderFault, match="a person must look"):
        curves_named(travel(fig), {"line": np.arange(451.0)})


@pytest.mark.parametrize("way", ["float32", "collection", "symlog"])
def test_places_at_even_ratios(way, travel):
    x = np.geomspace(0.01, 1000, 26)
    curves = {"rises": np.arctan(x), "is negative": -1 / (1 + x)}
    fig, ax = plt.subplots()
    if way == "collection":
        ax.add_collection(LineCollection([np.column_stack([x, y]) for y in curves.values()]))
        ax.set(xlim=(0.005, 2000), ylim=(-2, 2))
    for values in curves.values() if way != "collection" else []:
        ax.plot(*(np.float32([x, values]) if way == "float32" else (x, values)))
    ax.set(xscale="log", yscale="symlog" if way == "symlog" else "linear")
    curves_drawn(travel(fig), curves, x=x)
    with pytest.raises(CheckFailed, match="'rises'"):
        curves_drawn(travel(fig), {"rises": np.arctan(x) + 0.01}, x=x)
    with pytest.raises(CheckFailed, match="'rises'"):
        curves_drawn(travel(fig), {"rises": np.arctan(x)}, x=x * 1.01)
