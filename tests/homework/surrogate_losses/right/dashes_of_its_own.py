"""The reference's losses; all curves are black, and each has dashes of its own."""

"""Surrogate losses: the reference.

Six losses of the margin t = y f(x): how each punishes, its slope, whether it is convex, and
whether it bounds the zero-one loss from above.
"""

import matplotlib.pyplot as plt
import numpy as np

CONVEX_UP_TO = 1e-6  # a midpoint gap above this is no rounding error
SURROGATES = ("exponential", "hinge", "logistic", "modified_huber", "sigmoid")


def loss(name, t):
    """The loss of each margin, in the shape of t.

        zero_one        1 for t < 0, 0 for t > 0
        hinge           max(0, 1 - t)
        logistic        log2(1 + exp(-t))
        modified_huber  1 - 2t for t <= 0, (t - 1)^2 for 0 < t <= 1, 0 beyond
        exponential     exp(-t)
        sigmoid         1 / (1 + exp(t))

    Raises ValueError for another name.
    """
    t = np.asarray(t, dtype=float)
    if name == "zero_one":
        return np.where(t < 0, 1.0, 0.0)
    if name == "hinge":
        return np.maximum(0.0, 1.0 - t)
    if name == "logistic":
        # log(e^0 + e^-t) without ever forming e^-t, which overflows for t below -709.
        return np.logaddexp(0.0, -t) / np.log(2.0)
    if name == "modified_huber":
        return np.where(t <= 0, 1.0 - 2.0 * t, np.maximum(0.0, 1.0 - t) ** 2)
    if name == "exponential":
        return np.exp(-t)
    if name == "sigmoid":
        return _falling_sigmoid(t)
    raise ValueError(f"unknown loss {name!r}")


def _falling_sigmoid(t):
    """1 / (1 + exp(t)), with the exponential of a number that is never positive."""
    small = np.exp(-np.abs(t))
    return np.where(t > 0, small, 1.0) / (1.0 + small)


def derivative(name, t):
    """d loss / dt of each margin, in the shape of t, for every loss but "zero_one".

    The hinge has no derivative at t = 1: we take 0, and any number from -1 to 0 would do.
    """
    t = np.asarray(t, dtype=float)
    if name == "hinge":
        return np.where(t < 1, -1.0, 0.0)
    if name == "logistic":
        # d/dt log(1 + e^-t) = -e^-t / (1 + e^-t) = -1 / (1 + e^t)
        return -_falling_sigmoid(t) / np.log(2.0)
    if name == "modified_huber":
        # Both branches have the slope -2 at t = 0, and the last two the slope 0 at t = 1.
        return np.where(t <= 0, -2.0, -2.0 * np.maximum(0.0, 1.0 - t))
    if name == "exponential":
        return -np.exp(-t)
    if name == "sigmoid":
        s = _falling_sigmoid(t)
        return -s * (1.0 - s)
    raise ValueError(f"no derivative of {name!r}")


def _margins(w, b, X, y):
    """y_i (w.x_i + b), (n,)."""
    return y * (X @ w + b)


def empirical_risk(name, w, b, X, y):
    """1/n sum_i loss(y_i (w.x_i + b)), a float."""
    return float(np.mean(loss(name, _margins(w, b, X, y))))


def risk_gradient(name, w, b, X, y):
    """The gradient of `empirical_risk`: (gw, gb), by the chain rule through each margin.

    gw = 1/n sum_i loss'(t_i) y_i x_i        gb = 1/n sum_i loss'(t_i) y_i
    """
    slopes = derivative(name, _margins(w, b, X, y)) * y
    return X.T @ slopes / len(y), float(np.mean(slopes))


def midpoint_gap(name, u, v):
    """loss((u + v)/2) - (loss(u) + loss(v))/2, element by element.

    A convex function lies below its chords, so that no gap of it is positive.
    """
    return loss(name, (u + v) / 2) - (loss(name, u) + loss(name, v)) / 2


def nonconvex_losses(grid):
    """The surrogates that the midpoints of some pair of the grid show not to be convex."""
    # All pairs, as two arrays of one shape.
    u, v = (each.ravel() for each in np.meshgrid(grid, grid))
    return [name for name in SURROGATES if np.max(midpoint_gap(name, u, v)) > CONVEX_UP_TO]


def upper_bounds(grid):
    """The surrogates that are nowhere on the grid below the zero-one loss."""
    return [name for name in SURROGATES if np.all(loss(name, grid) >= loss("zero_one", grid))]


def plot_losses(ts):
    """Draw the six losses against the margin. Returns the Figure."""
    figure, axes = plt.subplots()
    for name in ("zero_one", *SURROGATES):
        axes.plot(ts, loss(name, ts), label=name)
    # The exponential would flatten everything else.
    axes.set(xlabel="margin t = y f(x)", ylabel="loss", ylim=(-0.1, 4.0))
    axes.legend()
    return figure


def plot_losses(ts):
    figure, axes = plt.subplots()
    styles = ["-", "--", ":", "-.", (0, (1, 2)), (0, (5, 1))]
    names = ["zero_one", "hinge", "logistic", "modified_huber", "exponential", "sigmoid"]
    for name, style in zip(names, styles, strict=True):
        axes.plot(ts, loss(name, ts), color="k", linestyle=style, label=name)
    axes.set_ylim(0, 2)
    axes.set_xlabel("margin")
    axes.set_ylabel("loss")
    axes.legend()
    return figure
