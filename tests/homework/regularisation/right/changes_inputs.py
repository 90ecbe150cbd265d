"""Works in place on what it is given."""
import matplotlib.pyplot as plt
import numpy as np


def decay_step(w, b, X, y, step_size, lam):
    y -= X @ w
    y -= b
    w *= 1 - step_size * lam
    w += step_size * (X.T @ y) / len(y)
    return w, b + step_size * y.mean()


def dropout(A, p, U):
    A[U < p] = 0
    return A


def dropout_inference(A, p):
    A *= 1 - p
    return A


def inverted_dropout(A, p, U):
    A[U < p] = 0
    A /= 1 - p
    return A


def dropout_backward(dY, p, U):
    dY[U < p] = 0
    return dY


def batchnorm(X, gamma, beta, eps):
    X -= X.mean(axis=0)
    X /= np.sqrt((X**2).mean(axis=0) + eps)
    X *= gamma
    X += beta
    return X


def batchnorm_backward(dY, X, gamma, eps):
    X -= X.mean(axis=0)
    root = np.sqrt((X * X).mean(axis=0) + eps)
    X /= root
    dbeta, dgamma = dY.sum(axis=0), (dY * X).sum(axis=0)
    dY -= dbeta / len(X)
    dY -= X * dgamma / len(X)
    dY *= gamma / root
    return dY, dgamma, dbeta


def running_statistics(batches, momentum):
    mean, var = np.zeros_like(batches[0, 0]), np.ones_like(batches[0, 0])
    for batch in batches:
        mean *= momentum
        mean += (1 - momentum) * batch.mean(axis=0)
        batch -= batch.mean(axis=0)
        var *= momentum
        var += (1 - momentum) * (batch**2).mean(axis=0)
    return mean, var


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    X -= mean
    var += eps
    return X * gamma / np.sqrt(var) + beta


def early_stopping(valid_losses, patience):
    best = 0
    for k in range(len(valid_losses)):
        if valid_losses[k] < valid_losses[best]:
            best = k
        elif k - best == patience:
            return {0: best, 1: k}[0], k
    return best, k


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    ax.scatter(range(len(train)), train, s=9, label="perte d'entraînement")
    ax.scatter(range(len(valid)), valid, s=9, label="perte de validation")
    ax.scatter([best], [valid[best]], s=120, facecolors="none", edgecolors="k", label="minimum")
    ax.set(xlabel="époque", ylabel="perte", yscale="log")
    ax.legend()
    return fig
