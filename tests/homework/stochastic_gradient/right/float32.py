"""Everything in single precision."""

import matplotlib.pyplot as plt
import numpy as np

f = np.float32


def full_gradient(w, X, y):
    w, X, y = f(w), f(X), f(y)
    return np.dot(X.T, np.dot(X, w) - y) / f(len(y))


def batch_gradient(w, X, y, indices):
    return full_gradient(w, X[indices, :], y[indices])


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(steps, dtype=f) + f(1)
    match schedule:
        case "constant":
            return np.ones(steps, f) * f(alpha)
        case "inverse":
            return f(alpha) / (1 + f(delta) * t)
        case "power":
            return f(alpha) * t ** f(-delta)
    raise ValueError(schedule)


def draw_batches(n, steps, batch_size, seed):
    return np.random.default_rng(seed).integers(0, n, (steps, batch_size), dtype=np.uint16)


def sgd(X, y, w0, batches, alphas):
    w = w0.astype(f)
    path = [w]
    for t in range(len(alphas)):
        w = w - f(alphas[t]) * batch_gradient(w, X, y, batches[t])
        path.append(w)
    return np.stack(path)


def weighted_average(path, alphas):
    a = f(alphas)
    return (a[:, None] * f(path)[:-1]).sum(0) / a.sum()


def bound(R2, G2, alphas):
    a = f(alphas)
    return (f(R2) + f(G2) * (a * a).sum()) / (f(2) * a.sum())


def best_constant_step(R2, G2, steps):
    return np.sqrt(f(R2) / f(G2) / f(steps))


def meets_conditions(schedule, delta):
    p = {"constant": 0, "inverse": 1, "power": delta}[schedule]
    return np.bool_(p <= 1), np.bool_(p > 0.5)


def gradient_variance(w, X, y, batch_size):
    w, X, y = f(w), f(X), f(y)
    G = X * (X @ w - y)[:, None]
    G = G - G.mean(axis=0)
    return f((G**2).sum() / len(y) / batch_size)


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in histories.items():
        ax.semilogy(f(h), label="SGD: " + name)
    ax.set_title("Runs")
    ax.set_xlabel("step $t$")
    ax.set_ylabel(r"$F(w_t) - F^\ast$")
    fig.legend()
    return fig, ax
