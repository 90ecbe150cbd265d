"""Graphs of several functions are recognised however they are drawn, each with its own name."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.checks.figure import functions_drawn, functions_named
from grader.errors import CheckFailed

TS = np.arange(-32, 33) / 16
X = np.array([-1.5, -1.0, -0.25, 0.25, 0.75, 1.5])
CURVES = {
    "step": lambda t: np.where(t < 0, 1.0, 0.0),
    "square": lambda t: t**2,
    "double_square": lambda t: 2 * t**2,
    "growth": np.exp,
}
HEIGHTS = {name: f(X) for name, f in CURVES.items()}
TOP = 2.0


def lines(change=lambda name, heights: heights, label=lambda name: name, **looks):
    fig, ax = plt.subplots()
    for name, f in CURVES.items():
        ax.plot(TS, change(name, f(TS)), label=label(name), **looks)
    ax.legend()
    return fig


def judge(fig, travel):
    figure = travel(fig)
    functions_named(figure, functions_drawn(figure, X, HEIGHTS, top=TOP))


def cut_off():
    fig = lines()
    fig.axes[0].set_ylim(-0.1, 2.5)
    return fig


def levelled():
    return lines(lambda name, heights: np.minimum(heights, 3))


def logarithmic():
    fig = lines()
    fig.axes[0].set_yscale("log")
    return fig


def dots():
    return lines(linestyle="none", marker=".")


def step_of_three_points(where="post"):
    fig = lines()
    fig.axes[0].lines[0].remove()
    fig.axes[0].step([-2, 0, 2], [1, 0, 0], where=where, label="step")
    fig.axes[0].legend()
    return fig


def step_by_stairs():
    fig = lines()
    fig.axes[0].lines[0].remove()
    fig.axes[0].stairs([1, 0], [-2, 0, 2], baseline=None, label="step")
    fig.axes[0].legend()
    return fig


def names_on_the_y_axes():
    fig, axes = plt.subplots(len(CURVES))
    for ax, (name, f) in zip(axes, CURVES.items(), strict=True):
        ax.plot(TS, f(TS))
        ax.set(xlabel="t", ylabel=name)
    return fig


def in_other_words():
    return lines(label=lambda name: f"Kurve {list(CURVES).index(name)}")


def in_pieces():
    fig = lines()
    ax = fig.axes[0]
    ax.lines[0].remove()
    ax.hlines(1, TS[0], 0, "C0", label="step")
    ax.plot([0, 2], [0, 0], "C0")
    ax.legend()
    return fig


def with_a_gap():
    return lines(lambda name, heights: np.where((name == "step") & (TS == 0), np.nan, heights))


def in_panels():
    fig, panels = plt.subplots(2, 2)
    for ax, (name, f) in zip(panels.flat, CURVES.items(), strict=True):
        ax.plot(TS, f(TS), "k")
        ax.set_title(name.replace("_", " "))
    return fig


def words_beside(colour=None):
    fig, ax = plt.subplots()
    for k, (name, f) in enumerate(CURVES.items()):
        ax.plot(TS, f(TS), color=colour or f"C{k}")
        ax.text(TS[-1 - 3 * k], f(TS[-1 - 3 * k]), name, color=colour or f"C{k}")
    return fig


def black_with_words_beside():
    return words_beside("k")


def black_in_four_styles():
    fig = lines(color="k")
    for line, style in zip(fig.axes[0].lines, ["-", "--", ":", "-."], strict=True):
        line.set_linestyle(style)
    fig.axes[0].legend()
    return fig


RIGHT = [
    lines, cut_off, levelled, logarithmic, dots, in_other_words, in_pieces, with_a_gap, in_panels,
    words_beside, black_with_words_beside, black_in_four_styles, step_of_three_points,
    step_by_stairs, names_on_the_y_axes,
]  # fmt: skip


@pytest.mark.parametrize("draw", RIGHT, ids=lambda draw: draw.__name__)
def test_right_graphs_pass(draw, travel):
    judge(draw(), travel)


def one_missing():
    fig = lines()
    fig.axes[0].lines[1].remove()
    return fig


def one_a_tenth_too_high():
    return lines(lambda name, heights: heights * (1.1 if name == "square" else 1))


def one_that_bends_above_the_top():
    return lines(lambda name, h: np.where((name == "square") & (h > 2), 2 + 2 * (h - 2), h))


def one_hidden():
    fig = lines()
    fig.axes[0].lines[2].set_color("white")
    return fig


def against_the_index():
    fig = lines()
    for line in fig.axes[0].lines:
        line.set_xdata(np.arange(len(TS)))
    fig.axes[0].relim()
    fig.axes[0].autoscale()
    return fig


def only_to_the_left():
    fig = lines()
    for line in fig.axes[0].lines:
        line.set_data(TS[TS < 1], line.get_ydata()[TS < 1])
    return fig


def step_at_the_wrong_end():
    return step_of_three_points("pre")


def too_low_a_view():
    fig = lines()
    fig.axes[0].set_ylim(0, 0.5)
    return fig


def far_dots():
    fig = lines(linestyle="none", marker="o")
    for line in fig.axes[0].lines:
        line.set_data(TS[::20], line.get_ydata()[::20])
    return fig


@pytest.mark.parametrize(
    "draw",
    [
        one_missing, one_a_tenth_too_high, one_that_bends_above_the_top, one_hidden,
        against_the_index, only_to_the_left, step_at_the_wrong_end, too_low_a_view,
        far_dots, plt.figure,
    ],
    ids=lambda draw: draw.__name__,
)  # fmt: skip
def test_wrong_graphs_fail(draw, travel):
    with pytest.raises(CheckFailed):
        functions_drawn(travel(draw()), X, HEIGHTS, top=TOP)


def no_legend():
    fig = lines()
    fig.axes[0].get_legend().remove()
    return fig


def two_exchanged():
    return lines(label=lambda name: {"step": "growth", "growth": "step"}.get(name, name))


def longer_name_at_the_shorter():
    other = {"square": "double square", "double_square": "square"}
    return lines(label=lambda name: other.get(name, name))


def all_alike():
    return lines(color="r")


def one_word_for_two():
    return lines(label=lambda name: "curve" if "square" in name else name)


@pytest.mark.parametrize(
    "draw",
    [no_legend, two_exchanged, longer_name_at_the_shorter, all_alike, one_word_for_two],
    ids=lambda draw: draw.__name__,
)
def test_wrong_names_fail(draw, travel):
    figure = travel(draw())
    found = functions_drawn(figure, X, HEIGHTS, top=TOP)
    with pytest.raises(CheckFailed):
        functions_named(figure, found)


@pytest.mark.parametrize(
    ("square", "growth", "right"),
    [
        (r"$t^{2}$", r"$\exp( t )$", True),
        (r"$\exp( t )$", r"$t^{2}$", False),
        ("Carré", "Exponentielle", True),
        ("EXPONENTIELLE", "carré", False),
        ("A", "B", True),
    ],
)
def test_names_in_other_words_are_told(square, growth, right, travel):
    names = {"square": square, "growth": growth}
    figure = travel(lines(label=lambda name: names.get(name, name)))
    found = functions_drawn(figure, X, HEIGHTS, top=TOP)
    words = {"square": (r"t\^2", "carre"), "growth": ("expon", r"exp\(t\)")}
    functions_named(figure, found)
    if right:
        functions_named(figure, found, words=words)
    else:
        with pytest.raises(CheckFailed, match="is called"):
            functions_named(figure, found, words=words)


@pytest.mark.parametrize("right", [True, False])
def test_names_may_stand_above_subfigures(right, travel):
    fig = plt.figure()
    names = list(CURVES) if right else list(CURVES)[::-1]
    for part, name, f in zip(fig.subfigures(len(CURVES)), names, CURVES.values(), strict=True):
        part.subplots().plot(TS, f(TS), "k")
        part.suptitle(name)
    if right:
        judge(fig, travel)
    else:
        with pytest.raises(CheckFailed, match="is called"):
            judge(fig, travel)
