"""Logistic regression. README.md says what each function should do.

Sizes: n examples, d features.
X (n, d) has one example per row; y (n,) holds 0.0 and 1.0; s (n,) holds -1.0 and 1.0; beta0 is a
float; beta (d,); p(x) = sigmoid(beta0 + x.beta).
"""

import matplotlib.pyplot as plt
import numpy as np


def sigmoid(t):
    """1 / (1 + exp(-t)) of each entry of an array of any shape. Returns the same shape."""
    raise NotImplementedError


def log_odds(p):
    """log(p / (1 - p)) of each entry of an array of any shape. Returns the same shape."""
    raise NotImplementedError


def log_likelihood(beta0, beta, X, y):
    """The sum over the examples of the log-probability of the label.

    Returns a float, finite and right also for scores of 10000 and -10000.
    """
    raise NotImplementedError


def gradient(beta0, beta, X, y):
    """The gradient of log_likelihood. Returns (d_beta0, d_beta): a float and (d,)."""
    raise NotImplementedError


def cross_entropy(beta0, beta, X, y):
    """The mean over the examples of -y log p - (1 - y) log(1 - p). Returns a float."""
    raise NotImplementedError


def log2_loss(t):
    """log2(1 + exp(-t)) of each entry of an array of any shape. Returns the same shape."""
    raise NotImplementedError


def signed_loss(beta0, beta, X, s):
    """The mean over the examples of log2_loss(s_i (beta0 + x_i.beta)). Returns a float."""
    raise NotImplementedError


def hessian(beta0, beta, X):
    """The second derivatives of cross_entropy, beta0 first. Returns (d + 1, d + 1)."""
    raise NotImplementedError


def gradient_descent(X, y, steps, step_size):
    """Gradient descent on cross_entropy, from zeros, with a constant step.

    Returns (beta0, beta, history): the last beta0 and beta (d,), and history (steps + 1,), the
    cross entropy at every iterate, the start included.
    """
    raise NotImplementedError


def newton(X, y, steps):
    """Newton's method on cross_entropy, from zeros, full steps.

    Returns (beta0, beta, history), as gradient_descent does.
    """
    raise NotImplementedError


def predict(beta0, beta, X):
    """1 where p(x) > 1/2, else 0. Returns (n,) integers."""
    raise NotImplementedError


def plot_convergence(gd_history, newton_history):
    """Draw both histories against the iteration, each with its name, both axes labelled.

    The histories may differ in length. Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python logistic_regression.py tells tumours apart and shows the figure.
    table = np.loadtxt("breast_cancer.csv", delimiter=",")
    X, y = table[:, :2], table[:, 2]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    _, _, slow = gradient_descent(X, y, 40, 1.0)
    beta0, beta, fast = newton(X, y, 8)
    print(f"gradient descent {slow[0]:.4f} -> {slow[-1]:.4f} in {len(slow) - 1} steps")
    print(f"Newton {fast[0]:.4f} -> {fast[-1]:.4f} in {len(fast) - 1} steps")
    print(f"right on {np.mean(predict(beta0, beta, X) == y):.1%} of the tumours it was fitted to")
    plot_convergence(slow, fast)
    plt.show()
