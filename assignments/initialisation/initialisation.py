"""Activations, initial weights, preparing the inputs. README.md says what each function should do.

Sizes: n examples, d features or units, h units of the next layer, k directions. X (n, d) has one
example per row.
"""

import matplotlib.pyplot as plt
import numpy as np


def activation(name, a):
    """The activation of that name, element by element, in the shape of a.

    name: "leaky_relu", "elu", "tanh" or "relu"; any other one is a ValueError.
    """
    raise NotImplementedError


def activation_gradient(name, a):
    """The derivative of the activation of that name at a, element by element."""
    raise NotImplementedError


def maxout(x, W1, b1, W2, b2):
    """max(W1'x + b1, W2'x + b2), unit by unit. x (d,), W (d, h), b (h,). Returns (h,)."""
    raise NotImplementedError


def maxout_backward(dy, x, W1, b1, W2, b2):
    """The gradient of dy . maxout(x, W1, b1, W2, b2). dy (h,).

    Returns (dx, dW1, db1, dW2, db2), of the shapes of x, W1, b1, W2, b2.
    """
    raise NotImplementedError


def init_weights(name, fan_in, fan_out, seed):
    """Initial weights of a layer. name: "zeros", "small", "scaled" or "glorot".

    Returns an array of shape (fan_out, fan_in).
    """
    raise NotImplementedError


def layer_spread(X, weights, name):
    """The standard deviation of all outputs of each layer.

    weights: a list of arrays (fan_out, fan_in); name: the activation. Returns a list of floats.
    """
    raise NotImplementedError


def centre(X):
    """Move the mean of every column to 0. Returns (Z, mean), of the shapes (n, d) and (d,)."""
    raise NotImplementedError


def principal_directions(X, k):
    """The k largest eigenvalues of the covariance of X, falling, and their unit eigenvectors.

    Returns (values, V), of the shapes (k,) and (d, k).
    """
    raise NotImplementedError


def reconstruct(X, k):
    """X projected onto its first k principal directions, the mean added. Returns (n, d)."""
    raise NotImplementedError


def whiten(X, k, eps):
    """Scores on the first k principal directions, each divided by sqrt(value + eps).

    Returns (n, k).
    """
    raise NotImplementedError


def plot_spread(spreads):
    """Draw the spread of every layer for each name.

    spreads: a dict name -> list, one number per layer. Name the curves, label the axes. Returns
    the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python initialisation.py prepares the digits and sends them through eight random layers.
    table = np.loadtxt("digits.csv", delimiter=",")
    X = table[:, :64] / 16
    values, V = principal_directions(X, 64)
    for k in (2, 10, 30):
        error = np.mean((reconstruct(X, k) - X) ** 2)
        print(f"{k} directions: {values[:k].sum() / values.sum():.1%} of the variance, ", end="")
        print(f"mean squared error {error:.5f}")
    white = whiten(X, 30, 1e-6)
    sizes = [30] + [100] * 8
    spreads = {}
    for name in ("small", "scaled", "glorot"):
        weights = [init_weights(name, sizes[i], sizes[i + 1], seed=i) for i in range(8)]
        spreads[name] = layer_spread(white, weights, "tanh")
        print(f"{name}: {spreads[name][0]:.3f} in layer 1, {spreads[name][-1]:.2g} in layer 8")
    plot_spread(spreads)
    plt.show()
