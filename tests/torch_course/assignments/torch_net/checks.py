"""Public checks: worked numbers, and the gradient against the slope of your own loss."""

import numpy as np
import pytest

from grader.checks import assert_close, assert_own_gradient, sequence


@pytest.mark.points(2)
@pytest.mark.hint("Each row is for itself.")
@pytest.mark.see("probabilities")
def test_probabilities_example(student):
    """probabilities of two rows"""
    Z = np.log(np.array([[1.0, 3.0], [2.0, 2.0]]))
    assert_close(student.probabilities(Z), np.array([[0.25, 0.75], [0.5, 0.5]]), "probabilities(Z)")


@pytest.mark.points(3)
@pytest.mark.hint("Both layers have a gradient.")
@pytest.mark.see("gradient")
def test_gradient_is_the_slope_of_loss(student, rng):
    """gradient agrees with the slope of your own loss"""
    V, W, X = rng.normal(size=(4, 3)), rng.normal(size=(2, 4)), rng.normal(size=(6, 3))
    y = np.arange(6) % 2
    assert_own_gradient(
        student.loss,
        sequence(student.gradient(V, W, X, y), 2, "(dV, dW)"),
        (V, W),
        lambda V, W: (V, W, X, y),
        names=("dV", "dW"),
        loss_name="loss",
        rng=rng,
    )
