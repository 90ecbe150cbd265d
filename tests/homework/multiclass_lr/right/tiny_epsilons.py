import matplotlib.pyplot as plt
import numpy as np

EPS = 1e-12


def softmax(Z):
    Z = np.array(Z, dtype=np.float64)
    e = np.exp(Z - np.expand_dims(np.max(Z, axis=-1), -1))
    return e / (np.sum(e, axis=-1, keepdims=True) + EPS)


def probabilities(W, b, X):
    return np.clip(softmax(np.matmul(X, W) + b), EPS, 1 - EPS)


def log_likelihood(W, b, X, y):
    return np.sum(np.log(probabilities(W, b, X)[np.arange(y.shape[0]), y] + EPS))


def gradient(W, b, X, y):
    P = softmax(np.matmul(X, W) + b)
    Y = np.zeros(P.shape)
    Y[np.arange(y.shape[0]), y] = 1.0
    return -np.matmul(X.T, P - Y), -np.sum(P - Y, axis=0)


def cross_entropy(P, Q):
    return -np.sum(P * np.log(Q + EPS), axis=1)


def objective(W, b, X, y):
    Y = np.zeros((y.shape[0], W.shape[1]))
    Y[np.arange(y.shape[0]), y] = 1.0
    return np.mean(cross_entropy(Y, probabilities(W, b, X)))


def fit(X, y, k, steps, step_size):
    n = X.shape[0]
    W = np.zeros((X.shape[1], k), dtype=np.float64)
    b = np.zeros((k,), dtype=np.float64)
    history = []
    history.append(objective(W, b, X, y))
    for t in range(steps):
        gW, gb = gradient(W, b, X, y)
        W -= step_size * (-1.0 / n) * gW
        b -= step_size * (-1.0 / n) * gb
        history.append(objective(W, b, X, y))
    return W, b, np.asarray(history)


def predict(W, b, X):
    return np.argmax(probabilities(W, b, X), axis=1)


def plot_history(history):
    plt.semilogy(np.arange(len(history)), history)
    plt.xlabel("Iterations")
    plt.ylabel("Loss")
    return plt.gca()
