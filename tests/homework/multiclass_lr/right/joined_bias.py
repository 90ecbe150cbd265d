# b is a row of W: every function glues them together and takes them apart again.
import numpy as np
import matplotlib.pyplot as plt

glue = lambda W, b: np.r_[W, [b]]
ones = lambda X: np.c_[X, np.ones(X.shape[0])]


def softmax(Z):
    shifted = Z.T - Z.max(1)
    return (np.exp(shifted) / np.exp(shifted).sum(0)).T


def ll(V, X, y):
    Z = ones(X) @ V
    m = Z.max(1)
    return sum(Z[i, y[i]] - m[i] - np.log(np.exp(Z[i] - m[i]).sum()) for i in range(len(y)))


def grad(V, X, y):
    P = softmax(ones(X) @ V)
    G = np.zeros_like(V)
    for x, p, label in zip(ones(X), P, y):
        e = np.zeros_like(p)
        e[label] = 1
        G += np.outer(x, e - p)
    return G


def log_likelihood(W, b, X, y):
    return ll(glue(W, b), X, y)


def gradient(W, b, X, y):
    G = grad(glue(W, b), X, y)
    return G[:-1, :], G[-1, :]


def cross_entropy(P, Q):
    H = np.zeros(len(P))
    H -= np.sum(P * np.log(Q + (P == 0)), axis=1)
    return H


def objective(W, b, X, y):
    return -ll(glue(W, b), X, y) / X.shape[0]


def fit(X, y, k, steps, step_size):
    V = np.zeros((X.shape[1] + 1, k))
    path = [V]
    for _ in range(steps):
        path.append(path[-1] + step_size * grad(path[-1], X, y) / X.shape[0])
    history = [-ll(V, X, y) / X.shape[0] for V in path]
    return (path[-1][:-1], path[-1][-1], tuple(history))


def predict(W, b, X):
    order = np.argsort(ones(X) @ glue(W, b), axis=1)
    return order[:, -1]


def plot_history(history):
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    left.plot(range(1, len(history) + 1), history, "k.-", label="objective")
    left.set(xlabel="iteration", ylabel="objective")
    left.legend()
    right.loglog(range(1, len(history) + 1), history)
    right.set(xlabel="iteration", ylabel="objective, log")
    fig.tight_layout()
    return fig
