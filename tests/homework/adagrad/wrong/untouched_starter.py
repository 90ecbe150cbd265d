# fails: everything
"""AdaGrad against gradient descent. README.md says what each function should do.

f(x) = 1/2 x'Ax - b'x in d dimensions: A (d, d) symmetric positive definite, b (d,), x (d,).
A path (steps + 1, d) holds one iterate per row, the start in row 0.
"""

import matplotlib.pyplot as plt
import numpy as np


def quadratic(x, A, b):
    """f(x) = 1/2 x'Ax - b'x. Returns a float."""
    raise NotImplementedError


def quadratic_gradient(x, A, b):
    """The gradient of quadratic at x. Returns (d,)."""
    raise NotImplementedError


def gradient_descent(A, b, x0, step_size, steps):
    """Gradient descent from x0 with a constant step size.

    Returns (steps + 1, d): every iterate, the start included.
    """
    raise NotImplementedError


def adagrad(A, b, x0, step_size, steps, eps):
    """AdaGrad from x0; eps stands inside the root.

    Returns (steps + 1, d): every iterate, the start included.
    """
    raise NotImplementedError


def steps_to_reach(path, A, b, gap):
    """The first k with f(path[k]) - min f <= gap, or -1 where there is none. Returns an int."""
    raise NotImplementedError


def plot_comparison(A, b, gd_path, adagrad_path):
    """Draw both paths over the contours of f, and both curves of f - min f (d = 2).

    gd_path (m, 2), adagrad_path (n, 2). Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python adagrad.py compares the two methods in a narrow valley and shows the figure.
    A = np.array([[1.0, 0.0], [0.0, 25.0]])
    b = np.array([1.0, 5.0])
    x0 = np.array([-2.0, 1.5])
    gd_path = gradient_descent(A, b, x0, step_size=0.07, steps=100)
    adagrad_path = adagrad(A, b, x0, step_size=1.0, steps=100, eps=1e-8)
    for name, path in (("GD", gd_path), ("AdaGrad", adagrad_path)):
        print(f"{name}: f - min f <= 0.001 after {steps_to_reach(path, A, b, 1e-3)} steps")
    plot_comparison(A, b, gd_path, adagrad_path)
    plt.show()
