"""Stochastic gradient descent for least squares. README.md says what each function should do.

F(w) = 1/n sum_i f_i(w) with f_i(w) = 1/2 (w.x_i - y_i)^2: X (n, d), y (n,), w (d,). A path
(steps + 1, d) holds one iterate per row, the start in row 0.
"""

import matplotlib.pyplot as plt
import numpy as np


def full_gradient(w, X, y):
    """The gradient of F at w. Returns (d,)."""
    raise NotImplementedError


def batch_gradient(w, X, y, indices):
    """The mean of the gradients of the examples in indices, an int array. Returns (d,)."""
    raise NotImplementedError


def step_sizes(schedule, alpha, delta, steps):
    """Step sizes for t = 1, ..., steps of "constant", "inverse" or "power". Returns (steps,).

    Raises ValueError for another schedule.
    """
    raise NotImplementedError


def draw_batches(n, steps, batch_size, seed):
    """Indices below n for every step, drawn independently and uniformly.

    Returns (steps, batch_size) ints. The same seed gives the same batches.
    """
    raise NotImplementedError


def sgd(X, y, w0, batches, alphas):
    """Stochastic gradient descent from w0: step t uses batches[t - 1] and alphas[t - 1].

    Returns (steps + 1, d): every iterate, the start included.
    """
    raise NotImplementedError


def weighted_average(path, alphas):
    """The mean of the iterates that steps were taken from, weighted by the steps. Returns (d,)."""
    raise NotImplementedError


def bound(R2, G2, alphas):
    """The bound on the expected F(weighted average) - min F. Returns a float."""
    raise NotImplementedError


def best_constant_step(R2, G2, steps):
    """The constant step size for which bound is smallest. Returns a float."""
    raise NotImplementedError


def meets_conditions(schedule, delta):
    """Whether sum alpha_t diverges, and whether sum alpha_t^2 is finite. Returns (bool, bool)."""
    raise NotImplementedError


def gradient_variance(w, X, y, batch_size):
    """The variance of the gradient of a batch drawn with replacement. Returns a float."""
    raise NotImplementedError


def plot_runs(histories):
    """Draw F - min F against the step, one curve per run.

    histories: a dict, name -> (steps + 1,). Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python stochastic_gradient.py compares four ways to choose steps and batches.
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
