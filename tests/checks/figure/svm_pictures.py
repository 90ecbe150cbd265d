"""Ways to draw a linear SVM's picture: each takes w, b, X, y and gives a figure."""

from __future__ import annotations

import functools

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Polygon


def dataset(seed):
    """A picture's data: w far from symmetric, b far from 0, no margin just above 1."""
    rng = np.random.default_rng(seed)
    while True:
        w = rng.uniform(-3, 3, 2)
        ratio = abs(w[0] / w[1])
        norm = np.hypot(*w)
        if not 0.6 < ratio < 1.7 and 0.2 < ratio < 5 and abs(norm - 1) > 0.3 and norm > 0.6:
            break
    b = rng.choice([-1, 1]) * rng.uniform(1.6, 4)
    foot = -b * w / norm**2
    y = np.where(np.arange(70) % 2, 1, -1)
    along = rng.normal(size=70) * 4 / norm
    margin = np.concatenate([[0.98, 0.9, -1.6, -0.4], rng.uniform(1.25, 4.5, 66)])
    margin[4:8] = [0.7, 0.95, 0.1, 0.6]
    side = np.array([-w[1], w[0]]) / norm
    X = foot + (y * margin / norm**2)[:, None] * w + along[:, None] * side
    return w, b, X, y


def support(w, b, X, y):
    return y * (X @ w + b) <= 1


def _dots(ax, X, y, **changes):
    for label, colour in ((-1, "tab:red"), (1, "tab:blue")):
        ax.scatter(*X[y == label].T, color=colour, label=f"y = {label}", **changes)


def _rings(ax, w, b, X, y):
    sv = X[support(w, b, X, y)]
    ax.scatter(*sv.T, s=120, facecolors="none", edgecolors="k", label="support vectors")


def _line(w, b, c, x1):
    return (c - b - w[0] * x1) / w[1]


def _lines(ax, w, b, X, y=None):
    x1 = np.linspace(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5, 50)
    ax.plot(x1, _line(w, b, 0, x1), "k-", label="boundary")
    ax.plot(x1, _line(w, b, 1, x1), "k--", label="margin")
    ax.plot(x1, _line(w, b, -1, x1), "k--")


def _window(ax, X):
    low, high = X.min(axis=0) - 0.4, X.max(axis=0) + 0.4
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))


def _finish(ax):
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.legend()
    return ax.figure


def _grid(X, n=200):
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    return np.meshgrid(np.linspace(low[0], high[0], n), np.linspace(low[1], high[1], n))


def _score(w, b, xx, yy):
    return w[0] * xx + w[1] * yy + b


def picture(draw):
    """A picture function whose body only draws into the axes."""

    @functools.wraps(draw)
    def make(w, b, X, y):
        _, ax = plt.subplots()
        draw(ax, w, b, X, y)
        return _finish(ax)

    return make


@picture
def plain(ax, w, b, X, y):
    _dots(ax, X, y)
    _lines(ax, w, b, X)
    _rings(ax, w, b, X, y)
    _window(ax, X)


@picture
def without_limits(ax, w, b, X, y):
    _dots(ax, X, y)
    _lines(ax, w, b, X)
    _rings(ax, w, b, X, y)


@picture
def two_end_points(ax, w, b, X, y):
    _dots(ax, X, y, marker="s")
    ends = np.array([X[:, 0].min(), X[:, 0].max()])
    for c, style in ((0, "g-"), (1, "g:"), (-1, "g:")):
        ax.plot(ends, _line(w, b, c, ends), style)
    _rings(ax, w, b, X, y)
    _window(ax, X)


@picture
def contour_of_three_levels(ax, w, b, X, y):
    ax.scatter(*X.T, c=y, cmap="bwr", edgecolors="k")
    xx, yy = _grid(X)
    ax.contour(
        xx, yy, _score(w, b, xx, yy), levels=[-1, 0, 1], linestyles=["--", "-", "--"], colors="k"
    )
    sv = X[support(w, b, X, y)]
    ax.plot(*sv.T, "o", ms=14, mfc="none", mec="lime", label="SV")


@picture
def coarse_contours(ax, w, b, X, y):
    _dots(ax, X, y)
    xx, yy = _grid(X, 12)
    for c in (-1, 0, 1):
        ax.contour(xx, yy, _score(w, b, xx, yy), levels=[c], colors="purple")
    _rings(ax, w, b, X, y)


