"""The regions of several classes are recognised however they are drawn."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Polygon

from grader.checks.figure import classes_distinguishable, regions_drawn
from grader.errors import CheckFailed, GraderFault

W = np.array([[1.3, -1.1, 0.2], [0.6, 0.9, -1.4], [0.5, -0.4, 0.6]])
RNG = np.random.default_rng(4)
X = RNG.uniform(-3, 3, size=(60, 2)) * [1.0, 1.6]
Y = np.argmax(X @ W[:2] + W[2], axis=1)


def classes(x, y, weights=W):
    return np.argmax(np.stack([x, y, np.ones_like(x)], axis=-1) @ weights, axis=-1)


def grid(m=200):
    x, y = np.meshgrid(np.linspace(-3.5, 3.5, m), np.linspace(-5.5, 5.5, m))
    return x, y, classes(x, y)


def points(ax=None):
    ax = ax or plt.subplots()[1]
    for label, marker in zip(range(3), "os^", strict=True):
        ax.scatter(*X[label == Y].T, marker=marker, edgecolors="k", zorder=3)
    return ax


def filled_contour():
    ax = points()
    ax.contourf(*grid(), levels=[-0.5, 0.5, 1.5, 2.5], alpha=0.3)
    return ax.figure


def filled_contour_of_default_levels():
    ax = points()
    ax.contourf(*grid(), alpha=0.4, cmap="viridis")
    return ax.figure


def mesh():
    ax = points()
    ax.pcolormesh(*grid(), alpha=0.3, cmap="Set1", shading="auto")
    return ax.figure


def hatched(hatches=("/", ".", "x"), colours="w"):
    ax = points()
    ax.contourf(*grid(), levels=[-0.5, 0.5, 1.5, 2.5], colors=colours, hatches=hatches)
    return ax.figure


def hatched_without_a_face():
    return hatched(("/", None, "x"), "none")


def two_hatched_alike():
    return hatched(("/", "/", "x"))


def hatches_none():
    return hatched((None,))


def image():
    ax = points()
    _, _, z = grid()
    ax.imshow(z, extent=(-3.5, 3.5, -5.5, 5.5), origin="lower", aspect="auto", alpha=0.5)
    return ax.figure


def dots():
    ax = points()
    x, y, z = grid(60)
    ax.scatter(x.ravel(), y.ravel(), c=z.ravel(), s=4, alpha=0.3)
    return ax.figure


def dots_by_plot(m=60, dot=".", weights=W):
    ax = points()
    x, y, _ = grid(m)
    z = classes(x, y, weights)
    for label in range(3):
        ax.plot(x[z == label], y[z == label], dot, markersize=2, alpha=0.3)
    return ax.figure


def pixels_by_plot():
    return dots_by_plot(m=200, dot=",")


def wrong_dots_by_plot():
    return dots_by_plot(weights=W[[1, 0, 2]])


def dots_by_plot_with_the_offsets_twice():
    return dots_by_plot(weights=W * [[1.0], [1.0], [2.0]])


def more_dots_than_are_described():
    """By rows, as two loops or `ravel` give them."""
    ax = points()
    x, y, z = grid(100)
    ax.scatter(x.ravel(), y.ravel(), c=z.ravel(), s=2, alpha=0.3)
    return ax.figure


def contour_lines():
    ax = points()
    ax.contour(*grid(), levels=[0.5, 1.5], colors="k")
    return ax.figure


def coarse_contour_lines():
    ax = points()
    ax.contour(*grid(60), colors="k")
    return ax.figure


def corner():
    a = np.array([W[:2, 0] - W[:2, 1], W[:2, 0] - W[:2, 2]])
    return np.linalg.solve(a, [W[2, 1] - W[2, 0], W[2, 2] - W[2, 0]])


def rays():
    """From the point where all three tie, along the border of each two."""
    start = corner()
    for a, b in ((0, 1), (0, 2), (1, 2)):
        normal = W[:2, a] - W[:2, b]
        along = np.array([-normal[1], normal[0]]) / np.hypot(*normal)
        end = start + 20 * along
        third = 3 - a - b
        if (np.append(end, 1) @ W)[third] > (np.append(end, 1) @ W)[a]:
            along = -along
        yield start, start + 20 * along


def three_rays():
    ax = points()
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    for start, end in rays():
        ax.plot(*np.array([start, end]).T, "k--")
    return ax.figure


def polygons():
    ax = points()
    ends = [end for _, end in rays()]
    for i, j, colour in ((0, 1, "r"), (0, 2, "g"), (1, 2, "b")):
        far = (ends[i] + ends[j]) * 2 - 3 * corner()
        ax.add_patch(Polygon([corner(), ends[i], far, ends[j]], color=colour, alpha=0.2))
    return ax.figure


def masked_lines():
    ax = points()
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    x = np.linspace(-3.5, 3.5, 2000)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        n = W[:, a] - W[:, b]
        y = -(n[0] * x + n[2]) / n[1]
        scores = np.stack([x, y, np.ones_like(x)], axis=-1) @ W
        ax.plot(x, np.where(scores[:, a] >= scores.max(axis=1) - 1e-9, y, np.nan))
    return ax.figure


RIGHT = [
    filled_contour, filled_contour_of_default_levels, mesh, image, dots,
    dots_by_plot, pixels_by_plot, more_dots_than_are_described, contour_lines,
    coarse_contour_lines, three_rays, polygons, masked_lines, hatched, hatched_without_a_face,
]  # fmt: skip


@pytest.mark.parametrize("draw", RIGHT, ids=lambda draw: draw.__name__)
def test_right_regions_pass(draw, travel):
    figure = travel(draw())
    regions_drawn(figure, W, X)
    classes_distinguishable(figure, X, Y)


def nothing():
    return points().figure


def whole_lines():
    ax = points()
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    x = np.array([-4.0, 4.0])
    for a, b in ((0, 1), (0, 2), (1, 2)):
        n = W[:, a] - W[:, b]
        ax.plot(x, -(n[0] * x + n[2]) / n[1], "k")
    return ax.figure


def where_each_score_is_0():
    ax = points()
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    x = np.array([-4.0, 4.0])
    for a in range(3):
        ax.plot(x, -(W[0, a] * x + W[2, a]) / W[1, a], "k")
    return ax.figure


def other_weights(weights):
    ax = points()
    x, y, _ = grid()
    ax.contourf(x, y, classes(x, y, weights), levels=[-0.5, 0.5, 1.5, 2.5], alpha=0.3)
    return ax.figure


def without_offsets():
    return other_weights(W * [[1], [1], [0]])


def exchanged():
    return other_weights(W[[1, 0, 2]])


def smallest():
    return other_weights(-W)


def one_colour():
    ax = points()
    ax.contourf(*grid(), levels=[-0.5, 2.5], colors="y")
    return ax.figure


def two_borders_of_three():
    ax = points()
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    for start, end in list(rays())[:2]:
        ax.plot(*np.array([start, end]).T, "k")
    return ax.figure


def heat_map():
    ax = points()
    x, y, _ = grid()
    ax.pcolormesh(x, y, (np.stack([x, y, np.ones_like(x)], axis=-1) @ W).max(axis=-1))
    return ax.figure


def one_against_the_rest():
    ax = points()
    x, y, z = grid()
    ax.contourf(x, y, z == 1, levels=[-0.5, 0.5, 1.5], alpha=0.3)
    return ax.figure


def coarse_mesh():
    ax = points()
    ax.pcolormesh(*grid(12), alpha=0.3)
    return ax.figure


def too_pale():
    ax = points()
    ax.contourf(*grid(), levels=[-0.5, 0.5, 1.5, 2.5], alpha=0.005)
    return ax.figure


@pytest.mark.parametrize(
    "draw",
    [
        nothing, whole_lines, where_each_score_is_0, without_offsets, exchanged, smallest,
        one_colour, two_borders_of_three, heat_map, one_against_the_rest, coarse_mesh, too_pale,
        two_hatched_alike, hatches_none, wrong_dots_by_plot,
        dots_by_plot_with_the_offsets_twice,
        plt.figure,
    ],
    ids=lambda draw: draw.__name__,
)  # fmt: skip
def test_wrong_regions_fail(draw, travel):
    with pytest.raises(CheckFailed):
        regions_drawn(travel(draw()), W, X)


def test_wrong_dots_in_greater_number_than_are_described_are_for_a_person(travel):
    ax = points()
    x, y, _ = grid(100)
    ax.scatter(x.ravel(), y.ravel(), c=classes(x, y, W[[1, 0, 2]]).ravel(), s=2, alpha=0.3)
    with pytest.raises(GraderFault, match="more points than are described"):
        regions_drawn(travel(ax.figure), W, X)


@pytest.mark.parametrize(
    ("draw", "words"),
    [(without_offsets, "offsets"), (exchanged, "exchanged"), (smallest, "smallest")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_usual_mistakes_are_named(draw, words, travel):
    with pytest.raises(CheckFailed) as caught:
        regions_drawn(travel(draw()), W, X)
    assert words in caught.value.diagnosis
