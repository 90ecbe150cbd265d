# A script without a main block: it trains, prints and shows while it is loaded.
import random
import warnings

import matplotlib

matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
import numpy as np

np.random.seed(0)
random.seed(0)
warnings.warn("I am only a warning")
print("Hello from my homework!")


def softmax(Z):
    print("softmax of", Z.shape)
    out = np.zeros_like(Z)
    for i in range(Z.shape[0]):
        e = np.exp(Z[i] - np.max(Z[i]))
        out[i] = e / np.sum(e)
    return out


def log_likelihood(W, b, X, y):
    Z = X.dot(W) + b
    s = 0
    for i in range(X.shape[0]):
        m = Z[i].max()
        s += Z[i][y[i]] - (m + np.log(np.sum(np.exp(Z[i] - m))))
    return s


def gradient(W, b, X, y):
    P = softmax(X.dot(W) + b)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for c in range(W.shape[1]):
        r = (y == c) * 1.0 - P[:, c]
        dW[:, c] = X.T.dot(r)
        db[c] = r.sum()
    return dW, db


def cross_entropy(P, Q):
    warnings.warn("zeros are coming")
    with np.errstate(all="ignore"):
        t = P * np.log(Q)
    t[P == 0] = 0
    return -t.sum(axis=1)


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / X.shape[0]


def fit(X, y, k, steps, step_size):
    W, b = np.zeros([X.shape[1], k]), np.zeros(k)
    history = []
    for step in range(steps):
        history.append(objective(W, b, X, y))
        dW, db = gradient(W, b, X, y)
        W = W + step_size * dW / X.shape[0]
        b = b + step_size * db / X.shape[0]
        print("step", step, history[-1])
    history.append(objective(W, b, X, y))
    return W, b, history


def predict(W, b, X):
    return np.argmax(softmax(X.dot(W) + b), axis=1)


def plot_history(history):
    plt.figure()
    plt.plot(np.arange(len(history)), history, "r--", linewidth=2)
    plt.title("Training")
    plt.xlabel("iteration")
    plt.ylabel("objective")
    plt.show()


data = np.loadtxt("digits.csv", delimiter=",")[:100]
W, b, history = fit(data[:, :64] / 16, data[:, 64].astype(int), 10, 5, 0.5)
plot_history(history)
plt.savefig("history.png")