@picture
def contour_labels(ax, w, b, X, y):
    _dots(ax, X, y)
    xx, yy = _grid(X)
    lines = ax.contour(xx, yy, _score(w, b, xx, yy), levels=[-1, 0, 1], cmap="winter")
    ax.clabel(lines, inline=True)
    _rings(ax, w, b, X, y)


@picture
def filled_contour(ax, w, b, X, y):
    xx, yy = _grid(X)
    ax.contourf(
        xx, yy, _score(w, b, xx, yy), levels=[-99, -1, 0, 1, 99], cmap="coolwarm", alpha=0.4
    )
    _dots(ax, X, y, edgecolors="k")
    sv = support(w, b, X, y)
    ax.scatter(*X[sv].T, marker="x", color="k", label="support vectors")


@picture
def filled_predictions(ax, w, b, X, y):
    xx, yy = _grid(X, 300)
    score = _score(w, b, xx, yy)
    ax.contourf(xx, yy, np.sign(score), alpha=0.3, cmap="RdBu")
    ax.contour(xx, yy, score, levels=[-1, 1], colors="0.3")
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)


@picture
def mesh_of_predictions(ax, w, b, X, y):
    xx, yy = _grid(X, 400)
    score = _score(w, b, xx, yy)
    ax.pcolormesh(xx, yy, np.where(score > 0, 1, 0), cmap=ListedColormap(["#ffcccc", "#ccccff"]))
    ax.contour(xx, yy, score, levels=[-1, 1], colors="k", linestyles="dashed")
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)


@picture
def image_of_bands(ax, w, b, X, y):
    xx, yy = _grid(X, 250)
    bands = np.digitize(_score(w, b, xx, yy), [-1, 0, 1])
    box = (xx.min(), xx.max(), yy.min(), yy.max())
    ax.imshow(bands, origin="lower", extent=box, cmap="RdBu", alpha=0.5, aspect="auto")
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)


@picture
def coloured_half_planes(ax, w, b, X, y):
    _window(ax, X)
    x1 = np.array(ax.get_xlim())
    low, high = ax.get_ylim()
    line = _line(w, b, 0, x1)
    ax.fill_between(x1, line, high + 50, color="tab:blue", alpha=0.2)
    ax.fill_between(x1, low - 50, line, color="tab:red", alpha=0.2)
    for c in (1, -1):
        ax.plot(x1, _line(w, b, c, x1), color="0.4", ls="-.")
    _dots(ax, X, y)
    _rings(ax, w, b, X, y)
    ax.set_ylim(low, high)


@picture
def a_band_between_the_margins(ax, w, b, X, y):
    _dots(ax, X, y)
    x1 = np.linspace(X[:, 0].min(), X[:, 0].max())
    ax.fill_between(x1, _line(w, b, -1, x1), _line(w, b, 1, x1), color="0.8", label="margin")
    ax.plot(x1, _line(w, b, 0, x1), "r")
    _rings(ax, w, b, X, y)
    _window(ax, X)


@picture
def endless_lines(ax, w, b, X, y):
    _dots(ax, X, y, marker="^")
    slope = -w[0] / w[1]
    for c, style in ((0, "-"), (1, "--"), (-1, "--")):
        ax.axline((0, (c - b) / w[1]), slope=slope, color="k", ls=style)
    _rings(ax, w, b, X, y)
    _window(ax, X)


@picture
def line_collection(ax, w, b, X, y):
    _dots(ax, X, y)
    x1 = np.linspace(X[:, 0].min(), X[:, 0].max(), 20)
    for c in (0, 1, -1):
        points = np.column_stack([x1, _line(w, b, c, x1)])
        ax.add_collection(LineCollection(np.stack([points[:-1], points[1:]], axis=1), color="k"))
    _rings(ax, w, b, X, y)


@picture
def rows_of_dots(ax, w, b, X, y):
    _dots(ax, X, y, s=60)
    x1 = np.linspace(X[:, 0].min(), X[:, 0].max(), 200)
    for c in (0, 1, -1):
        ax.scatter(x1, _line(w, b, c, x1), s=2, color="k")
    _rings(ax, w, b, X, y)
    _window(ax, X)


@picture
def same_colour_two_markers(ax, w, b, X, y):
    for label, marker in ((-1, "_"), (1, "+")):
        ax.plot(*X[y == label].T, marker, color="k", label=str(label))
    _lines(ax, w, b, X)
    ax.plot(*X[support(w, b, X, y)].T, "yo", ms=12, alpha=0.4, label="support vectors")
    _window(ax, X)


