"""A linear support vector machine. README.md says what each function should do.

Sizes: n examples, d features.
X (n, d) has one example per row; y (n,) holds -1.0 and +1.0; w (d,); b and C are floats.
"""

import matplotlib.pyplot as plt
import numpy as np


def hinge_loss(t):
    """max(0, 1 - t), element by element.

    t: an array of any shape. Returns an array of the same shape.
    """
    raise NotImplementedError


def objective(w, b, X, y, C):
    """1/2 ||w||^2 + C times the sum over the examples of hinge(y_i (w.x_i + b)).

    Returns a float.
    """
    raise NotImplementedError


def subgradient(w, b, X, y, C):
    """A subgradient of objective with respect to w and b.

    Returns (gw, gb): gw of shape (d,), gb a float. Where the subgradient is not unique, any.
    """
    raise NotImplementedError


def fit(X, y, C, steps, step_size, schedule):
    """Subgradient descent on objective, from w = 0 and b = 0.

    schedule: "constant", "1/k" or "1/sqrt(k)", with k = 1 in the first step. Any other one is a
    ValueError.
    Returns (w, b, history): the iterate with the lowest objective, and history (steps + 1,), the
    objective at every iterate, the start included.
    """
    raise NotImplementedError


def margin(w):
    """The distance between the hyperplanes w.x + b = 1 and w.x + b = -1. Returns a float."""
    raise NotImplementedError


def support_vectors(w, b, X, y, tol):
    """The examples with y_i (w.x_i + b) <= 1 + tol. Returns their indices, increasing integers."""
    raise NotImplementedError


def plot_decision_boundary(w, b, X, y):
    """Draw a classifier of points in the plane (d = 2).

    Show both classes, the boundary w.x + b = 0, the margins w.x + b = 1 and w.x + b = -1, and
    which examples are support vectors; label the axes and add a legend. Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python svm_subgradient.py trains on two clouds of points, with two values of C, and shows
    # your figures.
    rng = np.random.default_rng(2)
    y = np.repeat([1.0, -1.0], 40)
    X = rng.normal(size=(80, 2)) + np.outer(y, [1.5, 0.5]) + [3.0, 1.0]
    for C in (0.01, 1.0):
        w, b, history = fit(X, y, C, steps=2000, step_size=0.1, schedule="1/sqrt(k)")
        on = support_vectors(w, b, X, y, 1e-3)
        print(f"C = {C}: objective {history[0]:.4f} -> {np.min(history):.4f}")
        print(f"  margin {margin(w):.3f}, {len(on)} support vectors")
        plot_decision_boundary(w, b, X, y)
    plt.show()
