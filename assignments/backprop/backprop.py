"""Backpropagation, from a circuit to a network. README.md says what each function should do.

Sizes: n examples, d features, k classes.
X (n, d) has one example per row; y (n,) holds integers from 0 to k - 1. A network is a list of
layers, the tuples (W, b), with W (out, in) and b (out,). `name` is one of "linear", "sigmoid",
"tanh", "relu": the activation of the hidden layers.
"""

import os
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np


def product_circuit(x, y, z):
    """f = (x + y) z and its derivatives.

    x, y, z: floats. Returns (f, (df/dx, df/dy, df/dz)).
    """
    raise NotImplementedError


def sigmoid_neuron(w, x):
    """f = sigmoid(w0 x0 + w1 x1 + w2) and its gradients.

    w: (3,), x: (2,). Returns (f, dw, dx) with dw (3,) and dx (2,).
    """
    raise NotImplementedError


def ratio_circuit(x, y):
    """f = (x + sigmoid(y)) / (sigmoid(x) + (x + y)^2) and its derivatives.

    x, y: floats. Returns (f, (df/dx, df/dy)).
    """
    raise NotImplementedError


def activation(name, a):
    """g(a), element-wise, for "linear", "sigmoid", "tanh", "relu".

    Finite for entries of 10000 and -10000. Raises ValueError for another name.
    """
    raise NotImplementedError


def activation_gradient(name, a):
    """g'(a), element-wise, where a is the pre-activation, not g(a).

    relu may have any value in [0, 1] where a is 0.
    """
    raise NotImplementedError


def init_params(sizes, seed):
    """Random weights, zero biases.

    sizes: [d, h1, ..., k]. Returns a list of (W, b), one per layer: W (out, in) uniform on
    [-s, s] with s = sqrt(6 / (in + out)), b (out,) zeros. The same seed gives the same weights.
    """
    raise NotImplementedError


def forward(params, X, name):
    """Class probabilities: softmax at the output, the named activation in hidden layers.

    Returns (n, k); every row sums to 1, also where scores are huge.
    """
    raise NotImplementedError


def loss(params, X, y, name, lam):
    """The mean of -log f(x_i)[y_i], plus lam times the sum of all squared weights (not biases).

    Returns a float.
    """
    raise NotImplementedError


def backprop(params, X, y, name, lam):
    """The gradient of loss.

    Returns a list of (dW, db), one per layer, of the shapes of W and b.
    """
    raise NotImplementedError


def gradient_error(params, X, y, name, lam, eps):
    """The largest over all parameters of |a - n| / max(|a| + |n|, 1e-8).

    a comes from backprop, n is the central difference of loss with step eps. Returns a float.
    """
    raise NotImplementedError


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    """Mini-batch gradient descent on loss, in a new random order each epoch.

    Returns (params, history): the trained network, and history (epochs + 1,), the loss on all
    examples before the first epoch and after each. The same seed gives the same result.
    """
    raise NotImplementedError


def plot_training(history):
    """Draw the loss against the epoch, with both axes labelled. Returns the Figure."""
    raise NotImplementedError


if __name__ == "__main__":
    # python backprop.py trains on both data sets and shows the figures.
    # Data files are read from the folder of this file, wherever it is started from.
    os.chdir(Path(globals().get("__file__", "notebook")).resolve().parent)
    table = np.loadtxt("half_moons.csv", delimiter=",")
    X, y = table[:, :2], table[:, 2].astype(int)
    start = init_params([2, 16, 2], seed=0)
    print(f"gradient error {gradient_error(start, X[:20], y[:20], 'tanh', 1e-3, 1e-5):.1e}")
    params, history = train(start, X, y, "tanh", 1e-4, 0.5, 200, 20, seed=0)
    right = np.mean(forward(params, X, "tanh").argmax(axis=1) == y)
    print(f"half-moons: loss {history[0]:.4f} -> {history[-1]:.4f}, {right:.1%} right")
    plot_training(history)

    table = np.loadtxt("digits.csv", delimiter=",")
    X, y = table[:, :64] / 16, table[:, 64].astype(int)  # pixels from 0 to 1
    params, history = train(
        init_params([64, 32, 10], seed=0), X, y, "relu", 1e-4, 0.2, 20, 32, seed=0
    )
    right = np.mean(forward(params, X, "relu").argmax(axis=1) == y)
    print(f"digits: loss {history[0]:.4f} -> {history[-1]:.4f}, {right:.1%} right")
    plot_training(history)
    plt.show()
