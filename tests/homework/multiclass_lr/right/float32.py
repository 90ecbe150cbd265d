import matplotlib.pyplot as plt
import numpy as np

F = np.float32


def softmax(Z):
    Z = np.asarray(Z, dtype=F)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def _scores(W, b, X):
    return np.asarray(X, F) @ np.asarray(W, F) + np.asarray(b, F)


def log_likelihood(W, b, X, y):
    Z = _scores(W, b, X)
    Z = Z - Z.max(axis=1, keepdims=True)
    return (Z[np.arange(len(y)), y] - np.log(np.exp(Z).sum(axis=1))).sum()


def gradient(W, b, X, y):
    R = -softmax(_scores(W, b, X))
    R[np.arange(len(y)), y] += F(1)
    return np.asarray(X, F).T @ R, R.sum(axis=0)


def cross_entropy(P, Q):
    P, Q = np.asarray(P, F), np.asarray(Q, F)
    return -np.where(P > 0, P * np.log(np.where(P > 0, Q, F(1))), F(0)).sum(axis=1)


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / F(len(y))


def fit(X, y, k, steps, step_size):
    X = np.asarray(X, F)
    W, b = np.zeros((X.shape[1], k), F), np.zeros(k, F)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W = W + F(step_size) * dW / F(len(y))
        b = b + F(step_size) * db / F(len(y))
        history.append(objective(W, b, X, y))
    return W, b, np.array(history, dtype=F)


def predict(W, b, X):
    return _scores(W, b, X).argmax(axis=1).astype(F)


def plot_history(history):
    plt.plot(np.asarray(history, F))
    plt.xlabel("iteration")
    plt.ylabel("objective")
    return plt.gcf()
