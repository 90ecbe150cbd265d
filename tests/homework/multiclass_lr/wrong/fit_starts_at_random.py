# says: Your fit does not start from zeros.
# wrong: fit
import matplotlib.pyplot as plt
import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def log_likelihood(W, b, X, y):
    Z = X @ W + b
    return np.sum(Z[np.arange(len(y)), y] - np.logaddexp.reduce(Z, axis=1))


def gradient(W, b, X, y):
    R = np.eye(len(b))[y] - softmax(X @ W + b)
    return X.T @ R, R.sum(axis=0)


def cross_entropy(P, Q):
    return -np.sum(P * np.log(np.where(P > 0, Q, 1.0)), axis=1)


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / len(y)


def fit(X, y, k, steps, step_size):
    W, b = 0.01 * np.random.randn(X.shape[1], k), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W, b = W + step_size * dW / len(y), b + step_size * db / len(y)
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)


def predict(W, b, X):
    return np.argmax(X @ W + b, axis=1)


def plot_history(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    ax.set_xlabel("iteration")
    ax.set_ylabel("objective")
    return fig
