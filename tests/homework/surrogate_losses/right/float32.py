import numpy as np
import matplotlib.pyplot as plt

F = np.float32
LN2 = F(np.log(2))


def f(a):
    return np.asarray(a, dtype=np.float32)


def loss(name, t):
    t = f(t)
    match name:
        case "zero_one":
            return F(0.5) * (1 - np.sign(t))
        case "hinge":
            return np.clip(1 - t, 0, None)
        case "logistic":
            return np.logaddexp(F(0), -t) / LN2
        case "modified_huber":
            return np.where(t <= 0, 1 - 2 * t, np.where(t <= 1, (t - 1) ** 2, F(0)))
        case "exponential":
            return np.exp(-t)
        case "sigmoid":
            return F(0.5) * (1 - np.tanh(t / 2))
    raise ValueError(name)


def derivative(name, t):
    t = f(t)
    return {
        "hinge": lambda: f(-(t < 1)) if False else -(t < 1).astype(F),
        "logistic": lambda: -(F(0.5) - F(0.5) * np.tanh(t / 2)) / LN2,
        "modified_huber": lambda: np.clip(2 * t - 2, -2, 0),
        "exponential": lambda: -np.exp(-t),
        "sigmoid": lambda: -1 / (2 + np.exp(t) + np.exp(-t)),
    }[name]()


def empirical_risk(name, w, b, X, y):
    return loss(name, f(y) * (f(X) @ f(w) + F(b))).mean()


def risk_gradient(name, w, b, X, y):
    w, X, y = f(w), f(X), f(y)
    s = y * derivative(name, y * (X @ w + F(b)))
    return s @ X / len(y), s.mean()


def midpoint_gap(name, u, v):
    u, v = f(u), f(v)
    return loss(name, (u + v) / 2) - (loss(name, u) + loss(name, v)) / 2


NAMES = np.array(["exponential", "hinge", "logistic", "modified_huber", "sigmoid"])


def nonconvex_losses(grid):
    u, v = np.broadcast_arrays(f(grid)[:, None], f(grid)[None])
    return NAMES[[midpoint_gap(n, u, v).max() > 1e-6 for n in NAMES]]


def upper_bounds(grid):
    return NAMES[[bool((loss(n, grid) >= loss("zero_one", grid)).all()) for n in NAMES]]


def plot_losses(ts):
    fig = plt.figure()
    ax = fig.add_subplot()
    for name in list(NAMES) + ["zero_one"]:
        ax.semilogy(ts, loss(name, ts), label=f"{name} loss")
    ax.set_ylim(1e-3, 20)
    ax.set_xlabel("$t$")
    ax.set_ylabel(r"$\ell(t)$")
    fig.legend(loc="upper right")
    return fig, ax
