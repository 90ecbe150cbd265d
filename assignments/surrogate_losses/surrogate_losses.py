"""Surrogate losses. README.md says what each function should do.

Sizes: n examples, d features.
X (n, d) has one example per row; y (n,) holds -1.0 and +1.0; w (d,); b is a float. A margin is
t = y (w.x + b).
"""

import matplotlib.pyplot as plt
import numpy as np


def loss(name, t):
    """The loss of each margin.

    name: "zero_one", "hinge", "logistic", "modified_huber", "exponential" or "sigmoid". Any other
    one is a ValueError.
    t: an array of any shape. Returns an array of the same shape.
    """
    raise NotImplementedError


def derivative(name, t):
    """The derivative of the loss at each margin, for every name but "zero_one".

    t: an array of any shape. Returns an array of the same shape.
    """
    raise NotImplementedError


def empirical_risk(name, w, b, X, y):
    """The mean over the examples of the loss of y_i (w.x_i + b). Returns a float."""
    raise NotImplementedError


def risk_gradient(name, w, b, X, y):
    """The gradient of empirical_risk with respect to w and b, for every name but "zero_one".

    Returns (gw, gb): gw of shape (d,), gb a float. Where it is not unique, any subgradient.
    """
    raise NotImplementedError


def midpoint_gap(name, u, v):
    """loss((u + v)/2) - (loss(u) + loss(v))/2, element by element.

    u, v: arrays of one shape. Returns an array of that shape.
    """
    raise NotImplementedError


def nonconvex_losses(grid):
    """The losses that some pair of numbers of the grid shows not to be convex.

    grid (m,): numbers in any order. Returns a sorted list of names, without "zero_one".
    """
    raise NotImplementedError


def upper_bounds(grid):
    """The losses that are at least as large as the zero-one loss on the whole grid.

    grid (m,): numbers in any order. Returns a sorted list of names, without "zero_one".
    """
    raise NotImplementedError


def plot_losses(ts):
    """Draw all six losses against the margin, each with its name, and label the axes.

    ts (m,): the margins, increasing. Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python surrogate_losses.py prints what the handout asks about and shows your figure.
    grid = np.linspace(-3.0, 3.0, 61) + 0.025
    print("not convex:", nonconvex_losses(grid))
    print("upper bounds of the zero-one loss:", upper_bounds(grid))
    # Five examples on a line. The last one is far on the wrong side: an outlier.
    X, y = np.array([[1.0], [2.0], [-1.0], [-2.0], [8.0]]), np.array([1.0, 1.0, -1.0, -1.0, -1.0])
    for name in ("exponential", "hinge", "logistic", "modified_huber", "sigmoid"):
        risk = empirical_risk(name, np.ones(1), 0.0, X, y)
        (pull,), _ = risk_gradient(name, np.ones(1), 0.0, X, y)
        print(f"{name:14}  risk {risk:.4f}, slope in w {pull:+.4f}")
    plot_losses(np.linspace(-3.0, 3.0, 241))
    plt.show()
