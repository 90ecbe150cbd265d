import helper
import matplotlib.pyplot as plt
import numpy as np
from helper import each


def full_gradient(w, X, y):
    return batch_gradient(w, X, y, np.arange(len(y)))


def batch_gradient(w, X, y, indices):
    return each(w, X, y)[indices].mean(0)


def step_sizes(schedule, alpha, delta, steps):
    if schedule not in ("constant", "inverse", "power"):
        raise ValueError(f"schedule: {schedule!r}")
    t = np.arange(steps) + 1
    return np.select(
        [schedule == name for name in ("constant", "inverse", "power")],
        [np.full(steps, alpha), alpha / (1 + delta * t), alpha / t**delta],
    )


def draw_batches(n, steps, batch_size, seed):
    streams = np.random.SeedSequence(seed).spawn(steps)
    return np.array([np.random.default_rng(s).integers(0, n - 1, batch_size, endpoint=True) for s in streams])


def sgd(X, y, w0, batches, alphas):
    w, path = w0, np.zeros((0, len(w0)))
    for batch, alpha in zip(batches, alphas):
        path = np.r_[path, w[None]]
        w = w - alpha * each(w, X, y)[batch].sum(0) / batch.size
    return np.r_[path, w[None]]


def weighted_average(path, alphas):
    return (np.diag(alphas) @ path[: len(alphas)]).sum(0) / np.sum(alphas)


def bound(R2, G2, alphas):
    return np.divide(R2 + G2 * (alphas @ alphas), 2 * alphas.sum())


def best_constant_step(R2, G2, steps):
    return np.hypot(0, np.sqrt(R2 / G2 / steps))


def meets_conditions(schedule, delta):
    p = helper.exponent(schedule, delta)
    return (p <= 1, p > 1 / 2)


def gradient_variance(w, X, y, batch_size):
    G = each(w, X, y)
    return np.square(np.linalg.norm(G - full_gradient(w, X, y), axis=1)).mean() / batch_size


def plot_runs(histories):
    fig = plt.Figure()
    ax = fig.subplots()
    for name, history in histories.items():
        (line,) = ax.plot(history)
        middle = len(history) // 2
        ax.annotate(
            name, (middle, history[middle]), color=line.get_color(),
            xytext=(10, 10), textcoords="offset points",
        )
    ax.set_yscale("log", nonpositive="clip")
    ax.set_xlabel("шаг")
    ax.set_ylabel("разность")
    return fig
