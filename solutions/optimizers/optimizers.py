"""Optimizers on f(x) = 1/2 x'Ax - b'x, and Newton's method on Rosenbrock's function.

Sizes: d dimensions. A (d, d) symmetric positive definite, b (d,), x (d,). g_k = A x_k - b is the
gradient at x_k. A path (steps + 1, d) holds one iterate per row, the start in row 0. Squares,
roots and quotients of vectors are taken coordinate by coordinate.
"""

import matplotlib.pyplot as plt
import numpy as np


def follow(x0, steps, step):
    """The path x_{k+1} = step(k, x_k), (steps + 1, d), the start included."""
    path = np.empty((steps + 1, len(x0)))
    path[0] = x0
    for k in range(steps):
        path[k + 1] = step(k, path[k])
    return path


def heavy_ball(A, b, x0, step_size, beta, steps):
    """Momentum: a part of the last move goes on.

    x_{k+1} = x_k - step_size g_k + beta (x_k - x_{k-1}),   x_{-1} = x_0
    """
    last = np.array(x0, dtype=float)

    def step(k, x):
        nonlocal last
        move = -step_size * (A @ x - b) + beta * (x - last)
        last = x.copy()
        return x + move

    return follow(x0, steps, step)


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    """Steps in units of the recent size of each coordinate's gradient.

    v = beta v + (1 - beta) g^2,   x - step_size g / sqrt(v + eps)
    """
    v = np.zeros(len(x0))

    def step(k, x):
        nonlocal v
        g = A @ x - b
        v = beta * v + (1 - beta) * g**2
        return x - step_size * g / np.sqrt(v + eps)

    return follow(x0, steps, step)


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    """Momentum and RMSProp together, both means freed of their bias towards 0.

    m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2
    x - step_size mhat / sqrt(vhat + eps),   mhat = m / (1 - beta1^t),   vhat = v / (1 - beta2^t)

    After t steps the weights in m add up to 1 - beta1^t: dividing by it makes m a mean.
    """
    m, v = np.zeros(len(x0)), np.zeros(len(x0))

    def step(k, x):
        nonlocal m, v
        g = A @ x - b
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        t = k + 1
        return x - step_size * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps)

    return follow(x0, steps, step)


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    """`adam` with m and v as they are: x - step_size m / sqrt(v + eps)."""
    m, v = np.zeros(len(x0)), np.zeros(len(x0))

    def step(k, x):
        nonlocal m, v
        g = A @ x - b
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        return x - step_size * m / np.sqrt(v + eps)

    return follow(x0, steps, step)


def full_adagrad(A, b, x0, step_size, steps, eps):
    """AdaGrad with the whole matrix of products in place of its diagonal.

    x - step_size (G_k + eps I)^(-1/2) g_k,   G_k = sum_{j <= k} g_j g_j'

    With M = Q diag(s) Q', M^(-1/2) = Q diag(s^(-1/2)) Q': symmetric, and its square is M^(-1).
    """
    G = np.zeros((len(x0), len(x0)))

    def step(k, x):
        nonlocal G
        g = A @ x - b
        G = G + np.outer(g, g)
        s, Q = np.linalg.eigh(G + eps * np.eye(len(g)))
        return x - step_size * Q @ (Q.T @ g / np.sqrt(s))

    return follow(x0, steps, step)


def projected_descent(A, b, x0, step_size, steps, radius):
    """Gradient descent that goes back to the nearest point of a ball around 0 after each step."""

    def step(k, x):
        moved = x - step_size * (A @ x - b)
        # min: a point inside is its own nearest point.
        return moved * min(1.0, radius / max(np.linalg.norm(moved), 1e-300))

    return follow(x0, steps, step)


def rosenbrock(x):
    """r(x) = (1 - x_0)^2 + 100 (x_1 - x_0^2)^2, a curved valley along x_1 = x_0^2. A float."""
    return float((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2)


def rosenbrock_gradient(x):
    """(-2 (1 - x_0) - 400 x_0 (x_1 - x_0^2), 200 (x_1 - x_0^2)), shape (2,)."""
    u = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * u, 200 * u])


