"""An SVM's picture is recognised however it is drawn; a wrong one is flagged for its mistake."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from more_svm_pictures import RIGHT as MORE_RIGHT
from more_svm_pictures import WRONG as MORE_WRONG
from svm_pictures import (
    RIGHT,
    WRONG,
    dataset,
    margins_at_distance_one,
    margins_moved_up_and_down,
    margins_too_wide,
    plain,
    wrong_sign_of_b,
)

from grader.checks.figure import (
    axes_labelled,
    boundary_drawn,
    classes_distinguishable,
    legend_shown,
    margins_drawn,
    support_vectors_marked,
)
from grader.errors import CheckFailed

CLAIMS = {
    "boundary": lambda figure, w, b, X, y: boundary_drawn(figure, w, b, X),
    "margins": lambda figure, w, b, X, y: margins_drawn(figure, w, b, X),
    "classes": lambda figure, w, b, X, y: classes_distinguishable(figure, X, y),
    "support": support_vectors_marked,
    "labels": lambda figure, w, b, X, y: axes_labelled(figure),
    "legend": lambda figure, w, b, X, y: legend_shown(figure),
}


@pytest.mark.parametrize("draw", RIGHT + MORE_RIGHT, ids=lambda draw: draw.__name__)
def test_a_right_picture_passes(draw, travel):
    data = dataset((RIGHT + MORE_RIGHT).index(draw))
    figure = travel(draw(*data))
    for claim in CLAIMS.values():
        claim(figure, *data)


@pytest.mark.parametrize("draw", WRONG + MORE_WRONG, ids=lambda draw: draw.__name__)
def test_a_wrong_picture_fails_for_its_mistake_only(draw, travel):
    data = dataset(100 + (WRONG + MORE_WRONG).index(draw))
    figure = travel(draw(*data))
    with pytest.raises(CheckFailed):
        CLAIMS[draw.fails](figure, *data)
    others = set(CLAIMS) - {draw.fails}
    if draw.fails == "boundary":
        others -= {"margins"}
    if draw.__name__ in ("coordinates_swapped", "one_class_is_missing", "drawn_over_by_all"):
        others -= {"support", "boundary", "margins"}
    if draw.__name__ == "outside_the_frame":
        others -= {"support", "classes"}
    for name in others:
        CLAIMS[name](figure, *data)


def test_usual_mistakes_are_named(travel):
    data = dataset(2)
    for draw, words in (
        (wrong_sign_of_b, "sign of b"),
        (margins_at_distance_one, "1 away"),
        (margins_moved_up_and_down, "moved by 1 upwards"),
        (margins_too_wide, "half of it is right"),
    ):
        with pytest.raises(CheckFailed) as caught:
            CLAIMS[draw.fails](travel(draw(*data)), *data)
        assert words in caught.value.diagnosis


def test_the_boundary_may_be_that_of_a_wrong_fit(travel):
    """The claims compare with the w and b that were given, whatever they are."""
    w, b, X, y = dataset(4)
    wrong = (w * [0.5, 2], b + 0.3)
    figure = travel(plain(*wrong, X, y))
    boundary_drawn(figure, *wrong, X)
    with pytest.raises(CheckFailed):
        boundary_drawn(figure, w, b, X)


def test_odd_arguments_do_not_crash(travel):
    w, b, X, y = dataset(5)
    figure = travel(plain(w, b, X, y))
    for odd in (np.zeros(2), np.full(2, np.nan), np.array([1e300, 1e300]), np.ones(3)):
        for claim in (boundary_drawn, margins_drawn):
            with pytest.raises(CheckFailed):
                claim(figure, odd, b, X)


def test_a_name_beside_a_support_vector_may_lie_on_another_example(travel):
    X = np.array([[0.5, 0], [1, 2], [3, 1], [-0.5, 0], [-1, 1], [-3, 2], [1.2, 2.1], [-2, 1]])
    y = np.array([1, 1, 1, -1, -1, -1, 1, -1])
    fig, ax = plt.subplots()
    ax.scatter(*X.T, c=y)
    for x in X[[0, 1, 3, 4]]:
        ax.text(x[0] + 0.2, x[1] + 0.1, "SV")
    support_vectors_marked(travel(fig), np.array([1.0, 0]), 0.0, X, y)


def test_support_vectors_exactly_on_the_margin_are_enough(travel):
    X = np.array([[1.0, 0], [1, 2], [2, 1], [3, 0], [-1, 0], [-1, 1], [-2, 2], [-3, 1], [0.5, 3]])
    y = np.array([1, 1, 1, 1, -1, -1, -1, -1, 1])
    for marked in (X[[0, 1, 4, 5, 8]], X[[0, 1, 4, 5]], X[[0]]):
        fig, ax = plt.subplots()
        ax.scatter(*X.T, c=y)
        ax.scatter(*marked.T, s=150, fc="none", ec="r")
        support_vectors_marked(travel(fig), np.array([1.0, 0]), 0.0, X, y)
