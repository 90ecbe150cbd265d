import matplotlib.pyplot as plt
import numpy as np
from helper import log_sum_exp, one_hot


def softmax(Z):
    return np.exp(Z - log_sum_exp(Z)[:, None])


def log_likelihood(W, b, X, y):
    Z = np.dot(X, W) + b
    return np.sum(one_hot(y, b.size) * Z) - np.sum(log_sum_exp(Z))


def gradient(W, b, X, y):
    R = one_hot(y, b.size) - softmax(np.dot(X, W) + b)
    return np.dot(X.T, R), np.dot(np.ones(len(X)), R)


def cross_entropy(P, Q):
    total = np.zeros(P.shape[0])
    for c in range(P.shape[1]):
        used = P[:, c] > 0
        total[used] -= P[used, c] * np.log(Q[used, c])
    return total


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / y.size


def fit(X, y, k, steps, step_size):
    theta = {"W": np.zeros((X.shape[1], k)), "b": np.zeros(k)}
    history = [objective(**theta, X=X, y=y)]
    for _ in range(steps):
        slopes = gradient(**theta, X=X, y=y)
        for name, slope in zip(("W", "b"), slopes):
            theta[name] = theta[name] - step_size * (-slope / y.size)
        history += [objective(**theta, X=X, y=y)]
    return theta["W"], theta["b"], np.asarray(history)


def predict(W, b, X):
    return np.argmax(softmax(np.dot(X, W) + b), axis=1)


def plot_history(history):
    fig, ax = plt.subplots()
    ax.bar(range(len(history)), history)
    ax.set_xlabel("iteration")
    ax.set_ylabel("objective")
    plt.show()
    plt.close("all")
    return fig
