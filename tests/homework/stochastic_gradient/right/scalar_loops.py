# Plain Python: no numpy but for what comes in, lists everywhere.
import math
import random

import matplotlib.pyplot as plt


def residual(w, x, target):
    total = -float(target)
    for a, b in zip(w, x):
        total += float(a) * float(b)
    return total


def full_gradient(w, X, y):
    return batch_gradient(w, X, y, range(len(y)))


def batch_gradient(w, X, y, indices):
    g = [0.0] * len(w)
    count = 0
    for i in indices:
        r = residual(w, X[i], y[i])
        count += 1
        for j in range(len(w)):
            g[j] += r * float(X[i][j])
    return [value / count for value in g]


def step_sizes(schedule, alpha, delta, steps):
    out = []
    for t in range(1, steps + 1):
        if schedule == "constant":
            out.append(alpha)
        elif schedule == "inverse":
            out.append(alpha / (1 + delta * t))
        elif schedule == "power":
            out.append(alpha / math.pow(t, delta))
        else:
            raise ValueError("schedule must be constant, inverse or power")
    return out


def draw_batches(n, steps, batch_size, seed):
    dice = random.Random(f"batches {seed}")
    return [[int(dice.random() * n) for _ in range(batch_size)] for _ in range(steps)]


def sgd(X, y, w0, batches, alphas):
    path = [[float(v) for v in w0]]
    for batch, alpha in zip(batches, alphas):
        w = path[-1]
        g = batch_gradient(w, X, y, batch)
        path.append([a - float(alpha) * b for a, b in zip(w, g)])
    return path


def weighted_average(path, alphas):
    total = sum(float(a) for a in alphas)
    d = len(path[0])
    return [sum(float(a) * float(w[j]) for a, w in zip(alphas, path)) / total for j in range(d)]


def bound(R2, G2, alphas):
    return (R2 + G2 * sum(float(a) ** 2 for a in alphas)) / (2 * sum(float(a) for a in alphas))


def best_constant_step(R2, G2, steps):
    return math.sqrt(R2) / math.sqrt(G2) / math.sqrt(steps)


def meets_conditions(schedule, delta):
    if schedule == "constant":
        return [True, False]
    if schedule == "inverse":
        return [True, True]
    return [not delta > 1, not delta <= 0.5]


def gradient_variance(w, X, y, batch_size):
    n = len(y)
    mean = full_gradient(w, X, y)
    total = 0.0
    for i in range(n):
        g = batch_gradient(w, X, y, [i])
        total += sum((a - b) ** 2 for a, b in zip(g, mean))
    return total / n / batch_size


def plot_runs(histories):
    fig = plt.figure()
    ax = fig.add_subplot(111)
    for name in histories:
        xs, ys = [], []
        for t, value in enumerate(histories[name]):
            if value > 0:
                xs.append(t)
                ys.append(value)
        ax.plot(xs, ys, label=name)
    ax.set_yscale("log")
    ax.set_xlabel("t")
    ax.set_ylabel("F - Fmin")
    ax.legend(loc="best")
    return fig
