"""More SVM pictures, drawn without looking at how they are recognised."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from svm_pictures import _dots, _grid, _line, _lines, _rings, _score, _window, picture, support


@picture
def like_the_sklearn_example(ax, w, b, X, y):
    ax.scatter(X[:, 0], X[:, 1], c=y, s=30, cmap=plt.cm.Paired)
    x1 = np.linspace(*ax.get_xlim(), 30)
    x2 = np.linspace(*ax.get_ylim(), 30)
    YY, XX = np.meshgrid(x2, x1)
    Z = (np.vstack([XX.ravel(), YY.ravel()]).T @ w + b).reshape(XX.shape)
    ax.contour(XX, YY, Z, colors="k", levels=[-1, 0, 1], alpha=0.5, linestyles=["--", "-", "--"])
    sv = support(w, b, X, y)
    ax.scatter(
        X[sv, 0], X[sv, 1], s=100, linewidth=1, facecolors="none", edgecolors="k", label="SVs"
    )


@picture
def a_much_wider_range(ax, w, b, X, y):
    _dots(ax, X, y, s=8)
    x = np.linspace(-15, 15, 400)
    for c, style in ((0, "k"), (1, "k--"), (-1, "k--")):
        ax.plot(x, _line(w, b, c, x), style, lw=0.8)
    sv = X[support(w, b, X, y)]
    ax.scatter(*sv.T, s=40, fc="none", ec="green", label="support")


def equal_aspect_and_an_outside_legend(w, b, X, y):
    fig, ax = plt.subplots(figsize=(5, 8))
    _dots(ax, X, y, edgecolor="white", linewidth=0.5)
    _lines(ax, w, b, X)
    ax.plot(*X[support(w, b, X, y)].T, ls="", marker="D", mfc="none", mec="purple", ms=11)
    ax.set_aspect("equal")
    ax.set_xlabel("feature 1")
    ax.set_ylabel("feature 2")
    ax.legend(bbox_to_anchor=(1.05, 1), loc="upper left")
    fig.tight_layout()
    return fig


@picture
def signs_as_texts(ax, w, b, X, y):
    _window(ax, X)
    for point, label in zip(X, y, strict=True):
        ax.text(*point, "+" if label > 0 else "−", ha="center", va="center", size=14)
    _lines(ax, w, b, X)
    _rings(ax, w, b, X, y)


@picture
def lines_over_a_smooth_heat_map(ax, w, b, X, y):
    xx, yy = _grid(X, 80)
    Z = _score(w, b, xx, yy)
    ax.contourf(xx, yy, Z, 50, cmap="viridis")
    ax.contour(xx, yy, Z, [0], colors="white", linewidths=2)
    ax.contour(xx, yy, Z, [-1, 1], colors="white", linestyles=":")
    ax.scatter(*X.T, c=["w" if label > 0 else "k" for label in y], edgecolors="k")
    sv = support(w, b, X, y)
    ax.scatter(*X[sv].T, marker="o", s=150, facecolors="none", edgecolors="yellow", label="sv")


@picture
def three_lines_in_one_call(ax, w, b, X, y):
    _dots(ax, X, y)
    ends = [X[:, 0].min() - 1, X[:, 0].max() + 1]
    x = np.array([*ends, np.nan] * 3)
    c = np.repeat([-1.0, 0, 1], 3)
    ax.plot(x, _line(w, b, c, x), "k")
    _rings(ax, w, b, X, y)


@picture
def predictions_on_a_coarse_grid(ax, w, b, X, y):
    xx, yy = _grid(X, 100)
    pred = np.where(_score(w, b, xx, yy) > 0, 1, -1)
    ax.contourf(xx, yy, pred, alpha=0.3, cmap="coolwarm")
    for c in (-1, 1):
        ax.plot(xx[0], _line(w, b, c, xx[0]), "k--")
    _window(ax, X)
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)


@picture
def predictions_on_a_very_coarse_grid(ax, w, b, X, y):
    xx, yy = _grid(X, 50)
    pred = np.where(_score(w, b, xx, yy) >= 0, 1, -1)
    ax.contour(xx, yy, pred, colors="k", levels=[0])
    for c in (-1, 1):
        ax.plot(xx[0], _line(w, b, c, xx[0]), "k--")
    _window(ax, X)
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)


@picture
def filled_predictions_on_a_very_coarse_grid(ax, w, b, X, y):
    xx, yy = _grid(X, 60)
    ax.contourf(xx, yy, _score(w, b, xx, yy) > 0, alpha=0.3, levels=1, colors=["r", "b"])
    for c in (-1, 1):
        ax.plot(xx[0], _line(w, b, c, xx[0]), "k--")
    _window(ax, X)
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)


@picture
def default_levels_of_predictions(ax, w, b, X, y):
    xx, yy = _grid(X, 100)
    ax.contourf(xx, yy, np.sign(_score(w, b, xx, yy)), cmap="Spectral", alpha=0.8)
    for c in (-1, 1):
        ax.plot(xx[0], _line(w, b, c, xx[0]), "k--")
    _window(ax, X)
    ax.scatter(*X.T, c=y, cmap="Spectral", edgecolors="k", s=20)
    _rings(ax, w, b, X, y)


@picture
def layers_beyond_the_levels(ax, w, b, X, y):
    xx, yy = _grid(X)
    score = _score(w, b, xx, yy)
    ax.contourf(xx, yy, score, levels=[-1, 0, 1], extend="both", alpha=0.5)
    edges = np.where(support(w, b, X, y), "k", "none")
    ax.scatter(*X.T, c=y, cmap="bwr", edgecolors=edges, label="examples, support vectors edged")


@picture
def thicker_edges(ax, w, b, X, y):
    _window(ax, X)
    width = np.where(support(w, b, X, y), 2.5, 0.5)
    ax.scatter(*X.T, s=60, c=np.where(y > 0, "r", "b"), edgecolors="k", linewidths=width)
    _lines(ax, w, b, X)


@picture
def thicker_strokes(ax, w, b, X, y):
    _window(ax, X)
    sv = support(w, b, X, y)
    for label, marker in ((1, "+"), (-1, "x")):
        ax.plot(*X[(y == label) & ~sv].T, "k", ls="", marker=marker, ms=8)
        ax.plot(*X[(y == label) & sv].T, "k", ls="", marker=marker, ms=8, mew=3)
    _lines(ax, w, b, X)


@picture
def paler_others(ax, w, b, X, y):
    sv = support(w, b, X, y)
    for label, colour in ((1, "b"), (-1, "r")):
        ax.scatter(*X[(y == label) & sv].T, c=colour, label=f"{label}, support vectors")
        ax.scatter(*X[(y == label) & ~sv].T, c=colour, alpha=0.3, label=str(label))
    _lines(ax, w, b, X)


@picture
def boolean_predictions(ax, w, b, X, y):
    xx, yy = _grid(X, 120)
    Z = _score(w, b, xx, yy)
    ax.contourf(xx, yy, Z > 0, alpha=0.4)
    ax.contour(xx, yy, Z, levels=(-1, 1), colors=["tab:green"])
    ax.scatter(*X.T, c=y, cmap="cool", edgecolor="k")
    ax.scatter(*X[support(w, b, X, y)].T, s=200, fc="none", ec="k", lw=2, label="SV")


@picture
def annotated_support_vectors(ax, w, b, X, y):
    _dots(ax, X, y)
    _lines(ax, w, b, X)
    for number in np.flatnonzero(support(w, b, X, y)):
        ax.annotate("SV", X[number], xytext=(5, 5), textcoords="offset points")
    _window(ax, X)


@picture
def masked_to_the_frame(ax, w, b, X, y):
    _dots(ax, X, y)
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    x = np.linspace(low[0], high[0], 1000)
    for c, colour in ((0, "k"), (1, "b"), (-1, "r")):
        x2 = _line(w, b, c, x)
        inside = (x2 > low[1]) & (x2 < high[1])
        ax.plot(x[inside], x2[inside], color=colour, label=f"w.x + b = {c}")
    _rings(ax, w, b, X, y)


@picture
def with_the_normal_vector(ax, w, b, X, y):
    ax.plot(X[y == 1, 0], X[y == 1, 1], "b^", label="+1")
    ax.plot(X[y == -1, 0], X[y == -1, 1], "rv", label="-1")
    foot, side = -b * w / (w @ w), np.array([-w[1], w[0]])
    ax.axline(foot, foot + side, color="k")
    for c in (1, -1):
        on = foot + c * w / (w @ w)
        ax.axline(on, on + side, color="grey", linestyle="--")
    ax.arrow(*foot, *(w / (w @ w)), head_width=0.1, length_includes_head=True)
    sv = support(w, b, X, y)
    ax.plot(X[sv, 0], X[sv, 1], "ko", fillstyle="none", markersize=13, label="support vectors")
    _window(ax, X)


def a_hand_made_legend(w, b, X, y):
    fig, ax = plt.subplots()
    colours = {1: "darkorange", -1: "darkcyan"}
    ax.scatter(*X.T, color=[colours[int(label)] for label in y])
    sv = support(w, b, X, y)
    ax.scatter(*X[sv].T, color=[colours[int(label)] for label in y[sv]], edgecolors="k", s=90)
    _lines(ax, w, b, X)
    ax.legend(handles=[Line2D([], [], color="k", label="boundary")])
    ax.set(xlabel="x", ylabel="y")
    return fig


@picture
def only_points_on_the_wrong_side_have_another_colour_too(ax, w, b, X, y):
    margin = y * (X @ w + b)
    inside = margin <= 1
    for label, colour in ((1, "b"), (-1, "r")):
        ax.scatter(*X[(y == label) & ~inside].T, c=colour, label=f"{label}")
        ax.scatter(*X[(y == label) & inside].T, c=colour, marker="s", label=f"{label}, SV")
    _lines(ax, w, b, X)


def squares_and_a_colorbar(w, b, X, y):
    fig, ax = plt.subplots()
    xx, yy = _grid(X)
    Z = _score(w, b, xx, yy)
    image = ax.pcolormesh(xx, yy, Z, cmap="PiYG", shading="nearest", alpha=0.6)
    fig.colorbar(image)
    lines = ax.contour(xx, yy, Z, levels=[-1, 0, 1], colors=["r", "k", "b"])
    ax.clabel(lines)
    ax.scatter(*X.T, marker="s", c=np.where(y > 0, 0.9, 0.1), vmin=0, vmax=1, cmap="gray")
    ax.scatter(*X[support(w, b, X, y)].T, s=80, facecolors="none", edgecolors="m", label="SV")
    ax.legend()
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    return fig


@picture
def names_beside_the_support_vectors(ax, w, b, X, y):
    _dots(ax, X, y)
    shift = 0.02 * np.ptp(X, axis=0)
    for x in X[support(w, b, X, y)]:
        ax.text(*(x + shift), "SV", fontsize=7)
    _lines(ax, w, b, X)
    _window(ax, X)


@picture
def numbers_beside_the_support_vectors(ax, w, b, X, y):
    _dots(ax, X, y)
    for i in np.flatnonzero(support(w, b, X, y)):
        ax.text(*(X[i] + 0.02 * np.ptp(X, axis=0)), str(i), fontsize=7)
    _lines(ax, w, b, X)
    _window(ax, X)


@picture
def a_call_for_each_piece_of_a_line(ax, w, b, X, y):
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)
    x1 = np.linspace(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5, 25)
    for c in (0, 1, -1):
        for k in range(24):
            ends = x1[k : k + 2]
            ax.plot(ends, _line(w, b, c, ends), "k")
    _window(ax, X)


RIGHT = [
    like_the_sklearn_example, a_much_wider_range, equal_aspect_and_an_outside_legend,
    signs_as_texts, lines_over_a_smooth_heat_map, three_lines_in_one_call,
    predictions_on_a_very_coarse_grid, filled_predictions_on_a_very_coarse_grid,
    default_levels_of_predictions, layers_beyond_the_levels, paler_others, thicker_edges,
    thicker_strokes, numbers_beside_the_support_vectors,
    predictions_on_a_coarse_grid, boolean_predictions,
    annotated_support_vectors, masked_to_the_frame, with_the_normal_vector, a_hand_made_legend,
    only_points_on_the_wrong_side_have_another_colour_too, squares_and_a_colorbar,
    a_call_for_each_piece_of_a_line, names_beside_the_support_vectors,
]  # fmt: skip


def wrong(claim):
    def wrap(draw):
        make = picture(draw)
        make.fails = claim
        return make

    return wrap


def _marked(ax, w, b, X, y):
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)
    _window(ax, X)


@wrong("boundary")
def slope_upside_down(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    x = np.linspace(X[:, 0].min(), X[:, 0].max())
    ax.plot(x, (w[0] * x + b) / w[1])


@wrong("boundary")
def the_weight_vector(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    ax.quiver(0, 0, *w, angles="xy", scale_units="xy", scale=1)
    ax.axline((0, 0), tuple(w))


@wrong("boundary")
def slightly_turned(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    _lines(ax, w * [1, 1.15], b, X)


@wrong("boundary")
def slightly_moved(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    _lines(ax, w, b + 0.25, X)


@wrong("boundary")
def score_against_the_first_feature(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    order = np.argsort(X[:, 0])
    ax.plot(X[order, 0], (X @ w + b)[order])


@wrong("boundary")
def probability_contours(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    xx, yy = _grid(X)
    ax.contour(xx, yy, 1 / (1 + np.exp(-_score(w, b, xx, yy))), levels=[0.25, 0.75])


@wrong("boundary")
def predictions_without_the_bias(ax, w, b, X, y):
    xx, yy = _grid(X, 300)
    ax.pcolormesh(xx, yy, np.sign(_score(w, 0, xx, yy)), cmap="RdBu", alpha=0.3)
    _marked(ax, w, b, X, y)


@wrong("boundary")
def outside_the_frame(ax, w, b, X, y):
    _lines(ax, w, b, X)
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)
    ax.set(xlim=(50, 60), ylim=(50, 60))


@wrong("margins")
def margins_at_the_closest_points(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    x = np.array([X[:, 0].min(), X[:, 0].max()])
    score = X @ w + b
    for c in (0, score[y > 0].min(), score[y < 0].max()):
        ax.plot(x, _line(w, b, c, x))


@wrong("margins")
def margins_of_another_slope(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    x = np.array([X[:, 0].min(), X[:, 0].max()])
    for c in (0, 1, -1):
        ax.plot(x, -(w[0] + 0.3 * c) / w[1] * x + (c - b) / w[1])


@wrong("margins")
def a_shade_of_the_wrong_width(ax, w, b, X, y):
    _marked(ax, w, b, X, y)
    x = np.linspace(X[:, 0].min(), X[:, 0].max())
    middle = _line(w, b, 0, x)
    half = 0.6 / np.hypot(*w)
    ax.plot(x, middle, "k")
    ax.fill_between(x, middle - half, middle + half, alpha=0.3)


@wrong("classes")
def coloured_by_something_else(ax, w, b, X, y):
    ax.scatter(*X.T, c=X @ [-w[1], w[0]], cmap="jet")
    ax.scatter(*X[support(w, b, X, y)].T, s=150, fc="none", ec="k")
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("classes")
def coloured_by_being_a_support_vector(ax, w, b, X, y):
    ax.scatter(*X.T, c=support(w, b, X, y), cmap="bwr")
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("classes")
def transparent_examples(ax, w, b, X, y):
    _dots(ax, X, y, alpha=0.005)
    _rings(ax, w, b, X, y)
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def rings_of_the_nearest_five(ax, w, b, X, y):
    _dots(ax, X, y)
    near = np.argsort(np.abs(X @ w + b))[:5]
    ax.scatter(*X[near].T, s=120, fc="none", ec="k")
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def rings_by_distance(ax, w, b, X, y):
    _dots(ax, X, y)
    near = np.abs(X @ w + b) <= 1
    ax.scatter(*X[near].T, s=120, fc="none", ec="k")
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def rings_round_one_class(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X[support(w, b, X, y) & (y > 0)].T, s=120, fc="none", ec="k")
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def names_beside_the_last_ones(ax, w, b, X, y):
    _dots(ax, X, y)
    for x in X[-support(w, b, X, y).sum() :]:
        ax.text(*(x + 0.02 * np.ptp(X, axis=0)), "SV", fontsize=7)
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def numbers_beside_all(ax, w, b, X, y):
    _dots(ax, X, y)
    for i, x in enumerate(X):
        ax.text(*(x + 0.02 * np.ptp(X, axis=0)), str(i), fontsize=7)
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def numbers_beside_the_first_twenty(ax, w, b, X, y):
    _dots(ax, X, y)
    for i, x in enumerate(X[:20]):
        ax.text(*(x + 0.02 * np.ptp(X, axis=0)), str(i), fontsize=7)
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def thicker_edges_of_the_last_ones(ax, w, b, X, y):
    last = np.arange(len(X)) >= len(X) - support(w, b, X, y).sum()
    _dots(ax, X[last], y[last], edgecolors="k", linewidths=2.5)
    _dots(ax, X[~last], y[~last], edgecolors="k", linewidths=0.5)
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def hardly_thicker_edges(ax, w, b, X, y):
    width = np.where(support(w, b, X, y), 1.4, 1.0)
    ax.scatter(*X.T, s=60, c=np.where(y > 0, "r", "b"), edgecolors="k", linewidths=width)
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("support")
def invisible_rings(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X[support(w, b, X, y)].T, s=120, fc="none", ec="none")
    _lines(ax, w, b, X)
    _window(ax, X)


@wrong("boundary")
def two_short_pieces(ax, w, b, X, y):
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)
    x1 = np.linspace(X[:, 0].min(), X[:, 0].max(), 10)
    for first in (2, 6):
        ends = x1[first : first + 2]
        ax.plot(ends, _line(w, b, 0, ends), "k")
    _window(ax, X)


WRONG = [
    slope_upside_down, the_weight_vector, slightly_turned, slightly_moved, rings_by_distance,
    score_against_the_first_feature, probability_contours, predictions_without_the_bias,
    outside_the_frame, margins_at_the_closest_points, margins_of_another_slope, invisible_rings,
    a_shade_of_the_wrong_width, coloured_by_something_else, coloured_by_being_a_support_vector,
    transparent_examples, rings_of_the_nearest_five, rings_round_one_class, two_short_pieces,
    names_beside_the_last_ones, thicker_edges_of_the_last_ones, hardly_thicker_edges,
    numbers_beside_all, numbers_beside_the_first_twenty,
]  # fmt: skip