def rosenbrock_hessian(x):
    """The derivatives of the gradient, (2, 2)."""
    return np.array([[2 - 400 * (x[1] - 3 * x[0] ** 2), -400 * x[0]], [-400 * x[0], 200.0]])


def newton(x0, steps):
    """Full Newton steps on Rosenbrock's function: x - H^(-1) g, H the Hessian and g the gradient.

    The Hessian is singular where x_1 - x_0^2 = 1/200.
    """
    return follow(
        x0, steps, lambda k, x: x - np.linalg.solve(rosenbrock_hessian(x), rosenbrock_gradient(x))
    )


def decayed_step(w, g, step_size, lam):
    """A step with weight decay, (1 - step_size lam) w - step_size g: that of loss + lam/2 |w|^2."""
    return (1 - step_size * lam) * w - step_size * g


def minimiser(A, b):
    """The point where the gradient is 0: Ax = b. Shape (d,)."""
    return np.linalg.solve(A, b)


def gaps(path, A, b):
    """f(x_k) - min f for every k, (len(path),): 1/2 (x - x*)'A(x - x*), with no cancellation."""
    away = path - minimiser(A, b)
    return 0.5 * np.sum(away @ A * away, axis=1)


def plot_race(A, b, paths):
    """Contours of f with all paths, and beside them the curves of f - min f (d = 2).

    paths: name -> (steps + 1, 2), all from one start. Returns the Figure.
    """
    figure, (plane, curves) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    best, start = minimiser(A, b), next(iter(paths.values()))[0]
    draw_contours(plane, A, b, np.vstack([*paths.values(), best]))
    for name, path in paths.items():
        plane.plot(path[:, 0], path[:, 1], ".-", label=name)
        curves.plot(gaps(path, A, b), label=name)
    plane.plot(*start, "ks", label="start")
    plane.plot(*best, "k*", markersize=12, label="minimiser")
    plane.set(xlabel="$x_0$", ylabel="$x_1$", title="Paths over the contours of f")
    # Equal ratios are equally high here: a constant rate of convergence is a straight line.
    curves.set(xlabel="k", ylabel="f - min f", yscale="log", title="Distance from the minimum")
    plane.legend()
    curves.legend()
    return figure


def draw_contours(axes, A, b, points):
    """Level lines of f on a rectangle around `points`, (m, 2)."""
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.15 * (high - low).max()
    X0, X1 = np.meshgrid(
        np.linspace(low[0] - margin, high[0] + margin, 100),
        np.linspace(low[1] - margin, high[1] + margin, 100),
    )
    X = np.stack([X0, X1], axis=-1)  # (100, 100, 2): f of all points at once
    F = 0.5 * np.sum(X @ A * X, axis=-1) - X @ b
    axes.contour(X0, X1, F, levels=20, colors="0.75", linewidths=0.8)


if __name__ == "__main__":
    A = np.array([[6.0, 5.0], [5.0, 6.0]])  # a valley along a diagonal, 11 times as steep across
    b = np.array([2.0, 1.0])
    x0 = np.array([-2.0, -1.0])
    paths = {
        "heavy ball": heavy_ball(A, b, x0, 0.12, 0.5, 60),
        "RMSProp": rmsprop(A, b, x0, 0.1, 0.9, 1e-8, 60),
        "Adam": adam(A, b, x0, 0.3, 0.9, 0.999, 1e-8, 60),
        "Adam, uncorrected": adam_uncorrected(A, b, x0, 0.3, 0.9, 0.999, 1e-8, 60),
        "full AdaGrad": full_adagrad(A, b, x0, 1.0, 60, 1e-8),
    }
    best = np.linalg.solve(A, b)
    for name, path in paths.items():
        gap = (path[-1] - best) @ A @ (path[-1] - best) / 2
        print(f"{name}: f - min f = {gap:.1e} after {len(path) - 1} steps")
    print("Newton:", *(f"{rosenbrock(x):.3g}" for x in newton(np.array([-1.2, 1.0]), 6)))
    plot_race(A, b, paths)
    plt.show()
