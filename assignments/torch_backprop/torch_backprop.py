"""Backpropagation with torch. README.md says what each function and class should do.

Sizes: n examples, d features, k classes.
X (n, d) is a tensor of floats with one example per row; y (n,) is a tensor of integers from 0 to
k - 1. A layer has the parameters W (out, in) and b (out,). `name` is one of "sigmoid", "tanh",
"relu", "softplus": the activation of the hidden layers.
"""

import os
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn


class Softplus(torch.autograd.Function):
    """log(1 + e^a), element-wise, with its derivative by hand. Use: Softplus.apply(a)."""

    @staticmethod
    def forward(ctx, a):
        """Softplus of a, a tensor of the same shape. Right for entries of 10000 and -10000."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx, G):
        """The derivative of a loss by a, where G is its derivative by the result."""
        raise NotImplementedError


class SoftmaxCrossEntropy(torch.autograd.Function):
    """The mean of -log softmax(z_i)[y_i], with its derivative by hand.

    Use: SoftmaxCrossEntropy.apply(Z, y) with scores Z (n, k) and labels y (n,).
    """

    @staticmethod
    def forward(ctx, Z, y):
        """A tensor without axes. Right for scores of 10000 and -10000."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx, G):
        """One gradient for each argument of forward: that of Z, and None for y."""
        raise NotImplementedError


class Network(nn.Module):
    """Layers with the named activation and dropout after each but the last.

    sizes: [d, h1, ..., k]. seed: the same one gives the same weights. dropout: the probability with
    which a hidden value is dropped in training mode. Raises ValueError for an unknown name.
    """

    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__()
        raise NotImplementedError

    def forward(self, X):
        """The scores, (n, k), before any softmax."""
        raise NotImplementedError


def loss(model, X, y, lam):
    """The mean cross-entropy plus lam times the sum of all squared weights (not biases).

    Returns a tensor without axes that still has its graph.
    """
    raise NotImplementedError


def gradients(model, X, y, lam):
    """The gradient of loss: a list with one tensor for each of model.parameters()."""
    raise NotImplementedError


def train(model, X, y, lam, step_size, epochs, batch_size):
    """Stochastic gradient descent on loss, which changes the parameters of `model`.

    Batches are consecutive rows, in order; the last one may be short. Returns the losses on all
    examples before the first epoch and after each, epochs + 1 numbers.
    """
    raise NotImplementedError


def predict(model, X):
    """The most likely class of each example: (n,) integers."""
    raise NotImplementedError


def plot_histories(histories):
    """A figure with one named curve of the losses for each entry of the dict `histories`."""
    raise NotImplementedError


if __name__ == "__main__":
    # python torch_backprop.py trains on the digits, with and without dropout, and shows the figure.
    # Data files are read from the folder of this file, wherever it is started from.
    os.chdir(Path(globals().get("__file__", "notebook")).resolve().parent)
    torch.set_num_threads(1)  # so small a network is faster on one core than on several
    table = torch.from_numpy(np.loadtxt("digits.csv", delimiter=",", dtype=np.float32))
    X, y = table[:, :64] / 16, table[:, 64].long()  # pixels from 0 to 1
    histories = {}
    for dropout in (0.0, 0.5):
        model = Network([64, 32, 10], "softplus", seed=0, dropout=dropout)
        history = train(model, X[:1500], y[:1500], 1e-4, 0.2, 30, 32)
        right = (torch.as_tensor(predict(model, X[1500:])) == y[1500:]).double().mean()
        print(f"dropout {dropout}: loss {float(history[-1]):.4f}, {right:.1%} of new images right")
        histories[f"dropout {dropout}"] = history
    plot_histories(histories)
    plt.show()
