"""Ways to draw AdaGrad against gradient descent: each takes A, b and two paths."""

from __future__ import annotations

import functools
import itertools

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure


def problem(seed):
    """A quadratic and two paths of different length."""
    rng = np.random.default_rng(seed)
    turn = rng.uniform(0.2, 1.3)
    R = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    A = R @ np.diag([1.0, rng.uniform(4, 9)]) @ R.T
    b = rng.uniform(-2, 2, 2)
    x0 = np.linalg.solve(A, b) + rng.choice([-1, 1], 2) * rng.uniform(2, 4, 2)
    gd, x = [x0], x0
    for _ in range(40):
        x = x - 0.12 * (A @ x - b)
        gd.append(x)
    ada, x, v = [x0], x0, np.zeros(2)
    for _ in range(60):
        g = A @ x - b
        v = v + g**2
        x = x - 0.8 * g / np.sqrt(v + 1e-8)
        ada.append(x)
    return A, b, np.array(gd), np.array(ada)


def height(A, b, points):
    return 0.5 * np.einsum("...i,ij,...j", points, A, points) - points @ b


def gaps(A, b, path):
    return height(A, b, path) - height(A, b, np.linalg.solve(A, b))


def _surface(A, b, gd, ada, n=100):
    both = np.concatenate([gd, ada])
    low, high = both.min(axis=0) - 0.5, both.max(axis=0) + 0.5
    X1, X2 = np.meshgrid(np.linspace(low[0], high[0], n), np.linspace(low[1], high[1], n))
    return X1, X2, height(A, b, np.stack([X1, X2], axis=-1))


def _ends(ax, A, b, gd):
    ax.plot(*gd[0], "ks", label="start")
    ax.plot(*np.linalg.solve(A, b), "r*", ms=12, label="minimiser")


def _gap_panel(ax, A, b, gd, ada):
    ax.semilogy(gaps(A, b, gd), label="GD")
    ax.semilogy(gaps(A, b, ada), label="AdaGrad")
    ax.set(xlabel="k", ylabel="f - min f")
    ax.legend()


def picture(draw):
    """The whole figure, whose left panel `draw` fills."""

    @functools.wraps(draw)
    def make(A, b, gd, ada):
        fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
        draw(left, A, b, gd, ada)
        if left.get_legend() is None and left.get_legend_handles_labels()[1]:
            left.legend()
        _gap_panel(right, A, b, gd, ada)
        return fig

    return make


@picture
def plain(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada), levels=20)
    ax.plot(*gd.T, "o-", ms=3, label="GD")
    ax.plot(*ada.T, "s-", ms=3, label="AdaGrad")
    _ends(ax, A, b, gd)


@picture
def filled(ax, A, b, gd, ada):
    ax.contourf(*_surface(A, b, gd, ada), levels=15, cmap="viridis")
    ax.plot(gd[:, 0], gd[:, 1], "w.-", label="gradient descent")
    ax.plot(ada[:, 0], ada[:, 1], "r.-", label="AdaGrad")
    ax.scatter(*gd[0], marker="s", color="orange", s=60, zorder=5)
    ax.scatter(*np.linalg.solve(A, b), marker="X", color="k", s=60, zorder=5)


@picture
def logarithmic_levels(ax, A, b, gd, ada):
    X1, X2, F = _surface(A, b, gd, ada)
    low = height(A, b, np.linalg.solve(A, b))
    ax.contour(X1, X2, np.log(F - low + 1e-6), levels=12, colors="0.7")
    ax.plot(*gd.T, color="C0", label="GD")
    ax.plot(*ada.T, color="C1", label="Adagrad (lr = 0.8)")
    ax.annotate("start", gd[0], xytext=(10, 10), textcoords="offset points")
    ax.text(*np.linalg.solve(A, b), "x*")


@picture
def uneven_levels(ax, A, b, gd, ada):
    X1, X2, F = _surface(A, b, gd, ada, 60)
    ax.contour(X1, X2, F, levels=np.quantile(F, [0.02, 0.1, 0.2, 0.5, 0.9]), cmap="gray")
    ax.scatter(*gd.T, c="b", s=8, label="GD")
    ax.scatter(*ada.T, c="g", s=8, marker="^", label="AdaGrad")
    _ends(ax, A, b, gd)


@picture
def arrows(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada), levels=20, colors="k", alpha=0.3)
    for path, colour, name in ((gd, "blue", "GD"), (ada, "red", "AdaGrad")):
        for tail, head in itertools.pairwise(path):
            props = {"arrowstyle": "->", "color": colour}
            ax.annotate("", xy=head, xytext=tail, arrowprops=props)
        ax.plot([], [], color=colour, label=name)
    _ends(ax, A, b, gd)


