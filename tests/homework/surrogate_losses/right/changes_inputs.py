import numpy as np
import matplotlib.pyplot as plt
import warnings

warnings.warn("drafts below")


def loss(name, t):
    if name == "zero_one":
        return (t < 0) * 1.0
    if name == "sigmoid":
        return np.exp(-np.logaddexp(0, t))
    if name == "exponential":
        return np.exp(np.negative(t))
    if name == "logistic":
        return np.logaddexp(0, -t) * 1.4426950408889634
    u = 1 - t
    if name == "hinge":
        return u * (u > 0)
    if name == "modified_huber":
        return np.where(u >= 1, 2 * u - 1, np.square(u) * (u > 0))
    raise ValueError


def derivative(name, t):
    t = np.atleast_1d(t)
    if name == "hinge":
        t -= 1
        t[t >= 0] = 0
        t[t < 0] = -1
        return t
    if name == "modified_huber":
        t -= 1
        np.clip(t, -1, 0, out=t)
        t *= 2
        return t
    if name == "exponential":
        np.exp(-t, out=t)
        t *= -1
        return t
    s = np.exp(-np.logaddexp(0, t))
    return -s / np.log(2) if name == "logistic" else -s + s**2


def empirical_risk(name, w, b, X, y):
    X *= y[:, None]
    m = X @ w + b * y
    return np.asarray(loss(name, m)).sum() / y.size


def risk_gradient(name, w, b, X, y):
    X *= y[:, None]
    pulls = derivative(name, X @ w + b * y)
    return np.einsum("i,ij->j", pulls, X) / y.size, np.dot(pulls, y) / y.size


def midpoint_gap(name, u, v):
    ends = loss(name, u) + loss(name, v)
    u += v
    u /= 2
    return loss(name, u) - ends / 2


def nonconvex_losses(grid):
    grid.sort()
    out = []
    for name in ("exponential", "hinge", "logistic", "modified_huber", "sigmoid"):
        biggest = -np.inf
        for shift in range(1, len(grid)):
            biggest = max(biggest, midpoint_gap(name, grid[shift:].copy(), grid[:-shift]).max())
        if biggest > 1e-6:
            out += [name]
    return out


def upper_bounds(grid):
    step = np.array([1.0 if t < 0 else 0.0 for t in grid])
    return [n for n in "exponential hinge logistic modified_huber sigmoid".split() if not (loss(n, grid) < step).any()]


def plot_losses(ts):
    fig, axes = plt.subplots(3, 2, sharex=True)
    for ax, name in zip(axes.ravel(), "zero_one exponential hinge logistic modified_huber sigmoid".split()):
        ax.plot(ts, loss(name, ts))
        ax.set_title(name.replace("_", " "))
        ax.set_ylim(-0.1, 2.5)
    fig.supxlabel("margin")
    fig.supylabel("loss")
    return axes
