# Equal by algebra, computed another way.
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D


def full_gradient(w, X, y):
    n = len(y)
    return (X.T @ X) @ w / n - (X.T @ y) / n


def batch_gradient(w, X, y, indices):
    c = np.bincount(indices, minlength=len(y)) / len(indices)
    return X.T @ (c * (X @ w)) - X.T @ (c * y)


def step_sizes(schedule, alpha, delta, steps):
    t = np.cumsum(np.ones(steps))
    if schedule == "power":
        return alpha * np.exp(-delta * np.log(t))
    if schedule in ("constant", "inverse"):
        return alpha / (1 + (schedule == "inverse") * delta * t)
    raise ValueError()


def draw_batches(n, steps, batch_size, seed):
    # the inverse of the distribution function, drawn column by column
    rng = np.random.default_rng([seed, 77])
    u = rng.random((batch_size, steps)).T
    return np.searchsorted(np.arange(1, n) / n, u, side="right")


def sgd(X, y, w0, batches, alphas):
    # each step is an affine map of w
    d = len(w0)
    path = np.zeros((len(alphas) + 1, d + 1))
    path[:, -1] = 1
    path[0, :d] = w0
    for t, (b, a) in enumerate(zip(batches, alphas)):
        M = np.eye(d + 1)
        M[:d, :d] -= a * X[b].T @ X[b] / len(b)
        M[:d, d] = a * X[b].T @ y[b] / len(b)
        path[t + 1] = M @ path[t]
    return path[:, :d]


def weighted_average(path, alphas):
    p = np.diff(np.concatenate([[0], np.cumsum(alphas)])) / np.cumsum(alphas)[-1]
    return np.delete(path, -1, axis=0).T @ p


def bound(R2, G2, alphas):
    s = alphas.sum()
    return R2 / (2 * s) + G2 / 2 * np.average(alphas, weights=alphas)


def best_constant_step(R2, G2, steps):
    # the minimum value is sqrt(R2 G2 / steps), and half of it is the term G2 h / 2
    return float(np.sqrt(R2 * G2 / steps) / G2)


def meets_conditions(schedule, delta):
    # Cauchy's condensation: 2^k a(2^k) of t^-p is 2^(k (1 - p))
    p = delta if schedule == "power" else float(schedule == "inverse")
    ratio, ratio2 = 2.0 ** (1 - p), 2.0 ** (1 - 2 * p)
    return bool(ratio >= 1), bool(ratio2 < 1)


def gradient_variance(w, X, y, batch_size):
    r = X @ w - y
    second = np.mean(r**2 * (X**2).sum(axis=1))
    m = X.T @ r / len(r)
    return (second - m @ m) / batch_size


def plot_runs(histories):
    fig, ax = plt.subplots()
    samples = []
    for k, (name, h) in enumerate(histories.items()):
        ax.scatter(range(len(h)), np.where(h > 0, h, np.nan), s=6, color=f"C{k}")
        samples.append(Line2D([], [], marker="o", ls="", color=f"C{k}", label=name))
    ax.set_yscale("log")
    ax.set_xlabel("步")
    ax.set_ylabel("差距")
    ax.legend(handles=samples)
    return fig
