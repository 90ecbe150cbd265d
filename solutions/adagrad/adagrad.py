"""AdaGrad against gradient descent on f(x) = 1/2 x'Ax - b'x.

Sizes: d dimensions. A (d, d) symmetric positive definite, b (d,), x (d,). A path (steps + 1, d)
holds one iterate per row, the start in row 0.
"""

import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    """The function to minimise.

        f(x) = 1/2 x'Ax - b'x

    Returns a float.
    """
    return float(0.5 * x @ A @ x - b @ x)


def quadratic_gradient(x, A, b):
    """Gradient of `quadratic`.

        d/dx (1/2 x'Ax) = 1/2 (A + A') x = Ax,   since A = A'

    Returns (d,).
    """
    return A @ x - b


def gradient_descent(A, b, x0, step_size, steps):
    """Every iterate of gradient descent with a constant step.

        x_{k+1} = x_k - step_size g_k

    Returns (steps + 1, d), the start included.
    """
    path = np.empty((steps + 1, len(x0)))
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - step_size * quadratic_gradient(path[k], A, b)
    return path


def adagrad(A, b, x0, step_size, steps, eps):
    """Every iterate of AdaGrad with a diagonal scaling.

        v_k = sum_{j <= k} g_j^2     x_{k+1} = x_k - step_size g_k / sqrt(v_k + eps)

    Squares, root and quotient are taken coordinate by coordinate, so that each coordinate has a
    step size of its own. Returns (steps + 1, d), the start included.
    """
    path = np.empty((steps + 1, len(x0)))
    path[0] = x0
    v = np.zeros(len(x0))
    for k in range(steps):
        g = quadratic_gradient(path[k], A, b)
        # g_k^2 belongs to v_k, so |g_k| <= sqrt(v_k): no coordinate moves further than step_size.
        v += g**2
        path[k + 1] = path[k] - step_size * g / np.sqrt(v + eps)
    return path


def minimiser(A, b):
    """The point where the gradient is 0: Ax = b. Shape (d,)."""
    return np.linalg.solve(A, b)


def gaps(path, A, b):
    """f(path[k]) - min f for every k, (len(path),)."""
    low = quadratic(minimiser(A, b), A, b)
    return np.array([quadratic(x, A, b) - low for x in path])


def steps_to_reach(path, A, b, gap):
    """The first k with f(path[k]) - min f <= gap, or -1 where there is none."""
    reached = np.flatnonzero(gaps(path, A, b) <= gap)
    return int(reached[0]) if reached.size else -1


def plot_comparison(A, b, gd_path, adagrad_path):
    """Contours of f with both paths, and beside them both curves of f - min f (d = 2).

    Returns the Figure.
    """
    figure, (plane, curves) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    best = minimiser(A, b)
    draw_contours(plane, A, b, np.vstack([gd_path, adagrad_path, best]))
    for path, name in ((gd_path, "GD"), (adagrad_path, "AdaGrad")):
        plane.plot(path[:, 0], path[:, 1], ".-", label=name)
        curves.plot(gaps(path, A, b), label=name)
    plane.plot(*gd_path[0], "ks", label="start")
    plane.plot(*best, "k*", markersize=12, label="minimiser")
    plane.set(xlabel="$x_1$", ylabel="$x_2$", title="Paths over the contours of f")
    # Equal ratios are equally high here: a constant rate of convergence is a straight line.
    curves.set(xlabel="k", ylabel="f - min f", yscale="log", title="Distance from the minimum")
    plane.legend()
    curves.legend()
    return figure


def draw_contours(axes, A, b, points):
    """Level lines of f on a rectangle around `points`, (m, 2)."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.15 * (high - low).max()
    X1, X2 = np.meshgrid(
        np.linspace(low[0] - margin, high[0] + margin, 100),
        np.linspace(low[1] - margin, high[1] + margin, 100),
    )
    X = np.stack([X1, X2], axis=-1)  # (100, 100, 2): f of all points at once
    F = 0.5 * np.sum(X @ A * X, axis=-1) - X @ b
    axes.contour(X1, X2, F, levels=20, colors="0.75", linewidths=0.8)


if __name__ == "__main__":
    A = np.array([[1.0, 0.0], [0.0, 25.0]])  # a long, narrow valley along the first axis
    b = np.array([1.0, 5.0])
    x0 = np.array([-2.0, 1.5])
    gd_path = gradient_descent(A, b, x0, step_size=0.07, steps=60)
    adagrad_path = adagrad(A, b, x0, step_size=1.0, steps=60, eps=1e-8)
    for name, path in (("GD", gd_path), ("AdaGrad", adagrad_path)):
        print(f"{name}: f - min f <= 0.001 after {steps_to_reach(path, A, b, 1e-3)} steps")
    plot_comparison(A, b, gd_path, adagrad_path)
    plt.show()
