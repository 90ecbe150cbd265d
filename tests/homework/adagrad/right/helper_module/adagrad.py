import helper
import matplotlib.pyplot as plt
import numpy as np
from helper import df as quadratic_gradient
from helper import f as quadratic


def gradient_descent(A, b, x0, step_size, steps):
    move = lambda x: step_size * helper.df(x, A, b)  # noqa: E731
    return np.array(list(helper.iterate(x0, steps, move)))


def adagrad(A, b, x0, step_size, steps, eps):
    seen = []

    def move(x):
        seen.append(quadratic_gradient(x, A, b))
        return step_size * seen[-1] / (sum(g**2 for g in seen) + eps) ** 0.5

    return np.array(list(helper.iterate(x0, steps, move)))


def steps_to_reach(path, A, b, gap):
    xmin = np.linalg.lstsq(A, b, rcond=None)[0]
    for k, x in enumerate(path):
        if not quadratic(x, A, b) - quadratic(xmin, A, b) > gap:
            return k
    return -1


def plot_comparison(A, b, gd_path, adagrad_path):
    fig = plt.figure(figsize=(12, 4))
    left, right = fig.subfigures(1, 2)
    ax = left.subplots()
    xmin = np.linalg.lstsq(A, b, rcond=None)[0]
    X, Y = np.mgrid[-2.5:2.5:100j, -2.5:2.5:100j]
    F = 0.5 * (A[0, 0] * X**2 + (A[0, 1] + A[1, 0]) * X * Y + A[1, 1] * Y**2) - b[0] * X - b[1] * Y
    ax.contour(X, Y, np.log(F - quadratic(xmin, A, b) + 1e-3), 20, cmap="bone")
    ax.quiver(*gd_path[:-1].T, *np.diff(gd_path, axis=0).T, color="red", angles="xy",
              scale_units="xy", scale=1, width=0.006, label="GD")
    ax.quiver(*adagrad_path[:-1].T, *np.diff(adagrad_path, axis=0).T, color="blue", angles="xy",
              scale_units="xy", scale=1, width=0.006, label="AdaGrad")
    ax.scatter([gd_path[0, 0]], [gd_path[0, 1]], color="black", s=60, label="start", zorder=4)
    ax.scatter([xmin[0]], [xmin[1]], color="orange", marker="X", s=90, label="min", zorder=4)
    ax.legend()
    bx = right.subplots()
    for path, c in ((gd_path, "red"), (adagrad_path, "blue")):
        gaps = [quadratic(x, A, b) - quadratic(xmin, A, b) for x in path]
        bx.plot(range(len(path)), gaps, color=c, marker="o")
    bx.set_yscale("log")
    return fig
