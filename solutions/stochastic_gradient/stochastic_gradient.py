"""Stochastic gradient descent for least squares.

F(w) = 1/n sum_i f_i(w) with f_i(w) = 1/2 (w.x_i - y_i)^2.

Sizes: n examples, d features, b examples in a batch. X (n, d), y (n,), w (d,). A batch holds the
indices of examples; one that stands there twice counts twice. A path (steps + 1, d) holds one
iterate per row, the start in row 0.
"""

import matplotlib.pyplot as plt
import numpy as np


def full_gradient(w, X, y):
    """Gradient of F.

        grad f_i = (w.x_i - y_i) x_i      grad F = 1/n sum_i grad f_i = X'(Xw - y) / n

    Returns (d,).
    """
    return X.T @ (X @ w - y) / len(y)


def batch_gradient(w, X, y, indices):
    """Mean of the gradients of the examples in a batch, (d,).

    It is the full gradient of a data set that holds the batch alone, repeats included.
    """
    return full_gradient(w, X[indices], y[indices])


def step_sizes(schedule, alpha, delta, steps):
    """Step sizes alpha_1, ..., alpha_steps, (steps,).

    "constant" alpha     "inverse" alpha / (1 + delta t)     "power" alpha / t^delta
    """
    t = np.arange(1, steps + 1)
    if schedule == "constant":
        return np.full(steps, float(alpha))
    if schedule == "inverse":
        return alpha / (1 + delta * t)
    if schedule == "power":
        return alpha / t**delta
    raise ValueError(f"unknown schedule {schedule!r}")


def draw_batches(n, steps, batch_size, seed):
    """A batch for each step, (steps, batch_size): independent, uniform indices below n.

    A generator made of the seed repeats itself and disturbs no other.
    """
    return np.random.default_rng(seed).integers(n, size=(steps, batch_size))


def sgd(X, y, w0, batches, alphas):
    """Every iterate of w_t = w_{t-1} - alpha_t g_t, g_t the gradient of batch t at w_{t-1}.

    Returns (steps + 1, d), the start included.
    """
    path = np.empty((len(alphas) + 1, len(w0)))
    path[0] = w0
    for t, (batch, alpha) in enumerate(zip(batches, alphas, strict=True)):
        path[t + 1] = path[t] - alpha * batch_gradient(path[t], X, y, batch)
    return path


def weighted_average(path, alphas):
    """sum_t alpha_t w_{t-1} / sum_t alpha_t: each iterate with the step that leaves it, (d,)."""
    return alphas @ path[:-1] / alphas.sum()


def bound(R2, G2, alphas):
    """What F(weighted average) - min F is at most, in expectation.

    (R2 + G2 sum alpha_t^2) / (2 sum alpha_t),   R2 = |w_0 - w*|^2,   E |g_t|^2 <= G2
    """
    return float((R2 + G2 * np.sum(alphas**2)) / (2 * np.sum(alphas)))


def best_constant_step(R2, G2, steps):
    """The h that makes R2 / (2 steps h) + G2 h / 2 smallest: both terms are equal there."""
    return float(np.sqrt(R2 / (G2 * steps)))


def meets_conditions(schedule, delta):
    """Whether sum alpha_t diverges, and whether sum alpha_t^2 is finite.

    sum t^-p is finite for p > 1 and for no other p. "inverse" behaves like p = 1.
    """
    power = {"constant": 0.0, "inverse": 1.0, "power": delta}[schedule]
    return power <= 1, 2 * power > 1


def gradient_variance(w, X, y, batch_size):
    """E |g - grad F|^2 of a batch drawn with replacement, summed over the coordinates.

    The mean of b independent draws has 1/b of the variance of one of them.
    """
    mean = full_gradient(w, X, y)
    single = [batch_gradient(w, X, y, np.array([i])) for i in range(len(y))]
    return float(np.mean([np.sum((g - mean) ** 2) for g in single]) / batch_size)


def plot_runs(histories):
    """F - min F against the step, one named curve per run, on a logarithmic axis.

    histories: name -> (steps + 1,). Returns the Figure.
    """
    figure, axes = plt.subplots(layout="constrained")
    for name, history in histories.items():
        axes.plot(history, label=name)
    # Equal ratios are equally high here: a constant rate of convergence is a straight line.
    axes.set(xlabel="step", ylabel="F - min F", yscale="log")
    axes.legend()
    return figure


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 5)) * [1.0, 1.0, 0.7, 0.5, 0.3]
    y = X @ [1.0, -2.0, 0.5, 1.0, 3.0] + 0.5 * rng.normal(size=200)
    w0, steps = np.zeros(5), 2000
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    histories = {}
    for name, schedule, alpha, delta, batch_size in (
        ("constant", "constant", 0.1, 0.0, 1),
        ("constant, batches of 16", "constant", 0.1, 0.0, 16),
        ("inverse", "inverse", 0.2, 0.02, 1),
        ("power", "power", 0.4, 0.6, 1),
    ):
        batches = draw_batches(len(y), steps, batch_size, seed=1)
        path = sgd(X, y, w0, batches, step_sizes(schedule, alpha, delta, steps))
        # F is quadratic, so that F(w) - min F = |X (w - best)|^2 / 2n.
        histories[name] = np.sum(((path - best) @ X.T) ** 2, axis=1) / (2 * len(y))
        print(f"{name}: F - min F is {histories[name][-100:].mean():.1e} in the last 100 steps")
    plot_runs(histories)
    plt.show()
