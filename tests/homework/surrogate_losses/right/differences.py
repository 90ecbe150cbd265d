import numpy as np
import matplotlib.pyplot as plt

DEFINED = {}


def defines(name):
    def put(f):
        DEFINED[name] = f
        return f
    return put


@defines("zero_one")
def _(t): return (t < 0) + 0.5 * (t == 0)


@defines("hinge")
def _(t): return np.max([np.zeros_like(t), 1 - t], axis=0)


@defines("logistic")
def _(t): return np.where(t < 0, -t, 0) / np.log(2) + np.log2(1 + np.exp(-np.fabs(t)))


@defines("modified_huber")
def _(t): return np.where(t > 1, 0, np.where(t > 0, t**2 - 2 * t + 1, 1 - 2 * t))


@defines("exponential")
def _(t): return 1 / np.exp(t)


@defines("sigmoid")
def _(t): return (1 - np.tanh(0.5 * t)) / 2


def loss(name, t):
    if name in DEFINED:
        return DEFINED[name](t + 0.0)
    raise ValueError("unknown name")


# a central difference is a subgradient of each of them: -1/2 at the corner of the hinge
def derivative(name, t):
    h = 2.0**-17
    return (loss(name, t + h) - loss(name, t - h)) / (2 * h)


def empirical_risk(name, w, b, X, y):
    return loss(name, y * (X @ w + b)).mean(axis=0)


def risk_gradient(name, w, b, X, y):
    a = derivative(name, y * (X @ w + b)) * y / len(y)
    return (a @ X).tolist(), a.sum()


def midpoint_gap(name, u, v):
    return (2 * loss(name, (u + v) / 2) - loss(name, u) - loss(name, v)) / 2


def nonconvex_losses(grid):
    return [n for n in sorted(DEFINED) if n != "zero_one"
            and max(midpoint_gap(n, u * np.ones(1), v * np.ones(1)).item() for u in grid for v in grid) > 1e-6]


def upper_bounds(grid):
    return sorted(n for n in DEFINED if n[0] != "z" and np.greater_equal(loss(n, grid), loss("zero_one", grid)).all())


def plot_losses(ts):
    figure, axes = plt.subplots()
    for name, marker in zip(sorted(DEFINED), "ovs^xD"):
        axes.plot(ts, loss(name, ts), marker, markersize=3, label=name)
    axes.set_xlabel("margin")
    axes.set_ylabel("loss")
    axes.set_yscale("symlog")
    axes.legend()
    return axes.lines
