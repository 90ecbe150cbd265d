"""More pictures of AdaGrad against gradient descent, drawn without looking at the recognisers."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyArrowPatch, PathPatch, Polygon
from matplotlib.path import Path
from path_pictures import _gap_panel, _surface, _usual, gaps, height, picture, wrong


@picture
def a_large_grid_with_many_levels(ax, A, b, gd, ada):
    x = np.linspace(-8, 8, 150)
    X, Y = np.meshgrid(x, x)
    Z = 0.5 * (A[0, 0] * X**2 + 2 * A[0, 1] * X * Y + A[1, 1] * Y**2) - b[0] * X - b[1] * Y
    ax.contour(X, Y, Z, 50, cmap="jet", linewidths=0.5)
    ax.plot(gd[:, 0], gd[:, 1], "-o", c="black", markersize=4, lw=1, label="GD")
    ax.plot(ada[:, 0], ada[:, 1], "-o", c="magenta", markersize=4, lw=1, label="AdaGrad")
    ax.scatter([gd[0, 0]], [gd[0, 1]], s=120, c="lime", edgecolors="k", zorder=3, label="x0")
    xs = np.linalg.solve(A, b)
    ax.scatter([xs[0]], [xs[1]], s=180, c="gold", marker="*", zorder=3, label="$x^*$")


@picture
def a_coarse_grid(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada, 15), levels=10)
    ax.plot(*gd.T, "g", label="gradient descent, step 0.12")
    ax.plot(*ada.T, "m", label="ADAGRAD, step 0.8")
    ax.plot(*gd[0], "go", ms=9)
    ax.plot(*np.linalg.solve(A, b), "kx", ms=9, mew=3, label="min")


@picture
def colours_by_iteration(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada), colors="lightgrey")
    ax.scatter(*gd.T, c=np.arange(len(gd)), cmap="Blues", marker="o", vmin=-20)
    ax.scatter(*ada.T, c=np.arange(len(ada)), cmap="Reds", marker="s", vmin=-20)
    ax.text(*(gd[0] + [0.1, 0.1]), "start")
    ax.annotate(
        "minimum", np.linalg.solve(A, b), (0.8, 0.1), textcoords="axes fraction",
        arrowprops={"arrowstyle": "->"},
    )  # fmt: skip
    handles = [
        Line2D([], [], marker="o", ls="", color="tab:blue", label="GD"),
        Line2D([], [], marker="s", ls="", color="tab:red", label="AdaGrad"),
    ]
    ax.legend(handles=handles)


@picture
def one_style_per_method(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada), cmap="Greys")
    ax.plot(*gd.T, "k--", label="GD")
    ax.plot(*ada.T, "k-", label="AdaGrad")
    ax.plot(*gd[0], "k^")
    ax.plot(*np.linalg.solve(A, b), "kP")


@picture
def patches_with_arrow_heads(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    for path, colour, name in ((gd, "tab:blue", "GD"), (ada, "tab:orange", "AdaGrad")):
        for k in range(len(path) - 1):
            ax.add_patch(
                FancyArrowPatch(
                    path[k], path[k + 1], arrowstyle="->", mutation_scale=8, color=colour,
                    shrinkA=0, shrinkB=0, label=name if k == 0 else None,
                )
            )  # fmt: skip
    ax.plot(*gd[0], "k.", ms=14)
    ax.plot(*np.linalg.solve(A, b), "r.", ms=14)


@picture
def arrow_calls(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    for path, colour in ((gd, "b"), (ada, "r")):
        for p, d in zip(path[:-1], np.diff(path, axis=0), strict=True):
            ax.arrow(*p, *d, color=colour, head_width=0.05, length_includes_head=True)
    ax.plot([], [], "b", label="GD")
    ax.plot([], [], "r", label="AdaGrad")
    ax.scatter(*gd[0], marker="o", s=50)
    ax.scatter(*np.linalg.solve(A, b), marker="*", s=50)


@picture
def cross_hairs_at_the_minimum(ax, A, b, gd, ada):
    ax.contourf(*_surface(A, b, gd, ada), cmap="Blues_r", levels=25)
    ax.plot(*gd.T, "-", c="orange", label="GD")
    ax.plot(*ada.T, "-", c="red", label="AdaGrad")
    x = np.linalg.solve(A, b)
    ax.axvline(x[0], color="w", lw=0.7)
    ax.axhline(x[1], color="w", lw=0.7)
    ax.scatter(*gd[0], c="w", edgecolor="k", zorder=5, label="start")


@picture
def in_chinese(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada), levels=np.logspace(-2, 2, 12) + gaps(A, b, gd).min() - 9)
    ax.contour(*_surface(A, b, gd, ada), levels=30)
    ax.plot(*gd.T, label="梯度下降")
    ax.plot(*ada.T, label="AdaGrad 算法")
    ax.plot(*gd[0], "o", label="起点")
    ax.plot(*np.linalg.solve(A, b), "*", label="最小值点")


def stacked_in_a_grid(A, b, gd, ada):
    fig = plt.figure(constrained_layout=True)
    grid = fig.add_gridspec(2, 2)
    for k, (path, name) in enumerate(((gd, "Gradient descent"), (ada, "Adagrad"))):
        ax = fig.add_subplot(grid[0, k])
        ax.contour(*_surface(A, b, gd, ada, 60), levels=20)
        ax.plot(*path.T, "r.-", label=name)
        ax.plot(*gd[0], "bo", *np.linalg.solve(A, b), "g*", markersize=10)
        ax.legend()
    ax = fig.add_subplot(grid[1, :])
    ax.plot(range(1, len(gd) + 1), gaps(A, b, gd), label="GD")
    ax.plot(range(1, len(ada) + 1), gaps(A, b, ada), label="Adagrad")
    ax.set_yscale("log")
    ax.legend()
    return fig


def clipped_gaps_on_two_log_axes(A, b, gd, ada):
    fig, (left, right) = plt.subplots(2, 1, figsize=(5, 9))
    _usual(left, A, b, gd, ada)
    left.legend(loc="upper left", fontsize="small", title="method")
    left.set_aspect("equal")
    right.loglog(np.maximum(gaps(A, b, gd), 1e-12), "b", label="GD")
    right.loglog(np.maximum(gaps(A, b, ada), 1e-12), "r", label="AdaGrad")
    right.grid(True, which="both", ls=":")
    fig.tight_layout()
    return fig


def with_a_surface(A, b, gd, ada):
    fig = plt.figure(figsize=(12, 4))
    surface = fig.add_subplot(131, projection="3d")
    surface.plot_surface(*_surface(A, b, gd, ada, 20), cmap="viridis")
    ax = fig.add_subplot(132)
    _usual(ax, A, b, gd, ada)
    ax.legend()
    _gap_panel(fig.add_subplot(133), A, b, gd, ada)
    return fig


def values_from_the_lowest_seen(A, b, gd, ada):
    fig, (left, right) = plt.subplots(1, 2)
    _usual(left, A, b, gd, ada)
    left.legend()
    for path, name, style in ((gd, "GD", "bx-"), (ada, "AdaGrad", "rx-")):
        values = np.array([height(A, b, point) for point in path])
        low = height(A, b, np.linalg.solve(A, b))
        right.semilogy(np.arange(len(values)), np.abs(values - low) + 1e-18, style, label=name)
    right.legend()
    return fig


@picture
def labels_in_the_level_lines(ax, A, b, gd, ada):
    X1, X2, Z = _surface(A, b, gd, ada)
    # The innermost line is so short that its label takes its place.
    contour = ax.contour(X1, X2, Z, levels=[Z.min() + 1e-3, *np.linspace(Z.min() + 1, Z.max(), 9)])
    ax.clabel(contour, inline=True, fontsize=7)
    _usual(ax, A, b, gd, ada, contours=False)


@picture
def ellipses_and_outlines(ax, A, b, gd, ada):
    sizes, axes = np.linalg.eigh(A)
    turn = np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))
    for level in (0.5, 2, 8, 20):
        width, height_ = 2 * np.sqrt(2 * level / sizes)
        ax.add_patch(Ellipse(np.linalg.solve(A, b), width, height_, angle=turn, fill=False))
    ax.add_patch(PathPatch(Path(gd), fill=False, ec="b", label="GD"))
    ax.add_patch(Polygon(ada, closed=False, fc="none", ec="r", label="AdaGrad"))
    ax.plot(*gd[0], "ks", label="start")
    ax.plot(*np.linalg.solve(A, b), "k*", label="minimiser")


def curves_in_an_inset_over_the_minimiser(A, b, gd, ada):
    fig, ax = plt.subplots(figsize=(9, 9))
    _usual(ax, A, b, gd, ada)
    ax.legend(loc="lower left")
    place = (ax.transData + ax.transAxes.inverted()).transform(np.linalg.solve(A, b))
    _gap_panel(ax.inset_axes([*(place - 0.2), 0.4, 0.4]), A, b, gd, ada)
    return fig


RIGHT = [
    a_large_grid_with_many_levels, a_coarse_grid, colours_by_iteration, one_style_per_method,
    patches_with_arrow_heads, arrow_calls, cross_hairs_at_the_minimum, in_chinese,
    stacked_in_a_grid, clipped_gaps_on_two_log_axes, with_a_surface, values_from_the_lowest_seen,
    labels_in_the_level_lines, ellipses_and_outlines, curves_in_an_inset_over_the_minimiser,
]  # fmt: skip


@wrong("contours")
def contours_of_a_circle(ax, A, b, gd, ada):
    X, Y, _ = _surface(A, b, gd, ada)
    x = np.linalg.solve(A, b)
    ax.contour(X, Y, (X - x[0]) ** 2 + (Y - x[1]) ** 2, levels=20)
    _usual(ax, A, b, gd, ada, contours=False)


@wrong("contours")
def contours_of_the_gradient_norm(ax, A, b, gd, ada):
    X, Y, _ = _surface(A, b, gd, ada)
    G = np.stack([X, Y], axis=-1) @ A - b
    ax.contour(X, Y, np.linalg.norm(G, axis=-1), levels=20)
    _usual(ax, A, b, gd, ada, contours=False)


@wrong("contours")
def contours_with_the_wrong_sign_of_b(ax, A, b, gd, ada):
    ax.contourf(*_surface(A, -b, gd, ada), levels=20)
    _usual(ax, A, b, gd, ada, contours=False)


@wrong("gd path")
def only_one_coordinate(ax, A, b, gd, ada):
    _usual(ax, A, b, gd * [1, 0], ada * [1, 0], ends=False)
    ax.plot(*gd[0], "ks", *np.linalg.solve(A, b), "r*")


@wrong("gd path")
def gd_starts_elsewhere(ax, A, b, gd, ada):
    _usual(ax, A, b, gd[5:], ada, ends=False)
    ax.plot(*gd[0], "ks", *np.linalg.solve(A, b), "r*")


@wrong("adagrad path")
def adagrad_of_another_step_size(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada[0] + 0.9 * (ada - ada[0]))


@wrong("adagrad path")
def a_straight_line_for_adagrad(ax, A, b, gd, ada):
    part = np.linspace(0, 1, len(ada))[:, None]
    _usual(ax, A, b, gd, ada[0] + part * (ada[-1] - ada[0]))


@wrong("names")
def names_in_the_other_order(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada)
    ax.legend(["AdaGrad", "GD", "start", "minimiser"])


@wrong("names")
def a_legend_for_the_ends_only(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    ax.plot(*gd.T, "c")
    ax.plot(*ada.T, "m")
    ax.plot(*gd[0], "ks", label="start")
    ax.plot(*np.linalg.solve(A, b), "r*", label="minimiser")


@wrong("minimiser")
def the_end_of_gd_is_not_the_minimiser(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada, ends=False)
    ax.plot(*gd[0], "ks", *ada[4], "r*")


@wrong("start")
def markers_everywhere_but_none_for_the_start(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada, ends=False)
    ax.plot(*gd.T, "ko", label="iterates", zorder=1)
    ax.plot(*np.linalg.solve(A, b), "r*")


@wrong("gaps", whole=True)
def absolute_values_of_f(A, b, gd, ada):
    fig, (left, right) = plt.subplots(1, 2)
    _usual(left, A, b, gd, ada)
    left.legend()
    for path in (gd, ada):
        right.semilogy(height(A, b, path) - height(A, b, path).min() * 1.5 + 1)
    return fig


@wrong("gaps", whole=True)
def gaps_of_one_method(A, b, gd, ada):
    fig, (left, right) = plt.subplots(1, 2)
    _usual(left, A, b, gd, ada)
    left.legend()
    right.semilogy(gaps(A, b, gd))
    return fig


@wrong("log", whole=True)
def logarithmic_x_only(A, b, gd, ada):
    fig, (left, right) = plt.subplots(1, 2)
    _usual(left, A, b, gd, ada)
    left.legend()
    right.semilogx(gaps(A, b, gd))
    right.semilogx(gaps(A, b, ada))
    return fig


@wrong("gaps", whole=True)
def gaps_without_the_last(A, b, gd, ada):
    fig, (left, right) = plt.subplots(1, 2)
    _usual(left, A, b, gd, ada)
    left.legend()
    right.semilogy(gaps(A, b, gd)[:-1])
    right.semilogy(gaps(A, b, ada)[:-1])
    return fig


WRONG = [
    contours_of_a_circle, contours_of_the_gradient_norm, contours_with_the_wrong_sign_of_b,
    only_one_coordinate, gd_starts_elsewhere, adagrad_of_another_step_size, gaps_of_one_method,
    a_straight_line_for_adagrad, names_in_the_other_order, a_legend_for_the_ends_only,
    the_end_of_gd_is_not_the_minimiser, markers_everywhere_but_none_for_the_start,
    absolute_values_of_f, logarithmic_x_only, gaps_without_the_last,
]  # fmt: skip
