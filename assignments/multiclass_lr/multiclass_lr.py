"""Multiclass logistic regression. README.md says what each function should do.

Sizes: n examples, d features, k classes.
X (n, d) has one example per row; y (n,) holds integers from 0 to k - 1; W (d, k); b (k,).
"""

import os
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np


def softmax(Z):
    """Turn each row of scores into probabilities.

    Z: (n, k). Returns (n, k); every row sums to 1, also for scores of 10000 and -10000.
    """
    raise NotImplementedError


def log_likelihood(W, b, X, y):
    """The sum over the examples of log Pr(Y = y_i | x_i).

    Returns a float, finite also for huge scores.
    """
    raise NotImplementedError


def gradient(W, b, X, y):
    """The gradient of log_likelihood with respect to W and b.

    Returns (dW, db) of shapes (d, k) and (k,).
    """
    raise NotImplementedError


def cross_entropy(P, Q):
    """H(p_i, q_i) of each pair of rows, with 0 log 0 = 0.

    P, Q: (n, k), every row a distribution. Returns (n,).
    """
    raise NotImplementedError


def objective(W, b, X, y):
    """The mean over the examples of the cross entropy between label and prediction.

    Returns a float.
    """
    raise NotImplementedError


def fit(X, y, k, steps, step_size):
    """Gradient descent on objective, from W = 0 and b = 0, with a constant step.

    Returns (W, b, history): W (d, k), b (k,), and history (steps + 1,), the objective at every
    iterate, the start included.
    """
    raise NotImplementedError


def predict(W, b, X):
    """The most likely class of each example. Returns (n,) integers."""
    raise NotImplementedError


def plot_history(history):
    """Draw the objective against the iteration, with both axes labelled. Returns the Figure."""
    raise NotImplementedError


if __name__ == "__main__":
    # python multiclass_lr.py trains on the handwritten digits and shows the figure.
    # Data files are read from the folder of this file, wherever it is started from.
    os.chdir(Path(globals().get("__file__", "notebook")).resolve().parent)
    table = np.loadtxt("digits.csv", delimiter=",")
    X, y = table[:, :64] / 16, table[:, 64].astype(int)  # pixels from 0 to 1
    W, b, history = fit(X, y, k=10, steps=200, step_size=0.5)
    print(f"objective {history[0]:.4f} -> {history[-1]:.4f}")
    print(f"right on {np.mean(predict(W, b, X) == y):.1%} of the digits it was fitted to")
    plot_history(history)
    plt.show()