@picture
def quivers(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    for path, colour, name in ((gd, "b", "GD"), (ada, "r", "AdaGrad")):
        ax.quiver(
            *path[:-1].T, *np.diff(path, axis=0).T, angles="xy", scale_units="xy", scale=1,
            color=colour, label=name,
        )  # fmt: skip
    _ends(ax, A, b, gd)


@picture
def segments(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    for path, colour, name in ((gd, "b", "GD"), (ada, "r", "AdaGrad")):
        pieces = np.stack([path[:-1], path[1:]], axis=1)
        ax.add_collection(LineCollection(pieces, color=colour, label=name))
    _ends(ax, A, b, gd)


@picture
def a_call_for_each_step(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    for path, colour, name in ((gd, "c", "GD"), (ada, "m", "AdaGrad")):
        for k in range(len(path) - 1):
            ax.plot(*path[k : k + 2].T, colour + ".-", label=name if k == 0 else None)
    _ends(ax, A, b, gd)


@picture
def every_third(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    ax.plot(*gd[::3].T, "o--", label="GD")
    ax.plot(*ada[::3].T, "x--", label="AdaGrad")
    _ends(ax, A, b, gd)


@picture
def names_beside(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    ax.plot(*gd.T, color="navy")
    ax.plot(*ada.T, color="crimson")
    ax.text(*(gd[3] + 0.3), "gradient descent", color="navy")
    ax.text(0.05, 0.9, "AdaGrad", color="crimson", transform=ax.transAxes)
    for place in (gd[0], np.linalg.solve(A, b)):
        ax.add_patch(plt.Circle(place, 0.1, color="k"))


@picture
def triangles(ax, A, b, gd, ada):
    rng = np.random.default_rng(0)
    points = rng.uniform(-6, 6, (3000, 2))
    ax.tricontour(*points.T, height(A, b, points), levels=12)
    ax.plot(*gd.T, label="GD")
    ax.plot(*ada.T, label="AdaGrad")
    _ends(ax, A, b, gd)


@picture
def drawn_ellipses(ax, A, b, gd, ada):
    turn = np.linspace(0, 2 * np.pi, 100)
    L = np.linalg.cholesky(np.linalg.inv(A))
    for size in (0.5, 1, 2, 4):
        ring = np.linalg.solve(A, b)[:, None] + size * L @ np.array([np.cos(turn), np.sin(turn)])
        ax.plot(*ring, color="0.8", lw=0.8)
    ax.plot(*gd.T, "b", label="GD")
    ax.plot(*ada.T, "r", label="AdaGrad")
    _ends(ax, A, b, gd)


def three_panels(A, b, gd, ada):
    fig, panels = plt.subplots(1, 3, figsize=(12, 4), layout="tight")
    for ax, path, name in ((panels[0], gd, "GD"), (panels[1], ada, "AdaGrad")):
        ax.contour(*_surface(A, b, gd, ada), levels=15)
        ax.plot(*path.T, "k.-")
        ax.set_title(name)
        _ends(ax, A, b, gd)
    _gap_panel(panels[2], A, b, gd, ada)
    return fig


def one_legend_for_the_figure(A, b, gd, ada):
    fig = Figure(figsize=(8, 8))
    top, bottom = fig.subplots(2)
    lines = top.contour(*_surface(A, b, gd, ada))
    fig.colorbar(lines, ax=top)
    top.plot(*gd.T, "b-o", markevery=5)
    top.plot(*ada.T, "r-o", markevery=5)
    top.scatter(*np.stack([gd[0], np.linalg.solve(A, b)]).T, c=["k", "lime"], s=70, zorder=4)
    k = np.arange(len(ada))
    bottom.plot(k[: len(gd)], np.log10(gaps(A, b, gd)), "b", label="Gradientenabstieg")
    bottom.plot(k, np.log10(gaps(A, b, ada)), "r", label="AdaGrad")
    bottom.set_ylabel("log10(f - f*)")
    fig.legend()
    return fig


RIGHT = [
    plain, filled, logarithmic_levels, uneven_levels, arrows, quivers, segments,
    a_call_for_each_step, every_third, names_beside, triangles, drawn_ellipses,
    three_panels, one_legend_for_the_figure,
]  # fmt: skip


def wrong(claim, whole=False):
    """A picture that must fail one claim. `whole`: the function makes its figure itself."""

    def wrap(draw):
        make = draw if whole else picture(draw)
        make.fails = claim
        return make

    return wrap


def _usual(ax, A, b, gd, ada, *, contours=True, ends=True):
    if contours:
        ax.contour(*_surface(A, b, gd, ada), levels=20)
    ax.plot(*gd.T, "b.-", label="GD")
    ax.plot(*ada.T, "r.-", label="AdaGrad")
    if ends:
        _ends(ax, A, b, gd)


@wrong("contours")
def no_contours(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada, contours=False)


@wrong("contours")
def contours_transposed(ax, A, b, gd, ada):
    X1, X2, F = _surface(A, b, gd, ada)
    ax.contour(X1, X2, F.T, levels=20)
    _usual(ax, A, b, gd, ada, contours=False)


@wrong("contours")
def contours_without_b(ax, A, b, gd, ada):
    ax.contour(*_surface(A, 0 * b, gd, ada), levels=20)
    _usual(ax, A, b, gd, ada, contours=False)


@wrong("contours")
def contours_of_the_diagonal(ax, A, b, gd, ada):
    ax.contour(*_surface(np.diag(np.diag(A)), b, gd, ada), levels=20)
    _usual(ax, A, b, gd, ada, contours=False)


@wrong("contours")
def only_a_heat_map(ax, A, b, gd, ada):
    ax.pcolormesh(*_surface(A, b, gd, ada), shading="auto")
    _usual(ax, A, b, gd, ada, contours=False)


@wrong("adagrad path")
def gd_twice(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, gd)


@wrong("gd path")
def coordinates_swapped(ax, A, b, gd, ada):
    _usual(ax, A, b, gd[:, ::-1], ada[:, ::-1], ends=False)
    _ends(ax, A, b, gd)


@wrong("adagrad path")
def first_half(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada[:30])


@wrong("gd path")
def against_the_index(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    ax.plot(gd, label="GD")
    ax.plot(ada, label="AdaGrad")
    _ends(ax, A, b, gd)


@wrong("gd path")
def only_the_ends(ax, A, b, gd, ada):
    _usual(ax, A, b, gd[[0, -1]], ada[[0, -1]])


@wrong("gd path")
def shuffled_points(ax, A, b, gd, ada):
    _usual(ax, A, b, np.random.default_rng(0).permutation(gd), ada, ends=False)
    _ends(ax, A, b, gd)


@wrong("gd path")
def nothing_drawn(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    _ends(ax, A, b, gd)


@wrong("gd path")
def transparent(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    ax.plot(*gd.T, alpha=0.0, label="GD")
    ax.plot(*ada.T, label="AdaGrad")
    _ends(ax, A, b, gd)


@wrong("names")
def no_names(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    ax.plot(*gd.T, "b")
    ax.plot(*ada.T, "r")
    _ends(ax, A, b, gd)


@wrong("names")
def names_swapped(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    ax.plot(*gd.T, "b", label="AdaGrad")
    ax.plot(*ada.T, "r", label="GD")
    _ends(ax, A, b, gd)


@wrong("names")
def labels_without_a_legend(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada)
    ax.legend().set_visible(False)


@wrong("names")
def one_look_for_both(ax, A, b, gd, ada):
    ax.contour(*_surface(A, b, gd, ada))
    ax.plot(*gd.T, "b", label="GD")
    ax.plot(*ada.T, "b", label="AdaGrad")
    _ends(ax, A, b, gd)


@wrong("start")
def no_ends(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada, ends=False)


@wrong("minimiser")
def the_origin_as_minimiser(ax, A, b, gd, ada):
    _usual(ax, A, b, gd, ada, ends=False)
    ax.plot(*gd[0], "ks", label="start")
    ax.plot(0, 0, "k*", label="minimiser")


@wrong("log", whole=True)
def linear_axis(A, b, gd, ada):
    fig = plain(A, b, gd, ada)
    fig.axes[1].set_yscale("linear")
    return fig


@wrong("gaps", whole=True)
def one_panel(A, b, gd, ada):
    fig = plain(A, b, gd, ada)
    fig.axes[1].remove()
    return fig


@wrong("gaps", whole=True)
def distances(A, b, gd, ada):
    fig = plain(A, b, gd, ada)
    fig.axes[1].clear()
    for path in (gd, ada):
        fig.axes[1].semilogy(np.linalg.norm(path - np.linalg.solve(A, b), axis=1))
    return fig


@wrong("gaps", whole=True)
def values_without_the_minimum(A, b, gd, ada):
    fig = plain(A, b, gd, ada)
    fig.axes[1].clear()
    for path in (gd, ada):
        fig.axes[1].semilogy(np.abs(height(A, b, path)))
    return fig


WRONG = [
    no_contours, contours_transposed, contours_without_b, contours_of_the_diagonal, only_a_heat_map,
    gd_twice, coordinates_swapped, first_half, against_the_index, only_the_ends, shuffled_points,
    nothing_drawn, transparent, no_names, names_swapped, labels_without_a_legend, one_look_for_both,
    no_ends, the_origin_as_minimiser, linear_axis, one_panel, distances, values_without_the_minimum,
]  # fmt: skip
