# Results in unusual containers: matrices of one column never, but lists, tuples and 0-d arrays.
import matplotlib.pyplot as plt
import numpy as np


def full_gradient(w, X, y):
    r = np.asarray(X) @ w - y
    return tuple(np.einsum("i,ij->j", r, X) / r.size)


def batch_gradient(w, X, y, indices):
    r = X.take(indices, axis=0) @ w - y.take(indices)
    return list(np.einsum("i,ij->j", r, X.take(indices, axis=0)) / r.size)


class UnknownSchedule(ValueError):
    pass


def step_sizes(schedule, alpha, delta, steps):
    if schedule not in {"constant", "inverse", "power"}:
        raise UnknownSchedule(f"{schedule} is not a schedule")
    t = np.linspace(1, steps, steps)
    return {"constant": alpha + 0 * t, "inverse": alpha / (1 + delta * t), "power": alpha / t**delta}[
        schedule
    ].tolist()


def draw_batches(n, steps, batch_size, seed):
    return np.random.RandomState(seed).choice(n, size=(steps, batch_size), replace=True).astype(float)


def sgd(X, y, w0, batches, alphas):
    out = [tuple(w0)]
    for b, a in zip(batches, alphas):
        out.append(tuple(np.array(out[-1]) - a * np.array(batch_gradient(np.array(out[-1]), X, y, b))))
    return tuple(out)


def weighted_average(path, alphas):
    return tuple(np.einsum("t,td->d", alphas, path[:-1]) / np.sum(alphas))


def bound(R2, G2, alphas):
    return np.array(0.5 * (R2 + G2 * np.dot(alphas, alphas)) / np.sum(alphas))


def best_constant_step(R2, G2, steps):
    return np.float64((R2 / G2 / steps) ** 0.5)


def meets_conditions(schedule, delta):
    if schedule == "constant":
        return np.array([1, 0])
    if schedule == "inverse":
        return np.array([True, True])
    return (1 if delta <= 1 else 0, 1.0 if delta > 1 / 2 else 0.0)


def gradient_variance(w, X, y, batch_size):
    G = np.array([batch_gradient(w, X, y, np.array([i])) for i in range(len(y))])
    return np.trace(np.atleast_2d(np.cov(G.T, ddof=0))) / batch_size if len(y) > 1 else [0.0][0]


def plot_runs(histories):
    lines = []
    for name, h in histories.items():
        lines += plt.plot(np.arange(1, len(h) + 1), h, ".-", ms=2)
    plt.legend(lines, [f"run '{name}'" for name in histories])
    plt.yscale("log")
    plt.gca().set(xlabel="iterate", ylabel="suboptimality")
    return lines
