"""Layers as classes; the functions are thin."""

import matplotlib.pyplot as plt
import numpy as np


class Dropout:
    def __init__(self, p, U):
        self.p, self.mask = p, np.greater_equal(U, p)

    def forward(self, A):
        return self.mask * A

    backward = forward


class BatchNorm:
    def __init__(self, gamma, beta, eps):
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, X):
        self.centred = X - np.average(X, axis=0)
        self.inverse = 1 / np.sqrt(np.mean(self.centred**2, axis=0) + self.eps)
        self.z = self.centred * self.inverse
        return self.z * self.gamma + self.beta

    def backward(self, dY):
        n = dY.shape[0]
        dz = dY * self.gamma
        dvar = np.sum(dz * self.centred, axis=0) * -0.5 * self.inverse**3
        dmean = -np.sum(dz * self.inverse, axis=0) - 2 * dvar * np.mean(self.centred, axis=0)
        dX = dz * self.inverse + dvar * 2 * self.centred / n + dmean / n
        return dX, np.sum(dY * self.z, axis=0), np.sum(dY, axis=0)


class Average:
    def __init__(self, start, momentum):
        self.value, self.momentum = start, momentum

    def update(self, new):
        self.value = self.momentum * self.value + (1 - self.momentum) * new
        return self


def decay_step(w, b, X, y, step_size, lam):
    A = np.hstack([X, np.ones((len(X), 1))])
    v = np.append(w, b)
    gradient = A.T @ (A @ v - y) / len(X) + lam * np.append(w, 0)
    v = v - step_size * gradient
    return v[:-1], v[-1]


def dropout(A, p, U):
    return Dropout(p, U).forward(A)


def dropout_inference(A, p):
    return np.multiply(1 - p, A)


def inverted_dropout(A, p, U):
    return Dropout(p, U).forward(A) * (1 / (1 - p))


def dropout_backward(dY, p, U):
    return Dropout(p, U).backward(dY)


def batchnorm(X, gamma, beta, eps):
    return BatchNorm(gamma, beta, eps).forward(X)


def batchnorm_backward(dY, X, gamma, eps):
    layer = BatchNorm(gamma, np.zeros_like(gamma), eps)
    layer.forward(X)
    return layer.backward(dY)


def running_statistics(batches, momentum):
    mean, var = Average(0.0, momentum), Average(1.0, momentum)
    for batch in batches:
        mean.update(np.mean(batch, axis=0))
        var.update(np.var(batch, axis=0))
    return mean.value, var.value


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    return np.divide(X - mean, np.sqrt(var + eps)) * gamma + beta


def early_stopping(valid_losses, patience):
    best, stop = 0, 0
    while stop < len(valid_losses):
        if valid_losses[stop] < min(valid_losses[:stop], default=np.inf):
            best = stop
        if stop >= best + patience:
            return (best, stop)
        stop += 1
    return (best, stop - 1)


def plot_overfitting(train, valid, best):
    fig, (top, bottom) = plt.subplots(2, 1, sharex=True)
    for ax, values, title in ((top, train, "Training loss"), (bottom, valid, "Validation loss")):
        ax.plot(values)
        ax.set(title=title, ylabel="loss")
        ax.axvline(best, ls=":")
    bottom.set_xlabel("epoch")
    return fig
