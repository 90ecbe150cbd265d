"""AdaGrad against gradient descent is recognised however it is drawn; wrong ones are flagged."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from more_path_pictures import RIGHT as MORE_RIGHT
from more_path_pictures import WRONG as MORE_WRONG
from path_pictures import RIGHT, WRONG, coordinates_swapped, first_half, gaps, height, problem

from grader.checks.figure import (
    contours_drawn,
    curve_drawn,
    legend_names,
    log_scale,
    mark_names,
    path_drawn,
    path_labelled,
    point_marked,
)
from grader.errors import CheckFailed


def _names(figure, A, b, gd, ada):
    path_labelled(figure, gd, [], ["ada"], title="GD")
    path_labelled(figure, ada, ["ada"], title="AdaGrad")


def _curves(figure, A, b, gd, ada):
    return [curve_drawn(figure, gaps(A, b, path), name="f - min f") for path in (gd, ada)]


CLAIMS = {
    "gd path": lambda figure, A, b, gd, ada: path_drawn(figure, gd),
    "adagrad path": lambda figure, A, b, gd, ada: path_drawn(figure, ada),
    "names": _names,
    "contours": lambda figure, A, b, gd, ada: contours_drawn(
        figure, lambda points: height(A, b, points)
    ),
    "start": lambda figure, A, b, gd, ada: point_marked(figure, gd[0]),
    "minimiser": lambda figure, A, b, gd, ada: point_marked(figure, np.linalg.solve(A, b)),
    "gaps": _curves,
    "log": lambda *args: [log_scale(curve) for curve in _curves(*args)],
}


@pytest.mark.parametrize("draw", RIGHT + MORE_RIGHT, ids=lambda draw: draw.__name__)
def test_a_right_picture_passes(draw, travel):
    data = problem((RIGHT + MORE_RIGHT).index(draw))
    figure = travel(draw(*data))
    for claim in CLAIMS.values():
        claim(figure, *data)


@pytest.mark.parametrize("draw", WRONG + MORE_WRONG, ids=lambda draw: draw.__name__)
def test_a_wrong_picture_fails_for_its_mistake(draw, travel):
    data = problem(100 + (WRONG + MORE_WRONG).index(draw))
    figure = travel(draw(*data))
    with pytest.raises(CheckFailed):
        CLAIMS[draw.fails](figure, *data)
    implied = {
        "gaps": {"log"},
        "gd path": {"adagrad path", "names"},
        "adagrad path": {"names"},
        "start": {"minimiser"},
    }
    for name in set(CLAIMS) - {draw.fails} - implied.get(draw.fails, set()):
        CLAIMS[name](figure, *data)


def test_a_contour_label_marks_no_point(travel):
    fig, ax = plt.subplots()
    ax.plot([0, 2], [0, 2])
    ax.text(1, 1, "−0.50")
    with pytest.raises(CheckFailed, match="the minimiser is not marked"):
        point_marked(travel(fig), [1, 1], name="the minimiser")
    ax.text(1, 1, "x*")
    point_marked(travel(fig), [1, 1])


def test_a_large_inset_covers_what_lies_below(travel):
    fig, ax = plt.subplots()
    ax.plot([0, 4], [0, 4])
    ax.plot(1, 1, "ro")
    ax.inset_axes([0.02, 0.02, 0.9, 0.9])
    with pytest.raises(CheckFailed, match="not marked"):
        point_marked(travel(fig), [1, 1])


def test_marks_have_the_names_that_a_reader_sees(travel):
    fig, ax = plt.subplots()
    ax.plot([0, 2], [0, 2], label="path")
    ax.plot(0, 0, "ko", label="start")
    ax.text(2, 2, "end")
    assert mark_names(travel(fig), [0, 0]) == []  # no legend is shown
    ax.legend()
    assert mark_names(travel(fig), [0, 0]) == ["start"]
    assert mark_names(travel(fig), [2, 2]) == ["end"]
    assert mark_names(travel(fig), [1, 1]) == []


def test_a_curve_has_its_name_from_another_legend_by_its_colour(travel):
    fig, (left, right) = plt.subplots(1, 2)
    left.plot([0, 1], [5, 5], "r", label="AdaGrad")
    left.plot([0, 1], [6, 6], "b", label="GD")
    left.legend()
    falling = 0.5 ** np.arange(8)
    right.semilogy(falling, "r", label="GD")
    figure = travel(fig)
    assert legend_names(figure, curve_drawn(figure, falling)) == ["AdaGrad"]
    right.legend()
    figure = travel(fig)
    assert "GD" in legend_names(figure, curve_drawn(figure, falling))


def test_messages_say_what_was_drawn(travel):
    data = problem(0)
    with pytest.raises(CheckFailed, match="swapped"):
        path_drawn(travel(coordinates_swapped(*data)), data[2])
    with pytest.raises(CheckFailed, match="only its first 30"):
        path_drawn(travel(first_half(*data)), data[3])


def test_long_and_short_and_diverging_paths(travel):
    turn = np.linspace(0, 30, 20_000)
    spiral = np.column_stack([np.cos(turn), np.sin(turn)]) * np.exp(-turn / 9)[:, None]
    far = np.array([[1.0, 1], [-2, 4], [8, -16], [np.inf, np.nan], [np.nan, np.nan]])
    for path in (spiral, spiral[:300:100], spiral[:1200:100], far[:3]):
        fig, ax = plt.subplots()
        ax.plot(*path.T)
        path_drawn(travel(fig), path)
    with pytest.raises(CheckFailed):
        path_drawn(travel(plt.figure()), far)
