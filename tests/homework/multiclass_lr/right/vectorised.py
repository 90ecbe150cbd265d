import numpy as np
from matplotlib import pyplot as plt


def softmax(Z):
    return np.exp(log_softmax(Z))


def log_softmax(Z):
    Z = Z - np.max(Z, axis=1, keepdims=True)
    return Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))


def log_likelihood(W, b, X, y):
    return np.take_along_axis(log_softmax(X @ W + b), y[:, None], axis=1).sum()


def gradient(W, b, X, y):
    residual = np.eye(len(b))[y] - softmax(X @ W + b)
    return np.einsum("nd,nk->dk", X, residual), residual.sum(0)


def cross_entropy(P, Q):
    logs = np.log(Q, where=P > 0, out=np.zeros_like(Q))
    return -np.einsum("nk,nk->n", P, logs)


def objective(W, b, X, y):
    return cross_entropy(np.eye(len(b))[y], softmax(X @ W + b)).mean()


def fit(X, y, k, steps, step_size):
    W = np.zeros((X.shape[1], k))
    b = np.zeros((k,))
    history = np.empty(steps + 1)
    for i in range(steps + 1):
        history[i] = objective(W, b, X, y)
        if i < steps:
            dW, db = gradient(W, b, X, y)
            W += step_size / len(X) * dW
            b += step_size / len(X) * db
    return W, b, history


def predict(W, b, X):
    return softmax(X @ W + b).argmax(axis=-1).astype(np.int32)


def plot_history(history):
    fig = plt.figure(figsize=(6, 4))
    plt.plot(history)
    plt.xlabel("step")
    plt.ylabel("mean cross entropy")
    plt.grid()
    return fig
