"""Regularisation. README.md says what each function should do.

Sizes: n examples, d features or units, t batches.
X (n, d) and y (n,) hold an example per row; w (d,); b a float; gamma and beta (d,).
"""

import matplotlib.pyplot as plt
import numpy as np


def decay_step(w, b, X, y, step_size, lam):
    """One step of gradient descent with weight decay.

    Returns (w, b): w of shape (d,), b a float.
    """
    raise NotImplementedError


def dropout(A, p, U):
    """A where U >= p, 0 elsewhere. A and U have the same shape, of any kind."""
    raise NotImplementedError


def dropout_inference(A, p):
    """What a layer with dropout gives at inference, in the shape of A."""
    raise NotImplementedError


def inverted_dropout(A, p, U):
    """Dropout that leaves the expectation as it is; 0 <= p < 1."""
    raise NotImplementedError


def dropout_backward(dY, p, U):
    """The gradient of sum(dY * dropout(A, p, U)) with respect to A, in the shape of dY."""
    raise NotImplementedError


def batchnorm(X, gamma, beta, eps):
    """Normalise every column over the batch, scale by gamma, shift by beta. Returns (n, d)."""
    raise NotImplementedError


def batchnorm_backward(dY, X, gamma, eps):
    """The gradient of sum(dY * batchnorm(X, gamma, beta, eps)).

    Returns (dX, dgamma, dbeta), of shapes (n, d), (d,) and (d,).
    """
    raise NotImplementedError


def running_statistics(batches, momentum):
    """Moving averages of mean and variance over batches (t, n, d).

    Returns (mean, var), each of shape (d,).
    """
    raise NotImplementedError


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    """Batch normalisation with given mean and var, (d,) each. Returns (n, d)."""
    raise NotImplementedError


def early_stopping(valid_losses, patience):
    """When training stops, and which epoch was the best. Returns (best, stop), two integers."""
    raise NotImplementedError


def plot_overfitting(train, valid, best):
    """Draw both losses against the epoch, name them, mark the epoch `best`, label the axes.

    Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python regularisation.py overfits a linear model, with and without weight decay.

    # Examples with 24 features from N(0, 1): y = 0.05 + sum_j 0.01 x_j + N(0, 0.05^2); 20 of them
    # to train on, 200 to validate.
    examples = []
    for n, seed in ((20, 0), (200, 1)):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(n, 24))
        examples.append((X, 0.05 + 0.01 * X.sum(axis=1) + 0.05 * rng.normal(size=n)))
    for lam in (0.0, 1.0):
        w, b = np.zeros(24), 0.0
        losses = []
        for _ in range(400):
            losses.append([np.mean((X @ w + b - y) ** 2) / 2 for X, y in examples])
            w, b = decay_step(w, b, *examples[0], 0.05, lam)
        train, valid = np.array(losses).T
        best, stop = early_stopping(valid, patience=10)
        print(
            f"lam = {lam:g}: after 400 epochs {train[-1]:.5f} in training, {valid[-1]:.5f} beyond"
        )
        print(f"  lowest {valid[best]:.5f} at epoch {best}, would stop at {stop}")
        plot_overfitting(train, valid, best)
    plt.show()
