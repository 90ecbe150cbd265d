"""Multiclass logistic regression: Pr(Y = c | x) = softmax(x W + b)_c.

Sizes: n examples, d features, k classes. X (n, d), y (n,) integers from 0 to k - 1, W (d, k),
b (k,).
"""

import matplotlib.pyplot as plt
import numpy as np


def softmax(Z):
    """Turn each row of scores into probabilities.

        softmax(z)_c = exp(z_c) / sum_j exp(z_j)

    Shapes: Z (n, k) -> (n, k).
    """
    # exp overflows above 709. Subtracting the row's largest score changes nothing, since the
    # factor exp(-max) cancels, and leaves no exponent above 0.
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def log_likelihood(W, b, X, y):
    """Log of the probability that the model gives to the labels.

        l(W, b) = sum_i log Pr(Y = y_i | x_i) = sum_i (z_i[y_i] - log sum_c exp(z_i[c]))

    with z_i = x_i W + b. Returns a float.
    """
    Z = X @ W + b
    # Not log(softmax(Z)): a probability below 1e-308 is rounded to 0, and its log is -inf.
    top = Z.max(axis=1)
    log_sum = top + np.log(np.exp(Z - top[:, None]).sum(axis=1))
    return float(np.sum(Z[np.arange(len(y)), y] - log_sum))


def gradient(W, b, X, y):
    """Gradient of `log_likelihood`.

        dl/dz_i = onehot(y_i) - softmax(z_i)     dW = X' (Y - P)     db = sum_i (Y - P)_i

    Shapes: dW (d, k), db (k,).
    """
    R = -softmax(X @ W + b)
    R[np.arange(len(y)), y] += 1  # Y - P without building Y
    return X.T @ R, R.sum(axis=0)


def cross_entropy(P, Q):
    """Cross entropy of each pair of rows.

        H(p, q) = -sum_c p_c log q_c,   where 0 log 0 = 0

    Shapes: P (n, k), Q (n, k) -> (n,).
    """
    # Where p_c = 0 the term is 0 whatever q_c is, so log 0 must not be taken there.
    return -np.sum(P * np.log(np.where(P > 0, Q, 1.0)), axis=1)


def objective(W, b, X, y):
    """Mean cross entropy between the labels and the model: what `fit` minimises.

        L(W, b) = 1/n sum_i H(onehot(y_i), softmax(x_i W + b)) = -l(W, b) / n

    A one-hot row leaves one term of the sum, -log Pr(Y = y_i | x_i). Returns a float.
    """
    return -log_likelihood(W, b, X, y) / len(y)


def fit(X, y, k, steps, step_size):
    """Gradient descent on `objective` from zeros with a constant step.

        W <- W - step_size dL/dW     b <- b - step_size dL/db     (dL/dW, dL/db) = -(dW, db) / n

    Returns W (d, k), b (k,) and history (steps + 1,), the objective at every iterate, the start
    included.
    """
    n, d = X.shape
    W, b = np.zeros((d, k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        # The gradient of L is -(dW, db) / n: going down in L is going up in l.
        W, b = W + step_size * dW / n, b + step_size * db / n
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)


def predict(W, b, X):
    """The most likely class of each example, (n,) integers."""
    # softmax keeps the order of the scores, so the largest score has the largest probability.
    return np.argmax(X @ W + b, axis=1)


def plot_history(history):
    """Draw the objective against the iteration. Returns the Figure."""
    figure, axes = plt.subplots()
    axes.plot(np.arange(len(history)), history)
    axes.set_xlabel("iteration")
    axes.set_ylabel("objective (mean cross entropy)")
    axes.set_title("Gradient descent")
    return figure


if __name__ == "__main__":
    table = np.loadtxt("digits.csv", delimiter=",")
    X, y = table[:, :64] / 16, table[:, 64].astype(int)  # pixels from 0 to 1
    W, b, history = fit(X, y, k=10, steps=200, step_size=0.5)
    print(f"objective {history[0]:.4f} -> {history[-1]:.4f}")
    print(f"right on {np.mean(predict(W, b, X) == y):.1%} of the digits it was fitted to")
    plot_history(history)
    plt.show()
