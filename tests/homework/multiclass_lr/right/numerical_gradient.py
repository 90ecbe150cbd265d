# My gradient is measured, not derived: central differences of the log-likelihood.
import matplotlib.pyplot as plt
import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1)[:, None])
    return E / E.sum(axis=1)[:, None]


def log_likelihood(W, b, X, y):
    Z = X @ W + b
    return np.sum(np.choose(y, Z.T) - np.logaddexp.reduce(Z, axis=1))


def gradient(W, b, X, y, h=1e-5):
    def slope(at, function):
        out = np.zeros_like(at)
        for i in np.ndindex(at.shape):
            kept = at[i]
            at[i] = kept + h
            up = function()
            at[i] = kept - h
            out[i] = (up - function()) / (2 * h)
            at[i] = kept
        return out

    value = lambda: log_likelihood(W, b, X, y)
    return slope(W, value), slope(b, value)


def cross_entropy(P, Q):
    return np.array([-sum(p[p > 0] * np.log(q[p > 0])) for p, q in zip(P, Q)])


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / len(X)


def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W, b = W + step_size * dW / len(X), b + step_size * db / len(X)
        history.append(objective(W, b, X, y))
    return W, b, history


def predict(W, b, X):
    return np.argmax(X @ W + b, axis=1)


def plot_history(history):
    fig, ax = plt.subplots()
    ax.scatter(range(len(history)), history, s=8)
    ax.set_xlabel("iteration")
    ax.set_ylabel("objective")
    return fig
