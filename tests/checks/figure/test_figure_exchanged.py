"""Labels, names and colours that stand in each other's place are told; those in place pass."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from grader.checks.figure import (
    classes_named_rightly,
    curve_drawn,
    curves_drawn,
    halves_coloured_rightly,
    labels_in_place,
    lines_named_rightly,
    regions_drawn,
    told_apart,
    x_marked,
)
from grader.errors import CheckFailed

X = np.random.default_rng(0).normal(size=(40, 2))
SIGNS = np.repeat([-1, 1], 20)
HISTORY = 0.3 + 2 * 0.8 ** np.arange(31) + 0.05 * np.sin(np.arange(31))


@pytest.mark.parametrize(
    ("across", "upwards", "in_place"),
    [
        ("iteration", "loss", True),
        ("loss", "iteration", False),
        ("Verlust", "Epoche", False),
        ("pérdida", "época", False),
        ("epoch (of the lowest loss)", "loss per epoch", True),
        ("loss at the iteration", "step", True),
        ("$x_2$", "$x_1$", False),
        ("$x_1$", "$x_2$", True),
        ("feature 0", "feature 1", True),
        ("y", "x", False),
        ("x", "y", True),
        ("alcohol", "flavanoids", True),
        ("k", "f", True),
    ],
)
def test_labels_of_the_other_axis_are_told(across, upwards, in_place, travel):
    fig, ax = plt.subplots()
    ax.plot(HISTORY)
    ax.set(xlabel=across, ylabel=upwards)
    figure = travel(fig)
    if in_place:
        labels_in_place(figure)
    else:
        with pytest.raises(CheckFailed, match="each other's labels"):
            labels_in_place(figure, curve_drawn(figure, HISTORY))


NAMES = [
    (("y = -1", "y = +1"), True),
    (("y = +1", "y = -1"), False),
    (("Klasse −1", "Klasse 1"), True),
    (("1", "\N{MINUS SIGN}1"), False),
    (("negative", "positive"), True),
    (("Positiv", "Negativ"), False),
    (("malignant", "benign"), True),
    (("class 1 (y = -1)", "class 2 (y = +1)"), True),
    (("-1.0 (20 points)", "1.0 (20 points)"), True),
    (("1.0 (20 points)", "-1.0 (20 points)"), False),
]


@pytest.mark.parametrize(("names", "right"), NAMES)
@pytest.mark.parametrize("way", ["labels", "one scatter, patches", "one scatter, rings"])
def test_names_of_the_other_class_are_told(way, names, right, travel):
    fig, ax = plt.subplots()
    colours = ["navy", "orange"]
    if way == "labels":
        for label, name, marker in zip((-1, 1), names, "sD", strict=True):
            ax.scatter(*X[label == SIGNS].T, marker=marker, edgecolors="k", label=name)
        ax.legend()
    else:
        ax.scatter(*X.T, c=[colours[(sign + 1) // 2] for sign in SIGNS])
        ax.legend(
            handles=[
                Patch(color=colour, label=name)
                if way.endswith("patches")
                else Line2D([], [], ls="", marker="o", color=colour, label=name)
                for colour, name in zip(colours, names, strict=True)
            ]
        )
    # A line of one class's colour and the other's name is no name of a class.
    ax.axline((0, 0), slope=1, color="navy", label="w.x + b = 1")
    figure = travel(fig)
    if right:
        classes_named_rightly(figure, X, SIGNS)
    else:
        with pytest.raises(CheckFailed, match="each other's names"):
            classes_named_rightly(figure, X, SIGNS)


@pytest.mark.parametrize(
    ("numbers", "right"), [((0, 1, 2), True), ((1, 2, 3), True), ((1, 2, 0), False)]
)
def test_classes_may_be_counted_from_one(numbers, right, travel):
    fig, ax = plt.subplots()
    labels = np.arange(40) % 3
    for label, number in enumerate(numbers):
        ax.scatter(*X[labels == label].T, label=f"class-{number}")
    ax.legend()
    figure = travel(fig)
    if right:
        classes_named_rightly(figure, X, labels)
    else:
        with pytest.raises(CheckFailed, match="each other's names"):
            classes_named_rightly(figure, X, labels)


@pytest.mark.parametrize(
    ("middle", "sides", "right"),
    [
        ("decision boundary", "margins", True),
        ("margins", "decision boundary", False),
        ("Margin", "Trenngerade", False),
        ("w.x + b = 0", "w.x + b = +-1", True),
        (r"$w^T x + b = \pm 1$", "$w^T x + b = 0$", False),
        ("middle of the margin (f = 0)", "margin boundary", True),
        ("margin", "support vectors", True),
        ("f", "g", True),
        ("f = 0.0", "f = 1.0", True),
        ("f = 1.0", "f = 0", False),
        ("f = 0.1", "f = 10", True),
    ],
)
@pytest.mark.parametrize("way", ["lines", "handles"])
def test_the_boundary_is_not_called_a_margin(middle, sides, right, way, travel):
    fig, ax = plt.subplots()
    ax.scatter(*X.T, c=SIGNS)
    handles = []
    for level, style, name in ((0, "-", middle), (1, "--", sides), (-1, "--", sides)):
        (line,) = ax.plot([-3, 3], [level + 1.5, level - 1.5], f"k{style}")
        handles += [Line2D([], [], color="k", ls=style, label=name)] if level < 1 else []
        if way == "lines":
            line.set_label(name)
    ax.legend() if way == "lines" else ax.legend(handles=handles)
    ax.set(xlim=(-3, 3), ylim=(-3, 3))
    figure = travel(fig)
    w = np.array([0.5, 1.0])
    if right:
        lines_named_rightly(figure, w, 0.0, X)
    else:
        with pytest.raises(CheckFailed, match="each other's names"):
            lines_named_rightly(figure, w, 0.0, X)


W = np.array([[1.3, -1.1, 0.2], [0.6, 0.9, -1.4], [0.5, -0.4, 0.6]])


@pytest.mark.parametrize(
    ("colours", "right"),
    [
        (["tab:red", "tab:green", "tab:blue"], True),
        (["tab:green", "tab:blue", "tab:red"], False),
        (["tab:green", "tab:red", "tab:blue"], False),
        (["tab:green", "tab:red", "0.7"], False),
        (["tab:red", "tab:green", "0.7"], True),
        (["tab:green", "tab:purple", "0.7"], True),
        (["tab:purple", "tab:cyan", "tab:olive"], True),  # hues that no examples have
        (["0.5", "0.7", "0.9"], True),
    ],
)
def test_regions_in_the_hues_of_other_classes_are_told(colours, right, travel):
    points = 2 * X
    y = (np.column_stack([points, np.ones(40)]) @ W).argmax(axis=1)
    x1, x2 = np.meshgrid(np.linspace(-6, 6, 200), np.linspace(-6, 6, 200))
    best = (np.stack([x1, x2, np.ones_like(x1)], axis=-1) @ W).argmax(axis=-1)
    fig, ax = plt.subplots()
    ax.contourf(x1, x2, best, levels=[-0.5, 0.5, 1.5, 2.5], colors=colours, alpha=0.4)
    for label, colour in enumerate(["tab:red", "tab:green", "tab:blue"]):
        ax.scatter(*points[y == label].T, color=colour, edgecolors="k")
    figure = travel(fig)
    regions_drawn(figure, W, points)
    if right:
        regions_drawn(figure, W, points, y)
    else:
        with pytest.raises(CheckFailed, match="colours of other classes"):
            regions_drawn(figure, W, points, y)


@pytest.mark.parametrize(
    ("negative", "positive", "right"),
    [
        ("tab:red", "tab:blue", True),
        ("tab:blue", "tab:red", False),
        ("w", "tab:red", False),
        ("w", "tab:blue", True),
        ("0.8", "w", True),
        ("tab:olive", "tab:red", True),  # a hue that no examples have: it means something else
    ],
)
def test_halves_in_each_others_colours_are_told(negative, positive, right, travel):
    w, b = np.array([1.0, -0.4]), 0.3
    y = np.sign(X @ w + b)
    x1, x2 = np.meshgrid(np.linspace(-3, 3, 100), np.linspace(-3, 3, 100))
    fig, ax = plt.subplots()
    scores = w[0] * x1 + w[1] * x2 + b
    ax.contourf(x1, x2, scores, levels=[-99, 0, 99], colors=[negative, positive], alpha=0.4)
    for label, colour in ((-1, "tab:red"), (1, "tab:blue")):
        ax.scatter(*X[y == label].T, color=colour)
    figure = travel(fig)
    if right:
        halves_coloured_rightly(figure, w, b, X, y)
    else:
        with pytest.raises(CheckFailed, match="colours of other classes"):
            halves_coloured_rightly(figure, w, b, X, y)


WORDS = {"descent": ("grad", "gd"), "Newton": ("newton",)}


@pytest.mark.parametrize(
    ("slow", "fast", "right"),
    [
        ("gradient descent (slower than Newton)", "Newton", True),
        ("gradient descent, slower than Newton", "Newton, faster than gradient descent", True),
        ("first-order method (no Newton)", "Newton", True),
        ("GD", "second order", True),
        ("abstieg", "Newton", True),
        ("Newton", "gradient descent (slower than Newton)", False),
        ("Newton (faster than gradient descent)", "gradient descent (slower than Newton)", False),
        ("method 1 (Newton)", "method 2 (gradient descent)", False),
        ("1", "2", False),
    ],
)
def test_a_remark_about_another_is_no_name(slow, fast, right, travel):
    fig, ax = plt.subplots()
    ax.plot(HISTORY, label=slow)
    ax.plot(HISTORY[:9] - 0.3, label=fast)
    ax.legend()
    figure = travel(fig)
    found = curves_drawn(figure, {"descent": HISTORY, "Newton": HISTORY[:9] - 0.3})
    if right:
        told_apart(figure, found, words=WORDS)
    else:
        with pytest.raises(CheckFailed):
            told_apart(figure, found, words=WORDS)


def both(ax, one, other, *, starts=(0, 0)):
    for start, heights in zip(starts, (one, other), strict=True):
        ax.plot(np.arange(len(heights)) + start, heights)


def filled_up(ax, one, other):
    table = np.full((31, 2), np.nan)
    table[:, 0], table[:9, 1] = one, other
    ax.plot(table)


RIGHT_BEGINNINGS = {
    "from 0": both,
    "from 1": lambda ax, one, other: both(ax, one, other, starts=(1, 1)),
    "columns filled up with NaN": filled_up,
    "0 has no place": lambda ax, one, other: (both(ax, one, other), ax.set_xscale("log")),
    "outlines of histograms": lambda ax, one, other: [
        ax.hist(np.arange(len(h)), np.arange(len(h) + 1) - 0.5, weights=h, histtype="step")
        for h in (one, other)
    ],
    "stairs about the places": lambda ax, one, other: [
        ax.stairs(h, np.arange(len(h) + 1) - 0.5) for h in (one, other)
    ],
    "upright strokes": lambda ax, one, other: [
        ax.vlines(np.arange(len(h)), 0, h, color=c) for h, c in ((one, "r"), (other, "b"))
    ],
    "pieces in two colours": lambda ax, one, other: [
        ax.plot([i, i + 1], h[i : i + 2], color="rg"[i % 2])
        for h in (one, other)
        for i in range(len(h) - 1)
    ],
}
WRONG_BEGINNINGS = {
    "one moved": lambda ax, one, other: both(ax, one, other, starts=(0, 1)),
    "the first left out": lambda ax, one, other: (
        ax.plot(np.arange(1, 31), one[1:]),
        ax.plot(other),
    ),
}


@pytest.mark.parametrize("way", [*RIGHT_BEGINNINGS, *WRONG_BEGINNINGS])
def test_curves_begin_at_one_place_with_their_first_values(way, travel):
    fig, ax = plt.subplots()
    curves = {"one": HISTORY, "other": HISTORY[:9] + 0.5}
    {**RIGHT_BEGINNINGS, **WRONG_BEGINNINGS}[way](ax, *curves.values())
    figure = travel(fig)
    if way in RIGHT_BEGINNINGS:
        curves_drawn(figure, curves)
    else:
        with pytest.raises(CheckFailed):
            curves_drawn(figure, curves)


def test_a_narrow_span_beside_the_place_does_not_mark_it(travel):
    fig, ax = plt.subplots()
    ax.plot(HISTORY)
    ax.axvspan(9.5, 10.5, alpha=0.3)
    figure = travel(fig)
    x_marked(figure, 10)
    with pytest.raises(CheckFailed, match="not marked"):
        x_marked(figure, 9)
