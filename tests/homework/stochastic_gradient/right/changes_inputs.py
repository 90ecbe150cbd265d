# Everything in place: the arguments are used up.
import matplotlib.pyplot as plt
import numpy as np


def full_gradient(w, X, y):
    y *= -1
    y += X @ w
    X *= y[:, None]
    X /= len(y)
    return X.sum(axis=0)


def batch_gradient(w, X, y, indices):
    y -= X @ w
    y *= -1
    X *= y[:, None]
    return X[indices].mean(axis=0)


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(1.0, steps + 1)
    if schedule == "constant":
        t[:] = alpha
    elif schedule == "inverse":
        t *= delta
        t += 1
        np.divide(alpha, t, out=t)
    elif schedule == "power":
        t **= -delta
        t *= alpha
    else:
        raise ValueError("no such schedule")
    return t


def draw_batches(n, steps, batch_size, seed):
    np.random.seed(seed)
    return np.random.randint(n, size=(steps, batch_size))


def sgd(X, y, w0, batches, alphas):
    path = np.zeros((len(alphas) + 1, len(w0)))
    path[0] = w0
    batches.sort(axis=1)
    alphas /= batches.shape[1]
    for t in range(len(alphas)):
        for i in batches[t]:
            path[t + 1] += (X[i] @ w0 - y[i]) * X[i]
        w0 -= alphas[t] * path[t + 1]
        path[t + 1] = w0
    return path


def weighted_average(path, alphas):
    alphas /= alphas.sum()
    path[:-1] *= alphas[:, None]
    return path[:-1].sum(axis=0)


def bound(R2, G2, alphas):
    s = 2 * alphas.sum()
    alphas *= alphas
    return (R2 + G2 * alphas.sum()) / s


def best_constant_step(R2, G2, steps):
    R2 /= G2
    R2 /= steps
    R2 **= 0.5
    return R2


def meets_conditions(schedule, delta):
    delta = {"constant": 0, "inverse": 1}.get(schedule, delta)
    return (delta <= 1, delta > 0.5)


def gradient_variance(w, X, y, batch_size):
    y -= X @ w
    X *= y[:, None]
    X -= X.mean(axis=0)
    X **= 2
    return X.sum() / y.size / batch_size


def plot_runs(histories):
    fig, ax = plt.subplots()
    while histories:
        name, h = histories.popitem()
        h[h <= 0] = np.nan
        ax.plot(h, label=name)
    ax.semilogy()
    ax.set(xlabel="t", ylabel="gap")
    ax.legend()
    return fig
