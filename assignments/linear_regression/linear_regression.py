"""Linear regression. README.md says what each function should do.

Sizes: n examples, k features.
X (n, k) has one example per row; y (n,) holds floats; w (k,); b is a float; f(x) = w.x + b.
"""

import matplotlib.pyplot as plt
import numpy as np


def predict(w, b, X):
    """f(x_i) of every example. Returns (n,)."""
    raise NotImplementedError


def loss(w, b, X, y, lam, penalty):
    """The mean squared error, plus the penalty on w.

    penalty: "none", "l1" or "l2"; ValueError for any other. Returns a float.
    """
    raise NotImplementedError


def gradient(w, b, X, y, lam, penalty):
    """The gradient of loss with respect to w and b; with "l1" any subgradient.

    Returns (dw, db): (k,) and a float.
    """
    raise NotImplementedError


def solve(X, y, lam):
    """The exact minimiser of loss with the penalty "l2", lam >= 0.

    Returns (w, b): (k,) and a float.
    """
    raise NotImplementedError


def fit(X, y, lam, penalty, steps, step_size):
    """Gradient descent on loss, from w = 0 and b = 0, with a constant step.

    With "l1" the slope of |w_j| at w_j = 0 is taken as 0.
    Returns (w, b, history): the last w (k,) and b, and history (steps + 1,), the loss with its
    penalty at every iterate, the start included.
    """
    raise NotImplementedError


def standardise(X):
    """Shift and scale every column to mean 0 and variance 1.

    Returns (Z, mean, std): (n, k), (k,) and (k,). A constant column becomes zeros, with std 1.
    """
    raise NotImplementedError


def coefficient_path(X, y, lams):
    """The w of solve for each lam, in the order given. Returns (len(lams), k)."""
    raise NotImplementedError


def plot_path(lams, path):
    """Draw one curve for each coefficient against lam, with a logarithmic x axis.

    lams: (m,) positive; path: (m, k). Both axes labelled. Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python linear_regression.py fits the diabetes data and shows the figure.
    table = np.loadtxt("diabetes.csv", delimiter=",")
    X, y = standardise(table[:, :10])[0], table[:, 10]
    w, b = solve(X, y, 0.0)
    print(f"exact minimum {loss(w, b, X, y, 0.0, 'none'):.2f}")
    for steps in (100, 1000, 10000):
        history = fit(X, y, 0.0, "none", steps, 0.2)[2]
        print(f"after {steps:5d} steps {history[-1]:.2f}")
    lams = np.geomspace(0.01, 10000.0, 61)
    plot_path(lams, coefficient_path(X, y, lams))
    plt.show()
