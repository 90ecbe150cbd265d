"""Optimizers on quadratic functions and on Rosenbrock's. README.md says what each should do.

f(x) = 1/2 x'Ax - b'x in d dimensions: A (d, d) symmetric positive definite, b (d,), x (d,).
A path (steps + 1, d) holds one iterate per row, the start in row 0.
"""

import matplotlib.pyplot as plt
import numpy as np


def heavy_ball(A, b, x0, step_size, beta, steps):
    """Gradient descent with momentum from x0. Returns the path, (steps + 1, d)."""
    raise NotImplementedError


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    """RMSProp from x0; eps stands inside the root. Returns the path, (steps + 1, d)."""
    raise NotImplementedError


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    """Adam from x0; eps stands inside the root. Returns the path, (steps + 1, d)."""
    raise NotImplementedError


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    """Adam without the bias corrections. Returns the path, (steps + 1, d)."""
    raise NotImplementedError


def full_adagrad(A, b, x0, step_size, steps, eps):
    """AdaGrad with the full matrix from x0. Returns the path, (steps + 1, d)."""
    raise NotImplementedError


def projected_descent(A, b, x0, step_size, steps, radius):
    """Gradient descent projected onto a ball around 0. Returns the path, (steps + 1, d)."""
    raise NotImplementedError


def rosenbrock(x):
    """r(x) = (1 - x_0)^2 + 100 (x_1 - x_0^2)^2. Returns a float."""
    raise NotImplementedError


def rosenbrock_gradient(x):
    """The gradient of rosenbrock at x. Returns (2,)."""
    raise NotImplementedError


def rosenbrock_hessian(x):
    """The second derivatives of rosenbrock at x. Returns (2, 2)."""
    raise NotImplementedError


def newton(x0, steps):
    """Newton's method on rosenbrock from x0. Returns the path, (steps + 1, 2)."""
    raise NotImplementedError


def decayed_step(w, g, step_size, lam):
    """w after one step with the gradient g and weight decay lam. Returns (d,)."""
    raise NotImplementedError


def plot_race(A, b, paths):
    """Draw all paths over the contours of f, and the curves of f - min f (d = 2).

    paths: a dict, name -> (steps + 1, 2), all from one start. Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python optimizers.py lets five methods run in a valley and shows the figure.
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