@picture
def support_vectors_as_stars(ax, w, b, X, y):
    sv = support(w, b, X, y)
    for label, colour in ((-1, "C1"), (1, "C2")):
        ax.scatter(*X[(y == label) & ~sv].T, color=colour, label=str(label))
        ax.scatter(*X[(y == label) & sv].T, color=colour, marker="*", s=150, label=f"SV {label}")
    _lines(ax, w, b, X)
    _window(ax, X)


@picture
def one_scatter_with_sizes(ax, w, b, X, y):
    sv = support(w, b, X, y)
    ax.scatter(*X.T, c=np.where(y > 0, "b", "r"), s=np.where(sv, 90, 25), label="data")
    _lines(ax, w, b, X)
    _window(ax, X)


@picture
def one_scatter_with_edges(ax, w, b, X, y):
    sv = support(w, b, X, y)
    ax.scatter(*X.T, c=y, cmap="coolwarm", edgecolors="k", linewidths=np.where(sv, 2, 0))
    _lines(ax, w, b, X)
    _window(ax, X)


@picture
def a_call_for_each_point(ax, w, b, X, y):
    for point, label in zip(X, y, strict=True):
        ax.plot(*point, "ro" if label > 0 else "bs")
    for point in X[support(w, b, X, y)]:
        ax.add_patch(plt.Circle(point, 0.15, fill=False))
    _lines(ax, w, b, X)


@picture
def vectorised_plot_of_rows(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min() - 1, X[:, 0].max() + 1])
    ax.plot(x1, np.stack([_line(w, b, c, x1) for c in (-1, 0, 1)], axis=1), "k")
    ax.scatter(X[:, 0], X[:, 1], c=["gold" if label > 0 else "teal" for label in y])
    _rings(ax, w, b, X, y)


@picture
def patches(ax, w, b, X, y):
    _dots(ax, X, y)
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    for c in (0, 1, -1):
        ends = np.column_stack([x1, _line(w, b, c, x1)])
        ax.add_patch(Polygon(ends, closed=False, fill=False, edgecolor="k"))
    _rings(ax, w, b, X, y)
    _window(ax, X)


def two_panels(w, b, X, y):
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    left.hist(y * (X @ w + b))
    _dots(right, X, y)
    _lines(right, w, b, X)
    _rings(right, w, b, X, y)
    right.set(xlabel="x1", ylabel="x2", aspect="equal")
    fig.legend()
    return fig


def without_pyplot(w, b, X, y):
    fig = Figure()
    ax = fig.add_subplot(facecolor="0.9")
    _dots(ax, X, y, alpha=0.5)
    xx, yy = _grid(X)
    lines = ax.contour(xx, yy, _score(w, b, xx, yy), levels=[-1, 0, 1])
    fig.colorbar(lines)
    _rings(ax, w, b, X, y)
    return _finish(ax)


def dark(w, b, X, y):
    with plt.style.context("dark_background"):
        _, ax = plt.subplots()
        _dots(ax, X, y)
        x1 = np.array([X[:, 0].min(), X[:, 0].max()])
        for c in (0, 1, -1):
            ax.plot(x1, _line(w, b, c, x1), "w-" if c == 0 else "w--")
        sv = X[support(w, b, X, y)]
        ax.scatter(*sv.T, s=99, fc="none", ec="w")
        return _finish(ax)


def reversed_axis(w, b, X, y):
    fig = plain(w, b, X, y)
    fig.axes[0].invert_xaxis()
    return fig


@picture
def named_in_another_language(ax, w, b, X, y):
    _dots(ax, X, y)
    _lines(ax, w, b, X)
    ax.scatter(*X[support(w, b, X, y)].T, s=99, fc="none", ec="m", label="опорные векторы")


RIGHT = [
    plain, without_limits, two_end_points, contour_of_three_levels, coarse_contours, contour_labels,
    filled_contour, filled_predictions, mesh_of_predictions, image_of_bands, coloured_half_planes,
    a_band_between_the_margins, endless_lines, line_collection, rows_of_dots, two_panels, patches,
    same_colour_two_markers, support_vectors_as_stars, one_scatter_with_sizes, without_pyplot, dark,
    one_scatter_with_edges, a_call_for_each_point, vectorised_plot_of_rows, reversed_axis,
    named_in_another_language,
]  # fmt: skip


