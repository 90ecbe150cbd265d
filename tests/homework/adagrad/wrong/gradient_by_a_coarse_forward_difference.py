# fails: gradient_example, gradient_is_the_slope_of_quadratic, gradient
"""Gradients by central differences; the minimum by conjugate gradients."""

import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    return sum(0.5 * xi * (Ai @ x) - bi * xi for xi, Ai, bi in zip(x, A, b))


def quadratic_gradient(x, A, b, h=1e-2):
    g = np.zeros(len(x))
    for i in range(len(x)):
        up = x.copy()
        up[i] += h
        g[i] = (quadratic(up, A, b) - quadratic(x, A, b)) / h
    return g


def gradient_descent(A, b, x0, step_size, steps):
    path = np.repeat(x0[None, :], steps + 1, axis=0)
    for k in range(1, len(path)):
        path[k] = path[k - 1] - step_size * quadratic_gradient(path[k - 1], A, b)
    return path


def adagrad(A, b, x0, step_size, steps, eps):
    path = np.repeat(x0[None, :], steps + 1, axis=0)
    squares = np.zeros((steps + 1, len(x0)))
    for k in range(1, len(path)):
        g = quadratic_gradient(path[k - 1], A, b)
        squares[k - 1] = g**2
        path[k] = path[k - 1] - step_size * g / np.sqrt(squares.sum(axis=0) + eps)
    return path


def _minimum(A, b):
    x, r = np.zeros(len(b)), np.array(b, dtype=float)
    p = r
    for _ in range(4 * len(b)):
        if r @ r < 1e-28:
            break
        a = (r @ r) / (p @ A @ p)
        x = x + a * p
        new = r - a * A @ p
        p = new + (new @ new) / (r @ r) * p
        r = new
    return x


def steps_to_reach(path, A, b, gap):
    low = quadratic(_minimum(A, b), A, b)
    values = np.array([quadratic(x, A, b) for x in path])
    return min(np.flatnonzero(values - low <= gap), default=-1)


def plot_comparison(A, b, gd_path, adagrad_path):
    fig, axes = plt.subplot_mosaic([["plane", "curves"]], figsize=(10, 4))
    best = _minimum(A, b)
    x, y = np.linspace(-3, 3, 40), np.linspace(-3, 3, 40)
    F = np.array([[quadratic(np.array([s, t]), A, b) for s in x] for t in y])
    axes["plane"].contour(x, y, F, levels=20)
    axes["plane"].plot(gd_path[:, 0], gd_path[:, 1], color="k", lw=2, label="GD")
    axes["plane"].plot(adagrad_path[:, 0], adagrad_path[:, 1], color="c", lw=2, label="AdaGrad")
    axes["plane"].text(*gd_path[0], "start")
    axes["plane"].text(*best, "min")
    axes["plane"].legend()
    for path, c in ((gd_path, "k"), (adagrad_path, "c")):
        gap = [quadratic(p, A, b) - quadratic(best, A, b) for p in path]
        axes["curves"].loglog(range(1, len(path) + 1), gap, color=c)
    return fig