def _with_lines(lines, claim):
    """A picture that is right but for its lines, and the claim that it must fail."""

    def make(w, b, X, y):
        _, ax = plt.subplots()
        _dots(ax, X, y)
        _rings(ax, w, b, X, y)
        _window(ax, X)
        lines(ax, w, b, X, y)
        return _finish(ax)

    make.__name__ = lines.__name__
    make.fails = claim
    return make


def _wrong_lines(claim):
    return lambda lines: _with_lines(lines, claim)


@_wrong_lines("boundary")
def no_lines(ax, w, b, X, y):
    pass


@_wrong_lines("boundary")
def wrong_sign_of_b(ax, w, b, X, y):
    _lines(ax, w, -b, X)


@_wrong_lines("boundary")
def swapped_weights(ax, w, b, X, y):
    _lines(ax, w[::-1], b, X)


@_wrong_lines("boundary")
def perpendicular(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    ax.plot(x1, w[1] / w[0] * x1 - b / w[1])


@_wrong_lines("boundary")
def without_b(ax, w, b, X, y):
    _lines(ax, w, 0.0, X)


@_wrong_lines("boundary")
def b_not_divided(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    ax.plot(x1, -w[0] / w[1] * x1 - b)


@_wrong_lines("boundary")
def a_short_piece(ax, w, b, X, y):
    x1 = np.linspace(*np.quantile(X[:, 0], [0.45, 0.55]))
    ax.plot(x1, _line(w, b, 0, x1))


@_wrong_lines("boundary")
def only_the_margins(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    for c in (1, -1):
        ax.plot(x1, _line(w, b, c, x1))


@_wrong_lines("boundary")
def invisible_boundary(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    ax.plot(x1, _line(w, b, 0, x1), color="white", zorder=0.1)
    ax.plot(x1, _line(w, b, 0, x1), "k", alpha=0.001)
    ax.plot(x1, _line(w, b, 0, x1), "k", visible=False)


@_wrong_lines("boundary")
def a_heat_map(ax, w, b, X, y):
    xx, yy = _grid(X)
    ax.pcolormesh(xx, yy, _score(w, b, xx, yy), zorder=0)


@_wrong_lines("boundary")
def predictions_of_another_model(ax, w, b, X, y):
    xx, yy = _grid(X, 300)
    ax.contourf(xx, yy, np.sign(_score(w * [1, 1.6], b, xx, yy)), alpha=0.3, zorder=0)


@_wrong_lines("boundary")
def very_coarse_cells(ax, w, b, X, y):
    xx, yy = _grid(X, 12)
    ax.pcolormesh(xx, yy, np.sign(_score(w, b, xx, yy)), zorder=0, cmap="RdBu", alpha=0.4)


@_wrong_lines("boundary")
def a_contour_at_a_half(ax, w, b, X, y):
    xx, yy = _grid(X)
    ax.contour(xx, yy, _score(w, b, xx, yy), levels=[0.5])


@_wrong_lines("boundary")
def a_transposed_grid(ax, w, b, X, y):
    xx, yy = _grid(X)
    ax.contour(xx, yy, _score(w, b, xx, yy).T, levels=[0])


@_wrong_lines("boundary")
def a_scribble(ax, w, b, X, y):
    ax.plot(*np.random.default_rng(0).uniform(X.min(0), X.max(0), (3000, 2)).T, lw=0.1, zorder=0)


@_wrong_lines("boundary")
def a_fan_of_lines_in_one(ax, w, b, X, y):
    x1 = np.linspace(X[:, 0].min(), X[:, 0].max(), 30)
    pieces = [np.column_stack([x1, _line(w, b, c, x1)]) for c in np.linspace(-3, 3, 7)]
    ax.plot(*np.concatenate(pieces).T)


@_wrong_lines("boundary")
def a_region_on_both_sides(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    ax.fill_between(x1, _line(w, b, 0, x1) - 1, _line(w, b, 0, x1) + 1, alpha=0.4)


@_wrong_lines("margins")
def only_the_boundary(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    ax.plot(x1, _line(w, b, 0, x1))


@_wrong_lines("margins")
def one_margin(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    for c in (0, 1):
        ax.plot(x1, _line(w, b, c, x1))


@_wrong_lines("margins")
def margins_at_distance_one(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    for c in (0, 1, -1):
        ax.plot(x1, _line(w, b, c * np.hypot(*w), x1))


@_wrong_lines("margins")
def margins_moved_up_and_down(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    for c in (0, 1, -1):
        ax.plot(x1, _line(w, b, 0, x1) + c)


@_wrong_lines("margins")
def margins_too_wide(ax, w, b, X, y):
    x1 = np.array([X[:, 0].min(), X[:, 0].max()])
    for c in (0, 2, -2):
        ax.plot(x1, _line(w, b, c, x1))


def _without(missing, marks):
    def make(w, b, X, y):
        _, ax = plt.subplots()
        _lines(ax, w, b, X)
        _window(ax, X)
        marks(ax, w, b, X, y)
        return _finish(ax)

    make.__name__ = marks.__name__
    make.fails = missing
    return make


def _wrong_marks(claim):
    return lambda marks: _without(claim, marks)


@_wrong_marks("classes")
def one_colour(ax, w, b, X, y):
    ax.scatter(*X.T)
    _rings(ax, w, b, X, y)


@_wrong_marks("classes")
def nearly_the_same_colour(ax, w, b, X, y):
    ax.scatter(*X.T, c=np.where(y > 0, "#1f77b4", "#2277b0"))
    _rings(ax, w, b, X, y)


@_wrong_marks("classes")
def random_colours(ax, w, b, X, y):
    ax.scatter(*X.T, c=np.random.default_rng(0).permutation(y), cmap="bwr")
    _rings(ax, w, b, X, y)


@_wrong_marks("classes")
def coordinates_swapped(ax, w, b, X, y):
    _dots(ax, X[:, ::-1], y)
    _rings(ax, w, b, X, y)


@_wrong_marks("classes")
def one_class_is_missing(ax, w, b, X, y):
    ax.scatter(*X[y > 0].T)
    _rings(ax, w, b, X, y)


@_wrong_marks("classes")
def drawn_over_by_all(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X.T, s=200, color="k", zorder=9)


@_wrong_marks("support")
def no_rings(ax, w, b, X, y):
    _dots(ax, X, y)


@_wrong_marks("support")
def rings_round_all(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X.T, s=120, fc="none", ec="k")


@_wrong_marks("support")
def rings_round_the_others(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X[~support(w, b, X, y)].T, s=120, fc="none", ec="k")


@_wrong_marks("support")
def rings_of_one_side(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X[X @ w + b <= 1].T, s=120, fc="none", ec="k")


@_wrong_marks("support")
def rings_of_a_wide_tolerance(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X[y * (X @ w + b) <= 2].T, s=120, fc="none", ec="k")


@_wrong_marks("support")
def misclassified_only(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X[y * (X @ w + b) <= 0].T, s=120, fc="none", ec="k")


@_wrong_marks("support")
def rings_of_the_first_ones(ax, w, b, X, y):
    _dots(ax, X, y)
    ax.scatter(*X[10:20].T, s=120, fc="none", ec="k")


@_wrong_marks("support")
def stars_for_the_others(ax, w, b, X, y):
    sv = support(w, b, X, y)
    _dots(ax, X[sv], y[sv])
    for label, colour in ((-1, "tab:red"), (1, "tab:blue")):
        others = X[(y == label) & ~sv]
        ax.scatter(*others.T, color=colour, marker="*", label="support vectors")


def no_legend(w, b, X, y):
    fig = plain(w, b, X, y)
    fig.axes[0].get_legend().remove()
    return fig


no_legend.fails = "legend"


def no_axis_labels(w, b, X, y):
    fig = plain(w, b, X, y)
    fig.axes[0].set(xlabel="", ylabel="", title="SVM")
    return fig


no_axis_labels.fails = "labels"

WRONG = [
    no_lines, wrong_sign_of_b, swapped_weights, perpendicular, without_b, b_not_divided,
    a_short_piece, only_the_margins, invisible_boundary, a_heat_map, predictions_of_another_model,
    very_coarse_cells, a_contour_at_a_half, a_transposed_grid, a_scribble, a_fan_of_lines_in_one,
    a_region_on_both_sides, only_the_boundary, one_margin, margins_at_distance_one,
    margins_moved_up_and_down, margins_too_wide, one_colour, nearly_the_same_colour, random_colours,
    coordinates_swapped, one_class_is_missing, drawn_over_by_all, no_rings, rings_round_all,
    rings_round_the_others, rings_of_one_side, rings_of_a_wide_tolerance, misclassified_only,
    rings_of_the_first_ones, stars_for_the_others, no_legend, no_axis_labels,
]  # fmt: skip
